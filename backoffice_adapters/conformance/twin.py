"""A small office in plain Python: it keeps a book in memory and answers by going through it row by row.

It is slow and meant to be obviously right. The kit runs beside it and compares; it passes the kit itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import AccountEntry, Book, ChargeEntry, InvoiceEntry, PaymentEntry
from ventanilla.backoffice_adapters.conformance.picking import (
    R,
    among,
    by_position,
    charge_fits,
    grouped,
    invoice_fits,
    part_of,
    plain,
    within,
)
from ventanilla.backoffice_adapters.contract import (
    CONTRACT,
    BillingOffice,
    Call,
    ChargeFilter,
    ChargeOrder,
    Configuration,
    Health,
    Hit,
    InvoiceFilter,
    InvoiceOrder,
    Manifest,
    PaymentFilter,
    PaymentOrder,
    Setting,
    Support,
    Window,
    capabilities_of,
)
from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import (
    Account,
    AccountRef,
    Allocation,
    Balance,
    Charge,
    DueDate,
    DueItem,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    Origin,
    Overdue,
    Payment,
    PaymentStatus,
    Slice,
)

COUNTED = frozenset({PaymentStatus.CONFIRMED, PaymentStatus.SETTLED})
OWED = frozenset({InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.IN_PLAN})
DUE = OWED - {InvoiceStatus.IN_PLAN}


class TwinOffice(BillingOffice):
    """The reference office. `fill` gives it its book."""

    coming = 12
    """How many coming due dates a balance tells."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.zone = ZoneInfo(setting.time_zone)
        self._since = setting.clock()
        self.book = Book(currency=setting.currency)

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""

    async def health(self) -> Health:
        """Always well."""
        return Health(ok=True, as_of=self._since)

    async def fill(self, book: Book) -> None:
        """Take `book` in place of what was there."""
        self.book = book
        self._since = self.setting.clock()

    async def accounts(self, call: Call, keys: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these keys."""
        found = {entry.key: self._account(entry) for entry in self.book.accounts}
        return [found.get(key) for key in keys]

    async def find_accounts(self, call: Call, numbers: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these numbers, letters and digits compared."""
        found = {plain(entry.number): self._account(entry) for entry in self.book.accounts}
        return [found.get(plain(number)) for number in numbers]

    async def balances(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Balance]]:
        """The standing of each account, added up from its documents."""
        entries = {entry.key: entry for entry in self.book.accounts}
        known = [entries.get(ref.key) if self._at_home(ref) else None for ref in accounts]
        return [None if entry is None else self._balance(entry, call.today) for entry in known]

    async def invoices(
        self, call: Call, accounts: Sequence[AccountRef], where: InvoiceFilter, order: InvoiceOrder, window: Window
    ) -> list[Hit[Slice[Invoice]]]:
        """A part of each account's invoices."""
        rows = [row for row in self._invoices(call.today) if invoice_fits(row, where, call.today)]
        return self._slices(rows, accounts, order, window)

    async def invoices_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Invoice]]:
        """The invoices with these keys."""
        found = {row.key: row for row in self._invoices(call.today)}
        return [found.get(key) for key in keys]

    async def invoice_lines(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[InvoiceLine, ...]]]:
        """The lines of each invoice."""
        found = {entry.key: by_position(entry.lines) for entry in self._shown()}
        return [found.get(key) for key in invoices]

    async def invoice_allocations(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What was matched with each invoice by payments that count."""
        counted = {entry.key for entry in self.book.payments if entry.status in COUNTED}
        rows = [row for row in self.book.allocations if row.payment_key in counted]
        return grouped(invoices, {entry.key for entry in self._shown()}, rows, lambda row: row.invoice_key)

    async def charges(
        self, call: Call, accounts: Sequence[AccountRef], where: ChargeFilter, order: ChargeOrder, window: Window
    ) -> list[Hit[Slice[Charge]]]:
        """A part of each account's charges."""
        rows = [row for row in map(self._charge, self.book.charges) if charge_fits(row, where)]
        return self._slices(rows, accounts, order, window)

    async def charges_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Charge]]:
        """The charges with these keys."""
        found = {entry.key: self._charge(entry) for entry in self.book.charges}
        return [found.get(key) for key in keys]

    async def payments(
        self, call: Call, accounts: Sequence[AccountRef], where: PaymentFilter, order: PaymentOrder, window: Window
    ) -> list[Hit[Slice[Payment]]]:
        """A part of each account's payments."""
        rows = [row for row in map(self._payment, self.book.payments) if self._payment_fits(row, where)]
        return self._slices(rows, accounts, order, window)

    async def payments_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Payment]]:
        """The payments with these keys."""
        found = {entry.key: self._payment(entry) for entry in self.book.payments}
        return [found.get(key) for key in keys]

    async def payment_allocations(self, call: Call, payments: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What each payment was matched with."""
        known = {entry.key for entry in self.book.payments}
        return grouped(payments, known, self.book.allocations, lambda row: row.payment_key)

    # -- from entries to records ---------------------------------------------------------------------------------

    @property
    def _origin(self) -> Origin:
        return Origin(source=self.setting.office, as_of=self._since)

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return total(amounts, self.book.currency)

    def _shown(self) -> list[InvoiceEntry]:
        return [entry for entry in self.book.invoices if entry.status is not InvoiceStatus.DRAFT]

    def _account(self, entry: AccountEntry) -> Account:
        units = {unit.key: unit for unit in self.book.units}
        return Account(
            key=entry.key,
            origin=self._origin,
            number=entry.number,
            licence=entry.licence,
            status=entry.status,
            title=entry.title,
            holder=next(party for party in self.book.parties if party.key == entry.holder),
            currency=self.book.currency,
            unit=units.get(entry.unit or ""),
            place={place.key: place for place in self.book.properties}.get(entry.place or ""),
            opened_on=entry.opened_on,
            closed_on=entry.closed_on,
        )

    def _invoices(self, today: date) -> list[Invoice]:
        return [self._invoice(entry, today) for entry in self._shown()]

    def _invoice(self, entry: InvoiceEntry, today: date) -> Invoice:
        counted = {payment.key for payment in self.book.payments if payment.status in COUNTED}
        paid = self._sum(
            row.amount for row in self.book.allocations if row.invoice_key == entry.key and row.payment_key in counted
        )
        dues = [DueDate(due_on=entry.due_on, amount=entry.total)]
        if entry.later_due_on and entry.later_total:
            dues.append(DueDate(due_on=entry.later_due_on, amount=entry.later_total))
        asked = next((due.amount for due in dues if today <= due.due_on), dues[-1].amount)
        zero = Money(0, self.book.currency)
        return Invoice(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            number=entry.number,
            kind=entry.kind,
            status=entry.status,
            title=entry.title,
            issued_on=entry.issued_on,
            due_dates=tuple(dues),
            total=entry.total,
            paid=paid,
            open=max(zero, asked - paid) if entry.status in OWED else zero,
            period_from=entry.period_from,
            period_to=entry.period_to,
            paid_at=entry.paid_at,
            official_reference=entry.official_reference,
        )

    def _charge(self, entry: ChargeEntry) -> Charge:
        return Charge(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            description=entry.description,
            amount=entry.amount,
            charged_on=entry.charged_on,
            status=entry.status,
            invoice_key=entry.invoice,
        )

    def _payment(self, entry: PaymentEntry) -> Payment:
        matched = self._sum(row.amount for row in self.book.allocations if row.payment_key == entry.key)
        return Payment(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            amount=entry.amount,
            paid_at=entry.paid_at,
            status=entry.status,
            method=entry.method,
            reference=entry.reference,
            unallocated=entry.amount - matched,
        )

    def _balance(self, entry: AccountEntry, today: date) -> Balance:
        invoices = [row for row in self._invoices(today) if row.account_key == entry.key]
        debts = [row for row in invoices if row.kind is not InvoiceKind.CREDIT_NOTE]
        overdue = [row for row in debts if row.overdue_on(today)]
        coming = [row for row in debts if row.status in DUE and today <= row.due_on]
        return Balance(
            key=entry.key,
            origin=self._origin,
            amount=self._owed(entry.key, invoices) if entry.stated_balance is None else entry.stated_balance,
            overdue=Overdue(
                amount=self._sum(row.open for row in overdue),
                oldest_due_on=min((row.due_on for row in overdue), default=None),
                document_count=len(overdue),
            ),
            next_due=tuple(
                DueItem(due_on=row.due_on, amount=row.open, invoice_key=row.key)
                for row in sorted(coming, key=lambda row: (row.due_on, row.key))[: self.coming]
            ),
        )

    def _owed(self, account: str, invoices: list[Invoice]) -> Money:
        debts = self._sum(row.open for row in invoices if row.kind is not InvoiceKind.CREDIT_NOTE)
        notes = self._sum(row.open for row in invoices if row.kind is InvoiceKind.CREDIT_NOTE)
        payments = map(self._payment, self.book.payments)
        advance = [row.unallocated for row in payments if row.account_key == account and row.status in COUNTED]
        return debts - notes - self._sum(advance)

    # -- lists ---------------------------------------------------------------------------------------------------

    def _slices(self, rows: list[R], accounts: Sequence[AccountRef], order: Any, window: Window) -> list[Hit[Slice[R]]]:
        known = {entry.key for entry in self.book.accounts}
        return [
            part_of([row for row in rows if row.account_key == ref.key], order, window)
            if ref.key in known and self._at_home(ref)
            else None
            for ref in accounts
        ]

    def _at_home(self, ref: AccountRef) -> bool:
        return ref.office == self.setting.office

    def _payment_fits(self, row: Payment, where: PaymentFilter) -> bool:
        return among(row.status, where.statuses) and within(row.paid_at.astimezone(self.zone).date(), where.paid)


CAPABILITIES: Mapping[str, Support] = dict.fromkeys(capabilities_of(BillingOffice).values(), Support.YES)


_MANIFEST = Manifest(
    name="twin",
    title="Reference office in memory",
    version="1",
    contract=CONTRACT,
    licences=frozenset(Licence),
    capabilities=CAPABILITIES,
    configuration=Configuration,
    max_batch=7,
    max_page=9,
)


class TwinAdapter:
    """The reference adapter; `office_type` lets tests break it on purpose."""

    def __init__(self, office_type: type[TwinOffice] = TwinOffice, **changes: Any) -> None:
        """`changes` are fields of the manifest that differ from the default."""
        self._office_type = office_type
        self.manifest = replace(_MANIFEST, **changes)

    def office(self, setting: Setting) -> TwinOffice:
        """Make an office without a book."""
        return self._office_type(setting)
