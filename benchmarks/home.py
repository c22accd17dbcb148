"""The portal's home page and a long list against the same written by hand: processor time, as ratios of one run.

Both sides sign the same person in by the same statement and ask the same offices the same questions. By hand, the
answers are put into dictionaries and encoded; through the window, a GraphQL document is looked up, executed and
encoded. What remains is what the window costs, its line in the log included. Requests are made in process, without
sockets, on SQLite; rounds are shuffled, and a twin of the home page shows the noise. Answers are compared before
anything is timed. The list is 100 invoices with three lines each.

Run it with ``make bench``; ``ARGS="--rounds 12"`` makes it longer.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import redirect_stderr
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import orjson
from starlette.types import Message

from ventanilla.auth import sessions
from ventanilla.backoffice_adapters.book import AccountEntry, Book, InvoiceEntry
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InvoiceLine, InvoiceStatus, Licence
from ventanilla.gateway import logs
from ventanilla.gateway.app import create_app
from ventanilla.gateway.demo import DEMO, DemoManager, DemoPerson, Holding
from ventanilla.gateway.demo.seed import keep_managers, manager_at, seed
from ventanilla.gateway.services import open_services
from ventanilla.gateway.settings import Environment, Settings
from ventanilla.resolvers.context import Services
from ventanilla.schema.schema import build

HERE = Path(__file__).parent
sys.path.append(str(HERE))

from by_hand import HOST, ByHand, ListByHand, NotComparableError  # noqa: E402  beside us, whatever the path was

HOME = (HERE.parent / "examples" / "queries" / "home.graphql").read_text(encoding="utf-8")
VARIABLES = {"utility": True, "community": False}
"""What the utility is licensed for."""
LIST = """{ viewer { accounts(first: 1) { nodes { invoices(first: 100) { nodes {
    id number status overdue title issuedOn total { amount currency } open { amount currency }
    lines { position description amount { amount currency } quantity }
} } } } } }"""
AGAINST = {"home": "home by hand", "home again": "home by hand", "list": "list by hand"}
ANCHOR = date(2026, 11, 15)
MANY = 10**12
"""Points enough for a whole run: what is refused is answered quickly."""
Side = Callable[[], Awaitable[bytes]]


def through_the_window(app: Any, token: str, query: str, variables: dict[str, Any] | None = None) -> Side:
    """The same page as a GraphQL request to the whole application."""
    body = orjson.dumps({"query": query, "variables": variables})
    headers = [
        (b"host", HOST.encode()),
        (b"content-type", b"application/json"),
        (b"accept-language", b"es"),
        (b"content-length", str(len(body)).encode()),
        (b"authorization", f"Bearer {token}".encode()),
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 80),
    }

    async def ask() -> bytes:
        sent: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message.get("body", b""))

        await app(dict(scope), receive, send)
        return b"".join(sent)

    return ask


def same(left: Any, right: Any) -> bool:
    """Equal but for `asOf`, which is the moment of asking."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(key == "asOf" or same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


def with_a_long_list(demo: DemoManager) -> DemoManager:
    """The demo with one more person, whose one account has a hundred invoices."""
    reader = DemoPerson(
        name="Larga Lista",
        email="list@vecinos.example",
        shows="a hundred invoices",
        accounts=(Holding(office="comercial", number="LIST-1"),),
    )
    (write,) = demo.writers.values()
    writers: dict[str, Callable[[date], Book]] = {"comercial": lambda anchor: _longer(write(anchor))}
    return msgspec.structs.replace(demo, writers=writers, people=(demo.people[0], reader))


def _longer(book: Book) -> Book:
    holder, title = book.parties[0].key, "Agua"
    account = AccountEntry(key="LIST", number="LIST-1", licence=Licence.UTILITY, title=title, holder=holder)
    lines = tuple(
        InvoiceLine(position=place, description=title, amount=Money(4_100, book.currency), quantity="12.5")
        for place in (1, 2, 3)
    )
    invoices = (
        InvoiceEntry(
            key=f"LIST-{number}",
            account=account.key,
            number=f"L-{number:08}",
            status=InvoiceStatus.ISSUED,
            title=title,
            issued_on=ANCHOR - timedelta(weeks=number),
            due_on=ANCHOR - timedelta(weeks=number - 2),
            total=Money(12_300, book.currency),
            lines=lines,
        )
        for number in range(100)
    )
    accounts, papers = (*book.accounts, account), (*book.invoices, *invoices)
    return msgspec.structs.replace(book, accounts=accounts, invoices=papers)


async def measured(sides: dict[str, Side], rounds: int, requests: int) -> dict[str, list[float]]:
    """Milliseconds of processor time per request for each side, a figure a round; rounds are shuffled."""
    figures: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds + 1):
        for name in random.sample(sorted(sides), len(sides)):
            began = time.process_time()
            for _ in range(requests):
                await sides[name]()
            figures[name].append((time.process_time() - began) * 1000 / requests)
    return {name: found[1:] for name, found in figures.items()}


def ratio(figures: dict[str, list[float]], name: str, against: str) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(one / other for one, other in zip(figures[name], figures[against], strict=True))


async def bench(folder: Path, rounds: int, requests: int) -> dict[str, list[float]]:
    """Set up, compare the answers, measure."""
    settings = Settings(
        environment=Environment.DEVELOPMENT,
        data=folder,
        adapters=None,
        trusted_proxies=(),
        points_per_caller=MANY,
        points_per_manager=MANY,
    )
    demo = with_a_long_list(next(each for each in DEMO if each.slug == "aguas"))
    manager = manager_at(demo, 1)
    async with open_services(settings) as services:
        await services.store.migrate()
        await keep_managers(services, [manager])
        await seed(services, demo, manager, ANCHOR, lambda _doing: None)
        token, reader = [await _token(services, manager.slug, person.email) for person in demo.people]
        app = create_app(settings, build())
        async with app.router.lifespan_context(app):
            page = through_the_window(app, token, HOME, VARIABLES)
            sides: dict[str, Side] = {
                "home": page,
                "home again": page,
                "home by hand": ByHand(services, token),
                "list": through_the_window(app, reader, LIST),
                "list by hand": ListByHand(services, reader),
                "trivial": through_the_window(app, token, "{ __typename }"),
            }
            for window, by_hand in AGAINST.items():
                answers = [orjson.loads(await sides[name]()) for name in (window, by_hand)]
                if "errors" in answers[0] or not same(*(answer["data"] for answer in answers)):
                    raise NotComparableError(f"{window}: the two sides differ, the figures would mean nothing")
            return await measured(sides, rounds, requests)


async def _token(services: Services, slug: str, email: str) -> str:
    rows = await services.store.rows("SELECT id FROM person WHERE manager = $1 AND email = $2", [slug, email])
    async with services.store.work(slug) as work:
        return (await sessions.issue(work, rows[0][0], now=services.clock())).token


def told(figures: dict[str, list[float]], rounds: int, requests: int) -> str:
    """The figures as a table."""
    head = f"{rounds} shuffled rounds of {requests} requests, SQLite, in process"
    rows = [
        f"{name:14}{statistics.median(each):16.3f}"
        + (f"{ratio(figures, name, AGAINST[name]):12.2f}" if name in AGAINST else "")
        for name, each in figures.items()
    ]
    return "\n".join(
        [f"{head}, Python {platform.python_version()}", f"{'':14}{'ms CPU/request':>16}{'x by hand':>12}", *rows]
    )


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--requests", type=int, default=40)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        logs.configure(as_json=True)
        found = asyncio.run(bench(Path(folder), chosen.rounds, chosen.requests))
    sys.stdout.write(told(found, chosen.rounds, chosen.requests) + "\n")


if __name__ == "__main__":
    main()
