"""Pages of an account's documents: filters and keyset windows as SQL, one statement for any number of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from ventanilla.backoffice_adapters.contract import (
    ChargeFilter,
    ChargeOrder,
    DateSpan,
    Fault,
    FaultCode,
    InvoiceFilter,
    InvoiceOrder,
    InvoiceStatusFilter,
    OfficeError,
    PaymentFilter,
    PaymentOrder,
    Position,
    Window,
)
from ventanilla.backoffice_adapters.database import Argument, Row, stamp
from ventanilla.backoffice_adapters.ledger.check import keepable
from ventanilla.backoffice_adapters.ledger.kinds import Kind
from ventanilla.backoffice_adapters.records import Slice

R = TypeVar("R")
Order = InvoiceOrder | ChargeOrder | PaymentOrder
Condition = tuple[str, Sequence[Argument]]
"""SQL with ``{}`` for each of its arguments, and the arguments."""
Statement = tuple[str, list[Argument]]

_OVERDUE = "status IN ('ISSUED', 'PARTIALLY_PAID') AND kind <> 'CREDIT_NOTE' AND due_on < {}"
_STORED = {InvoiceStatusFilter.OPEN: "ISSUED"}


# -- filters -----------------------------------------------------------------------------------------------------


def invoice_conditions(where: InvoiceFilter, today: date) -> list[Condition]:
    """Which invoices."""
    conditions = [*_within("issued_on", where.issued), *_within("due_on", where.due)]
    if where.statuses:
        conditions.append(_invoice_states(where.statuses, today))
    if where.number is not None:
        conditions.append(("number = {}", [where.number]) if keepable(where.number) else ("1 = 0", []))
    return conditions


def _invoice_states(statuses: Sequence[InvoiceStatusFilter], today: date) -> Condition:
    stored = [_STORED.get(status, status.value) for status in statuses if status is not InvoiceStatusFilter.OVERDUE]
    if InvoiceStatusFilter.OVERDUE not in statuses:
        return "status IN {}[]", [stored]
    return f"(status IN {{}}[] OR {_OVERDUE})", [stored, today.isoformat()]


def charge_conditions(where: ChargeFilter) -> list[Condition]:
    """Which charges."""
    return [*_within("charged_on", where.charged), *_states(where.statuses)]


def payment_conditions(where: PaymentFilter, zone: ZoneInfo) -> list[Condition]:
    """Which payments; `paid` is counted in days of `zone`."""
    since = where.paid.since and _midnight(where.paid.since, 0, zone)
    before = where.paid.until and _midnight(where.paid.until, 1, zone)
    conditions: list[Condition] = [("paid_at >= {}", [since])] if since else []
    return [*conditions, *([("paid_at < {}", [before])] if before else []), *_states(where.statuses)]


def _states(statuses: Iterable[str]) -> list[Condition]:
    stored = [str(status) for status in statuses]
    return [("status IN {}[]", [stored])] if stored else []


def _within(column: str, span: DateSpan) -> list[Condition]:
    since: list[Condition] = [(f"{column} >= {{}}", [span.since.isoformat()])] if span.since else []
    return [*since, *([(f"{column} <= {{}}", [span.until.isoformat()])] if span.until else [])]


def _midnight(day: date, later: int, zone: ZoneInfo) -> str | None:
    """The first moment of the day `later` days after `day`; None beyond the ends of the calendar."""
    try:
        return stamp(datetime.combine(day + timedelta(days=later), time.min, zone).astimezone(UTC))
    except OverflowError:
        return None


# -- statements --------------------------------------------------------------------------------------------------


class Selection:
    """The accounts whose documents are wanted, and the conditions on them: the part that pages and counts share."""

    def __init__(self, kind: Kind[Any], book: str, accounts: Sequence[str], conditions: Iterable[Condition]) -> None:
        self._kind = kind
        self._single = len(accounts) == 1
        self._accounts = "= $2" if self._single else "IN $2[]"
        self._args: list[Argument] = [book, accounts[0] if self._single else accounts]
        self._where = ["book = $1", f"account_key {self._accounts}", kind.listed]
        for condition in conditions:
            self._require(condition)

    def counts(self) -> Statement:
        """Account → how many of its documents match; accounts without any are left out."""
        where = " AND ".join(self._where)
        sql = f"SELECT account_key, COUNT(*) FROM {self._kind.table} WHERE {where} GROUP BY account_key"
        return sql, list(self._args)

    def page(self, order: Order, window: Window) -> Statement:
        """The rows of the window in the order they are read, one more than its limit; besides, a row of nulls for
        each account that is known."""
        field, direction = order.field, "DESC" if order.descending != window.backwards else "ASC"
        if window.start:
            value, key = _start(order, window.start)
            self._require((f"({field}, key) {'<' if direction == 'DESC' else '>'} ({{}}, {{}})", [value, key]))
        self._args.append(window.limit + 1)
        sorting = f"{field} {direction}, key {direction}"
        nothing = ", ".join("NULL" for _ in self._kind.columns)
        # A union, because SQLite would search the whole page again for every account that it is joined to.
        sql = (
            f"SELECT * FROM ({self._documents(sorting)}) documents UNION ALL"
            f" SELECT key, {nothing} FROM account WHERE book = $1 AND key {self._accounts} ORDER BY {sorting}"
        )
        return sql, self._args

    def _documents(self, sorting: str) -> str:
        columns, where, limit = ", ".join(self._kind.columns), " AND ".join(self._where), f"${len(self._args)}"
        named, source = f"account_key AS parent, {columns}", f"{self._kind.table} WHERE {where}"
        if self._single:
            return f"SELECT {named} FROM {source} ORDER BY {sorting} LIMIT {limit}"
        place = f"ROW_NUMBER() OVER (PARTITION BY account_key ORDER BY {sorting}) AS place"
        return f"SELECT {named} FROM (SELECT {columns}, {place} FROM {source}) ranked WHERE place <= {limit}"

    def _require(self, condition: Condition) -> None:
        text, values = condition
        first = len(self._args) + 1
        self._args.extend(values)
        self._where.append(text.format(*(f"${first + offset}" for offset in range(len(values)))))


def _start(order: Order, start: Position) -> tuple[str, str]:
    try:
        if not keepable(start.key):
            raise ValueError(start.key)
        if isinstance(order, PaymentOrder):
            return stamp(datetime.fromisoformat(start.value)), start.key
        return date.fromisoformat(start.value).isoformat(), start.key
    except ValueError as error:
        detail = f"no position in a list by {order.field}: {start.value!r}, {start.key!r}"
        raise OfficeError(Fault(code=FaultCode.INVALID, detail=detail)) from error


def slice_of(rows: Sequence[Row], make: Callable[[Row], R], window: Window, count: int | None) -> Slice[R]:
    """The rows of one account, as `Selection.page` reads them, in the list's own order."""
    items = [make(row) for row in rows[: window.limit]]
    if window.backwards:
        items.reverse()
    return Slice(items=tuple(items), more=len(rows) > window.limit, count=count)
