"""The demo's start page: what there is to see, where, and as whom; for a browser and for a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from ventanilla.backoffice_adapters.records import Record
from ventanilla.gateway.demo import DemoManager, DemoPerson
from ventanilla.gateway.demo.paying import pages_at
from ventanilla.gateway.demo.people import PASSWORD
from ventanilla.gateway.page import escaped
from ventanilla.gateway.refusal import RefusalError
from ventanilla.store.manager import Manager
from ventanilla.store.theme import Theme

_FOLDER: Final = Path(__file__).parent
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
_FILES: Final = "files"
"""The adapter whose offices read what lies in a folder."""


class Portal(Record):
    """One manager as the start page shows it."""

    name: str
    place: str
    theme: Theme
    by_name: str
    """Address by the manager's own host, for browsers."""
    by_number: str
    """Address by port, for whatever does not know ``*.localhost``."""
    drops: tuple[Path, ...]
    """Folders whose files are this manager's data."""
    till: str
    """Address of the simulator that it is paid at."""
    people: tuple[DemoPerson, ...]
    pages: tuple[str, ...]
    """Where the examples' pages are at its host, the portal's first; empty where they are not installed."""

    @property
    def start(self) -> str:
        """The path that people begin at."""
        return self.pages[0] if self.pages else "/graphiql"

    @classmethod
    def of(cls, demo: DemoManager, manager: Manager, port: int, data: Path, pages: tuple[str, ...] = ()) -> Portal:
        """Describe a manager of the demo whose first port is `port`."""
        return cls(
            name=manager.name,
            place=f"{manager.country} · {manager.currency} · {', '.join(sorted(manager.licences))}",
            theme=manager.presentation.theme,
            by_name=f"http://{manager.hosts[0]}:{port}",
            by_number=f"http://{manager.hosts[-1]}",
            drops=tuple(
                data / "offices" / manager.slug / office / choice.configuration.get("folder", "export")
                for office, choice in manager.offices.items()
                if choice.adapter == _FILES
            ),
            till=pages_at(manager, port),
            people=demo.everybody,
            pages=pages,
        )


class StartPage:
    """The ASGI application of the hosts that belong to no manager."""

    def __init__(self, portals: Sequence[Portal], port: int, data: Path, anchor: date, *, stale: bool) -> None:
        self._portals = portals
        self._address = f"http://localhost:{port}"
        self._data = data
        self._anchor = anchor
        self._stale = stale
        self._html = self._in_html()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the page at ``/``."""
        request = Request(scope)
        if request.url.path != "/":
            raise RefusalError(404, "This is the demo's start page; the portals answer at hosts of their own.")
        if request.method not in {"GET", "HEAD"}:
            raise RefusalError(405, "The start page is only to be read.", headers={"allow": "GET, HEAD"})
        await HTMLResponse(self._html, headers={"content-security-policy": POLICY})(scope, receive, send)

    def in_words(self) -> str:
        """The page for a terminal; its last line begins with ``ready``."""
        lines = [f"Ventanilla demo, written around {self._anchor}, kept in {self._data}", *self._warning()]
        for portal in self._portals:
            lines += ["", f"{portal.name} ({portal.place})", f"  {portal.by_name}{portal.start}"]
            lines += [f"  {portal.by_number}{portal.start}", *(f"  its data lie in {drop}" for drop in portal.drops)]
            lines += [f"    {person.email:<32} {person.shows}" for person in portal.people]
        lines += ["", f"Everybody's password: {PASSWORD}", f"ready: open {self._address}", ""]
        return "\n".join(lines)

    def _warning(self) -> list[str]:
        if not self._stale:
            return []
        return ["Its dates are old by now: nothing is due soon any more. Write it anew with: ventanilla demo --fresh"]

    def _in_html(self) -> str:
        return Template((_FOLDER / "start.html").read_text("utf-8")).substitute(
            warning="".join(f'<p class="warning">{escaped(line)}</p>' for line in self._warning()),
            portals="".join(map(_card, self._portals)),
            password=escaped(PASSWORD),
            curl=escaped(_curl(self._portals[0])),
            data=escaped(str(self._data)),
            anchor=self._anchor.isoformat(),
            drops="".join(
                f"<li><code>{escaped(str(drop))}</code></li>" for each in self._portals for drop in each.drops
            ),
        )


def _card(portal: Portal) -> str:
    people = "".join(
        f'<li><a href="{escaped(_sign_in(portal, person))}">{escaped(person.name)}</a>'
        f"<span>{escaped(person.shows)}</span><code>{escaped(person.email)}</code></li>"
        for person in portal.people
    )
    return (
        f'<article style="--primary:{escaped(portal.theme.primary)};--on-primary:{escaped(portal.theme.on_primary)}">'
        f"<header><h2>{escaped(portal.name)}</h2><p>{escaped(portal.place)}</p></header>"
        f'<p class="doors">{"".join(_doors(portal))}</p><ul>{people}</ul></article>'
    )


def _doors(portal: Portal) -> Iterator[str]:
    door = "Open the portal" if portal.pages else "Open the console"
    yield f'<a class="door" href="{escaped(portal.by_name + portal.start)}">{door}</a>'
    yield f'<a href="{escaped(portal.by_number + portal.start)}">{escaped(portal.by_number.removeprefix("http://"))}</a>'
    if portal.pages:
        yield f'<a href="{escaped(portal.by_name)}/graphiql">Console</a>'
    yield from (f'<a href="{escaped(portal.by_name + page)}">Single page</a>' for page in portal.pages[1:])
    yield f'<a href="{escaped(portal.by_name)}/docs">Manual</a>'
    yield f'<a href="{escaped(portal.by_name)}/mailbox">Mailbox</a>'
    yield f'<a href="{escaped(portal.till)}/">Payments</a>'


def _sign_in(portal: Portal, person: DemoPerson) -> str:
    """Where to sign in as this person: the address is filled in already."""
    if portal.pages:
        return f"{portal.by_number}/sign-in?email={quote(person.email)}"
    return f"{portal.by_number}/graphiql#{person.email}"


def _curl(portal: Portal) -> str:
    sign_in = (
        "mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { message } } }"
    )
    who = {"email": portal.people[0].email, "password": PASSWORD, "delivery": "BEARER"}
    ask = "{ viewer { name accounts { nodes { number balance { amount { amount currency } } } } } }"
    post = f"curl -s {portal.by_number}/graphql -H 'Content-Type: application/json'"
    first = orjson.dumps({"query": sign_in, "variables": {"input": who}}).decode()
    second = orjson.dumps({"query": ask}).decode()
    return (
        f"{post} \\\n  -d {shlex.quote(first)}\n\n"
        f"# with the accessToken of that answer:\n"
        f"{post} \\\n  -H 'Authorization: Bearer …' \\\n  -d {shlex.quote(second)}"
    )
