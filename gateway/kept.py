"""Files of our own pages, which browsers may keep for a while."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT: Final = "max-age=3600"


def kept_files(folder: Path) -> ASGIApp:
    """Serve the files of `folder`, and let browsers keep them."""
    app = StaticFiles(directory=folder)

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                MutableHeaders(scope=message)["cache-control"] = _KEPT
            await send(message)

        await app(scope, receive, sending)

    return wrapped
