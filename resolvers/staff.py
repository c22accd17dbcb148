"""The desk: where everything for the staff begins."""

from __future__ import annotations

from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.context import Context


class Desk(Record):
    """What the people who work for the manager see. It holds nothing itself: each noun lays its own on it."""


@call(scope=Scope.STAFF)
async def staff(_context: Context) -> Desk:
    """The desk, for who works for the manager and nobody else."""
    return Desk()
