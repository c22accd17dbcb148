"""CSV files: what stands in them, and when."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from books import FORMULA
from running import Program
from twin import Fault, Twin, refused


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a file, as a program reads them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_and_a_second_one(twin: Twin, program: Program, tmp_path: Path) -> None:
    """Everything once, in order, page after page."""
    twin.fill("invoices", 25)
    done = program.run("csv", "invoices", str(tmp_path / "invoices.csv"), "--page-size", "7")
    assert (done.status, done.err) == (0, "")
    found, lines = rows_of(tmp_path / "invoices.csv"), rows_of(tmp_path / "invoices-lines.csv")
    assert len(found) == 25
    assert [row["issued_on"] for row in found] == sorted(row["issued_on"] for row in found)
    assert [line["invoice_id"] for line in lines] == [row["id"] for row in found for _ in range(2)]
    assert [asked["counted"] for asked in twin.asked] == [True, False, False, False]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "invoices-lines.csv",
        "invoices.csv",
        "invoices.csv.cursor",
        "secret",
    ]


@pytest.mark.parametrize(
    ("noun", "files"),
    [
        ("accounts", 1),
        ("charges", 1),
        ("payments", 2),
        ("meter-readings", 2),
    ],
)
def test_every_noun(noun: str, files: int, twin: Twin, program: Program, tmp_path: Path) -> None:
    """Each has its files."""
    twin.fill("meterReadings" if noun == "meter-readings" else noun, 5)
    done = program.run("csv", noun, str(tmp_path / "out.csv"))
    assert (done.status, len(done.out.splitlines())) == (0, files)
    assert len(rows_of(tmp_path / "out.csv")) == 5


def test_without_parts(twin: Twin, program: Program, tmp_path: Path) -> None:
    """For offices that keep no lines: it is said, and goes without."""
    twin.fill("invoices", 2)
    error = {"message": "No.", "path": ["export", "invoices", "nodes", 0, "lines"]}
    twin.faults.append(
        Fault(json={"data": {"export": {}}, "errors": [error | {"extensions": {"code": "NOT_SUPPORTED"}}]})
    )
    done = program.run("csv", "invoices", str(tmp_path / "i.csv"))
    assert (done.status, "cannot tell lines of invoices: leave those out (--without-parts)" in done.err) == (2, True)
    assert program.run("csv", "invoices", str(tmp_path / "i.csv"), "--without-parts").status == 0
    assert len(rows_of(tmp_path / "i.csv")) == 2
    assert not (tmp_path / "i-lines.csv").exists()


def test_nothing_is_a_file_too(program: Program, tmp_path: Path) -> None:
    """Whoever has nothing gets the names of the columns."""
    assert program.run("csv", "charges", str(tmp_path / "c.csv")).status == 0
    assert (tmp_path / "c.csv").read_bytes().startswith(b"\xef\xbb\xbfid,account_id,")


def test_text_is_no_formula_and_numbers_are_numbers(twin: Twin, program: Program, tmp_path: Path) -> None:
    """Spreadsheets show what people wrote, and add up what is an amount."""
    twin.fill("accounts", 1)
    twin.fill("invoices", 7)
    program.run("csv", "accounts", str(tmp_path / "a.csv"))
    program.run("csv", "invoices", str(tmp_path / "i.csv"))
    (account,) = rows_of(tmp_path / "a.csv")
    assert account["holder_name"] == f"'{FORMULA}"
    assert account["holder_phone"] == "'+54 2362 000001"
    assert (account["address"], account["latitude"]) == ("Mitre 12, 2° B", "-34.5")
    assert {row["title"] for row in rows_of(tmp_path / "i.csv")} >= {'Agua;\n"enero", lectura 1', "'-agua 1"}
    lines = rows_of(tmp_path / "i-lines.csv")
    assert {(line["description"], line["amount"]) for line in lines} >= {("'@bonificación", "-10.00")}


def test_lists_are_followed(twin: Twin, program: Program, tmp_path: Path) -> None:
    """Of several due dates the first and the last; a value knows its unit."""
    twin.fill("invoices", 1)
    twin.fill("meterReadings", 1)
    program.run("csv", "invoices", str(tmp_path / "i.csv"))
    program.run("csv", "meter-readings", str(tmp_path / "r.csv"))
    (invoice,) = rows_of(tmp_path / "i.csv")
    assert (invoice["due_on"], invoice["last_due_on"], invoice["last_due_amount"]) == (
        "2026-12-10",
        "2026-12-20",
        "1101.50",
    )
    values = rows_of(tmp_path / "r-values.csv")
    assert [(one["register"], one["value"], one["unit"]) for one in values] == [
        ("t1", "1.250", "kWh"),
        ("t2", "7", "kWh"),
    ]


def test_what_changes_meanwhile_stands_there_once_as_it_is_then(twin: Twin, program: Program, tmp_path: Path) -> None:
    """A record that was told already is told again, or is gone."""
    twin.fill("invoices", 10)

    def change(page: int) -> None:
        if page == 2:
            twin.put("invoices", 1, status="PAID", lines=[])
            twin.journals["invoices"].remove("inv2")

    twin.before_page = change
    program.run("csv", "invoices", str(tmp_path / "i.csv"), "--page-size", "4")
    found = {row["id"]: row["status"] for row in rows_of(tmp_path / "i.csv")}
    assert len(found) == len(rows_of(tmp_path / "i.csv")) == 9
    assert found["inv1"] == "PAID"
    assert "inv2" not in found
    assert "inv1" not in {line["invoice_id"] for line in rows_of(tmp_path / "i-lines.csv")}


def test_since_a_cursor(twin: Twin, program: Program, tmp_path: Path) -> None:
    """What changed, and what went, since an export that is there."""
    twin.fill("invoices", 10)
    program.run("csv", "invoices", str(tmp_path / "i.csv"))
    twin.put("invoices", 3, status="PAID")
    twin.put("invoices", 11)
    twin.journals["invoices"].remove("inv4")
    cursor = tmp_path / "i.csv.cursor"
    done = program.run("csv", "invoices", str(tmp_path / "new.csv"), "--since", str(cursor))
    assert done.status == 0
    assert {row["id"] for row in rows_of(tmp_path / "new.csv")} == {"inv3", "inv11"}
    assert [row["id"] for row in rows_of(tmp_path / "new-removed.csv")] == ["inv4"]
    again = program.run("csv", "invoices", str(tmp_path / "i.csv"), "--since", cursor.read_text("utf-8").strip())
    assert again.status == 0
    assert (tmp_path / "i.csv").read_bytes() == (tmp_path / "new.csv").read_bytes()


def test_since_a_cursor_that_is_no_good(twin: Twin, program: Program, tmp_path: Path) -> None:
    """Nothing can be told: another export is not taken for it."""
    twin.fill("invoices", 3)
    done = program.run("csv", "invoices", str(tmp_path / "i.csv"), "--since", "j0.4.[]")
    assert done.status == 2
    assert "without --since" in done.err
    assert not (tmp_path / "i.csv").exists()


def test_some_by_a_filter(twin: Twin, program: Program, tmp_path: Path) -> None:
    """The portal is asked with it."""
    twin.fill("invoices", 24)
    done = program.run("csv", "invoices", str(tmp_path / "i.csv"), "--filter", "issuedFrom=2026-11-01")
    assert done.status == 0
    assert {row["issued_on"] for row in rows_of(tmp_path / "i.csv")} == {"2026-11-01", "2026-12-01"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("colour=red", "There are: status=…, number=…"),
        ("status", "There are: status=…"),
        ("status=OPEN,LOST", "LOST"),
    ],
)
def test_a_wrong_filter_is_told(given: str, told: str, twin: Twin, program: Program, tmp_path: Path) -> None:
    """By us, or by the portal where it knows better."""
    done = program.run("csv", "invoices", str(tmp_path / "i.csv"), "--filter", given)
    assert done.status == 2
    assert told in done.err


def test_another_export_is_not_gone_on_with(twin: Twin, program: Program, tmp_path: Path) -> None:
    """What an export left that was stopped is of that export."""
    twin.fill("invoices", 30)
    out, some = str(tmp_path / "i.csv"), ("--page-size", "10", "--filter", "issuedFrom=2026-01-02")
    twin.before_page = lambda page: twin.faults.append(refused("FORBIDDEN")) if page == 2 else None
    assert program.run("csv", "invoices", out, *some).status == 2
    other = program.run("csv", "invoices", out)
    assert other.status == 2
    assert "another --filter" in other.err
    assert program.run("csv", "invoices", out, "--fresh").status == 0
    assert len(rows_of(tmp_path / "i.csv")) == 30


def test_a_call_may_be_mended(twin: Twin, program: Program, tmp_path: Path) -> None:
    """Where the first page was refused, nothing was begun."""
    twin.fill("invoices", 3)
    out = str(tmp_path / "i.csv")
    assert program.run("csv", "invoices", out, "--filter", "status=LOST").status == 2
    assert program.run("csv", "invoices", out, "--since", "j0.1.[]").status == 2
    assert program.run("csv", "invoices", out).status == 0
    assert len(rows_of(tmp_path / "i.csv")) == 3


def test_two_at_once_are_told(twin: Twin, program: Program, tmp_path: Path) -> None:
    """The second one leaves the first alone."""
    twin.fill("invoices", 3)
    out = str(tmp_path / "i.csv")
    told: list[str] = []
    twin.before_page = lambda page: (
        told.append(program.start("csv", "invoices", out).ended().err) if page == 1 else None
    )
    assert program.run("csv", "invoices", out).status == 0
    assert "written by another process" in told[0]


def test_semicolons(twin: Twin, program: Program, tmp_path: Path) -> None:
    """As spreadsheets of many countries want them."""
    twin.fill("charges", 1)
    program.run("csv", "charges", str(tmp_path / "c.csv"), "--delimiter", ";")
    assert (tmp_path / "c.csv").read_text("utf-8-sig").startswith("id;account_id;")


def test_a_folder_that_is_not_there(program: Program, tmp_path: Path) -> None:
    """It is told before anything is asked."""
    done = program.run("csv", "charges", str(tmp_path / "no" / "c.csv"))
    assert (done.status, "There is no folder" in done.err) == (2, True)
