"""Records as the dictionaries of a page, written out field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ventanilla.backoffice_adapters.contract import InvoiceOrder
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import (
    Account,
    Balance,
    Building,
    Enrolment,
    InterestAccrual,
    Invoice,
    InvoiceLine,
    Slice,
    Sourced,
)
from ventanilla.resolvers import nodes
from ventanilla.resolvers.context import Context


def money(amount: Money) -> dict[str, Any]:
    """As `Money { amount currency }`."""
    return {"amount": amount.amount, "currency": amount.currency}


def ids(context: Context, records: Sequence[Sourced]) -> Sequence[str]:
    """The ids of records of one type."""
    return nodes.ids(context, records) if records else ()


def portal(context: Context) -> dict[str, Any]:
    """The manager."""
    manager = context.manager
    theme = manager.presentation.theme
    return {
        "name": manager.name,
        "locale": manager.locale,
        "timeZone": manager.time_zone,
        "theme": {"primary": theme.primary, "onPrimary": theme.on_primary, "accent": theme.accent},
        "licences": [{"licence": licence, "source": office} for licence, office in manager.licences.items()],
    }


def notices(context: Context, told: Slice[Any]) -> list[dict[str, Any]]:
    """What the person is told."""
    return [
        {
            "id": identity,
            "title": notice.title,
            "body": notice.body,
            "scope": notice.scope,
            "communityName": notice.community_name,
            "publishedFrom": notice.published_from,
            "visibleUntil": notice.visible_until,
        }
        for identity, notice in zip(ids(context, told.items), told.items, strict=True)
    ]


def account(identity: str, found: Account, building: Building | None) -> dict[str, Any]:
    """An account, as far as it is one record, and its building."""
    unit, place = found.unit, found.place
    return {
        "id": identity,
        "number": found.number,
        "licence": found.licence,
        "status": found.status,
        "title": found.title,
        "holder": {"name": found.holder.name},
        "unit": unit
        and {
            "label": unit.label,
            "kind": unit.kind,
            "areaM2": unit.area_m2,
            "building": building
            and {"name": building.name, "builtIn": building.built_in, "unitCount": building.unit_count},
        },
        "property": place
        and {
            "name": place.name,
            "address": {
                "lines": place.address.lines,
                "locality": place.address.locality,
                "postalCode": place.address.postal_code,
            },
            "geo": place.geo and {"latitude": place.geo.latitude, "longitude": place.geo.longitude},
        },
        "asOf": found.origin.as_of,
        "stale": found.origin.stale,
        "source": {"name": found.origin.source},
    }


def balance(found: Balance, invoices: Mapping[str, Invoice]) -> dict[str, Any]:
    """How an account stands; `invoices` by key."""
    overdue = found.overdue
    return {
        "amount": money(found.amount),
        "side": found.side,
        "overdue": {
            "amount": money(overdue.amount),
            "oldestDueOn": overdue.oldest_due_on,
            "documentCount": overdue.document_count,
        },
        "nextDue": [
            {
                "dueOn": item.due_on,
                "amount": money(item.amount),
                "invoice": {"number": invoices[item.invoice_key].number},
            }
            for item in found.next_due
        ],
    }


def invoices(context: Context, listed: Slice[Invoice]) -> dict[str, Any]:
    """What is to be paid."""
    found = listed.items
    order = InvoiceOrder.DUE_ON_ASC
    return {
        "nodes": [
            {
                "id": identity,
                "number": invoice.number,
                "title": invoice.title,
                "status": invoice.status,
                "overdue": invoice.overdue_on(context.today),
                "issuedOn": invoice.issued_on,
                "dueDates": [{"dueOn": due.due_on, "amount": money(due.amount)} for due in invoice.due_dates],
                "total": money(invoice.total),
                "open": money(invoice.open),
            }
            for identity, invoice in zip(ids(context, found), found, strict=True)
        ],
        "pageInfo": {
            "hasNextPage": listed.more,
            "endCursor": context.cursors.make(order, order.position(found[-1])) if found else None,
        },
    }


def charges(context: Context, charged: Slice[Any]) -> list[dict[str, Any]]:
    """What is not invoiced yet."""
    return [
        {
            "id": identity,
            "description": charge.description,
            "chargedOn": charge.charged_on,
            "amount": money(charge.amount),
        }
        for identity, charge in zip(ids(context, charged.items), charged.items, strict=True)
    ]


def payments(context: Context, paid: Slice[Any]) -> list[dict[str, Any]]:
    """What was paid."""
    return [
        {
            "id": identity,
            "paidAt": payment.paid_at,
            "method": payment.method,
            "status": payment.status,
            "amount": money(payment.amount),
        }
        for identity, payment in zip(ids(context, paid.items), paid.items, strict=True)
    ]


def enrolment(found: Enrolment) -> dict[str, Any]:
    """One kind of enrolment."""
    return {"kind": found.kind, "active": found.active, "since": found.since}


def accruals(context: Context, accrued: Slice[Any]) -> list[dict[str, Any]]:
    """What months cost."""
    return [
        {
            "id": identity,
            "month": accrual.month,
            "title": accrual.title,
            "description": accrual.description,
            "amount": money(accrual.amount),
        }
        for identity, accrual in zip(ids(context, accrued.items), accrued.items, strict=True)
    ]


def plans(context: Context, agreed: Slice[Any], parts: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Payment plans; `parts` are the instalments of each."""
    return [
        {
            "id": identity,
            "number": plan.number,
            "status": plan.status,
            "total": money(plan.total),
            "open": money(plan.open),
            "instalmentCount": plan.instalment_count,
            "instalments": _instalments(context, parts[plan.key]),
        }
        for identity, plan in zip(ids(context, agreed.items), agreed.items, strict=True)
    ]


def _instalments(context: Context, parts: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": identity,
            "position": part.position,
            "dueOn": part.due_on,
            "status": part.status,
            "overdue": part.overdue_on(context.today),
            "amount": money(part.amount),
        }
        for identity, part in zip(ids(context, parts), parts, strict=True)
    ]


def interest(overdue: Slice[Invoice], accrued: Mapping[str, InterestAccrual]) -> list[dict[str, Any]]:
    """What paying late costs; `accrued` by the invoice's key."""
    return [
        {
            "until": found.until,
            "total": found.total and money(found.total),
            "unknownSince": found.unknown_since,
        }
        for found in (accrued[invoice.key] for invoice in overdue.items)
    ]


def meters(context: Context, mounted: Slice[Any], readings: Mapping[str, Slice[Any]]) -> list[dict[str, Any]]:
    """Meters; `readings` are the latest of each."""
    return [
        {
            "id": identity,
            "number": meter.number,
            "medium": meter.medium,
            "remote": meter.remote,
            "registers": [{"key": register.key, "unit": register.unit} for register in meter.registers],
            "readingWindow": meter.reading_window
            and {"opensOn": meter.reading_window.opens_on, "closesOn": meter.reading_window.closes_on},
            "readings": {"nodes": _readings(context, readings[meter.key])},
        }
        for identity, meter in zip(ids(context, mounted.items), mounted.items, strict=True)
    ]


def _readings(context: Context, read: Slice[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": identity,
            "readOn": reading.read_on,
            "quality": reading.quality,
            "status": reading.status,
            "values": [
                {"register": each.register_key, "value": each.value, "consumption": each.consumption}
                for each in reading.values
            ],
        }
        for identity, reading in zip(ids(context, read.items), read.items, strict=True)
    ]


def settlements(context: Context, settled: Slice[Any]) -> list[dict[str, Any]]:
    """Settlements of utilities."""
    return [
        {
            "id": identity,
            "number": settlement.number,
            "periodFrom": settlement.period_from,
            "periodTo": settlement.period_to,
            "outcome": settlement.outcome,
            "difference": money(settlement.difference),
        }
        for identity, settlement in zip(ids(context, settled.items), settled.items, strict=True)
    ]


def with_lines(
    context: Context, found: Sequence[Invoice], lines: Sequence[Sequence[InvoiceLine]]
) -> list[dict[str, Any]]:
    """Invoices with their lines."""
    return [
        {
            "id": identity,
            "number": invoice.number,
            "status": invoice.status,
            "overdue": invoice.overdue_on(context.today),
            "title": invoice.title,
            "issuedOn": invoice.issued_on,
            "total": money(invoice.total),
            "open": money(invoice.open),
            "lines": [_line(line) for line in parts],
        }
        for identity, invoice, parts in zip(ids(context, found), found, lines, strict=True)
    ]


def _line(line: InvoiceLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "description": line.description,
        "amount": money(line.amount),
        "quantity": line.quantity,
    }
