"""The peers: other GraphQL gateways over the same data, on Node, as sides of the comparison.

Each listens on one port of this machine and answers the documents with the same values: mercurius and Hive Gateway
under our names, PostGraphile under its own, with documents of its own that have as many rows and leaves.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks import cpu
from benchmarks.data import DataSet
from benchmarks.processes import SideError
from benchmarks.questions import Question
from benchmarks.sides import PORT, Asking, Side, posted, without_ids

HERE: Final = Path(__file__).parent
PLACE: Final = 20
"""Where the peers' ports begin, after those of the house."""
GATEWAY: Final = "hive"
BOTH: Final = "hive+office"
"""Hive Gateway with the REST office behind it: the CPU of both."""
DOCUMENTS: Final = ("trivial", "home", "list", "export")
_PROGRAMS = {"mercurius": "mercurius/server.js", "postgraphile": "postgraphile/server.js", BOTH: "hive/start.js"}
NAMES: Final = (*_PROGRAMS,)
_OLDEST = 22
"""The Node that PostGraphile needs; on an older one each of its answers is an error."""
_PACKAGES = ("mercurius", "graphql-jit", "fastify", "pg", "postgraphile", "@graphql-hive/gateway", "@omnigraph/openapi")


def peers(data: DataSet) -> list[Side]:
    """The peers as they are started; `SideError` where they are not installed."""
    node = _node()
    return [_peer(data, node, name, program, place) for place, (name, program) in enumerate(_PROGRAMS.items(), PLACE)]


def with_gateway(sides: list[Side], pids: Mapping[str, int]) -> tuple[list[Side], dict[str, int]]:
    """The sides that run and their processes; besides, the gateway alone of the two that stand under `BOTH`."""
    alone = [msgspec.structs.replace(side, name=GATEWAY) for side in sides if side.name == BOTH]
    return [*sides, *alone], {**pids, **{side.name: _gateway(pids[BOTH]) for side in alone}}


def versions() -> dict[str, str]:
    """What the peers are made of."""
    files = {name: HERE / "node_modules" / name / "package.json" for name in _PACKAGES}
    found = {name: msgspec.json.decode(path.read_bytes())["version"] for name, path in files.items()}
    return {"node": _version(_node()), **found}


def _peer(data: DataSet, node: str, name: str, program: str, place: int) -> Side:
    folder = HERE / program.partition("/")[0]
    return Side(
        name=name,
        command=(node, str(HERE / program)),
        port=PORT + place,
        documents=DOCUMENTS,
        ask=_asking(folder / "documents"),
        told=without_ids,
        environment={"PORT": str(PORT + place), "DATABASE_URL": data.url, "NODE_ENV": "production"},
        folder=folder,
    )


def _asking(folder: Path) -> Asking:
    """Ask by the documents of `folder`, and by ours where it has none."""
    own = {path.stem: path.read_text("utf-8") for path in folder.glob("*.graphql")}

    def ask(question: Question, token: str, variables: Mapping[str, Any]) -> bytes:
        text = own.get(question.name, question.text)
        return posted(msgspec.structs.replace(question, text=text), token, variables)

    return ask


def _node() -> str:
    """The Node that was installed with the peers, else the machine's own."""
    if not (HERE / "node_modules" / "mercurius").is_dir():
        msg = "the peers are not installed; run make bench-peers, which needs npm"
        raise SideError(msg)
    found = next((HERE / "node_modules").glob("node-linux-*/bin/node"), None) or shutil.which("node")
    if found is None or int(_version(str(found)).partition(".")[0]) < _OLDEST:
        msg = f"there is no Node of version {_OLDEST} or newer: install one and repeat"
        raise SideError(msg)
    return str(found)


def _version(node: str) -> str:
    told = subprocess.run([node, "--version"], check=True, capture_output=True, text=True)  # noqa: S603  what we found
    return told.stdout.strip().removeprefix("v")


def _gateway(launcher: int) -> int:
    """The process of the gateway among those that `hive/start.js` began."""
    for pid in cpu.tree(launcher):
        if b"server.js" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    msg = f"{BOTH} runs without a gateway; see its log"
    raise SideError(msg)
