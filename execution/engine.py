"""The engine: a document, its variables and a context in; data and errors out, once or more than once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from enum import StrEnum
from inspect import isawaitable
from typing import Any, Final, NamedTuple, cast

from graphql import (
    ExecutionResult,
    Executor,
    ExperimentalIncrementalExecutionResults,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationType,
    create_source_event_stream,  # pyright: ignore[reportUnknownVariableType]  graphql-core leaves its context type open
)

from ventanilla.execution.answers import Answers
from ventanilla.execution.binding import bind
from ventanilla.execution.deadline import DEADLINE_S, LateError, told
from ventanilla.execution.documents import Documents, InvalidDocumentError, Prepared
from ventanilla.execution.limits import LimitError, Limits
from ventanilla.execution.loading import Frame
from ventanilla.execution.parts import Part, Parts, PartsExecutor, Tell, WholeExecutor
from ventanilla.execution.plan.levels import Run
from ventanilla.execution.plan.plans import Plan, Ready

Renew = Callable[[], Awaitable[Any]]
"""Gives the context of an event: a fresh clock, the session looked up again."""
Begin = Callable[[Any, float], None]
"""`begin(context, seconds)` is told how long whatever begins now may take."""


class Stage(StrEnum):
    """How far a request came: what its errors are about."""

    PARSE = "PARSE"
    VALIDATE = "VALIDATE"
    LIMIT = "LIMIT"
    """It asks for more than one request may."""
    REQUEST = "REQUEST"
    """The document is good, the operation name or the variables are not."""
    EXECUTE = "EXECUTE"


@dataclass(slots=True)  # to freeze what is made for each request takes four times as long as to make it
class Outcome:
    """What came of a request. Before EXECUTE there is no data, and the errors have no path.

    `data` is what orjson writes: of a compiled plan it may hold dates.
    """

    stage: Stage
    data: dict[str, Any] | None = None
    errors: list[GraphQLError] = field(default_factory=list[GraphQLError])
    compiled: bool = False
    """Whether a compiled plan ran it (`plan/`), not graphql-core."""


class NotASubscriptionError(Exception):
    """Only subscriptions can be subscribed to; look at the operation first, and run what is none."""


MOST_POINTS: Final = 10_000
"""What one operation may cost, unless the engine is told otherwise (`cost.py` says what a point is)."""
MOST_POINTS_IN_PARTS: Final = 2_500
"""What an answer may cost to come in parts: in between, others have no turn (`loading.py`)."""


class Engine:
    """Runs documents of one schema. The schema's fields carry declarations (`fields.py`), which are bound here.

    `most_points_in` tells what an operation may cost in a context, where that is not `most_points` in each.

    No operation, part of an answer or event of a subscription takes longer than `deadline_s`. What does not await
    cannot be cut off: a function that computes for long has to bound itself. With `compiles` off, graphql-core executes
    everything: to compare the two.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        documents: int = 1_000,
        document_bytes: int = 32_000_000,
        max_tokens: int = 2_000,
        limits: Limits | None = None,
        most_points: int = MOST_POINTS,
        most_points_in: Callable[[Any], int] | None = None,
        introspection: bool = True,
        hide_suggestions: bool = False,
        deadline_s: float = DEADLINE_S,
        begin: Begin | None = None,
        compiles: bool = True,
    ) -> None:
        bind(schema)
        self._schema = schema
        self._hide_suggestions = hide_suggestions
        self._begin = begin
        self._compiles = compiles
        self.most_points = most_points
        self._most_points_in = most_points_in
        self.deadline_s = deadline_s
        self.documents = Documents(
            schema,
            most=documents,
            most_bytes=document_bytes,
            max_tokens=max_tokens,
            limits=limits or Limits(),
            introspection=introspection,
            hide_suggestions=hide_suggestions,
        )

    def most_points_in(self, context: Any) -> int:
        """What one operation may cost in a context."""
        return self._most_points_in(context) if self._most_points_in else self.most_points

    def prepare(self, query: str) -> Prepared | Outcome:
        """The document of `query`, ready to run, or why it is refused."""
        try:
            return self.documents.prepare(query)
        except GraphQLSyntaxError as error:
            return Outcome(Stage.PARSE, errors=[error])
        except InvalidDocumentError as error:
            return Outcome(Stage.VALIDATE, errors=error.errors)
        except LimitError as error:
            return Outcome(Stage.LIMIT, errors=[GraphQLError(str(error))])
        except RecursionError:
            return Outcome(Stage.PARSE, errors=[GraphQLError("The document is nested too deeply.")])

    def cost(self, prepared: Prepared, operation_name: str | None, variables: dict[str, Any] | None) -> int:
        """The points of one operation with these variables."""
        return prepared.cost.of(operation_name, variables or {})

    async def run(
        self, prepared: Prepared, operation_name: str | None, variables: dict[str, Any] | None, context: Any
    ) -> Outcome:
        """Execute a query or mutation and answer it whole, unless it costs more than one request may."""
        job = _Job(prepared, operation_name, variables)
        if refused := self._too_dear(job, context):
            return refused
        if self._compiles and (ready := prepared.plans.ready(operation_name, variables)):
            return await self._planned(ready, job, context)
        executor = self._ready_once(WholeExecutor, job, context)
        return executor if isinstance(executor, Outcome) else await self._executed(executor)

    async def run_in_parts(
        self, prepared: Prepared, operation_name: str | None, variables: dict[str, Any] | None, context: Any, tell: Tell
    ) -> AsyncGenerator[Part, None] | Outcome:
        """Execute a query or mutation and answer what it defers or streams in later parts (`parts.py`).

        An `Outcome` if it is refused or nothing is put off. A part that is late fails, with all that were to follow.
        What costs more than `MOST_POINTS_IN_PARTS` is answered whole.
        """
        large = self.cost(prepared, operation_name, variables) > MOST_POINTS_IN_PARTS
        kind = WholeExecutor if large else PartsExecutor
        executor = self._ready_once(kind, _Job(prepared, operation_name, variables), context)
        if isinstance(executor, Outcome):
            return executor
        frame: Frame = executor.context_value
        async with AsyncExitStack() as held:
            held.callback(frame.cancel)
            try:
                result = await self._in_time(*_timed(executor), executor.execute_operation)
            except LateError as late:
                return Outcome(Stage.EXECUTE, errors=[told(late)])
            if isinstance(result, ExecutionResult):
                return _outcome(result)
            return Answers(self._parts(executor, result, Parts(tell)), held.pop_all().aclose)

    async def subscribe(
        self,
        prepared: Prepared,
        operation_name: str | None,
        variables: dict[str, Any] | None,
        context: Any,
        renew: Renew,
    ) -> AsyncGenerator[Outcome, None] | Outcome:
        """Answer a subscription at each of its events; an `Outcome` if there is not even a first one.

        `context` is the one in which the source is opened. What `renew` raises ends the events and is raised; a source
        that fails ends them with an outcome of its own. Raises `NotASubscriptionError` for any other operation.
        """
        job = _Job(prepared, operation_name, variables)
        executor = self._ready(WholeExecutor, job, context)
        if isinstance(executor, Outcome):
            return executor
        if executor.operation.operation is not OperationType.SUBSCRIPTION:
            msg = f"a {executor.operation.operation.value} was handed to `subscribe`; hand it to `run`"
            raise NotASubscriptionError(msg)
        opened = create_source_event_stream(executor)
        if isinstance(opened, ExecutionResult):
            return _outcome(opened)
        source = cast("AsyncGenerator[Any, None]", opened)
        async with AsyncExitStack() as held:
            held.push_async_callback(source.aclose)
            try:
                first = await self._in_time(*_timed(executor), lambda: _next_of(source))
            except LateError as late:
                return Outcome(Stage.EXECUTE, errors=[told(late)])
            if isinstance(first, Outcome):
                return first
            return Answers(self._events(job, source, first, renew), held.pop_all().aclose)

    def _ready_once(self, kind: type[Executor[Any]], job: _Job, context: Any) -> Executor[Any] | Outcome:
        executor = self._ready(kind, job, context)
        if isinstance(executor, Executor) and executor.operation.operation is OperationType.SUBSCRIPTION:
            return Outcome(Stage.REQUEST, errors=[GraphQLError(_ONCE)])
        return executor

    def _ready(self, kind: type[Executor[Any]], job: _Job, context: Any, event: Any = None) -> Executor[Any] | Outcome:
        """What is to execute the operation, or why nothing will."""
        if refused := self._too_dear(job, context):
            return refused
        made: Executor[Any] | list[GraphQLError] = cast("Any", kind).build(  # graphql-core leaves its types open
            self._schema,
            job.prepared.document,
            root_value=event,
            context_value=Frame(context, paced=kind is WholeExecutor),
            raw_variable_values=job.variables,
            operation_name=job.operation_name,
            max_coercion_errors=3,
            hide_suggestions=self._hide_suggestions,
        )
        return Outcome(Stage.REQUEST, errors=made) if isinstance(made, list) else made

    def _too_dear(self, job: _Job, context: Any) -> Outcome | None:
        cost, most = self.cost(job.prepared, job.operation_name, job.variables), self.most_points_in(context)
        if cost <= most:
            return None
        return Outcome(Stage.LIMIT, errors=[GraphQLError(str(LimitError("points", most, cost)))])

    async def _planned(self, ready: Ready, job: _Job, context: Any) -> Outcome:
        run = Run(self._schema, context, ready.variables, self._hide_suggestions)
        self._tell_begin(context)
        try:
            result = await self._ran(ready.plan, run)
        except LateError as late:
            return Outcome(Stage.EXECUTE, errors=[told(late)], compiled=True)
        finally:
            self.documents.weigh(job.prepared)
        return Outcome(Stage.EXECUTE, result.data, result.errors or [], compiled=True)

    async def _ran(self, plan: Plan, run: Run) -> ExecutionResult:
        """What comes of a plan; one that may wait is a task of its own, which is not waited for when it is late.

        Raises `LateError`.
        """
        if not any(selection.awaits for selection in plan.roots):
            return await plan.run(run)
        task = asyncio.create_task(plan.run(run))
        try:
            await asyncio.wait((task,), timeout=self.deadline_s)
            if not task.done():
                raise LateError(self.deadline_s, plan.operation.operation)
            return task.result()
        finally:
            task.cancel()

    async def _executed(self, executor: Executor[Any]) -> Outcome:
        frame: Frame = executor.context_value
        try:
            return _outcome(await self._in_time(*_timed(executor), executor.execute_operation))
        except LateError as late:
            return Outcome(Stage.EXECUTE, errors=[told(late)])
        finally:
            frame.cancel()

    async def _in_time(self, context: Any, operation: OperationType, work: Callable[[], Any]) -> Any:
        """What comes of `work`, at once or awaited; raises `LateError`."""
        self._tell_begin(context)
        try:
            async with asyncio.timeout(self.deadline_s):
                result = work()
                return await result if isawaitable(result) else result
        except TimeoutError:  # only ours: whatever a field's function raises is an error of its field
            raise LateError(self.deadline_s, operation) from None

    def _tell_begin(self, context: Any) -> None:
        if self._begin is not None:
            self._begin(context, self.deadline_s)

    async def _parts(
        self, executor: Executor[Any], result: ExperimentalIncrementalExecutionResults, parts: Parts
    ) -> AsyncGenerator[Part, None]:
        frame: Frame = executor.context_value
        try:
            async with aclosing(result.subsequent_results) as later:
                yield parts.first(result.initial_result)
                while (part := await self._in_time(*_timed(executor), lambda: anext(later, None))) is not None:
                    yield parts.later(part)
        except LateError as late:
            yield parts.given_up(told(late))
        finally:
            frame.cancel()

    async def _events(
        self, job: _Job, source: AsyncGenerator[Any, None], event: Any, renew: Renew
    ) -> AsyncGenerator[Outcome, None]:
        """The outcome of `event` and of all that follow it."""
        async with aclosing(source):
            while event is not _OVER:
                failed = isinstance(event, Outcome)
                outcome = event if failed else await self._event(job, event, renew)
                yield outcome
                event = _OVER if failed or _is_last(outcome) else await _next_of(source)

    async def _event(self, job: _Job, event: Any, renew: Renew) -> Outcome:
        # Made anew each time: what graphql-core remembers of an execution grows with every event that shares it.
        executor = self._ready(WholeExecutor, job, await renew(), event)
        return executor if isinstance(executor, Outcome) else await self._executed(executor)


class _Job(NamedTuple):
    """What a client asks for."""

    prepared: Prepared
    operation_name: str | None
    variables: dict[str, Any] | None


_OVER: Final = object()
"""Stands after the last event of a source."""
_ONCE: Final = "This is a subscription, which has more than one answer: send it over a transport that carries several."


async def _next_of(source: AsyncGenerator[Any, None]) -> Any:
    """The next event of `source`, an `Outcome` if it failed, or `_OVER`."""
    try:
        return await anext(source, _OVER)
    except GraphQLError as error:
        return Outcome(Stage.EXECUTE, errors=[error])


def _timed(executor: Executor[Any]) -> tuple[Any, OperationType]:
    """Whose time it is that an execution takes, and of what kind it is."""
    frame: Frame = executor.context_value
    return frame.context, executor.operation.operation


def _outcome(result: ExecutionResult) -> Outcome:
    errors = result.errors or []
    stage = Stage.EXECUTE if result.data is not None or any(error.path for error in errors) else Stage.REQUEST
    return Outcome(stage, result.data, errors)


def _is_last(outcome: Outcome) -> bool:
    """Whether an event's field is null without an error: there is nothing left to tell of."""
    return not outcome.errors and outcome.data is not None and None in outcome.data.values()
