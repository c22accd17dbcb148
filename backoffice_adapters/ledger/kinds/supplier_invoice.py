"""Invoices of suppliers, by whom they bill and by who wrote them."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import SupplierInvoiceFilter
from ventanilla.backoffice_adapters.database import Row, Scalar
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present
from ventanilla.backoffice_adapters.ledger.kinds.made import by, day_in, day_or_none, member_in, money_in
from ventanilla.backoffice_adapters.ledger.kinds.party import party
from ventanilla.backoffice_adapters.records import Party, SupplierInvoice, SupplierInvoiceStatus

_SUPPLIER = tuple(
    f"supplier_{column}" for column in ("key", "name", "kind", "document_type", "document_number", "email", "phone")
)
_NAMED = """(SELECT i.*, c.name AS community_name, p.name AS supplier_name, p.kind AS supplier_kind,
        p.document_type AS supplier_document_type, p.document_number AS supplier_document_number,
        p.email AS supplier_email, p.phone AS supplier_phone
    FROM supplier_invoice i
    JOIN party p ON p.book = i.book AND p.key = i.supplier_key
    LEFT JOIN community c ON c.book = i.book AND c.key = i.community_key) named"""
"""The table with what its keys stand for."""
_MADE = {
    "amount": money_in("amount_minor"),
    "issued_on": day_in("issued_on"),
    "due_on": day_in("due_on"),
    "status": member_in("status", SupplierInvoiceStatus),
    "paid_on": day_or_none("paid_on"),
}


def _party(*columns: Scalar) -> Party:
    row: Row = columns
    return party(row)


def _conditions(where: SupplierInvoiceFilter, _present: Present) -> list[Condition]:
    return any_of("status", where.statuses)


def _of(parent: str, parents: str) -> Listed[SupplierInvoice, SupplierInvoiceFilter]:
    made = {**_MADE, "supplier": by(_party, *_SUPPLIER)}
    return Listed(SupplierInvoice, _NAMED, made, _conditions, parent=parent, parents=parents)


OF_COMMUNITIES = _of("community_key", "community")
OF_PARTIES = _of("supplier_key", "party")
