"""One visit to a page: what the browser sent, what was asked of the gateway, and what is sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

from ventanilla_portal.gateway import Gateway, Reply
from ventanilla_portal.page import Page, Variables

LANGUAGE: Final = "portal-language"
SCHEME: Final = "portal-scheme"
SAID: Final = "portal-said"
MOST_FORM: Final = 64 * 1024
"""Bytes that a form may have."""


class TooLargeError(Exception):
    """The form has more bytes than any of ours."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is done: the browser goes on to `to`, where `said` is told, with its `values`."""

    to: str
    said: str | None = None
    values: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])


@dataclass(frozen=True, slots=True)
class Shown:
    """The page is shown again: with what was refused, or what came of it."""

    problems: Sequence[Mapping[str, Any]] = ()
    """The mutation's ``userErrors``, or what the page itself refuses: ``{says path reason}``, a key of its words."""
    found: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """More for the template: what the mutation answered."""


@dataclass(frozen=True, slots=True)
class Download:
    """The browser keeps `text` as a file called `name` (ASCII), and stays on the page."""

    name: str
    media: str
    text: str


Outcome = Done | Shown | Download


class Form(dict[str, str]):
    """A form's fields, each with its last value; a missing one is an empty text."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self.pairs: Final = pairs

    def __missing__(self, name: str) -> str:
        return ""

    def every(self, name: str) -> list[str]:
        """All values of a field that may be there several times, such as ticked boxes."""
        return [value for key, value in self.pairs if key == name]

    def given(self, *names: str) -> dict[str, str | None]:
        """The fields of these names, blanks around them taken off; what is empty is None."""
        return {name: self[name].strip() or None for name in names}


class Visit:
    """What a page's functions get to know of a request, and the way to ask the gateway in its name."""

    def __init__(self, request: Request, page: Page, gateway: Gateway, form: Form) -> None:
        self.request, self.page, self.form = request, page, form
        self.query: Final = Form(parse_qsl(request.url.query))
        self.path: Final[Mapping[str, str]] = request.path_params
        self.language: Final = request.cookies.get(LANGUAGE)
        self.cookies: Final[list[str]] = []
        """Set-Cookie headers of the gateway, for the browser."""
        self._gateway = gateway

    @property
    def here(self) -> str:
        """The address of this page, with its query."""
        query = self.request.url.query
        return f"{self.request.url.path}?{query}" if query else self.request.url.path

    @property
    def block(self) -> str | None:
        """The one block of the template that is asked for, by htmx; None for the whole page."""
        return self.request.headers.get("x-block") if self.by_htmx else None

    @property
    def by_htmx(self) -> bool:
        """Whether a script asks, which goes on by itself, and not the browser."""
        return "hx-request" in self.request.headers

    async def ask(self, operation: str, variables: Variables) -> Reply:
        """Run an operation of the page's document; raises as `Gateway.ask` does."""
        reply = await self._gateway.ask(self.request, self.language, self.page.document, operation, variables)
        self.cookies.extend(reply.cookies)
        return reply

    async def mutate(self, operation: str, variables: Variables) -> Mapping[str, Any]:
        """Run a mutation of one field and give its payload, with ``userErrors`` among it."""
        reply = await self.ask(operation, variables)
        return next(iter(reply.data.values()))

    async def do(
        self,
        operation: str,
        variables: Variables,
        *,
        to: str | None = None,
        said: str | None = None,
        **values: str | int,
    ) -> Outcome:
        """Run a mutation; once it is done go `to` another page, or back here, and say `said`, a key of its words.

        What is refused is shown on this page.
        """
        payload = await self.mutate(operation, variables)
        if payload["userErrors"]:
            return Shown(payload["userErrors"], payload)
        return self.done(to=to, said=said, **values)

    def done(self, *, to: str | None = None, said: str | None = None, **values: str | int) -> Done:
        """Go on to another page, or back to this one, and say `said`, a key of this page's words."""
        return Done(to or self.here, said and f"{self.page.name}:{said}", values)


def said_cookie(done: Done) -> str:
    """What is told on the next page, for a cookie."""
    return urlencode({"said": done.said or "", **done.values})


async def form_of(request: Request) -> Form:
    """The form that was posted; empty for any other request."""
    if request.method != "POST":
        return Form(())
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM:
            raise TooLargeError
    return Form(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
