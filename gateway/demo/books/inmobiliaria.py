"""The book of `inmobiliaria`, a letting agency in Colombia: rents in advance, and what landlords get of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha384
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
    TitleKind,
)
from ventanilla.gateway.demo.books import inmobiliaria_notices as news
from ventanilla.gateway.demo.books import inmobiliaria_plans as plans
from ventanilla.gateway.demo.books import inmobiliaria_roster as roster
from ventanilla.gateway.demo.books.accruals import accrue
from ventanilla.gateway.demo.books.bill import Bill, Item, priced
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import after_weekend, month_es, shift
from ventanilla.gateway.demo.books.enrolments import enrol, leave
from ventanilla.gateway.demo.books.habits import settle
from ventanilla.gateway.demo.books.identity import nit
from ventanilla.gateway.demo.books.inmobiliaria_parties import KNOWN
from ventanilla.gateway.demo.books.inmobiliaria_roster import Building, Lease, Someone
from ventanilla.gateway.demo.books.interest_rates import colombia, enter_rates
from ventanilla.gateway.demo.books.notices import publish
from ventanilla.gateway.demo.books.parties import introduce

_HISTORY = 26
"""How many months back documents are kept, at least two years."""
_AHEAD = timedelta(days=10)
"""How long before its month a rent is billed."""
_GUARANTEE = Decimal("0.023") * Decimal("1.19")
_WITHHELD = Decimal("0.035")
_PER_MILLE = 1_000


def book(anchor: date) -> Book:
    """What the rent office knows on `anchor`."""
    clerk = Clerk("inmobiliaria", "COP", ZoneInfo("America/Bogota"), anchor)
    people: dict[Someone, str] = {}
    enter_rates(clerk, colombia(anchor))
    places = {building: _place(clerk, building) for building in roster.BUILDINGS}
    for lease in roster.leases(clerk.luck):
        for someone in (lease.tenant, lease.landlord):
            if someone not in people:
                people[someone] = _party(clerk, someone)
        _let(clerk, lease, places[lease.building], people)
    for words in news.TO_ALL:
        publish(clerk, words)
    publish(clerk, news.LIFT, buildings=(places[roster.GUAYACANES].building,))
    introduce(clerk, KNOWN)
    accrue(clerk)
    return clerk.book()


@dataclass(frozen=True, slots=True)
class Place:
    """The keys of a building: as a property, and as what units are in."""

    key: str
    building: str


def _party(clerk: Clerk, someone: Someone) -> str:
    if someone.company:
        return clerk.party(someone.name, ("NIT", nit(someone.document)), PartyKind.COMPANY, email=someone.email)
    return clerk.party(someone.name, ("CC", str(someone.document)), email=someone.email)


def _place(clerk: Clerk, building: Building) -> Place:
    address = Address(
        lines=(building.street,),
        locality=building.locality,
        region=building.region,
        postal_code=building.postal_code,
        country="CO",
    )
    at = building.point
    house = clerk.building(building.name, address, at, built_in=building.built_in, units=building.units)
    return Place(clerk.place(building.name, address, at), house)


def _let(clerk: Clerk, lease: Lease, place: Place, people: dict[Someone, str]) -> None:
    starts = list(_starts(clerk.anchor, lease))
    began = shift(starts[-1], 1 - lease.months)
    unit = clerk.unit(lease.label, lease.kind, lease.area, place.building)
    title = "Arrendamiento de local comercial" if lease.commercial else "Arrendamiento de vivienda"
    rent, mandate = (
        clerk.account(
            number, Licence.RENT, name, people[holder], held_as=role, place=place.key, unit=unit, opened_on=began
        )
        for number, name, holder, role in (
            (lease.number, title, lease.tenant, PartyRole.TENANT),
            (lease.mandate, "Administración de inmueble arrendado", lease.landlord, PartyRole.OWNER),
        )
    )
    bills = [_rent(clerk, lease, rent, start, began) for start in starts]
    _before(clerk, lease, bills)
    settle(clerk, bills, lease.habit, _referrer)
    _after(clerk, lease, rent, bills)
    plans.agree_all(clerk, lease, bills, _referrer)
    _enrol(clerk, lease, rent, mandate, began)
    for bill, start in zip(bills, starts, strict=False):
        _pay_out(clerk, lease, mandate, bill, start)
    _landlord_notes(clerk, lease, mandate)


def _starts(anchor: date, lease: Lease) -> Iterator[date]:
    """First days of the billed months, oldest first."""
    if lease.starts_in is None:
        following = shift(anchor.replace(day=1), 1)
        newest = following if anchor >= following - _AHEAD else shift(following, -1)
    else:
        newest = anchor + timedelta(days=lease.starts_in)
    for back in reversed(range(min(lease.months, _HISTORY))):
        yield shift(newest, -back)


# -- rents -------------------------------------------------------------------------------------------------------


def _rent(clerk: Clerk, lease: Lease, account: str, start: date, began: date) -> Bill:
    issued = start - _AHEAD
    number = f"GYC-{clerk.serial(issued, lease.serial % 100)}"
    return clerk.bill(
        account,
        number,
        f"Arrendamiento, {_month(start)}",
        _items(lease, start, began),
        issued_on=issued,
        due_on=start + timedelta(days=4),
        period=(start, shift(start, 1) - timedelta(days=1)),
        reference=_cufe("CUFE", number),
    )


def _items(lease: Lease, start: date, began: date) -> list[Item]:
    canon = _canon(lease, start, began)
    tax = "19" if lease.commercial else None
    items = [priced(f"Canon de arrendamiento, {_month(start)}", "1", "mes", canon, tax, title=TitleKind.RENT)]
    if lease.fee:
        fee = lease.fee * (100 + 7 * (start.year - began.year)) // 100 // 1_000 * 1_000
        name = f"Cuota de administración, {lease.building.name}"
        items.append(priced(name, "1", "mes", Decimal(fee), title=TitleKind.MAINTENANCE_ADVANCE))
    if lease.commercial:
        items.append(Item("Retención en la fuente (3,5 %)", -_whole(canon * _WITHHELD)))
    else:
        guarantee = _whole(canon * _GUARANTEE)
        items.append(Item("Fianza de arrendamiento (2,3 % + IVA)", guarantee, tax_rate="19", title=TitleKind.OTHER))
    return items


def _month(start: date) -> str:
    if start.day == 1:
        return month_es(start)
    return f"{start:%d/%m/%Y} a {shift(start, 1) - timedelta(days=1):%d/%m/%Y}"


def _canon(lease: Lease, start: date, began: date) -> Decimal:
    """The rent in force: raised at each anniversary by the inflation of the year before, to whole thousands."""
    canon = Decimal(lease.canon)
    for year in range(1, ((start.year - began.year) * 12 + start.month - began.month) // 12 + 1):
        percent = roster.INFLATION.get(began.year + year - 1, roster.USUAL_INFLATION)
        canon = canon * (100 + percent) / 100 // _PER_MILLE * _PER_MILLE
    return canon


def _whole(pesos: Decimal) -> int:
    """Minor units of an amount in whole pesos, as rents are billed."""
    return int(pesos) * 100


def _cufe(scheme: str, number: str) -> OfficialReference:
    return OfficialReference(scheme=scheme, value=sha384(number.encode()).hexdigest())


# -- what landlords get ------------------------------------------------------------------------------------------


def _pay_out(clerk: Clerk, lease: Lease, mandate: str, rent: Bill, start: date) -> None:
    """Settle a rent with the landlord five days after the tenant paid it, and send the money two weeks later."""
    if not rent.paid_at:
        return
    day = after_weekend(rent.paid_at.astimezone(clerk.zone).date() + timedelta(days=5))
    if day > clerk.anchor:
        return
    settlement = clerk.bill(
        mandate,
        f"LQ-{start:%Y%m}-{lease.serial:04}",
        f"Liquidación al propietario, {_month(start)}",
        _settlement(lease, rent, start),
        issued_on=day,
        due_on=after_weekend(day + timedelta(days=15)),
        kind=InvoiceKind.CREDIT_NOTE,
        period=rent.period,
    )
    if settlement.due_on <= clerk.anchor:
        clerk.use_up(settlement, settlement.due_on)


def _settlement(lease: Lease, rent: Bill, start: date) -> list[Item]:
    canon = rent.items[0]
    withheld = (Item("Retención practicada por el arrendatario", rent.items[-1].amount),) if lease.commercial else ()
    net = Decimal(canon.unit_price or 0)
    commission = _whole(net * Decimal(lease.commission) / 100)
    return [
        Item(f"Canon recaudado, {_month(start)}", canon.amount),
        *withheld,
        Item(f"Comisión de administración ({lease.commission} %)", -commission),
        Item("IVA sobre la comisión (19 %)", -_whole(Decimal(commission) / 100 * 19 / 100)),
    ]


def _landlord_notes(clerk: Clerk, lease: Lease, mandate: str) -> None:
    """Repairs that landlords owe: one is open, one is past its date."""
    days = roster.REPAIRS.get(lease.serial)
    if not days:
        return
    day = clerk.anchor - timedelta(days=days)
    number = f"ND-{clerk.serial(day, lease.serial % 100)}"
    clerk.bill(
        mandate,
        number,
        "Reparación a cargo del propietario",
        [
            priced("Cambio de tubería de desagüe, mano de obra", "1", "servicio", "280000.00", "19"),
            priced("Materiales", "1", "global", "146500.00", "19"),
        ],
        issued_on=day,
        due_on=day + timedelta(days=30),
        kind=InvoiceKind.DEBIT_NOTE,
        reference=_cufe("CUDE", number),
    )


# -- what is out of the ordinary ---------------------------------------------------------------------------------


def _before(clerk: Clerk, lease: Lease, bills: list[Bill]) -> None:
    """One rent was billed with the wrong fee, cancelled, and billed anew."""
    if lease.tenant is not roster.VALENTINA:
        return
    wrong = bills[-4]
    wrong.cancelled = True
    number = f"GYC-{clerk.serial(wrong.issued_on + timedelta(days=2), lease.serial % 100)}"
    bills[-4] = clerk.bill(
        wrong.account,
        number,
        wrong.title,
        (wrong.items[0], *wrong.items[2:]),
        issued_on=wrong.issued_on + timedelta(days=2),
        due_on=wrong.due_on,
        period=wrong.period,
        reference=_cufe("CUFE", number),
    )


def _after(clerk: Clerk, lease: Lease, account: str, bills: list[Bill]) -> None:
    if lease.tenant is roster.LAURA:
        clerk.charge(account, "Reparación de grifería, orden 4471", 18_500_000, clerk.anchor - timedelta(days=8))
        clerk.charge(account, "Copia de llaves", 3_200_000, clerk.anchor - timedelta(days=3))
        _pay(clerk, bills[-2], 12, roster.NEQUI, amount=90_000_000)
        _pay(clerk, bills[-2], 2, roster.PSE, amount=50_000_000, status=PaymentStatus.PENDING)
    if lease.tenant is roster.ANDRES:
        _pay(clerk, bills[-1], 1, roster.PSE, amount=bills[-1].total + 85_000_000)
    if lease.tenant is roster.JHON:
        day = clerk.anchor - timedelta(days=15)
        clerk.charge(account, "Gestión de cobro prejurídico", 12_000_000, day)
        clerk.charge(account, "Visita de cobro", 4_500_000, day, status=ChargeStatus.CANCELLED)
        _pay(clerk, bills[-3], 20, roster.EFECTY, amount=60_000_000, status=PaymentStatus.EXPIRED)
    if lease.tenant is roster.CAFE:
        _credit_closure(clerk, account, bills[-1])


def _enrol(clerk: Clerk, lease: Lease, rent: str, mandate: str, began: date) -> None:
    """Who gave an address gets papers by e-mail; shops are debited; Andrés had his debit ended."""
    since = max(began, shift(clerk.anchor, -19))
    for account, someone in ((rent, lease.tenant), (mandate, lease.landlord)):
        if someone.email:
            enrol(clerk, account, EnrolmentKind.E_INVOICE, since, "Zona de clientes")
    if lease.commercial:
        enrol(clerk, rent, EnrolmentKind.DIRECT_DEBIT, began + timedelta(days=20), "Oficina")
    if lease.tenant is roster.ANDRES:
        leave(clerk, rent, EnrolmentKind.DIRECT_DEBIT, shift(clerk.anchor, -5), "Línea telefónica")


def _credit_closure(clerk: Clerk, account: str, newest: Bill) -> None:
    """A shop was shut for a week while the façade was repaired; the rent of those days comes back."""
    day = clerk.anchor - timedelta(days=5)
    number = f"NC-{clerk.serial(day, 1)}"
    clerk.bill(
        account,
        number,
        "Nota crédito por cierre del local durante obras de fachada",
        [priced("Canon de siete días no disfrutados", "7", "día", "190000.00", "19")],
        issued_on=day,
        due_on=day,
        kind=InvoiceKind.CREDIT_NOTE,
        period=newest.period,
        reference=_cufe("CUDE", number),
    )


def _pay(
    clerk: Clerk,
    bill: Bill,
    days: int,
    method: str,
    *,
    amount: int,
    status: PaymentStatus | None = None,
) -> None:
    """Pay something of `bill`, `days` before the anchor."""
    day = clerk.anchor - timedelta(days=days)
    reference = _referrer(clerk, method, bill, day)
    clerk.pay(bill.account, amount, day, method=method, reference=reference, bills=[bill], status=status)


def _referrer(clerk: Clerk, method: str, bill: Bill, day: date) -> str:
    match method:
        case roster.PSE:
            return f"CUS {clerk.digits(10)}"
        case roster.EFECTY:
            return f"Recibo {clerk.digits(6)}-{day:%y%m}"
        case roster.NEQUI:
            return f"M{clerk.digits(8)}"
        case _:
            return f"Comprobante {clerk.digits(10)}, {bill.number}"
