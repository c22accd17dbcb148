"""All sides of the house answer alike on a small data set, and the whole benchmark runs; its figures nobody asserts."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from benchmarks import cpu, sides
from benchmarks.comparing import difference
from tests import ports, postgres
from tests.house import tree


@pytest.mark.skipif(not cpu.available(), reason="this kernel does not tell the CPU time of threads")
def test_the_benchmark_runs() -> None:
    reason = postgres.missing_reason()
    if reason and "postgres" in os.environ.get("VENTANILLA_REQUIRE", "").split(","):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    # PostgreSQL's own user may not enter pytest's folders.
    with tempfile.TemporaryDirectory(prefix="ventanilla-bench-") as folder:
        Path(folder).chmod(0o755)
        command = [sys.executable, "-P", "benchmarks/run.py", "--small", "--folder", folder, "--rounds", "1"]
        least = ["--seconds", "0.1", "--sides", "raw,fallback,quiet"]
        environment = {**os.environ, "BENCH_PORT": str(ports.free(6))}
        done = subprocess.run(
            [*command, *least],
            cwd=tree.ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    for document in ("trivial", "home", "list", "export"):
        assert f"| {document} | raw |" in done.stdout
    assert "| 3 × 1,000 | ours |" in done.stdout
    assert "| portal | fallback |" in done.stdout
    assert "| scope and licence |" in done.stdout


def test_a_choice_that_does_not_exist_is_told() -> None:
    command = [sys.executable, "-P", "benchmarks/run.py", "--documents", "homes"]
    done = subprocess.run(command, cwd=tree.ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "homes is none of trivial, home, list, export, portal" in done.stderr


def test_other_programs_ids_and_cursors_need_not_be_ours() -> None:
    ours = {"id": "a", "title": "t", "pageInfo": {"endCursor": "x"}, "asOf": "now"}
    theirs = {"title": "t", "pageInfo": {"endCursor": "y"}, "id": "b", "asOf": "later"}
    assert sides.without_ids(ours) == sides.without_ids(theirs)
    assert sides.without_ids(ours) != sides.without_ids({**theirs, "id": None})
    assert sides.exactly(ours) != sides.exactly(theirs)
    assert sides.exactly(ours) == sides.exactly({**ours, "asOf": "later"})


def test_a_difference_is_told_with_its_place() -> None:
    ours, theirs = {"nodes": [{"id": "1", "amount": "1.00"}]}, {"nodes": [{"id": "2", "amount": "1.01"}]}
    assert difference(ours, theirs) == "nodes[0].amount is '1.01' and not '1.00'"
    assert difference(ours, {"nodes": []}) == "nodes[0].amount is 'nothing' and not '1.00'"
    assert difference(ours, ours) is None
