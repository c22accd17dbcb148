"""From documents to the records of the contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import (
    Account,
    AccountStatus,
    Address,
    Balance,
    DueDate,
    DueItem,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
    Licence,
    OfficialReference,
    Origin,
    Overdue,
    Party,
    PartyKind,
    Property,
    Unit,
    UnitKind,
)

_DUE = {InvoiceStatus.ISSUED, InvoiceStatus.PARTIALLY_PAID}
_OWED = {*_DUE, InvoiceStatus.IN_PLAN}
_COMING = 12


@dataclass(frozen=True)
class Supply:
    """One supply with its papers; drafts are left out, as if they were not there."""

    account: Account
    in_advance: Money
    invoices: tuple[Invoice, ...]
    lines: dict[str, tuple[InvoiceLine, ...]]
    """By the invoice's key."""


def supply_of(document: dict[str, Any], currency: str, origin: Origin) -> Supply:
    """Make records of a checked document."""
    shown = [entry for entry in document["facturas"] if entry["estado"] != "DRAFT"]
    return Supply(
        account=_account(document, currency, origin),
        in_advance=document["a_favor"],
        invoices=tuple(_invoice(entry, document["suministro"], origin) for entry in shown),
        lines={entry["clave"]: _lines(entry["renglones"]) for entry in shown},
    )


def on(invoice: Invoice, today: date) -> Invoice:
    """The invoice with what settles it today."""
    zero = Money(0, invoice.total.currency)
    if invoice.status not in _OWED:
        return replace(invoice, open=zero)
    dues = invoice.due_dates
    asked = next((due.amount for due in dues if today <= due.due_on), dues[-1].amount)
    return replace(invoice, open=max(zero, asked - invoice.paid))


def balance_on(supply: Supply, today: date) -> Balance:
    """What the supply owes today: open bills less credit notes and money in advance."""
    papers = [on(invoice, today) for invoice in supply.invoices]
    bills = [paper for paper in papers if paper.kind is not InvoiceKind.CREDIT_NOTE]
    notes = [paper for paper in papers if paper.kind is InvoiceKind.CREDIT_NOTE]
    late = [bill for bill in bills if bill.overdue_on(today)]
    coming = [bill for bill in bills if bill.status in _DUE and today <= bill.due_on]
    currency = supply.account.currency
    return Balance(
        key=supply.account.key,
        origin=supply.account.origin,
        amount=_open(bills, currency) - _open(notes, currency) - supply.in_advance,
        overdue=Overdue(
            amount=_open(late, currency),
            oldest_due_on=min((bill.due_on for bill in late), default=None),
            document_count=len(late),
        ),
        next_due=tuple(
            DueItem(due_on=bill.due_on, amount=bill.open, invoice_key=bill.key)
            for bill in sorted(coming, key=lambda bill: (bill.due_on, bill.key))[:_COMING]
        ),
    )


def _open(papers: Iterable[Invoice], currency: str) -> Money:
    return total((paper.open for paper in papers), currency)


def _account(document: dict[str, Any], currency: str, origin: Origin) -> Account:
    return Account(
        key=document["suministro"],
        origin=origin,
        number=document["numero"],
        licence=Licence.UTILITY,
        status=AccountStatus(document["estado"]),
        title=document["servicio"],
        holder=_party(document["socio"]),
        currency=currency,
        unit=_unit(document["unidad"]) if "unidad" in document else None,
        place=_property(document["finca"]) if "finca" in document else None,
        opened_on=document.get("alta"),
        closed_on=document.get("baja"),
    )


def _party(found: dict[str, Any]) -> Party:
    return Party(
        key=found["clave"],
        name=found["nombre"],
        kind=PartyKind(found["clase"]),
        document_type=found.get("tipo_documento"),
        document_number=found.get("documento"),
        email=found.get("correo"),
        phone=found.get("telefono"),
    )


def _property(found: dict[str, Any]) -> Property:
    address = Address(
        lines=tuple(found["calle"]),
        locality=found["localidad"],
        region=found.get("departamento"),
        postal_code=found.get("codigo_postal"),
        country=found["pais"],
    )
    return Property(key=found["clave"], name=found["nombre"], address=address)


def _unit(found: dict[str, Any]) -> Unit:
    kind = UnitKind(found["uso"])
    return Unit(key=found["clave"], label=found["designacion"], kind=kind, area_m2=found.get("m2"))


def _invoice(found: dict[str, Any], account: str, origin: Origin) -> Invoice:
    dues = [DueDate(due_on=found["vence"], amount=found["importe"])]
    if later := found.get("segundo_vencimiento"):
        dues.append(DueDate(due_on=later["fecha"], amount=later["importe"]))
    return Invoice(
        key=found["clave"],
        origin=origin,
        account_key=account,
        number=found["numero"],
        kind=InvoiceKind(found["tipo"]),
        status=InvoiceStatus(found["estado"]),
        title=found["concepto"],
        issued_on=found["emitida"],
        due_dates=tuple(dues),
        total=found["importe"],
        paid=found["pagado"],
        open=found["importe"],
        period_from=found.get("desde"),
        period_to=found.get("hasta"),
        paid_at=found.get("pagada_el"),
        official_reference=_reference(found["cfe"]) if "cfe" in found else None,
    )


def _reference(found: dict[str, Any]) -> OfficialReference:
    return OfficialReference(scheme=found["esquema"], value=found["valor"], url=found.get("url"))


def _lines(found: list[dict[str, Any]]) -> tuple[InvoiceLine, ...]:
    return tuple(_line(line) for line in sorted(found, key=lambda line: line["posicion"]))


def _line(found: dict[str, Any]) -> InvoiceLine:
    return InvoiceLine(
        position=found["posicion"],
        description=found["detalle"],
        amount=found["importe"],
        quantity=found.get("cantidad"),
        unit=found.get("unidad"),
        unit_price=found.get("precio"),
        tax_rate=found.get("iva"),
    )
