"""A book as rows of the ledger's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from ventanilla.backoffice_adapters.book import (
    AccountEntry,
    AccrualEntry,
    Book,
    BuildingEntry,
    InstalmentEntry,
    InvoiceEntry,
    MeterEntry,
    PaymentEntry,
    PaymentPlanEntry,
    SupplierInvoiceEntry,
    UtilitySettlementEntry,
)
from ventanilla.backoffice_adapters.database import Scalar, stamp
from ventanilla.backoffice_adapters.ledger.audience import audience_of
from ventanilla.backoffice_adapters.ledger.check import BookError, check, keepable, plain
from ventanilla.backoffice_adapters.ledger.roles import standings_of
from ventanilla.backoffice_adapters.ledger.totals import Totals, taken_back_minor, totals_of
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Address, Allocation, Geo, InvoiceLine, Party

Content = tuple[Scalar, ...]


def content_of(name: str, book: Book) -> Mapping[str, Sequence[Content]]:
    """Check `book` and lay it out as table → rows, each beginning with the ledger's `name`; else `BookError`."""
    totals = totals_of(book)
    check(book, totals)
    content = {**_people_and_places(book), **_money_side(book, totals), **_supplies(book), **_notices(book)}
    problems = [problem for table, rows in content.items() for problem in _unkeepable(table, rows)]
    if problems:
        raise BookError(problems)
    return {table: [(name, *row) for row in rows] for table, rows in content.items()}


def _people_and_places(book: Book) -> dict[str, list[Content]]:
    return {
        "party": [_party(party) for party in book.parties],
        "standing": [*standings_of(book)],
        "place": [(p.key, p.name, *_address(p.address), *_geo(p.geo)) for p in book.properties],
        "unit": [(u.key, u.label, u.kind.value, u.area_m2, u.building_key) for u in book.units],
        "account": [_account(account, book.currency) for account in book.accounts],
        "enrolment": [
            (e.account, e.kind.value, int(e.active), _day(e.since), _moment(e.cancelled_at), e.channel)
            for e in book.enrolments
        ],
        "community": [(c.key, c.name, *_address(c.address), c.number) for c in book.communities],
        "building": [_building(building) for building in book.buildings],
        "ownership_share": [
            (s.key, s.unit_key, s.owner, s.numerator, s.denominator) for s in book.ownership_shares
        ],
    }  # fmt: skip


def _money_side(book: Book, totals: Totals) -> dict[str, list[Content]]:
    plans = {plan.key: plan.account for plan in book.payment_plans}
    return {
        "invoice": [_invoice(invoice, totals.paid[invoice.key]) for invoice in book.invoices],
        "invoice_line": [_line(invoice.key, line) for invoice in book.invoices for line in invoice.lines],
        "charge": [
            (c.key, c.account, c.description, *_money(c.amount), _day(c.charged_on), c.status.value, c.invoice)
            for c in book.charges
        ],
        "payment": [_payment(payment, totals.allocated[payment.key]) for payment in book.payments],
        "posting": [],
        "allocation": [
            _allocation(position, allocation, allocation.payment_key in totals.counted)
            for position, allocation in enumerate(book.allocations)
        ],
        "accrual": [_accrual(accrual) for accrual in book.accruals],
        "payment_plan": [_plan(plan, totals) for plan in book.payment_plans],
        "instalment": [_instalment(instalment, plans[instalment.plan]) for instalment in book.instalments],
        "interest_rate": [
            (_day(r.valid_from), _day(r.valid_until), r.annual_rate, r.source) for r in book.interest_rates
        ],
    }  # fmt: skip


def _supplies(book: Book) -> dict[str, list[Content]]:
    meters = {meter.key: meter.account for meter in book.meters}
    return {
        "meter": [_meter(meter) for meter in book.meters],
        "meter_reading": [
            (r.key, meters[r.meter], r.meter, _day(r.read_on), r.quality.value, r.status.value, _json(r.values))
            for r in book.meter_readings
        ],
        "utility_settlement": [_settlement(settlement, book.currency) for settlement in book.utility_settlements],
        "supplier_invoice": [_supplier_invoice(invoice) for invoice in book.supplier_invoices],
    }


def _notices(book: Book) -> dict[str, list[Content]]:
    return {
        "notice": [
            (n.key, n.title, n.body, n.community, stamp(n.published_from), _moment(n.visible_until))
            for n in book.notices
        ],
        "notice_audience": [*audience_of(book)],
    }


def _unkeepable(table: str, rows: Sequence[Content]) -> Iterator[str]:
    for row in rows:
        if not keepable("".join([value for value in row if isinstance(value, str)])):
            yield f"{table} {row[0]!r} has a text with a NUL or half a surrogate pair"


def _day(day: date | None) -> str | None:
    return day and day.isoformat()


def _moment(moment: datetime | None) -> str | None:
    return moment and stamp(moment)


def _money(money: Money) -> tuple[int, str]:
    return money.minor, money.currency


def _json(parts: object) -> str:
    """What is only ever read whole, as the text that its record is made of again."""
    return msgspec.json.encode(parts).decode()


def _address(address: Address) -> Content:
    return _json(address.lines), address.locality, address.region, address.postal_code, address.country


def _geo(geo: Geo | None) -> Content:
    return (geo.latitude, geo.longitude) if geo else (None, None)


def _building(building: BuildingEntry) -> Content:
    return (
        building.key, building.name, *_address(building.address), *_geo(building.geo), building.built_in,
        building.unit_count, building.community,
    )  # fmt: skip


def _party(party: Party) -> Content:
    return (
        party.key, party.name, party.name.casefold(), party.kind.value, party.document_type, party.document_number,
        plain(party.document_number or "").casefold() or None, party.email, party.phone,
    )  # fmt: skip


def _account(account: AccountEntry, currency: str) -> Content:
    stated = account.stated_balance
    return (
        account.key, account.number, plain(account.number), account.licence.value, account.status.value, account.title,
        account.holder, account.unit, account.place, currency, _day(account.opened_on), _day(account.closed_on),
        None if stated is None else stated.minor,
    )  # fmt: skip


def _invoice(invoice: InvoiceEntry, paid: int) -> Content:
    later, reference = invoice.later_total, invoice.official_reference
    return (
        invoice.key, invoice.account, invoice.number, invoice.kind.value, invoice.status.value, invoice.title,
        _day(invoice.issued_on), _day(invoice.due_on), _day(invoice.later_due_on),
        None if later is None else later.minor, invoice.total.minor, paid, invoice.total.currency,
        _day(invoice.period_from), _day(invoice.period_to), _moment(invoice.paid_at),
        reference and reference.scheme, reference and reference.value, reference and reference.url,
    )  # fmt: skip


def _line(invoice_key: str, line: InvoiceLine) -> Content:
    return (
        invoice_key, line.position, line.description, *_money(line.amount), line.quantity, line.unit, line.unit_price,
        line.tax_rate,
    )  # fmt: skip


def _allocation(position: int, allocation: Allocation, counted: bool) -> Content:
    return (
        position, allocation.payment_key, allocation.invoice_key, *_money(allocation.amount),
        _day(allocation.allocated_on), int(counted),
    )  # fmt: skip


def _payment(payment: PaymentEntry, allocated: int) -> Content:
    taken_back = taken_back_minor(payment, allocated)
    return (
        payment.key, payment.account, payment.amount.minor, payment.amount.minor - allocated - taken_back,
        payment.amount.currency, stamp(payment.paid_at), payment.status.value, payment.method, payment.reference,
        taken_back or None,
    )  # fmt: skip


def _accrual(accrual: AccrualEntry) -> Content:
    return (
        accrual.key, accrual.account, accrual.month, accrual.title.value, accrual.description, *_money(accrual.amount),
        accrual.quantity, accrual.unit, accrual.unit_price, accrual.invoice,
    )  # fmt: skip


def _plan(plan: PaymentPlanEntry, totals: Totals) -> Content:
    return (
        plan.key, plan.account, plan.number, plan.status.value, _day(plan.agreed_on), totals.planned[plan.key],
        plan.interest.minor, totals.paid_in[plan.key], plan.interest.currency, totals.instalments[plan.key],
        _json(plan.invoices),
    )  # fmt: skip


def _instalment(instalment: InstalmentEntry, account: str) -> Content:
    return (
        instalment.key, account, instalment.plan, instalment.position, _day(instalment.due_on),
        *_money(instalment.amount), instalment.status.value, _moment(instalment.paid_at),
    )  # fmt: skip


def _meter(meter: MeterEntry) -> Content:
    window = meter.reading_window
    return (
        meter.key, meter.account, meter.number, meter.medium.value, meter.status.value, int(meter.remote),
        _json(meter.registers), meter.location, _day(meter.installed_on), _day(meter.removed_on),
        _day(meter.verified_until), meter.replaces, _day(window and window.opens_on), _day(window and window.closes_on),
    )  # fmt: skip


def _settlement(settlement: UtilitySettlementEntry, currency: str) -> Content:
    return (
        settlement.key, settlement.account, settlement.number, _day(settlement.settled_on),
        _day(settlement.period_from), _day(settlement.period_to), sum(line.cost.minor for line in settlement.lines),
        sum(line.advances.minor for line in settlement.lines), currency, _json(settlement.lines), settlement.invoice,
    )  # fmt: skip


def _supplier_invoice(invoice: SupplierInvoiceEntry) -> Content:
    return (
        invoice.key, invoice.number, invoice.supplier, invoice.community, invoice.title, *_money(invoice.amount),
        _day(invoice.issued_on), _day(invoice.due_on), invoice.status.value, _day(invoice.paid_on),
    )  # fmt: skip
