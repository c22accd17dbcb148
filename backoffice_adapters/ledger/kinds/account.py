"""Accounts with whom and what they are for."""

from __future__ import annotations

from ventanilla.backoffice_adapters.database import Row
from ventanilla.backoffice_adapters.ledger.kinds.made import by_value, day_of
from ventanilla.backoffice_adapters.ledger.kinds.party import party
from ventanilla.backoffice_adapters.ledger.kinds.place import property_of, unit
from ventanilla.backoffice_adapters.records import Account, AccountStatus, Licence, Origin

_LICENCES = by_value(Licence)
_STATES = by_value(AccountStatus)

ACCOUNTS = """SELECT a.{asked},
    a.key, a.number, a.licence, a.status, a.title, a.currency, a.opened_on, a.closed_on,
    h.key, h.name, h.kind, h.document_type, h.document_number, h.email, h.phone,
    u.key, u.label, u.kind, u.area_m2, u.building_key,
    p.key, p.name, p.street_lines, p.locality, p.region, p.postal_code, p.country, p.latitude, p.longitude
    FROM account a
    JOIN party h ON h.book = a.book AND h.key = a.holder_key
    LEFT JOIN unit u ON u.book = a.book AND u.key = a.unit_key
    LEFT JOIN place p ON p.book = a.book AND p.key = a.place_key
    WHERE a.book = $1 AND a.{asked} IN $2[]"""
"""What `account` reads, by the column that is asked for."""


def account(row: Row, origin: Origin) -> Account:
    """An account with its holder, unit and property."""
    _, key, number, licence, status, title, currency, opened, closed = row[:9]
    return Account(
        key=key,
        origin=origin,
        number=number,
        licence=_LICENCES[licence],
        status=_STATES[status],
        title=title,
        holder=party(row[9:16]),
        currency=currency,
        unit=unit(row[16:21]) if row[16] else None,
        place=property_of(row[21:]) if row[21] else None,
        opened_on=day_of(opened),
        closed_on=day_of(closed),
    )
