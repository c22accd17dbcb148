"""The kit is green over the reference and over embedded offices, and asks for everything that the contract has."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests import postgres
from tests.backoffice_adapters.remote import RemoteOffice, RemoteSettings, served
from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.conformance.bench import open_bench
from ventanilla.backoffice_adapters.conformance.book import book, other_book
from ventanilla.backoffice_adapters.conformance.suite import Conformance, Harness
from ventanilla.backoffice_adapters.conformance.twin import TwinAdapter
from ventanilla.backoffice_adapters.contract import Support
from ventanilla.backoffice_adapters.fit import METHODS
from ventanilla.backoffice_adapters.records import (
    ChargeStatus,
    EnrolmentKind,
    InstalmentStatus,
    InvoiceStatus,
    Licence,
    MeterStatus,
    PaymentPlanStatus,
    ReadingQuality,
    ReadingStatus,
    TitleKind,
)
from ventanilla.backoffice_adapters.registry import Registry


class TestTwin(Conformance):
    @pytest.fixture(scope="class")
    @classmethod
    def harness(cls) -> Harness:
        return Harness(adapter=TwinAdapter())


class TestTwinThatReadsInvoicesOnly(Conformance):
    @pytest.fixture(scope="class")
    @classmethod
    def harness(cls) -> Harness:
        some = {"invoices.list": Support.YES, "invoices.read": Support.EMULATED, "balances.read": Support.NO}
        return Harness(adapter=TwinAdapter(capabilities=some, max_batch=1, max_page=1), currency="CLP", insert=None)


def billed(whole: Book) -> Book:
    """What is left for a program that bills and knows of nothing else."""
    return Book(
        currency=whole.currency,
        parties=whole.parties,
        properties=whole.properties,
        units=tuple(replace(unit, building_key=None) for unit in whole.units),
        accounts=whole.accounts,
        invoices=whole.invoices,
        payments=whole.payments,
        allocations=whole.allocations,
    )


class TestTwinThatHoldsBillsOnly(Conformance):
    @pytest.fixture(scope="class")
    @classmethod
    def harness(cls) -> Harness:
        return Harness(adapter=TwinAdapter(), adapt=billed)


class TestEmbedded(Conformance):
    @pytest.fixture(scope="class")
    @classmethod
    def harness(cls, tmp_path_factory: pytest.TempPathFactory) -> Harness:
        nowhere = tmp_path_factory.mktemp("secrets") / "database"
        nowhere.write_text("postgresql://nobody@127.0.0.1:1/nothing")
        return Harness(adapter=Registry.discover().get("embedded"), broken={"database": f"file:{nowhere}"})


class TestEmbeddedOnPostgres(Conformance):
    @pytest.fixture(scope="class")
    @classmethod
    def harness(cls, postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Harness:
        secret = tmp_path_factory.mktemp("secrets") / "database"
        secret.write_text(postgres.emptied(postgres_url))
        # A currency without decimals: interest is rounded to whole pesos.
        return Harness(
            adapter=Registry.discover().get("embedded"),
            configuration={"database": f"file:{secret}"},
            licence=Licence.UTILITY,
            currency="CLP",
        )


# -- what the kit asks -------------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_every_method_that_reads_is_asked_and_has_answers(tmp_path: Path) -> None:
    async with open_bench(Harness(adapter=TwinAdapter()), tmp_path) as bench:
        questions = [*await bench.mine.questions(), *bench.mine.journals()]
        assert {question.method for question in questions} == {name for name, method in METHODS.items() if method.safe}
        for question in questions:
            answers = await bench.mine.expected(question.method, question.subjects, *question.args)
            assert any(answers), question.method


@pytest.mark.anyio
async def test_every_method_travels_as_json(tmp_path: Path) -> None:
    async with (
        open_bench(Harness(adapter=TwinAdapter()), tmp_path) as bench,
        served(bench.mine.twin) as server,
    ):
        office = RemoteOffice(replace(bench.mine.twin.setting, configuration=RemoteSettings(port=server.port)))
        await office.open()
        for question in [*await bench.mine.questions(), *bench.mine.journals()]:
            asked = question.method, question.subjects, *question.args
            assert await getattr(office, asked[0])(bench.mine.call(), *asked[1:]) == await bench.mine.expected(*asked)


@pytest.mark.parametrize(
    ("kind", "field", "states"),
    [
        ("invoices", "status", InvoiceStatus),
        ("charges", "status", ChargeStatus),
        ("accruals", "title", TitleKind),
        ("payment_plans", "status", PaymentPlanStatus),
        ("instalments", "status", InstalmentStatus),
        ("enrolments", "kind", EnrolmentKind),
        ("meters", "status", MeterStatus),
        ("meter_readings", "status", ReadingStatus),
        ("meter_readings", "quality", ReadingQuality),
    ],
)
def test_the_reference_books_hold_every_state(kind: str, field: str, states: type[StrEnum]) -> None:
    for written in (book, other_book):
        entries = getattr(written(Licence.COMMUNITY, "COP"), kind)
        assert {getattr(entry, field) for entry in entries} == set(states)
