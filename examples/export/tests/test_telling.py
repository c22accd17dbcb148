"""What is told while it runs."""

from __future__ import annotations

import io

from rich.console import Console
from running import Program
from twin import Twin
from ventanilla_export.telling import LINE_EVERY_S, Bar, Lines


def test_lines_are_told_now_and_then() -> None:
    """Where stderr is no terminal."""
    now, lines = [0.0], list[str]()
    telling = Lines(lines.append, lambda: now[0])
    telling.begins("invoices")
    for done in range(5):
        now[0] += LINE_EVERY_S / 2
        telling.told(done * 1_000, 12_345)
    telling.waits(3, "short")
    telling.waits(42, "too many questions")
    assert lines == [
        "invoices: 1,000 of 12,345\n",
        "invoices: 3,000 of 12,345\n",
        "invoices: waits 42 s: too many questions\n",
    ]


def test_a_bar_is_drawn_for_each_noun() -> None:
    """Where stderr is a terminal: how far it is, and what it waits for."""
    drawn = io.StringIO()
    bar = Bar(Console(file=drawn, force_terminal=True, width=120))
    for name in ("invoices", "payments"):
        bar.begins(name)
        bar.told(3_000, 12_000)
        bar.waits(42, "too many questions")
        bar.ends()
    assert "3000/12000" in drawn.getvalue()
    assert "payments" in drawn.getvalue()
    assert "waits 42 s: too many questions" in drawn.getvalue()


def test_quiet_is_quiet(twin: Twin, program: Program) -> None:
    """Not a word where all went well."""
    twin.fill("charges", 2)
    done = program.run("csv", "charges", str(program.home / "c.csv"), "--quiet")
    assert (done.status, done.out, done.err) == (0, "", "")
