"""The book of `czynsze`, the rent ledger of `osiedle`: flats, garages and a shop, as a desktop program exports them.

Texts keep to the letters of Windows-1250, which the program writes: square and cubic metres are ``m2`` and ``m3``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.records import (
    ChargeStatus,
    InvoiceKind,
    Licence,
    PartyRole,
    PaymentStatus,
    TitleKind,
    UnitKind,
)
from ventanilla.gateway.demo.books import osiedle
from ventanilla.gateway.demo.books.accruals import accrue
from ventanilla.gateway.demo.books.bill import Bill, Item, price, priced
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.czynsze_parties import KNOWN
from ventanilla.gateway.demo.books.dates import month_end, month_pl, shift
from ventanilla.gateway.demo.books.habits import Habit, settle
from ventanilla.gateway.demo.books.interest_rates import POLAND, enter_rates
from ventanilla.gateway.demo.books.osiedle import Someone
from ventanilla.gateway.demo.books.parties import introduce
from ventanilla.gateway.demo.books.payment_plans import Terms, agree

_RISE = Decimal("1.045")
"""By what rates are multiplied each January, from 2024 on."""
_WATER, _HEAT, _WASTE = Decimal("12.86"), Decimal("4.35"), Decimal("28.00")
_RENT, _ADVANCE = TitleKind.RENT, TitleKind.UTILITY_ADVANCE
_BYDGOSZCZ = "Bydgoszcz"


@dataclass(frozen=True, slots=True)
class House:
    """A building and its monthly rent per m² in 2024."""

    serial: int
    name: str
    street: str
    postal_code: str
    point: tuple[float, float]
    rate: Decimal
    built_in: int
    units: int


SNIADECKICH = House(
    1, "Budynek komunalny", "ul. Śniadeckich 148", "85-011", (53.1299, 18.0079), Decimal("9.40"), 1957, 28
)
CHROBREGO = House(2, "Kamienica", "ul. Chrobrego 37", "85-047", (53.1312, 17.9987), Decimal("10.15"), 1904, 15)
TBS = House(3, "Dom TBS", "ul. Fordońska 618", "85-790", (53.1436, 18.1402), Decimal("15.90"), 2008, 40)
GARAGES = House(
    4, "Zespół garażowy", "ul. Wyczółkowskiego 92", "85-092", (53.1341, 18.0263), Decimal("11.20"), 1986, 30
)
_HOUSES = (SNIADECKICH, CHROBREGO, TBS, GARAGES)


@dataclass(frozen=True, slots=True)
class Let:
    """Premises let to somebody; `occupant` counts the tenants that the program has ever entered."""

    house: House
    door: int
    occupant: int
    tenant: Someone
    area: Decimal
    persons: int
    habit: Habit
    kind: UnitKind = UnitKind.FLAT

    @property
    def number(self) -> str:
        """Building, premises and tenant, as in ``01-012-0034``."""
        return f"{self.house.serial:02}-{self.door:03}-{self.occupant:04}"


_GARAGE = Decimal("16.50")
_WITH_A_STORY = (
    Let(GARAGES, 17, 3, osiedle.KATARZYNA, _GARAGE, 0, osiedle.BEHIND, UnitKind.GARAGE),
    Let(SNIADECKICH, 12, 34, osiedle.STANISLAW, Decimal("48.20"), 1, osiedle.PROMPT),
    Let(TBS, 9, 112, osiedle.JOANNA, Decimal("61.75"), 3, osiedle.PHONE),
    Let(CHROBREGO, 1, 58, osiedle.APTEKA, Decimal("112.40"), 0, osiedle.STANDING, UnitKind.SHOP),
    Let(SNIADECKICH, 4, 21, osiedle.ZENON, Decimal("36.80"), 2, osiedle.IN_DEBT),
    Let(GARAGES, 18, 61, osiedle.ANDRZEJ, _GARAGE, 0, osiedle.PROMPT, UnitKind.GARAGE),
)
_HABITS = (osiedle.PROMPT, osiedle.PROMPT, osiedle.PHONE, osiedle.STANDING, osiedle.DESK, osiedle.LATE, osiedle.PARTLY)
_TITLES = {
    UnitKind.FLAT: "Najem lokalu mieszkalnego",
    UnitKind.GARAGE: "Najem garażu",
    UnitKind.SHOP: "Najem lokalu użytkowego",
}
_LABELS = {UnitKind.FLAT: "Lokal", UnitKind.GARAGE: "Garaż", UnitKind.SHOP: "Lokal użytkowy"}
_CLOSED = 207
"""The occupant who moved out seven months ago."""


def book(anchor: date) -> Book:
    """What the desktop program exports on the evening of `anchor`; every account states its balance."""
    clerk = Clerk("czynsze", "PLN", osiedle.ZONE, anchor)
    enter_rates(clerk, POLAND)
    places = {house: _place(clerk, house) for house in _HOUSES}
    for let in (*_WITH_A_STORY, *_drawn(clerk.luck)):
        _bill_all(clerk, let, *places[let.house])
    introduce(clerk, KNOWN)
    accrue(clerk)
    return clerk.book(stated=True)


def _place(clerk: Clerk, house: House) -> tuple[str, str]:
    """The keys of a house as a property and as a building."""
    address = osiedle.address(house.street, house.postal_code, _BYDGOSZCZ)
    building = clerk.building(house.name, address, house.point, built_in=house.built_in, units=house.units)
    return clerk.place(house.name, address, house.point), building


def _drawn(luck: Random) -> Iterator[Let]:
    doors = [(SNIADECKICH, door) for door in range(13, 29)] + [(CHROBREGO, door) for door in range(2, 16)]
    doors += [(TBS, door) for door in range(10, 23)] + [(GARAGES, door) for door in range(19, 23)]
    for at, (house, door) in enumerate(doors):
        garage = house is GARAGES
        area = _GARAGE if garage else Decimal(luck.randrange(2_900, 7_400)) / 100
        yield Let(
            house,
            door,
            201 + at,
            osiedle.somebody(luck, at),
            area,
            0 if garage else luck.randrange(1, 6),
            luck.choice(_HABITS),
            UnitKind.GARAGE if garage else UnitKind.FLAT,
        )


def _bill_all(clerk: Clerk, let: Let, place: str, building: str) -> None:
    months = osiedle.months(clerk.anchor)
    if let.occupant == _CLOSED:
        months = months[:-7]
    opened_on = months[0] - timedelta(days=30 * clerk.luck.randrange(1, 200))
    account = clerk.account(
        let.number,
        Licence.RENT,
        _TITLES[let.kind],
        osiedle.party(clerk, let.tenant),
        held_as=PartyRole.TENANT,
        place=place,
        unit=clerk.unit(f"{_LABELS[let.kind]} {let.door}", let.kind, str(let.area), building),
        opened_on=opened_on,
        closed_on=month_end(months[-1]) if let.occupant == _CLOSED else None,
    )
    bills = [_bill(clerk, let, account, month) for month in months]
    _before(clerk, let, bills)
    habit = osiedle.PROMPT if let.occupant == _CLOSED else let.habit
    settle(clerk, bills, habit, osiedle.referrer)
    _after(clerk, let, account, bills)
    osiedle.enrol_payer(clerk, account, let.tenant, let.habit, opened_on)


def _bill(clerk: Clerk, let: Let, account: str, month: date) -> Bill:
    series = "FV" if let.tenant.company else "N"
    day = osiedle.issued_on(month)
    return clerk.bill(
        account,
        f"{series}/{month:%Y/%m}/{let.house.serial:02}{let.door:03}",
        f"Opłaty za lokal, {month_pl(month)}" if let.kind is not UnitKind.GARAGE else f"Czynsz, {month_pl(month)}",
        _items(let, month),
        issued_on=day,
        due_on=osiedle.due_on(month),
        period=(month, month_end(month)),
        reference=osiedle.registered(clerk, let.tenant, day),
    )


def _items(let: Let, month: date) -> list[Item]:
    rise = _RISE ** (month.year - 2024)
    if let.kind is UnitKind.GARAGE:
        return [priced("Czynsz za garaż", let.area, "m2", price(let.house.rate * rise), "23", title=_RENT)]
    if let.kind is UnitKind.SHOP:
        return [
            priced("Czynsz za lokal użytkowy", let.area, "m2", price(Decimal(46) * rise), "23", title=_RENT),
            priced("Zaliczka na centralne ogrzewanie", let.area, "m2", price(_HEAT * rise), "23", title=_ADVANCE),
            priced("Zaliczka na zimną wodę i ścieki", "4.0", "m3", price(_WATER * rise), "8", title=_ADVANCE),
        ]
    water, waste = price(_WATER * rise), price(_WASTE * rise)
    return [
        priced("Czynsz najmu", let.area, "m2", price(let.house.rate * rise), title=_RENT),
        priced("Zaliczka na zimną wodę i ścieki", f"{let.persons * 3}.0", "m3", water, title=_ADVANCE),
        priced("Zaliczka na centralne ogrzewanie", let.area, "m2", price(_HEAT * rise), title=_ADVANCE),
        priced("Gospodarowanie odpadami komunalnymi", str(let.persons), "os.", waste, title=TitleKind.OTHER),
    ]


# -- what is out of the ordinary ---------------------------------------------------------------------------------


def _before(clerk: Clerk, let: Let, bills: list[Bill]) -> None:
    """A bill for one person too many was cancelled and written anew; a surplus of water advances was counted in."""
    if let.tenant is osiedle.JOANNA:
        wrong = bills[-5]
        wrong.cancelled = True
        bills[-5] = clerk.bill(
            wrong.account,
            f"{wrong.number}/K",
            wrong.title,
            wrong.items,
            issued_on=wrong.issued_on + timedelta(days=3),
            due_on=wrong.due_on,
            period=wrong.period,
        )
    if let.occupant % 6 == 0 and not let.tenant.company:
        _count_in(clerk, bills[-4], 6_000 + let.occupant * 37)


def _count_in(clerk: Clerk, bill: Bill, surplus: int) -> None:
    day = bill.issued_on
    note = _surplus(clerk, bill, day, surplus)
    bill.items = (*bill.items, Item(f"Zaliczenie nadpłaty {note.number}", -surplus))
    clerk.use_up(note, day)


def _surplus(clerk: Clerk, bill: Bill, day: date, surplus: int) -> Bill:
    first = shift(day.replace(day=1), -6)
    return clerk.bill(
        bill.account,
        f"KOR/{day:%Y/%m}/{bill.number[-5:]}",
        f"Rozliczenie zaliczek na wodę {first:%m/%Y}–{day - timedelta(days=day.day):%m/%Y}, nadpłata",
        [
            Item("Wniesione zaliczki na wodę", surplus * 5),
            Item("Koszt wody według odczytów wodomierzy", -surplus * 4),
        ],
        issued_on=day,
        due_on=day,
        kind=InvoiceKind.CREDIT_NOTE,
        period=(first, day - timedelta(days=day.day)),
    )


def _after(clerk: Clerk, let: Let, account: str, bills: list[Bill]) -> None:
    if let.tenant is osiedle.KATARZYNA:
        clerk.charge(account, "Dodatkowy pilot do bramy", 12_900, clerk.anchor - timedelta(days=6))
    if let.tenant is osiedle.STANISLAW:
        osiedle.pay(clerk, bills[-1:], 2, osiedle.TRANSFER, amount=150_000)
        _surplus(clerk, bills[-1], clerk.anchor - timedelta(days=20), 8_640)
    if let.tenant is osiedle.APTEKA:
        returned = bills[-3]
        days = (clerk.anchor - returned.due_on).days + 1
        osiedle.pay(clerk, [returned], days, osiedle.DEBIT, amount=returned.total, status=PaymentStatus.REVERSED)
    if let.tenant is osiedle.ZENON:
        _remind(clerk, account, bills)
        _agree(clerk, bills)


def _remind(clerk: Clerk, account: str, bills: list[Bill]) -> None:
    day = clerk.anchor - timedelta(days=16)
    clerk.bill(
        account,
        f"NO/{day:%Y/%m}/{bills[-1].number[-5:]}",
        "Nota odsetkowa za opóźnienie w zapłacie czynszu",
        [Item("Odsetki ustawowe za opóźnienie", 11_842), Item("Koszt wezwania do zapłaty", 1_500)],
        issued_on=day,
        due_on=day + timedelta(days=14),
        kind=InvoiceKind.DEBIT_NOTE,
    )
    clerk.charge(account, "Opłata za wymianę wodomierza", 18_600, day)
    clerk.charge(account, "Koszt wezwania", 1_500, day, status=ChargeStatus.CANCELLED)


def _agree(clerk: Clerk, bills: list[Bill]) -> None:
    """The four oldest of what Zenon owes are paid in six instalments."""
    day = clerk.anchor - timedelta(days=45)
    unpaid = [bill for bill in bills if bill.due_on < clerk.anchor and not bill.paid_at]
    terms = Terms(f"UR/{day:%Y/%m}/021", day, 6, 2, osiedle.COUNTER, 10, "0.5", "Odsetki układu ratalnego")
    agree(clerk, unpaid[:4], terms, osiedle.referrer)
