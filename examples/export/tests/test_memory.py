"""Memory does not grow with what is exported."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Program
from twin import Twin

DRIVER = Path(__file__).parent / "weighed.py"
ROWS, SLACK_KB = 100, 6_000
"""Rows of a page; what two runs may differ by. A hundred pages weigh 20,000 KB as Python objects."""


def peak_of(program: Program, twin: Twin, pages: int, out: Path) -> int:
    """The most memory that an export of so many pages had, in KB."""
    twin.fill("charges", pages * ROWS)
    words = ("charges", str(out), "--page-size", str(ROWS))
    done = program.start("csv", *words, driver=(str(DRIVER),)).ended()
    assert done.status == 0, done.err
    return int(done.out.splitlines()[-1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells what a process weighs at most")
def test_a_hundred_pages_weigh_what_ten_do(twin: Twin, program: Program, tmp_path: Path) -> None:
    """One page is in memory at a time, and what SQLite keeps of its file."""
    ten = peak_of(program, twin, 10, tmp_path / "ten.csv")
    hundred = peak_of(program, twin, 100, tmp_path / "hundred.csv")
    assert hundred - ten < SLACK_KB
