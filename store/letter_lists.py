"""Letters as those see them who look after them: whose, what became of each, and why. Never what they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.database import Argument, Row, stamp
from ventanilla.backoffice_adapters.records import Record, Slice
from ventanilla.store.letters import LetterKind, LetterState
from ventanilla.store.store import Store


class LetterOrder(ListOrder):
    """How letters are sorted."""

    CREATED_AT_DESC = "CREATED_AT_DESC"
    CREATED_AT_ASC = "CREATED_AT_ASC"


class LetterFilter(Record):
    """Which letters are wanted; None for all."""

    state: LetterState | None = None
    kind: LetterKind | None = None
    recipient: str | None = None
    """The whole address, as letters are posted: stripped and casefolded."""
    batch_id: str | None = None


class ListedLetter(Record):
    """A letter, and what became of it."""

    id: str
    kind: LetterKind
    recipient: str
    state: LetterState
    tries: int
    failure: str | None
    """Why the last try failed, a `Failure` of `mail`."""
    failure_code: str | None
    """What the mail server called it."""
    created_at: datetime
    due_at: datetime
    ended_at: datetime | None
    batch_id: str | None


_COLUMNS: Final = ", ".join(ListedLetter.__struct_fields__)


def position(_order: LetterOrder, letter: ListedLetter) -> Position:
    """Where a letter stands in a list of either order."""
    return Position(value=stamp(letter.created_at), key=letter.id)


async def letters(
    store: Store, manager: str, where: LetterFilter, order: LetterOrder, view: Window
) -> Slice[ListedLetter]:
    """A part of a manager's letters, but for those for nobody; how many there are in all where `view` counts."""
    args: list[Argument] = [manager]
    found = " AND ".join(_conditions(where, args))
    if view.count:
        ((count,),) = await store.rows(f"SELECT COUNT(*) FROM letter WHERE {found}", args)
        return Slice(items=(), more=False, count=count)
    down = order.descending != view.backwards
    if view.start:
        args += [view.start.value, view.start.key]
        found += f" AND (created_at, id) {'<' if down else '>'} (${len(args) - 1}, ${len(args)})"
    args.append(view.limit + 1)
    way = "DESC" if down else "ASC"
    sql = f"SELECT {_COLUMNS} FROM letter WHERE {found} ORDER BY created_at {way}, id {way} LIMIT ${len(args)}"
    rows = await store.rows(sql, args)
    items = [_letter(row) for row in rows[: view.limit]]
    return Slice(items=tuple(reversed(items) if view.backwards else items), more=len(rows) > view.limit)


def _conditions(where: LetterFilter, args: list[Argument]) -> Iterator[str]:
    """What letters have to meet; its arguments are added to `args`."""
    yield "manager = $1"
    yield "NOT for_nobody"
    for name in LetterFilter.__struct_fields__:
        if (wanted := getattr(where, name)) is not None:
            args.append("".join(filter(str.isprintable, str(wanted))))
            yield f"{name} = ${len(args)}"


def _letter(row: Row) -> ListedLetter:
    told: dict[str, Any] = dict(zip(ListedLetter.__struct_fields__, row, strict=True))
    told |= {"kind": LetterKind(told["kind"]), "state": LetterState(told["state"])}
    for name in ("created_at", "due_at", "ended_at"):
        told[name] = datetime.fromisoformat(told[name]) if told[name] else None
    return ListedLetter(**told)
