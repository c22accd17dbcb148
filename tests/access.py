"""Books of many parties, for access that is given to all of them at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from ventanilla.backoffice_adapters.book import AccountEntry, Book, CommunityEntry, StandingEntry
from ventanilla.backoffice_adapters.records import Address, Licence, Party, PartyRole

ADDRESS = Address(lines=("Mitre 12",), locality="Junín", country="AR")
LONG_AGO, LATER = date(2024, 1, 1), date(2027, 12, 31)


def party(number: int, **changes: Any) -> Party:
    """``Persona 0001`` with the address ``p1@example.com`` and the document ``10.000.001``, and so on."""
    settings: dict[str, Any] = {
        "key": f"P{number}",
        "name": f"Persona {number:04}",
        "email": f"P{number}@example.com",
        "document_type": "DNI",
        "document_number": f"{10_000_000 + number:,}".replace(",", "."),
    }
    return Party(**{**settings, **changes})


def account(number: int, holder_as: PartyRole = PartyRole.TENANT) -> AccountEntry:
    """The account of the party of that number."""
    return AccountEntry(
        key=f"A{number}",
        number=f"00-{number}",
        licence=Licence.UTILITY,
        title=f"Cuenta {number}",
        holder=f"P{number}",
        holder_as=holder_as,
        opened_on=LONG_AGO,
    )


def crowd(count: int, **changes: Any) -> Book:
    """So many tenants with an account each."""
    settings: dict[str, Any] = {
        "parties": tuple(party(number) for number in range(1, count + 1)),
        "accounts": tuple(account(number) for number in range(1, count + 1)),
    }
    return Book(**{"currency": "ARS", **settings, **changes})


def motley() -> Book:
    """Three tenants and two owners, of whom some cannot be written to; a supplier; two members of a board."""
    parties = (
        party(1),
        party(2, email=None),
        party(3, email="nobody at all"),
        party(4),
        party(5, email="p4@EXAMPLE.com "),
        party(6, name="Plomería Sur"),
        party(7, name="Vocal"),
        party(8, name="Vocal anterior"),
    )
    standings = (
        StandingEntry(party="P6", role=PartyRole.SUPPLIER, starts_on=LONG_AGO),
        StandingEntry(party="P7", role=PartyRole.BOARD_MEMBER, community="W1", starts_on=LONG_AGO, ends_on=LATER),
        StandingEntry(
            party="P8", role=PartyRole.BOARD_MEMBER, community="W1", starts_on=LONG_AGO, ends_on=date(2025, 1, 1)
        ),
        StandingEntry(party="P1", role=PartyRole.OWNER, account="A4", starts_on=LONG_AGO),
    )
    owned = PartyRole.OWNER
    return Book(
        currency="ARS",
        parties=parties,
        accounts=(account(1), account(2), account(3), account(4, owned), account(5, owned)),
        communities=(CommunityEntry(key="W1", name="Consorcio 1", address=ADDRESS, number="30-1"),),
        standings=standings,
    )
