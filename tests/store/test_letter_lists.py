"""Letters as they are listed, on both databases: whose, which, in order, a part at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.letters import NOW, posted
from ventanilla.backoffice_adapters.contract import Window
from ventanilla.store import letter_leases, letter_lists, letters
from ventanilla.store.letter_lists import LetterFilter, LetterOrder
from ventanilla.store.letters import LetterKind, LetterState
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio
DESC = LetterOrder.CREATED_AT_DESC


async def found(store: Store, where: LetterFilter) -> list[str]:
    part = await letter_lists.letters(store, "sur", where, DESC, Window(limit=100))
    counted = await letter_lists.letters(store, "sur", where, DESC, Window(limit=1, count=True))
    assert (part.more, counted.count) == (False, len(part.items))
    return sorted(each.recipient for each in part.items)


async def test_letters_are_found_by_what_is_known_of_them(store: Store) -> None:
    await posted(store, 2)
    await posted(store, 1, kind=LetterKind.SIGN_IN_CODE, recipient="code@example.com")
    await posted(store, 1, recipient="nobody@example.com", for_nobody=True)
    await posted(store, 1, slug="norte", recipient="other@example.com")
    async with store.work("sur") as work:
        taken = await letter_leases.claim(work, NOW, "worker", timedelta(minutes=1), 9)
        code = next(each for each in taken if each.kind is LetterKind.SIGN_IN_CODE)
        await letter_leases.failed(work, code, "NO_SUCH_MAILBOX", "550 5.1.1", NOW)

    assert await found(store, LetterFilter()) == ["code@example.com", "r1@example.com", "r2@example.com"]
    assert await found(store, LetterFilter(state=LetterState.FAILED)) == ["code@example.com"]
    assert await found(store, LetterFilter(kind=LetterKind.SIGN_IN_CODE)) == ["code@example.com"]
    assert await found(store, LetterFilter(recipient="r2@example.com")) == ["r2@example.com"]
    assert await found(store, LetterFilter(state=LetterState.SENT, recipient="r2@example.com")) == []
    assert await found(store, LetterFilter(batch_id="1" * 32)) == []
    assert await found(store, LetterFilter(recipient="\0\ud800")) == []
    (letter,) = (
        await letter_lists.letters(store, "sur", LetterFilter(state=LetterState.FAILED), DESC, Window(limit=1))
    ).items
    assert (letter.failure, letter.failure_code, letter.tries, letter.ended_at) == (
        "NO_SUCH_MAILBOX",
        "550 5.1.1",
        1,
        NOW,
    )


@pytest.mark.parametrize("order", LetterOrder)
@pytest.mark.parametrize("backwards", [False, True])
async def test_parts_make_the_whole(store: Store, order: LetterOrder, backwards: bool) -> None:
    ids: list[str] = []
    for minute in range(3):
        ids += sorted(await posted(store, 2, NOW + timedelta(minutes=minute)))
    seen: list[str] = []
    view = Window(limit=4, backwards=backwards)
    while True:
        part = await letter_lists.letters(store, "sur", LetterFilter(), order, view)
        these = [each.id for each in part.items]
        seen = these + seen if backwards else seen + these
        if not part.more:
            break
        edge = part.items[0] if backwards else part.items[-1]
        view = Window(limit=4, backwards=backwards, start=letter_lists.position(order, edge))
    assert seen == (ids[::-1] if order.descending else ids)


async def test_chosen_letters_are_tried_again(store: Store) -> None:
    await posted(store, 3)
    async with store.work("sur") as work:
        one, two, three = await letter_leases.claim(work, NOW, "worker", timedelta(minutes=1), 3)
        for letter in (one, two):
            await letter_leases.failed(work, letter, "REFUSED", "554", NOW)
        assert await letters.retry(work, NOW, ids=[]) == 0
        assert await letters.retry(work, NOW, ids=[one.id, three.id]) == 1
    assert await found(store, LetterFilter(state=LetterState.PENDING)) == [one.recipient]
    assert await found(store, LetterFilter(state=LetterState.FAILED)) == [two.recipient]
