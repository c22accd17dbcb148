"""The sides of a comparison: how each is started, how it is asked, and how its answers are compared.

A side of somebody else's is one more `Side` in the list that `measured` of `rounds.py` takes: what starts it, its
port, the documents it knows, how one is asked, and what of its answers must equal ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import orjson

from benchmarks import wire
from benchmarks.data import HOST, LEDGER_VARIABLE, ROOT, DataSet
from benchmarks.questions import Question
from ventanilla.backoffice_adapters.records import Record

OURS: Final = "ours"
"""The side that all others are compared with."""
KEY: Final = "6d6561737572656d656e74732061726520666f72206e6f626f64792773206579"
"""What the sides make their ids with; the data is nobody's, so it is kept here."""
PORT: Final = int(os.environ.get("BENCH_PORT", "24800"))
"""The first port; each side has its own after it."""
MANY: Final = 10**12
"""Points enough for a whole run: what is refused is answered quickly."""
_NAMED = ("id", "startCursor", "endCursor", "cursor")
_RUN = "import runpy, sys; sys.path.append({root!r}); runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"

Asking = Callable[[Question, str, Mapping[str, Any]], bytes]
"""Question, token and variables → the request as bytes."""


class Side(Record):
    """A server process."""

    name: str
    command: tuple[str, ...]
    port: int
    documents: tuple[str, ...]
    """What it can be asked."""
    ask: Asking
    told: Callable[[Any], Any]
    """What of the data of an answer must be equal on this side and on ours."""
    environment: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    folder: Path = ROOT
    """Where it is started."""


def posted(question: Question, token: str, variables: Mapping[str, Any]) -> bytes:
    """The document as a POST to ``/graphql``."""
    body = orjson.dumps({"query": question.text, "variables": {**question.variables, **variables}})
    return wire.request("POST", "/graphql", {**_headers(token), "content-type": "application/json"}, body)


def got(question: Question, token: str, variables: Mapping[str, Any]) -> bytes:
    """The page of the document's name as a GET."""
    after = variables.get("after")
    return wire.request("GET", f"/{question.name}{f'?after={after}' if after else ''}", _headers(token))


def _headers(token: str) -> dict[str, str]:
    return {"host": HOST, "authorization": f"Bearer {token}", "accept": "application/json"}


def exactly(data: Any) -> Any:
    """All of it, byte for byte, but for the moment of asking."""
    return orjson.dumps(_without(data, ("asOf",)))


def without_ids(data: Any) -> Any:
    """All of it, in whatever order of keys, but for ids and cursors, which each program makes in its own way."""
    return _without(data, ("asOf", *_NAMED))


def _without(data: Any, names: tuple[str, ...]) -> Any:
    if isinstance(data, dict):
        found = cast("dict[str, Any]", data)
        return {key: bool(value) if key in names else _without(value, names) for key, value in found.items()}
    return [_without(item, names) for item in cast("list[Any]", data)] if isinstance(data, list) else data


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """What runs a module of this folder in a process of its own."""
    return (sys.executable, "-P", "-c", _RUN.format(root=str(ROOT), module=f"benchmarks.{name}"), *arguments)


def ours(data: DataSet, name: str, place: int, **settings: str) -> Side:
    """The gateway as it is served in production, every part on; `settings` differ."""
    port = PORT + place
    environment = {
        "ENVIRONMENT": "production",
        "DATABASE_URL": data.url,
        "DATA": str(data.folder / "gateway"),
        "SECRET": KEY,
        "POINTS_PER_CALLER": str(MANY),
        "POINTS_PER_MANAGER": str(MANY),
        "MOST_PAGE": "1000",
        **settings,
    }
    return Side(
        name=name,
        command=module("serve", "serve", "--port", str(port)),
        port=port,
        documents=("trivial", "home", "list", "export", "portal"),
        ask=posted,
        told=exactly,
        environment={LEDGER_VARIABLE: data.url, **{f"VENTANILLA_{key}": value for key, value in environment.items()}},
    )


def raw(data: DataSet, place: int) -> Side:
    """The pages written by hand."""
    port = PORT + place
    return Side(
        name="raw",
        command=module("raw", "--port", str(port), "--database", data.url, "--secret", KEY),
        port=port,
        documents=("trivial", "home", "list", "export"),
        ask=got,
        told=exactly,
    )


def stock(data: DataSet, place: int) -> Side:
    """Strawberry as people write it."""
    port, program = PORT + place, str(ROOT / "benchmarks" / "stock" / "app.py")
    return Side(
        name="stock",
        command=(sys.executable, "-P", program, "--port", str(port), "--database", data.url),
        port=port,
        documents=("trivial", "home", "list", "export"),
        ask=posted,
        told=without_ids,
    )


def quiet(data: DataSet, place: int) -> Side:
    """Ours without a line in the log, for the least document alone: what the line costs is the same for each."""
    side = ours(data, "quiet", place)
    return msgspec.structs.replace(side, documents=("trivial",), environment={**side.environment, "BENCH_QUIET": "1"})


def house(data: DataSet) -> list[Side]:
    """The sides that need nothing but this project; ours first."""
    return [
        ours(data, OURS, 0),
        ours(data, "twin", 1),
        raw(data, 2),
        ours(data, "fallback", 3, COMPILES="false"),
        stock(data, 4),
        quiet(data, 5),
    ]
