"""Notices, and who reads them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ventanilla.backoffice_adapters.records.account import AccountRef, AccountRole
from ventanilla.backoffice_adapters.records.base import Record, Sourced


class NoticeScope(StrEnum):
    """Who speaks."""

    MANAGER = "MANAGER"
    COMMUNITY = "COMMUNITY"


class Notice(Sourced):
    """Something that people are told. Whom, the office knows and does not say."""

    title: str
    body: str
    """Plain text; paragraphs are parted by an empty line."""
    scope: NoticeScope
    community_name: str | None = None
    """The community that speaks; there exactly when `scope` is COMMUNITY."""
    published_from: datetime
    visible_until: datetime | None = None
    """The moment from which it is seen no more; None for good."""


class ReaderStanding(Record):
    """An account that a reader reaches, and as what."""

    account: AccountRef
    role: AccountRole


class Reader(Record):
    """A person as an office is told of them: by all the accounts they reach that the office is asked for."""

    standings: tuple[ReaderStanding, ...]
