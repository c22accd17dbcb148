"""Receipts and histories: for whom there is one, what stands on it, and what an office is asked for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.books import book
from tests.resolvers.adapters import altered, fewer
from tests.resolvers.answers import codes
from tests.world import NOW, World, manager, open_world
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.backoffice_adapters.book import Book, PaymentEntry
from ventanilla.backoffice_adapters.contract import DateSpan, Fault, FaultCode, InvoiceFilter, InvoiceStatusFilter
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRole, Licence, PaymentStatus
from ventanilla.execution.engine import Outcome
from ventanilla.pdf.paper import PaidInvoiceHistoryPaper, PaymentHistoryPaper, ReceiptPaper
from ventanilla.resolvers.document_links import LIFE, PATH
from ventanilla.resolvers.documents import LONGEST_NUMBER, MOST_ROWS, RECEIPTED, wanted
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.store.manager import Manager, OfficeChoice

pytestmark = pytest.mark.anyio

RECEIPT = "query ($id: ID!) { node(id: $id) { ... on Payment { receipt { url mediaType fileName expiresAt } } } }"
INVOICE = "query ($id: ID!) { node(id: $id) { ... on Invoice { document { url } } } }"
PAYMENTS = """
query ($id: ID!, $filter: PaymentFilter, $format: DocumentFormat! = PDF) {
  account(id: $id) { document: paymentHistory(filter: $filter, format: $format) { url mediaType fileName } }
}
"""
INVOICES = PAYMENTS.replace("PaymentFilter", "InvoiceFilter").replace("paymentHistory", "paidInvoiceHistory")
YEAR = DateSpan(since=date(2025, 11, 15), until=date(2026, 11, 15))


def served_by(adapter: str) -> Manager:
    """``sur``, whose water office is of another adapter."""
    return manager("sur", offices={"agua": OfficeChoice(adapter=adapter), "alquiler": OfficeChoice(adapter="embedded")})


def id_of(world: World, kind: Kind, key: str) -> str:
    return world.context("sur").ids.column(kind, "agua", [key])[0]


async def ana_of(world: World, *accounts: str, role: AccountRole = AccountRole.HOLDER) -> Actor:
    await world.person("sur", "ana@example.org", [("agua", key) for key in accounts or ("1",)], role=role)
    return await world.actor("sur", "ana@example.org")


@pytest.fixture
async def ana(world: World) -> Actor:
    return await ana_of(world)


async def receipt(world: World, actor: Actor, key: str = "Q1") -> dict[str, Any] | None:
    outcome = await world.ask("sur", RECEIPT, actor, id=id_of(world, Kind.PAYMENT, key))
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["node"]["receipt"]


async def asked(world: World, actor: Actor, query: str, **variables: Any) -> Outcome:
    return await world.ask("sur", query, actor, id=id_of(world, Kind.ACCOUNT, "1"), **variables)


async def history(world: World, actor: Actor, query: str = PAYMENTS, **variables: Any) -> dict[str, Any]:
    outcome = await asked(world, actor, query, **variables)
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["account"]["document"]


def token_of(told: dict[str, Any] | None) -> str:
    assert told
    return told["url"].removeprefix(PATH)


async def receipt_paper(world: World, actor: Actor, key: str = "Q1") -> ReceiptPaper:
    found = await wanted(world.context("sur", actor), token_of(await receipt(world, actor, key)))
    assert found
    assert isinstance(found.paper, ReceiptPaper)
    return found.paper


async def payments_paper(world: World, actor: Actor, **variables: Any) -> PaymentHistoryPaper:
    found = await wanted(world.context("sur", actor), token_of(await history(world, actor, **variables)))
    assert found
    assert isinstance(found.paper, PaymentHistoryPaper)
    return found.paper


async def invoices_paper(world: World, actor: Actor, **variables: Any) -> PaidInvoiceHistoryPaper:
    found = await wanted(world.context("sur", actor), token_of(await history(world, actor, INVOICES, **variables)))
    assert found
    assert isinstance(found.paper, PaidInvoiceHistoryPaper)
    return found.paper


def with_payments(*entries: PaymentEntry) -> dict[tuple[str, str], Book]:
    """The book of ``sur``'s water office, with more payments of account 1."""
    known = book("sur", Licence.UTILITY)
    return {("sur", "agua"): msgspec.structs.replace(known, payments=(*known.payments, *entries))}


def entry(key: str, status: PaymentStatus, paid_at: datetime) -> PaymentEntry:
    return PaymentEntry(
        key=key, account="1", amount=Money(100, "ARS"), paid_at=paid_at, status=status, method="Efectivo"
    )


# -- receipts ----------------------------------------------------------------------------------------------------


async def test_a_receipt_has_an_address_and_says_what_was_settled(world: World, ana: Actor) -> None:
    assert await receipt(world, ana) == {
        "url": (await receipt(world, ana) or {})["url"],
        "mediaType": "application/pdf",
        "fileName": "Recibo de pago 2026-10-12.pdf",
        "expiresAt": "2026-11-15T12:10:00+00:00",
    }
    paper = await receipt_paper(world, ana)
    assert (paper.payment.key, paper.account.number, paper.letterhead.locale) == ("Q1", "sur-001", "es-AR")
    assert (paper.payment.amount.minor, paper.payment.unallocated.minor) == (6_000, 1_000)
    assert paper.settled
    assert [(part.document, part.title, part.amount.minor) for part in paper.settled] == [
        ("sur-B1", "Factura B", 5_000)
    ]


@pytest.mark.parametrize("status", PaymentStatus)
async def test_only_what_counts_has_a_receipt(tmp_path: Path, status: PaymentStatus) -> None:
    async with open_world(tmp_path, manager("sur"), books=with_payments(entry("X", status, NOW))) as world:
        told = await receipt(world, await ana_of(world), "X")
    counts = status.value in {"CONFIRMED", "SETTLED", "PARTIALLY_REFUNDED"}
    assert (told is not None) == (status in RECEIPTED) == counts


async def test_a_payment_that_went_back_meanwhile_has_none_any_more(tmp_path: Path) -> None:
    gone: list[bool] = []

    def change(hits: list[Any]) -> list[Any]:
        return [msgspec.structs.replace(hit, status=PaymentStatus.REVERSED) for hit in hits] if gone else hits

    async with open_world(tmp_path, served_by("altered"), registry=altered(payments_by_key=change)) as world:
        ana = await ana_of(world)
        token = token_of(await receipt(world, ana))
        assert await wanted(world.context("sur", ana), token)
        gone.append(True)
        assert await wanted(world.context("sur", ana), token) is None


async def test_a_page_of_receipts_asks_no_office_for_more(world: World, ana: Actor) -> None:
    query = "{ viewer { accounts { nodes { payments { nodes { %s } } } } } }"
    await world.ask("sur", query % "amount { amount }", ana)
    without = world.counted()
    outcome = await world.ask("sur", query % "amount { amount } receipt { url }", ana)
    assert outcome.errors == []
    assert world.counted() == without


async def test_a_receipt_asks_for_all_its_invoices_at_once(world: World, ana: Actor) -> None:
    token = token_of(await receipt(world, ana))
    world.counted()
    await wanted(world.context("sur", ana), token)
    assert world.counted() == [
        ("agua", "accounts", 1),
        ("agua", "invoices_by_key", 1),
        ("agua", "payment_allocations", 1),
        ("agua", "payments_by_key", 1),
    ]


async def test_an_office_that_tells_no_allocations_has_receipts_without(tmp_path: Path) -> None:
    async with open_world(tmp_path, served_by("fewer"), registry=fewer("payments.allocations")) as world:
        assert (await receipt_paper(world, await ana_of(world))).settled is None


async def test_a_program_without_the_scope_of_invoices_is_told_amounts_alone(world: World, ana: Actor) -> None:
    scopes = frozenset({"accounts:read", "payments:read"})
    program = msgspec.structs.replace(ana, session_id=None, client_id="planilla", scopes=scopes)
    paper = await receipt_paper(world, program)
    assert paper.settled
    assert [(part.document, part.title, part.amount.minor) for part in paper.settled] == [("", "", 5_000)]


# -- histories ---------------------------------------------------------------------------------------------------


async def test_a_history_is_of_the_last_twelve_months(tmp_path: Path) -> None:
    days = (datetime(2025, 11, 15, 3, tzinfo=UTC), datetime(2025, 11, 15, 2, 59, tzinfo=UTC))
    old = [entry(key, PaymentStatus.PENDING, moment) for key, moment in zip(("in", "out"), days, strict=True)]
    async with open_world(tmp_path, manager("sur"), books=with_payments(*old)) as world:
        ana = await ana_of(world)
        told = await history(world, ana, format="HTML")
        paper = await payments_paper(world, ana)
    assert (told["mediaType"], told["fileName"]) == ("text/html", "Historial de pagos sur-001.html")
    assert (paper.where.paid, paper.where.statuses, paper.more) == (YEAR, (), False)
    assert [payment.key for payment in paper.payments] == ["Q1", "P1", "in"]


async def test_a_history_keeps_what_the_filter_keeps(world: World, ana: Actor) -> None:
    since = await payments_paper(world, ana, filter={"paidFrom": "2026-09-01"})
    assert (since.where.paid, [each.key for each in since.payments]) == (DateSpan(since=date(2026, 9, 1)), ["Q1"])
    until = await payments_paper(world, ana, filter={"paidTo": "2026-09-01", "status": ["CONFIRMED"]})
    assert (until.where.statuses, [each.key for each in until.payments]) == ((PaymentStatus.CONFIRMED,), ["P1"])
    none = await payments_paper(world, ana, filter={"status": ["REFUNDED"]})
    assert (none.where.paid, none.payments) == (YEAR, ())


async def test_paid_invoices_alone_stand_in_their_history(world: World, ana: Actor) -> None:
    told = await history(world, ana, INVOICES)
    assert told["fileName"] == "Facturas pagadas sur-001.pdf"
    paper = await invoices_paper(world, ana)
    assert paper.where == InvoiceFilter(statuses=(InvoiceStatusFilter.PAID,), issued=YEAR)
    assert [each.number for each in paper.invoices] == ["sur-A1"]
    same = await invoices_paper(world, ana, filter={"status": ["PAID"], "dueFrom": "2026-08-01"})
    assert (same.where.issued, [each.number for each in same.invoices]) == (DateSpan(), ["sur-A1"])
    other = await invoices_paper(world, ana, filter={"number": "sur-B1"})
    assert (other.where.issued, other.invoices) == (DateSpan(), ())


@pytest.mark.parametrize(
    ("filter", "said"),
    [
        ({"status": ["OVERDUE"]}, "leave `status` out of the filter, or say PAID."),
        ({"status": ["PAID", "OPEN"]}, "leave `status` out of the filter, or say PAID."),
        ({"number": "x" * (LONGEST_NUMBER + 1)}, "`number` takes at most 256 characters; there were 257."),
    ],
)
async def test_a_filter_that_asks_for_something_else_is_refused(
    world: World, ana: Actor, filter: dict[str, Any], said: str
) -> None:
    outcome = await asked(world, ana, INVOICES, filter=filter)
    assert codes(outcome) == [("account.document", "INVALID_ARGUMENT")]
    assert outcome.errors[0].message.endswith(said)


async def test_the_longest_number_has_an_address(world: World, ana: Actor) -> None:
    told = await history(world, ana, INVOICES, filter={"number": "ż" * LONGEST_NUMBER})
    assert len(told["url"]) < 2_000
    assert (await wanted(world.context("sur", ana), token_of(told))) is not None


async def test_the_last_twelve_months_begin_on_the_28th_where_there_is_no_29th(world: World, ana: Actor) -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    services = replace(world.services, clock=lambda: leap)
    world.services = services
    paper = await payments_paper(world, ana)
    assert paper.where.paid == DateSpan(since=date(2027, 2, 28), until=date(2028, 2, 29))


async def test_histories_of_many_accounts_ask_no_office_for_more(world: World) -> None:
    ana = await ana_of(world, "1", "2", "3")
    query = "{ viewer { accounts { nodes { number %s } } } }"
    await world.ask("sur", query % "", ana)
    without = world.counted()
    outcome = await world.ask("sur", query % "paymentHistory { url } paidInvoiceHistory { url }", ana)
    assert outcome.errors == []
    assert world.counted() == without


async def test_a_history_asks_for_the_account_and_its_list(world: World, ana: Actor) -> None:
    for query, method in ((PAYMENTS, "payments"), (INVOICES, "invoices")):
        token = token_of(await history(world, ana, query))
        world.counted()
        await wanted(world.context("sur", ana), token)
        assert world.counted() == [("agua", "accounts", 1), ("agua", method, 1)]


async def test_a_list_that_is_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    count = MOST_ROWS - 1  # with the two that the account has already, one too many
    many = [entry(f"X{place:04}", PaymentStatus.SETTLED, NOW - timedelta(minutes=place // 2)) for place in range(count)]
    async with open_world(tmp_path, manager("sur"), books=with_payments(*many)) as world:
        ana = await ana_of(world)
        token = token_of(await history(world, ana))
        world.counted()
        found = await wanted(world.context("sur", ana), token)
        called = world.counted()
        whole = await payments_paper(world, ana, filter={"paidFrom": "2026-10-01"})
    assert found
    assert isinstance(found.paper, PaymentHistoryPaper)
    keys = [payment.key for payment in found.paper.payments]
    assert (len(keys), len({*keys}), found.paper.more) == (MOST_ROWS, MOST_ROWS, True)
    assert keys[-1] == "Q1"
    assert called == [("agua", "accounts", 1), *[("agua", "payments", 1)] * 2]
    assert (len(whole.payments), whole.more) == (MOST_ROWS, False)


async def test_an_office_that_tells_no_payments_has_no_history_of_them(tmp_path: Path) -> None:
    async with open_world(tmp_path, served_by("fewer"), registry=fewer("payments.list")) as world:
        ana = await ana_of(world)
        outcome = await asked(world, ana, PAYMENTS)
        assert codes(outcome) == [("account.document", "NOT_SUPPORTED")]
        assert (await history(world, ana, INVOICES))["url"]


async def test_an_office_that_fails_half_way_gives_no_half_list(tmp_path: Path) -> None:
    asked_for: list[bool] = []

    def change(hits: list[Any]) -> list[Any]:
        asked_for.append(True)
        if len(asked_for) > 1:
            return [Fault(code=FaultCode.INTERNAL)] * len(hits)
        return [msgspec.structs.replace(hit, more=True) for hit in hits]

    async with open_world(tmp_path, served_by("altered"), registry=altered(payments=change)) as world:
        ana = await ana_of(world)
        token = token_of(await history(world, ana))
        with pytest.raises(Problem) as caught:
            await wanted(world.context("sur", ana), token)
    assert caught.value.code is ProblemCode.BACK_OFFICE_BAD_ANSWER
    assert len(asked_for) == 2


# -- whose they are ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", AccountRole)
async def test_papers_tell_no_more_of_the_holder_than_the_portal(world: World, role: AccountRole) -> None:
    ana = await ana_of(world, role=role)
    outcome = await world.ask("sur", INVOICE, ana, id=id_of(world, Kind.INVOICE, "D1"))
    assert outcome.data
    invoice = await wanted(world.context("sur", ana), token_of(outcome.data["node"]["document"]))
    assert invoice
    lists = [await payments_paper(world, ana), await invoices_paper(world, ana)]
    papers = [invoice.paper, await receipt_paper(world, ana), *lists]
    whole = role in {AccountRole.HOLDER, AccountRole.OWNER}
    assert {paper.account.holder.document_number for paper in papers} == {"sur-1" if whole else None}
    assert {paper.account.holder.name for paper in papers} == {"sur Pérez 1"}


async def test_anybody_else_is_told_nothing(world: World, ana: Actor) -> None:
    await world.person("sur", "beto@example.org", [("agua", "1"), ("agua", "2")])
    await world.person("norte", "carla@example.org", [("agua", "1")])
    beto, carla = await world.actor("sur", "beto@example.org"), await world.actor("norte", "carla@example.org")
    late = replace(world.services, clock=lambda: NOW + LIFE)
    asked = {
        "somebody who reaches the same account": world.context("sur", beto),
        "another manager": world.context("norte", carla),
        "the same person at another manager": world.context("norte", ana),
        "nobody": world.context("sur", GUEST),
        "the person without the account": world.context("sur", msgspec.structs.replace(ana, links=())),
        "the person too late": msgspec.structs.replace(world.context("sur", ana), services=late),
    }
    for told in (await receipt(world, ana), await history(world, ana), await history(world, ana, INVOICES)):
        token = token_of(told)
        assert {who: await wanted(context, token) for who, context in asked.items()} == dict.fromkeys(asked)


async def test_one_address_cannot_be_made_into_another(world: World, ana: Actor) -> None:
    token, context = token_of(await history(world, ana, filter={"status": ["SETTLED"]})), world.context("sur", ana)
    changed = [token[:at] + ("A" if letter != "A" else "B") + token[at + 1 :] for at, letter in enumerate(token[:-1])]
    world.counted()
    assert [text for text in [*changed, token[:-4], token + "AAAA"] if await wanted(context, text)] == []
    assert world.counted() == []
