"""Notices, and who may see them.

A notice's audience is kept as scopes: an account, a building, a community or everybody, each for one role or for any
(an empty text). An account sees what stands under its own scopes, so no notice is read that is for somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ventanilla.backoffice_adapters.contract import NoticeOrder, Window
from ventanilla.backoffice_adapters.database import Argument, Row, stamp
from ventanilla.backoffice_adapters.ledger.check import well_formed
from ventanilla.backoffice_adapters.ledger.conditions import Condition
from ventanilla.backoffice_adapters.ledger.kinds.base import moment
from ventanilla.backoffice_adapters.ledger.kinds.made import moment_of
from ventanilla.backoffice_adapters.ledger.pages import after, sorted_by, worded
from ventanilla.backoffice_adapters.records import Notice, NoticeScope, Origin, Reader

_COLUMNS = "key, title, body, community_name, published_from, visible_until"
# A cross join, because SQLite keeps its order: it would read the whole audience of the book first.
_SEEN = """WITH place AS (
        SELECT a.key AS account, u.building_key AS building, b.community_key AS community FROM account a
        LEFT JOIN unit u ON u.book = a.book AND u.key = a.unit_key
        LEFT JOIN building b ON b.book = u.book AND b.key = u.building_key
        WHERE a.book = $1 AND a.key IN $2[]
    ), scope AS (
        SELECT account, 'ACCOUNT' AS kind, account AS key FROM place
        UNION ALL SELECT account, 'BUILDING', building FROM place WHERE building IS NOT NULL
        UNION ALL SELECT account, 'COMMUNITY', community FROM place WHERE community IS NOT NULL
        UNION ALL SELECT '', 'EVERYBODY', ''
    ), seen AS (
        SELECT s.account, m.role, n.key, n.title, n.body, c.name AS community_name, n.published_from, n.visible_until
        FROM scope s
        CROSS JOIN notice_audience m
        JOIN notice n ON n.book = m.book AND n.key = m.notice_key
        LEFT JOIN community c ON c.book = n.book AND c.key = n.community_key
        WHERE m.book = $1 AND m.scope = s.kind AND m.scope_key = s.key
    )"""
"""Account and role → the notices for them; besides, under no account, what asks for no account that is known here."""

Part = tuple[str, str]
"""An account and a role, as `_SEEN` groups by; empty texts for any account, and for any role."""


def _open(now: datetime) -> Condition:
    instant = stamp(now)
    return "published_from <= {} AND (visible_until IS NULL OR visible_until > {})", [instant, instant]


def page(
    book: str, accounts: Sequence[str], now: datetime, order: NoticeOrder, window: Window
) -> tuple[str, list[Argument]]:
    """The first rows of each account and role in the order they are read, one more than the window's limit."""
    args: list[Argument] = [book, accounts]
    where = [worded(condition, args) for condition in (_open(now), *after(order, window, moment))]
    args.append(window.limit + 1)
    sorting = sorted_by(order, window)
    place = f"ROW_NUMBER() OVER (PARTITION BY account, role ORDER BY {sorting}) AS place"
    sql = (
        f"{_SEEN} SELECT account, role, {_COLUMNS} FROM (SELECT account, role, {_COLUMNS}, {place} FROM seen"
        f" WHERE {' AND '.join(where)}) ranked WHERE place <= ${len(args)} ORDER BY {sorting}"
    )
    return sql, args


def counts(book: str, accounts: Sequence[str], now: datetime) -> tuple[str, list[Argument]]:
    """Account, role and key of every notice that may be seen."""
    args: list[Argument] = [book, accounts]
    return f"{_SEEN} SELECT account, role, key FROM seen WHERE {worded(_open(now), args)}", args


def by_key(book: str, accounts: Sequence[str], now: datetime, keys: Sequence[str]) -> tuple[str, list[Argument]]:
    """Of the notices with these keys those that may be seen, once for each account and role."""
    args: list[Argument] = [book, accounts]
    where = [worded(condition, args) for condition in (("key IN {}[]", [keys]), _open(now))]
    return f"{_SEEN} SELECT account, role, {_COLUMNS} FROM seen WHERE {' AND '.join(where)}", args


def by_part(rows: Iterable[Row]) -> dict[Part, list[Row]]:
    """Rows by account and role, in their order."""
    parts: dict[Part, list[Row]] = {}
    for row in rows:
        parts.setdefault((row[0], row[1]), []).append(row)
    return parts


def parts_of(source: str, reader: Reader) -> list[Part]:
    """The parts that are for a reader by their accounts, at home at `source` or not; none for a reader without any."""
    mine: set[Part] = set()
    for standing in reader.standings:
        ref = standing.account
        known = {ref.key} if ref.office == source and well_formed(ref.key) else set[str]()
        mine |= {(account, role) for account in ("", *known) for role in ("", standing.role.value)}
    return [*mine]


def accounts_of(parts: Iterable[Part]) -> list[str]:
    """The accounts that parts name, each once."""
    return list({account: None for account, _ in parts if account})


def counted(parts: Mapping[Part, list[Row]], mine: Iterable[Part]) -> int:
    """How many notices the rows of a reader's parts tell of."""
    return len({row[2] for part in mine for row in parts.get(part, ())})


def merged(parts: Mapping[Part, list[Row]], mine: Iterable[Part], order: NoticeOrder, window: Window) -> list[Row]:
    """The rows of a reader's parts, each notice once, in the order they are read."""
    rows = {row[2]: row for part in mine for row in parts.get(part, ())}
    reverse = order.descending != window.backwards
    return sorted(rows.values(), key=lambda row: (row[6], row[2]), reverse=reverse)


def notice(row: Row, origin: Origin) -> Notice:
    """A notice."""
    _, _, key, title, body, community, published, until = row
    return Notice(
        key=key,
        origin=origin,
        title=title,
        body=body,
        scope=NoticeScope.MANAGER if community is None else NoticeScope.COMMUNITY,
        community_name=community,
        published_from=datetime.fromisoformat(published),
        visible_until=moment_of(until),
    )
