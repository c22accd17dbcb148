"""What paying would cost: told exactly, of what can be paid alone, and refused with a reason for each item."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.books import book
from tests.resolvers.paying import QUOTE, answered, invoice_id, paid, params, quoted, reasons
from tests.till import LEAST, MOST, Till, paid_manager, platforms
from tests.world import NOW, World, manager, open_world
from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.book import EnrolmentEntry
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import EnrolmentKind, InvoiceKind, InvoiceStatus, Licence
from ventanilla.resolvers.checkout_quotes import MOST_ITEMS
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.store.manager import FeeBearer, PaymentFee

pytestmark = pytest.mark.anyio
BOOK = book("sur", Licence.UTILITY)


def changed(key: str, **changes: Any) -> Any:
    """The book with one invoice changed."""
    invoices = [msgspec.structs.replace(each, **changes) if each.key == key else each for each in BOOK.invoices]
    return msgspec.structs.replace(BOOK, invoices=tuple(invoices))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, paid_manager("sur"), manager("norte"), platforms=platforms(Till())) as opened:
        yield opened


@pytest.fixture
async def ana(world: World) -> Actor:
    await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2"), ("alquiler", "1")])
    return await world.actor("sur", "ana@example.org")


async def test_it_tells_what_paying_costs(world: World, ana: Actor) -> None:
    found = await quoted(world, ana, "D1", "B1")
    quote = found["quote"]
    assert found["userErrors"] == []
    assert quote["account"] == {"number": "sur-001"}
    lines = [(line["number"], line["title"], line["amount"]["amount"]) for line in quote["lines"]]
    assert lines == [("sur-D1", "Factura D", "315.00"), ("sur-B1", "Factura B", "150.00")]
    assert [line["invoice"] for line in quote["lines"]] == [{"number": "sur-D1"}, {"number": "sur-B1"}]
    assert quote["subtotal"] == {"amount": "465.00", "currency": "ARS"}
    assert quote["fees"]["payer"]["amount"] == "5.39"  # 1.20 + 4.185, half up
    assert quote["fees"]["manager"]["amount"] == "0.00"
    assert quote["total"]["amount"] == "470.39"
    assert quote["expiresAt"] == (NOW + timedelta(minutes=15)).isoformat()
    assert quote["warnings"] == []


async def test_what_the_manager_bears_is_told_and_not_added(tmp_path: Path) -> None:
    fee = PaymentFee(bearer=FeeBearer.MANAGER, fixed="1.20", percent="0.9")
    async with open_world(tmp_path, paid_manager("sur", fee=fee), platforms=platforms(Till())) as world:
        await world.person("sur", "ana@example.org", [("agua", "1")])
        quote = (await quoted(world, await world.actor("sur", "ana@example.org"), "D1", "B1"))["quote"]
    assert quote["fees"]["manager"]["amount"] == "5.39"
    assert quote["fees"]["payer"]["amount"] == "0.00"
    assert quote["total"] == quote["subtotal"]


@given(st.integers(1, 10**12), st.integers(0, 10**6), st.integers(0, 1_000_000))
def test_a_fee_is_rounded_once_half_up(paid: int, fixed: int, percent: int) -> None:
    fee = PaymentFee(fixed=Money(fixed, "ARS").amount, percent=f"{percent // 10_000}.{percent % 10_000:04}")
    doubled = 2 * (fixed * 10**6 + paid * percent)
    assert fee.of(Money(paid, "ARS")) == Money((doubled + 10**6) // (2 * 10**6), "ARS")


async def test_nothing_is_nothing_to_pay(world: World, ana: Actor) -> None:
    assert reasons(await quoted(world, ana)) == [("EMPTY", ["items"])]


async def test_the_same_twice_is_refused(world: World, ana: Actor) -> None:
    assert reasons(await quoted(world, ana, "B1", "D1", "B1", "B1")) == [
        ("DUPLICATE_ITEM", ["items", "2", "invoiceId"]),
        ("DUPLICATE_ITEM", ["items", "3", "invoiceId"]),
    ]


async def test_too_many_items_are_refused(world: World, ana: Actor) -> None:
    items = [{"invoiceId": str(at)} for at in range(MOST_ITEMS + 1)]
    outcome = await world.ask("sur", QUOTE, ana, **{"in": {"items": items}})
    (error,) = outcome.errors
    assert isinstance(error.original_error, Problem)
    assert error.original_error.code is ProblemCode.INVALID_ARGUMENT
    found = await answered(world.context("sur", ana), world, QUOTE, **{"in": {"items": items[:MOST_ITEMS]}})
    assert len(found["userErrors"]) == MOST_ITEMS


@pytest.mark.parametrize("item", [{}, {"invoiceId": None}])
async def test_an_item_is_one_thing(world: World, ana: Actor, item: object) -> None:
    outcome = await world.ask("sur", QUOTE, ana, **{"in": {"items": [item]}})
    assert outcome.data is None
    assert len(outcome.errors) == 1


async def test_what_is_nobodys_missing_or_somebody_elses_is_alike(world: World, ana: Actor) -> None:
    foreign = invoice_id(world, "B3")
    others = invoice_id(world, "B1", slug="norte")
    account = world.context("sur").ids.column(Kind.ACCOUNT, "agua", ["1"])[0]
    told = [foreign, others, invoice_id(world, "nothing"), account, "x", ""]
    found = [
        await answered(world.context("sur", ana), world, QUOTE, **{"in": {"items": [{"invoiceId": each}]}})
        for each in told
    ]
    assert all(each == found[0] for each in found)
    assert reasons(found[0]) == [("NOT_FOUND", ["items", "0", "invoiceId"])]
    assert found[0]["userErrors"][0]["params"] == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"status": InvoiceStatus.CANCELLED}, {"state": "CANCELLED", "kind": "INVOICE"}),
        ({"status": InvoiceStatus.IN_PLAN}, {"state": "IN_PLAN", "kind": "INVOICE"}),
        ({"kind": InvoiceKind.CREDIT_NOTE}, {"state": "ISSUED", "kind": "CREDIT_NOTE"}),
    ],
)
async def test_what_is_not_payable_says_how_it_stands(
    tmp_path: Path, changes: dict[str, Any], told: dict[str, str]
) -> None:
    books = {("sur", "agua"): changed("E1", **changes)}
    async with open_world(tmp_path, paid_manager("sur"), books=books, platforms=platforms(Till())) as world:
        await world.person("sur", "ana@example.org", [("agua", "1")])
        found = await quoted(world, await world.actor("sur", "ana@example.org"), "A1", "E1", "B1")
    assert reasons(found) == [
        ("INVOICE_NOT_PAYABLE", ["items", "0", "invoiceId"]),
        ("INVOICE_NOT_PAYABLE", ["items", "1", "invoiceId"]),
    ]
    assert params(found) == {"state": "PAID", "kind": "INVOICE", "number": "sur-A1"}
    assert params(found, 1) == {**told, "number": "sur-E1"}


async def test_a_draft_is_not_there(tmp_path: Path) -> None:
    books = {("sur", "agua"): changed("E1", status=InvoiceStatus.DRAFT)}
    async with open_world(tmp_path, paid_manager("sur"), books=books, platforms=platforms(Till())) as world:
        await world.person("sur", "ana@example.org", [("agua", "1")])
        found = await quoted(world, await world.actor("sur", "ana@example.org"), "E1")
    assert reasons(found) == [("NOT_FOUND", ["items", "0", "invoiceId"])]


async def test_accounts_are_paid_one_by_one(world: World, ana: Actor) -> None:
    items = [invoice_id(world, "B1"), invoice_id(world, "B2"), invoice_id(world, "B1", "alquiler")]
    asked = {"items": [{"invoiceId": each} for each in items]}
    found = await answered(world.context("sur", ana), world, QUOTE, **{"in": asked})
    assert reasons(found) == [
        ("ACCOUNT_MISMATCH", ["items", "1", "invoiceId"]),
        ("ACCOUNT_MISMATCH", ["items", "2", "invoiceId"]),
    ]


async def test_what_is_being_paid_says_so_and_names_ones_own_checkout(world: World, ana: Actor) -> None:
    await world.person("sur", "berta@example.org", [("agua", "1")])
    checkout = await paid(world, ana, "B1")
    own = await quoted(world, ana, "D1", "B1")
    assert reasons(own) == [("PAYMENT_IN_PROGRESS", ["items", "1", "invoiceId"])]
    assert params(own) == {"checkoutId": checkout["id"]}
    others = await quoted(world, await world.actor("sur", "berta@example.org"), "B1")
    assert reasons(others) == [("PAYMENT_IN_PROGRESS", ["items", "0", "invoiceId"])]
    assert params(others) == {}


async def test_the_platform_takes_no_less_and_no_more(tmp_path: Path) -> None:
    small = msgspec.structs.replace(next(each for each in BOOK.invoices if each.key == "E1"), lines=())
    least = msgspec.structs.replace(small, total=Money(LEAST - 125, "ARS"))
    invoices = [least if each.key == "E1" else each for each in BOOK.invoices]
    many = msgspec.structs.replace(small, key="F1", number="sur-F1", total=Money(MOST, "ARS"))
    books = {("sur", "agua"): msgspec.structs.replace(BOOK, invoices=(*invoices, many))}
    async with open_world(tmp_path, paid_manager("sur"), books=books, platforms=platforms(Till())) as world:
        await world.person("sur", "ana@example.org", [("agua", "1")])
        ana = await world.actor("sur", "ana@example.org")
        below, above = await quoted(world, ana, "E1"), await quoted(world, ana, "F1")
    assert reasons(below) == [("AMOUNT_TOO_SMALL", ["items"])]
    assert params(below) == {"least": "5.00", "total": "4.98", "currency": "ARS"}  # the fee included
    assert reasons(above) == [("AMOUNT_TOO_LARGE", ["items"])]
    assert params(above)["most"] == "1500.00"


async def test_a_manager_without_a_platform_is_not_paid_here(world: World) -> None:
    await world.person("norte", "ana@example.org", [("agua", "1")])
    found = await quoted(world, await world.actor("norte", "ana@example.org"), "B1", slug="norte")
    assert reasons(found) == [("PAYMENTS_NOT_OFFERED", ["items"])]


async def test_a_direct_debit_is_warned_of(tmp_path: Path) -> None:
    debit = EnrolmentEntry(account="1", kind=EnrolmentKind.DIRECT_DEBIT, active=True, since=NOW.date())
    books = {("sur", "agua"): msgspec.structs.replace(BOOK, enrolments=(*BOOK.enrolments, debit))}
    async with open_world(tmp_path, paid_manager("sur"), books=books, platforms=platforms(Till())) as world:
        await world.person("sur", "ana@example.org", [("agua", "1"), ("agua", "2")])
        ana = await world.actor("sur", "ana@example.org")
        assert (await quoted(world, ana, "B1"))["quote"]["warnings"] == ["DIRECT_DEBIT_ACTIVE"]
        assert (await quoted(world, ana, "B2"))["quote"]["warnings"] == []


async def test_offices_are_asked_once_however_many_items(world: World, ana: Actor) -> None:
    world.counted()
    context = world.context("sur", ana)
    await quoted(world, ana, "B1", "D1", "E1", context=context)
    asked = [(method, subjects) for _, method, subjects in world.counted()]
    assert asked == [("accounts", 3), ("enrolments", 1), ("invoices_by_key", 3), ("invoices_by_key", 3)]


async def test_who_is_acted_for_is_not_paid_for(world: World, ana: Actor) -> None:
    program = msgspec.structs.replace(
        ana, session_id=None, client_id="planilla", scopes=frozenset({"payments:read", "invoices:read"})
    )
    outcome = await world.ask("sur", QUOTE, program, **{"in": {"items": []}})
    (error,) = outcome.errors
    assert isinstance(error.original_error, Problem)
    assert error.original_error.code is ProblemCode.FORBIDDEN
