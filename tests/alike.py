"""Telling whether two ways are alike from outside: the statements that they run, and the time that they take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from ventanilla.backoffice_adapters.database import Argument, Row
from ventanilla.store.store import Store


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The text of every statement that the store runs meanwhile, in order."""
    seen: list[str] = []
    engine = store._engine.sync_engine
    rows = store._database.rows

    def ran(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    async def read(sql: str, args: Sequence[Argument] = ()) -> list[Row]:
        seen.append(sql)
        return await rows(sql, args)

    event.listen(engine, "before_cursor_execute", ran)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store._database, "rows", read)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", ran)


def auc(first: Sequence[float], second: Sequence[float]) -> float:
    """How often a time of `first` is longer than one of `second`: one half where nobody could tell them apart."""
    wins = sum((a > b) + (a == b) / 2 for a in first for b in second)
    return wins / (len(first) * len(second))
