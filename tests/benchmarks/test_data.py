"""The data that is measured with is whole, agrees in itself, and is the same each time."""

from datetime import UTC, datetime

from benchmarks import books, data, statements
from ventanilla.backoffice_adapters.ledger.content import content_of

WHEN = datetime(2026, 1, 15, tzinfo=UTC)


def test_every_part_of_the_book_agrees_in_itself() -> None:
    parts = [content_of(data.BOOK, book) for book in books.books(books.SMALL)]
    invoices = sum(len(part["invoice"]) for part in parts)
    size = books.SMALL
    assert invoices == size.ordinary * 12 + size.long * 120 + size.endless
    assert sum(len(part["invoice_line"]) for part in parts) == invoices * 3


def test_everybody_has_what_home_shows() -> None:
    parts = [*books.books(books.SMALL)]
    plans = {plan.account for part in parts for plan in part.payment_plans}
    instalments = [instalment.plan for part in parts for instalment in part.instalments]
    shown = [
        notice
        for part in parts
        for notice in part.notices
        if not notice.accounts and (notice.visible_until is None or notice.visible_until > WHEN)
    ]
    assert len(shown) >= 5
    assert len(books.ordinary_keys(books.SMALL)) == books.SMALL.people
    for key in (*books.ordinary_keys(books.SMALL), *books.long_keys(books.SMALL), books.endless_key()):
        assert key in plans
        assert instalments.count(key) == books.INSTALMENTS


def test_keys_are_short_as_an_office_has_them() -> None:
    parts = [*books.books(books.SMALL)]
    keys = [entry.key for part in parts for entry in (*part.invoices, *part.payments, *part.notices)]
    assert max(map(len, keys)) <= 9


def test_another_size_is_another_version() -> None:
    assert data.version_of(books.SMALL) == data.version_of(books.SMALL)
    assert data.version_of(books.SMALL) != data.version_of(books.FULL)


def test_the_statements_are_those_of_our_own_functions() -> None:
    sql = statements.recorded()
    assert all("$1" in text for text in (sql.who, sql.account, sql.balance, sql.invoices, sql.after, sql.notices))
    assert statements.places(sql.invoices, "parent", "key") == [0, 1]
    assert statements.places(sql.lines, "position") == [1]
    assert "paid_at" not in sql.invoices, "columns that no document selects are not read"
