"""Another theme, on both databases: whole, for every process, readable, and nothing that a file undoes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from msgspec.structs import asdict, replace

from tests.store.fresh import manager_named
from ventanilla.auth import theme_change
from ventanilla.auth.caller import Caller
from ventanilla.auth.identify import identify
from ventanilla.auth.theme_change import ColoursChange, ThemeChange, ThemeFlaw, drafted
from ventanilla.store import managers
from ventanilla.store.manager import Presentation
from ventanilla.store.managers import StoredManager, UnknownManagerError
from ventanilla.store.store import Store
from ventanilla.store.theme import ContrastPair, Corners, DarkColours, Scheme, Theme, Typeface

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CALLER = Caller(address="192.0.2.1", host="sur.example")
EVA = "e" * 32
TEAL = {"primary": "#0b5c6b", "accent": "#8f3b1b", "text": "#10262b"}
NIGHT = {"primary": "#9ad4e0", "on_primary": "#04161a", "background": "#0d1719", "text": "#e6eef0", "accent": "#f0b08a"}


def changing(**values: Any) -> ThemeChange:
    colours = {name: values.pop(name) for name in ColoursChange.__struct_fields__ if name in values}
    return ThemeChange(light=ColoursChange(**colours), **values)


async def update(store: Store, slug: str = "sur", by: str = EVA, **values: Any) -> Any:
    return await theme_change.update(store, slug, changing(**values), person_id=by, caller=CALLER, now=NOW)


async def served(store: Store, slug: str = "sur") -> StoredManager:
    """The manager as the next request gets it."""
    found = await identify(store, f"{slug}.example", None, NOW)
    assert found
    stored = await managers.get(store, found.manager, found.version)
    assert stored
    return stored


async def theme(store: Store, slug: str = "sur") -> Theme:
    return (await served(store, slug)).manager.presentation.theme


async def events(store: Store) -> list[tuple[str, str, str, dict[str, str]]]:
    rows = await store.rows("SELECT kind, actor_id, person_id, told FROM audit_event ORDER BY id")
    return [(*row[:3], msgspec.json.decode(row[3])) for row in rows]


async def test_it_holds_from_the_next_request_on_and_at_one_manager(store: Store) -> None:
    before, other = await served(store), await served(store, "norte")
    changed = await update(store, **TEAL, typeface=Typeface.SERIF, logo_url="/logo.svg")
    assert changed == Theme(**TEAL, typeface=Typeface.SERIF, logo_url="/logo.svg") == await theme(store)
    after = await served(store)
    assert after.version != before.version
    assert replace(after.manager, presentation=Presentation()) == before.manager
    assert await served(store, "norte") == other
    assert await update(store, logo_url=None) == Theme(**TEAL, typeface=Typeface.SERIF) == await theme(store)


async def test_colours_on_dark_are_chosen_and_derived_again(store: Store) -> None:
    assert (await update(store, dark=ColoursChange(**NIGHT))).dark == DarkColours(**NIGHT)
    changed = await update(store, dark=ColoursChange(accent=None))
    assert changed.dark == DarkColours(**{**NIGHT, "accent": None})
    assert await update(store, dark=None) == Theme() == await theme(store)


async def test_it_is_written_down_who_changed_what(store: Store) -> None:
    await update(store, primary="#0B5C6B", corners=Corners.ROUND, logo_url=None)
    await update(store, dark=ColoursChange(on_primary="#000000"))
    await update(store, by="i" * 32, dark=None, logo_url="https://sur.example/a.svg")
    here = {"address": "192.0.2.1"}
    assert await events(store) == [
        ("THEME_CHANGED", who, who, {"from": before, "to": after, **here})
        for who, before, after in (
            (EVA, "primary=#1f4e79 corners=SOFT", "primary=#0b5c6b corners=ROUND"),
            (EVA, "dark.onPrimary=null", "dark.onPrimary=#000000"),
            (
                "i" * 32,
                "logoUrl=null dark.onPrimary=#000000",
                "logoUrl=https://sur.example/a.svg dark.onPrimary=null",
            ),
        )
    ]


@pytest.mark.parametrize(
    "values", [{}, {"primary": "#1F4E79", "logo_url": None}, {"dark": None}, {"dark": ColoursChange(text=None)}]
)
async def test_what_changes_nothing_leaves_no_trace(store: Store, values: dict[str, Any]) -> None:
    before = await served(store)
    assert await update(store, **values) == Theme()
    assert await served(store) is before
    assert await events(store) == []


@pytest.mark.parametrize(
    ("values", "flaws"),
    [
        ({"primary": "navy"}, [("COLOUR_MALFORMED", "primary")]),
        ({"primary": "#fff"}, [("COLOUR_MALFORMED", "primary")]),
        ({"text": None, "corners": None}, [("FIELD_REQUIRED", "text"), ("FIELD_REQUIRED", "corners")]),
        ({"logo_url": "http://sur.example/a.svg"}, [("LOGO_URL_NOT_ALLOWED", "logo_url")]),
        ({"logo_url": "//evil.example/a.svg"}, [("LOGO_URL_NOT_ALLOWED", "logo_url")]),
        ({"dark": ColoursChange(text="white")}, [("COLOUR_MALFORMED", "dark.text")]),
        ({"text": "#777777"}, [("CONTRAST_TOO_LOW", "text")]),
        ({"primary": "#7799bb"}, [("CONTRAST_TOO_LOW", "primary")] * 2),
        ({"dark": ColoursChange(text="#40406f")}, [("CONTRAST_TOO_LOW", "dark.text")]),
        ({"text": "#777777", "accent": "x"}, [("COLOUR_MALFORMED", "accent")]),
    ],
)
async def test_what_cannot_be_is_told_and_nothing_is_changed(
    store: Store, values: dict[str, Any], flaws: list[tuple[str, str]]
) -> None:
    before = await served(store)
    problems = await update(store, **{"corners": Corners.ROUND, **values})
    assert [(each.flaw, each.name) for each in problems] == flaws
    assert await served(store) is before
    assert await events(store) == []


async def test_what_is_too_low_is_told_with_its_mend(store: Store) -> None:
    (problem,) = await update(store, dark=ColoursChange(text="#40406f"))
    found = problem.contrast
    assert (problem.flaw, found.scheme, found.pair) == (
        ThemeFlaw.CONTRAST_TOO_LOW,
        Scheme.DARK,
        ContrastPair.TEXT_BACKGROUND,
    )
    assert (found.ratio, found.needed) == (1.87, 4.5)
    assert (await update(store, dark=ColoursChange(text=found.suggestion))).dark.text == found.suggestion


def test_a_draft_leaves_what_is_wrong_by_itself_as_it_was() -> None:
    draft = drafted(Theme(), changing(primary="#12", text="#000000", dark=ColoursChange(accent="red")))
    assert draft.theme == Theme(text="#000000")
    assert [each.name for each in draft.problems] == ["primary", "dark.accent"]
    assert len(draft.contrasts) == 10
    assert all(each.passes for each in draft.contrasts)


async def test_of_two_admins_at_once_the_last_one_wins_as_a_whole(store: Store) -> None:
    other = {"primary": "#5b2a6e", "accent": "#1f4e79", "text": "#201826"}
    both = [Theme(**TEAL), Theme(**other)]
    for _ in range(10):
        told = await asyncio.gather(update(store, **TEAL), update(store, **other))
        assert told == both
        assert await theme(store) in both
    found = [each[3] for each in await events(store)]
    assert all(each["to"] == then["from"] for each, then in pairwise(found[1:]))


async def test_what_one_leaves_out_another_changes_at_the_same_time(store: Store) -> None:
    for each in (Corners.SHARP, Corners.ROUND, Corners.SOFT) * 3:
        colour = {Corners.SHARP: "#000000", Corners.ROUND: "#222222", Corners.SOFT: "#111111"}[each]
        await asyncio.gather(
            update(store, corners=each),
            update(store, text=colour),
            update(store, dark=ColoursChange(on_primary=colour)),
        )
        assert await theme(store) == Theme(corners=each, text=colour, dark=DarkColours(on_primary=colour))
    assert len(await events(store)) == 27


async def test_two_changes_that_only_fail_together_are_not_both_made(store: Store) -> None:
    """Each is judged by what the other left: pale letters, or a pale page, never both."""
    await update(store, primary="#000000", accent="#000000", on_primary="#ffffff", text="#000000")
    for _ in range(5):
        told = await asyncio.gather(update(store, background="#808080"), update(store, text="#666666"))
        assert sum(isinstance(each, Theme) for each in told) == 1
        (problem,) = next(each for each in told if not isinstance(each, Theme))
        assert problem.flaw is ThemeFlaw.CONTRAST_TOO_LOW
        await update(store, background="#ffffff", text="#000000")


async def test_the_file_does_not_undo_it(store: Store) -> None:
    await update(store, **TEAL)
    file = replace(manager_named("sur"), name="Otro", presentation=Presentation(theme=Theme(primary="#000000")))
    added, _ = await asyncio.gather(managers.add(store, file, source="test"), update(store, corners=Corners.ROUND))
    assert added.manager.presentation.theme.primary == TEAL["primary"]
    found = (await served(store)).manager
    assert found == replace(file, presentation=Presentation(theme=Theme(**TEAL, corners=Corners.ROUND)))


async def test_a_manager_that_is_gone_is_told(store: Store) -> None:
    with pytest.raises(UnknownManagerError, match="manager list"):
        await update(store, "nobody", text="#000000")


def test_a_change_has_every_field_of_a_theme() -> None:
    assert {*asdict(ThemeChange()), *asdict(ColoursChange())} - {"light"} == set(asdict(Theme()))
