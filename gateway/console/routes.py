"""The console's page at each portal host, and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from ventanilla.backoffice_adapters.records import Licence, Record
from ventanilla.gateway.kept import kept_files
from ventanilla.gateway.lobby import Lobby
from ventanilla.gateway.page import escaped, inlined
from ventanilla.store.manager import Manager

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Own files only; GraphiQL writes styles into the page and carries its fonts and pictures in its style sheet."""
VIEWER_QUERY: Final = "{ viewer { name email } }"
SIGN_IN: Final = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }"
SIGN_OUT: Final = "mutation { signOut { endedSessions } }"
_FOLDER: Final = Path(__file__).parent
HOME_QUERY: Final = _FOLDER / "home.graphql"


class SignIn(Record):
    """A sign-in that the console offers to choose: of the demo, never of anybody real."""

    label: str
    email: str
    password: str


def console_routes(
    lobby: Lobby,
    sign_ins: Mapping[str, Sequence[SignIn]],
    *,
    mailbox: bool = False,
    home: bool = True,
    docs: bool = False,
) -> list[BaseRoute]:
    """The routes of the console: ``/graphiql`` and its files, with links to the `mailbox` and the manual, `docs`.

    Where nothing else is at `home`, ``/`` leads there.
    """

    async def lead(request: Request) -> Response:
        await lobby.manager(request.scope)
        return RedirectResponse("/graphiql", 307)

    async def page(request: Request) -> Response:
        manager = await lobby.manager(request.scope)
        content = _page(manager, sign_ins.get(manager.slug, ()), mailbox=mailbox, docs=docs)
        return HTMLResponse(content, headers={"content-security-policy": POLICY})

    return [
        *([Route("/", lead)] if home else ()),
        Route("/graphiql", page),
        Mount("/graphiql/files", kept_files(_FOLDER / "static")),
        Mount("/graphiql/vendor", kept_files(_FOLDER / "vendor")),
    ]


def _page(manager: Manager, sign_ins: Sequence[SignIn], *, mailbox: bool, docs: bool) -> str:
    theme = manager.presentation.theme
    return Template((_FOLDER / "page.html").read_text("utf-8")).substitute(
        name=escaped(manager.name),
        place=escaped(f"{manager.country} · {manager.currency} · {', '.join(sorted(manager.licences))}"),
        primary=escaped(theme.primary),
        on_primary=escaped(theme.on_primary),
        accent=escaped(theme.accent),
        mailbox='<a href="/mailbox">Mailbox</a>' if mailbox else "",
        docs='<a href="/docs">Manual</a>' if docs else "",
        settings=inlined(_settings(manager, sign_ins)),
    )


def home_variables(manager: Manager) -> dict[str, bool]:
    """What the home query is asked with: nothing that the manager has no licence for."""
    return {licence.lower(): licence in manager.licences for licence in (Licence.UTILITY, Licence.COMMUNITY)}


def _settings(manager: Manager, sign_ins: Sequence[SignIn]) -> dict[str, object]:
    variables = orjson.dumps(home_variables(manager), option=orjson.OPT_INDENT_2).decode()
    return {
        "firstTab": {"query": HOME_QUERY.read_text("utf-8"), "variables": variables},
        "viewerQuery": VIEWER_QUERY,
        "signInMutation": SIGN_IN,
        "signOutMutation": SIGN_OUT,
        "signIns": [{"label": each.label, "email": each.email, "password": each.password} for each in sign_ins],
    }
