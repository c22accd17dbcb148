"""The viewer: the person who asks."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ventanilla.auth.actor import Actor
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.context import Context


class OnboardingState(StrEnum):
    """How far a person has come."""

    NEEDS_ACCOUNT = "NEEDS_ACCOUNT"
    READY = "READY"


@call(scope=Scope.PUBLIC)
async def viewer(context: Context) -> Actor | None:
    """Who asks; None when nobody is signed in."""
    return context.actor if context.actor.signed_in else None


def onboarding_states(_context: Context, viewers: Sequence[Actor]) -> list[OnboardingState]:
    """Whether each viewer has an account to look at."""
    return [OnboardingState.READY if viewer.links else OnboardingState.NEEDS_ACCOUNT for viewer in viewers]
