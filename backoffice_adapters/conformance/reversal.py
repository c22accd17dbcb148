"""Promises about money that goes back: as much as is left of a payment, once, and everything follows from it.

Whoever asks for one of these writes to the first manager's office, which afterwards gets its book again.
"""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.book import STATED
from ventanilla.backoffice_adapters.conformance.desk import Desk, booked, desk_of, paying, refused, taking
from ventanilla.backoffice_adapters.conformance.promises import expect, promise, same
from ventanilla.backoffice_adapters.contract import FaultCode
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Invoice, InvoiceStatus, PaymentStatus, PostedPayment, ReversalKind

_TOGETHER = 6
_WHOLE = {ReversalKind.REFUND: PaymentStatus.REFUNDED, ReversalKind.REVERSAL: PaymentStatus.REVERSED}


@promise("payments.post", "payments.reverse", "payments.read", "invoices.read", "balances.read", writes=True)
async def what_goes_back_whole_reopens(bench: Bench) -> None:
    """A payment that goes back is REFUNDED, or REVERSED by the bank; invoice and balance are as they were before."""
    async with bench.written() as side:
        desk = await desk_of(side)
        for kind, status in _WHOLE.items():
            invoice, before = await desk.invoice(desk.invoices[0].key), await desk.owed()
            posted = await _settled(desk, invoice)
            back = await desk.posted(taking(posted, posted.payment.amount, kind))
            told = (back.payment.status, back.payment.unallocated, back.allocations, back.replayed)
            same(f"what is left after a {kind}", told, (status, desk.money(0), (), False))
            same("the payment, by its key", await side.ask("payments_by_key", [posted.payment.key]), [back.payment])
            same("the invoice", await desk.invoice(invoice.key), invoice)
            same("the balance", await desk.owed(), before)
        for stated in [Desk(side, ref) for ref in await side.refs() if ref.key == STATED]:
            before = await stated.owed()
            await stated.posted(taking(await stated.posted(paying(stated.ref, stated.money(9))), stated.money(9)))
            same("the balance that the office states", await stated.owed(), before)


async def _settled(desk: Desk, invoice: Invoice) -> PostedPayment:
    """A payment that settles the invoice, and 40 minor units more."""
    return await desk.posted(paying(desk.ref, invoice.open + desk.money(40), (invoice, invoice.open)))


@promise("payments.post", "payments.reverse", "payments.allocations", "invoices.read", "balances.read", writes=True)
async def a_part_comes_off_the_credit_first(bench: Bench) -> None:
    """A part goes off what is unallocated, then off the latest allocation; what is left counts as paid."""
    async with bench.written() as side:
        desk = await desk_of(side)
        invoice, owed = desk.invoices[0], await desk.owed()
        posted = await _settled(desk, invoice)
        back = await desk.posted(taking(posted, desk.money(30)))
        same("what is left of the credit", back.payment.unallocated, desk.money(10))
        same("what it is matched with", back.allocations, posted.allocations)
        same("the status", back.payment.status, PaymentStatus.PARTIALLY_REFUNDED)
        same("the invoice's status", (await desk.invoice(invoice.key)).status, InvoiceStatus.PAID)
        back = await desk.posted(taking(posted, desk.money(13)))
        same("what is left of the credit", back.payment.unallocated, desk.money(0))
        rows = tuple(replace(row, amount=row.amount - desk.money(3)) for row in posted.allocations)
        same("what it is matched with", back.allocations, rows)
        same("its allocations", await side.ask("payment_allocations", [posted.payment.key]), [rows])
        now = await desk.invoice(invoice.key)
        told = (now.status, now.open, now.paid_at)
        same("the invoice", told, (InvoiceStatus.PARTIALLY_PAID, desk.money(3), None))
        same("the balance", await desk.owed(), owed - invoice.open + desk.money(3))


@promise("payments.post", "payments.reverse", "invoices.read", writes=True)
async def the_latest_allocation_goes_first(bench: Bench) -> None:
    """Of several invoices that a payment was matched with, the last one matched is reopened first."""
    async with bench.written() as side:
        desk = await desk_of(side)
        two = desk.invoices[:2]
        if len(two) < 2:
            return
        first, last = two
        posted = await desk.posted(paying(desk.ref, first.open + last.open, (first, first.open), (last, last.open)))
        back = await desk.posted(taking(posted, last.open + desk.money(1)))
        same("what is left", [row.invoice_key for row in back.allocations], [first.key])
        states = [(await desk.invoice(one.key)).status for one in two]
        same("their states", states, [InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.ISSUED])
        rest = await desk.posted(taking(posted, first.open - desk.money(1)))
        same("the status at last", rest.payment.status, PaymentStatus.REFUNDED)


@promise("payments.post", "payments.reverse", "balances.read", writes=True)
async def what_goes_back_goes_once(bench: Bench) -> None:
    """The same key answers what went back and that it was replayed, also to many at the same time."""
    async with bench.written() as side:
        desk = await desk_of(side)
        posted = await desk.posted(paying(desk.ref, desk.money(50)))
        before, new = await desk.owed(), taking(posted, desk.money(20))
        found = await asyncio.gather(*(desk.posted(new) for _ in range(_TOGETHER)))
        fresh = [one for one in found if not one.replayed]
        expect(len(fresh) == 1, f"{len(fresh)} of {_TOGETHER} are told that theirs was the first")
        for one in found:
            same("what is answered again", replace(one, replayed=False), fresh[0])
        same("the balance", await desk.owed(), before + desk.money(20))
        for changes in ({"amount": desk.money(21)}, {"payment_key": "absent"}):
            (hit,) = await desk.ask([replace(new, **changes)])
            refused(f"the same key with other {', '.join(changes)}", hit, FaultCode.CONFLICT)
        (hit,) = await desk.ask([replace(paying(desk.ref, desk.money(1)), key=new.key)])
        refused("a payment under the key of what went back", hit, FaultCode.CONFLICT)


@promise("payments.post", "payments.reverse", "balances.read", writes=True)
async def no_more_goes_back_than_is_left(bench: Bench) -> None:
    """More than is left is INVALID, and less for a REVERSAL; a payment that is not known is NOT_FOUND."""
    async with bench.written() as side:
        desk = await desk_of(side)
        posted = await desk.posted(paying(desk.ref, desk.money(50)))
        part = taking(posted, desk.money(20))
        found = await desk.ask([part, replace(taking(posted, desk.money(31)), key="absent" + part.key[:8])])
        booked(found[0])
        refused("more than is left", found[1], FaultCode.INVALID)
        before = await desk.owed()
        strange = Money(1, "EUR" if part.amount.currency != "EUR" else "USD")
        for what, amount, kind in (
            ("nothing", desk.money(0), ReversalKind.REFUND),
            ("less than nothing", desk.money(-1), ReversalKind.REFUND),
            ("another currency", strange, ReversalKind.REFUND),
            ("a part, by the bank", desk.money(29), ReversalKind.REVERSAL),
        ):
            (hit,) = await desk.ask([taking(posted, amount, kind)])
            refused(what, hit, FaultCode.INVALID)
        (hit,) = await desk.ask([replace(taking(posted, desk.money(1)), payment_key="absent")])
        refused("a payment that is not known", hit, FaultCode.NOT_FOUND)
        same("the balance after what was refused", await desk.owed(), before)
        rest = await desk.posted(taking(posted, desk.money(30), ReversalKind.REVERSAL))
        same("the rest, by the bank", rest.payment.status, PaymentStatus.REVERSED)
        (hit,) = await desk.ask([taking(posted, desk.money(1))])
        refused("something of a payment that went back", hit, FaultCode.INVALID)


@promise("payments.post", "payments.reverse", writes=True)
async def many_take_back_no_more_than_there_is(bench: Bench) -> None:
    """Of many who take back of one payment at the same time, only those get it for whom something is left."""
    async with bench.written() as side:
        desk = await desk_of(side)
        posted = await desk.posted(paying(desk.ref, desk.money(50)))
        asked = [taking(posted, desk.money(20)) for _ in range(_TOGETHER)]
        found = [hit for (hit,) in await asyncio.gather(*(desk.ask([new]) for new in asked))]
        done = [hit for hit in found if isinstance(hit, PostedPayment)]
        expect(len(done) == 2, f"{len(done)} of {_TOGETHER} got 20 of 50 minor units")
        for hit in found:
            if hit not in done:
                refused("more than is left", hit, FaultCode.INVALID)
