"""The way out of a connection: the head of an answer and what follows it at once leave in one packet."""

from __future__ import annotations

import asyncio
from typing import Final

_GO_ON: Final = b"HTTP/1.1 100 "


class Outlet(asyncio.Transport):
    """A transport to write answers to, one after the other: each has to `end`.

    A head waits for the body until the loop's next turn. To hand each of the two to the system by itself costs as much
    as a statement in the database.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._begun = False
        self._head = b""
        self._late: asyncio.Handle | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep a head back, or write a piece of a body with what was kept back."""
        if self._begun or bytes(data[: len(_GO_ON)]) == _GO_ON:
            self._write(data)
            return
        self._begun = True
        self._head = bytes(data)
        self._late = self._loop.call_soon(self._write)

    def _write(self, data: bytes | bytearray | memoryview = b"") -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
            data = b"%b%b" % (self._head, data)
        if data:
            self._transport.write(data)

    def end(self) -> None:
        """Write what was kept back: the answer is whole, and the next one may begin."""
        self._write()
        self._begun = False

    def close(self) -> None:
        """Write what was kept back, and close."""
        self._write()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether nothing can be written any more."""
        return self._transport.is_closing()
