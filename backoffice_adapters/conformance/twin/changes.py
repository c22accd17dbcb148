"""The twin's journals: after whatever was written, each record is held against what was told of it last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import uuid4

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import AccountEntry, Book
from ventanilla.backoffice_adapters.conformance.picking import among, invoice_fits
from ventanilla.backoffice_adapters.conformance.twin.account import Accounts
from ventanilla.backoffice_adapters.conformance.twin.charge import Charges, charge_fits
from ventanilla.backoffice_adapters.conformance.twin.meter import Meters, reading_fits
from ventanilla.backoffice_adapters.conformance.twin.posting import N, Postings
from ventanilla.backoffice_adapters.contract import (
    AccountFilter,
    Call,
    ChangeMark,
    ChangeWindow,
    ChargeFilter,
    Fault,
    FaultCode,
    Hit,
    InvoiceFilter,
    MeterReadingFilter,
    PaymentFilter,
    Setting,
)
from ventanilla.backoffice_adapters.records import (
    Account,
    Changes,
    Charge,
    Invoice,
    MeterReading,
    PartyRole,
    Payment,
    PostedPayment,
    Sourced,
)

R = TypeVar("R", bound=Sourced)
KINDS = ("accounts", "invoices", "charges", "payments", "meter_readings")


class Journals(Accounts, Charges, Meters, Postings):
    """What changed since. All kinds are counted together, and each has a journal of its own."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._journal = uuid4().hex
        self._last = 0
        self._known: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        self._numbers: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}

    async def fill(self, book: Book) -> None:
        """Take `book` in place of what was there; what is as it was is no change."""
        await super().fill(book)
        self._write_down()

    async def changed_accounts(
        self, call: Call, wheres: Sequence[AccountFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Account]]]:
        """What became of accounts."""
        rows = list(map(self._account, self.book.accounts))
        return self._changes("accounts", rows, wheres, lambda row, where: among(row.status, where.statuses), window)

    async def changed_invoices(
        self, call: Call, wheres: Sequence[InvoiceFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Invoice]]]:
        """What became of invoices."""
        rows = self._invoices(call.today)
        return self._changes("invoices", rows, wheres, lambda row, where: invoice_fits(row, where, call.today), window)

    async def changed_charges(
        self, call: Call, wheres: Sequence[ChargeFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Charge]]]:
        """What became of charges."""
        return self._changes("charges", list(map(self._charge, self.book.charges)), wheres, charge_fits, window)

    async def changed_payments(
        self, call: Call, wheres: Sequence[PaymentFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Payment]]]:
        """What became of payments."""
        rows = list(map(self._payment, self.book.payments))
        return self._changes("payments", rows, wheres, self._payment_fits, window)

    async def changed_meter_readings(
        self, call: Call, wheres: Sequence[MeterReadingFilter], window: ChangeWindow
    ) -> list[Hit[Changes[MeterReading]]]:
        """What became of readings."""
        rows = list(map(self._reading, self.book.meter_readings))
        return self._changes("meter_readings", rows, wheres, reading_fits, window)

    def _once(self, new: N, booked: Callable[[N], PostedPayment]) -> PostedPayment | Fault:
        answer = super()._once(new, booked)
        self._write_down()
        return answer

    def _write_down(self) -> None:
        """Give the next numbers to what is not as it was told last, and to what is no longer there."""
        for kind, now in self._tells().items():
            before = self._known[kind]
            for key in dict.fromkeys((*now, *before)):
                if key not in now or key not in before or now[key] != before[key]:
                    self._last += 1
                    self._numbers[kind][key] = self._last
            self._known[kind] = dict(now)

    def _tells(self) -> Mapping[str, Mapping[str, Any]]:
        """Kind → key → all that a record tells, its lines and allocations with it."""
        counted, homes = self._counted(), {meter.key: meter.account for meter in self.book.meters}
        return {
            "accounts": {entry.key: self._account_tells(entry) for entry in self.book.accounts},
            "invoices": {
                entry.key: (entry, [row for row in counted if row.invoice_key == entry.key]) for entry in self._shown()
            },
            "charges": {entry.key: entry for entry in self.book.charges},
            "payments": {entry.key: (entry, self._of(entry.key)) for entry in self.book.payments},
            "meter_readings": {entry.key: (entry, homes[entry.meter]) for entry in self.book.meter_readings},
        }

    def _account_tells(self, entry: AccountEntry) -> Any:
        """What it owes, and as what its holder stands to it, is told elsewhere."""
        parties = {party.key: party for party in self.book.parties}
        places = {place.key: place for place in self.book.properties}
        own = replace(entry, stated_balance=None, holder_as=PartyRole.HOLDER)
        return own, parties[entry.holder], self._unit(entry), places.get(entry.place or "")

    def _changes(
        self, kind: str, rows: list[R], wheres: Sequence[Any], fits: Callable[[R, Any], bool], window: ChangeWindow
    ) -> list[Hit[Changes[R]]]:
        self._write_down()  # a test may have set the book
        start = ChangeMark(journal=f"{self._journal} {kind}", number=0)
        after = window.after or start
        if after.journal != start.journal or not 0 <= after.number <= self._last:
            return [Fault(code=FaultCode.INVALID, detail="no mark of this journal")] * len(wheres)
        known, numbers = {row.key: row for row in rows}, sorted((at, key) for key, at in self._numbers[kind].items())
        since = [(at, key) for at, key in numbers if at > after.number]
        found = [[one for one in since if one[1] not in known or fits(known[one[1]], where)] for where in wheres]
        return [self._part(part, known, window, start) for part in found]

    def _part(
        self, found: list[tuple[int, str]], known: dict[str, R], window: ChangeWindow, start: ChangeMark
    ) -> Changes[R]:
        page, rest = found[: window.limit], len(found[window.limit :])
        return Changes(
            items=tuple(known[key] for _, key in page if key in known),
            removed=tuple(key for _, key in page if key not in known),
            mark=replace(start, number=page[-1][0] if rest else self._last),
            more=bool(rest),
            remaining=rest if window.count else None,
        )
