"""What the gateway decides about one office of one manager before it is opened."""

from __future__ import annotations

from typing import Any

from ventanilla.backoffice_adapters.records import Licence, Record


class Patience(Record):
    """How the guard treats an office."""

    deadline_s: float = 5
    """How long one call may take, waiting for a free place and further tries included."""
    concurrency: int = 16
    """How many calls may be under way at once."""
    waiting: int = 1_000
    """How many questions may wait beside those under way; more are refused at once."""
    stale_s: float | None = None
    """How old a remembered answer may be that is served, marked stale, while the office does not answer; 0: never,
    None: as the adapter's manifest says."""


class OfficePlan(Record):
    """An office to open: equal plans share one open office, a changed plan opens a new one."""

    manager: str
    office: str
    adapter: str
    licences: frozenset[Licence]
    currency: str
    time_zone: str
    configuration: dict[str, Any] = {}
    """As in the manager's file: secrets are still ``env:NAME`` or ``file:PATH``."""
    patience: Patience = Patience()
