"""Commits: of many at one instant the database lets one through, and tells the others why."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.store.paying import NOW, PERSON, held, intent, rows
from ventanilla.store import checkouts
from ventanilla.store.checkout_commits import Against, Intent, NotCommitted, before, commit, holders, of_quote
from ventanilla.store.checkout_status import PAUSES
from ventanilla.store.payment_states import CheckoutState
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio
MANY = 20


async def together(store: Store, *intents: Intent) -> list[str | Against]:
    return [*await asyncio.gather(*(commit(store, "sur", each, NOW) for each in intents))]


async def test_it_is_frozen_as_it_was_meant(store: Store) -> None:
    made = await commit(store, "sur", intent("B", "A"), NOW)
    (row,) = await rows(store)
    assert row.id == made
    assert (row.amount_minor, row.payer_fee_minor, row.manager_fee_minor) == (2_000, 100, 0)
    assert (row.office, row.account_key, row.platform) == ("agua", "1", "till")
    assert (row.state, row.redirect) == ("CREATED", None)
    assert (row.due_at, row.expires_at) == (NOW + PAUSES[0], NOW + timedelta(hours=1))
    assert re.fullmatch("[a-z][a-z0-9]{18}[a-z]", row.reference)
    async with store.work("sur") as work:
        _, items = await checkouts.whole(work, row.id)
    assert [(item.position, item.invoice_key, item.held) for item in items] == [(1, "B", True), (2, "A", True)]


async def test_references_do_not_come_again(store: Store) -> None:
    for number in range(50):
        await commit(store, "sur", intent(str(number)), NOW)
    assert len({row.reference for row in await rows(store)}) == 50


async def test_many_with_one_key_make_one(store: Store) -> None:
    one = intent("A", "B")
    found = await together(store, *[one] * MANY)
    assert len(set(found)) == 1
    assert isinstance(found[0], str)
    assert len(await rows(store)) == 1


async def test_of_many_with_one_quote_one_has_it(store: Store) -> None:
    intents = [intent("A", quote="c" * 32) for _ in range(MANY)]
    found = await together(store, *intents)
    (made,) = [each for each in found if isinstance(each, str)]
    others = [each for each in found if isinstance(each, Against)]
    assert others == [Against(reason=NotCommitted.QUOTE_USED, checkout_id=made, person_id=PERSON)] * (MANY - 1)
    assert await held(store) == ["A"]


async def test_of_many_for_one_document_one_holds_it(store: Store) -> None:
    people = [f"{number:032x}" for number in range(MANY)]
    found = await together(store, *(intent("A", *([f"X{person}"]), person=person) for person in people))
    (made,) = [each for each in found if isinstance(each, str)]
    (row,) = await rows(store)
    assert row.id == made
    others = [each for each in found if isinstance(each, Against)]
    told = Against(reason=NotCommitted.PAYMENT_IN_PROGRESS, checkout_id=made, person_id=row.person_id)
    assert others == [told] * (MANY - 1)
    assert len(await held(store)) == 2


async def test_two_in_another_order_do_not_wait_for_each_other(store: Store) -> None:
    keys = [f"K{number:02}" for number in range(10)]
    found = await together(store, *(intent(*(keys if number % 2 else reversed(keys))) for number in range(MANY)))
    assert len([each for each in found if isinstance(each, str)]) == 1
    assert await held(store) == keys


async def test_the_same_key_for_something_else_is_told(store: Store) -> None:
    one = intent("A", key="k")
    made = await commit(store, "sur", one, NOW)
    other = intent("B", key="k")
    again = replace(one, commit=replace(one.commit, return_url="/"))
    assert await commit(store, "sur", other, NOW) == Against(reason=NotCommitted.IDEMPOTENCY_CONFLICT)
    assert await commit(store, "sur", again, NOW) == Against(reason=NotCommitted.IDEMPOTENCY_CONFLICT)
    assert await commit(store, "sur", intent("B", key="k", person="b" * 32), NOW) != made
    assert await commit(store, "sur", one, NOW) == made


async def test_another_manager_has_documents_and_keys_of_its_own(store: Store) -> None:
    one = intent("A", key="k")
    theirs = await commit(store, "norte", one, NOW)
    assert await commit(store, "sur", one, NOW) != theirs
    async with store.work("norte") as work:
        assert [each.checkout_id for each in (await holders(work, "agua", ["A"])).values()] == [theirs]
    async with store.work("sur") as work:
        assert await before(work, intent("A").commit) is None
        assert await of_quote(work, "c" * 32) is None
        assert await holders(work, "alquiler", ["A"]) == {}


@pytest.mark.parametrize("to", [CheckoutState.FAILED, CheckoutState.EXPIRED, CheckoutState.CANCELLED])
async def test_what_ends_in_vain_can_be_paid_anew(store: Store, to: CheckoutState) -> None:
    made = await commit(store, "sur", intent("A"), NOW)
    assert isinstance(made, str)
    async with store.work("sur") as work:
        row, _ = await checkouts.whole(work, made)
        assert await checkouts.move(work, row, to, NOW)
    assert await held(store) == []
    assert isinstance(await commit(store, "sur", intent("A"), NOW), str)


async def test_what_has_succeeded_is_held_until_it_is_booked(store: Store) -> None:
    made = await commit(store, "sur", intent("A"), NOW)
    assert isinstance(made, str)
    async with store.work("sur") as work:
        row, _ = await checkouts.whole(work, made)
        assert await checkouts.move(work, row, CheckoutState.SUCCEEDED, NOW)
    assert isinstance(await commit(store, "sur", intent("A"), NOW), Against)
    async with store.work("sur") as work:
        await checkouts.let_go(work, made)
    assert isinstance(await commit(store, "sur", intent("A"), NOW), str)
