"""The simulators' pages: plain HTML without a script, that asks nothing of any other host."""

from __future__ import annotations

import base64
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.simulators.words import words

_FOLDER: Final = Path(__file__).parent / "templates"
_CSS: Final = Markup((_FOLDER / "page.css").read_text("utf-8"))  # noqa: S704  our own file
_STYLE: Final = base64.b64encode(sha256(_CSS.encode()).digest()).decode()


class Page(Record):
    """What every page says."""

    platform: str
    language: str


class Event(Record):
    """A try to pay, or money that went back."""

    id: str
    what: str
    """How much."""
    state: str
    """A key of the texts."""
    at: str


class OrderPage(Page):
    """One order: what is to be paid, and what has happened."""

    shop: str
    amount: str
    facts: tuple[tuple[str, str], ...]
    """Key of a text → value."""
    payable: bool
    paid: bool
    tellings: tuple[str, ...]
    actions: tuple[str, ...]
    """What else the test bench can do, by key of a text."""
    events: tuple[Event, ...]
    waiting: int
    """How many notifications the portal has not taken yet."""
    back: str
    """Where the portal is; empty where the order does not say."""
    told: str = ""
    """Key of the text that stands above everything."""


class OrderLine(Record):
    """An order in the list."""

    address: str
    reference: str
    what: str
    amount: str
    states: str


class OrdersPage(Page):
    """All orders, newest first."""

    orders: tuple[OrderLine, ...]
    waiting: int


class ErrorPage(Page):
    """What a platform shows where nothing can be paid."""

    why: str


_TEMPLATES: Final = {OrderPage: "order.html", OrdersPage: "orders.html", ErrorPage: "error.html"}


def shown(page: OrderPage | OrdersPage | ErrorPage, status: int = 200) -> Response:
    """The page as an answer. Its forms may lead to the simulator and back to the portal, and nowhere else."""
    text = _templates().get_template(_TEMPLATES[type(page)]).render(page=page, words=words(page.language), css=_CSS)
    back = page.back if isinstance(page, OrderPage) else ""
    return HTMLResponse(text, status, {"content-security-policy": _policy(back)})


def _policy(back: str) -> str:
    parts = urlsplit(back)
    portal = f" {parts.scheme}://{parts.netloc}" if back else ""
    return (
        f"default-src 'none'; style-src 'sha256-{_STYLE}'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self'{portal}"
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
