"""A page: an address, a `.graphql` document and a template of the same name beside the module that makes it.

The document holds one query, which tells all that the page shows, and the mutations of what may be done there. Its
query spreads ``...Frame``, the fragment of what stands around every page. Words stand in a ``.toml`` of the same name.

    PAGE = Page(__file__, "/accounts")

    @PAGE.asks
    def variables(visit: Visit) -> Variables:
        return {"number": visit.query.get("number")}

    @PAGE.does("unlink")
    async def unlink(visit: Visit) -> Outcome:
        return await visit.do("UnlinkAccount", {"input": {"accountId": visit.form["account"]}}, said="unlinked")
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ventanilla_portal.visit import Outcome, Visit

Variables = Mapping[str, Any]
Asking = Callable[["Visit"], Variables]
Viewing = Callable[["Visit", Mapping[str, Any]], Mapping[str, Any]]
Leading = Callable[["Visit", Mapping[str, Any]], "str | None"]
Doing = Callable[["Visit"], Awaitable["Outcome"]]
_FRAME: Final = Path(__file__).parent / "frame" / "frame.graphql"
_QUERY: Final = re.compile(r"^query (\w+)", re.MULTILINE)
_SPREAD: Final = re.compile(r"\.\.\.(\w+)")
_FRAGMENT: Final = re.compile(r"^fragment (\w+) on.*?^}\n", re.MULTILINE | re.DOTALL)


class For(StrEnum):
    """Whom a page is for; others are led to where they can become one of them."""

    ANYBODY = "ANYBODY"
    """Also who has not signed in."""
    SIGNED_IN = "SIGNED_IN"
    """Signed in, whatever is to be done first: a password to be changed, an account to be linked."""
    READY = "READY"
    """Signed in, with nothing left to do first."""
    STAFF = "STAFF"
    """Who works for the manager."""
    STAFF_ADMIN = "STAFF_ADMIN"
    """Who works for the manager and administers access."""


class Page:
    """One page of the portal."""

    def __init__(self, file: str, path: str, audience: For = For.READY, *, needs: str | None = None) -> None:
        """A page whose files stand beside `file`; without ``data[needs]`` there is no such page (404)."""
        module = Path(file)
        self.name: Final = f"{module.parent.name}/{module.stem}"
        """Area and noun, such as ``money/invoices``."""
        self.path: Final = path
        self.audience: Final = audience
        self.needs: Final = needs
        self.words_file: Final = module.with_suffix(".toml")
        self.document: Final = _whole(module.with_suffix(".graphql").read_text("utf-8"))
        self.query: Final = _QUERY.findall(self.document)[0]
        self.variables: Asking = _none
        self.view: Viewing = _nothing
        self.lead: Leading = _nowhere
        self.actions: Final[dict[str, Doing]] = {}

    def asks(self, function: Asking) -> Asking:
        """Decorate what tells the query's variables."""
        self.variables = function
        return function

    def views(self, function: Viewing) -> Viewing:
        """Decorate what works out more for the template from what was answered, such as the points of a chart."""
        self.view = function
        return function

    def leads(self, function: Leading) -> Leading:
        """Decorate what tells where this visitor goes instead, by what was answered; None for who stays."""
        self.lead = function
        return function

    def does(self, name: str) -> Callable[[Doing], Doing]:
        """Decorate what is done when a form of the page is sent with ``do`` = `name`."""

        def add(function: Doing) -> Doing:
            self.actions[name] = function
            return function

        return add


def _none(_visit: Visit) -> Variables:
    return {}


def _nothing(_visit: Visit, _data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


def _nowhere(_visit: Visit, _data: Mapping[str, Any]) -> str | None:
    return None


def _whole(document: str) -> str:
    """`document` with those of the frame's fragments that it spreads, and those that they spread."""
    known = {found.group(1): found.group(0) for found in _FRAGMENT.finditer(_FRAME.read_text("utf-8"))}
    added: set[str] = set()
    while missing := {name for name in _SPREAD.findall(document) if name in known} - added:
        added |= missing
        document += "".join(f"\n{known[name]}" for name in sorted(missing))
    return document
