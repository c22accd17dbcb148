"""Which text a request means: the one it brings, one whose hash was told before, or one that the manager has stored."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from hmac import compare_digest
from typing import Final, TypeVar

from ventanilla.gateway.lobby import Visitor
from ventanilla.gateway.parameters import GraphQLRequest
from ventanilla.gateway.refusal import RefusalError
from ventanilla.store import stored_documents
from ventanilla.store.manager import DocumentMode
from ventanilla.store.store import Store

K = TypeVar("K")
NOT_FOUND: Final = "DOCUMENT_NOT_FOUND"
UNKNOWN_HASH: Final = "PersistedQueryNotFound"
"""What clients of automatic persisted queries look for before they send the query with its hash."""
_MANAGERS: Final = 1_024


class DocumentNotFoundError(Exception):
    """No document is known under what the request names, or the manager serves stored documents only."""


class Texts(OrderedDict[K, str]):
    """Texts by key within bounds, least recently used out first; a text that is over the bounds alone is not kept."""

    def __init__(self, most: int, most_bytes: int) -> None:
        super().__init__()
        self._most, self._most_bytes = most, most_bytes
        self._bytes = 0

    def find(self, key: K) -> str | None:
        """The text under `key`, which counts as used."""
        text = self.get(key)
        if text is not None:
            self.move_to_end(key)
        return text

    def keep(self, key: K, text: str) -> None:
        """Keep `text` under `key`, whose text never changes."""
        size = len(text.encode())
        if self.find(key) is not None or size > self._most_bytes:
            return
        self[key] = text
        self._bytes += size
        while len(self) > self._most or self._bytes > self._most_bytes:
            _, forgotten = self.popitem(last=False)
            self._bytes -= len(forgotten.encode())


class Persisted:
    """The documents that requests of one process may name instead of sending them.

    Hashes are told by anybody, so each manager's have bounds of their own: a flood displaces only its own manager's.
    """

    def __init__(
        self, store: Store, *, told_each: int = 500, told_bytes: int = 512_000, stored_bytes: int = 16_000_000
    ) -> None:
        self._store = store
        self._told_each, self._told_bytes = told_each, told_bytes
        self._told: OrderedDict[str, Texts[str]] = OrderedDict()
        self._stored: Texts[tuple[str, int, str]] = Texts(10_000, stored_bytes)

    async def text_of(self, request: GraphQLRequest, visitor: Visitor) -> str:
        """The document's text, neither parsed nor checked.

        Raises `DocumentNotFoundError`, `DatabaseUnavailableError`, and a refusal where query and hash do not fit.
        """
        if visitor.manager.documents is DocumentMode.STORED:
            return await self._allowed(request, visitor)
        if request.document_id is not None:
            return await self._stored_text(request.document_id, visitor)
        if request.query_hash is None:
            return request.query or ""
        return await self._hashed(request.query_hash, request.query, visitor)

    def learn(self, request: GraphQLRequest, slug: str) -> None:
        """Remember the query of a request under the hash that came with it; call it once the query is found valid."""
        if request.query is None or request.query_hash is None:
            return
        told = self._told.setdefault(slug, Texts(self._told_each, self._told_bytes))
        told.keep(request.query_hash, request.query)
        self._told.move_to_end(slug)
        if len(self._told) > _MANAGERS:
            self._told.popitem(last=False)

    async def _allowed(self, request: GraphQLRequest, visitor: Visitor) -> str:
        if request.query is not None:
            raise DocumentNotFoundError("Only stored documents are served here: send the documentId of one, no query.")
        return await self._stored_text(request.document_id or f"{stored_documents.SHA256}{request.query_hash}", visitor)

    async def _hashed(self, query_hash: str, query: str | None, visitor: Visitor) -> str:
        if query is not None:
            if not compare_digest(sha256(query.encode()).hexdigest(), query_hash):
                raise RefusalError(400, "persistedQuery.sha256Hash is not the hash of query: send the one that is.")
            return query
        told = self._told.get(visitor.manager.slug)
        known = told.find(query_hash) if told else None
        if known is not None:
            self._told.move_to_end(visitor.manager.slug)
            return known
        try:
            return await self._stored_text(f"{stored_documents.SHA256}{query_hash}", visitor)
        except DocumentNotFoundError:
            raise DocumentNotFoundError(UNKNOWN_HASH) from None

    async def _stored_text(self, document_id: str, visitor: Visitor) -> str:
        # Storing and removing gives the manager another version, so what is remembered cannot be stale.
        key = (visitor.manager.slug, visitor.version, document_id)
        text = self._stored.find(key)
        if text is None:
            text = await stored_documents.text_of(self._store, visitor.manager.slug, document_id)
            if text is None:
                raise DocumentNotFoundError("No document is stored under this documentId: store it, or send another.")
            self._stored.keep(key, text)
        return text
