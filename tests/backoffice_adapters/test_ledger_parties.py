"""Parties of a ledger: whom it knows, as what, and how they are found page by page."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.asking import ALL, BOOK, CALL, changed, keys_of
from tests.backoffice_adapters.sample_pen import NOW, TODAY, ZONE
from ventanilla.backoffice_adapters.book import Book, StandingEntry
from ventanilla.backoffice_adapters.contract import (
    FaultCode,
    OfficeError,
    PartyFilter,
    PartyOrder,
    Position,
    Window,
)
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.check import BookError, check
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.ledger.totals import totals_of
from ventanilla.backoffice_adapters.records import Contractor, Party, PartyRole, Slice, Standing

pytestmark = pytest.mark.anyio
COUNTED = Window(limit=1_000, count=True)
EVERYBODY = ["anna", "anna2", "sklep", "hydraulik", "ääkköset"]
BOARD, SUPPLIER, HOLDER = PartyRole.BOARD_MEMBER, PartyRole.SUPPLIER, PartyRole.HOLDER


def by(text: str | None = None, *roles: PartyRole) -> PartyFilter:
    return PartyFilter(roles=roles, text=text)


async def found(ledger: Ledger, where: PartyFilter, window: Window = ALL) -> Slice[Contractor]:
    (part,) = await ledger.parties(CALL, [where], window)
    assert isinstance(part, Slice)
    return part


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        (by(), EVERYBODY),
        (by(None, BOARD), ["anna", "anna2"]),
        (by(None, SUPPLIER), ["hydraulik", "ääkköset"]),
        (by(None, HOLDER), ["anna", "sklep"]),
        (by(None, HOLDER, HOLDER, SUPPLIER), ["anna", "sklep", "hydraulik", "ääkköset"]),
        (by(None, PartyRole.TENANT), []),
        (by("WIŚNIEW"), ["anna", "anna2"]),
        (by("wisniew"), []),
        (by("WIŚNIEW", PartyRole.RESIDENT), ["anna2"]),
        (by("ÄÄK"), ["ääkköset"]),
        (by("żółw”"), ["sklep"]),
        (by("  jan  "), ["hydraulik"]),
        (by("   "), EVERYBODY),
        (by("85010112345"), ["anna", "anna2"]),
        (by("850101 12345", BOARD), ["anna", "anna2"]),
        (by("8501011234"), []),
        (by("fi-12"), ["ääkköset"]),
        (by("Nikt"), []),
        (by("%"), []),
        (by("_"), []),
        (by("'; DROP TABLE party; --"), []),
        (by("\0"), []),
        (by("\ud800"), []),
        (by("w" * 100_000), []),
    ],
)
async def test_who_is_found(ledger: Ledger, where: PartyFilter, keys: list[str]) -> None:
    part = await found(ledger, where, COUNTED)
    assert (keys_of(part), part.more, part.count) == (keys, False, len(keys))


async def test_a_contractor_is_told_whole(ledger: Ledger) -> None:
    (anna,) = await ledger.parties_by_key(CALL, ["anna"])
    assert isinstance(anna, Contractor)
    assert anna.party == BOOK.parties[0]
    assert (anna.origin.source, anna.origin.as_of, anna.name) == ("own", NOW, anna.party.name)
    held = [account for account in BOOK.accounts if account.holder == "anna" and account.status != "CLOSED"]
    assert anna.standings == (
        *(
            Standing(
                role=HOLDER,
                account_key=account.key,
                account_number=account.number,
                starts_on=account.opened_on,
                ends_on=account.closed_on,
            )
            for account in sorted(held, key=lambda account: account.key)
        ),
        Standing(
            role=BOARD,
            community_key="wm-dluga",
            community_name="WM Długa 7–9",
            starts_on=BOOK.standings[1].starts_on,
            ends_on=TODAY,
        ),
    )


async def test_keys_are_answered_one_by_one(ledger: Ledger) -> None:
    keys = ["zenon", "absent", "anna", "zenon", "", "\0"]
    nobody, absent, anna, again, *malformed = await ledger.parties_by_key(CALL, keys)
    assert isinstance(nobody, Contractor)
    assert isinstance(anna, Contractor)
    assert (nobody.standings, absent, again, malformed) == ((), None, nobody, [None, None])
    assert (await found(ledger, by("wiśniewska"))).items[0] == anna


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
@pytest.mark.parametrize("backwards", [False, True])
async def test_a_walk_meets_everybody_once(ledger: Ledger, limit: int, backwards: bool) -> None:
    seen: list[str] = []
    start = None
    for _ in range(10):
        part = await found(ledger, by(), Window(limit=limit, start=start, backwards=backwards, count=True))
        assert part.count == len(EVERYBODY)
        seen = [*keys_of(part), *seen] if backwards else [*seen, *keys_of(part)]
        if not part.more:
            break
        start = PartyOrder.NAME_ASC.position(part.items[0 if backwards else -1])
    assert seen == EVERYBODY


async def test_a_place_between_people_is_one(ledger: Ledger) -> None:
    start = Position(value="Anna Wiśniewska", key="anna1")
    assert keys_of(await found(ledger, by(), Window(limit=2, start=start))) == ["anna2", "sklep"]
    assert keys_of(await found(ledger, by(), Window(limit=2, start=start, backwards=True))) == ["anna"]
    for value, key in (("\0", "anna"), ("Anna", "\ud800")):
        with pytest.raises(OfficeError) as raised:
            await found(ledger, by(), Window(limit=2, start=Position(value=value, key=key)))
        assert raised.value.fault.code is FaultCode.INVALID


async def test_each_filter_has_its_own_part(ledger: Ledger) -> None:
    wheres = [by(None, SUPPLIER), by("anna"), by(None, SUPPLIER), by("nobody at all")]
    parts = await ledger.parties(CALL, wheres, Window(limit=1, count=True))
    assert [(keys_of(part), part.more, part.count) for part in parts if isinstance(part, Slice)] == [
        (["hydraulik"], True, 2),
        (["anna"], True, 2),
        (["hydraulik"], True, 2),
        ([], False, 0),
    ]


async def test_hundreds_of_filters_are_answered(ledger: Ledger) -> None:
    wheres = [by(f"fi{number}") for number in range(720)]
    parts: list[Any] = await ledger.parties(CALL, [*wheres, by()], COUNTED)
    assert [part.count for part in parts[12:14]] == [1, 0]
    assert keys_of(parts[-1]) == EVERYBODY


async def test_what_it_costs(ledger: Ledger, database: Database) -> None:
    costs: list[tuple[Callable[[], Any], int]] = [
        (lambda: ledger.parties(CALL, [by()], ALL), 1),
        (lambda: ledger.parties(CALL, [by(), by("a"), by()], COUNTED), 2),
        (lambda: ledger.parties(CALL, [], COUNTED), 0),
        (lambda: ledger.parties_by_key(CALL, EVERYBODY), 1),
        (lambda: ledger.parties_by_key(CALL, ["", "\0"]), 0),
    ]
    for ask, cost in costs:
        before = database.statements
        await ask()
        assert database.statements - before == cost


async def test_books_of_one_database_never_meet(database: Database, ledger: Ledger) -> None:
    other = Ledger(database, "osiedle/own2", "own", lambda: NOW, ZONE)
    assert keys_of(await found(other, by())) == []
    await other.fill(replace(BOOK, standings=(), parties=tuple(replace(one, name="X") for one in BOOK.parties)))
    assert keys_of(await found(other, by("x"))) == ["anna", "sklep"]
    assert keys_of(await found(ledger, by())) == EVERYBODY


# -- what a book may not say -------------------------------------------------------------------------------------


def standing(**more: Any) -> Book:
    return changed(standings=[StandingEntry(**{"party": "zenon", "role": SUPPLIER, **more})])


@pytest.mark.parametrize(
    ("book", "told"),
    [
        (standing(party="x"), "standing of party 'x' names party 'x', which the book does not have"),
        (standing(role=HOLDER, account="x"), "'zenon' names account 'x', which the book does not have"),
        (standing(community="x"), "'zenon' names community 'x', which the book does not have"),
        (standing(account="flat"), "party 'zenon' as SUPPLIER has an account"),
        (standing(role=HOLDER), "party 'zenon' as HOLDER lacks its account"),
        (standing(role=BOARD), "party 'zenon' as BOARD_MEMBER lacks its community"),
        (
            standing(role=PartyRole.RESIDENT, account="flat", community="wm-new"),
            "party 'zenon' as RESIDENT has a community",
        ),
        (
            standing(starts_on=TODAY, ends_on=TODAY.replace(year=2020)),
            f"party 'zenon' as SUPPLIER ends on {TODAY.replace(year=2020)}, before it begins, {TODAY}",
        ),
        (changed(standings=[BOOK.standings[0]]), "party 'hydraulik' is SUPPLIER of 'the manager' 2 times from one day"),
        (
            standing(party="anna", role=HOLDER, account="empty"),
            "party 'anna' is HOLDER of 'empty' 2 times from one day",
        ),
        (
            replace(BOOK, accounts=(replace(BOOK.accounts[0], holder_as=SUPPLIER), *BOOK.accounts[1:])),
            "account 'flat' is held by a SUPPLIER",
        ),
        (changed(parties=[Party(key="x", name="a\0")]), "party 'x' has a text with a NUL or half a surrogate pair"),
    ],
)
async def test_what_contradicts_itself_is_told(database: Database, book: Book, told: str) -> None:
    ledger = Ledger(database, "osiedle/own", "own", lambda: NOW, ZONE)
    with pytest.raises(BookError) as raised:
        await ledger.fill(book)
    assert any(told in problem for problem in raised.value.problems), raised.value.problems


def test_a_standing_may_begin_again() -> None:
    book = changed(standings=[StandingEntry(party="hydraulik", role=SUPPLIER, starts_on=TODAY)])
    check(book, totals_of(book))
