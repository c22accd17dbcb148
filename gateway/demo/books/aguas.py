"""The book of `aguas`, a provincial water utility in Argentina: bimonthly invoices with two due dates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.records import (
    Address,
    ChargeStatus,
    EnrolmentKind,
    InvoiceKind,
    Licence,
    OfficialReference,
    PartyKind,
    PartyRole,
    PaymentStatus,
)
from ventanilla.gateway.demo.books import aguas_notices as news
from ventanilla.gateway.demo.books import aguas_plans as plans
from ventanilla.gateway.demo.books import aguas_roster as roster
from ventanilla.gateway.demo.books.aguas_meters import meter
from ventanilla.gateway.demo.books.aguas_parties import KNOWN
from ventanilla.gateway.demo.books.aguas_roster import Holder, Supply
from ventanilla.gateway.demo.books.bill import Bill, Item, cents, price, priced
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import after_weekend, before_weekend, month_end, near_weekend, shift
from ventanilla.gateway.demo.books.enrolments import enrol, leave
from ventanilla.gateway.demo.books.habits import settle
from ventanilla.gateway.demo.books.identity import cuit
from ventanilla.gateway.demo.books.interest_rates import argentina, enter_rates
from ventanilla.gateway.demo.books.notices import publish
from ventanilla.gateway.demo.books.parties import introduce

_BLOCKS = ((20, "412.35"), (20, "548.10"), (40, "771.90"), (10_000, "1064.25"))
"""Width of each block in m³ and its price of January 2024, net."""
_FIXED = Decimal(8_940)
_SEWER = Decimal("0.60")
_REGULATION = Decimal("0.0267")
_SURCHARGE = Decimal(3)
_METER = priced("Cambio de medidor DN 15", "1", "unidad", "68500.00", "21")
_LEAK_AT, _REISSUED_AT, _METER_AT = 3, 5, 2
"""How many invoices back each story happened."""


def book(anchor: date) -> Book:
    """What the commercial office knows on `anchor`."""
    clerk = Clerk("aguas", "ARS", ZoneInfo("America/Argentina/Buenos_Aires"), anchor)
    holders: dict[Holder, str] = {}
    enter_rates(clerk, argentina(anchor))
    for supply in roster.supplies(clerk.luck):
        if supply.holder not in holders:
            holders[supply.holder] = _party(clerk, supply.holder)
        _serve(clerk, supply, holders[supply.holder])
    for words in news.TO_ALL:
        publish(clerk, words)
    introduce(clerk, KNOWN)
    return clerk.book()


def _party(clerk: Clerk, holder: Holder) -> str:
    if holder.registered:
        return clerk.party(
            holder.name, ("CUIT", cuit(("30", "33"), holder.document)), PartyKind.COMPANY, email=holder.email
        )
    return clerk.party(holder.name, ("DNI", f"{holder.document:08}"), email=holder.email)


def _serve(clerk: Clerk, supply: Supply, holder: str) -> None:
    age = 60 * (supply.bills + 1) if supply.bills < 13 else clerk.luck.randrange(1_000, 9_000)
    opened_on = clerk.anchor - timedelta(days=age)
    account = _account(clerk, supply, holder, opened_on)
    bills = [_invoice(clerk, supply, account, back) for back in reversed(_periods(supply))]
    _before(clerk, supply, bills)
    settle(clerk, plans.not_agreed_before(supply, bills), supply.habit, _referrer)
    _after(clerk, supply, account, bills)
    plans.agree_all(clerk, supply, bills, _referrer)
    swapped_on = _in_period(bills[-1 - _METER_AT], 19) if supply.serial == roster.METER else None
    meter(clerk, supply, bills, opened_on, swapped_on)
    _enrol(clerk, supply, account, opened_on)


def _periods(supply: Supply) -> range:
    return range(4, supply.bills) if supply is roster.CLOSED else range(supply.bills)


def _in_period(bill: Bill, days: int) -> date | None:
    return bill.period and bill.period[0] + timedelta(days=days)


def _account(clerk: Clerk, supply: Supply, holder: str, opened_on: date) -> str:
    post_code, (latitude, longitude) = roster.TOWNS[supply.town]
    address = Address(
        lines=(supply.street,),
        locality=supply.town,
        region="Entre Ríos",
        postal_code=post_code,
        country="AR",
    )
    near = clerk.luck.randrange(-90, 90) / 10_000, clerk.luck.randrange(-90, 90) / 10_000
    point = round(latitude + near[0], 4), round(longitude + near[1], 4)
    return clerk.account(
        supply.number,
        Licence.UTILITY,
        "Suministro de agua y cloacas",
        holder,
        held_as=PartyRole.OWNER if supply.holder is roster.RUBEN else PartyRole.HOLDER,
        place=clerk.place(supply.street, address, point),
        unit=clerk.unit(supply.label, supply.use, building=_building(clerk, supply, address, point)),
        opened_on=opened_on,
        closed_on=shift(clerk.anchor, -7) if supply is roster.CLOSED else None,
        suspended=supply.holder is roster.NORMA,
    )


def _building(clerk: Clerk, supply: Supply, address: Address, point: tuple[float, float]) -> str | None:
    """The building of those who administer one; the utility keeps no other, and tells it of the tank on its roof."""
    if supply.holder is not roster.GRACIELA:
        return None
    floors = supply.m3 // 25
    building = clerk.building(supply.label, address, point, built_in=1958 + supply.serial % 7 * 9, units=floors * 4)
    if supply is roster.BUILDINGS[0]:
        publish(clerk, news.TANK, buildings=(building,))
    return building


def _enrol(clerk: Clerk, supply: Supply, account: str, opened_on: date) -> None:
    """Who gave an address gets invoices by e-mail; who pays by debit is enrolled; Marta tried that and gave it up."""
    year_ago = shift(clerk.anchor, -12)
    if supply.holder.email and supply.holder is not roster.NORMA:
        enrol(clerk, account, EnrolmentKind.E_INVOICE, max(opened_on, shift(year_ago, -5)), "Oficina virtual")
    if supply.habit.methods == (roster.DEBIT,):
        enrol(clerk, account, EnrolmentKind.DIRECT_DEBIT, opened_on + timedelta(days=4), "Sucursal")
    if supply.serial == roster.METER:
        leave(clerk, account, EnrolmentKind.DIRECT_DEBIT, year_ago, "Teléfono")


# -- invoices ----------------------------------------------------------------------------------------------------


def _invoice(clerk: Clerk, supply: Supply, account: str, back: int, *, again: int = 0) -> Bill:
    """Bill the two months before; `again` is how many days after a wrong invoice this one replaces it."""
    usual = near_weekend(shift(clerk.anchor - timedelta(days=supply.route), -2 * back))
    issued = usual + timedelta(days=again)
    first = shift(usual.replace(day=1), -2)
    last = month_end(shift(first, 1))
    letter = "A" if supply.holder.registered else "B"
    due = after_weekend(issued + timedelta(days=15))
    return clerk.bill(
        account,
        f"{letter} 0012-{clerk.serial(issued, int(account[1:])):08}",
        f"Agua y cloacas, período {first:%m}-{last:%m/%Y}",
        _items(clerk, supply, first, back),
        issued_on=issued,
        due_on=due,
        period=(first, last),
        surcharge=(after_weekend(due + timedelta(days=10)), _SURCHARGE),
        reference=_cae(clerk, issued),
    )


def _items(clerk: Clerk, supply: Supply, first: date, back: int) -> list[Item]:
    tax = "27" if supply.holder.registered else "21"
    prices = _prices(first)
    used = _cubic_metres(clerk, supply, first)
    if supply.serial == roster.LEAK and back == _LEAK_AT:
        used *= 5
    water = [
        priced("Cargo fijo de agua potable", "1", "bimestre", price(_FIXED * prices), tax),
        *_consumption(used, prices, tax),
    ]
    net = sum((Decimal(item.unit_price or 0) * Decimal(item.quantity or 0) for item in water), Decimal(0))
    sewer = priced("Desagües cloacales (60 % del servicio de agua)", "1", "bimestre", price(net * _SEWER), tax)
    regulation = Item("Tasa de regulación y control (2,67 %)", cents(net * (1 + _SEWER) * _REGULATION))
    meter = [_METER] if supply.serial == roster.METER and back == _METER_AT else []
    return [*water, sewer, regulation, *_interest(supply, net, back), *meter]


def _consumption(used: int, prices: Decimal, tax: str) -> list[Item]:
    items: list[Item] = []
    start = 0
    for width, base in _BLOCKS:
        part = min(width, used - start)
        if part > 0:
            top = f"{start}–{start + width} m³" if width < 10_000 else f"más de {start} m³"
            items.append(priced(f"Consumo medido, tramo {top}", str(part), "m³", price(Decimal(base) * prices), tax))
        start += width
    return items


def _interest(supply: Supply, net: Decimal, back: int) -> list[Item]:
    """Interest for what was left unpaid before, where there are several unpaid invoices."""
    older = supply.habit.owes - 1 - back
    if older <= 0 or supply.habit.owes < 2:
        return []
    return [Item("Intereses resarcitorios por mora", cents(net * older / 100 * 6))]


def _prices(month: date) -> Decimal:
    return roster.GROWTH ** ((month.year - 2024) * 12 + month.month - 1)


def _cubic_metres(clerk: Clerk, supply: Supply, first: date) -> int:
    summer = Decimal("1.25") if first.month in {11, 12, 1, 2} else Decimal(1)
    return int(supply.m3 * summer) + clerk.luck.randint(-3, 4)


def _cae(clerk: Clerk, issued: date) -> OfficialReference:
    return OfficialReference(scheme="CAE", value=f"{issued.year - 1950}{issued:%W}{clerk.digits(10)}")


# -- what is out of the ordinary ---------------------------------------------------------------------------------


def _before(clerk: Clerk, supply: Supply, bills: list[Bill]) -> None:
    """One invoice was cancelled before it was paid, and issued anew."""
    if supply.serial == roster.REISSUED:
        wrong = bills[-1 - _REISSUED_AT]
        wrong.cancelled = True
        bills.insert(-_REISSUED_AT, _invoice(clerk, supply, wrong.account, _REISSUED_AT, again=7))


def _after(clerk: Clerk, supply: Supply, account: str, bills: list[Bill]) -> None:
    if supply.serial == roster.LEAK:
        _credit_leak(clerk, account, bills[-1 - _LEAK_AT])
    if supply.holder is roster.HECTOR:
        _pay(clerk, bills[-1], clerk.anchor - timedelta(days=3), roster.RAPIPAGO, amount=20_000_000)
    if supply.serial == roster.METER:
        _charge_meter(clerk, account, bills[-1 - _METER_AT])
    if supply.holder is roster.NORMA:
        clerk.charge(account, "Reconexión del servicio", 5_420_000, clerk.anchor - timedelta(days=12))
        clerk.charge(account, "Notificación fehaciente de deuda", 1_185_000, clerk.anchor - timedelta(days=40))
    _odd_payments(clerk, supply, bills)


def _charge_meter(clerk: Clerk, account: str, bill: Bill) -> None:
    """A new meter was charged and billed; the inspection after it is not billed yet."""
    clerk.charge(account, _METER.description, _METER.amount, bill.issued_on, invoice=bill)
    inspection = "Inspección domiciliaria por pérdida interna"
    clerk.charge(account, inspection, 2_875_000, clerk.anchor - timedelta(days=9))
    day = clerk.anchor - timedelta(days=75)
    clerk.charge(account, "Certificado de libre deuda", 960_000, day, status=ChargeStatus.CANCELLED)


def _credit_leak(clerk: Clerk, account: str, leak: Bill) -> None:
    """What the leak ran up comes back, since it was the utility's own; the credit is not used up yet."""
    day = before_weekend(clerk.anchor - timedelta(days=25))
    clerk.bill(
        account,
        f"B 0012-{clerk.serial(day, 99) // 10:08}",
        f"Nota de crédito por pérdida en la red, factura {leak.number}",
        [Item("Ajuste de consumo por pérdida no imputable al usuario", leak.total * 7 // 10)],
        issued_on=day,
        due_on=day,
        kind=InvoiceKind.CREDIT_NOTE,
        period=leak.period,
        reference=_cae(clerk, day),
    )


def _odd_payments(clerk: Clerk, supply: Supply, bills: list[Bill]) -> None:
    if supply.serial == roster.BOUNCED:
        _pay(clerk, bills[-2], bills[-2].due_on, roster.DEBIT, status=PaymentStatus.REVERSED)
    if supply.serial == roster.WAITING:
        _pay(clerk, bills[-1], clerk.anchor - timedelta(days=1), roster.PAGO_FACIL, status=PaymentStatus.PENDING)
    if supply.holder is roster.NORMA:
        _pay(clerk, bills[-2], bills[-2].due_on, roster.CARD, status=PaymentStatus.FAILED)


def _pay(
    clerk: Clerk,
    bill: Bill,
    day: date,
    method: str,
    *,
    amount: int | None = None,
    status: PaymentStatus | None = None,
) -> None:
    clerk.pay(
        bill.account,
        amount or bill.total,
        day,
        method=method,
        reference=_referrer(clerk, method, bill, day),
        bills=[bill],
        status=status,
    )


def _referrer(clerk: Clerk, method: str, bill: Bill, day: date) -> str:
    match method:
        case roster.DEBIT:
            return f"DA {day:%d%m%y}-{bill.number[-6:]}"
        case roster.CARD:
            return f"Operación {clerk.digits(12)}"
        case roster.HOME_BANKING:
            return f"Transacción {clerk.digits(4)} {clerk.digits(4)}"
        case _:
            return f"Ticket {clerk.digits(4)}-{clerk.digits(8)}"
