"""Parquet files: exact types, and nothing without the extra."""

from __future__ import annotations

import importlib.util
import os
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from running import Program
from twin import Twin


@pytest.fixture
def pq() -> Any:
    """What reads Parquet; pyarrow is an extra of 166 MB, which VENTANILLA_REQUIRE=pyarrow asks for."""
    if importlib.util.find_spec("pyarrow") is None:
        reason = "pyarrow is not installed: pip install pyarrow"
        (pytest.fail if "pyarrow" in os.environ.get("VENTANILLA_REQUIRE", "").split(",") else pytest.skip)(reason)
    return importlib.import_module("pyarrow.parquet")


def test_types_are_exact(pq: Any, twin: Twin, program: Program, tmp_path: Path) -> None:
    """Amounts, dates and moments are such, and text is as people wrote it."""
    twin.fill("invoices", 7)
    twin.fill("payments", 2)
    assert program.run("parquet", "invoices", str(tmp_path / "i.parquet"), "--page-size", "3").status == 0
    assert program.run("parquet", "payments", str(tmp_path / "p.parquet")).status == 0
    found = pq.read_table(tmp_path / "i.parquet").to_pylist()
    assert len(found) == 7
    first = next(row for row in found if row["id"] == "inv1")
    assert (first["total"], first["due_on"], first["title"]) == (Decimal("1001.50"), date(2026, 12, 10), "-agua 1")
    lines = pq.read_table(tmp_path / "i-lines.parquet").to_pylist()
    assert (lines[1]["position"], lines[0]["unit_price"]) == (2, Decimal("83.123456"))
    payment = pq.read_table(tmp_path / "p.parquet").to_pylist()[0]
    assert payment["paid_at"] == datetime(2026, 11, 2, 15, 30, tzinfo=UTC)


def test_no_rows(pq: Any, program: Program, tmp_path: Path) -> None:
    """A file with its columns."""
    assert program.run("parquet", "charges", str(tmp_path / "c.parquet")).status == 0
    assert pq.read_table(tmp_path / "c.parquet").num_rows == 0


def test_a_number_of_too_many_digits_is_told(pq: Any, twin: Twin, program: Program, tmp_path: Path) -> None:
    """Nothing is rounded."""
    twin.put("charges", 1, amount={"amount": "1.12345", "currency": "ARS"})
    done = program.run("parquet", "charges", str(tmp_path / "c.parquet"))
    assert done.status == 2
    assert "a number does not fit" in done.err
    assert not (tmp_path / "c.parquet").exists()


def test_killed_and_gone_on_with(pq: Any, twin: Twin, program: Program, tmp_path: Path) -> None:
    """The same rows as of an undisturbed run."""
    twin.fill("invoices", 30)
    started = program.start("parquet", "invoices", str(tmp_path / "torn.parquet"), "--page-size", "5")
    twin.before_page = lambda page: started.process.kill() if page == 3 else None
    started.ended()
    twin.before_page = lambda page: None
    assert program.run("parquet", "invoices", str(tmp_path / "torn.parquet")).status == 0
    assert program.run("parquet", "invoices", str(tmp_path / "whole.parquet")).status == 0
    for name in ("{}.parquet", "{}-lines.parquet"):
        assert (tmp_path / name.format("torn")).read_bytes() == (tmp_path / name.format("whole")).read_bytes()


def test_without_the_extra(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = program.run("parquet", "charges", str(tmp_path / "c.parquet"))
    assert done.status == 2
    assert "pip install 'ventanilla-export[parquet]'" in done.err
