"""The fixtures of this folder."""

from collections.abc import AsyncIterator

import pytest

from tests.jobs.sending import Sending, sending
from tests.store.fresh import migrated_postgres, migrated_sqlite, store, store_url
from ventanilla.store.store import Store

__all__ = ["migrated_postgres", "migrated_sqlite", "post_room", "store", "store_url"]


@pytest.fixture
async def post_room(store: Store) -> AsyncIterator[Sending]:
    """Two managers whose letters leave by one mail server."""
    async with sending(store) as found:
        yield found
