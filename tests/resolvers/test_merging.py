"""One list out of several offices': whatever the page and the direction, what is walked is the sorted whole."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from ventanilla.backoffice_adapters.contract import NoticeOrder, Position, Window
from ventanilla.backoffice_adapters.records import Notice, NoticeScope, Origin, Slice
from ventanilla.resolvers.merging import merged, position, window_at

START = datetime(2026, 11, 1, tzinfo=UTC)
OFFICES = ("agua", "alquiler", "consorcio")


def notice(office: str, key: str, moment: int) -> Notice:
    """A notice of `moment` microseconds after the start."""
    return Notice(
        key=key,
        origin=Origin(source=office, as_of=START),
        title=key,
        body="",
        scope=NoticeScope.MANAGER,
        published_from=START + timedelta(microseconds=moment),
    )


def notices(office: str) -> st.SearchStrategy[list[Notice]]:
    """Few moments, one beside the other, and keys that other offices have too: ties of every kind."""
    rows = st.tuples(st.sampled_from(["1", "10", "2", "a:b", "ż"]), st.integers(0, 3))
    return st.lists(rows, max_size=5, unique_by=lambda row: row[0]).map(
        lambda found: [notice(office, key, moment) for key, moment in found]
    )


BOOKS = st.tuples(*(notices(office) for office in OFFICES))


class Office:
    """An office as the contract has it: it knows moments and keys, and answers no more rows at once than `most`."""

    def __init__(self, rows: Sequence[Notice], most: int) -> None:
        self._rows = sorted(rows, key=self._place)
        self._most = most

    @staticmethod
    def _place(row: Notice) -> tuple[datetime, str]:
        return row.published_from, row.key

    def part(self, order: NoticeOrder, view: Window) -> Slice[Notice]:
        low, high = 0, len(self._rows)
        upwards = order.descending == view.backwards
        if view.start:
            start = (datetime.fromisoformat(view.start.value), view.start.key)
            if upwards:
                low = bisect_right(self._rows, start, key=self._place)
            else:
                high = bisect_left(self._rows, start, key=self._place)
        rows = self._rows[low:high]
        size = min(view.limit, self._most)
        chosen = rows[:size] if upwards else rows[max(0, len(rows) - size) :]
        items = tuple(reversed(chosen)) if order.descending else tuple(chosen)
        return Slice(items=items, more=len(chosen) < len(rows), count=len(self._rows) if view.count else None)


def whole(books: Sequence[Sequence[Notice]], order: NoticeOrder) -> list[Notice]:
    """All rows, sorted by moment, office and key."""
    rows = [row for book in books for row in book]
    return sorted(rows, key=lambda row: (row.published_from, row.origin.source, row.key), reverse=order.descending)


def asked(offices: dict[str, Office], order: NoticeOrder, view: Window) -> Slice[Notice]:
    return merged([office.part(order, window_at(name, view)) for name, office in offices.items()], order, view)


def walk(offices: dict[str, Office], order: NoticeOrder, limit: int, *, backwards: bool) -> list[Notice]:
    """Read everything, page by page, each beginning where the one before ended."""
    found: list[Notice] = []
    start: Position | None = None
    while True:
        part = asked(offices, order, Window(limit=limit, start=start, backwards=backwards))
        assert len(part.items) <= limit
        found = [*part.items, *found] if backwards else [*found, *part.items]
        if not part.more:
            return found
        assert part.items, "more, and no row to go on from"
        start = position(order, part.items[0 if backwards else -1])


@given(BOOKS, st.sampled_from(NoticeOrder), st.integers(1, 16), st.booleans(), st.integers(1, 16))
@example(
    ([notice("agua", "1", 1)], [notice("alquiler", "1", 1)], [notice("consorcio", "1", 0)]),
    NoticeOrder.PUBLISHED_FROM_DESC,
    1,
    False,
    1,
)
def test_pages_of_any_size_in_any_direction_are_the_sorted_whole(
    books: tuple[list[Notice], ...], order: NoticeOrder, limit: int, backwards: bool, most: int
) -> None:
    offices = {name: Office(book, most) for name, book in zip(OFFICES, books, strict=True)}
    assert walk(offices, order, limit, backwards=backwards) == whole(books, order)


@given(BOOKS, st.sampled_from(NoticeOrder), st.data())
def test_from_any_row_on_come_the_rows_beyond_it(
    books: tuple[list[Notice], ...], order: NoticeOrder, data: st.DataObject
) -> None:
    rows = whole(books, order)
    if not rows:
        return
    offices = {name: Office(book, 100) for name, book in zip(OFFICES, books, strict=True)}
    place = data.draw(st.integers(0, len(rows) - 1))
    start = position(order, rows[place])
    assert asked(offices, order, Window(limit=100, start=start)).items == tuple(rows[place + 1 :])
    assert asked(offices, order, Window(limit=100, start=start, backwards=True)).items == tuple(rows[:place])


@given(BOOKS)
def test_counts_add_up(books: tuple[list[Notice], ...]) -> None:
    order = NoticeOrder.PUBLISHED_FROM_ASC
    offices = {name: Office(book, 100) for name, book in zip(OFFICES, books, strict=True)}
    assert asked(offices, order, Window(limit=1, count=True)).count == sum(map(len, books))
    assert asked(offices, order, Window(limit=1)).count is None


def test_nothing_merged_is_an_empty_list() -> None:
    empty = merged([], NoticeOrder.PUBLISHED_FROM_DESC, Window(limit=5, count=True))
    assert empty == Slice(items=(), more=False, count=0)
