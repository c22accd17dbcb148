"""The book of `wspolnoty`, the communities of `osiedle`: costs of management, repair fund, media and settlements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.records import InvoiceKind, Licence, PaymentStatus, UnitKind
from ventanilla.gateway.demo.books import osiedle
from ventanilla.gateway.demo.books.bill import Bill, Item, price, priced
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import month_end, month_pl, shift
from ventanilla.gateway.demo.books.habits import Habit, settle
from ventanilla.gateway.demo.books.osiedle import Someone

_RISE = Decimal("1.04")
_MANAGEMENT, _FUND = Decimal("3.45"), Decimal("2.60")
_HEAT, _COLD, _HOT, _WASTE = Decimal("4.90"), Decimal("13.12"), Decimal("41.80"), Decimal("29.00")


@dataclass(frozen=True, slots=True)
class Community:
    """A community of owners; media are settled once a year, `settled_ago` days before the anchor's day of the year."""

    serial: int
    name: str
    street: str
    postal_code: str
    locality: str
    point: tuple[float, float]
    settled_ago: int


GDANSKA = Community(
    1, "Wspólnota Mieszkaniowa Gdańska 288", "ul. Gdańska 288", "85-021", "Bydgoszcz", (53.1372, 18.0046), 9
)
BYDGOSKA = Community(
    2, "Wspólnota Mieszkaniowa Bydgoskie Tarasy", "ul. Bydgoska 194", "87-100", "Toruń", (53.0151, 18.5793), 130
)
KUJAWSKA = Community(
    3, "Wspólnota Mieszkaniowa Kujawska 212", "ul. Kujawska 212", "85-031", "Bydgoszcz", (53.1124, 18.0127), 47
)
_COMMUNITIES = (GDANSKA, BYDGOSKA, KUJAWSKA)


@dataclass(frozen=True, slots=True)
class Premises:
    """Premises in a community, their owner, and how much of a year's advances was `used`: above 1, more is owed."""

    community: Community
    door: int
    owner: Someone
    area: Decimal
    persons: int
    habit: Habit
    used: Decimal
    kind: UnitKind = UnitKind.FLAT

    @property
    def code(self) -> str:
        """Community and door, as document numbers end."""
        return f"{self.community.serial}{self.door:03}"

    def number(self, licence: Licence) -> str:
        """``W1-015-K`` for the costs of the community, ``W1-015-M`` for media."""
        return f"W{self.community.serial}-{self.door:03}-{'K' if licence is Licence.COMMUNITY else 'M'}"


_SURPLUS, _MISSING = Decimal("0.94"), Decimal("1.08")
_WITH_A_STORY = (
    Premises(GDANSKA, 15, osiedle.KATARZYNA, Decimal("54.30"), 3, osiedle.PROMPT, _MISSING),
    Premises(BYDGOSKA, 7, osiedle.EWA, Decimal("71.85"), 2, osiedle.PHONE, _SURPLUS),
    Premises(KUJAWSKA, 1, osiedle.BILANS, Decimal("63.00"), 1, osiedle.STANDING, _MISSING, UnitKind.OFFICE),
    *(
        Premises(community, door, osiedle.ANDRZEJ, Decimal(area), 2, habit, used)
        for community, door, area, habit, used in (
            (GDANSKA, 3, "38.40", osiedle.PROMPT, _SURPLUS),
            (GDANSKA, 4, "42.10", osiedle.PROMPT, _MISSING),
            (GDANSKA, 22, "36.95", osiedle.LATE, _MISSING),
            (BYDGOSKA, 11, "57.60", osiedle.PROMPT, _MISSING),
            (BYDGOSKA, 12, "57.60", osiedle.BEHIND, _SURPLUS),
            (KUJAWSKA, 6, "44.75", osiedle.PROMPT, _SURPLUS),
        )
    ),
)
_HABITS = (osiedle.PROMPT, osiedle.PROMPT, osiedle.PHONE, osiedle.STANDING, osiedle.LATE, osiedle.PARTLY)


def book(anchor: date) -> Book:
    """What the office of the communities knows on `anchor`."""
    clerk = Clerk("wspolnoty", "PLN", osiedle.ZONE, anchor)
    places = {
        it: clerk.place(it.name, osiedle.address(it.street, it.postal_code, it.locality), it.point)
        for it in _COMMUNITIES
    }
    owners: dict[Someone, str] = {}
    for premises in (*_WITH_A_STORY, *_drawn(clerk.luck)):
        if premises.owner not in owners:
            owners[premises.owner] = osiedle.party(clerk, premises.owner)
        _keep(clerk, premises, places[premises.community], owners[premises.owner])
    return clerk.book()


def _drawn(luck: Random) -> Iterator[Premises]:
    for at in range(27):
        yield Premises(
            _COMMUNITIES[at % 3],
            31 + at // 3,
            osiedle.somebody(luck, at + 7),
            Decimal(luck.randrange(3_400, 8_600)) / 100,
            luck.randrange(1, 5),
            luck.choice(_HABITS),
            Decimal(luck.randrange(93, 114)) / 100,
        )


def _keep(clerk: Clerk, premises: Premises, place: str, owner: str) -> None:
    unit = clerk.unit(f"Lokal {premises.door}", premises.kind, str(premises.area))
    opened = osiedle.months(clerk.anchor)[0] - timedelta(days=30 * clerk.luck.randrange(2, 150))
    costs, media = (
        clerk.account(premises.number(licence), licence, title, owner, place=place, unit=unit, opened_on=opened)
        for licence, title in (
            (Licence.COMMUNITY, "Koszty zarządu i fundusz remontowy"),
            (Licence.UTILITY, "Media: woda, ciepło, odpady"),
        )
    )
    _charge_costs(clerk, premises, costs)
    _charge_media(clerk, premises, media)


def _charge_costs(clerk: Clerk, premises: Premises, account: str) -> None:
    bills = [_bill(clerk, premises, account, month, Licence.COMMUNITY) for month in osiedle.months(clerk.anchor)]
    settle(clerk, bills, premises.habit, osiedle.referrer)
    if premises.owner is osiedle.EWA:
        osiedle.pay(clerk, bills[-1:], 4, osiedle.BLIK, amount=120_000)
    if premises.owner is osiedle.KATARZYNA:
        clerk.charge(account, "Udział w remoncie balkonów, rata 1 z 4", 45_000, clerk.anchor - timedelta(days=7))
        osiedle.pay(clerk, bills[-1:], 1, osiedle.BLIK, amount=bills[-1].total, status=PaymentStatus.FAILED)


def _charge_media(clerk: Clerk, premises: Premises, account: str) -> None:
    months = osiedle.months(clerk.anchor)
    bills = [_bill(clerk, premises, account, month, Licence.UTILITY) for month in months]
    for years in (1, 0):
        day = shift(clerk.anchor - timedelta(days=premises.community.settled_ago), -12 * years)
        _settle_year(clerk, premises, bills, day)
    settle(clerk, sorted(bills, key=lambda bill: bill.due_on), premises.habit, osiedle.referrer)


def _bill(clerk: Clerk, premises: Premises, account: str, month: date, licence: Licence) -> Bill:
    day = osiedle.issued_on(month)
    media = licence is Licence.UTILITY
    title = "Zaliczki na media" if media else "Zaliczka na koszty zarządu i fundusz remontowy"
    return clerk.bill(
        account,
        f"{'M' if media else 'Z'}/{month:%Y/%m}/{premises.code}",
        f"{title}, {month_pl(month)}",
        _media(premises, month) if media else _costs(premises, month),
        issued_on=day,
        due_on=osiedle.due_on(month),
        period=(month, month_end(month)),
        reference=osiedle.registered(clerk, premises.owner, day) if media else None,
    )


def _costs(premises: Premises, month: date) -> list[Item]:
    rise = _RISE ** (month.year - 2024)
    return [
        priced("Zaliczka na koszty zarządu nieruchomością wspólną", premises.area, "m²", price(_MANAGEMENT * rise)),
        priced("Fundusz remontowy", premises.area, "m²", price(_FUND * rise)),
    ]


def _media(premises: Premises, month: date) -> list[Item]:
    rise = _RISE ** (month.year - 2024)
    people = premises.persons
    return [
        priced("Zaliczka na centralne ogrzewanie", premises.area, "m²", price(_HEAT * rise)),
        priced("Zaliczka na zimną wodę i ścieki", f"{people * 3}.0", "m³", price(_COLD * rise)),
        priced("Zaliczka na podgrzanie wody", f"{people * 1}.5", "m³", price(_HOT * rise)),
        priced("Gospodarowanie odpadami komunalnymi", str(people), "os.", price(_WASTE * rise)),
    ]


# -- the yearly settlement of media ------------------------------------------------------------------------------


def _settle_year(clerk: Clerk, premises: Premises, bills: list[Bill], day: date) -> None:
    """Compare a year's advances with what was used: what is missing is an invoice, a surplus a credit note."""
    last = day.replace(day=1) - timedelta(days=1)
    first = max(shift(last.replace(day=1), -11), bills[0].due_on.replace(day=1))
    advances = sum(bill.total for bill in bills if bill.period and first <= bill.period[0] <= last)
    over = int(advances * premises.used) - advances
    cost = Item("Koszt mediów według odczytów i podziału", advances + over)
    paid_in = Item("Wniesione zaliczki", advances)
    account = bills[0].account
    if over > 0:
        items = [cost, replace(paid_in, amount=-advances)]
        bills.append(_settlement(clerk, premises, account, items, issued_on=day, period=(first, last)))
    elif over < 0:
        items = [paid_in, replace(cost, amount=-cost.amount)]
        note = _settlement(clerk, premises, account, items, issued_on=day, period=(first, last), surplus=True)
        _count_in(clerk, note, bills)


def _settlement(
    clerk: Clerk,
    premises: Premises,
    account: str,
    items: list[Item],
    *,
    issued_on: date,
    period: tuple[date, date],
    surplus: bool = False,
) -> Bill:
    return clerk.bill(
        account,
        f"R/{issued_on:%Y/%m}/{premises.code}",
        f"Rozliczenie mediów {period[0]:%m/%Y}–{period[1]:%m/%Y}, {'nadpłata' if surplus else 'niedopłata'}",
        items,
        issued_on=issued_on,
        due_on=issued_on if surplus else issued_on + timedelta(days=30),
        kind=InvoiceKind.CREDIT_NOTE if surplus else InvoiceKind.INVOICE,
        period=period,
        reference=osiedle.registered(clerk, premises.owner, issued_on),
    )


def _count_in(clerk: Clerk, note: Bill, bills: list[Bill]) -> None:
    """A surplus is counted into the first bill after it; one after which no bill was written yet stays open."""
    following = next((bill for bill in bills if bill.issued_on > note.issued_on and bill.total > note.total), None)
    if following:
        following.items = (*following.items, Item(f"Zaliczenie nadpłaty {note.number}", -note.total))
        clerk.use_up(note, following.issued_on)
