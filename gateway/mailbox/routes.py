"""The mailbox's pages at each portal host, and their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from ventanilla.gateway.console.routes import SignIn
from ventanilla.gateway.kept import kept_files
from ventanilla.gateway.lobby import Lobby
from ventanilla.gateway.mailbox.page import MOST, page
from ventanilla.mail.mailbox import Mailbox, MailboxLetter

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Own files only. Letters bring their styles, and their scripts and pictures are left where they are."""
_FOLDER: Final = Path(__file__).parent


def mailbox_routes(lobby: Lobby, folder: Path, sign_ins: Mapping[str, Sequence[SignIn]]) -> list[BaseRoute]:
    """The routes of the mailbox: ``/mailbox``, its letters and files. `folder` keeps letters, by manager's slug.

    Whoever reaches them reads everybody's letters: they are for the demo and for development.
    """

    async def answer(request: Request) -> Response:
        manager = await lobby.manager(request.scope)
        mailbox = Mailbox(folder / manager.slug)
        ids = (await mailbox.ids())[:MOST]
        opened: str | None = request.path_params.get("id")
        tag = f'"{ids[0] if ids else "empty"}"'
        if opened is None and request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        letter = await mailbox.letter(opened) if opened else None
        example = next((each.email for each in sign_ins.get(manager.slug, ())), "you@example.com")
        content = page(manager, await _opened(mailbox, ids), tag, opened=opened, letter=letter, example=example)
        headers = {"content-security-policy": POLICY, "etag": tag}
        return HTMLResponse(content, 404 if opened and letter is None else 200, headers)

    return [
        Route("/mailbox", answer),
        Mount("/mailbox/files", kept_files(_FOLDER / "static")),
        Route("/mailbox/{id}", answer),
    ]


async def _opened(mailbox: Mailbox, ids: Sequence[str]) -> list[MailboxLetter]:
    found = [await mailbox.letter(id) for id in ids]
    return [letter for letter in found if letter]
