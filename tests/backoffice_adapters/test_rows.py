"""Rows of the ledger: they are the list of records that they stand for, and their shape says what it can prove."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from operator import attrgetter, lt
from typing import Any

import pytest

from ventanilla.backoffice_adapters.ledger.kinds.invoice import INVOICES, LINES
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import UNREAD, Invoice, Origin, Rows, UnreadError, column_of

ORIGIN = Origin(source="agua", as_of=datetime(2026, 11, 15, tzinfo=UTC))
COLUMNS: dict[str, Any] = {
    "key": "i1", "account_key": "a1", "number": "N-1", "kind": "INVOICE", "status": "ISSUED", "title": "Agua",
    "issued_on": "2026-10-01", "due_on": "2026-10-15", "later_due_on": None, "later_minor": None, "total_minor": 1234,
    "currency": "ARS", "paid_minor": 200, "period_from": None, "period_to": "2026-09-30", "paid_at": None,
    "reference_scheme": None, "reference_value": None, "reference_url": None,
}  # fmt: skip


def rows_of(wanted: frozenset[str] | None, *changes: dict[str, Any]) -> Rows[Invoice]:
    reader = INVOICES.reader(wanted)
    rows = [("a1", *({**COLUMNS, **change}[column] for column in reader.columns)) for change in changes]
    return Rows(reader, rows, ORIGIN, "2026-11-15")


def test_they_are_what_they_stand_for() -> None:
    rows = rows_of(None, {}, {"key": "i2", "status": "PAID"})
    first, second = rows
    assert (first.key, first.total, first.open, first.period_to) == (
        "i1", Money(1234, "ARS"), Money(1034, "ARS"), date(2026, 9, 30),
    )  # fmt: skip
    assert second.open == Money(0, "ARS")
    assert rows == (first, second) == rows
    assert [first, second] == rows
    assert rows != (first,)
    assert hash(rows) == hash((first, second))
    assert (len(rows), rows[-1], list(rows[:1]), bool(rows[:0])) == (2, second, [first], False)
    assert "i1" in repr(rows)


def test_one_is_made_without_the_others() -> None:
    rows = rows_of(None, {}, {"status": "no such state"})
    assert rows[0].key == "i1"
    with pytest.raises(KeyError):
        list(rows)


def test_columns_need_no_records() -> None:
    rows = rows_of(None, {"kind": "no such kind"}, {"key": "i2"})
    assert rows.column("key") == column_of(rows, "key") == ["i1", "i2"]
    assert column_of([rows[1]], "total") == [Money(1234, "ARS")]


def test_only_lists_that_were_read_alike_are_joined() -> None:
    one, other = rows_of(None, {}), rows_of(None, {"key": "i2"})
    joined = Rows.joined([one, other])
    assert joined is not None
    assert joined == (*one, *other)
    assert Rows.joined([one, rows_of(frozenset({"title"}), {})]) is None
    elsewhere = Rows(one.shape, one.rows, Origin(source="gas", as_of=ORIGIN.as_of), one.today)
    assert Rows.joined([one, elsewhere]) is None


def test_what_is_not_wanted_is_not_selected() -> None:
    reader = INVOICES.reader(frozenset({"title", "total"}))
    assert reader.columns == ("key", "account_key", "title", "total_minor", "currency")
    (invoice,) = rows_of(frozenset({"title", "total"}), {})
    assert (invoice.title, invoice.total) == ("Agua", Money(1234, "ARS"))
    assert invoice.number is UNREAD
    with pytest.raises(UnreadError):
        assert invoice.number


def test_an_attribute_may_take_less_than_its_field() -> None:
    reader = INVOICES.reader(frozenset({"due_on"}))
    assert set(reader.columns) == {"key", "account_key", "due_on"}
    (invoice,) = rows_of(frozenset({"due_on"}), {})
    assert invoice.due_on == date(2026, 10, 15)
    (whole,) = rows_of(frozenset({"due_on", "due_dates"}), {"later_due_on": "2026-10-30", "later_minor": 1300})
    assert [due.amount.minor for due in whole.due_dates] == [1234, 1300]


def test_who_asks_for_what_nobody_knows_gets_all() -> None:
    assert INVOICES.reader(frozenset({"title", "unheard_of"})).columns == INVOICES.reader(None).columns


def test_a_shape_proves_what_the_tables_declare() -> None:
    shape = INVOICES.reader(None)
    place = {column: f"row[{number}]" for number, column in enumerate(shape.columns, start=1)}
    assert shape.leaf("number") == (place["number"], "str")
    assert shape.leaf("due_on") == (place["due_on"], "iso")
    assert shape.leaf("period_to") == (place["period_to"], "iso?")
    assert shape.leaf("total.currency") == (place["currency"], "str")
    assert shape.leaf("status") is None
    assert shape.leaf("official_reference") is None
    assert shape.code("due_on") is None
    assert LINES.kind.reader(None).leaf("quantity") == ("row[5]", "str?")
    assert LINES.kind.reader(None).leaf("position") is None


@pytest.mark.parametrize("use", [str, bool, hash, len, iter, partial(lt, 1), [1].count, attrgetter("minor")])
def test_what_was_left_out_never_passes_for_a_value(use: Any) -> None:
    with pytest.raises(UnreadError):
        use(UNREAD)
