"""GraphQL documents that a manager has stored, so that requests name them instead of sending them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Final

from sqlmodel import col, delete, select

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.managers import UnknownManagerError, held, renew
from ventanilla.store.store import Store
from ventanilla.store.tables import StoredDocumentRow

SHA256: Final = "sha256:"
"""What the identifier of a text begins with; its SHA-256 in lower-case hexadecimal follows."""


class StoredDocument(Record):
    """One text, stored as it stands: even a space more makes it another document."""

    id: str
    text: str
    source: str
    """Where it came from, such as the file's name."""

    @classmethod
    def of(cls, text: str, source: str) -> StoredDocument:
        """Name `text` by its hash, as every client can."""
        return cls(id=SHA256 + sha256(text.encode()).hexdigest(), text=text, source=source)


async def add(store: Store, slug: str, documents: Sequence[StoredDocument]) -> int:
    """Store `documents` for a manager, all or none; how many were new. Raises `UnknownManagerError`."""
    by_id = {each.id: each for each in documents}
    async with store.work(slug) as work:
        manager = await held(work)
        known = set(await work.exec(select(StoredDocumentRow.id).where(col(StoredDocumentRow.id).in_(by_id))))
        new = [each for each in by_id.values() if each.id not in known]
        work.add_all(StoredDocumentRow(id=each.id, text=each.text, source=each.source) for each in new)
        if new:
            renew(manager)
        return len(new)


async def remove(store: Store, slug: str, ids: Collection[str]) -> int:
    """Remove documents of a manager by identifier; how many there were. Raises `UnknownManagerError`."""
    chosen = col(StoredDocumentRow.id).in_(ids)
    async with store.work(slug) as work:
        manager = await held(work)
        known = len((await work.exec(select(StoredDocumentRow.id).where(chosen))).all())
        await work.exec(delete(StoredDocumentRow).where(chosen))
        if known:
            renew(manager)
        return known


async def listing(store: Store, slug: str) -> list[StoredDocument]:
    """Every document of a manager, by source and identifier. Raises `UnknownManagerError`."""
    if not await store.rows("SELECT 1 FROM manager WHERE slug = $1", [slug]):
        raise UnknownManagerError(slug)
    sql = "SELECT id, text, source FROM stored_document WHERE manager = $1 ORDER BY source, id"
    return [StoredDocument(id=key, text=text, source=source) for key, text, source in await store.rows(sql, [slug])]


async def text_of(store: Store, slug: str, document_id: str) -> str | None:
    """The text that a manager has stored under an identifier; None if there is none."""
    sql = "SELECT text FROM stored_document WHERE manager = $1 AND id = $2"
    rows = await store.rows(sql, [slug, document_id])
    return str(rows[0][0]) if rows else None
