"""The export, as a project of somebody else's: its tests are green, and it runs against the real gateway."""

import csv
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest
from graphql import build_schema, parse, validate

from tests.examples.projects import BIN, Installed, installed
from tests.gateway.demo.process import PROGRAM, Demo, free_ports, running
from tests.gateway.stock import demo_data
from tests.house import tree
from ventanilla.auth.scopes import EXPORTS
from ventanilla.backoffice_adapters.contract import Call, NewPayment, Setting
from ventanilla.backoffice_adapters.embedded import adapter
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Licence

DOCUMENTS = """
import sys
from ventanilla_export.nouns import NOUNS
sys.stdout.write("\\0".join(noun.document for noun in NOUNS.values()))
"""
LINES = "select printf('%.2f', sum(amount)) from invoice_lines where invoice_id = i.id"
SUITE_S, KEPT_BYTES = 600, 150_000


@dataclass(frozen=True)
class Nightly:
    """The program with what it needs to ask the demo's water utility."""

    project: Installed
    demo: Demo
    access: list[str]

    def run(self, command: str, *words: str) -> subprocess.CompletedProcess[str]:
        done = self.project.run("python", "-P", "-m", "ventanilla_export", command, *words, *self.access)
        assert done.returncode == 0, done.stderr
        return done

    def killed(self, work: Path, command: str, *words: str) -> None:
        """Run it, and kill it once it has kept something."""
        line = [str(BIN / "python"), "-P", "-m", "ventanilla_export", command, *words, *self.access]
        process = subprocess.Popen(line, cwd=self.project.home, env=self.project.variables)
        while process.poll() is None and not _holds_some(work):
            time.sleep(0.01)
        process.kill()
        assert process.wait() < 0, "it was done before it was killed"


def _holds_some(work: Path) -> bool:
    """Whether pages were kept: without any, the tables are there and smaller."""
    return work.exists() and work.stat().st_size > KEPT_BYTES


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return installed("export", tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="module")
def nightly(project: Installed, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nightly]:
    data = tmp_path_factory.mktemp("exported") / "data"
    shutil.copytree(demo_data(shared_folder), data)
    with running(data, free_ports()) as demo:
        scopes = [word for scope in sorted(EXPORTS) for word in ("--scope", scope)]
        variables = {**os.environ, "VENTANILLA_DATA": str(data)}
        command = [PROGRAM, "client", "add", "aguas", "Nightly", *scopes]
        added = subprocess.run(command, env=variables, capture_output=True, text=True, check=True, timeout=60)
        told = dict(line.split() for line in added.stdout.splitlines())
        secret = project.home / "secret"
        secret.write_text(told["client_secret"], encoding="utf-8")
        url = f"http://127.0.0.1:{demo.port + 1}"
        yield Nightly(project, demo, ["--url", url, "--client", told["client_id"], "--secret-file", str(secret)])


def told(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def test_its_suite_is_green_by_one_command(project: Installed) -> None:
    done = project.run("pytest", "-q", "-n", "2", timeout=SUITE_S)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout


def test_what_it_asks_is_in_the_schema_and_in_the_twins(project: Installed) -> None:
    done = project.run("python", "-P", "-c", DOCUMENTS)
    assert done.returncode == 0, done.stderr
    documents = done.stdout.split("\0")
    assert len(documents) == 5
    for sdl in (tree.ROOT / "schema" / "schema.graphql", project.home / "tests" / "twin.graphql"):
        schema = build_schema(sdl.read_text("utf-8"))
        assert [validate(schema, parse(document)) for document in documents] == [[]] * 5, sdl.name


def test_a_copy_follows_what_changes(nightly: Nightly, tmp_path: Path) -> None:
    base = tmp_path / "copy.sqlite"
    nightly.run("sync", str(base), "--page-size", "300")
    (invoices,) = told(base, "select count(*) from invoices")[0]
    assert invoices > 300
    for table in ("accounts", "charges", "payments", "meter_readings", "meter_reading_values"):
        assert told(base, f"select count(*) > 0 from {table}") == [(1,)]
    assert told(base, f"select count(*) from invoices i where total != ({LINES})") == [(0,)]
    (number, invoice, owed), *_ = told(
        base, "select account_number, number, total from invoices where status = 'ISSUED' and kind = 'INVOICE' limit 1"
    )
    anyio.run(pay, nightly.demo.data, number, owed)
    second = nightly.run("sync", str(base)).stdout.splitlines()
    assert second[1].startswith("invoices: 0 told")
    assert "payments: 1 told, 0 removed" in second[3]
    assert told(base, "select status, reference from payments where reference = 'night'") == [("CONFIRMED", "night")]
    assert told(base, f"select number from invoices where number = '{invoice}'") == [(invoice,)]


async def pay(data: Path, account_number: str, amount: str) -> None:
    """Book a payment at the office, behind the gateway's back."""
    setting = Setting(
        manager="aguas",
        office="comercial",
        licences=frozenset({Licence.UTILITY}),
        currency="ARS",
        time_zone="America/Argentina/Buenos_Aires",
        configuration=adapter.manifest.configuration(),
        folder=data / "offices" / "aguas" / "comercial",
        clock=lambda: datetime.now(UTC),
    )
    now = datetime.now(UTC)
    call = Call(
        manager="aguas", request_id="t", locale="es-AR", now=now, today=now.date(), deadline=time.monotonic() + 60
    )
    office = adapter.office(setting)
    await office.open()
    try:
        (account,) = await office.find_accounts(call, [account_number])
        money = Money(int(amount.replace(".", "")), "ARS")
        new = NewPayment(key="n1", account=account.ref, amount=money, paid_at=now, method="Caja", reference="night")
        (posted,) = await office.post_payments(call, [new])
        assert posted.payment.reference == "night"
    finally:
        await office.close()


def test_a_file_that_was_torn_is_whole_in_the_end(nightly: Nightly, tmp_path: Path) -> None:
    nightly.run("csv", "invoices", str(tmp_path / "whole.csv"))
    torn = tmp_path / "torn.csv"
    nightly.killed(tmp_path / "torn.csv.work", "csv", "invoices", str(torn), "--page-size", "20")
    assert not torn.exists()
    nightly.run("csv", "invoices", str(torn), "--page-size", "20")
    for name in ("{}.csv", "{}-lines.csv", "{}.csv.cursor"):
        assert (tmp_path / name.format("torn")).read_bytes() == (tmp_path / name.format("whole")).read_bytes()
    with torn.open(encoding="utf-8-sig", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    assert len(set(ids)) == len(ids) > 300
