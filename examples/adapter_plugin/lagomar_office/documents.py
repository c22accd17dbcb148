"""The program's documents: one JSON file for each supply, checked before any of it is believed."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

from schema import And, Or, Schema, SchemaError, Use
from schema import Optional as May  # `schema` calls a key that may be missing Optional

from ventanilla.backoffice_adapters.money import Money

ACCOUNT_STATES = {"activo": "ACTIVE", "suspendido": "SUSPENDED", "baja": "CLOSED"}
INVOICE_STATES = {
    "borrador": "DRAFT",
    "emitida": "ISSUED",
    "pago parcial": "PARTIALLY_PAID",
    "en convenio": "IN_PLAN",
    "pagada": "PAID",
    "anulada": "CANCELLED",
}
INVOICE_KINDS = {"factura": "INVOICE", "nota de crédito": "CREDIT_NOTE", "nota de débito": "DEBIT_NOTE"}
PARTY_KINDS = {"persona": "PERSON", "empresa": "COMPANY"}
UNIT_KINDS = {
    "apartamento": "FLAT",
    "casa": "HOUSE",
    "comercio": "SHOP",
    "oficina": "OFFICE",
    "cochera": "GARAGE",
    "depósito": "STORAGE",
    "terreno": "PLOT",
}


def is_key(text: str) -> bool:
    """Whether `text` can be a key: 1–120 characters."""
    return 0 < len(text) <= 120


def can_be_typed(number: str) -> bool:
    """Whether people can find something by this number."""
    return any(map(str.isalnum, number))


def is_aware(moment: datetime) -> bool:
    """Whether a moment knows its zone."""
    return moment.utcoffset() is not None


def is_country(code: str) -> bool:
    """Whether `code` looks like ISO 3166-1 alpha-2."""
    return len(code) == 2 and code.isupper()


def _all(*rules: Any) -> Any:
    """Every rule in turn, each on what the one before made of the value."""
    return And(*rules)


_KEY = _all(str, is_key)
_DAY = Use(date.fromisoformat)
_MOMENT = _all(Use(datetime.fromisoformat), is_aware)


class DocumentError(Exception):
    """A document cannot be used; the message names the file and the place in it, and quotes nobody's data."""


def read_document(path: Path, currency: str) -> dict[str, Any]:
    """Read a supply's document: words translated, dates and amounts of `currency` made. Raise `DocumentError`."""
    try:
        return _schema(currency).validate(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        problem = f"{path.name} is not a JSON document ({type(error).__name__}); have the program write it again"
    except SchemaError as error:
        problem = f"{path.name} is not a supply's document: {_place(error)}"
    raise DocumentError(problem)


def _place(error: SchemaError) -> str:
    """The keys that lead to what is wrong; what else the library says may quote what stands there."""
    texts = cast("list[str | None]", error.autos)
    return " ".join(text for text in texts if text and text.startswith(("Key", "Missing key"))) or "unknown keys"


def _word(words: dict[str, str]) -> Any:
    either: Any = Or
    return _all(either(*words), Use(words.__getitem__))


def _schema(currency: str) -> Schema:
    """A supply's document, as the program has written it since version 3."""
    money = _all(str, Use(partial(Money.parse, currency=currency)))
    return Schema(
        {
            "suministro": _KEY,
            "numero": _all(str, can_be_typed),
            "servicio": str,
            "estado": _word(ACCOUNT_STATES),
            "socio": _PARTY,
            May("finca"): _PROPERTY,
            May("unidad"): {"clave": _KEY, "designacion": str, "uso": _word(UNIT_KINDS), May("m2"): str},
            May("alta"): _DAY,
            May("baja"): _DAY,
            "a_favor": money,
            "facturas": [_invoice(money)],
        }
    )


_PARTY: dict[Any, Any] = {
    "clave": _KEY,
    "nombre": str,
    "clase": _word(PARTY_KINDS),
    May("tipo_documento"): str,
    May("documento"): str,
    May("correo"): str,
    May("telefono"): str,
}
_PROPERTY: dict[Any, Any] = {
    "clave": _KEY,
    "nombre": str,
    "calle": [str],
    "localidad": str,
    May("departamento"): str,
    May("codigo_postal"): str,
    "pais": _all(str, is_country),
}


def _invoice(money: Any) -> dict[Any, Any]:
    return {
        "clave": _KEY,
        "numero": str,
        "tipo": _word(INVOICE_KINDS),
        "estado": _word(INVOICE_STATES),
        "concepto": str,
        "emitida": _DAY,
        "vence": _DAY,
        May("segundo_vencimiento"): {"fecha": _DAY, "importe": money},
        "importe": money,
        "pagado": money,
        May("pagada_el"): _MOMENT,
        May("desde"): _DAY,
        May("hasta"): _DAY,
        May("cfe"): {"esquema": str, "valor": str, May("url"): str},
        "renglones": [_line(money)],
    }


def _line(money: Any) -> dict[Any, Any]:
    return {
        "posicion": int,
        "detalle": str,
        "importe": money,
        May("cantidad"): str,
        May("unidad"): str,
        May("precio"): str,
        May("iva"): str,
    }
