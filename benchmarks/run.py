"""The benchmark: the gateway against the same pages by hand, against Strawberry as people write it, and against itself.

Every side is a server process of its own on the same PostgreSQL: ``ours`` is the gateway as it is served in production;
``twin`` the same once more, which shows the noise; ``raw`` pages written by hand for speed alone (`raw.py`);
``fallback`` the gateway with graphql-core executing; ``stock`` Strawberry with an ORM and loaders (`stock/`);
``quiet`` the gateway without a line in its log. Answers are compared before anything is timed and checked while it is.
Figures are CPU time of the server's processes for each request, ratios the median of shuffled rounds. The first run
makes the data (`data.py`), which takes two minutes; it is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from benchmarks import comparing, cpu, data, plot, results, rounds, sides  # noqa: E402  found only now
from benchmarks.choosing import some_of  # noqa: E402
from benchmarks.ending import orderly  # noqa: E402
from benchmarks.exports import Export, exported  # noqa: E402
from benchmarks.load import load  # noqa: E402
from benchmarks.parts import Part, parts  # noqa: E402
from benchmarks.processes import SideError, all_started  # noqa: E402
from benchmarks.progress import clear, say  # noqa: E402
from benchmarks.questions import Question, questions  # noqa: E402
from benchmarks.sides import Side  # noqa: E402
from ventanilla.backoffice_adapters.database import Database  # noqa: E402

_LOGGED = "trivial"
"""The document by which the cost of a log line is told."""


def measure(
    found: data.DataSet, chosen: Sequence[Side], asked: Sequence[Question], *, turns: int, seconds: float
) -> dict[str, results.Measured]:
    """Start the sides (ours first), compare their answers, and measure them; document → figures."""
    with all_started(chosen, found.folder / "logs") as pids:
        comparing.compare(chosen, asked, found.tokens)
        with load(sides.module("load")) as made:
            figures = rounds.measured(
                chosen, pids, asked, found.tokens, load=made, rounds=turns, seconds=seconds, report=say
            )
    return results.measured(figures)


def main() -> None:
    """Run, tell and keep."""
    given = _given()
    if not cpu.available():
        sys.exit("CPU time is read from /proc/PID/schedstat, which Linux has: run this on Linux")
    with orderly(data.DataError, SideError, comparing.DifferentError, rounds.WrongAnswerError):
        with data.data_set(*data.chosen(given)) as found:
            told = _run(given, found)
        clear()
        if _keeps(given):
            plot.write(told)
            results.write(told)
        sys.stdout.write(f"{results.tables(told)}\n")


def _keeps(given: argparse.Namespace) -> bool:
    """Whether the figures are of use to anybody else."""
    return given.keep and not given.small


def _run(given: argparse.Namespace, found: data.DataSet) -> results.Results:
    known = questions()
    chosen = [side for side in sides.house(found) if side.name in (sides.OURS, *given.sides)]
    asked = [known[name] for name in given.documents]
    exports: list[Export] = []
    if given.export:
        exports = exported([side for side in chosen if side.name != "twin"], known, found, say)
    documents = measure(found, chosen, asked, turns=given.rounds, seconds=given.seconds)
    return results.merged(
        results.read() if _keeps(given) else results.Results(),
        now=datetime.now(UTC),
        rounds=given.rounds,
        seconds=given.seconds,
        documents=documents,
        exports=exports,
        parts=_parts(found, documents) if given.parts else (),
        versions={"postgresql": _postgresql(found.url)},
    )


def _parts(found: data.DataSet, documents: dict[str, results.Measured]) -> list[Part]:
    say("what the parts add")
    figures = documents[_LOGGED].cpu_us if _LOGGED in documents else {}
    if "quiet" not in figures:
        return parts(found)
    line = max(0.0, figures[sides.OURS] - figures["quiet"])
    how = "against a side that logs no requests, on trivial"
    return [*parts(found), Part(name="the line in the log", cpu_us=line, how=how)]


def _postgresql(url: str) -> str:
    async def asked() -> Any:
        database = Database(url)
        await database.open()
        rows = await database.rows("SHOW server_version")
        await database.close()
        return rows[0][0]

    return str(asyncio.run(asked())).partition(" ")[0]


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    data.arguments(parser)
    names = ("trivial", "home", "list", "export", "portal")
    others = ("twin", "raw", "fallback", "stock", "quiet")
    parser.add_argument("--rounds", type=_at_least_one, default=8, help="how many; 8 unless told otherwise")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long one burst takes; 1")
    parser.add_argument("--documents", type=some_of(names), default=names, help=f"of {','.join(names)}; all")
    parser.add_argument(
        "--sides", type=some_of(others), default=others, help=f"beside ours, of {','.join(others)}; all"
    )
    parser.add_argument("--no-export", dest="export", action="store_false", help="leave the whole exports out")
    parser.add_argument("--no-parts", dest="parts", action="store_false", help="leave out what each part adds")
    parser.add_argument(
        "--no-keep", dest="keep", action="store_false", help="leave results.json and README as they are"
    )
    return parser.parse_args()


def _at_least_one(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        msg = f"{text} is no whole number from 1"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


if __name__ == "__main__":
    main()
