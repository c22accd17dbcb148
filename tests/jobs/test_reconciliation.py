"""Reconciliation: what offices and platforms say is compared with what we know; mended, found, or come right."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.effects import Effects, fragile
from tests.jobs.test_refunds import PAID
from tests.orders import FEE, NOW, REFERENCE, TOTAL, news, ordered
from tests.paid import Paid, open_paid
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.jobs.office_reconciliation import PAYMENTS
from ventanilla.jobs.reconciliation import Reconciliation
from ventanilla.payments.contract import NewsStatus
from ventanilla.store import stray_decisions

pytestmark = pytest.mark.anyio

OTHER = "rzyxwvutsrqponmlkjia"


@pytest.fixture
async def paid(tmp_path: Path, store_url: str) -> AsyncIterator[Paid]:
    """A manager with a cash desk, on each kind of database in turn."""
    async with open_paid(tmp_path / "world", store_url) as found:
        yield found


async def found(paid: Paid) -> list[tuple[str, str]]:
    """Kind and state of each stray, after a round."""
    assert await paid.compare()
    return (await paid.held()).found


def change(paid: Paid, sql: str, *values: object) -> None:
    """Somebody changes the office's books."""
    with paid.office_database() as database:
        database.execute(sql, values)


async def ours(paid: Paid) -> str:
    """What the office calls the payment that it has booked."""
    (row,) = (await paid.held()).payments
    assert row.office_payment_key
    return row.office_payment_key


async def test_where_all_fits_nothing_is_found_and_the_next_round_is_in_an_hour(paid: Paid) -> None:
    await paid.paid()
    errand = paid.reconciliation()
    steps = 0
    while (await errand.due(paid.clock())).managers:
        await errand.serve(paid.manager, lambda: False)
        steps += 1
        paid.clock.go(seconds=1)
    assert steps == 6
    assert (await errand.due(paid.clock())).next_at == NOW + timedelta(hours=1)
    held = await paid.held()
    assert held.strays == []
    assert held.bookings == ["BOOKED"]
    assert await paid.books() == (["CONFIRMED 70000"], *PAID)


async def test_who_never_had_a_checkout_has_nothing_to_compare(paid: Paid) -> None:
    assert (await paid.reconciliation().due(paid.clock())).managers == ()
    await paid.unpaid()
    assert (await paid.reconciliation().due(paid.clock())).managers == ("sur",)


async def test_an_office_that_was_put_back_to_an_older_state_books_again_what_it_lost(paid: Paid) -> None:
    await paid.unpaid()
    with paid.office_database() as office, closing(sqlite3.connect(":memory:")) as older:
        office.backup(older)
        await paid.told(news())
        await paid.book()
        older.backup(office)
    assert await found(paid) == [("MISSING_AT_OFFICE", "OPEN")]
    assert (await paid.held()).bookings == ["DUE"]
    await paid.book()
    assert await paid.books() == (["CONFIRMED 70000"], *PAID)
    assert await found(paid) == [("MISSING_AT_OFFICE", "RESOLVED")]
    assert [row.resolution for row in (await paid.held()).strays] == ["SETTLED"]


async def test_what_is_missed_once_more_is_open_again_and_left_to_the_staff(paid: Paid) -> None:
    await paid.paid()
    key = await ours(paid)
    change(paid, "UPDATE payment SET status = 'FAILED' WHERE key = ?", key)
    assert await found(paid) == [("MISSING_AT_OFFICE", "OPEN")]
    change(paid, "UPDATE payment SET status = 'SETTLED' WHERE key = ?", key)
    assert await found(paid) == [("MISSING_AT_OFFICE", "RESOLVED")]
    change(paid, "DELETE FROM payment WHERE key = ?", key)
    assert await found(paid) == [("MISSING_AT_OFFICE", "OPEN")]
    assert (await paid.held()).bookings == ["BOOKED"]


@pytest.mark.parametrize("what", ["amount_minor = 69999", "currency = 'COP'", "status = 'REVERSED'"])
async def test_what_the_office_has_otherwise_is_found_and_not_posted_again(paid: Paid, what: str) -> None:
    await paid.paid()
    change(paid, f"UPDATE payment SET {what} WHERE key = ?", await ours(paid))
    assert await found(paid) == [("MISSING_AT_OFFICE", "OPEN")]
    held = await paid.held()
    assert held.bookings == ["BOOKED"]
    assert held.strays[0].expected_minor == 70_000


async def test_what_the_office_booked_anew_under_another_key_is_not_booked_twice(paid: Paid) -> None:
    await paid.paid()
    change(paid, "UPDATE payment SET key = 'OWN1' WHERE key = ?", await ours(paid))
    assert await found(paid) == [("MISSING_AT_OFFICE", "OPEN"), ("UNKNOWN_AT_OFFICE", "OPEN")]
    held = await paid.held()
    assert held.bookings == ["BOOKED"]
    unknown = next(row for row in held.strays if row.kind == "UNKNOWN_AT_OFFICE")
    assert (unknown.subject, unknown.amount_minor, unknown.reference) == ("agua OWN1", 70_000, REFERENCE)
    change(paid, "UPDATE payment SET key = ? WHERE key = 'OWN1'", await ours(paid))
    assert await found(paid) == [("MISSING_AT_OFFICE", "RESOLVED"), ("UNKNOWN_AT_OFFICE", "RESOLVED")]


async def test_a_payment_under_our_reference_that_we_never_booked_is_found_until_it_counts_no_more(paid: Paid) -> None:
    await paid.unpaid()
    change(paid, "UPDATE payment SET reference = ?, paid_at = ? WHERE key = 'Q1'", REFERENCE, NOW.isoformat())
    assert await found(paid) == [("UNKNOWN_AT_OFFICE", "OPEN")]
    change(paid, "UPDATE payment SET status = 'REVERSED' WHERE key = 'Q1'")
    assert await found(paid) == [("UNKNOWN_AT_OFFICE", "RESOLVED")]


async def test_what_went_back_is_expected_to_count_no_more(paid: Paid) -> None:
    await paid.paid()
    await paid.told(news(NewsStatus.PARTIALLY_REFUNDED, refunded=paid.money(100)))
    assert await found(paid) == []  # the office is being told
    await paid.give_back()
    assert await found(paid) == []
    await paid.told(news(NewsStatus.REFUNDED))
    await paid.give_back()
    assert await found(paid) == []
    change(paid, "UPDATE payment SET status = 'CONFIRMED' WHERE key = ?", await ours(paid))
    assert await found(paid) == [("MISSING_AT_OFFICE", "OPEN")]


async def test_what_staff_dismissed_stays_so(paid: Paid) -> None:
    await paid.paid()
    change(paid, "UPDATE payment SET status = 'FAILED' WHERE key = ?", await ours(paid))
    await found(paid)
    (stray,) = (await paid.held()).strays
    async with paid.store.work("sur") as work:
        await stray_decisions.dismiss(work, stray.id, "asked the office", by="0" * 32, now=NOW)
    assert await found(paid) == [("MISSING_AT_OFFICE", "RESOLVED")]
    assert (await paid.held()).strays[0].note == "asked the office"


async def test_money_that_no_notification_told_of_is_taken_from_the_platforms_list(paid: Paid) -> None:
    await paid.unpaid()
    paid.server.paid(news(paid_at=NOW - timedelta(minutes=5)))
    for number in range(5):  # others sell there too
        told = news(payment_id=f"x{number}", reference=f"order-{number}", paid_at=NOW - timedelta(hours=30 + number))
        paid.server.paid(told)
    assert await found(paid) == []
    held = await paid.held()
    assert (held.states, held.bookings) == (["SUCCEEDED"], ["DUE"])


async def test_money_under_a_reference_of_our_form_without_an_order_is_a_stray_once(paid: Paid) -> None:
    await paid.unpaid()
    paid.server.paid(news(reference=OTHER, paid_at=NOW - timedelta(hours=30)))
    for _ in range(2):
        assert await found(paid) == [("UNKNOWN_REFERENCE", "OPEN")]
    assert (await paid.held()).bookings == ["REVIEW"]


async def test_what_the_platform_neither_lists_nor_tells_is_found_and_comes_right(paid: Paid) -> None:
    await paid.paid(news(paid_at=NOW - timedelta(hours=3)))
    lost = paid.server.payments.pop("p1")
    assert await found(paid) == [("MISSING_AT_PLATFORM", "OPEN")]
    assert (await paid.held()).strays[0].expected_minor == TOTAL
    paid.server.payments["p1"] = lost
    assert await found(paid) == [("MISSING_AT_PLATFORM", "RESOLVED")]


async def test_what_is_not_listed_and_told_when_asked_fits(paid: Paid) -> None:
    await paid.paid(news(paid_at=NOW - timedelta(hours=3)))
    paid.server.payments["p1"]["paid_at"] = (NOW - timedelta(days=20)).isoformat()
    assert await found(paid) == []
    assert "status" in paid.server.asked


async def test_who_cannot_be_asked_is_missing_nothing(paid: Paid, tmp_path: Path) -> None:
    await paid.paid(news(paid_at=NOW - timedelta(hours=3)))
    (tmp_path / "away" / "sur" / "agua" / "ledger.sqlite").mkdir(parents=True)
    away = Offices(paid.world.services.registry, tmp_path / "away", paid.clock)
    paid.server.away = True
    desk = paid.reconciliation().desk
    assert await Reconciliation(replace(desk, offices=away)).round(paid.manager)
    await away.close()
    assert (await paid.held()).strays == []


async def test_two_workers_do_no_step_at_once_and_a_dead_ones_is_done_again(paid: Paid) -> None:
    await paid.paid()
    errand = paid.reconciliation()
    taken = await errand._taken(paid.manager, at_once=False)  # pyright: ignore[reportPrivateUsage]  # a worker that dies right after
    assert taken
    assert await errand.serve(paid.manager, lambda: False) == NOW + timedelta(seconds=1)
    assert not await errand.round(paid.manager)
    assert (await errand.due(paid.clock())).managers == ()
    paid.clock.go(minutes=1)
    assert (await errand.due(paid.clock())).managers == ("sur",)
    assert await errand.round(paid.manager)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_many_payments_are_looked_at_part_by_part(paid: Paid) -> None:
    references = [f"r{number:018}z" for number in range(PAYMENTS + 5)]
    for number, reference in enumerate(references):
        await ordered(paid.store, reference=reference, lines=(), amount_minor=100)
        told = news(payment_id=f"p{number}", reference=reference, amount=paid.money(100 + FEE), paid_at=NOW)
        await paid.told(told)
    while (await paid.held()).bookings.count("DUE"):
        await paid.book()
        paid.clock.go(seconds=1)
    assert await found(paid) == []
    for reference in (references[0], references[-1]):
        change(paid, "DELETE FROM payment WHERE reference = ?", reference)
    oldest = [row[0] for row in payments(paid)][-1]
    change(paid, "UPDATE payment SET key = 'OWN1' WHERE key = ?", oldest)
    assert [kind for kind, _ in await found(paid)] == ["MISSING_AT_OFFICE"] * 3 + ["UNKNOWN_AT_OFFICE"]
    assert (await paid.held()).bookings.count("DUE") == 2


def payments(paid: Paid) -> list[tuple[str]]:
    """Keys of what the office has of us, in the order of its list."""
    with paid.office_database() as database:
        sql = "SELECT key FROM payment WHERE reference IS NOT NULL ORDER BY paid_at DESC, key DESC"
        return database.execute(sql).fetchall()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", range(1, 43, 6))  # there are many effects, and each takes a world
async def test_whatever_fails_the_round_comes_to_the_same(paid: Paid, store_url: str, number: int) -> None:
    effects = Effects(number, done=number % 4 == 1)
    await paid.paid()
    await paid.unpaid(OTHER)
    change(paid, "DELETE FROM payment WHERE key = ?", await ours(paid))
    paid.server.paid(news(payment_id="p2", reference=OTHER, amount=paid.money(500), paid_at=NOW))
    async with fragile(paid.world.services, store_url, effects) as services:
        desk = replace(paid.reconciliation().desk, store=services.store, platforms=services.platforms)
        for _ in range(3):
            with suppress(DatabaseUnavailableError):
                await Reconciliation(desk).round(paid.manager)
            paid.clock.go(minutes=2)
    assert effects.struck
    held = await paid.held()
    assert held.found == [("MISSING_AT_OFFICE", "OPEN")]
    assert held.bookings == ["DUE", "DUE"]
