"""Letters to post in tests, and their rows as they stand."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from ventanilla.store.letters import LetterKind, NewLetter, post
from ventanilla.store.store import Store
from ventanilla.store.tables import LetterRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def letter(number: int = 1, **changes: Any) -> NewLetter:
    """A letter to ``r1@example.com``, ``r2@example.com`` and so on."""
    settings: dict[str, Any] = {
        "kind": LetterKind.PASSWORD_CHANGED,
        "recipient": f"r{number}@example.com",
        "language": "pl",
        "host": "sur.example",
        "secure": True,
    }
    return NewLetter(**{**settings, **changes})


async def posted(store: Store, count: int = 1, at: datetime = NOW, slug: str = "sur", **changes: Any) -> list[str]:
    """The ids of letters that are posted in one unit of work."""
    async with store.work(slug) as work:
        return [await post(work, letter(number, **changes), at) for number in range(1, count + 1)]


async def rows(store: Store, slug: str = "sur") -> list[LetterRow]:
    """Every letter of the manager, in the order of their recipients."""
    async with store.work(slug) as work:
        found = (await work.exec(select(LetterRow))).all()
    return sorted(found, key=lambda row: (len(row.recipient), row.recipient))


async def states(store: Store, slug: str = "sur") -> list[str]:
    """The state of every letter of the manager."""
    return [row.state for row in await rows(store, slug)]


async def row_of(store: Store, letter_id: str, slug: str = "sur") -> LetterRow:
    """One letter as it stands."""
    async with store.work(slug) as work:
        return (await work.exec(select(LetterRow).where(col(LetterRow.id) == letter_id))).one()
