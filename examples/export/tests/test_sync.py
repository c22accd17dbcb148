"""A database that is kept up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from running import Program
from twin import Twin, refused


def told(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a query answers."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def test_everything_and_then_what_changed(twin: Twin, program: Program, tmp_path: Path) -> None:
    """The second night asks one page of each noun, and changes what changed."""
    for noun in twin.journals:
        twin.fill(noun, 20)
    base = tmp_path / "copy.sqlite"
    first = program.run("sync", str(base), "--page-size", "8")
    assert (first.status, len(first.out.splitlines())) == (0, 5)
    assert told(base, "select count(*) from invoices") == [(20,)]
    assert told(base, "select count(*) from invoice_lines") == [(40,)]
    twin.asked.clear()
    twin.put("invoices", 3, status="PAID", lines=[])
    twin.put("payments", 21)
    twin.journals["charges"].remove("cha9")
    second = program.run("sync", str(base))
    assert len(twin.asked) == 5
    assert "invoices: 1 told, 0 removed, 20 in all" in second.out
    assert told(base, "select status from invoices where id = 'inv3'") == [("PAID",)]
    assert told(base, "select count(*) from invoice_lines where invoice_id = 'inv3'") == [(0,)]
    assert told(base, "select count(*) from payments") == [(21,)]
    assert told(base, "select id from charges where id = 'cha9'") == []
    assert told(base, "select noun, id from removed") == [("charges", "cha9")]


def test_what_comes_back_is_no_longer_removed(twin: Twin, program: Program, tmp_path: Path) -> None:
    """A record that went, and came again."""
    twin.fill("charges", 2)
    base = tmp_path / "copy.sqlite"
    program.run("sync", str(base), "charges")
    twin.journals["charges"].remove("cha1")
    program.run("sync", str(base), "charges")
    assert told(base, "select id from removed") == [("cha1",)]
    twin.put("charges", 1)
    program.run("sync", str(base), "charges")
    assert told(base, "select id from removed") == []
    assert told(base, "select id from charges order by id") == [("cha1",), ("cha2",)]


def test_a_refused_cursor_reconciles_and_empties_nothing(twin: Twin, program: Program, tmp_path: Path) -> None:
    """While all is told again the rows stay; what is not told again then goes."""
    twin.fill("invoices", 30)
    base = tmp_path / "copy.sqlite"
    program.run("sync", str(base), "invoices", "--page-size", "10")
    journal = twin.journals["invoices"]
    journal.remove("inv5")
    journal.begin_anew()
    twin.put("invoices", 31)
    seen: list[int] = []
    twin.before_page = lambda page: seen.append(told(base, "select count(*) from invoices")[0][0])
    twin.asked.clear()
    done = program.run("sync", str(base), "invoices", "--page-size", "10")
    assert "all told anew since the cursor was refused" in done.out
    assert min(seen) == 30
    assert told(base, "select count(*) from invoices where id != 'inv5'") == [(30,)]
    assert told(base, "select count(*) from invoice_lines where invoice_id = 'inv5'") == [(0,)]
    assert told(base, "select id from removed") == [("inv5",)]
    assert "0 told, 0 removed, 30 in all\n" in program.run("sync", str(base), "invoices").out


def test_reconciling_goes_on_after_a_stop(twin: Twin, program: Program, tmp_path: Path) -> None:
    """What is left over is known in the next run too."""
    twin.fill("invoices", 30)
    base = tmp_path / "copy.sqlite"
    program.run("sync", str(base), "invoices", "--page-size", "10")
    twin.journals["invoices"].remove("inv5")
    twin.journals["invoices"].begin_anew()
    answered = len(twin.asked)

    def fail(page: int) -> None:
        if page == answered + 3:
            twin.faults.append(refused("FORBIDDEN"))

    twin.before_page = fail
    assert program.run("sync", str(base), "invoices", "--page-size", "10").status == 2
    assert told(base, "select count(*) from invoices") == [(30,)]
    assert program.run("sync", str(base), "invoices", "--page-size", "10").status == 0
    assert told(base, "select count(*) from invoices") == [(29,)]


def test_what_the_manager_does_not_have(twin: Twin, program: Program, tmp_path: Path) -> None:
    """It is passed over, unless it was named."""
    twin.before_page = lambda page: twin.faults.append(refused("NOT_LICENSED")) if page % 5 == 0 else None
    done = program.run("sync", str(tmp_path / "copy.sqlite"))
    assert (done.status, done.out.splitlines()[-1]) == (0, "meter-readings: this manager has none")
    twin.before_page = lambda page: twin.faults.append(refused("NOT_LICENSED"))
    assert program.run("sync", str(tmp_path / "copy.sqlite"), "meter-readings").status == 2


def test_what_cannot_be_told_is_no_silent_gap(twin: Twin, program: Program, tmp_path: Path) -> None:
    """The others are brought up to date, and the status says that something is missing."""
    twin.fill("payments", 2)
    twin.before_page = lambda page: twin.faults.append(refused("NOT_SUPPORTED")) if page == 2 else None
    done = program.run("sync", str(tmp_path / "copy.sqlite"))
    assert done.status == 2
    assert "Not all invoices can be exported" in done.err
    assert "payments: 2 told" in done.out


def test_some_offices_alone(twin: Twin, program: Program, tmp_path: Path) -> None:
    """The portal is asked for them, and a file of some is no file of all."""
    base = str(tmp_path / "copy.sqlite")
    assert program.run("sync", base, "charges", "--office", "water", "--office", "rents").status == 0
    assert twin.asked[-1]["offices"] == ["water", "rents"]
    assert "another --office" in program.run("sync", base, "charges").err


def test_another_portal_is_not_mixed_in(twin: Twin, program: Program, tmp_path: Path) -> None:
    """A database belongs to one portal."""
    base = tmp_path / "copy.sqlite"
    program.run("sync", str(base), "charges")
    with closing(sqlite3.connect(base)) as db, db:
        db.execute("update export_state set origin = replace(origin, ?, 'https://other.example')", (twin.url,))
    done = program.run("sync", str(base), "charges")
    assert done.status == 2
    assert "another --url" in done.err


def test_databases_of_others_are_left_alone(program: Program, tmp_path: Path) -> None:
    """And so is what is no database."""
    base = tmp_path / "books.sqlite"
    with closing(sqlite3.connect(base)) as db, db:
        db.execute("create table books (id)")
    assert "no database of this program" in program.run("sync", str(base)).err
    (tmp_path / "text").write_text("of somebody else's, and long enough to be looked at\n" * 20, encoding="utf-8")
    assert "no database of this program" in program.run("sync", str(tmp_path / "text")).err
    assert told(base, "select name from sqlite_master") == [("books",)]
