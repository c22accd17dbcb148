"""Whom the demo's offices know: holders, further people, boards and suppliers."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tests.gateway.demo.shelf import ANCHOR, anchors, offices, written
from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.records import PartyRole

HELD_AS = {
    "comercial": {PartyRole.HOLDER, PartyRole.OWNER},
    "arriendos": {PartyRole.TENANT, PartyRole.OWNER},
    "czynsze": {PartyRole.TENANT},
    "wspolnoty": {PartyRole.OWNER},
}


def known_as(book: Book, role: PartyRole) -> set[str]:
    return {entry.party for entry in book.standings if entry.role is role}


def board(book: Book, name: str) -> list[tuple[str, date | None, date | None]]:
    """Who of that name is on which board, and from when to when."""
    (key,) = (party.key for party in book.parties if party.name == name)
    names = {community.key: community.name for community in book.communities}
    terms = [entry for entry in book.standings if entry.party == key and entry.role is PartyRole.BOARD_MEMBER]
    return [(names[entry.community or ""], entry.starts_on, entry.ends_on) for entry in terms]


@pytest.mark.parametrize(("office", "roles"), HELD_AS.items())
def test_accounts_are_held_as_what_they_are_for(office: str, roles: set[PartyRole]) -> None:
    assert {account.holder_as for account in written(office).accounts} == roles


@offices
def test_somebody_was_entered_twice(office: str) -> None:
    book = written(office)
    documents = Counter(party.document_number for party in book.parties)
    (twice,) = (number for number, times in documents.items() if times > 1)
    one, other = (party for party in book.parties if party.document_number == twice)
    assert one.name != other.name
    assert {one.key, other.key} <= {account.holder for account in book.accounts} | known_as(book, PartyRole.RESIDENT)


@offices
def test_most_people_gave_an_address_of_their_own_and_some_none(office: str) -> None:
    book = written(office)
    given = [party.email for party in book.parties if party.email]
    assert len(book.parties) / 2 < len(given) < len(book.parties)
    assert len(set(given)) == len(given)
    assert all(address.isascii() and address.endswith(".example") for address in given)


@pytest.mark.parametrize("office", ["comercial", "arriendos", "wspolnoty"])
def test_suppliers_are_known_and_one_has_no_address(office: str) -> None:
    book = written(office)
    suppliers = [party for party in book.parties if party.key in known_as(book, PartyRole.SUPPLIER)]
    assert len(suppliers) == 3
    assert sum(party.email is None for party in suppliers) == 1
    assert all(party.document_number for party in suppliers)


@anchors
def test_every_board_has_a_term_that_ended_and_one_in_force(anchor: date) -> None:
    book = written("wspolnoty", anchor)
    owners = {account.holder for account in book.accounts}
    assert known_as(book, PartyRole.BOARD_MEMBER) <= owners
    for community in book.communities:
        terms = [entry for entry in book.standings if entry.community == community.key and entry.role == "BOARD_MEMBER"]
        ends = [entry.ends_on for entry in terms if entry.ends_on]
        assert min(ends) < anchor < max(ends)


def test_andrzej_is_on_a_board_and_ewa_was() -> None:
    book = written("wspolnoty")
    ((gdanska, since, until),) = board(book, "Andrzej Kozłowski")
    assert gdanska == "Wspólnota Mieszkaniowa Gdańska 288"
    assert since
    assert until
    assert since <= ANCHOR <= until
    ((tarasy, _, ended),) = board(book, "Ewa Lewandowska")
    assert tarasy == "Wspólnota Mieszkaniowa Bydgoskie Tarasy"
    assert ended
    assert ended < ANCHOR


@offices
def test_no_standing_begins_after_the_anchor(office: str) -> None:
    assert all(entry.starts_on and entry.starts_on <= ANCHOR for entry in written(office).standings)
