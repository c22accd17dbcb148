"""Media of `wspolnoty`: advances month by month, what the meters turned, and the settlement of each year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ventanilla.backoffice_adapters.book import UtilitySettlementEntry
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InvoiceKind, Medium, SettlementLine, TitleKind
from ventanilla.gateway.demo.books import osiedle
from ventanilla.gateway.demo.books.bill import Bill, Item, price, priced
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import month_end, month_pl, shift
from ventanilla.gateway.demo.books.habits import settle
from ventanilla.gateway.demo.books.wspolnoty_meters import Use, mount_meters
from ventanilla.gateway.demo.books.wspolnoty_roster import Premises

_RISE = Decimal("1.04")
_HEAT, _COLD, _HOT, _WASTE = Decimal("4.90"), Decimal("13.12"), Decimal("41.80"), Decimal("29.00")
_MEDIA = {
    "Zaliczka na centralne ogrzewanie": (Medium.HEAT, "Centralne ogrzewanie"),
    "Zaliczka na zimną wodę i ścieki": (Medium.COLD_WATER, "Zimna woda i ścieki"),
    "Zaliczka na podgrzanie wody": (Medium.HOT_WATER, "Podgrzanie wody"),
}
"""What an advance is called → its medium, and what a settlement calls that."""


def charge_media(clerk: Clerk, premises: Premises, account: str) -> None:
    """Bill the advances, read the meters, and settle two years."""
    months = osiedle.months(clerk.anchor)
    bills = [_bill(clerk, premises, account, month) for month in months]
    days = [shift(clerk.anchor - timedelta(days=premises.community.settled_ago), -12 * years) for years in (1, 0)]
    use = mount_meters(clerk, premises, account, months, days[-1].replace(day=1) - timedelta(days=1))
    for day in days:
        _settle_year(clerk, premises, bills, day, use)
    settle(clerk, sorted(bills, key=lambda bill: bill.due_on), premises.habit, osiedle.referrer)


def _bill(clerk: Clerk, premises: Premises, account: str, month: date) -> Bill:
    day = osiedle.issued_on(month)
    return clerk.bill(
        account,
        f"M/{month:%Y/%m}/{premises.code}",
        f"Zaliczki na media, {month_pl(month)}",
        _items(premises, month),
        issued_on=day,
        due_on=osiedle.due_on(month),
        period=(month, month_end(month)),
        reference=osiedle.registered(clerk, premises.owner, day),
    )


def _items(premises: Premises, month: date) -> list[Item]:
    rise = _RISE ** (month.year - 2024)
    people = premises.persons
    asked = (premises.area, "m²", _HEAT), (f"{people * 3}.0", "m³", _COLD), (f"{people}.5", "m³", _HOT)
    waste = price(_WASTE * rise)
    return [
        *(
            priced(name, quantity, unit, price(net * rise), title=TitleKind.UTILITY_ADVANCE)
            for name, (quantity, unit, net) in zip(_MEDIA, asked, strict=True)
        ),
        priced("Gospodarowanie odpadami komunalnymi", str(people), "os.", waste, title=TitleKind.OTHER),
    ]


# -- the yearly settlement ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Year:
    """A year to settle on `day`: the months from `first` to `last`, and what each medium cost and was paid in."""

    day: date
    first: date
    last: date
    lines: tuple[SettlementLine, ...]

    @property
    def cost(self) -> int:
        """Minor units."""
        return sum(line.cost.minor for line in self.lines)

    @property
    def advances(self) -> int:
        """Minor units."""
        return sum(line.advances.minor for line in self.lines)


def _settle_year(clerk: Clerk, premises: Premises, bills: list[Bill], day: date, use: Use) -> None:
    """Compare a year's advances with what was used: what is missing is an invoice, a surplus a credit note."""
    year = _year(clerk, premises, bills, day, use)
    number = f"R/{day:%Y/%m}/{premises.code}"
    settled = _paper(clerk, premises, bills[0].account, number, year) if year.cost != year.advances else None
    if settled and settled.kind is InvoiceKind.INVOICE:
        bills.append(settled)
    elif settled:
        _count_in(clerk, settled, bills)
    clerk.enter(
        UtilitySettlementEntry(
            key=clerk.key("e"),
            account=bills[0].account,
            number=number,
            settled_on=day,
            period_from=year.first,
            period_to=year.last,
            lines=year.lines,
            invoice=settled and settled.key,
        )
    )


def _year(clerk: Clerk, premises: Premises, bills: Sequence[Bill], day: date, use: Use) -> Year:
    last = day.replace(day=1) - timedelta(days=1)
    first = max(shift(last.replace(day=1), -11), bills[0].due_on.replace(day=1))
    billed = [bill for bill in bills if bill.period and first <= bill.period[0] <= last]
    lines: list[SettlementLine] = []
    for name, (medium, description) in _MEDIA.items():
        paid_in = [item for bill in billed for item in bill.items if item.description == name]
        lines.append(
            SettlementLine(
                medium=medium,
                description=description,
                cost=Money(sum(_used(item, premises.used) for item in paid_in), clerk.currency),
                advances=Money(sum(item.amount for item in paid_in), clerk.currency),
                quantity=use.between(medium, first, last),
                unit=use.unit(medium),
            )
        )
    return Year(day, first, last, tuple(lines))


def _used(advance: Item, part: Decimal) -> int:
    """What was used instead of an advance, at its price."""
    quantity, net = Decimal(advance.quantity or 0), Decimal(advance.unit_price or 0)
    return priced(advance.description, quantity * part, "", net).amount


def _paper(clerk: Clerk, premises: Premises, account: str, number: str, year: Year) -> Bill:
    surplus = year.advances > year.cost
    cost, paid_in = (
        Item("Koszt mediów według odczytów i podziału", year.cost),
        Item("Wniesione zaliczki", year.advances),
    )
    return clerk.bill(
        account,
        number,
        f"Rozliczenie mediów {year.first:%m/%Y}–{year.last:%m/%Y}, {'nadpłata' if surplus else 'niedopłata'}",
        [paid_in, replace(cost, amount=-cost.amount)] if surplus else [cost, replace(paid_in, amount=-paid_in.amount)],
        issued_on=year.day,
        due_on=year.day if surplus else year.day + timedelta(days=30),
        kind=InvoiceKind.CREDIT_NOTE if surplus else InvoiceKind.INVOICE,
        period=(year.first, year.last),
        reference=osiedle.registered(clerk, premises.owner, year.day),
    )


def _count_in(clerk: Clerk, note: Bill, bills: list[Bill]) -> None:
    """A surplus is counted into the first bill after it; one after which no bill was written yet stays open."""
    following = next((bill for bill in bills if bill.issued_on > note.issued_on and bill.total > note.total), None)
    if following:
        following.items = (*following.items, Item(f"Zaliczenie nadpłaty {note.number}", -note.total))
        clerk.use_up(note, following.issued_on)
