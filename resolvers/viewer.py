"""The viewer: the person who asks."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ventanilla.auth.actor import Actor
from ventanilla.resolvers import programs
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem


class OnboardingState(StrEnum):
    """How far a person has come."""

    NEEDS_PASSWORD = "NEEDS_PASSWORD"  # noqa: S105  the name of a state, not a secret
    NEEDS_ACCOUNT = "NEEDS_ACCOUNT"
    READY = "READY"


@call(scope=Scope.PUBLIC)
async def viewer(context: Context) -> Actor | None:
    """Who asks; None when nobody is signed in."""
    return context.actor if context.actor.signed_in else None


def emails(context: Context, viewers: Sequence[Actor]) -> list[str | Problem | None]:
    """The e-mail address that each viewer signs in with."""
    lacking = programs.lacking_scope(context.actor, programs.PROFILE)
    return [lacking or viewer.email for viewer in viewers]


def names(context: Context, viewers: Sequence[Actor]) -> list[str | Problem | None]:
    """What each viewer is called."""
    lacking = programs.lacking_scope(context.actor, programs.PROFILE)
    return [lacking or viewer.name for viewer in viewers]


def onboarding_states(context: Context, viewers: Sequence[Actor]) -> list[OnboardingState]:
    """What each viewer is to do first."""
    return [_state(viewer, due) for viewer, due in zip(viewers, password_changes_due(context, viewers), strict=True)]


def _state(viewer: Actor, due: bool) -> OnboardingState:
    if due:
        return OnboardingState.NEEDS_PASSWORD
    return OnboardingState.READY if viewer.links else OnboardingState.NEEDS_ACCOUNT


def password_changes_due(context: Context, viewers: Sequence[Actor]) -> list[bool]:
    """Whether each viewer is to change their password before anything else."""
    max_age = context.manager.presentation.password_policy.max_age_days
    return [viewer.password_change_due(max_age, context.now) for viewer in viewers]
