"""What a worker would make of the letters that a call posted, and all that the store holds."""

from __future__ import annotations

from typing import Any

from ventanilla.auth.keys import Keys
from ventanilla.auth.proofs import Proofs
from ventanilla.store.store import Store

SECRET = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"


def proofs(manager: str = "sur") -> Proofs:
    return Proofs(Keys(SECRET), manager)


async def letters(store: Store, manager: str = "sur") -> list[dict[str, Any]]:
    """All letters of a manager, in the order in which they were posted."""
    columns = (
        "kind",
        "recipient",
        "name",
        "language",
        "host",
        "person_id",
        "challenge_id",
        "told",
        "state",
        "for_nobody",
    )
    sql = f"SELECT {', '.join(columns)} FROM letter WHERE manager = $1 ORDER BY created_at, id"
    return [dict(zip(columns, row, strict=True)) for row in await store.rows(sql, [manager])]


async def newest_link(store: Store, kind: str, email: str) -> str:
    """The token that stands in the newest letter with a link of that kind to an address."""
    sql = (
        "SELECT letter.challenge_id FROM letter JOIN challenge ON challenge.id = letter.challenge_id"
        " WHERE letter.recipient = $1 AND challenge.kind = $2 AND NOT letter.for_nobody"
        " ORDER BY challenge.created_at DESC, challenge.replaced_at IS NULL DESC LIMIT 1"
    )
    return proofs().link(kind, (await store.rows(sql, [email, kind]))[0][0])


async def everything(store: Store) -> str:
    """Every value of every row that is about people, as one text."""
    tables = ("person", "former_password", "consent", "session", "challenge", "letter", "sign_in_attempt")
    rows = [row for table in tables for row in await store.rows(f"SELECT * FROM {table}")]
    return "\n".join(str(value) for row in rows for value in row)
