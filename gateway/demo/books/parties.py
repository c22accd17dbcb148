"""Whom an office knows beside the holders of its accounts, and how people write their addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

from ventanilla.backoffice_adapters.book import StandingEntry
from ventanilla.backoffice_adapters.records import PartyKind, PartyRole
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import shift


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is `role` of the accounts with these printed numbers, or of none, for so many months."""

    name: str
    document: tuple[str, str]
    """Its type and number."""
    role: PartyRole
    numbers: tuple[str, ...] = ()
    email: str | None = None
    kind: PartyKind = PartyKind.PERSON
    months: int = 18


def introduce(clerk: Clerk, known: Iterable[Known], community: str | None = None) -> list[str]:
    """Enter people, those without an account for one community or for the manager; returns their keys."""
    return [_introduce(clerk, someone, community) for someone in known]


def _introduce(clerk: Clerk, known: Known, community: str | None) -> str:
    party, since = clerk.party(known.name, known.document, known.kind, known.email), shift(clerk.anchor, -known.months)
    for account in map(clerk.numbered, known.numbers):
        clerk.enter(StandingEntry(party=party, role=known.role, account=account, starts_on=since))
    if not known.numbers:
        clerk.enter(StandingEntry(party=party, role=known.role, community=community, starts_on=since))
    return party


def email(name: str, domain: str, tail: str = "") -> str:
    """An address as people make it of their name: ``zofia.wojcik@poczta.example``."""
    plain = normalize("NFKD", name.casefold().replace("ł", "l")).encode("ascii", "ignore").decode()
    return f"{'.'.join([*plain.split(), *([tail] if tail else [])])}@{domain}.example"
