"""Notices: who sees which, when, and by what pages, compared with the sample book read in plain Python."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.backoffice_adapters.asking import ALL, BOOK, CALL, keys_of, ref
from tests.backoffice_adapters.sample_pen import NOW
from ventanilla.backoffice_adapters.book import NoticeEntry
from ventanilla.backoffice_adapters.contract import FaultCode, NoticeOrder, OfficeError, Position, Window
from ventanilla.backoffice_adapters.database import Database
from ventanilla.backoffice_adapters.ledger.office import Ledger
from ventanilla.backoffice_adapters.records import AccountRole, NoticeScope, Reader, ReaderStanding

pytestmark = pytest.mark.anyio
NEWEST = NoticeOrder.PUBLISHED_FROM_DESC


def reader(*standings: tuple[str, AccountRole], office: str = "own") -> Reader:
    return Reader(standings=tuple(ReaderStanding(account=ref(key, office), role=role) for key, role in standings))


HOLDER, OWNER, TENANT = AccountRole.HOLDER, AccountRole.OWNER, AccountRole.TENANT
NOBODY = Reader(standings=())
READERS = {
    "holder": reader(("flat", HOLDER)),
    "owner": reader(("flat", OWNER)),
    "owner next door": reader(("credit", OWNER)),
    "shop": reader(("stated", TENANT)),
    "without a place": reader(("empty", HOLDER)),
    "two as two": reader(("flat", TENANT), ("stated", OWNER)),
    "one as two": reader(("flat", TENANT), ("flat", OWNER)),
    "not known": reader(("nobody", TENANT)),
    "malformed": reader(("\0", HOLDER)),
    "elsewhere": reader(("flat", OWNER), office="other"),
    "nobody": NOBODY,
}


def meets(entry: NoticeEntry, standing: ReaderStanding) -> bool:
    known = {account.key: account for account in BOOK.accounts} if standing.account.office == "own" else {}
    account = known.get(standing.account.key)
    unit = next((unit for unit in BOOK.units if account and unit.key == account.unit), None)
    building = next((found for found in BOOK.buildings if unit and found.key == unit.building_key), None)
    return (
        (not entry.accounts or (account is not None and account.key in entry.accounts))
        and (not entry.buildings or (building is not None and building.key in entry.buildings))
        and (not entry.communities or (building is not None and building.community in entry.communities))
        and (not entry.roles or standing.role in entry.roles)
    )


def seen_by(asking: Reader, now: datetime, order: NoticeOrder) -> list[str]:
    found = [
        entry
        for entry in BOOK.notices
        if entry.published_from <= now
        and (entry.visible_until is None or now < entry.visible_until)
        and any(meets(entry, standing) for standing in asking.standings)
    ]
    found.sort(key=lambda entry: (entry.published_from, entry.key), reverse=order.descending)
    return [entry.key for entry in found]


@pytest.mark.parametrize("order", NoticeOrder)
@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=1), timedelta(days=-2), timedelta(days=-900)])
async def test_every_reader_sees_what_is_for_them_now(ledger: Ledger, order: NoticeOrder, later: timedelta) -> None:
    call, window = msgspec.structs.replace(CALL, now=NOW + later), Window(limit=1_000, count=True)
    answers = await ledger.notices(call, [*READERS.values()], order, window)
    for asking, answer in zip(READERS.values(), answers, strict=True):
        if not asking.standings:
            assert answer is None
            continue
        wanted = seen_by(asking, call.now, order)
        assert (keys_of(answer), answer.more, answer.count) == (wanted, False, len(wanted))
        assert await ledger.notices(call, [asking], order, window) == [answer]


async def test_audiences_are_met_by_one_account(ledger: Ledger) -> None:
    two, one = await ledger.notices(CALL, [READERS["two as two"], READERS["one as two"]], NEWEST, ALL)
    assert "n-owners" not in keys_of(two)
    assert "n-owners" in keys_of(one)
    assert not {"n-nobody", "n-new", "n-soon", "n-ended"} & {*keys_of(two), *keys_of(one)}


@pytest.mark.parametrize("order", NoticeOrder)
@pytest.mark.parametrize("backwards", [False, True])
async def test_a_walk_by_pages_meets_every_notice_once(ledger: Ledger, order: NoticeOrder, backwards: bool) -> None:
    for name in ("one as two", "two as two", "elsewhere"):
        walked: list[str] = []
        window = Window(limit=4, backwards=backwards)
        while True:
            [_, answer] = await ledger.notices(CALL, [READERS["shop"], READERS[name]], order, window)
            walked = keys_of(answer) + walked if backwards else walked + keys_of(answer)
            if not answer.more:
                break
            edge = answer.items[0 if backwards else -1]
            window = Window(limit=4, backwards=backwards, start=order.position(edge))
        assert walked == seen_by(READERS[name], NOW, order)


async def test_a_notice_is_whole(ledger: Ledger) -> None:
    said, everybody = await ledger.notices_by_key(CALL, ["n-says", "n-ends"], READERS["elsewhere"])
    entry = next(entry for entry in BOOK.notices if entry.key == "n-ends")
    assert (said.scope, said.community_name) == (NoticeScope.COMMUNITY, "WM Długa 7–9")
    assert (everybody.scope, everybody.community_name) == (NoticeScope.MANAGER, None)
    assert (everybody.title, everybody.body) == (entry.title, entry.body)
    assert (everybody.published_from, everybody.visible_until) == (entry.published_from, entry.visible_until)
    assert (everybody.origin.source, everybody.origin.as_of) == ("own", NOW)


@pytest.mark.parametrize("name", READERS)
async def test_by_key_a_reader_gets_what_they_may_see(ledger: Ledger, name: str) -> None:
    keys = [*(entry.key for entry in BOOK.notices), "nothing", "\0", "n-all"]
    answers: list[Any] = await ledger.notices_by_key(CALL, keys, READERS[name])
    seen = {*seen_by(READERS[name], NOW, NEWEST)}
    assert [answer and answer.key for answer in answers] == [key if key in seen else None for key in keys]


@pytest.mark.parametrize("start", [Position(value="yesterday", key="k"), Position(value=NOW.isoformat(), key="\0")])
async def test_a_start_that_is_no_position_is_invalid(ledger: Ledger, start: Position) -> None:
    with pytest.raises(OfficeError) as caught:
        await ledger.notices(CALL, [READERS["shop"]], NEWEST, Window(limit=5, start=start))
    assert caught.value.fault.code is FaultCode.INVALID


async def test_one_statement_a_call_and_one_more_for_counts(database: Database, ledger: Ledger) -> None:
    readers = [*READERS.values()]
    calls = [
        (1, ledger.notices(CALL, readers, NEWEST, Window(limit=2))),
        (2, ledger.notices(CALL, readers, NEWEST, Window(limit=2, count=True))),
        (1, ledger.notices_by_key(CALL, ["n-all", "n-flat"], READERS["holder"])),
        (0, ledger.notices(CALL, [NOBODY, NOBODY], NEWEST, ALL)),
        (0, ledger.notices(CALL, [], NEWEST, ALL)),
        (0, ledger.notices_by_key(CALL, ["n-all"], NOBODY)),
        (0, ledger.notices_by_key(CALL, ["\0"], READERS["holder"])),
    ]
    for cost, asking in calls:
        before = database.statements
        answers = await asking
        assert any(answers) == bool(cost)
        assert database.statements - before == cost
