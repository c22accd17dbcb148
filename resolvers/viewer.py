"""The viewer: the person who asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from ventanilla.auth.actor import Actor
from ventanilla.resolvers import narrowed
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import Problem


class OnboardingState(StrEnum):
    """How far a person has come."""

    NEEDS_SECOND_FACTOR = "NEEDS_SECOND_FACTOR"
    NEEDS_PASSWORD = "NEEDS_PASSWORD"  # noqa: S105  the name of a state, not a secret
    NEEDS_ACCOUNT = "NEEDS_ACCOUNT"
    READY = "READY"


@call(scope=Scope.PUBLIC)
async def viewer(context: Context) -> Actor | None:
    """Who asks; None when nobody is signed in."""
    return context.actor if context.actor.signed_in else None


def emails(context: Context, viewers: Sequence[Actor]) -> list[str | Problem | None]:
    """The e-mail address that each viewer signs in with."""
    lacking = narrowed.lacking_scope(context.actor, narrowed.PROFILE)
    return [lacking or viewer.email for viewer in viewers]


def names(context: Context, viewers: Sequence[Actor]) -> list[str | Problem | None]:
    """What each viewer is called."""
    lacking = narrowed.lacking_scope(context.actor, narrowed.PROFILE)
    return [lacking or viewer.name for viewer in viewers]


def password_set_at(context: Context, viewers: Sequence[Actor]) -> list[datetime | Problem | None]:
    """Since when each viewer has their password; None for who has none."""
    lacking = narrowed.lacking_scope(context.actor, narrowed.PROFILE)
    return [lacking or viewer.password_set_at for viewer in viewers]


@batch(scope=Scope.SIGNED_IN)
async def onboarding_states(context: Context, viewers: Sequence[Actor]) -> list[OnboardingState]:
    """What each viewer is to do first. Whoever is here for something else needs no account."""
    password_due = password_changes_due(context, viewers)
    return [await _state(context, viewer, due) for viewer, due in zip(viewers, password_due, strict=True)]


async def _state(context: Context, viewer: Actor, password_due: bool) -> OnboardingState:
    if viewer.second_factor_due:
        return OnboardingState.NEEDS_SECOND_FACTOR
    if password_due:
        return OnboardingState.NEEDS_PASSWORD
    if viewer.staff_role and context.manager.staff.second_factor and not viewer.second_factor_shown:
        return OnboardingState.NEEDS_SECOND_FACTOR
    here_for_something = viewer.links or viewer.staff_role or await context.mandates()
    return OnboardingState.READY if here_for_something else OnboardingState.NEEDS_ACCOUNT


def password_changes_due(context: Context, viewers: Sequence[Actor]) -> list[bool]:
    """Whether each viewer is to change their password before anything else."""
    max_age = context.manager.presentation.password_policy.max_age_days
    return [viewer.password_change_due(max_age, context.now) for viewer in viewers]
