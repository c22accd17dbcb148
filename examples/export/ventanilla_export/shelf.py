"""A SQLite database of what was exported, and how far: rows and cursor change in one transaction, or not at all.

Whoever is killed, at any moment, finds the rows of the last page that was kept and the cursor that belongs to them.
That holds of a database that is kept up to date, and of the work file that a CSV or Parquet file is made of.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ventanilla_export.nouns import Noun, Table
from ventanilla_export.portal import Page
from ventanilla_export.statements import (
    create,
    delete_parts,
    delete_parts_of,
    insert_parts,
    select_sorted,
    upsert,
)
from ventanilla_export.troubles import RefusedError

_APPLICATION = 0x56_45_4E_54
"""Marks a database as one of ours ("VENT")."""
_BUSY = "{path} is being written by another process: wait until that is done"
_FOREIGN = "{path} is no database of this program. Name another file"
_UNUSABLE = "{path} cannot be used: {error}"
_STATE = """
create table if not exists export_state (
    noun text primary key,
    origin text not null,
    cursor text,
    round integer not null,
    reconciling integer not null,
    read_at text
);
create table if not exists removed (
    noun text not null,
    id text not null,
    removed_at text not null,
    primary key (noun, id)
);
"""


@dataclass(frozen=True)
class Origin:
    """What an export is of; one that was begun otherwise is not gone on with."""

    url: str
    where: Mapping[str, Any]
    """The filter, as GraphQL takes it."""
    offices: list[str]
    """The back offices that alone are asked, if any are named."""
    since: str | None
    """The cursor that it began at."""
    document: str
    """The GraphQL document: what is asked of each node."""


@dataclass(frozen=True)
class State:
    """How far a noun was read."""

    cursor: str | None
    """Where to go on; None at the beginning."""
    round: int
    """How often it was begun from the beginning; rows know the round in which they were told last."""
    reconciling: bool
    """Whether rows of earlier rounds are still there, to be removed at the end unless they are told again."""


class Shelf:
    """The database; use it in a ``with``, by one process at a time."""

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        """`alone`: keep everybody else out while it is open, also who only reads."""
        self.path = path
        self._alone = alone
        self._db = sqlite3.connect(path, isolation_level=None, timeout=1 if alone else 30)
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise self._refusal(error) from error
        except RefusedError:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def _prepare(self) -> None:
        if self._alone:
            self._db.execute("pragma locking_mode = exclusive")
        self._db.execute("pragma synchronous = full")
        with self._transaction():
            self._check_ours()
            self._db.execute(f"pragma application_id = {_APPLICATION}")
            for statement in _STATE.split(";")[:-1]:
                self._db.execute(statement)

    def _check_ours(self) -> None:
        (mark,) = self._db.execute("pragma application_id").fetchone()
        (tables,) = self._db.execute("select count(*) from sqlite_master").fetchone()
        if mark != _APPLICATION and tables:
            raise RefusedError(_FOREIGN.format(path=self.path))

    @contextmanager
    def _transaction(self) -> Generator[None]:
        try:
            self._db.execute("begin immediate")
        except sqlite3.DatabaseError as error:
            raise self._refusal(error) from error
        try:
            yield
            self._db.execute("commit")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise

    def _refusal(self, error: sqlite3.DatabaseError) -> RefusedError:
        """What it means that SQLite cannot begin."""
        text = {sqlite3.SQLITE_BUSY: _BUSY, sqlite3.SQLITE_NOTADB: _FOREIGN}.get(error.sqlite_errorcode, _UNUSABLE)
        return RefusedError(text.format(path=self.path, error=error))

    # -- what is kept of a noun ------------------------------------------------------------------------------------

    def begin(self, noun: Noun, origin: Origin) -> State:
        """Make a noun's tables if need be, and tell how far it is; `RefusedError` if it was begun otherwise."""
        written = json.dumps(asdict(origin), sort_keys=True)
        beginning = (noun.name, written, origin.since)
        with self._transaction():
            for table in noun.tables:
                self._db.execute(create(table))
            self._db.execute("insert or ignore into export_state values (?, ?, ?, 1, 0, null)", beginning)
            (known,) = self._db.execute("select origin from export_state where noun = ?", (noun.name,)).fetchone()
            if known != written:
                if self.state(noun).cursor != json.loads(known)["since"]:
                    raise RefusedError(self._begun_otherwise(json.loads(known), asdict(origin)))
                # Nothing was kept of it: the portal refused the first page, and the call was mended since.
                self._db.execute("insert or replace into export_state values (?, ?, ?, 1, 0, null)", beginning)
        return self.state(noun)

    def _begun_otherwise(self, known: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
        named = {
            "url": "--url",
            "where": "--filter",
            "offices": "--office",
            "since": "--since",
            "document": "set of columns (--without-parts)",
        }
        other = ", ".join(named[key] for key in named if known[key] != asked[key])
        anew = ", or begin anew with --fresh" if self._alone else ""
        return f"{self.path} was begun with another {other}. Repeat that, or name another file{anew}"

    def state(self, noun: Noun) -> State:
        """How far a noun that was begun is."""
        found = self._db.execute(
            "select cursor, round, reconciling from export_state where noun = ?", (noun.name,)
        ).fetchone()
        return State(cursor=found[0], round=found[1], reconciling=bool(found[2]))

    def keep(self, noun: Noun, page: Page, before: State, *, anew: bool = False) -> State:
        """Put a page that was asked for in the state `before`, and its cursor, in one transaction.

        `anew`: the page is the first one from the beginning, though there are rows. They stay until all was told
        again; what was not told again then is removed with the last page.
        """
        after = State(page.cursor, before.round + anew, before.reconciling or anew)
        with self._transaction():
            if self.state(noun) != before:
                raise RefusedError(_BUSY.format(path=self.path))
            self._put(noun, page, after.round)
            self._remove(noun, [(one,) for one in page.removed])
            if not page.more and after.reconciling:
                self._remove_left_over(noun, after.round)
                after = State(after.cursor, after.round, reconciling=False)
            self._db.execute(
                "update export_state set cursor = ?, round = ?, reconciling = ?, read_at = ? where noun = ?",
                (after.cursor, after.round, after.reconciling, None if page.more else _now(), noun.name),
            )
        return after

    def _put(self, noun: Noun, page: Page, round_number: int) -> None:
        ids = [(node["id"],) for node in page.nodes]
        rows = ([round_number, *row] for node in page.nodes for row in noun.nodes.rows(node))
        self._db.executemany(upsert(noun.nodes), rows)
        for part in noun.parts:
            self._db.executemany(delete_parts(part), ids)
            self._db.executemany(insert_parts(part), (row for node in page.nodes for row in part.rows(node)))
        self._db.executemany("delete from removed where noun = ? and id = ?", ((noun.name, one) for (one,) in ids))

    def _remove_left_over(self, noun: Noun, round_number: int) -> None:
        """Delete what was told in earlier rounds only, and note it."""
        left = f'from "{noun.nodes.name}" where told_in_round < ?'
        noted = f"insert or replace into removed select ?, id, ? {left}"
        self._db.execute(noted, (noun.name, _now(), round_number))
        for part in noun.parts:
            self._db.execute(delete_parts_of(part, f"select id {left}"), (round_number,))
        self._db.execute(f"delete {left}", (round_number,))

    def _remove(self, noun: Noun, ids: list[tuple[str]]) -> None:
        self._db.executemany(f'delete from "{noun.nodes.name}" where id = ?', ids)
        for part in noun.parts:
            self._db.executemany(delete_parts(part), ids)
        now = _now()
        self._db.executemany(
            "insert or replace into removed values (?, ?, ?)", ((noun.name, one, now) for (one,) in ids)
        )

    # -- reading it again --------------------------------------------------------------------------------------------

    def count(self, table: Table) -> int:
        """How many rows there are."""
        return self._db.execute(f'select count(*) from "{table.name}"').fetchone()[0]

    def rows(self, noun: Noun, table: Table) -> Iterator[tuple[Any, ...]]:
        """The rows of one of a noun's tables, in the order of files, a few in memory at a time."""
        yield from self._db.execute(select_sorted(noun, table))

    def removed(self, noun: Noun) -> Iterator[tuple[str]]:
        """The ids of what is no longer there, sorted."""
        yield from self._db.execute("select id from removed where noun = ? order by id", (noun.name,))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
