"""A letter as it is about to be written: all that it says, links and codes included. It is never kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.letters import LetterKind


class Letter(Record):
    """One letter to one person."""

    id: str
    """Of its row: the Message-ID is made of it, so that a repeat is recognised."""
    kind: LetterKind
    recipient: str
    """The address."""
    language: str
    portal: str
    """The address of the manager's portal, such as ``https://aguas.example``."""
    at: datetime
    """When its cause happened; what the Date header says."""
    name: str = ""
    """How the recipient is addressed; empty where nobody knows."""
    link: str | None = None
    """Where its button leads, None for the portal; a token stands behind ``#``, where no server's log sees it."""
    code: str | None = None
    """The code or the password that it tells."""
    told: Mapping[str, str] = {}
    """What else it says, by name; `written` lists the names that it knows."""

    def __repr__(self) -> str:
        return f"Letter(id={self.id!r}, kind={self.kind!r})"
