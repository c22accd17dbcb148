"""Quotes: kept whole, known to be over for a day, then forgotten, and gone with their person."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.store.paying import NOW, terms
from ventanilla.store import checkout_quotes
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio
SOON = NOW + timedelta(minutes=15)


async def person(store: Store, manager: str = "sur") -> str:
    id = uuid4().hex
    async with store.work(manager) as work:
        work.add(PersonRow(id=id, email="ana@example.org", given_name="Ana", family_name="Paz", created_at=NOW))
    return id


async def kept(store: Store, who: str, manager: str = "sur") -> str:
    async with store.work(manager) as work:
        return await checkout_quotes.keep(work, who, terms("B", "A"), now=NOW, expires_at=SOON)


async def test_it_is_told_as_it_was_kept(store: Store) -> None:
    who = await person(store)
    quote = await kept(store, who)
    found = await checkout_quotes.find(store, "sur", quote)
    assert found
    assert (found.id, found.person_id, found.terms, found.expires_at) == (quote, who, terms("B", "A"), SOON)
    assert await checkout_quotes.find(store, "norte", quote) is None
    assert await checkout_quotes.find(store, "sur", "f" * 32) is None


async def test_it_is_forgotten_a_day_after_its_time(store: Store) -> None:
    quote = await kept(store, await person(store))
    theirs = await kept(store, await person(store, "norte"), "norte")
    over = SOON + checkout_quotes.KEPT
    assert await checkout_quotes.sweepable(store, over - timedelta(seconds=1)) == []
    assert sorted(await checkout_quotes.sweepable(store, over)) == ["norte", "sur"]
    async with store.work("sur") as work:
        assert await checkout_quotes.sweep(work, over - timedelta(seconds=1)) == 0
        assert await checkout_quotes.sweep(work, over) == 1
    assert await checkout_quotes.find(store, "sur", quote) is None
    assert await checkout_quotes.find(store, "norte", theirs)


async def test_it_goes_with_its_person(store: Store) -> None:
    who = await person(store)
    quote = await kept(store, who)
    async with store.work("sur") as work:
        row = await work.get(PersonRow, who)
        assert row
        await work.delete(row)
    assert await checkout_quotes.find(store, "sur", quote) is None
