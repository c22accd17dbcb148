"""One operation, the same on every transport: which document is meant, what it costs, and what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, Final

import msgspec
from graphql import GraphQLError, OperationType
from starlette.types import Scope

from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.execution.documents import Prepared
from ventanilla.execution.engine import MOST_POINTS, Engine, Outcome, Stage
from ventanilla.gateway.answer import refusal
from ventanilla.gateway.budget import MOST_POINTS_OF_EXPORTS, Bill, Budget, OverBudgetError
from ventanilla.gateway.errors import MASKED, codes_of, masked, told, told_executed
from ventanilla.gateway.heads import headers_of
from ventanilla.gateway.lobby import Lobby, Visitor, unavailable
from ventanilla.gateway.parameters import GraphQLRequest
from ventanilla.gateway.persisted import NOT_FOUND, DocumentNotFoundError, Persisted
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import request_id_of
from ventanilla.resolvers.context import Context

Payload = dict[str, Any]
"""What a client is told: ``data``, ``errors``, ``extensions``."""
Found = AsyncGenerator[Payload] | Outcome
"""What came of an operation: payloads as they come, or all at once."""
Notes = dict[str, Any]
"""What the log line of an operation will say."""
OVER: Final = frozenset({401, 403, 421})
"""Refusals after which the same caller would be served nothing else either."""
_LONGEST_NAME: Final = 80
"""How much of an operation's name the log line says."""


class Operation(msgspec.Struct, frozen=True):
    """One operation of a valid document, with the variables for it."""

    prepared: Prepared
    name: str | None
    variables: dict[str, Any] | None

    @property
    def kind(self) -> OperationType | None:
        """Query, mutation or subscription; None if the name does not tell which operation is meant."""
        operation = self.prepared.operations.get(self.name)
        return operation.operation if operation else None

    def note(self, notes: Notes, found: Found) -> None:
        """Say in the log which document it was, and the operation's name once that is known to be one."""
        notes["document"] = self.prepared.digest[:16]
        if was_executed(found):
            operation = self.prepared.operations.get(self.name)
            notes["operation"] = operation.name.value[:_LONGEST_NAME] if operation and operation.name else None


def most_points_in(context: Context) -> int:
    """What one operation may cost of who asks."""
    return MOST_POINTS_OF_EXPORTS if context.actor.of_manager else MOST_POINTS


def was_executed(found: Found) -> bool:
    """Whether it came to an execution, rather than being refused before."""
    return not isinstance(found, Outcome) or found.stage is Stage.EXECUTE


class Asker:
    """Who asks for one operation, and how it went for the log; received anew before each event of a stream."""

    def __init__(self, lobby: Lobby, scope: Scope, visitor: Visitor, notes: Notes) -> None:
        self._lobby = lobby
        self._scope = scope
        self.notes = notes
        self.visitor = visitor
        self.context = self._context()

    async def renew(self) -> Context:
        """Receive again, with a context of its own; raises `RefusalError` once who asked may not any more."""
        self.visitor = await self._lobby.again(self._scope, self.visitor)
        self.context = self._context()
        return self.context

    async def confirm(self) -> None:
        """Raise `RefusalError` once who asked may not ask any more; what cannot be looked up now is let be."""
        try:
            await self._lobby.again(self._scope, self.visitor)
        except RefusalError as refusal:
            if refusal.status in OVER:
                raise

    async def touch(self) -> None:
        """Write that the session was used, if that is due."""
        await self._lobby.touch(self.visitor)

    def payload(self, outcome: Outcome, bill: Bill | None) -> Payload:
        """What the client is told: data only of what was executed, and the cost of what was billed."""
        payload: Payload = {}
        if outcome.errors:
            payload["errors"] = self._noted(told(outcome))
        if outcome.stage is Stage.EXECUTE:
            payload["data"] = outcome.data
        return payload | self.cost(bill, compiled=outcome.compiled)

    def cost(self, bill: Bill | None, *, compiled: bool = False) -> Payload:
        """The part of a payload that tells the cost, if there was any, and in development the engine as well."""
        if bill is None:
            return {}
        extensions: Payload = {"cost": bill.extensions(self.context.now)}
        if self._lobby.tells_engine:
            extensions["engine"] = "compiled" if compiled else "graphql-core"
        return {"extensions": extensions}

    def tell(self, errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
        """What the client is told of errors in a part of an answer."""
        return self._noted(told_executed(errors))

    def failure(self, error: Exception) -> Payload:
        """What the client is told of what ended its operation from outside: a refusal, or a bug, which is masked."""
        if isinstance(error, DatabaseUnavailableError):
            error = unavailable(error)
        if isinstance(error, RefusalError):
            payload = refusal(error.message, error.code, **error.told)
        elif isinstance(error, DocumentNotFoundError):
            payload = refusal(str(error), NOT_FOUND)
        else:
            payload = refusal(MASKED, **masked(error))
        self._noted(payload["errors"])
        return payload

    def _noted(self, errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if errors:
            self.notes["code"] = ",".join(codes_of(errors))
        ids = [error["extensions"]["errorId"] for error in errors if "errorId" in error["extensions"]]
        if ids:
            self.notes["error_id"] = ",".join(ids[:3])
        return errors

    def _context(self) -> Context:
        headers, request_id = headers_of(self._scope), request_id_of(self._scope)
        return self._lobby.context(self.visitor, headers, request_id, takes_cookies=self._scope["type"] != "websocket")


class Operations:
    """Finds, bills and runs operations, for one process."""

    def __init__(self, engine: Engine, persisted: Persisted, budget: Budget) -> None:
        self._engine = engine
        self._persisted = persisted
        self._budget = budget
        self._changes: set[asyncio.Task[Outcome]] = set()
        """Mutations under way: a task that nobody holds may vanish."""

    async def read(self, request: GraphQLRequest, visitor: Visitor) -> Operation | Outcome:
        """The operation that `request` means, or why its document is refused.

        Raises `DocumentNotFoundError`, `DatabaseUnavailableError`, and a refusal where query and hash do not fit.
        """
        prepared = self._engine.prepare(await self._persisted.text_of(request, visitor))
        if isinstance(prepared, Outcome):
            return prepared
        self._persisted.learn(request, visitor.manager.slug)
        return Operation(prepared, request.operation_name, request.variables)

    def bill(self, operation: Operation, asker: Asker) -> Bill | None:
        """Count the points, unless one operation may not cost so many: then the engine refuses it for nothing."""
        points = self._engine.cost(operation.prepared, operation.name, operation.variables)
        most = self._engine.most_points_in(asker.context)
        if points > most:
            return None
        try:
            standing = self._budget.spend(*asker.visitor.caller, points, exports=asker.visitor.actor.of_manager)
        except OverBudgetError as error:
            raise error.refusal(points) from None
        return Bill(points, most, standing)

    async def run(self, operation: Operation, asker: Asker) -> Outcome:
        """Run a query or a mutation, whole. A mutation goes on to its end though its client leaves meanwhile."""
        work = self._engine.run(operation.prepared, operation.name, operation.variables, asker.context)
        if operation.kind is not OperationType.MUTATION:
            return await work
        task = asyncio.create_task(work)
        self._changes.add(task)
        task.add_done_callback(self._changes.discard)
        return await asyncio.shield(task)

    async def run_in_parts(self, operation: Operation, asker: Asker, bill: Bill | None) -> Found:
        """Run a document with ``@defer`` or ``@stream``: its parts as they come, or the outcome if it has but one."""
        parts = await self._engine.run_in_parts(
            operation.prepared, operation.name, operation.variables, asker.context, asker.tell
        )
        return parts if isinstance(parts, Outcome) else _with_cost(parts, asker.cost(bill))

    async def subscribe(self, operation: Operation, asker: Asker, bill: Bill | None) -> Found:
        """Open a subscription: the payloads of its events, or why there are none.

        The opening pays for the first event; each further one is billed as it comes. The stream ends with a
        `RefusalError` once who asks may not ask any more, or has no points left.
        """
        renewal = _Renewal(self, operation, asker, bill)
        events = await self._engine.subscribe(
            operation.prepared, operation.name, operation.variables, asker.context, renewal.renew
        )
        return events if isinstance(events, Outcome) else renewal.payloads(events)


class _Renewal:
    """What has to be right again before each event of one subscription."""

    def __init__(self, operations: Operations, operation: Operation, asker: Asker, bill: Bill | None) -> None:
        self._operations = operations
        self._operation = operation
        self._asker = asker
        self._bill = bill
        self._paid = True

    async def renew(self) -> Context:
        """The context of the next event, which is paid for."""
        context = await self._asker.renew()
        if not self._paid:
            self._bill = self._operations.bill(self._operation, self._asker)
        self._paid = False
        return context

    async def payloads(self, events: AsyncGenerator[Outcome]) -> AsyncGenerator[Payload]:
        """What the client is told of each event."""
        async with aclosing(events):
            async for outcome in events:
                yield self._asker.payload(outcome, self._bill)


async def _with_cost(parts: AsyncGenerator[Payload], cost: Payload) -> AsyncGenerator[Payload]:
    async with aclosing(parts):
        async for part in parts:
            yield part | cost
            cost = {}
