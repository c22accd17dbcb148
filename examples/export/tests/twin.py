"""The twin of a portal: a real server that tells journals of changes, and errs on demand."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from books import MAKERS, Node
from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    build_schema,
    graphql_sync,  # pyright: ignore[reportUnknownVariableType]  graphql-core leaves parts of it open
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

CLIENT, SECRET = "vc_nightly", "va-secret-of-the-twin"
SCHEMA = build_schema((Path(__file__).parent / "twin.graphql").read_text("utf-8"))


class Journal:
    """The changes of one noun, in the order in which they came."""

    def __init__(self) -> None:
        self.name = "j1"
        self._log: list[str] = []
        self._last: dict[str, int] = {}
        self._nodes: dict[str, Node] = {}

    def put(self, node: Node) -> None:
        """A record that came or changed."""
        self._nodes[node["id"]] = node
        self._note(node["id"])

    def remove(self, identity: str) -> None:
        """A record that went."""
        del self._nodes[identity]
        self._note(identity)

    def begin_anew(self) -> None:
        """Another journal of the same records, as after the office was set up anew."""
        nodes = self._nodes
        self.__init__()
        self.name = "j2"
        for node in nodes.values():
            self.put(node)

    def _note(self, identity: str) -> None:
        self._log.append(identity)
        self._last[identity] = len(self._log)

    def page(self, first: int, after: str | None, asked: str, fits: Callable[[Node], bool]) -> dict[str, Any]:
        """A page as the schema has it."""
        number = self._number(after, asked)
        found: list[str] = []
        while number < len(self._log) and len(found) < first:
            number += 1
            identity = self._log[number - 1]
            if self._counts(identity, number, fits):
                found.append(identity)
        after_it = range(number + 1, len(self._log) + 1)

        def rest() -> Iterator[str]:
            return (self._log[one - 1] for one in after_it if self._counts(self._log[one - 1], one, fits))

        return {
            "nodes": [self._nodes[one] for one in found if one in self._nodes],
            "removedIds": [one for one in found if one not in self._nodes],
            "pageInfo": {"endCursor": f"{self.name}.{number}.{asked}", "hasNextPage": next(rest(), None) is not None},
            "remaining": lambda _info: sum(1 for _ in rest()),  # pyright: ignore[reportUnknownLambdaType]  graphql-core calls it where it is asked
        }

    def _counts(self, identity: str, number: int, fits: Callable[[Node], bool]) -> bool:
        node = self._nodes.get(identity)
        return self._last[identity] == number and (node is None or fits(node))

    def _number(self, after: str | None, asked: str) -> int:
        if after is None:
            return 0
        name, _, rest = after.partition(".")
        number, _, bound = rest.partition(".")
        if name != self.name or bound != asked or not number.isdecimal():
            message = "This cursor is of no journal that is there: begin without it."
            raise GraphQLError(message, extensions={"code": "INVALID_ARGUMENT"})
        return int(number)


@dataclass(frozen=True)
class Fault:
    """What is answered in place of a page."""

    status: int = 200
    json: Any = None
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    cut: bool = False
    """Whether the connection breaks in the middle of a right answer."""


def refused(code: str, *, data: Any = None, status: int = 200, **told: Any) -> Fault:
    """An answer of GraphQL that has an error."""
    error = {"message": f"This is {code}.", "extensions": {"code": code, **told}}
    return Fault(status, {"data": data, "errors": [error]})


class Twin:
    """What the server knows and does."""

    def __init__(self) -> None:
        self.journals = {name: Journal() for name in MAKERS}
        self.faults: deque[Fault] = deque()
        self.token_faults: deque[Fault] = deque()
        self.token_life = 900
        self.tokens: set[str] = set()
        self.tokens_given = 0
        self.asked: list[dict[str, Any]] = []
        """The variables of every question that was answered with a page."""
        self.before_page: Callable[[int], None] = lambda number: None
        """Called with the number of the page that is about to be answered, from 1."""
        self.url = ""

    def fill(self, noun: str, count: int) -> None:
        """Put the first `count` records of a noun."""
        for place in range(1, count + 1):
            self.journals[noun].put(MAKERS[noun](place))

    def put(self, noun: str, place: int, **changes: Any) -> None:
        """Put one record, with changes."""
        self.journals[noun].put({**MAKERS[noun](place), **changes})

    def page(self, info: GraphQLResolveInfo[Any], **asked: Any) -> dict[str, Any]:
        """Resolve a field of ``Export``."""
        where: dict[str, Any] = asked.get("filter") or {}
        since = where.get("issuedFrom", "")
        return self.journals[info.field_name].page(
            asked["first"],
            asked.get("after"),
            str(sorted(where.items())),
            lambda node: node.get("issuedOn", "") >= since,
        )

    # -- HTTP --------------------------------------------------------------------------------------------------------

    def app(self) -> Starlette:
        """The routes that an export needs."""
        return Starlette(
            routes=[
                Route("/.well-known/oauth-authorization-server", self._metadata),
                Route("/oauth/token", self._token, methods=["POST"]),
                Route("/graphql", self._graphql, methods=["POST"]),
            ]
        )

    async def _metadata(self, request: Request) -> Response:
        return JSONResponse({"issuer": self.url, "token_endpoint": f"{self.url}/oauth/token"})

    async def _token(self, request: Request) -> Response:
        if self.token_faults:
            return self._failed(self.token_faults.popleft(), b"")
        form = dict(parse_qsl((await request.body()).decode()))
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        self.tokens_given += 1
        token = f"va_{self.tokens_given}"
        self.tokens.add(token)
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": self.token_life})

    async def _graphql(self, request: Request) -> Response:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return self._failed(refused("UNAUTHENTICATED", status=401), b"")
        body = await request.json()
        answer = JSONResponse(await asyncio.to_thread(self._answer, body))
        if self.faults:
            return self._failed(self.faults.popleft(), bytes(answer.body))
        return answer

    def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        variables: dict[str, Any] = body.get("variables") or {}
        self.before_page(len(self.asked) + 1)
        self.asked.append(variables)
        root = {"export": dict.fromkeys(self.journals, self.page)}
        found = graphql_sync(SCHEMA, body["query"], root, variable_values=variables)
        return {"data": found.data, **({"errors": [_told(one) for one in found.errors]} if found.errors else {})}

    def _failed(self, fault: Fault, right: bytes) -> Response:
        if fault.cut:
            return StreamingResponse(_broken(right), 200, {"content-length": str(len(right))})
        if fault.json is not None:
            return JSONResponse(fault.json, fault.status, fault.headers)
        return Response(fault.text, fault.status, fault.headers, "text/html")


def _told(error: GraphQLError) -> dict[str, Any]:
    return {"message": error.message, "extensions": error.extensions or {"code": "BAD_REQUEST"}}


async def _broken(right: bytes) -> AsyncGenerator[bytes]:
    """Half of an answer: the server closes the connection since so much less came than was announced."""
    yield right[: len(right) // 2]


@contextmanager
def served(twin: Twin) -> Generator[Twin]:
    """Serve a twin on a port of its own until the block ends."""
    config = uvicorn.Config(twin.app(), port=0, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    twin.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield twin
    finally:
        server.should_exit = True
        thread.join()
