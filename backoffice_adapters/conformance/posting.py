"""Promises about payments that are posted: each is booked exactly once and whole, and everything follows from it.

Whoever asks for one of these writes to the first manager's office, which afterwards gets its book again.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, time
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.bench import Bench, Side
from ventanilla.backoffice_adapters.conformance.book import STATED, TODAY, ZONE
from ventanilla.backoffice_adapters.conformance.desk import Desk, booked, desk_of, paying, refused
from ventanilla.backoffice_adapters.conformance.promises import expect, promise, same
from ventanilla.backoffice_adapters.contract import FaultCode, PaymentFilter, PaymentOrder, Window
from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import (
    Invoice,
    InvoiceKind,
    InvoiceStatus,
    NewPayment,
    PaymentItem,
    PaymentStatus,
)

_TOGETHER = 6
"""How many ask at the same time."""
_PAYABLE = (InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID)


# -- what is booked ----------------------------------------------------------------------------------------------


@promise("payments.post", writes=True)
async def what_is_posted_is_answered_in_its_place(bench: Bench) -> None:
    """As many answers as payments, each about its own and never None; one that is refused leaves the others alone."""
    async with bench.written() as side:
        desk = await desk_of(side)
        good = [paying(desk.ref, desk.money(minor)) for minor in (7, 8, 9)]
        bad = replace(paying(desk.ref, desk.money(1)), account=replace(desk.ref, key="absent"))
        found = await desk.ask([bad, good[0], bad, *good[1:], bad])
        expect(len(found) == 6, f"{len(found)} answers to 6 payments")
        for at in (0, 2, 5):
            refused("a payment for an account that is not known, among good ones", found[at], FaultCode.INVALID)
        for new, hit in zip(good, (found[1], *found[3:5]), strict=True):
            posted = booked(hit)
            same("the amount of what was posted", posted.payment.amount, new.amount)
            same("the account of what was posted", posted.payment.account_key, new.account.key)


@promise("payments.post", writes=True)
async def nothing_posted_is_nothing_answered(bench: Bench) -> None:
    """An empty sequence answers an empty list, and any sequence will do."""
    async with bench.written() as side:
        desk = await desk_of(side)
        post = getattr(side.office, "post_payments")  # noqa: B009  a bare office has no methods
        found = await post(side.call(), ())
        expect(found == [], f"answered {found!r} to no payments")
        (hit,) = await post(side.call(), (paying(desk.ref, desk.money(1)),))
        booked(hit)


@promise("payments.post", "payments.read", "payments.list", "payments.allocations", writes=True)
async def what_was_posted_can_be_read(bench: Bench) -> None:
    """The answer is the payment as it is read from then on: CONFIRMED, under a key of its own, once in the list."""
    async with bench.written() as side:
        desk = await desk_of(side)
        invoice = desk.invoices[0]
        new = paying(desk.ref, invoice.open + desk.money(5), (invoice, invoice.open))
        posted = await desk.posted(new)
        payment = posted.payment
        told = (payment.status, payment.paid_at, payment.method, payment.reference, posted.replayed)
        same("the payment", told, (PaymentStatus.CONFIRMED, new.paid_at, new.method, new.reference, False))
        known = {entry.key for entry in side.twin.book.payments} | {new.key}
        expect(payment.key not in known, f"{payment.key} is somebody else's key")
        same("the payment, by its key", await side.ask("payments_by_key", [payment.key]), [payment])
        same("its allocations", await side.ask("payment_allocations", [payment.key]), [posted.allocations])
        window, where = Window(limit=side.page(50)), PaymentFilter()
        (part,) = await side.ask("payments", [desk.ref], where, PaymentOrder.PAID_AT_DESC, window)
        same("the payment among its account's", [row for row in part.items if row.key == payment.key], [payment])


@promise("payments.post", "invoices.read", "invoices.allocations", writes=True)
async def what_is_settled_is_paid(bench: Bench) -> None:
    """An invoice that gets all that is open of it is PAID since the payment; its `paid` is what it was matched with."""
    async with bench.written() as side:
        desk = await desk_of(side)
        invoice = desk.invoices[0]
        posted = await desk.posted(paying(desk.ref, invoice.open, (invoice, invoice.open)))
        now = await desk.invoice(invoice.key)
        same("the invoice's status", now.status, InvoiceStatus.PAID)
        same("when it was paid", now.paid_at, posted.payment.paid_at)
        same("what is paid and open", (now.paid, now.open), (invoice.total, desk.money(0)))
        (rows,) = await side.ask("invoice_allocations", [invoice.key])
        same("what was matched with it", rows, posted.allocations)


@promise("payments.post", "invoices.read", writes=True)
async def what_is_settled_in_part_is_partially_paid(bench: Bench) -> None:
    """An invoice that gets a part is PARTIALLY_PAID, and PAID once it gets the rest."""
    async with bench.written() as side:
        desk = await desk_of(side)
        invoice = desk.invoices[0]
        one = desk.money(1)
        await desk.posted(paying(desk.ref, invoice.open - one, (invoice, invoice.open - one)))
        now = await desk.invoice(invoice.key)
        same("after a part", (now.status, now.open, now.paid_at), (InvoiceStatus.PARTIALLY_PAID, one, None))
        await desk.posted(paying(desk.ref, one, (invoice, one)))
        same("after the rest", (await desk.invoice(invoice.key)).status, InvoiceStatus.PAID)


@promise("payments.post", writes=True)
async def more_than_is_open_is_credit(bench: Bench) -> None:
    """An item takes no more than its invoice is open, in the order of the items; what is left is unallocated."""
    async with bench.written() as side:
        desk = await desk_of(side)
        first, others = desk.invoices[0], desk.invoices[1:2]
        items = [(first, first.open + desk.money(30)), *((other, desk.money(2)) for other in others)]
        new = paying(desk.ref, _sum(desk, [amount for _, amount in items]) + desk.money(4), *items)
        posted = await desk.posted(new)
        matched = [(row.invoice_key, row.amount) for row in posted.allocations]
        same("what was matched", matched, [(first.key, first.open), *((other.key, desk.money(2)) for other in others)])
        same("what is left", posted.payment.unallocated, desk.money(34))


def _sum(desk: Desk, amounts: list[Money]) -> Money:
    return total(amounts, desk.money(0).currency)


@promise("payments.post", writes=True)
async def what_is_not_open_takes_nothing(bench: Bench) -> None:
    """DRAFT, CANCELLED, IN_PLAN, PAID and credit notes are matched with nothing: the money is the account's credit."""
    async with bench.written() as side:
        refs = {ref.key: ref for ref in await side.refs()}
        for entry in side.twin.book.invoices:
            if entry.status not in _PAYABLE or entry.kind is InvoiceKind.CREDIT_NOTE:
                amount = Money(3, entry.total.currency)
                item = PaymentItem(invoice_key=entry.key, amount=amount)
                new = replace(paying(refs[entry.account], amount), items=(item,))
                posted = await Desk(side, refs[entry.account]).posted(new)
                what = f"{entry.kind} {entry.key}, {entry.status}"
                same(f"what was matched with {what}", posted.allocations, ())
                same(f"what is left beside {what}", posted.payment.unallocated, amount)


@promise("payments.post", "invoices.read", writes=True)
async def who_paid_in_time_owes_no_more(bench: Bench) -> None:
    """An invoice asks for what it asked for on the payment's local day, however late the word of it comes."""
    async with bench.written() as side:
        refs = {ref.key: ref for ref in await side.refs()}
        for invoice in await _late(side):
            desk = Desk(side, refs[invoice.account_key])
            last = datetime.combine(invoice.due_on, time(23, 59), ZoneInfo(ZONE))
            await desk.posted(paying(desk.ref, invoice.total, (invoice, invoice.total), at=last))
            now = await desk.invoice(invoice.key)
            same(f"{invoice.key}, paid on its due date", (now.status, now.open), (InvoiceStatus.PAID, desk.money(0)))


async def _late(side: Side) -> list[Invoice]:
    """Two invoices of which nothing is paid, and for which more is asked by now."""
    keys = [entry.key for entry in side.twin.book.invoices if entry.status is InvoiceStatus.ISSUED]
    found = await side.expected("invoices_by_key", keys)
    return [one for one in found if one.open > one.total and one.due_on < TODAY][:2]


@promise("payments.post", "balances.read", writes=True)
async def a_balance_moves_by_what_was_paid(bench: Bench) -> None:
    """A balance goes down by the payment's amount, matched or not, also one that is the office's own figure."""
    async with bench.written() as side:
        desk = await desk_of(side)
        invoice = desk.invoices[0]
        before = await desk.owed()
        await desk.posted(paying(desk.ref, invoice.open + desk.money(9), (invoice, invoice.open)))
        same("the balance", await desk.owed(), before - invoice.open - desk.money(9))
        for ref in [ref for ref in await side.refs() if ref.key == STATED]:
            stated = Desk(side, ref)
            before = await stated.owed()
            await stated.posted(paying(ref, desk.money(11)))
            same("the balance that the office states", await stated.owed(), before - desk.money(11))


# -- once --------------------------------------------------------------------------------------------------------


@promise("payments.post", "balances.read", writes=True)
async def a_key_is_booked_once(bench: Bench) -> None:
    """The same key with the same content answers what was booked and that it was replayed; nothing happens again."""
    async with bench.written() as side:
        desk = await desk_of(side)
        invoice = desk.invoices[0]
        new = paying(desk.ref, invoice.open, (invoice, invoice.open))
        first = await desk.posted(new)
        after = await desk.owed()
        again, twice = [booked(hit) for hit in await desk.ask([new, new])]
        for one in (again, twice):
            expect(one.replayed, "a key that was posted again is not told as replayed")
            same("what is answered again", replace(one, replayed=False), first)
        same("the balance after it was posted again", await desk.owed(), after)


@promise("payments.post", "balances.read", writes=True)
async def a_key_is_booked_once_by_many(bench: Bench) -> None:
    """Many who post the same key at the same time get the same payment, one of them as new; it is booked once."""
    async with bench.written() as side:
        desk = await desk_of(side)
        new = paying(desk.ref, desk.money(17))
        before = await desk.owed()
        found = await asyncio.gather(*(desk.posted(new) for _ in range(_TOGETHER)))
        expect(len({one.payment.key for one in found}) == 1, "one key was booked as several payments")
        fresh = [one for one in found if not one.replayed]
        expect(len(fresh) == 1, f"{len(fresh)} of {_TOGETHER} are told that theirs was the first")
        same("the balance", await desk.owed(), before - new.amount)


@promise("payments.post", "balances.read", writes=True)
async def a_key_stands_for_one_content(bench: Bench) -> None:
    """The same key with anything else than what was booked under it is CONFLICT, and nothing happens."""
    async with bench.written() as side:
        desk = await desk_of(side)
        invoice = desk.invoices[0]
        new = paying(desk.ref, desk.money(20), (invoice, desk.money(3)))
        await desk.posted(new)
        after = await desk.owed()
        for changes in (
            {"amount": desk.money(21)},
            {"items": ()},
            {"items": (replace(new.items[0], amount=desk.money(2)),)},
            {"method": "Otro"},
            {"reference": None},
            {"paid_at": new.paid_at.replace(minute=1)},
        ):
            (hit,) = await desk.ask([replace(new, **changes)])
            refused(f"the key of another payment, with other {', '.join(changes)}", hit, FaultCode.CONFLICT)
        same("the balance after what was refused", await desk.owed(), after)


@promise("payments.post", "invoices.read", writes=True)
async def many_payments_do_not_settle_more_than_is_open(bench: Bench) -> None:
    """Of many payments of one invoice at the same time, no more is matched with it than is open; the rest is credit."""
    async with bench.written() as side:
        desk = await desk_of(side)
        invoice = desk.invoices[0]
        found = await asyncio.gather(
            *(desk.posted(paying(desk.ref, invoice.open, (invoice, invoice.open))) for _ in range(_TOGETHER))
        )
        matched = _sum(desk, [row.amount for one in found for row in one.allocations])
        same("what was matched with the invoice", matched, invoice.open)
        credit = _sum(desk, [one.payment.unallocated for one in found])
        same("what is credit", credit, _sum(desk, [invoice.open] * (_TOGETHER - 1)))
        expect(len({one.payment.key for one in found}) == _TOGETHER, "two payments have the same key")
        same("what is paid of it", (await desk.invoice(invoice.key)).paid, invoice.total)


# -- what is refused ---------------------------------------------------------------------------------------------


@promise("payments.post", "balances.read", writes=True)
async def what_cannot_be_booked_is_invalid(bench: Bench) -> None:
    """What is not known, another account's, in another currency, not positive, too much or malformed is INVALID."""
    async with bench.written() as side:
        desk = await desk_of(side)
        before = await desk.owed()
        for what, new in _unbookable(desk):
            (hit,) = await desk.ask([new])
            refused(what, hit, FaultCode.INVALID)
        same("the balance after what was refused", await desk.owed(), before)


def _unbookable(desk: Desk) -> list[tuple[str, NewPayment]]:
    good, one = paying(desk.ref, desk.money(10), (desk.invoices[0], desk.money(10))), desk.money(1)
    foreign = next(entry.key for entry in desk.side.twin.book.invoices if entry.account != desk.ref.key)
    (item,) = good.items
    strange = "EUR" if one.currency != "EUR" else "USD"
    return [
        ("an account that is not known", replace(good, account=replace(desk.ref, key="absent"))),
        ("an account of another office", replace(good, account=replace(desk.ref, office="elsewhere"))),
        ("an invoice that is not known", replace(good, items=(replace(item, invoice_key="absent"),))),
        ("another account's invoice", replace(good, items=(replace(item, invoice_key=foreign),))),
        ("another currency", replace(good, amount=Money(10, strange), items=())),
        ("an item in another currency", replace(good, items=(replace(item, amount=Money(10, strange)),))),
        ("nothing", replace(good, amount=desk.money(0), items=())),
        ("less than nothing", replace(good, amount=desk.money(-5), items=())),
        ("an item of nothing", replace(good, items=(replace(item, amount=desk.money(0)),))),
        ("items that are too much", replace(good, items=(item, replace(item, amount=one)))),
        ("an empty key", replace(good, key="")),
        ("a key that is too long", replace(good, key="x" * 65)),
        ("a key that is not ASCII", replace(good, key="clé")),
    ]


@promise("payments.post", writes=True)
async def what_was_refused_is_not_remembered(bench: Bench) -> None:
    """A key under which nothing was booked may be posted again with what can be."""
    async with bench.written() as side:
        desk = await desk_of(side)
        new = paying(desk.ref, desk.money(4))
        (hit,) = await desk.ask([replace(new, amount=desk.money(0))])
        refused("nothing", hit, FaultCode.INVALID)
        expect(not (await desk.posted(new)).replayed, "what was refused is told as booked before")


@promise("payments.post", "balances.read", writes=True)
async def two_managers_never_share_a_key(bench: Bench) -> None:
    """What is posted to one manager's office moves nothing at another's, where the same key is free."""
    async with bench.written(both=True) as side:
        desk = await desk_of(side)
        (theirs,) = [Desk(bench.other, ref) for ref in await bench.other.refs() if ref.key == desk.ref.key]
        before, new = await theirs.owed(), paying(desk.ref, desk.money(6))
        await desk.posted(new)
        same("the other manager's balance", await theirs.owed(), before)
        expect(not (await theirs.posted(new)).replayed, "another manager's key is told as posted before")
        same("the other manager's balance", await theirs.owed(), before - new.amount)
