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

from ventanilla.auth.actor import StaffRole
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
SHOW_FIRST: Final = "Show your second factor first: `showSecondFactor`."
SET_UP_FIRST: Final = "Set up a second factor first: `startSecondFactor`, or a passkey to sign in with."
FOR_STAFF: Final = "This is for people who work for the manager."
FOR_STAFF_ADMINS: Final = "This is for people who administer access for the manager."


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
    MANDATE = "MANDATE"
    """Signed in, and only for what hangs on a mandate of the person that is in force today: the function looks."""
    STAFF = "STAFF"
    """Who works for the manager."""
    STAFF_ADMIN = "STAFF_ADMIN"
    """Who works for the manager and decides about access."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a function says of itself: the row of the role table."""

    name: str
    scope: Scope
    licences: frozenset[Licence] = CORE
    capability: str | None = None


_OPEN: Final = frozenset({Scope.PUBLIC, Scope.SIGNED_IN})
"""Scopes that `gate` leaves open."""
_STAFF: Final = frozenset({Scope.STAFF, Scope.STAFF_ADMIN})
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
    if context.actor.second_factor_due:
        return Problem(ProblemCode.FORBIDDEN, SHOW_FIRST)
    if context.password_change_due:
        return Problem(ProblemCode.FORBIDDEN, CHANGE_FIRST)
    return None


def refusal(context: Context, declared: Declared) -> Problem | None:
    """Why this caller at this manager gets no answer from the declared function, or None."""
    if lacking := programs.lacking(context.actor, declared.name, declared.capability):
        return lacking
    if declared.scope is not Scope.PUBLIC and not context.actor.signed_in:
        return _nobody(context)
    if declared.scope not in _OPEN and (closed := gate(context)):
        return closed
    if declared.scope in _STAFF and (closed := not_staff(context, declared.scope)):
        return closed
    if declared.licences and declared.licences.isdisjoint(context.manager.licences):
        return Problem(ProblemCode.NOT_LICENSED)
    return None


def not_staff(context: Context, scope: Scope) -> Problem | None:
    """Why this caller may not do what is for the staff, or for its admins; None for who may."""
    role = context.actor.staff_role
    if role is None:
        return Problem(ProblemCode.FORBIDDEN, FOR_STAFF)
    if scope is Scope.STAFF_ADMIN and role is not StaffRole.STAFF_ADMIN:
        return Problem(ProblemCode.FORBIDDEN, FOR_STAFF_ADMINS)
    if context.manager.staff.second_factor and not context.actor.second_factor_shown:
        return Problem(ProblemCode.FORBIDDEN, SET_UP_FIRST)
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
