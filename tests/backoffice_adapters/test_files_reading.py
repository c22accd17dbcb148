"""What a file drop reads, what it refuses, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.problems import DropError
from ventanilla.backoffice_adapters.files.reading import read_book
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import InvoiceStatus, Licence, UnitKind

CONFIGURATION: Mapping[str, Any] = {
    "encoding": "cp1250",
    "expected_letters": "ąćęłńóśźż",
    "tables": {
        "accounts": {
            "file": "konta.csv",
            "columns": {
                "key": "Id",
                "number": "Numer",
                "holder_key": "Id najemcy",
                "holder_name": "Najemca",
                "unit_label": "Lokal",
                "unit_area_m2": "Metraż",
                "stated_balance": "Saldo",
                "opened_on": "Od",
            },
            "texts": {"licence": "RENT", "title": "Najem", "unit_kind": "FLAT"},
        },
        "invoices": {
            "file": "naliczenia.csv",
            "columns": {
                "key": "Id",
                "account": "Konto",
                "number": "Numer",
                "status": "Stan",
                "issued_on": "Data",
                "due_on": "Termin",
                "total": "Kwota",
                "paid_at": "Zapłacono",
            },
            "values": {"status": {"wystawione": "ISSUED", "nowe": "ISSUED", "zapłacone": "PAID"}},
            "texts": {"title": "Czynsz"},
        },
    },
}
ACCOUNTS = (
    "Id;Numer;Id najemcy;Najemca;Lokal;Metraż;Saldo;Od;Uwagi\r\n"
    'K1;1/2019;N1;"Gęś; Łukasz ""Źrebię""";m. 7;54,30;1 234,56;01.03.2019;\r\n'
    "K2;2/2020;N2;Żółć Świętosława;;;-1\u00a0234\u00a0567,05; ;dłużnik\r\n"
    "\r\n"
)
INVOICES = (
    "Id;Konto;Numer;Stan;Data;Termin;Kwota;Zapłacono\r\n"
    "F1;K1;CZ/1;zapłacone;01.10.2026;10.10.2026;0,50;25.10.2026 02:30:00\r\n"
    "F2;K2;CZ/2;nowe;01.11.2026;10.11.2026;1234;09.11.2026\r\n"
)


def read(accounts: str = ACCOUNTS, invoices: str = INVOICES, encoding: str = "cp1250", **changes: object) -> Book:
    files = {"konta.csv": accounts.encode(encoding), "naliczenia.csv": invoices.encode("cp1250")}
    return read_bytes(files, **changes)


def read_bytes(files: Mapping[str, bytes], **changes: object) -> Book:
    configuration = msgspec.convert({**CONFIGURATION, **changes}, FilesConfiguration)
    setting = Setting(
        manager="osiedle",
        office="czynsze",
        licences=frozenset({Licence.RENT}),
        currency="PLN",
        time_zone="Europe/Warsaw",
        configuration=configuration,
        folder=Path(),
        clock=lambda: datetime(2026, 11, 21, tzinfo=UTC),
    )
    return read_book(files, configuration, setting)


def problems(*args: Any, **changes: Any) -> str:
    with pytest.raises(DropError) as raised:
        read(*args, **changes)
    return "\n".join(str(problem) for problem in raised.value.problems)


# -- what is read ------------------------------------------------------------------------------------------------


def test_figures_dates_words_quotes_and_constants_are_read() -> None:
    book = read()
    first, second = book.accounts
    assert first.stated_balance == Money(123_456, "PLN")
    assert second.stated_balance == Money(-123_456_705, "PLN")
    assert (first.opened_on, second.opened_on) == (date(2019, 3, 1), None)
    assert [party.name for party in book.parties] == ['Gęś; Łukasz "Źrebię"', "Żółć Świętosława"]
    assert [(unit.key, unit.kind, unit.area_m2) for unit in book.units] == [("K1", UnitKind.FLAT, "54.30")]
    assert (first.unit, second.unit, first.licence) == ("K1", None, Licence.RENT)
    assert [invoice.status for invoice in book.invoices] == [InvoiceStatus.PAID, InvoiceStatus.ISSUED]
    assert [invoice.total.minor for invoice in book.invoices] == [50, 123_400]


def test_times_are_local_and_a_date_means_midnight() -> None:
    first, second = read().invoices
    assert first.paid_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.paid_at == datetime(2026, 11, 8, 23, 0, tzinfo=UTC)


def test_a_positive_balance_means_what_the_configuration_says() -> None:
    assert read(balance_sign="credit").accounts[0].stated_balance == Money(-123_456, "PLN")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_goes_before_the_configured_encoding(encoding: str) -> None:
    assert read(encoding=encoding).accounts == read().accounts


def test_other_formats_are_configuration() -> None:
    accounts = (
        ACCOUNTS.replace("1 234,56", "1.234,56")
        .replace("01.03.2019", "2019-03-01")
        .replace("-1\u00a0234\u00a0", "-1.234.")
    )
    invoices = INVOICES.replace("01.10.2026", "2026-10-01").replace("10.10.2026", "2026-10-10")
    invoices = invoices.replace("01.11.2026", "2026-11-01").replace("10.11.2026", "2026-11-10")
    invoices = invoices.replace("09.11.2026", "2026-11-09")
    assert read(accounts, invoices, grouping=".", dates="%Y-%m-%d").accounts == read().accounts


def test_a_last_row_without_line_end_is_whole_when_a_control_file_vouches_for_it() -> None:
    whole = INVOICES.removesuffix("\r\n")
    assert read(invoices=whole, control="kontrola.csv").invoices == read().invoices


# -- what is refused, and how ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1 234,56", "12,3,4", "konta.csv, row 2, column “Saldo”: found “12,3,4”, expected an amount in PLN"),
        ("1 234,56", "1234,567", "found “1234,567”, expected an amount in PLN such as 1 234,56. Correct it"),
        ("1 234,56", "1 23,56", "found “1 23,56”, expected an amount"),
        ("1 234,56", "1234.56", "found “1234.56”, expected an amount"),
        ("1 234,56", "1,234", "found “1,234”, expected an amount"),
        ("Lokal;M", "Lok\0al;M", "row 1: found “emca;Lok\\x00al;Metr”, expected text in cp1250."),
        ("54,30", "54 m", "column “Metraż”: found “54 m”, expected a number such as 12,5"),
        ("01.03.2019", "2019-03-01", "column “Od”: found “2019-03-01”, expected a date such as 31.12.2026"),
        ("01.03.2019", "31.02.2019", "found “31.02.2019”, expected a date"),
        ("K1;1/2019", ";1/2019", "row 2, column “Id”: found “”, expected a value"),
        ("m. 7", "", "row 2, column “Lokal”: found “”, expected a value"),
        ("K2;2/2020", "K1;2/2020", "“Id”: found “K1”, expected a key that stands in no other row; row 2 has it too"),
        ("2020;N2", "2020;N1", "row 3, column “Id najemcy”: found “N1”, expected the same holder as in row 2"),
        (";dłużnik", "", "row 3: found “8 cells”, expected 9 cells as in the headings. The file is cut off"),
        (";dłużnik", ";dłużnik;", "row 3: found “10 cells”, expected 9 cells"),
        ('"""', '""', "row 2: expected cells parted by “;”, quotes closed"),
        (";Saldo;", ";Saldo zł;", "row 1, column “Saldo”: found “Id Numer Id najemcy"),
        (";Uwagi", ";Saldo", "row 1, column “Saldo”: found “Id Numer"),
        ("Id;Numer;", "Id,Numer,", "this heading in the first row. Export with all headings, or correct `columns`"),
        (ACCOUNTS, "", "konta.csv: found “”, expected headings and rows. Export the file again."),
        ("dłużnik\r\n\r\n", "dłuż", "konta.csv, row 3: found “"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_told_by_place_and_text(old: str, new: str, told: str) -> None:
    assert old in ACCOUNTS
    assert told in problems(ACCOUNTS.replace(old, new, 1))


def test_a_row_without_line_end_is_called_cut_off() -> None:
    told = problems(invoices=INVOICES.removesuffix("34;09.11.2026\r\n"))
    assert "naliczenia.csv, row 3: found “F2;K2;CZ/2;nowe;01.11.2026;10.11.2026;12”, expected a line end" in told
    assert "The file looks cut off" in told


def test_unknown_words_and_accounts_are_told() -> None:
    told = problems(invoices=INVOICES.replace("nowe", "nowa"))
    assert (
        "naliczenia.csv, row 3, column “Stan”: found “nowa”, expected one of “wystawione”, “nowe”, “zapłacone”" in told
    )
    told = problems(invoices=INVOICES.replace("F2;K2", "F2;K9"))
    assert "naliczenia.csv, row 3, column “Konto”: found “K9”, expected a key of konta.csv" in told


def test_what_is_billed_and_paid_is_never_negative() -> None:
    told = problems(invoices=INVOICES.replace("0,50", "-0,50"))
    assert "column “Kwota”: found “-0,50”, expected an amount in PLN such as 1 234,56, zero or more." in told


def test_every_problem_of_a_set_is_told_at_once() -> None:
    told = problems(ACCOUNTS.replace("54,30", "x").replace("01.03.2019", "y"), INVOICES.replace("0,50", "z"))
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        "konta.csv, row 2, column “Metraż”",
        "konta.csv, row 2, column “Od”",
        "naliczenia.csv, row 2, column “Kwota”",
    ]


# -- encodings ---------------------------------------------------------------------------------------------------


def test_a_cp1250_file_is_not_utf_8() -> None:
    told = problems_in("cp1250", "utf-8")
    assert "konta.csv, row 1: found “byte BF”, expected text in utf-8. The file makes sense as cp1250." in told
    assert "Let the program export again, whole and in utf-8, or change `encoding` in the configuration." in told


@pytest.mark.parametrize("actual", ["iso-8859-2", "cp852", "utf-8"])
def test_a_file_in_another_encoding_is_not_read_as_cp1250(actual: str) -> None:
    told = problems_in(actual, "cp1250")
    assert "expected text in cp1250" in told
    assert f"The file makes sense as {actual}." in told


def test_a_cp1250_file_is_not_iso_8859_2() -> None:
    assert "The file makes sense as cp1250." in problems_in("cp1250", "iso-8859-2")


def test_foreign_names_and_usual_signs_are_no_sign_of_a_wrong_encoding() -> None:
    names = "Müller & Söhne „Ogród” – 5°C, §12, Dvořák"
    assert read(ACCOUNTS.replace("Żółć Świętosława", names)).parties[1].name == names


def problems_in(actual: str, configured: str) -> str:
    files = {"konta.csv": ACCOUNTS.encode(actual), "naliczenia.csv": INVOICES.encode(configured)}
    with pytest.raises(DropError) as raised:
        read_bytes(files, encoding=configured)
    (problem,) = raised.value.problems
    return str(problem)


# -- the configuration -------------------------------------------------------------------------------------------


TEXTS = CONFIGURATION["tables"]["accounts"]["texts"]


def table(name: str, **changes: object) -> dict[str, Any]:
    tables = CONFIGURATION["tables"]
    return {**tables, name: {**tables.get(name, {}), **changes}}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"encoding": "cp125o"}, "encoding 'cp125o' is not known"),
        ({"dates": "%d.%m"}, "dates = '%d.%m' does not tell every part of a moment"),
        ({"times": "%d.%m.%Y %H:%M"}, "times = '%d.%m.%Y %H:%M' does not tell every part"),
        ({"grouping": ","}, "decimal ',' also stands in `grouping`"),
        ({"control": "konta.csv"}, "share a file"),
        ({"settle_s": 0}, r"Expected `float` > 0.0 - at `\$.settle_s`"),
        ({"tables": {}}, r"Object missing required field `accounts` - at `\$.tables`"),
        ({"tables": table("accounts", file="../konta.csv")}, "must be a plain file name"),
        ({"tables": table("accounts", columns={"key": "Id"})}, "table accounts: field 'number' is missing in columns"),
        ({"tables": table("accounts", texts=TEXTS | {"licence": "LEASE"})}, "texts.licence: 'LEASE' is none of RENT"),
        ({"tables": table("invoices", texts={"status": "PAID"})}, "'status' stands in columns and in texts"),
        ({"tables": table("invoices", texts={"title": "C", "paid_on": "5"})}, "'paid_on' is no field"),
        ({"tables": table("accounts", texts=TEXTS | {"closed_on": "5"})}, "texts.closed_on: only texts"),
        ({"tables": table("invoices", values={"number": {}})}, "values.number: only fields with a fixed set"),
        ({"tables": table("invoices", values={"status": {"x": "DONE"}})}, "values.status: 'x' means 'DONE'"),
        ({"tables": table("charges", file="o.csv", columns={"name": "N"})}, "'name' is no field; known: key, account"),
    ],
)  # fmt: skip
def test_a_configuration_that_cannot_work_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=told):
        msgspec.convert({**CONFIGURATION, **changes}, FilesConfiguration)


def test_allocations_need_payments() -> None:
    columns = {"payment": "P", "invoice": "I", "amount": "A", "allocated_on": "D"}
    tables = table("allocations", file="r.csv", columns=columns)
    with pytest.raises(msgspec.ValidationError, match="table allocations needs table payments"):
        msgspec.convert({**CONFIGURATION, "tables": tables}, FilesConfiguration)
