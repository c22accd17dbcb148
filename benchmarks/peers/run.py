"""Other GraphQL gateways on Node against ours, and against the same pages by hand: the rounds of `make bench`.

``mercurius`` compiles queries with graphql-jit; ``postgraphile`` makes one statement of a document; ``hive`` is Hive
Gateway in front of a REST office, its CPU told alone, ``hive+office`` the CPU of both. All read the same PostgreSQL and
look up who asks at each request. Answers are compared before anything is timed. The results join those of `make bench`.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from benchmarks import comparing, cpu, data, plot, results, rounds, sides  # noqa: E402  found only now
from benchmarks.choosing import some_of  # noqa: E402
from benchmarks.ending import orderly  # noqa: E402
from benchmarks.load import load  # noqa: E402
from benchmarks.peers import peers  # noqa: E402
from benchmarks.processes import SideError, all_started  # noqa: E402
from benchmarks.progress import clear, say  # noqa: E402
from benchmarks.questions import questions  # noqa: E402

_WARM = 4
"""How many bursts long each peer is warmed up beforehand: Node compiles only what has run often."""


def main() -> None:
    """Run, tell and keep."""
    given = _given()
    if not cpu.available():
        sys.exit("CPU time is read from /proc/PID/schedstat, which Linux has: run this on Linux")
    with orderly(data.DataError, SideError, comparing.DifferentError, rounds.WrongAnswerError):
        with data.data_set(*data.chosen(given)) as found:
            documents = _measured(given, found)
        clear()
        if given.rounds:
            _tell(given, documents)
        else:
            sys.stdout.write("all sides answer alike\n")


def _measured(given: argparse.Namespace, found: data.DataSet) -> dict[str, results.Measured]:
    others = [peer for peer in peers.peers(found) if peer.name in given.peers]
    chosen = [sides.ours(found, sides.OURS, 0), sides.raw(found, 2), *others]
    asked = [questions()[name] for name in given.documents]
    with all_started(chosen, found.folder / "logs") as pids:
        say("comparing answers")
        comparing.compare(chosen, asked, found.tokens)
        if not given.rounds:
            return {}
        running, processes = peers.with_gateway(chosen, pids)
        with load(sides.module("load")) as made:
            measured = partial(rounds.measured, questions=asked, tokens=found.tokens, load=made, report=say)
            measured(others, pids, rounds=0, seconds=_WARM * given.seconds)
            return results.measured(measured(running, processes, rounds=given.rounds, seconds=given.seconds))


def _tell(given: argparse.Namespace, documents: dict[str, results.Measured]) -> None:
    told = results.merged(
        results.read() if given.keep else results.Results(),
        now=datetime.now(UTC),
        rounds=given.rounds,
        seconds=given.seconds,
        documents=documents,
        versions=peers.versions(),
    )
    if given.keep and not given.small:
        plot.write(told)
        results.write(told)
    sys.stdout.write(f"{results.tables(told)}\n")


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench-peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    data.arguments(parser)
    documents, names = peers.DOCUMENTS, peers.NAMES
    parser.add_argument("--rounds", type=int, default=8, help="how many; 8 unless told otherwise, 0 only compares")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long one burst takes; 1")
    parser.add_argument(
        "--documents", type=some_of(documents), default=documents, help=f"of {','.join(documents)}; all"
    )
    parser.add_argument("--peers", type=some_of(names), default=names, help=f"of {','.join(names)}; all")
    parser.add_argument(
        "--no-keep", dest="keep", action="store_false", help="leave results.json and README as they are"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
