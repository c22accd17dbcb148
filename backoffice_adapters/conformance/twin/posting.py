"""The twin's writes: payments that are posted, and what is taken back of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import Book, InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.conformance.twin.invoice import Invoices
from ventanilla.backoffice_adapters.conformance.twin.payment import Payments
from ventanilla.backoffice_adapters.conformance.twin.shelf import COUNTED
from ventanilla.backoffice_adapters.contract import Call, Fault, FaultCode, Hit, Setting
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Allocation,
    InvoiceKind,
    InvoiceStatus,
    NewPayment,
    NewReversal,
    PaymentItem,
    PaymentStatus,
    PostedPayment,
    ReversalKind,
)

N = TypeVar("N", NewPayment, NewReversal)
PAYABLE = frozenset({InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID})


class RefusedError(Exception):
    """It cannot be booked."""

    def __init__(self, detail: str, code: FaultCode = FaultCode.INVALID) -> None:
        super().__init__(detail)
        self.fault = Fault(code=code, detail=detail)


def refuse(when: object, detail: str) -> None:
    """Raise `RefusedError` if it is so."""
    if when:
        raise RefusedError(detail)


class Postings(Invoices, Payments):
    """What is posted becomes entries of the book, whole or not at all."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._posted: dict[str, tuple[Any, PostedPayment]] = {}

    async def fill(self, book: Book) -> None:
        """Take `book` in place of what was there, and of what was posted."""
        await super().fill(book)
        self._posted.clear()

    async def post_payments(self, call: Call, payments: Sequence[NewPayment]) -> list[Hit[PostedPayment]]:
        """Book each payment and match it with its items."""
        return [self._once(new, self._post) for new in payments]

    async def reverse_payments(self, call: Call, reversals: Sequence[NewReversal]) -> list[Hit[PostedPayment]]:
        """Take back all or a part of each payment."""
        return [self._once(new, self._reverse) for new in reversals]

    def _once(self, new: N, booked: Callable[[N], PostedPayment]) -> PostedPayment | Fault:
        known, answer = self._posted.get(new.key, (None, None))
        if answer is not None:
            return replace(answer, replayed=True) if known == new else Fault(code=FaultCode.CONFLICT)
        before = self.book
        try:
            refuse(not 0 < len(new.key) <= 64 or not new.key.isascii(), "no key")
            refuse(new.amount.minor <= 0 or new.amount.currency != self.book.currency, "no such amount")
            answer = booked(new)
        except RefusedError as refused:
            self.book = before
            return refused.fault
        self._posted[new.key] = (new, answer)
        return answer

    def _post(self, new: NewPayment) -> PostedPayment:
        account = {entry.key: entry for entry in self.book.accounts}.get(new.account.key)
        refuse(account is None or not self._at_home(new.account), "no such account")
        sound = [item.amount.minor > 0 and item.amount.currency == new.amount.currency for item in new.items]
        refuse(not all(sound), "no such item")
        refuse(new.amount < self._sum(item.amount for item in new.items), "too many items")
        entry = PaymentEntry(
            key=f"post{len(self.book.payments):06}",
            account=new.account.key,
            amount=new.amount,
            paid_at=new.paid_at,
            status=PaymentStatus.CONFIRMED,
            method=new.method,
            reference=new.reference,
        )
        self.book = replace(self.book, payments=(*self.book.payments, entry))
        for item in new.items:
            self._match(entry, item)
        return self._moved(entry, -new.amount)

    def _match(self, payment: PaymentEntry, item: PaymentItem) -> None:
        """Give an item to its invoice, as far as that is open on the payment's day."""
        entry = {entry.key: entry for entry in self.book.invoices}.get(item.invoice_key)
        if entry is None or entry.account != payment.account:
            raise RefusedError("no such invoice")
        if entry.status not in PAYABLE or entry.kind is InvoiceKind.CREDIT_NOTE:
            return
        day = payment.paid_at.astimezone(self.zone).date()
        still = self._invoice(entry, self._counted(), day).open
        if amount := min(still, item.amount):
            row = Allocation(payment_key=payment.key, invoice_key=entry.key, amount=amount, allocated_on=day)
            self.book = replace(self.book, allocations=(*self.book.allocations, row))
            settled = amount == still
            status = InvoiceStatus.PAID if settled else InvoiceStatus.PARTIALLY_PAID
            self._change(replace(entry, status=status, paid_at=payment.paid_at if settled else None))

    def _reverse(self, new: NewReversal) -> PostedPayment:
        entry = {entry.key: entry for entry in self.book.payments}.get(new.payment_key)
        if entry is None:
            raise RefusedError("no such payment", FaultCode.NOT_FOUND)
        refuse(entry.status not in COUNTED, "it does not count")
        taken_back = self._taken_back(entry) + new.amount
        left = entry.amount - taken_back
        refuse(left.minor < 0, "more than is left")
        refuse(new.kind is ReversalKind.REVERSAL and left, "not all that is left")
        credit = self._payment(entry).unallocated
        whole = PaymentStatus.REVERSED if new.kind is ReversalKind.REVERSAL else PaymentStatus.REFUNDED
        taken = replace(entry, status=PaymentStatus.PARTIALLY_REFUNDED if left else whole, taken_back=taken_back)
        if credit < new.amount:
            self._shrink(entry.key, new.amount - credit)
        self.book = replace(self.book, payments=tuple(taken if row == entry else row for row in self.book.payments))
        return self._moved(taken, new.amount)

    def _shrink(self, payment: str, amount: Money) -> None:
        """Take an amount off the payment's allocations, the latest first."""
        for row in sorted(self._of(payment), key=lambda row: row.allocated_on)[::-1]:
            taken = min(row.amount, amount)
            rest = replace(row, amount=row.amount - taken)
            rows = tuple(rest if one is row else one for one in self.book.allocations)
            self.book = replace(self.book, allocations=tuple(one for one in rows if one.amount))
            self._reopen(row.invoice_key)
            amount -= taken
            if not amount:
                return

    def _reopen(self, invoice: str) -> None:
        """Say of an invoice that lost money what it is now."""
        entry = next(entry for entry in self.book.invoices if entry.key == invoice)
        if entry.status in PAYABLE | {InvoiceStatus.PAID}:
            paid = any(row.invoice_key == invoice for row in self._counted())
            status = InvoiceStatus.PARTIALLY_PAID if paid else InvoiceStatus.ISSUED
            self._change(replace(entry, status=status, paid_at=None))

    def _moved(self, payment: PaymentEntry, amount: Money) -> PostedPayment:
        """What is answered, once the office's own figure has moved by `amount`."""
        accounts = tuple(
            replace(entry, stated_balance=entry.stated_balance + amount)
            if entry.key == payment.account and entry.stated_balance is not None
            else entry
            for entry in self.book.accounts
        )
        self.book = replace(self.book, accounts=accounts)
        rows = tuple(sorted(self._of(payment.key), key=lambda row: row.allocated_on))
        return PostedPayment(payment=self._payment(payment), allocations=rows)

    def _of(self, payment: str) -> list[Allocation]:
        return [row for row in self.book.allocations if row.payment_key == payment]

    def _change(self, invoice: InvoiceEntry) -> None:
        self.book = replace(
            self.book, invoices=tuple(invoice if row.key == invoice.key else row for row in self.book.invoices)
        )
