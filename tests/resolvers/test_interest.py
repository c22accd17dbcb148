"""Late interest, which everybody can reckon again."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.books import book
from tests.resolvers.adapters import altered
from tests.resolvers.answers import accounts, first
from tests.world import World, manager, open_world
from ventanilla.backoffice_adapters.book import Book, InterestRate
from ventanilla.backoffice_adapters.contract import Fault, FaultCode
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.store.manager import Manager, OfficeChoice

pytestmark = pytest.mark.anyio

ACCRUAL = (
    "{ invoice { number dueOn } until segments { since until days base { amount } annualRate amountExact }"
    " total { amount currency } unknownSince stale source { name } }"
)


def reckoned(accrual: dict[str, Any]) -> str:
    """The total that the segments come to."""
    parts = [
        Fraction(part["base"]["amount"]) * Fraction(part["annualRate"]) / 100 * part["days"] / 365
        for part in accrual["segments"]
    ]
    assert [Fraction(part["amountExact"]) for part in accrual["segments"]] == parts
    whole = sum(parts, Fraction())
    return str((Decimal(whole.numerator) / whole.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP))


def rated(*rates: InterestRate) -> Book:
    return msgspec.structs.replace(book("sur", Licence.UTILITY), interest_rates=rates)


async def test_overdue_documents_bear_interest_first_due_first(world: World) -> None:
    found = await first(world, "interestAccruals { totalCount nodes %s }" % ACCRUAL)
    assert found["interestAccruals"]["totalCount"] == 2
    older, newer = found["interestAccruals"]["nodes"]
    # 200 from October 11th; 50 are paid on the 12th, which still bears interest on them; another rate since November.
    assert [
        (part["since"], part["until"], part["days"], part["base"]["amount"], part["annualRate"])
        for part in older["segments"]
    ] == [
        ("2026-10-11", "2026-10-12", 2, "200.00", "36.50"),
        ("2026-10-13", "2026-10-31", 19, "150.00", "36.50"),
        ("2026-11-01", "2026-11-15", 15, "150.00", "73"),
    ]
    assert older["total"] == {"amount": reckoned(older), "currency": "ARS"} == {"amount": "7.75", "currency": "ARS"}
    assert older["invoice"] == {"number": "sur-B1", "dueOn": "2026-10-10"}
    assert (older["until"], older["unknownSince"]) == ("2026-11-15", None)
    assert (newer["invoice"]["number"], newer["total"]["amount"]) == ("sur-D1", reckoned(newer))


async def test_they_are_walked_like_the_invoices_they_belong_to(world: World) -> None:
    part = "{ edges { cursor node { invoice { number } } } pageInfo { hasNextPage hasPreviousPage } }"
    found = await first(world, f"one: interestAccruals(first: 1) {part} last: interestAccruals(last: 1) {part}")
    (one,), (last,) = found["one"]["edges"], found["last"]["edges"]
    assert (one["node"]["invoice"]["number"], last["node"]["invoice"]["number"]) == ("sur-B1", "sur-D1")
    assert found["one"]["pageInfo"]["hasNextPage"] is found["last"]["pageInfo"]["hasPreviousPage"] is True
    actor = await world.actor("sur", "ana@example.org")
    query = (
        "query ($after: String) { viewer { defaultAccount { interestAccruals(after: $after)"
        " { nodes { invoice { number } } pageInfo { hasNextPage } } } } }"
    )
    rest = await world.ask("sur", query, actor, after=one["cursor"])
    assert rest.data is not None
    assert rest.data["viewer"]["defaultAccount"]["interestAccruals"] == {
        "nodes": [{"invoice": {"number": "sur-D1"}}],
        "pageInfo": {"hasNextPage": False},
    }


async def test_what_was_never_late_has_none(world: World) -> None:
    found = await first(world, "invoices(order: DUE_ON_ASC) { nodes { number lateInterest { total { amount } } } }")
    assert [(node["number"], node["lateInterest"]) for node in found["invoices"]["nodes"]] == [
        ("sur-A1", None),
        ("sur-B1", {"total": {"amount": "7.75"}}),
        ("sur-D1", {"total": {"amount": "3.00"}}),
        ("sur-E1", None),
    ]


async def test_where_no_rate_is_known_nobody_guesses_and_the_row_stays(tmp_path: Path) -> None:
    ended = InterestRate(
        valid_from=date(2026, 1, 1), valid_until=date(2026, 10, 31), annual_rate="36.50", source="a test"
    )
    async with open_world(tmp_path, manager("sur"), books={("sur", "agua"): rated(ended)}) as world:
        found = await first(world, "interestAccruals { totalCount nodes %s }" % ACCRUAL)
    older, newer = found["interestAccruals"]["nodes"]
    assert (older["total"], older["unknownSince"], len(older["segments"])) == (None, "2026-11-01", 2)
    assert (newer["total"], newer["unknownSince"], newer["segments"]) == (None, "2026-11-11", [])


def of_altered_offices() -> Manager:
    return manager("sur", offices={name: OfficeChoice(adapter="altered") for name in ("agua", "alquiler")})


async def test_an_overdue_document_on_which_nothing_accrues_has_its_row_too(tmp_path: Path) -> None:
    registry = altered(late_interest=lambda hits: [None] * len(hits))
    async with open_world(tmp_path, of_altered_offices(), registry=registry) as world:
        field = (
            "interestAccruals { nodes { invoice { number } until segments { days } total { amount } unknownSince } }"
        )
        (found,), errors = await accounts(world, field, [("agua", "1")])
    assert errors == []
    nothing = {"until": "2026-11-15", "segments": [], "total": {"amount": "0.00"}, "unknownSince": None}
    assert found["interestAccruals"]["nodes"] == [
        {"invoice": {"number": number}, **nothing} for number in ("sur-B1", "sur-D1")
    ]


async def test_one_document_that_cannot_be_reckoned_fails_its_accounts_list_alone(tmp_path: Path) -> None:
    broken = Fault(code=FaultCode.NOT_FOUND)
    registry = altered(late_interest=lambda hits: [broken, *hits[1:]])
    async with open_world(tmp_path, of_altered_offices(), registry=registry) as world:
        found, errors = await accounts(world, "interestAccruals { totalCount }", [("agua", "1"), ("agua", "2")])
    assert found == [{"interestAccruals": None}, {"interestAccruals": {"totalCount": 2}}]
    assert errors == [("viewer.accounts.nodes.0.interestAccruals", "BACK_OFFICE_BAD_ANSWER")]


async def test_all_accounts_interest_costs_one_call_for_documents_and_one_for_interest(world: World) -> None:
    links = [("agua", "1"), ("agua", "2"), ("alquiler", "1")]
    found, errors = await accounts(world, "interestAccruals { nodes { invoice { number } total { amount } } }", links)
    assert errors == []
    assert [len(each["interestAccruals"]["nodes"]) for each in found] == [2, 2, 2]
    assert world.counted() == [
        ("agua", "accounts", 2),
        ("agua", "invoices", 2),
        ("agua", "late_interest", 4),
        ("alquiler", "accounts", 1),
        ("alquiler", "invoices", 1),
        ("alquiler", "late_interest", 2),
    ]


async def test_how_many_they_are_is_asked_of_the_documents_alone(world: World) -> None:
    found, errors = await accounts(world, "interestAccruals(first: 1) { totalCount }", [("agua", "1")])
    assert (found, errors) == ([{"interestAccruals": {"totalCount": 2}}], [])
    assert world.counted() == [
        ("agua", "accounts", 1),
        ("agua", "invoices", 1),
        ("agua", "invoices", 1),
        ("agua", "late_interest", 1),
    ]
