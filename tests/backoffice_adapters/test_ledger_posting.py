"""Payments are booked in the ledger once and whole, and taken back as far as they go."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters import sample
from tests.backoffice_adapters.asking import BOOK, CALL, changed, ref
from tests.backoffice_adapters.postings import (
    INVOICE_KEY,
    assert_sums,
    back,
    booked,
    codes,
    invoice_of,
    new,
    only,
    owed,
    tried,
)
from tests.backoffice_adapters.sample import NOW, TODAY, ZONE, money
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.contract import Configuration, Fault, FaultCode, Setting
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.ledger.posted import following
from ventanilla.backoffice_adapters.records import (
    InvoiceStatus,
    Licence,
    NewPayment,
    NewReversal,
    PaymentStatus,
    PostedPayment,
    ReversalKind,
)

pytestmark = pytest.mark.anyio


UNPAID = replace(
    BOOK,
    payments=(),
    allocations=(),
    invoices=tuple(
        replace(entry, status=InvoiceStatus.ISSUED, paid_at=None)
        if entry.status in (InvoiceStatus.PAID, InvoiceStatus.PARTIALLY_PAID)
        else entry
        for entry in BOOK.invoices
    ),
)
"""The sample before anybody paid."""


# -- what is booked ----------------------------------------------------------------------------------------------


async def test_a_payment_settles_what_it_is_meant_for(database: Database, ledger: Ledger) -> None:
    before = await owed(ledger)
    posted = await booked(ledger, new("flat", 100_500, (INVOICE_KEY, 100_000), ("f-today", 400)))
    assert [(row.invoice_key, row.amount.minor) for row in posted.allocations] == [
        (INVOICE_KEY, 100_000),
        ("f-today", 400),
    ]
    assert (posted.payment.status, posted.payment.unallocated) == (PaymentStatus.CONFIRMED, money(100))
    paid, part = await invoice_of(ledger), await invoice_of(ledger, "f-today")
    assert (paid.status, paid.paid_at, paid.open) == (InvoiceStatus.PAID, NOW, money(0))
    assert (part.status, part.paid_at, part.open) == (InvoiceStatus.PARTIALLY_PAID, None, money(6_600))
    assert await owed(ledger) == before - 100_500
    assert await ledger.payments_by_key(CALL, [posted.payment.key]) == [posted.payment]
    assert await ledger.payment_allocations(CALL, [posted.payment.key]) == [posted.allocations]
    await assert_sums(database)


async def test_the_day_of_the_payment_says_what_was_asked_for(database: Database, ledger: Ledger) -> None:
    """f-surcharge asks for 50 000 until five days ago, for 52 500 since."""
    late = await booked(ledger, new("flat", 50_000, ("f-surcharge", 50_000)))
    assert (await invoice_of(ledger, "f-surcharge")).status is InvoiceStatus.PARTIALLY_PAID
    await booked(ledger, back(late, 50_000))
    # Half past eleven at night in Warsaw is still the due date there.
    last = datetime.combine(TODAY - timedelta(days=5), datetime.min.time(), ZONE) + timedelta(hours=23, minutes=30)
    intime = await booked(ledger, new("flat", 52_500, ("f-surcharge", 52_500), at=last))
    assert intime.payment.unallocated == money(2_500)
    assert intime.allocations[0].allocated_on == TODAY - timedelta(days=5)
    assert (await invoice_of(ledger, "f-surcharge")).status is InvoiceStatus.PAID
    await assert_sums(database)


async def test_an_invoice_twice_among_the_items_takes_what_is_left(database: Database, ledger: Ledger) -> None:
    posted = await booked(ledger, new("flat", 14_000, ("f-today", 5_000), ("f-today", 9_000)))
    assert [row.amount.minor for row in posted.allocations] == [5_000, 2_000]
    await assert_sums(database)


async def test_the_offices_own_figure_moves_too(ledger: Ledger) -> None:
    before = await owed(ledger, "stated")
    posted = await booked(ledger, new("stated", 500))
    assert await owed(ledger, "stated") == before - 500
    await booked(ledger, back(posted, 200))
    assert await owed(ledger, "stated") == before - 300


async def test_a_figure_that_cannot_be_kept_is_refused(ledger: Ledger) -> None:
    great = replace(BOOK, accounts=tuple(replace(entry, stated_balance=money(-(2**63 - 1))) for entry in BOOK.accounts))
    await ledger.fill(great)
    assert codes(await tried(ledger, new("stated", 1))) == [FaultCode.INVALID]


@pytest.mark.parametrize("broken", [{"method": "a\0b"}, {"reference": "\ud800"}, {"paid_at": datetime(2026, 1, 1)}])  # noqa: DTZ001  refused
async def test_what_no_ledger_can_keep_is_refused(ledger: Ledger, broken: dict[str, Any]) -> None:
    assert codes(await tried(ledger, replace(new("flat", 5), **broken))) == [FaultCode.INVALID]


async def test_charges_settle_and_reopen_with_their_invoice(ledger: Ledger) -> None:
    posted = await booked(ledger, new("flat", 99_999, (INVOICE_KEY, 99_999)))
    assert (await state_of(ledger, "c-2"), await state_of(ledger, "c-1")) == ("INVOICED", "SETTLED")
    await booked(ledger, new("flat", 1, (INVOICE_KEY, 1)))
    assert await state_of(ledger, "c-2") == "SETTLED"
    await booked(ledger, back(posted, 1))
    assert (await state_of(ledger, "c-2"), await state_of(ledger, "c-1")) == ("INVOICED", "SETTLED")


async def state_of(ledger: Ledger, charge: str) -> str:
    return only(await ledger.charges_by_key(CALL, [charge])).status


async def test_only_what_counts_is_taken_back(ledger: Ledger) -> None:
    for key in ("p-pending", "p-failed", "p-reversed", "p-refunded", "p-review"):
        asked = NewReversal(key=f"of {key}", payment_key=key, amount=money(1), at=NOW, kind=ReversalKind.REFUND)
        assert codes(await tried(ledger, asked)) == [FaultCode.INVALID]


async def test_what_the_office_was_filled_with_is_taken_back_too(database: Database, ledger: Ledger) -> None:
    """p-settled of 130 000 settles f-paid and a part of f-partially_paid; 10 000 minor units are the first credit."""
    rows = only(await ledger.payment_allocations(CALL, ["p-settled"]))
    asked = NewReversal(key="r", payment_key="p-settled", amount=money(130_000), at=NOW, kind=ReversalKind.REVERSAL)
    left = await booked(ledger, asked)
    assert (left.payment.status, left.allocations) == (PaymentStatus.REVERSED, ())
    for row in rows:
        now = await invoice_of(ledger, row.invoice_key)
        assert now.status is (InvoiceStatus.PARTIALLY_PAID if now.paid else InvoiceStatus.ISSUED)
        assert now.paid_at is None
    await assert_sums(database)


async def test_what_is_in_a_plan_stays_there_when_money_goes_back(database: Database, ledger: Ledger) -> None:
    posted = await booked(ledger, new("flat", 300, ("f-issued", 300)))
    async with database.write() as work:
        await work.execute("UPDATE invoice SET status = 'IN_PLAN' WHERE key = 'f-issued'")
    await booked(ledger, back(posted, 300))
    now = await invoice_of(ledger)
    assert (now.status, now.paid) == (InvoiceStatus.IN_PLAN, money(0))


async def test_a_filled_book_tells_how_much_went_back(ledger: Ledger) -> None:
    part = replace(sample.payment("p-part", "empty", 1_000, NOW, "PARTIALLY_REFUNDED"), taken_back=money(300))
    await ledger.fill(changed(payments=[part]))
    assert await owed(ledger, "empty") == -700
    assert only(await ledger.payments_by_key(CALL, ["p-part"])).unallocated == money(700)
    asked = NewReversal(key="r", payment_key="p-part", amount=money(701), at=NOW, kind=ReversalKind.REFUND)
    assert codes(await tried(ledger, asked)) == [FaultCode.INVALID]
    assert (await booked(ledger, replace(asked, amount=money(700)))).payment.status is PaymentStatus.REFUNDED


# -- keys --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "after"),
    [
        ("P9", "P10"),
        ("pay-007", "pay-008"),
        ("2026/0999", "2026/1000"),
        ("a1b2", "a1b3"),
        ("Anna", "Anna-1"),
        ("", "-1"),
    ],
)
def test_a_new_key_follows_the_last(last: str, after: str) -> None:
    assert following(last) == after


@pytest.mark.parametrize("last", ["x" * 120, "9" * 120, "x" * 119 + "9"])
def test_a_new_key_is_never_too_long(last: str) -> None:
    assert len(following(last)) <= 120
    assert following(last) != last


async def test_new_payments_have_keys_that_sort_after_the_offices_own(ledger: Ledger) -> None:
    own = [sample.payment(key, "empty", 5, NOW) for key in ("z", "R-0009", "R-0010", "R-002")]
    await ledger.fill(replace(UNPAID, payments=tuple(own)))
    keys = [(await booked(ledger, new("flat", 5))).payment.key for _ in range(3)]
    assert keys == ["R-0011", "R-0012", "R-0013"]


async def test_an_office_without_payments_begins_to_count(ledger: Ledger) -> None:
    await ledger.fill(UNPAID)
    assert (await booked(ledger, new("flat", 5))).payment.key == "payment-000001"


async def test_a_fill_forgets_what_was_posted(database: Database, ledger: Ledger) -> None:
    posting = new("flat", 5)
    await booked(ledger, posting)
    await ledger.fill(BOOK)
    assert await database.rows("SELECT 1 FROM posting") == []
    assert not (await booked(ledger, posting)).replayed


async def test_a_replay_is_what_was_answered_whatever_happened_since(ledger: Ledger) -> None:
    posting = new("flat", 700, (INVOICE_KEY, 700))
    posted = await booked(ledger, posting)
    await booked(ledger, back(posted, 700))
    assert await booked(ledger, posting) == replace(posted, replayed=True)


# -- by chance ---------------------------------------------------------------------------------------------------


def twin_of(folder: Path) -> TwinOffice:
    twin = TwinOffice(
        Setting(
            manager="osiedle",
            office="own",
            licences=frozenset(Licence),
            currency="PLN",
            time_zone=ZONE.key,
            configuration=Configuration(),
            folder=folder,
            clock=lambda: NOW,
        )
    )
    twin.book = BOOK
    return twin


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_posted_stands_as_at_the_twin(
    seed: int, database: Database, ledger: Ledger, tmp_path: Path
) -> None:
    """Payments and take-backs by chance leave what plain Python makes of them: every sum, state and balance."""
    chance, twin = random.Random(seed), twin_of(tmp_path)  # noqa: S311  a test's own dice
    flats = [entry.key for entry in BOOK.invoices if entry.account == "flat"]
    pairs: list[tuple[PostedPayment, PostedPayment]] = []
    for _ in range(60):
        if pairs and chance.random() < 0.4:
            mine, theirs = chance.choice(pairs)
            minor, kind = chance.choice([1, 3_000, mine.payment.amount.minor]), chance.choice(list(ReversalKind))
            answers = await both(ledger, twin, back(mine, minor, kind), back(theirs, minor, kind))
        else:
            items = [(chance.choice(flats), chance.choice([1, 2_500, 60_000])) for _ in range(chance.randrange(4))]
            at = NOW - timedelta(days=chance.randrange(12))
            posting = new("flat", sum(part for _, part in items) + chance.randrange(3), *items, at=at)
            answers = await both(ledger, twin, posting, posting)
            if all(isinstance(hit, PostedPayment) for hit in answers):
                pairs.append(answers)
        assert told(answers[0]) == told(answers[1])
        await assert_alike(ledger, twin, flats)
    assert len(pairs) > 20
    await assert_sums(database)


async def both(ledger: Ledger, twin: TwinOffice, mine: Any, theirs: Any) -> tuple[Any, Any]:
    method = "post_payments" if isinstance(mine, NewPayment) else "reverse_payments"
    (one,) = await getattr(ledger, method)(CALL, [mine])
    (other,) = await getattr(twin, method)(CALL, [theirs])
    return one, other


def told(hit: Any) -> Any:
    """An answer without the payment's own key, which is the office's business."""
    if isinstance(hit, Fault):
        return hit.code
    payment = replace(hit.payment, key="", origin=None)
    return payment, [replace(row, payment_key="") for row in hit.allocations]


async def assert_alike(ledger: Ledger, twin: TwinOffice, invoices: list[str]) -> None:
    found: list[list[Any]] = [[*await office.invoices_by_key(CALL, invoices)] for office in (ledger, twin)]
    for one, other in zip(*found, strict=True):
        assert (one and replace(one, origin=None)) == (other and replace(other, origin=None))
    flat = [ref("flat")]
    mine, theirs = only(await ledger.balances(CALL, flat)), only(await twin.balances(CALL, flat))
    assert replace(mine, origin=None) == replace(theirs, origin=None)
