"""Pages are made once for a process, a manager's version and the address that is looked at, and off the event loop."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from hashlib import sha256
from typing import Final

from ventanilla.backoffice_adapters.records import Record
from ventanilla.gateway.docs.pages import Pages
from ventanilla.gateway.docs.views import Desk

_MOST_BYTES: Final = 32 * 1024 * 1024
"""What is remembered; the pages of a few managers."""
Key = tuple[str, int, str, str]


class Sheet(Record):
    """A page as it is sent."""

    body: bytes
    media: str
    etag: str


class Library:
    """The pages of one process, those that were not read for longest forgotten first."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._known: OrderedDict[Key, Sheet] = OrderedDict()
        self._bytes = 0
        self._making = asyncio.Lock()

    async def find(self, desk: Desk, path: str) -> Sheet | None:
        """The page at `path` below ``/docs`` for a reader at `desk`; None where there is none."""
        key = (desk.manager.slug, desk.version, desk.placeholders.origin, path)
        async with self._making:
            # One at a time: what two ask for at once is made once, and the others of the process have their turn.
            known = self._known.get(key) or await self._made(key, desk, path)
        if known:
            self._known.move_to_end(key)
        return known

    async def _made(self, key: Key, desk: Desk, path: str) -> Sheet | None:
        made = await asyncio.to_thread(self._pages.make, desk, path)
        if made is None:
            return None
        body = made.text.encode()
        sheet = Sheet(body=body, media=made.media, etag=f'"{sha256(body).hexdigest()[:32]}"')
        self._known[key] = sheet
        self._bytes += len(body)
        while self._bytes > _MOST_BYTES and len(self._known) > 1:
            _, forgotten = self._known.popitem(last=False)
            self._bytes -= len(forgotten.body)
        return sheet
