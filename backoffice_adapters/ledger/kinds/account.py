"""Accounts with whom and what they are for."""

from __future__ import annotations

from typing import Final

from ventanilla.backoffice_adapters.contract import AccountFilter
from ventanilla.backoffice_adapters.database import Scalar
from ventanilla.backoffice_adapters.ledger.conditions import Condition, any_of
from ventanilla.backoffice_adapters.ledger.kinds.base import Listed, Present
from ventanilla.backoffice_adapters.ledger.kinds.made import as_it_is, by, day_or_none, member_in
from ventanilla.backoffice_adapters.ledger.kinds.party import party
from ventanilla.backoffice_adapters.ledger.kinds.place import property_of, unit
from ventanilla.backoffice_adapters.records import Account, AccountStatus, Licence, Party, Property, Unit

_PARTY: Final = ("key", "name", "kind", "document_type", "document_number", "email", "phone")
_UNIT: Final = ("key", "label", "kind", "area_m2", "building_key")
_PLACE: Final = (
    "key", "name", "street_lines", "locality", "region", "postal_code", "country", "latitude", "longitude",
)  # fmt: skip


def _named(name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}_{column}" for column in columns)


def _selected(table: str, name: str, columns: tuple[str, ...]) -> str:
    """All columns but the key, which the account has."""
    pairs = zip(columns[1:], _named(name, columns)[1:], strict=True)
    return ", ".join(f"{table}.{column} AS {named}" for column, named in pairs)


_WHOLE = f"""(SELECT a.*, {_selected("h", "holder", _PARTY)}, {_selected("u", "unit", _UNIT)},
        {_selected("p", "place", _PLACE)}
    FROM account a
    JOIN party h ON h.book = a.book AND h.key = a.holder_key
    LEFT JOIN unit u ON u.book = a.book AND u.key = a.unit_key
    LEFT JOIN place p ON p.book = a.book AND p.key = a.place_key) named"""
"""The table with what its keys stand for."""


def _holder(*columns: Scalar) -> Party:
    return party(columns)


def _unit(*columns: Scalar) -> Unit | None:
    return unit(columns) if columns[0] else None


def _property(*columns: Scalar) -> Property | None:
    return property_of(columns) if columns[0] else None


def _conditions(where: AccountFilter, _present: Present) -> list[Condition]:
    return any_of("status", where.statuses)


ACCOUNTS = Listed(
    Account,
    _WHOLE,
    {
        **{name: as_it_is(name, "str") for name in ("key", "number", "title", "currency")},
        "licence": member_in("licence", Licence),
        "status": member_in("status", AccountStatus),
        "holder": by(_holder, *_named("holder", _PARTY)),
        "unit": by(_unit, *_named("unit", _UNIT)),
        "place": by(_property, *_named("place", _PLACE)),
        "opened_on": day_or_none("opened_on"),
        "closed_on": day_or_none("closed_on"),
    },
    _conditions,
    journal="account",
)
