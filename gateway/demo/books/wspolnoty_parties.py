"""Whom `wspolnoty` knows beside the owners: co-owners, boards and suppliers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ventanilla.backoffice_adapters.book import StandingEntry
from ventanilla.backoffice_adapters.records import PartyKind, PartyRole
from ventanilla.gateway.demo.books import osiedle
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import shift
from ventanilla.gateway.demo.books.identity import nip, pesel
from ventanilla.gateway.demo.books.osiedle import Someone
from ventanilla.gateway.demo.books.parties import Known
from ventanilla.gateway.demo.books.wspolnoty_roster import BYDGOSKA, GDANSKA, KUJAWSKA, Community, Premises


@dataclass(frozen=True, slots=True)
class Term:
    """A term on the board, in months from the anchor. `member` has a story, or is the owner drawn in that place."""

    member: Someone | int
    begins: int
    ends: int


BOARDS: Mapping[Community, Sequence[Term]] = {
    GDANSKA: (Term(0, -38, -14), Term(osiedle.ANDRZEJ, -14, 22), Term(1, -14, 22)),
    BYDGOSKA: (Term(osiedle.EWA, -39, -3), Term(2, -3, 33)),
    KUJAWSKA: (Term(0, -30, -6), Term(3, -6, 30)),
}
HYDRAULIK = Known(
    "Hydraulika Brda Jan Wrona",
    ("NIP", nip(953_120_447)),
    PartyRole.SUPPLIER,
    email="biuro@hydraulikabrda.example",
    months=44,
)
DZWIGI = Known(
    "Dźwigi Pomorze sp. z o.o.",
    ("NIP", nip(583_041_926)),
    PartyRole.SUPPLIER,
    email="serwis@dzwigipomorze.example",
    kind=PartyKind.COMPANY,
    months=29,
)
ZIELEN = Known("Zieleń i Czystość Danuta Lis", ("NIP", nip(554_266_310)), PartyRole.SUPPLIER, months=16)
OF_COMMUNITIES: Mapping[Community, Sequence[Known]] = {BYDGOSKA: (DZWIGI,)}
"""Who supplies one community; others supply the manager, for all of them."""
CO_OWNERS = (
    Known(
        "Marek Wojciechowski",
        ("PESEL", pesel(date(1982, 5, 9), 3175)),
        PartyRole.OWNER,
        ("W1-015-K", "W1-015-M"),
        months=52,
    ),
    # The same person, entered again by another clerk: somebody has to look at that before either is let in.
    Known(
        "Lewandowska Ewa Maria",
        ("PESEL", pesel(date(1978, 9, 8), osiedle.EWA.serial)),
        PartyRole.RESIDENT,
        ("W2-007-M",),
        email="e.lewandowska@poczta.example",
    ),
)


def elect(clerk: Clerk, members: Sequence[Premises], community: str, owners: Mapping[Someone, str]) -> None:
    """Enter the board of a community, former members among them."""
    drawn = [member.owner for member in members if member.door > 30]
    for term in BOARDS[members[0].community]:
        someone = drawn[term.member] if isinstance(term.member, int) else term.member
        clerk.enter(
            StandingEntry(
                party=owners[someone],
                role=PartyRole.BOARD_MEMBER,
                community=community,
                starts_on=shift(clerk.anchor, term.begins),
                ends_on=shift(clerk.anchor, term.ends),
            )
        )
