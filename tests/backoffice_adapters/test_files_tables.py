"""Every table of an export: what is written comes back whole, and what does not fit together is told by its place."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from tests.backoffice_adapters.osiedle import BOOK, MAPPING, setting
from ventanilla.backoffice_adapters.book import Book, CommunityEntry
from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.files.configuration import FilesConfiguration
from ventanilla.backoffice_adapters.files.layout import TABLES
from ventanilla.backoffice_adapters.files.problems import DropError
from ventanilla.backoffice_adapters.files.reading import read_book
from ventanilla.backoffice_adapters.files.rows import rows_of
from ventanilla.backoffice_adapters.files.writing import write_files
from ventanilla.backoffice_adapters.ledger.check import BookError
from ventanilla.backoffice_adapters.records import PartyRole

TABLES_MAPPED = MAPPING["offices"]["czynsze"]["configuration"]["tables"]


@pytest.fixture
def czynsze(tmp_path: Path) -> Setting:
    return setting(tmp_path)


def without(*names: str) -> dict[str, object]:
    return {name: mapping for name, mapping in TABLES_MAPPED.items() if name not in names}


def written(made: Setting, book: Book = BOOK) -> dict[str, bytes]:
    files, back = write_files(book, made.configuration, made)
    assert back == read_book(files, made.configuration, made)
    return files


def changed(made: Setting, file: str, old: str, new: str) -> dict[str, bytes]:
    files = written(made)
    text = files[file].decode("cp1250")
    assert old in text
    return {**files, file: text.replace(old, new, 1).encode("cp1250")}


# -- what is read ------------------------------------------------------------------------------------------------


def test_a_book_of_every_table_comes_back_as_it_was(czynsze: Setting) -> None:
    rows = rows_of(BOOK)
    assert rows.keys() == TABLES.keys() == czynsze.configuration.tables.mapped.keys()
    for name, table in TABLES.items():
        assert {field for row in rows[name] for field in row} == table.by_name.keys()
    assert read_book(written(czynsze), czynsze.configuration, czynsze) == BOOK


def test_every_kind_of_cell_is_written_as_the_program_does(czynsze: Setting) -> None:
    files = {name: content.decode("cp1250") for name, content in written(czynsze).items()}
    assert ";11.2026;czynsz;" in files["skladniki.csv"]
    assert "K-1;e-faktura;tak;06.05.2025;;telefon" in files["zgody.csv"]
    assert "U1;F4" in files["uklady_dokumenty.csv"]
    assert "01.11.2026;;10,5;M.P. poz. 2" in files["odsetki.csv"]
    assert "N3;lokator;K-1;29.02.2020;31.10.2026" in files["role.csv"]
    assert "KF-2;N4;13/2026;Żarówki;49,90;02.11.2026;02.11.2026;do akceptacji;" in files["faktury_kosztowe.csv"]
    assert "L2;M2;31.10.2026;radiowo;przyjęty;2;999,0;0,0" in files["odczyty.csv"]


@pytest.mark.parametrize(("form", "month"), [("%Y-%m", "2026-11"), ("%m/%Y", "11/2026"), ("%d.%m.%Y", "01.11.2026")])
def test_programs_write_months_in_several_ways(tmp_path: Path, form: str, month: str) -> None:
    made = setting(tmp_path, months=form)
    files = written(made)
    assert f";{month};".encode() in files["skladniki.csv"]
    assert read_book(files, made.configuration, made).accruals == BOOK.accruals


def test_a_holder_who_stands_among_the_parties_is_as_those_say(czynsze: Setting) -> None:
    files = changed(czynsze, "osoby.csv", "N3;Gęś Żaneta", "N1;Żaneta Gęś-Nowak")
    files["role.csv"] = files["role.csv"].replace(b"N3;", b"N1;")
    book = read_book(files, czynsze.configuration, czynsze)
    assert [party.name for party in book.parties if party.key == "N1"] == ["Żaneta Gęś-Nowak"]
    told = read_book(written(czynsze, book), czynsze.configuration, czynsze)
    assert told.standings[0].party == "N1"
    assert sorted(told.parties, key=lambda one: one.key) == sorted(book.parties, key=lambda one: one.key)


def test_a_program_that_says_nothing_of_holders_has_mere_holders(tmp_path: Path) -> None:
    accounts = TABLES_MAPPED["accounts"]
    columns = {field: heading for field, heading in accounts["columns"].items() if field != "held_as"}
    values = {field: words for field, words in accounts["values"].items() if field != "held_as"}
    told = {**accounts, "columns": columns, "values": values}
    made = setting(tmp_path, tables={**TABLES_MAPPED, "accounts": told})
    book = read_book(written(setting(tmp_path)), made.configuration, made)
    assert {account.holder_as for account in book.accounts} == {PartyRole.HOLDER}
    with pytest.raises(BookError, match="accounts 'K-1': the mapping does not carry held_as exactly"):
        written(made)


def test_rows_of_one_reading_need_not_stand_together(czynsze: Setting) -> None:
    files = written(czynsze)
    headings, *rows = files["odczyty.csv"].splitlines(keepends=True)
    mixed = {**files, "odczyty.csv": b"".join((headings, rows[1], rows[0], rows[2]))}
    second, first = read_book(mixed, czynsze.configuration, czynsze).meter_readings
    assert (first, second) == BOOK.meter_readings


def test_the_lines_of_a_settlement_are_read_by_position(czynsze: Setting) -> None:
    files = changed(czynsze, "koszty_mediow.csv", "Z1;1;", "Z1;3;")
    (settlement,) = read_book(files, czynsze.configuration, czynsze).utility_settlements
    assert settlement.lines == BOOK.utility_settlements[0].lines[::-1]


def test_a_program_that_tells_no_interest_asks_for_none(tmp_path: Path) -> None:
    columns = {field: heading for field, heading in TABLES_MAPPED["plans"]["columns"].items() if field != "interest"}
    made = setting(tmp_path, tables={**TABLES_MAPPED, "plans": {**TABLES_MAPPED["plans"], "columns": columns}})
    first, second = read_book(written(setting(tmp_path)), made.configuration, made).payment_plans
    assert (first.interest.minor, second.interest.minor, first.interest.currency) == (0, 0, "PLN")
    with pytest.raises(BookError, match="plans 'U1': the mapping does not carry interest exactly"):
        written(made)


# -- what is refused, and how ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("skladniki.csv", "11.2026", "13.2026", "row 2, column “Miesiąc”: found “13.2026”, expected a month such as"),
        ("skladniki.csv", "czynsz;", "najem;", "column “Tytuł”: found “najem”, expected one of “czynsz”, “zaliczka"),
        ("skladniki.csv", "S1;K-1", "S1;K-9", "column “Id konta”: found “K-9”, expected a key of konta.csv"),
        ("skladniki.csv", "670,37", "670.37", "“Kwota”: found “670.37”, expected an amount in PLN"),
        ("zgody.csv", ";tak;", ";ja;", "column “Czynna”: found “ja”, expected one of “tak”, “nie”"),
        ("zgody.csv", "polecenie zapłaty", "e-faktura", "column “Rodzaj zgody”: found “K-1 E_INVOICE”, expected"),
        ("uklady_dokumenty.csv", "F4", "F9", "column “Id naliczenia”: found “F9”, expected a key of naliczenia.csv"),
        ("raty.csv", "R3;U2", "R3;U1", "uklady.csv, row 3, column “Id układu”: found “U2”, expected one row or more"),
        ("raty.csv", "U1;1;", "U1;pierwsza;", "found “pierwsza”, expected a whole number such as 1"),
        ("odsetki.csv", "01.11.2026", "01.01.2025", "row 3, column “Od dnia”: found “2025-01-01”, expected a key that"),
        ("liczniki.csv", ";M1;27", ";M9;27", "column “Id poprzednika”: found “M9”, expected a key of liczniki.csv"),
        ("liczniki.csv", "27.12.2026", "", "row 3, column “Odczyty od”: found “”, expected a value"),
        ("liczydla.csv", "M1;1", "M2;9", "liczniki.csv, row 2, column “Id licznika”: found “M1”, expected one row"),
        ("liczydla.csv", "M2;2", "M2;1", "row 4, column “Liczydło”: found “M2 1”, expected a key that stands in no"),
        ("odczyty.csv", "inkasent;rozliczony;1", "inkasent;rozliczony;2", "“Liczydło”: found “2”, expected a key of"),
        ("odczyty.csv", "przyjęty;2;", "odrzucony;2;", "row 4, column “Id odczytu”: found “L2”, expected the same"),
        ("odczyty.csv", "31.10.2026", "30.10.2026", "expected the same “Data odczytu” as in row 3, which has this key"),
        ("odczyty.csv", "przyjęty;2;", "przyjęty;1;", "row 4, column “Liczydło”: found “L2 1”, expected a key that"),
        ("koszty_mediow.csv", "Z1;2;", "Z1;1;", "row 3, column “Lp.”: found “Z1 1”, expected a key that stands in no"),
        ("konta.csv", "najemca", "lokaj", "row 2, column “Rola”: found “lokaj”, expected one of “najemca”, “właś"),
        ("role.csv", "N4;wyk", "N9;wyk", "row 3, column “Id osoby”: found “N9”, expected a key of osoby.csv"),
        ("faktury_kosztowe.csv", "N4", "N9", "row 2, column “Id osoby”: found “N9”, expected a key of osoby.csv"),
        ("role.csv", "K-1", "K-9", "row 2, column “Id konta”: found “K-9”, expected a key of konta.csv"),
        ("osoby.csv", "N4;", "N3;", "row 3, column “Id osoby”: found “N3”, expected a key that stands in no other row"),
        ("konta.csv", ";D1;", ";D9;", "row 2, column “Nr budynku”: found “D9”, expected a key of budynki.csv"),
        ("budynki.csv", "Łódź;;PL;;", "Łódź;;PL;5;", "row 3, column “Długość geogr.”: found “”, expected a value"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_told_by_place(
    czynsze: Setting, file: str, old: str, new: str, told: str
) -> None:
    with pytest.raises(DropError, match=re.escape(told)):
        read_book(changed(czynsze, file, old, new), czynsze.configuration, czynsze)


def test_a_register_is_looked_for_at_its_own_meter(czynsze: Setting) -> None:
    files = changed(czynsze, "odczyty.csv", "rozliczony;1;", "rozliczony;2;")
    with pytest.raises(DropError) as raised:
        read_book(files, czynsze.configuration, czynsze)
    (problem,) = raised.value.problems
    assert problem.expected == "a key of liczydla.csv that stands there with this “Id licznika”"
    assert problem.where == "odczyty.csv, row 2, column “Liczydło”"


# -- writing -----------------------------------------------------------------------------------------------------


def test_what_no_export_has_a_place_for_is_refused(czynsze: Setting) -> None:
    community = CommunityEntry(key="W1", name="Wspólnota", address=BOOK.buildings[0].address)
    with pytest.raises(BookError, match="no export carries communities; leave them to another office"):
        written(czynsze, msgspec.structs.replace(BOOK, communities=(community,)))
    building = msgspec.structs.replace(BOOK.buildings[0], community="W1")
    with pytest.raises(BookError, match="buildings 'D1': the mapping does not carry community exactly"):
        written(czynsze, msgspec.structs.replace(BOOK, buildings=(building, BOOK.buildings[1])))


def test_a_reading_that_shows_nothing_cannot_be_written(czynsze: Setting) -> None:
    reading = msgspec.structs.replace(BOOK.meter_readings[0], values=())
    with pytest.raises(BookError, match=r"odczyty.csv, row 2, column “Liczydło”: found “”, expected a value"):
        written(czynsze, msgspec.structs.replace(BOOK, meter_readings=(reading, BOOK.meter_readings[1])))


def test_a_plan_without_instalments_cannot_be_written(czynsze: Setting) -> None:
    with pytest.raises(BookError, match=r"uklady.csv, row 3, .*“U2”, expected one row or more .* in raty.csv"):
        written(czynsze, msgspec.structs.replace(BOOK, instalments=BOOK.instalments[:2]))


def test_what_is_not_mapped_is_not_lost_in_silence(tmp_path: Path) -> None:
    made = setting(tmp_path, tables=without("meters", "registers", "readings"))
    with pytest.raises(BookError, match=r"meters 'M1': the mapping does not carry .*number"):
        written(made)
    assert not read_book(written(setting(tmp_path)), made.configuration, made).meters


# -- the configuration -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("registers", "table meters needs table registers; table readings needs table registers"),
        ("meters", "table registers needs table meters; table readings needs table meters"),
        ("instalments", "table plans needs table instalments"),
        ("plans", "table plan_invoices needs table plans; table instalments needs table plans"),
        ("settlement_lines", "table settlements needs table settlement_lines"),
        ("buildings", "table accounts needs table buildings"),
        ("parties", "table standings needs table parties; table supplier_invoices needs table parties"),
    ],
)
def test_tables_that_hang_together_are_mapped_together(missing: str, told: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=f"{told}$"):
        msgspec.convert(
            MAPPING["offices"]["czynsze"]["configuration"] | {"tables": without(missing)}, FilesConfiguration
        )


def test_what_is_so_or_not_so_has_words() -> None:
    enrolments = TABLES_MAPPED["enrolments"]
    wrong = {**enrolments, "values": {**enrolments["values"], "active": {"tak": "true"}}}
    with pytest.raises(msgspec.ValidationError, match=r"values\.active: 'tak' means 'true', which is none of YES, NO"):
        msgspec.convert(
            MAPPING["offices"]["czynsze"]["configuration"] | {"tables": {**TABLES_MAPPED, "enrolments": wrong}},
            FilesConfiguration,
        )


@pytest.mark.parametrize("form", ["%m", "%Y", "listopad"])
def test_months_need_their_year(form: str) -> None:
    raw = MAPPING["offices"]["czynsze"]["configuration"] | {"months": form}
    with pytest.raises(msgspec.ValidationError, match=r"months = .* does not tell every part"):
        msgspec.convert(raw, FilesConfiguration)
