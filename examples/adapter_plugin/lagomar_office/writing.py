"""Writes a `Book` as the cooperative's program would: for the conformance kit, and for whoever wants sample data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from lagomar_office import documents
from lagomar_office.office import LagomarOffice
from ventanilla.backoffice_adapters.book import AccountEntry, Book, InvoiceEntry
from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import InvoiceLine, Party, PaymentStatus, Property, Unit

_COUNTED = {PaymentStatus.CONFIRMED, PaymentStatus.SETTLED}


def adapt(book: Book) -> Book:
    """Leave out what this program does not keep: figures of balances, it adds them up, and the buildings of units."""
    return replace(
        book,
        accounts=tuple(replace(entry, stated_balance=None) for entry in book.accounts),
        units=tuple(replace(unit, building_key=None) for unit in book.units),
    )


async def fill(office: LagomarOffice, book: Book) -> None:
    """Put the book's documents in place of those that are there, each under another name first."""
    writer = _Writer(book)
    before = set(office.folder.glob("*.json"))
    for number, account in enumerate(book.accounts):
        path = office.folder / f"{number:04d}.json"
        path.with_suffix(".part").write_text(json.dumps(writer.document(account), ensure_ascii=False), encoding="utf-8")
        before.discard(path.with_suffix(".part").replace(path))
    for path in before:
        path.unlink()


class _Writer:
    """Turns entries of one book into documents."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._parties = {party.key: party for party in book.parties}
        self._properties = {place.key: place for place in book.properties}
        self._units = {unit.key: unit for unit in book.units}
        self._counted = {payment.key for payment in book.payments if payment.status in _COUNTED}

    def document(self, account: AccountEntry) -> dict[str, Any]:
        """One supply with all its bills."""
        invoices = [entry for entry in self._book.invoices if entry.account == account.key]
        return _without_none(
            suministro=account.key,
            numero=account.number,
            servicio=account.title,
            estado=_word(documents.ACCOUNT_STATES, account.status),
            socio=_party(self._parties[account.holder]),
            finca=_property(self._properties[account.place]) if account.place else None,
            unidad=_unit(self._units[account.unit]) if account.unit else None,
            alta=account.opened_on and account.opened_on.isoformat(),
            baja=account.closed_on and account.closed_on.isoformat(),
            a_favor=self._in_advance(account.key).amount,
            facturas=[self._invoice(entry) for entry in invoices],
        )

    def _in_advance(self, account: str) -> Money:
        """What this supply's payments hold that no bill has used."""
        counted = [row for row in self._book.payments if row.account == account and row.key in self._counted]
        received = total((row.amount for row in counted), self._book.currency)
        keys = {row.key for row in counted}
        used = [row.amount for row in self._book.allocations if row.payment_key in keys]
        return received - total(used, self._book.currency)

    def _paid(self, invoice: str) -> Money:
        rows = [row for row in self._book.allocations if row.invoice_key == invoice]
        return total((row.amount for row in rows if row.payment_key in self._counted), self._book.currency)

    def _invoice(self, entry: InvoiceEntry) -> dict[str, Any]:
        reference = entry.official_reference
        return _without_none(
            clave=entry.key,
            numero=entry.number,
            tipo=_word(documents.INVOICE_KINDS, entry.kind),
            estado=_word(documents.INVOICE_STATES, entry.status),
            concepto=entry.title,
            emitida=entry.issued_on.isoformat(),
            vence=entry.due_on.isoformat(),
            segundo_vencimiento=_second_due(entry),
            importe=entry.total.amount,
            pagado=self._paid(entry.key).amount,
            pagada_el=entry.paid_at and entry.paid_at.isoformat(),
            desde=entry.period_from and entry.period_from.isoformat(),
            hasta=entry.period_to and entry.period_to.isoformat(),
            cfe=_without_none(esquema=reference.scheme, valor=reference.value, url=reference.url)
            if reference
            else None,
            renglones=[_line(line) for line in entry.lines],
        )


def _second_due(entry: InvoiceEntry) -> dict[str, Any] | None:
    if not entry.later_due_on or not entry.later_total:
        return None
    return {"fecha": entry.later_due_on.isoformat(), "importe": entry.later_total.amount}


def _line(line: InvoiceLine) -> dict[str, Any]:
    return _without_none(
        posicion=line.position,
        detalle=line.description,
        importe=line.amount.amount,
        cantidad=line.quantity,
        unidad=line.unit,
        precio=line.unit_price,
        iva=line.tax_rate,
    )


def _party(party: Party) -> dict[str, Any]:
    return _without_none(
        clave=party.key,
        nombre=party.name,
        clase=_word(documents.PARTY_KINDS, party.kind),
        tipo_documento=party.document_type,
        documento=party.document_number,
        correo=party.email,
        telefono=party.phone,
    )


def _property(place: Property) -> dict[str, Any]:
    return _without_none(
        clave=place.key,
        nombre=place.name,
        calle=list(place.address.lines),
        localidad=place.address.locality,
        departamento=place.address.region,
        codigo_postal=place.address.postal_code,
        pais=place.address.country,
    )


def _unit(unit: Unit) -> dict[str, Any]:
    uso = _word(documents.UNIT_KINDS, unit.kind)
    return _without_none(clave=unit.key, designacion=unit.label, uso=uso, m2=unit.area_m2)


def _word(words: Mapping[str, str], value: str) -> str:
    """The program's own word for a value of ours."""
    return next(word for word, ours in words.items() if ours == value)


def _without_none(**fields: Any) -> dict[str, Any]:
    """The program leaves out what it does not know."""
    return {name: value for name, value in fields.items() if value is not None}
