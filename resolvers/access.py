"""Who may ask what: declared once on each function, enforced here, told through `capabilities`.

A batch function says its scope and the contract method that it asks; licences and capability follow from the method.
What is not declared is not reachable: a field of the schema can only be served by a declared function. What a program
and who sees as somebody needs beside is in `narrowed.py`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from ventanilla.auth.actor import StaffRole
from ventanilla.auth.mandates import MandateRole
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.resolvers import narrowed
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.methods import CAPABILITY_OF, LICENCES_OF
from ventanilla.resolvers.problems import AccessReason, Closed, Problem, ProblemCode

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
FOR_EXPORTS: Final = (
    "This is for programs of the manager's own, which act for nobody: `ventanilla client add`, without `--redirect`."
)
FOR_STAFF_ADMINS: Final = "This is for people who administer access for the manager."
FOR_MANDATES: Final = {
    MandateRole.BOARD_MEMBER: "This is for members of the community's board, as long as their mandate lasts.",
    MandateRole.SUPPLIER: "This is for suppliers of the manager, as long as their mandate lasts.",
}


class Scope(StrEnum):
    """Who gets an answer."""

    PUBLIC = "PUBLIC"
    """Anybody; the function itself answers only what anybody may know."""
    SIGNED_IN = "SIGNED_IN"
    """Signed in, and only for how: sessions, password. The one scope that a password to be changed leaves open."""
    PERSON = "PERSON"
    """Signed in, and only for what is the person's own."""
    REACH = "REACH"
    """Signed in, and only for what hangs on an account within the person's reach."""
    MANDATE = "MANDATE"
    """Signed in, and only for what hangs on a mandate of the person that is in force today: the function looks."""
    EXPORT = "EXPORT"
    """A program of the manager's own, by its scopes: whosever record it is."""
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
    gated: bool = False
    """Whether, though it is for anybody, who has something to do first gets no answer."""
    mandate: MandateRole | None = None
    """As what somebody has to act to get an answer; of which community or party, the function looks."""


_LEADS_ON: Final = frozenset(
    {"second_factor.show", "second_factor.of_viewers", "viewer.onboarding_states", "viewer_mandates.roles"}
)
"""What is open while a second factor is to be shown, beside what is open to anybody. Sessions are not: who knows a
password alone has not proved that the addresses and devices in their list are theirs to see."""
_STAFF: Final = frozenset({Scope.STAFF, Scope.STAFF_ADMIN})
DECLARED: dict[str, Declared] = {}
"""Every declared function, by ``noun.function``."""


def _declare(
    function: Callable[..., Any],
    scope: Scope,
    licences: frozenset[Licence],
    capability: str | None,
    *,
    gated: bool = False,
    mandate: MandateRole | None = None,
) -> Declared:
    noun = function.__module__.rpartition(".")[2]
    declared = Declared(f"{noun}.{function.__name__}", scope, licences, capability, gated, mandate)
    DECLARED[declared.name] = declared
    return declared


def declared_of(function: Callable[..., Any]) -> Declared | None:
    """The declaration that `function` was made with."""
    return getattr(function, "__declared__", None)


def gate(context: Context) -> Closed | None:
    """Why this caller gets nothing beyond how they are signed in; None for who has nothing to do first."""
    if context.actor.second_factor_due:
        return Closed(AccessReason.SECOND_FACTOR, SHOW_FIRST)
    if context.password_change_due:
        return Closed(AccessReason.CHANGE_PASSWORD, CHANGE_FIRST)
    return None


def refusal(context: Context, declared: Declared) -> Closed | None:
    """Why this caller at this manager gets no answer from the declared function, or None."""
    return not_for_caller(context, declared) or not_held(context, declared)


def not_for_caller(context: Context, declared: Declared) -> Closed | None:
    """Why this caller gets no answer from the declared function at any manager, or None."""
    if declared.scope is Scope.EXPORT and not context.actor.of_manager:
        return _not_exporting(context)
    if lacking := narrowed.lacking(context.actor, declared.name, declared.capability):
        return lacking
    if context.actor.of_manager and (declared.scope is Scope.EXPORT or narrowed.exports(context.actor, declared.name)):
        return None
    if declared.scope is not Scope.PUBLIC and not context.actor.signed_in:
        return _nobody(context)
    if closed := _first(context, declared):
        return closed
    return not_staff(context, declared.scope) if declared.scope in _STAFF else None


def _first(context: Context, declared: Declared) -> Closed | None:
    """What this caller is to do before the declared function answers them, or None."""
    if (declared.scope is Scope.PUBLIC and not declared.gated) or declared.name in _LEADS_ON:
        return None
    closed = gate(context)
    if declared.scope is Scope.SIGNED_IN and closed and closed.reason is AccessReason.CHANGE_PASSWORD:
        return None
    return closed


def not_held(context: Context, declared: Declared) -> Closed | None:
    """Why nobody at this manager gets an answer from the declared function, or None."""
    if declared.licences and declared.licences.isdisjoint(context.manager.licences):
        return Closed(AccessReason.LICENCE, code=ProblemCode.NOT_LICENSED)
    return None


def not_staff(context: Context, scope: Scope) -> Closed | None:
    """Why this caller may not do what is for the staff, or for its admins; None for who may."""
    role = context.actor.staff_role
    if role is None:
        return Closed(AccessReason.ROLE, FOR_STAFF)
    if scope is Scope.STAFF_ADMIN and role is not StaffRole.STAFF_ADMIN:
        return Closed(AccessReason.ROLE, FOR_STAFF_ADMINS)
    if context.manager.staff.second_factor and not context.actor.second_factor_shown:
        return Closed(AccessReason.SECOND_FACTOR, SET_UP_FIRST)
    return None


async def not_mandated(context: Context, declared: Declared) -> Closed | None:
    """Why this caller, who has no mandate in force of the role that it takes, gets no answer; None for who may have."""
    role = declared.mandate
    if role is None or any(mandate.role is role for mandate in await context.mandates()):
        return None
    return for_mandates(role)


def for_mandates(role: MandateRole) -> Closed:
    """The refusal to who does not act as `role` for what they ask of."""
    return Closed(AccessReason.ROLE, FOR_MANDATES[role])


def _not_exporting(context: Context) -> Closed:
    """The refusal to who is no program of the manager's own."""
    if not context.actor.known:
        return _nobody(context)
    return narrowed.for_themselves() if context.actor.seen_by else Closed(AccessReason.ROLE, FOR_EXPORTS)


def _nobody(context: Context) -> Closed:
    if context.actor.client_id is not None:
        return Closed(AccessReason.SIGN_IN, narrowed.FOR_NOBODY)
    return Closed(AccessReason.SIGN_IN, code=ProblemCode.UNAUTHENTICATED)


def batch(
    *,
    scope: Scope,
    method: str | None = None,
    licences: frozenset[Licence] = CORE,
    mandate: MandateRole | None = None,
) -> Callable[
    [Callable[Concatenate[Context, Sequence[Parent], P], Awaitable[Sequence[T]]]],
    Callable[Concatenate[Context, Sequence[Parent], P], Awaitable[Sequence[T | Problem]]],
]:
    """Declare a batch function: context and parents in, one answer for each parent out.

    What asks an office names the contract `method`; `licences` are only for what needs one without asking. What is for
    one kind of mandate names it.
    """
    needed, capability = (LICENCES_OF[method], CAPABILITY_OF[method]) if method else (licences, None)

    def wrap(
        function: Callable[Concatenate[Context, Sequence[Parent], P], Awaitable[Sequence[T]]],
    ) -> Callable[Concatenate[Context, Sequence[Parent], P], Awaitable[Sequence[T | Problem]]]:
        declared = _declare(function, scope, needed, capability, mandate=mandate)

        @wraps(function)
        async def guarded(
            context: Context, parents: Sequence[Parent], *args: P.args, **kwargs: P.kwargs
        ) -> Sequence[T | Problem]:
            problem = refusal(context, declared) or (await not_mandated(context, declared) if mandate else None)
            return [problem] * len(parents) if problem else await function(context, parents, *args, **kwargs)

        guarded.__declared__ = declared  # type: ignore[attr-defined]  read by `declared_of`
        return guarded

    return wrap


def call(
    *, scope: Scope, licences: frozenset[Licence] = CORE, gated: bool = False
) -> Callable[[Callable[Concatenate[Context, P], Awaitable[T]]], Callable[Concatenate[Context, P], Awaitable[T]]]:
    """Declare a root function: context and arguments in, the answer out; a refusal is raised.

    One for anybody may still be `gated`: who has something to do first is told so.
    """

    def wrap(
        function: Callable[Concatenate[Context, P], Awaitable[T]],
    ) -> Callable[Concatenate[Context, P], Awaitable[T]]:
        declared = _declare(function, scope, licences, None, gated=gated)

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
    *, scope: Scope, method: str | None = None
) -> Callable[
    [Callable[Concatenate[Context, P], AsyncGenerator[T, None]]],
    Callable[Concatenate[Context, P], AsyncGenerator[T, None]],
]:
    """Declare the source of a subscription: context and arguments in, events out; a refusal is raised at once.

    `method` is the contract's, which is asked for what the events tell of, if an office is.
    """
    needed, capability = (LICENCES_OF[method], CAPABILITY_OF[method]) if method else (CORE, None)

    def wrap(
        function: Callable[Concatenate[Context, P], AsyncGenerator[T, None]],
    ) -> Callable[Concatenate[Context, P], AsyncGenerator[T, None]]:
        declared = _declare(function, scope, needed, capability)

        @wraps(function)
        def guarded(context: Context, *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[T, None]:
            problem = refusal(context, declared)
            if problem:
                raise problem
            return function(context, *args, **kwargs)

        guarded.__declared__ = declared  # type: ignore[attr-defined]  read by `declared_of`
        return guarded

    return wrap
