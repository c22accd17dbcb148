"""Whoever is killed, at whatever moment, loses nothing and doubles nothing."""

from __future__ import annotations

import random
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from running import Program, Started
from twin import Twin

COUNT, PAGE = 60, ("--page-size", "5")
KILLS = 4
DRIVER = Path(__file__).parent / "dying.py"
Table = list[tuple[Any, ...]]


def contents(path: Path) -> dict[str, Table]:
    """All rows of a database, whenever they came."""
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table' order by name")]
        found = {name: db.execute(f'select * from "{name}"').fetchall() for name in names}
    found["export_state"] = [row[:-1] for row in found["export_state"]]
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def killed_at_random(twin: Twin, run: Callable[[], Started]) -> None:
    """Run it so often, and kill it a moment after a page was asked for."""
    luck = random.Random(7)  # noqa: S311  the same moments each time
    for _ in range(KILLS):
        asked, wait = threading.Event(), luck.randrange(1, 6)
        first = len(twin.asked)

        def note(page: int, asked: threading.Event = asked, last: int = first + wait) -> None:
            if page >= last:
                asked.set()

        twin.before_page = note
        started = run()
        while not asked.wait(0.01) and started.process.poll() is None:
            pass
        asked.wait(luck.random() / 50)
        started.process.kill()
        started.ended()
    twin.before_page = lambda page: None


def test_files_are_those_of_an_undisturbed_run(twin: Twin, program: Program, tmp_path: Path) -> None:
    """Killed at random moments, and finished then."""
    twin.fill("invoices", COUNT)
    program.run("csv", "invoices", str(tmp_path / "whole.csv"), "--page-size", "1000")
    out = str(tmp_path / "torn.csv")
    killed_at_random(twin, lambda: program.start("csv", "invoices", out, *PAGE))
    assert program.run("csv", "invoices", out, *PAGE).status == 0
    for name in ("{}.csv", "{}-lines.csv", "{}.csv.cursor"):
        assert (tmp_path / name.format("torn")).read_bytes() == (tmp_path / name.format("whole")).read_bytes()
    assert {path.name for path in tmp_path.glob("torn*")} == {"torn.csv", "torn-lines.csv", "torn.csv.cursor"}


def test_a_database_is_that_of_an_undisturbed_run(twin: Twin, program: Program, tmp_path: Path) -> None:
    """Killed at random moments, while records change and go."""
    for noun in twin.journals:
        twin.fill(noun, COUNT // 2)
    base = tmp_path / "torn.sqlite"
    killed_at_random(twin, lambda: program.start("sync", str(base), *PAGE))
    twin.put("invoices", 3, status="PAID")
    twin.journals["payments"].remove("pay7")
    killed_at_random(twin, lambda: program.start("sync", str(base), "--page-size", "1"))
    assert program.run("sync", str(base), *PAGE).status == 0
    assert program.run("sync", str(tmp_path / "whole.sqlite"), "--page-size", "1000").status == 0
    torn, whole = contents(base), contents(tmp_path / "whole.sqlite")
    assert [row[:2] for row in torn.pop("removed")] == [("payments", "pay7")]
    assert [row[:2] for row in whole.pop("removed")] == [("payments", "pay7")]
    assert torn == whole


@pytest.mark.parametrize("command", ["csv", "sync"])
def test_killed_before_every_step(command: str, twin: Twin, program: Program, tmp_path: Path) -> None:
    """Before every other step that can be seen from outside; each run goes on with the one before."""
    twin.fill("invoices", 10)
    words = {"csv": ("invoices", str(tmp_path / "whole.csv")), "sync": (str(tmp_path / "whole.csv"), "invoices")}
    program.run(command, *words[command])
    out = tmp_path / "torn.csv"
    torn = ("invoices", str(out)) if command == "csv" else (str(out), "invoices")
    steps = 0
    while program.start(command, *torn, "--page-size", "5", driver=(str(DRIVER), str(steps))).ended().status:
        steps += 2
        if out.exists() and command == "csv":
            assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert steps > 15
    if command == "sync":
        assert contents(out) == contents(tmp_path / "whole.csv")
    else:
        assert (tmp_path / "torn-lines.csv").read_bytes() == (tmp_path / "whole-lines.csv").read_bytes()
        assert not (tmp_path / "torn.csv.work").exists()


def test_the_driver_kills(twin: Twin, program: Program, tmp_path: Path) -> None:
    """Or the test above would show nothing."""
    done = program.start("csv", "charges", str(tmp_path / "c.csv"), driver=(str(DRIVER), "0")).ended()
    assert done.status == -signal.SIGKILL
