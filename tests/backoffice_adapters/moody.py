"""An office that does what a test tells it to, behind a guard whose every call is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ventanilla.backoffice_adapters.conformance.book import BUSY, NOW, TODAY, ZONE, book
from ventanilla.backoffice_adapters.conformance.twin import TwinAdapter, TwinOffice
from ventanilla.backoffice_adapters.contract import (
    Call,
    Fault,
    FaultCode,
    InvoiceFilter,
    InvoiceOrder,
    OfficeError,
    Setting,
    Window,
)
from ventanilla.backoffice_adapters.guard import GuardedOffice, OfficeCall
from ventanilla.backoffice_adapters.offices import OfficeDoor
from ventanilla.backoffice_adapters.plan import OfficePlan, Patience
from ventanilla.backoffice_adapters.records import AccountRef, Licence


class Moving:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 15, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Moody(TwinOffice):
    """An office that does what a test tells it to: `mood` is called before each answer and may raise or wait."""

    mood: Callable[[], Any] | None = None
    change: Callable[[list[Any]], Any] | None = None
    subjects: list[Any]

    async def accounts(self, call: Call, keys: Any) -> Any:
        return await self._moody(super().accounts(call, keys))

    async def find_accounts(self, call: Call, numbers: Any) -> Any:
        return await self._moody(super().find_accounts(call, numbers))

    async def parties(self, call: Call, wheres: Any, window: Any) -> Any:
        return await self._moody(super().parties(call, wheres, window))

    async def parties_by_key(self, call: Call, keys: Any) -> Any:
        return await self._moody(super().parties_by_key(call, keys))

    async def invoices(self, call: Call, accounts: Any, where: Any, order: Any, window: Any) -> Any:
        return await self._moody(super().invoices(call, accounts, where, order, window))

    async def changed_payments(self, call: Call, wheres: Any, window: Any) -> Any:
        return await self._moody(super().changed_payments(call, wheres, window))

    async def invoice_lines(self, call: Call, invoices: Any) -> Any:
        return await self._moody(super().invoice_lines(call, invoices))

    async def _moody(self, answering: Any) -> Any:
        answer = await answering
        if self.mood:
            waiting = self.mood()
            if waiting is not None:
                await waiting
        return self.change(answer) if self.change else answer


class Scene:
    """A guard over a moody office, and everything that was observed."""

    def __init__(self, patience: Patience, remembered: int = 10_000, **manifest: Any) -> None:
        self.clock = Moving()
        self.calls: list[OfficeCall] = []
        adapter = TwinAdapter(Moody, **manifest)
        self.office = Moody(
            Setting(
                manager="mine",
                office="ledger",
                licences=frozenset(Licence),
                currency="PLN",
                time_zone=ZONE,
                configuration=None,
                folder=Path(),
                clock=self.clock,
            )
        )
        self.office.book = book(Licence.RENT, "PLN")
        plan = OfficePlan(
            manager="mine",
            office="ledger",
            adapter="twin",
            licences=frozenset(Licence),
            currency="PLN",
            time_zone=ZONE,
            patience=patience,
        )
        door = OfficeDoor("mine/ledger", lambda: self.office)
        self.guard = GuardedOffice(
            plan, adapter.manifest, door, self.clock, remembered=remembered, observe=self.calls.append
        )

    def fails(self, fault: FaultCode | Exception) -> None:
        def fail() -> None:
            raise OfficeError(Fault(code=fault, detail="test")) if isinstance(fault, FaultCode) else fault

        self.office.mood = fail

    def heals(self) -> None:
        self.office.mood = self.office.change = None

    async def ask(self, method: str, subjects: Any, *args: Any, **options: Any) -> list[Any]:
        return await self.guard.ask(method, call(), subjects, *args, **options)

    async def accounts(self, *keys: str) -> list[Any]:
        return await self.ask("accounts", list(keys))


def call(within_s: float = 5, manager: str = "mine") -> Call:
    deadline = time.monotonic() + within_s
    return Call(manager=manager, request_id="r", locale="es-AR", now=NOW, today=TODAY, deadline=deadline)


def scene(patience: Patience | None = None, **options: Any) -> Scene:
    return Scene(patience or Patience(), **options)


def codes(hits: list[Any]) -> list[Any]:
    return [hit.code if isinstance(hit, Fault) else None for hit in hits]


REF = AccountRef(office="ledger", key=BUSY, number="x")
LIST = (InvoiceFilter(), InvoiceOrder.ISSUED_ON_ASC, Window(limit=3))
