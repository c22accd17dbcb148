"""What the twin's office keeps: nodes as GraphQL tells them, with awkward things in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Node = dict[str, Any]
FORMULA = '=HYPERLINK("http://evil.example"; "Saldo")'


def money(amount: str) -> Node:
    """An amount in pesos."""
    return {"amount": amount, "currency": "ARS"}


def _account(place: int) -> Node:
    return {"id": f"acc{place}", "number": f"30-{place:05}"}


def account(place: int) -> Node:
    """An account; every other one is of no premises."""
    address = {"lines": ["Mitre 12", "2° B"], "locality": "Junín", "region": None, "postalCode": None, "country": "AR"}
    return {
        **_account(place),
        "licence": "UTILITY",
        "status": "ACTIVE",
        "title": "Suministro de agua",
        "currency": "ARS",
        "openedOn": "2014-03-01",
        "closedOn": None,
        "holder": {
            "name": FORMULA if place == 1 else f"Pérez, María {place}",
            "kind": "PERSON",
            "documentType": "DNI",
            "documentNumber": f"{place:08}",
            "email": None,
            "phone": f"+54 2362 {place:06}",
        },
        "unit": {"label": f"{place} B", "kind": "FLAT"} if place % 2 else None,
        "property": {"name": "Torre", "address": address, "geo": {"latitude": -34.5, "longitude": -60.9}}
        if place % 2
        else None,
    }


def invoice(place: int) -> Node:
    """An invoice of two lines, one of which gives something back."""
    total = f"{1_000 + place}.50"
    return {
        "id": f"inv{place}",
        "number": f"A-{place:08}",
        "kind": "INVOICE",
        "status": "ISSUED",
        "title": 'Agua;\n"enero", lectura 1' if place % 7 == 0 else f"-agua {place}",
        "issuedOn": f"2026-{place % 12 + 1:02}-01",
        "periodFrom": "2026-01-01",
        "periodTo": None,
        "paidAt": None,
        "account": _account(place % 10),
        "dueDates": [
            {"dueOn": "2026-12-10", "amount": money(total)},
            {"dueOn": "2026-12-20", "amount": money(f"{1_100 + place}.50")},
        ],
        "total": money(total),
        "paid": money("0.00"),
        "officialReference": {"scheme": "CAE", "value": f"{place:014}", "url": None} if place % 3 else None,
        "lines": [
            _line(1, "Agua potable", f"{1_010 + place}.50", "12.500"),
            _line(2, "@bonificación", "-10.00", None),
        ],
    }


def _line(position: int, description: str, amount: str, quantity: str | None) -> Node:
    return {
        "position": position,
        "description": description,
        "quantity": quantity,
        "unit": quantity and "m³",
        "unitPrice": quantity and "83.123456",
        "taxRate": "21",
        "amount": money(amount),
    }


def charge(place: int) -> Node:
    """A charge; every third became part of an invoice."""
    return {
        "id": f"cha{place}",
        "description": "Reconexión",
        "status": "PENDING",
        "chargedOn": "2026-11-02",
        "amount": money("-15.25"),
        "account": _account(place % 10),
        "invoice": {"id": f"inv{place}", "number": f"A-{place:08}"} if place % 3 == 0 else None,
    }


def payment(place: int) -> Node:
    """A payment that settles up to two invoices."""
    settled = [place, place + 1][: place % 3]
    return {
        "id": f"pay{place}",
        "paidAt": f"2026-11-{place % 28 + 1:02}T12:30:00-03:00",
        "status": "SETTLED",
        "method": "Transferencia",
        "reference": "+0012",
        "account": _account(place % 10),
        "amount": money("100.00"),
        "unallocated": money("0.00"),
        "allocations": [
            {
                "allocatedOn": "2026-11-20",
                "amount": money("50.00"),
                "invoice": {"id": f"inv{one}", "number": f"A-{one:08}"},
            }
            for one in settled
        ],
    }


def reading(place: int) -> Node:
    """A reading of a meter with two registers."""
    registers = [{"key": "t1", "label": "T1", "unit": "kWh"}, {"key": "t2", "label": "T2", "unit": "kWh"}]
    return {
        "id": f"rea{place}",
        "readOn": "2026-11-12",
        "quality": "CUSTOMER",
        "status": "SUBMITTED",
        "meter": {
            "id": f"met{place % 10}",
            "number": f"M{place % 10}",
            "medium": "ELECTRICITY",
            "registers": registers,
            "account": _account(place % 10),
        },
        "values": [
            {"register": "t1", "value": f"{place}.250", "consumption": None},
            {"register": "t2", "value": "7", "consumption": "1.000"},
        ],
    }


def _sourced(make: Callable[[int], Node]) -> Callable[[int], Node]:
    return lambda place: {**make(place), "source": {"name": "water"}}


MAKERS = {
    "accounts": _sourced(account),
    "invoices": _sourced(invoice),
    "charges": _sourced(charge),
    "payments": _sourced(payment),
    "meterReadings": _sourced(reading),
}
"""By field, what makes the n-th record."""
