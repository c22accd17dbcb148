"""Who may ask what: declared once on each function, enforced here, told through `capabilities`.

A batch function says its scope and the contract method that it asks; licences and capability follow from the method.
What is not declared is not reachable: a field of the schema can only be served by a declared function. What a program
needs beside is in `programs.py`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from ventanilla.backoffice_adapters.records import Licence
from ventanilla.resolvers import programs
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.methods import CAPABILITY_OF, LICENCES_OF
from ventanilla.resolvers.problems import Problem, ProblemCode

T = TypeVar("T")
Parent = TypeVar("Parent")
P = ParamSpec("P")

Answer = T | None | Problem
"""One position of an answer: a value, nothing, or why it could not be read."""

BILLING = LICENCES_OF["accounts"]
"""The licences under which money is owed: any of them is enough."""
CORE: frozenset[Licence] = frozenset()
"""No licence is needed: the portal itself."""
CHANGE_FIRST: Final = "Change your password first: `changePassword`."


class Scope(StrEnum):
    """Who gets an answer."""

    PUBLIC = "PUBLIC"
    """Anybody; the function itself answers only what anybody may know."""
    SIGNED_IN = "SIGNED_IN"
    """Signed in, and only for how: sessions, password. The one scope that `gate` leaves open."""
    PERSON = "PERSON"
    """Signed in, and only for what is the person's own."""
    REACH = "REACH"
    """Signed in, and only for what hangs on an account within the person's reach."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a function says of itself: the row of the role table."""

    name: str
    scope: Scope
    licences: frozenset[Licence] = CORE
    capability: str | None = None


_GATED: Final = frozenset({Scope.PERSON, Scope.REACH})
DECLARED: dict[str, Declared] = {}
"""Every declared function, by ``noun.function``."""


def _declare(
    function: Callable[..., Any], scope: Scope, licences: frozenset[Licence], capability: str | None
) -> Declared:
    noun = function.__module__.rpartition(".")[2]
    declared = Declared(f"{noun}.{function.__name__}", scope, licences, capability)
    DECLARED[declared.name] = declared
    return declared


def declared_of(function: Callable[..., Any]) -> Declared | None:
    """The declaration that `function` was made with."""
    return getattr(function, "__declared__", None)


def gate(context: Context) -> Problem | None:
    """Why this caller gets nothing beyond how they are signed in; None for who has nothing to do first."""
    if context.password_change_due:
        return Problem(ProblemCode.FORBIDDEN, CHANGE_FIRST)
    return None


def refusal(context: Context, declared: Declared) -> Problem | None:
    """Why this caller at this manager gets no answer from the declared function, or None."""
    if lacking := programs.lacking(context.actor, declared.name, declared.capability):
        return lacking
    if declared.scope is not Scope.PUBLIC and not context.actor.signed_in:
        return _nobody(context)
    if declared.scope in _GATED and (closed := gate(context)):
        return closed
    if declared.licences and declared.licences.isdisjoint(context.manager.licences):
        return Problem(ProblemCode.NOT_LICENSED)
    return None


def _nobody(context: Context) -> Problem:
    if context.actor.client_id is not None:
        return Problem(ProblemCode.FORBIDDEN, programs.FOR_NOBODY)
    return Problem(ProblemCode.UNAUTHENTICATED)


def batch(
    *, scope: Scope, method: str | None = None, licences: frozenset[Licence] = CORE
) -> Callable[
    [Callable[Concatenate[Context, Sequence[Parent], P], Awaitable[Sequence[T]]]],
    Callable[Concatenate[Context, Sequence[Parent], P], Awaitable[Sequence[T | Problem]]],
]:
    """Declare a batch function: context and parents in, one answer for each parent out.

    What asks an office names the contract `method`; `licences` are only for what needs one without asking.
    """
    needed, capability = (LICENCES_OF[method], CAPABILITY_OF[method]) if method else (licences, None)

    def wrap(
        function: Callable[Concatenate[Context, Sequence[Parent], P], Awaitable[Sequence[T]]],
    ) -> Callable[Concatenate[Context, Sequence[Parent], P], Awaitable[Sequence[T | Problem]]]:
        declared = _declare(function, scope, needed, capability)

        @wraps(function)
        async def guarded(
            context: Context, parents: Sequence[Parent], *args: P.args, **kwargs: P.kwargs
        ) -> Sequence[T | Problem]:
            problem = refusal(context, declared)
            return [problem] * len(parents) if problem else await function(context, parents, *args, **kwargs)

        guarded.__declared__ = declared  # type: ignore[attr-defined]  read by `declared_of`
        return guarded

    return wrap


def call(
    *, scope: Scope, licences: frozenset[Licence] = CORE
) -> Callable[[Callable[Concatenate[Context, P], Awaitable[T]]], Callable[Concatenate[Context, P], Awaitable[T]]]:
    """Declare a root function: context and arguments in, the answer out; a refusal is raised."""

    def wrap(
        function: Callable[Concatenate[Context, P], Awaitable[T]],
    ) -> Callable[Concatenate[Context, P], Awaitable[T]]:
        declared = _declare(function, scope, licences, None)

        @wraps(function)
        async def guarded(context: Context, *args: P.args, **kwargs: P.kwargs) -> T:
            problem = refusal(context, declared)
            if problem:
                raise problem
            return await function(context, *args, **kwargs)

        guarded.__declared__ = declared  # type: ignore[attr-defined]  read by `declared_of`
        return guarded

    return wrap


def source(
    *, scope: Scope, method: str
) -> Callable[
    [Callable[Concatenate[Context, P], AsyncGenerator[T, None]]],
    Callable[Concatenate[Context, P], AsyncGenerator[T, None]],
]:
    """Declare the source of a subscription: context and arguments in, events out; a refusal is raised at once.

    `method` is the contract's, which is asked for what the events tell of.
    """

    def wrap(
        function: Callable[Concatenate[Context, P], AsyncGenerator[T, None]],
    ) -> Callable[Concatenate[Context, P], AsyncGenerator[T, None]]:
        declared = _declare(function, scope, LICENCES_OF[method], CAPABILITY_OF[method])

        @wraps(function)
        def guarded(context: Context, *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[T, None]:
            problem = refusal(context, declared)
            if problem:
                raise problem
            return function(context, *args, **kwargs)

        guarded.__declared__ = declared  # type: ignore[attr-defined]  read by `declared_of`
        return guarded

    return wrap
