"""What a good engineer writes by hand for speed alone: a route for each document, on Starlette, uvicorn and orjson.

The sign-in check and the statements are ours, and so are the ids and cursors; rows are put into dictionaries by
position. There is no guard, no record, no cost, no limit and no line in the log, and nothing can be asked but these
pages. ``GET /home``, ``/list``, ``/export?after=…`` and ``/trivial`` with a bearer token.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.data import BOOK, OFFICE, manager
from benchmarks.statements import Statements, places, recorded
from ventanilla.auth.keys import Keys
from ventanilla.auth.sessions import hash_of
from ventanilla.backoffice_adapters.contract import Position
from ventanilla.backoffice_adapters.database import Argument, Database, Row, stamp
from ventanilla.resolvers.cursors import Cursors
from ventanilla.resolvers.ids import Ids, Kind

Answer = dict[str, Any]
_OPEN = frozenset({"ISSUED", "PARTIALLY_PAID", "IN_PLAN"})
_OVERDUE = frozenset({"ISSUED", "PARTIALLY_PAID"})
_OLDEST = "ISSUED_ON_ASC"
_KEY, _ROLE = 16, 18
"""Where a row of who asks tells of an account, and as what it is theirs."""


def told(minor: int) -> str:
    """An amount in major units, of a currency with two digits."""
    return f"-{told(-minor)}" if minor < 0 else f"{minor // 100}.{minor % 100:02}"


def money(minor: int, currency: str) -> Answer:
    """As `Money { amount currency }`."""
    return {"amount": told(minor), "currency": currency}


def open_minor(status: str, due: str, later: int | None, total: int, *, paid: int, today: str) -> int:
    """What settles an invoice today."""
    if status not in _OPEN:
        return 0
    return max(0, (later if later is not None and due < today else total) - paid)


def balance(rows: Sequence[Row], today: str) -> Answer:
    """What an account owes, from its open documents."""
    owed, stated, currency, overdue = 0, None, rows[0][8], 0
    for _, kind, status, _, due, later, total, paid, _ in rows:
        if kind == "ACCOUNT":
            stated = total
        elif kind == "PAYMENT":
            owed -= total
        elif kind == "CREDIT_NOTE":
            owed -= open_minor(status, due, later, total, paid=paid, today=today)
        else:
            owed += open_minor(status, due, later, total, paid=paid, today=today)
            overdue += status in _OVERDUE and due < today
    amount = owed if stated is None else stated
    side = "DEBT" if amount > 0 else "CREDIT" if amount else "SETTLED"
    return {"amount": money(amount, currency), "side": side, "overdue": {"documentCount": overdue}}


class Lines:
    """How the rows of lines are read."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self._at = places(sql, "position", "description", "quantity", "amount_minor", "currency")

    def of(self, rows: Sequence[Row]) -> dict[str, list[Answer]]:
        """The lines of each invoice."""
        found: dict[str, list[Answer]] = {}
        position, description, quantity, minor, currency = self._at
        for row in rows:
            of = found.setdefault(row[0], [])
            if row[1] is not None:
                of.append(
                    {
                        "position": row[position],
                        "description": row[description],
                        "quantity": row[quantity],
                        "amount": {"amount": told(row[minor]), "currency": row[currency]},
                    }
                )
        return found


class Pages:
    """The pages of one manager."""

    def __init__(self, database: Database, sql: Statements, keys: Keys, zone: ZoneInfo) -> None:
        self._rows = database.rows
        self._sql = sql
        self._ids = Ids(keys.of("bench", "ids", 64), (OFFICE,))
        self._cursors = Cursors(keys.of("bench", "cursors", 32))
        self._zone = zone
        self._lines = Lines(sql.lines)
        self._invoice_at = places(
            sql.invoices,
            *(
                "number",
                "title",
                "status",
                "issued_on",
                "due_on",
                "later_minor",
                "total_minor",
                "paid_minor",
                "currency",
            ),
        )
        self._issued_at = places(sql.from_the_oldest, "issued_on")[0]
        self._plan_at = places(sql.plans, "number", "status")
        self._instalment_at = places(sql.instalments, "position", "due_on", "status", "amount_minor", "currency")

    async def home(self, request: Request) -> Response:
        """The portal's first page."""
        now, who = await self._who(request)
        key, day, rows, sql = who[0][_KEY], self._today(now), self._rows, self._sql
        instant, roles = stamp(now), {row[_KEY]: row[_ROLE] for row in who}
        accounts, standing, invoices, plans, enrolments, notices = await asyncio.gather(
            rows(sql.account, [BOOK, [key]]),
            rows(sql.balance, [BOOK, [key]]),
            rows(sql.invoices, [BOOK, key, 13]),
            rows(sql.plans, [BOOK, key, 2]),
            rows(sql.enrolments, [BOOK, [key]]),
            rows(sql.notices, [BOOK, [*roles], instant, instant, 6]),
        )
        (_, _, number, _, status, title, *_), plan = accounts[0], _there(plans)[:1]
        account = {
            "id": self._ids.column(Kind.ACCOUNT, OFFICE, [key])[0],
            "number": number,
            "title": title,
            "status": status,
            "balance": balance(standing, day),
            "invoices": {"nodes": self._invoices(_there(invoices)[:12], day)},
            "paymentPlans": {"nodes": await self._plans(plan) if plan else []},
            "enrolments": _enrolments(enrolments),
        }
        _, _, _, _, given, family, *_ = who[0]
        news = {"nodes": self._notices(notices, roles)}
        return _json({"viewer": {"name": f"{given} {family}", "notices": news, "accounts": {"nodes": [account]}}})

    async def list(self, request: Request) -> Response:
        """A hundred invoices with their lines."""
        now, who = await self._who(request)
        key = who[0][_KEY]
        _, found = await asyncio.gather(
            self._rows(self._sql.account, [BOOK, [key]]),
            self._rows(self._sql.invoices, [BOOK, key, 101]),
        )
        nodes = await self._with_lines(_there(found)[:100], now)
        return _json({"viewer": {"accounts": {"nodes": [{"invoices": {"nodes": nodes}}]}}})

    async def export(self, request: Request) -> Response:
        """A thousand invoices with their lines, after those of the page before."""
        now, who = await self._who(request)
        key, after = who[0][_KEY], request.query_params.get("after")
        sql, args = self._sql.from_the_oldest, list[Argument]([BOOK, key])
        if after:
            place = self._cursors.read(_OLDEST, after)
            sql, args = self._sql.after, [BOOK, key, place.value, place.key]
        _, found = await asyncio.gather(
            self._rows(self._sql.account, [BOOK, [key]]),
            self._rows(sql, [*args, 1_001]),
        )
        there = _there(found)
        part, last = there[:1_000], there[:1_000][-1:]
        end = self._cursors.make(_OLDEST, Position(value=last[0][self._issued_at], key=last[0][1])) if last else None
        nodes = await self._with_lines(part, now)
        listed = {"pageInfo": {"hasNextPage": len(there) > 1_000, "endCursor": end}, "nodes": nodes}
        return _json({"viewer": {"accounts": {"nodes": [{"invoices": listed}]}}})

    async def trivial(self, request: Request) -> Response:
        """Nothing but the way there and back, for somebody who is known."""
        await self._who(request)
        return _json({"__typename": "Query"})

    async def _who(self, request: Request) -> tuple[datetime, list[Row]]:
        """The moment, and a row for each account of whoever asks."""
        host, now = request.headers["host"], datetime.now(UTC)
        digest = hash_of(request.headers["authorization"][7:])
        who = await self._rows(self._sql.who, [host, host.partition(":")[0], digest, stamp(now)])
        if not who or who[0][_KEY] is None:
            msg = "nobody with an account asks: send a bearer token of the data set"
            raise LookupError(msg)
        return now, who

    def _today(self, now: datetime) -> str:
        return now.astimezone(self._zone).date().isoformat()

    async def _with_lines(self, rows: Sequence[Row], now: datetime) -> list[Answer]:
        keys = [row[1] for row in rows]
        of = self._lines.of(await self._rows(self._lines.sql, [BOOK, keys]))
        nodes = self._invoices(rows, self._today(now))
        for key, node in zip(keys, nodes, strict=True):
            node["lines"] = of[key]
        return nodes

    def _invoices(self, rows: Sequence[Row], today: str) -> list[Answer]:
        ids = self._ids.column(Kind.INVOICE, OFFICE, [row[1] for row in rows])
        number, title, status, issued, due, later, total, paid, currency = self._invoice_at
        return [
            {
                "id": identity,
                "number": row[number],
                "title": row[title],
                "status": (state := row[status]),
                "issuedOn": row[issued],
                "dueOn": (day := row[due]),
                "total": {"amount": told(asked := row[total]), "currency": (code := row[currency])},
                "open": {
                    "amount": told(open_minor(state, day, row[later], asked, paid=row[paid], today=today)),
                    "currency": code,
                },
            }
            for identity, row in zip(ids, rows, strict=True)
        ]

    async def _plans(self, rows: Sequence[Row]) -> list[Answer]:
        key, (number, status) = rows[0][1], self._plan_at
        position, due, state, minor, currency = self._instalment_at
        instalments = [
            {
                "position": row[position],
                "dueOn": row[due],
                "status": row[state],
                "amount": {"amount": told(row[minor]), "currency": row[currency]},
            }
            for row in await self._rows(self._sql.instalments, [BOOK, [key]])
            if row[1] is not None
        ]
        identity = self._ids.column(Kind.PAYMENT_PLAN, OFFICE, [key])[0]
        return [{"id": identity, "number": rows[0][number], "status": rows[0][status], "instalments": instalments}]

    def _notices(self, rows: Sequence[Row], roles: dict[str, str]) -> list[Answer]:
        mine = {(account, role) for key, own in roles.items() for account in ("", key) for role in ("", own)}
        told_once = {row[2]: row for row in rows if (row[0], row[1]) in mine}
        newest = sorted(told_once.values(), key=lambda row: (row[6], row[2]), reverse=True)[:5]
        ids = self._ids.column(Kind.NOTICE, OFFICE, [row[2] for row in newest])
        return [
            {"id": identity, "title": row[3], "publishedFrom": datetime.fromisoformat(row[6])}
            for identity, row in zip(ids, newest, strict=True)
        ]


def _there(rows: Sequence[Row]) -> list[Row]:
    """The rows but for the one of nulls, which says that the account is known."""
    return [row for row in rows if row[1] is not None]


def _enrolments(rows: Sequence[Row]) -> list[Answer]:
    known = {row[1]: row for row in rows}
    return [
        {"kind": kind, "active": bool(known[kind][2]), "since": known[kind][3]}
        if kind in known
        else {"kind": kind, "active": False, "since": None}
        for kind in ("E_INVOICE", "DIRECT_DEBIT")
    ]


def _json(data: Answer) -> Response:
    return Response(orjson.dumps({"data": data}), media_type="application/json")


def application(url: str, keys: Keys, sql: Statements) -> Starlette:
    """The application; its lifespan opens the database at `url`."""
    database = Database(url)
    pages = Pages(database, sql, keys, ZoneInfo(manager().time_zone))
    routes: dict[str, Callable[[Request], Awaitable[Response]]] = {
        "/home": pages.home,
        "/list": pages.list,
        "/export": pages.export,
        "/trivial": pages.trivial,
    }

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        await database.open()
        gc.collect()
        gc.freeze()
        yield
        await database.close()

    return Starlette(routes=[Route(path, page) for path, page in routes.items()], lifespan=lifespan)


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--secret", required=True, help="as VENTANILLA_SECRET of the side that it is compared with")
    given = parser.parse_args()
    app = application(given.database, Keys(given.secret), recorded())
    uvicorn.run(app, port=given.port, http="httptools", ws="none", log_config=None, access_log=False)


if __name__ == "__main__":
    main()
