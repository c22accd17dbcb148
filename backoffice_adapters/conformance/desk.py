"""What promises about writes work with: the open documents of one account, and what is done about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from ventanilla.backoffice_adapters.conformance.bench import Side
from ventanilla.backoffice_adapters.conformance.book import NOW
from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError, expect
from ventanilla.backoffice_adapters.contract import Fault, FaultCode
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountRef,
    Invoice,
    InvoiceKind,
    InvoiceStatus,
    NewPayment,
    NewReversal,
    PaymentItem,
    PostedPayment,
    ReversalKind,
)


def fresh_key() -> str:
    """A key that nobody has posted anything under."""
    return f"kit-{uuid4().hex}"


def paying(ref: AccountRef, amount: Money, *items: tuple[Invoice, Money], at: datetime = NOW) -> NewPayment:
    """A payment that nobody has posted yet."""
    return NewPayment(
        key=fresh_key(),
        account=ref,
        amount=amount,
        paid_at=at,
        method="Przelew «własny»",
        reference="REF-kit",
        items=tuple(PaymentItem(invoice_key=invoice.key, amount=minor) for invoice, minor in items),
    )


def taking(posted: PostedPayment, amount: Money, kind: ReversalKind = ReversalKind.REFUND) -> NewReversal:
    """Something taken back that nobody has posted yet."""
    return NewReversal(key=fresh_key(), payment_key=posted.payment.key, amount=amount, at=NOW, kind=kind)


_METHODS = {NewPayment: "post_payments", NewReversal: "reverse_payments"}


class Desk:
    """The open documents of one account, and what is done about them."""

    def __init__(self, side: Side, ref: AccountRef) -> None:
        self.side = side
        self.ref = ref
        self.invoices: list[Invoice] = []
        """Open, nothing paid, and never with another amount at a later date; one at least."""

    def money(self, minor: int) -> Money:
        """An amount of the office's currency."""
        return Money(minor, self.side.guard.plan.currency)

    async def ask(self, news: Sequence[NewPayment] | Sequence[NewReversal]) -> list[Any]:
        """What the office answers to things of one kind."""
        return await self.side.ask(_METHODS[type(news[0])], news)

    async def posted(self, new: NewPayment | NewReversal) -> PostedPayment:
        """What is answered to something that can be booked."""
        (hit,) = await self.side.ask(_METHODS[type(new)], [new])
        return booked(hit)

    async def invoice(self, key: str) -> Invoice:
        """An invoice as it is now."""
        (found,) = await self.side.ask("invoices_by_key", [key])
        return found

    async def owed(self) -> Money:
        """The account's balance."""
        (balance,) = await self.side.ask("balances", [self.ref])
        return balance.amount


async def desk_of(side: Side) -> Desk:
    """The account with most invoices that can be paid."""
    shown = [entry.key for entry in side.twin.book.invoices if entry.status is InvoiceStatus.ISSUED]
    desks: dict[str, Desk] = {}
    refs = {ref.key: ref for ref in await side.refs()}
    for invoice in await side.expected("invoices_by_key", shown):
        if invoice.kind is InvoiceKind.INVOICE and invoice.open and len(invoice.due_dates) == 1:
            desk = desks.setdefault(invoice.account_key, Desk(side, refs[invoice.account_key]))
            desk.invoices.append(invoice)
    if not desks:
        raise BrokenPromiseError("no invoice of the adapted book can be paid, so nothing can be posted; adapt less")
    return max(desks.values(), key=lambda desk: len(desk.invoices))


def booked(hit: Any) -> PostedPayment:
    """An answer, which must be what was booked."""
    if not isinstance(hit, PostedPayment):
        raise BrokenPromiseError(f"{hit!r} instead of what was booked")
    return hit


def refused(what: str, hit: Any, code: FaultCode) -> None:
    """Raise unless `hit` is a fault of that code."""
    expect(isinstance(hit, Fault) and hit.code is code, f"{what}: {hit!r} instead of {code.value}")
