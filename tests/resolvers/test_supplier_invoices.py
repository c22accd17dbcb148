"""What suppliers see of their own invoices: all that they act for as one list, and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.everybody import change
from tests.mandated import acting, mandate
from tests.resolvers.adapters import fewer
from tests.resolvers.answers import codes
from tests.world import NOW, TODAY, World, manager, open_world
from ventanilla.auth.actor import Actor
from ventanilla.auth.mandates import MandateRole
from ventanilla.backoffice_adapters.conformance.picking import part_of
from ventanilla.backoffice_adapters.contract import SupplierInvoiceOrder, Window
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Origin, Party, SupplierInvoice, SupplierInvoiceStatus
from ventanilla.resolvers.merging import merged, office_of, position, window_at
from ventanilla.store.manager import OfficeChoice

pytestmark = pytest.mark.anyio
SUPPLIER = MandateRole.SUPPLIER
QUERY = (
    "query ($first: Int, $after: String, $last: Int, $before: String, $states: [SupplierInvoiceStatus!],"
    " $order: SupplierInvoiceOrder! = ISSUED_ON_DESC) { viewer { supplierDocuments(first: $first, after: $after,"
    " last: $last, before: $before, filter: {status: $states}, order: $order) { totalCount"
    " edges { cursor node { number supplierName supplierDocument communityName title amount { amount } status"
    " source { name } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"
)


async def told(world: World, actor: Actor, **variables: Any) -> dict[str, Any]:
    """The part of the list that the variables name."""
    outcome = await world.ask("sur", QUERY, actor, **variables)
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["viewer"]["supplierDocuments"]


def named(part: dict[str, Any]) -> list[str]:
    return [f"{edge['node']['source']['name']} {edge['node']['number']}" for edge in part["edges"]]


async def test_a_supplier_sees_what_they_billed(world: World) -> None:
    luz = await acting(world, SUPPLIER, "1")
    world.calls.clear()
    part = await told(world, luz)
    assert named(part) == ["agua F-ZA", "agua F-ZD", "agua F-ZB", "agua F-ZC"]
    assert part["totalCount"] == 4
    assert part["edges"][0]["node"] == {
        "number": "F-ZA",
        "supplierName": "sur Pérez 1",
        "supplierDocument": "sur-1",
        "communityName": "sur Consorcio 1",
        "title": "Ascensor",
        "amount": {"amount": "90.20"},
        "status": "TO_APPROVE",
        "source": {"name": "agua"},
    }
    assert part["edges"][1]["node"]["communityName"] is None
    # The list, and its count.
    assert world.counted() == [("agua", "supplier_invoices_of_parties", 1)] * 2


async def test_they_are_chosen_by_state(world: World) -> None:
    luz = await acting(world, SUPPLIER, "1")
    assert named(await told(world, luz, states=["TO_APPROVE"])) == ["agua F-ZA", "agua F-ZD"]
    assert named(await told(world, luz, states=["REJECTED"])) == []


@pytest.mark.parametrize(
    ("role", "starts_on", "ends_on"),
    [
        (SUPPLIER, date(2026, 1, 1), date(2026, 11, 14)),
        (SUPPLIER, date(2026, 11, 16), None),
        (MandateRole.BOARD_MEMBER, date(2026, 1, 1), None),
    ],
)
async def test_whoever_else_is_refused(world: World, role: MandateRole, starts_on: date, ends_on: date | None) -> None:
    luz = await acting(world, role, "1", [("agua", "1")], starts_on=starts_on, ends_on=ends_on)
    outcome = await world.ask("sur", QUERY, luz)
    assert outcome.data == {"viewer": {"supplierDocuments": None}}
    assert codes(outcome) == [("viewer.supplierDocuments", "FORBIDDEN")]


async def test_the_staff_and_the_party_itself_are_refused_without_a_mandate(world: World) -> None:
    """To hold an account makes nobody a supplier, not even the party that is one."""
    person = await world.person("sur", "eva@example.org", [("agua", "1")])
    for role in (None, "STAFF_ADMIN"):
        await change(world, person, staff_role=role)
        eva = await world.actor("sur", "eva@example.org")
        assert codes(await world.ask("sur", QUERY, eva)) == [("viewer.supplierDocuments", "FORBIDDEN")]


async def test_a_program_needs_the_scope_of_invoices(world: World) -> None:
    luz = replace(await acting(world, SUPPLIER, "1", ends_on=TODAY), session_id=None, client_id="planilla")
    allowed = replace(luz, scopes=frozenset({"invoices:read", "accounts:read"}))
    assert len(named(await told(world, allowed))) == 4
    outcome = await world.ask("sur", QUERY, replace(luz, scopes=frozenset({"accounts:read"})))
    assert codes(outcome) == [("viewer.supplierDocuments", "FORBIDDEN")]


async def test_several_parties_of_several_offices_are_one_list(world: World) -> None:
    person = await world.person("sur", "luz@example.org", [])
    for office, party in (("agua", "1"), ("agua", "3"), ("alquiler", "1")):
        await mandate(world, person, SUPPLIER, party, office=office)
    luz = await world.actor("sur", "luz@example.org")
    world.calls.clear()
    whole = await told(world, luz)
    assert sorted(world.counted()) == [
        *[("agua", "supplier_invoices_of_parties", 2)] * 2,
        *[("alquiler", "supplier_invoices_of_parties", 1)] * 2,
    ]
    assert whole["totalCount"] == len(whole["edges"]) == 10
    for limit in (1, 2, 3, 7):
        assert await walked(world, luz, first=limit) == named(whole)
        assert await walked(world, luz, last=limit) == named(whole)


async def walked(world: World, actor: Actor, **limit: int) -> list[str]:
    """All rows, a page at a time, in the list's own order."""
    backwards, rows, cursor = "last" in limit, list[str](), None
    while True:
        place = {"before": cursor} if backwards else {"after": cursor}
        part = await told(world, actor, **limit, **place)
        rows = [*named(part), *rows] if backwards else [*rows, *named(part)]
        info = part["pageInfo"]
        if not info["hasPreviousPage" if backwards else "hasNextPage"]:
            return rows
        cursor = info["startCursor" if backwards else "endCursor"]


async def test_an_office_that_cannot_is_told(tmp_path: Path) -> None:
    offices = {"agua": OfficeChoice(adapter="fewer"), "alquiler": OfficeChoice(adapter="embedded")}
    less = fewer("supplier_invoices.list")
    async with open_world(tmp_path, manager("sur", offices=offices), registry=less) as world:
        person = await world.person("sur", "luz@example.org", [])
        await mandate(world, person, SUPPLIER, "1")
        await mandate(world, person, SUPPLIER, "1", office="alquiler")
        outcome = await world.ask("sur", QUERY, await world.actor("sur", "luz@example.org"))
        assert codes(outcome) == [("viewer.supplierDocuments", "NOT_SUPPORTED")]


# -- merging by days ---------------------------------------------------------------------------------------------


def invoice(office: str, key: str, day: int) -> SupplierInvoice:
    return SupplierInvoice(
        key=key,
        origin=Origin(source=office, as_of=NOW),
        number=key,
        supplier_key="p",
        supplier=Party(key="p", name="P"),
        title="",
        amount=Money(1, "ARS"),
        issued_on=date(2026, 2, 27) + timedelta(days=day),
        due_on=date(2026, 3, 31),
        status=SupplierInvoiceStatus.APPROVED,
    )


def invoices(office: str) -> st.SearchStrategy[list[SupplierInvoice]]:
    """Few days, across the end of a month, and keys that the other office has too."""
    rows = st.tuples(st.sampled_from(["1", "10", "2", "a:b"]), st.integers(0, 3))
    return st.lists(rows, max_size=4, unique_by=lambda row: row[0]).map(
        lambda found: [invoice(office, key, day) for key, day in found]
    )


@given(invoices("agua"), invoices("alquiler"), st.sampled_from(SupplierInvoiceOrder), st.integers(1, 3), st.booleans())
@example([invoice("agua", "1", 1)], [invoice("alquiler", "1", 1)], SupplierInvoiceOrder.ISSUED_ON_ASC, 1, False)
def test_days_are_walked_whole(
    agua: list[SupplierInvoice],
    alquiler: list[SupplierInvoice],
    order: SupplierInvoiceOrder,
    limit: int,
    backwards: bool,
) -> None:
    offices, rows, start = {"agua": agua, "alquiler": alquiler}, list[SupplierInvoice](), None
    for _ in range(len(agua) + len(alquiler) + 1):
        view = Window(limit=limit, start=start, backwards=backwards)
        parts = [part_of(held, order, window_at(office, view)) for office, held in offices.items()]
        part = merged(parts, order, view)
        rows = [*part.items, *rows] if backwards else [*rows, *part.items]
        if not part.more:
            break
        start = position(order, part.items[0 if backwards else -1])
    every = [*agua, *alquiler]
    whole = sorted(
        every, key=lambda row: (getattr(row, order.field), office_of(row), row.key), reverse=order.descending
    )
    assert rows == whole
