"""The clerk who keeps a demo office: hands out keys, adds up, matches money with documents, and closes the book.

Amounts are integers of minor units while the clerk works. Nothing is dated after the anchor except due dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec

from ventanilla.backoffice_adapters.book import AccountEntry, Book, BuildingEntry, ChargeEntry, PaymentEntry
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    AccountStatus,
    Address,
    Allocation,
    ChargeStatus,
    Geo,
    InvoiceKind,
    InvoiceStatus,
    Licence,
    OfficialReference,
    Party,
    PartyKind,
    PartyRole,
    PaymentStatus,
    Property,
    Record,
    Unit,
    UnitKind,
)
from ventanilla.gateway.demo.books.bill import Bill, Item, cents

_FIRST_DAY = date(2018, 1, 1)
_CLEARING = timedelta(days=4)
_COUNTS = {PaymentStatus.CONFIRMED, PaymentStatus.SETTLED}
_SHELVES = {get_args(field.type)[0]: field.name for field in msgspec.structs.fields(Book) if field.name != "currency"}
"""Kind of entry → where it stands in a book."""


@dataclass(slots=True)
class Clerk:
    """Keeps one office until `book()` closes it. `luck` is seeded by the office's name: the same for everybody."""

    office: str
    currency: str
    zone: ZoneInfo
    anchor: date
    bills: list[Bill] = field(default_factory=list[Bill])
    luck: Random = field(init=False)
    _shelves: defaultdict[str, list[Any]] = field(init=False, default_factory=lambda: defaultdict(list))
    _numbers: dict[str, int] = field(init=False, default_factory=dict[str, int])

    def __post_init__(self) -> None:
        self.luck = Random(self.office)  # noqa: S311  invents a demo that is the same for everybody, no secret

    def serial(self, day: date, slot: int) -> int:
        """Number a document so that numbers rise with the days: `slot` (below 100) tells those of one day apart."""
        return (day - _FIRST_DAY).days * 100 + slot

    def digits(self, length: int) -> str:
        """Draw `length` digits, the first not zero: a bank's or an authority's number."""
        return str(self.luck.randrange(10 ** (length - 1), 10**length))

    def key(self, letter: str) -> str:
        """Make the next key that begins with `letter`."""
        self._numbers[letter] = self._numbers.get(letter, 0) + 1
        return f"{letter}{self._numbers[letter]}"

    def enter(self, entry: Record) -> None:
        """Enter a part of the book as it is: a record of the kinds that a book consists of."""
        self._shelves[_SHELVES[type(entry)]].append(entry)

    # -- people and places ---------------------------------------------------------------------------------------

    def party(
        self, name: str, document: tuple[str, str], kind: PartyKind = PartyKind.PERSON, email: str | None = None
    ) -> str:
        """Enter a person or company with the type and number of their document; returns the key."""
        key = self.key("t")
        kind_of, number = document
        self.enter(Party(key=key, name=name, kind=kind, document_type=kind_of, document_number=number, email=email))
        return key

    def place(self, name: str, address: Address, geo: tuple[float, float] | None = None) -> str:
        """Enter a property; returns its key."""
        key = self.key("n")
        self.enter(Property(key=key, name=name, address=address, geo=_point(geo)))
        return key

    def building(
        self,
        name: str,
        address: Address,
        geo: tuple[float, float] | None = None,
        *,
        built_in: int | None = None,
        units: int | None = None,
        community: str | None = None,
    ) -> str:
        """Enter a building of so many `units`; returns its key."""
        key = self.key("b")
        self.enter(
            BuildingEntry(
                key=key,
                name=name,
                address=address,
                geo=_point(geo),
                built_in=built_in,
                unit_count=units,
                community=community,
            )
        )
        return key

    def unit(self, label: str, kind: UnitKind, area: str | None = None, building: str | None = None) -> str:
        """Enter a unit; returns its key."""
        key = self.key("u")
        self.enter(Unit(key=key, label=label, kind=kind, area_m2=area, building_key=building))
        return key

    def account(
        self,
        number: str,
        licence: Licence,
        title: str,
        holder: str,
        *,
        held_as: PartyRole = PartyRole.HOLDER,
        place: str,
        unit: str,
        opened_on: date,
        closed_on: date | None = None,
        suspended: bool = False,
    ) -> str:
        """Open an account; returns its key."""
        key = self.key("c")
        active = AccountStatus.SUSPENDED if suspended else AccountStatus.ACTIVE
        self.enter(
            AccountEntry(
                key=key,
                number=number,
                licence=licence,
                status=AccountStatus.CLOSED if closed_on else active,
                title=title,
                holder=holder,
                holder_as=held_as,
                unit=unit,
                place=place,
                opened_on=opened_on,
                closed_on=closed_on,
            )
        )
        return key

    def named(self, name: str) -> str:
        """The key of the party with this name, of whom there is one."""
        (key,) = [party.key for party in self._shelves["parties"] if party.name == name]
        return key

    def numbered(self, number: str) -> str:
        """The key of the account with this printed number."""
        return next(account.key for account in self._shelves["accounts"] if account.number == number)

    # -- documents -----------------------------------------------------------------------------------------------

    def bill(
        self,
        account: str,
        number: str,
        title: str,
        items: Iterable[Item],
        *,
        issued_on: date,
        due_on: date,
        period: tuple[date, date] | None = None,
        surcharge: tuple[date, Decimal] | None = None,
        kind: InvoiceKind = InvoiceKind.INVOICE,
        reference: OfficialReference | None = None,
    ) -> Bill:
        """Issue a document; `surcharge` is a later due date and the percent that is added after the first one."""
        bill = Bill(
            key=self.key("f"),
            account=account,
            number=number,
            kind=kind,
            title=title,
            issued_on=issued_on,
            due_on=due_on,
            items=tuple(items),
            period=period,
            later=None,
            reference=reference,
        )
        if surcharge:
            day, percent = surcharge
            bill.later = day, cents(Decimal(bill.total) / 100 * (1 + percent / 100))
        self.bills.append(bill)
        return bill

    def charge(
        self,
        account: str,
        description: str,
        amount: int,
        day: date,
        *,
        status: ChargeStatus = ChargeStatus.PENDING,
        invoice: Bill | None = None,
    ) -> None:
        """Enter a charge; one that stands in an invoice is as settled as that invoice."""
        if invoice:
            status = ChargeStatus.SETTLED if invoice.status is InvoiceStatus.PAID else ChargeStatus.INVOICED
        self.enter(
            ChargeEntry(
                key=self.key("g"),
                account=account,
                description=description,
                amount=Money(amount, self.currency),
                charged_on=day,
                status=status,
                invoice=invoice.key if invoice else None,
            )
        )

    # -- money ---------------------------------------------------------------------------------------------------

    def pay(
        self,
        account: str,
        amount: int,
        day: date,
        *,
        method: str,
        reference: str | None,
        bills: Sequence[Bill] = (),
        status: PaymentStatus | None = None,
    ) -> datetime:
        """Book money of `day` and match it with `bills` in their order; what is left over stays the account's credit.

        Returns the moment. Without a `status` it counts: CONFIRMED while the bank clears it, SETTLED after. Money that
        does not count (pending, failed, reversed) is matched with nothing.
        """
        moment = self.moment(day)
        state = status or (PaymentStatus.SETTLED if self.anchor - day > _CLEARING else PaymentStatus.CONFIRMED)
        key = self.key("p")
        self.enter(
            PaymentEntry(
                key=key,
                account=account,
                amount=Money(amount, self.currency),
                paid_at=moment,
                status=state,
                method=method,
                reference=reference,
            )
        )
        if not status:
            self._match(key, amount, day, moment, bills)
        return moment

    def use_up(self, note: Bill, day: date) -> None:
        """Mark a credit note as used: paid out, or counted against a later document."""
        note.paid_at = self.moment(day)

    def _match(self, payment: str, amount: int, day: date, moment: datetime, bills: Sequence[Bill]) -> None:
        for bill in bills:
            part = min(amount, bill.wanted(day))
            if part <= 0:
                continue
            amount -= part
            if part == bill.wanted(day):
                bill.paid_at = moment
            bill.paid += part
            self.enter(
                Allocation(
                    payment_key=payment,
                    invoice_key=bill.key,
                    amount=Money(part, self.currency),
                    allocated_on=day,
                )
            )

    def moment(self, day: date) -> datetime:
        """Draw a time of `day` at which people do things."""
        local = time(self.luck.randrange(8, 22), self.luck.randrange(60), tzinfo=self.zone)
        return datetime.combine(day, local).astimezone(UTC)

    # -- closing -------------------------------------------------------------------------------------------------

    def book(self, *, stated: bool = False) -> Book:
        """Close the book. With `stated` every account carries the balance that its documents and payments add up to."""
        for bill in self.bills:
            self.enter(bill.entry(self.currency))
        if stated:
            self._state_balances()
        return Book(currency=self.currency, **{name: tuple(entries) for name, entries in self._shelves.items()})

    def _state_balances(self) -> None:
        balances = self._balances()
        accounts = self._shelves["accounts"]
        accounts[:] = [
            msgspec.structs.replace(account, stated_balance=Money(balances[account.key], self.currency))
            for account in accounts
        ]

    def _balances(self) -> dict[str, int]:
        balances = dict.fromkeys((account.key for account in self._shelves["accounts"]), 0)
        for bill in self.bills:
            sign = -1 if bill.kind is InvoiceKind.CREDIT_NOTE else 1
            balances[bill.account] += sign * bill.wanted(self.anchor)
        for payment in self._shelves["payments"]:
            if payment.status in _COUNTS:
                balances[payment.account] -= payment.amount.minor
        owners = {payment.key: payment.account for payment in self._shelves["payments"]}
        for allocation in self._shelves["allocations"]:
            balances[owners[allocation.payment_key]] += allocation.amount.minor
        return balances


def _point(geo: tuple[float, float] | None) -> Geo | None:
    return Geo(latitude=geo[0], longitude=geo[1]) if geo else None
