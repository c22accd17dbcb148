"""Ids: opaque, stable, bound to their manager; cursors likewise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventanilla.backoffice_adapters.contract import Position
from ventanilla.resolvers.cursors import Cursors
from ventanilla.resolvers.ids import Ids, Kind, Named
from ventanilla.resolvers.problems import Problem

OFFICES = ("agua", "alquiler", "czynsze")
SUR, NORTE = Ids(bytes(range(64)), OFFICES), Ids(bytes(range(64, 128)), OFFICES)
KEYS = st.text(min_size=1, max_size=120).filter(lambda text: len(text.encode(errors="ignore")) >= len(text))


def keys() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


@given(st.sampled_from(Kind), st.sampled_from(OFFICES), st.lists(keys(), max_size=20))
def test_every_key_comes_back(kind: Kind, office: str, column: list[str]) -> None:
    made = SUR.column(kind, office, column)
    assert [SUR.read(text) for text in made] == [Named(kind=kind, office=office, key=key) for key in column]
    assert made == [SUR.column(kind, office, [key])[0] for key in column]


@given(st.sampled_from(Kind), keys())
def test_another_managers_id_is_noise(kind: Kind, key: str) -> None:
    assert NORTE.read(SUR.column(kind, "agua", [key])[0]) is None


@given(st.text(max_size=80))
def test_anything_else_is_nothing(text: str) -> None:
    assert SUR.read(text) is None


@given(st.binary(min_size=16, max_size=16))
def test_made_up_blocks_are_nothing(block: bytes) -> None:
    assert SUR.read(block.hex()) is None


def test_an_altered_id_is_nothing() -> None:
    for key in ("1", "a key longer than nine bytes"):
        made = SUR.column(Kind.INVOICE, "agua", [key])[0]
        for place in range(len(made)):
            other = "0" if made[place] != "0" else "1"
            assert SUR.read(made[:place] + other + made[place + 1 :]) is None


def test_neighbours_share_nothing() -> None:
    one, two = SUR.column(Kind.ACCOUNT, "agua", ["1001", "1002"])
    assert len({*one} & {*two}) > 0
    assert sum(left == right for left, right in zip(one, two, strict=True)) < 12
    assert one[:8] != two[:8]


def test_the_same_key_elsewhere_is_another_id() -> None:
    made = {SUR.column(kind, office, ["7"])[0] for kind in Kind for office in OFFICES}
    assert len(made) == len(Kind) * len(OFFICES)


def test_a_mixed_column_keeps_its_order() -> None:
    named = [("agua", "1"), ("czynsze", "2"), ("agua", "3")]
    assert [SUR.read(text) for text in SUR.mixed(Kind.CHARGE, named)] == [
        Named(kind=Kind.CHARGE, office=office, key=key) for office, key in named
    ]


CURSORS = Cursors(b"k" * 32)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30), keys())
def test_a_cursor_comes_back(value: str, key: str) -> None:
    place = Position(value=value, key=key)
    assert CURSORS.read("ISSUED_ON_DESC", CURSORS.make("ISSUED_ON_DESC", place)) == place


@pytest.mark.parametrize("cursor", ["", "x", "ż", "====", "MTox", "A" * 500])
def test_a_made_up_cursor_is_a_problem(cursor: str) -> None:
    with pytest.raises(Problem, match="is not a cursor"):
        CURSORS.read("ISSUED_ON_DESC", cursor)


def test_a_cursor_of_another_order_or_manager_is_a_problem() -> None:
    cursor = CURSORS.make("ISSUED_ON_DESC", Position(value="2026-11-01", key="1"))
    with pytest.raises(Problem):
        CURSORS.read("DUE_ON_ASC", cursor)
    with pytest.raises(Problem):
        Cursors(b"j" * 32).read("ISSUED_ON_DESC", cursor)
