"""Checkouts as they are told: with their lines, for how few statements however many, on both databases."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.store.paying import NOW, PERSON, intent, rows, terms
from ventanilla.backoffice_adapters.contract import Window
from ventanilla.store import checkout_lists, checkouts
from ventanilla.store.checkout_commits import commit
from ventanilla.store.checkout_lists import CheckoutFilter, CheckoutOrder
from ventanilla.store.payment_states import Booking, CheckoutState
from ventanilla.store.store import Store
from ventanilla.store.tables import PlatformPaymentRow

pytestmark = pytest.mark.anyio
NEWEST = CheckoutOrder.CREATED_AT_DESC
MINE = CheckoutFilter(person_id=PERSON)


async def made(store: Store, *keys: str, minutes: int = 0, person: str = PERSON, manager: str = "sur") -> str:
    found = await commit(store, manager, intent(*keys, person=person), NOW + timedelta(minutes=minutes))
    assert isinstance(found, str)
    return found


async def booked(store: Store, checkout: str, key: str, booking: Booking, minutes: int = 0) -> None:
    moment = NOW + timedelta(minutes=minutes)
    async with store.work("sur") as work:
        work.add(
            PlatformPaymentRow(
                id=uuid4().hex,
                checkout_id=checkout,
                platform="till",
                payment_id=uuid4().hex,
                reference="r",
                status="CONFIRMED",
                currency="ARS",
                amount_minor=1,
                booking=booking.value,
                office_payment_key=key,
                booked_at=moment,
                created_at=moment,
                changed_at=moment,
            )
        )


async def test_it_is_told_as_it_was_committed(store: Store) -> None:
    checkout = await made(store, "B", "A")
    (found,) = await checkout_lists.find(store, "sur", [checkout])
    (row,) = await rows(store)
    assert found
    assert found.terms == terms("B", "A")
    assert (found.id, found.person_id, found.reference, found.state) == (checkout, PERSON, row.reference, "CREATED")
    assert (found.created_at, found.expires_at, found.ended_at) == (NOW, NOW + timedelta(hours=1), None)
    assert (found.leads, found.settled, found.terms.total.minor) == (False, False, 2_100)


async def test_it_can_be_paid_while_it_runs_and_leads_somewhere(store: Store) -> None:
    checkout = await made(store, "A")
    async with store.work("sur") as work:
        await checkouts.lead(work, checkout, "{}", None)
    (found,) = await checkout_lists.find(store, "sur", [checkout])
    assert found
    assert found.open_at(NOW)
    assert not found.open_at(NOW + timedelta(hours=1))
    async with store.work("sur") as work:
        row, _ = await checkouts.whole(work, checkout)
        await checkouts.move(work, row, CheckoutState.FAILED, NOW)
    (found,) = await checkout_lists.find(store, "sur", [checkout])
    assert found
    assert not found.open_at(NOW)


async def test_the_first_that_was_booked_is_its_payment(store: Store) -> None:
    checkout = await made(store, "A")
    await booked(store, checkout, "REFUSED", Booking.REFUSED)
    await booked(store, checkout, "LATER", Booking.BOOKED, 2)
    await booked(store, checkout, "FIRST", Booking.BOOKED, 1)
    (found,) = await checkout_lists.find(store, "sur", [checkout])
    assert found
    assert (found.payment_key, found.settled) == ("FIRST", True)


async def test_those_that_there_are_are_found_in_order(store: Store) -> None:
    one, other = await made(store, "A"), await made(store, "B")
    theirs = await made(store, "A", manager="norte")
    found = await checkout_lists.find(store, "sur", [other, theirs, one, "f" * 32, other])
    assert [each and each.id for each in found] == [other, None, one, None, other]
    assert await checkout_lists.find(store, "sur", []) == []


async def test_a_part_is_newest_first_and_goes_on_where_it_ended(store: Store) -> None:
    made_now = [await made(store, str(minute), minutes=minute // 2) for minute in range(6)]  # two at each moment
    await made(store, "X", person="b" * 32)
    await made(store, "0", manager="norte")
    whole = await checkout_lists.listed(store, "sur", MINE, NEWEST, Window(limit=50))
    ids = [each.id for each in whole.items]
    assert (sorted(ids), whole.more) == (sorted(made_now), False)
    first = await checkout_lists.listed(store, "sur", MINE, NEWEST, Window(limit=4))
    assert ([each.id for each in first.items], first.more) == (ids[:4], True)
    after = checkout_lists.position(NEWEST, first.items[-1])
    rest = await checkout_lists.listed(store, "sur", MINE, NEWEST, Window(limit=4, start=after))
    assert ([each.id for each in rest.items], rest.more) == (ids[4:], False)
    before = checkout_lists.position(NEWEST, rest.items[0])
    back = await checkout_lists.listed(store, "sur", MINE, NEWEST, Window(limit=3, start=before, backwards=True))
    assert ([each.id for each in back.items], back.more) == (ids[1:4], True)
    counted = await checkout_lists.listed(store, "sur", MINE, NEWEST, Window(limit=1, count=True))
    assert counted.count == 6


async def test_an_accounts_are_those_of_any_of_its_names(store: Store) -> None:
    checkout = await made(store, "A")
    for accounts, ids in [
        ((("agua", "1"),), [checkout]),
        ((("alquiler", "9"), ("agua", "1")), [checkout]),
        ((("agua", "2"), ("alquiler", "1")), []),
    ]:
        where = CheckoutFilter(person_id=PERSON, accounts=accounts)
        found = await checkout_lists.listed(store, "sur", where, NEWEST, Window(limit=5))
        assert [each.id for each in found.items] == ids
        counted = await checkout_lists.listed(store, "sur", where, NEWEST, Window(limit=1, count=True))
        assert counted.count == len(ids)
