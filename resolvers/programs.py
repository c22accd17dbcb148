"""What a program may be told, by the scopes of its token: a table, and whatever is not in it is not for programs.

So nothing that changes anything is open to them: no mutation stands here, and one that is added later does not either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ventanilla.auth.actor import Actor
from ventanilla.auth.scopes import SCOPES
from ventanilla.resolvers.problems import Problem, ProblemCode

PROFILE: Final = "profile:read"
READ_BY: Final[Mapping[str, str]] = {
    "accounts": "accounts:read",
    "balances": "accounts:read",
    "buildings": "accounts:read",
    "shares": "accounts:read",
    "communities": "accounts:read",
    "enrolments": "accounts:read",
    "invoices": "invoices:read",
    "interest": "invoices:read",
    "charges": "charges:read",
    "accruals": "charges:read",
    "utility_settlements": "charges:read",
    "payments": "payments:read",
    "payment_plans": "payments:read",
    "meters": "readings:read",
    "meter_readings": "readings:read",
    "notices": "notices:read",
}
"""The noun of a capability → the scope that lets it be read."""
READING: Final = frozenset({"read", "list", "lines", "allocations", "instalments", "buildings"})
"""The verbs of capabilities that only read."""
BY_NAME: Final[Mapping[str, str]] = {
    "accounts.of_viewers": "accounts:read",
    "accounts.default_of_viewers": "accounts:read",
    "documents.of_invoices": "invoices:read",
}
"""Declared functions that ask no office by themselves."""
FREE: Final = frozenset({
    "portal.portal", "portal.texts", "viewer.viewer", "nodes.node", "nodes.account", "nodes.nodes",
    "connections.total_count",
})  # fmt: skip
"""Declared functions that only lead on to what has a scope of its own, or tell what anybody may know."""
FOR_NOBODY: Final = "This program acts for nobody: ask for a token by a person's consent, at /oauth/authorize."


def lacking(actor: Actor, name: str, capability: str | None = None) -> Problem | None:
    """Why a program is not told what the declared function `name` tells; None for who is no program, or may be."""
    if actor.client_id is None or name in FREE:
        return None
    return lacking_scope(actor, _scope(name, capability))


def lacking_scope(actor: Actor, scope: str) -> Problem | None:
    """Why a program is not told what needs `scope`; None for who is no program, or has it."""
    if actor.client_id is None or scope in actor.scopes & SCOPES.keys():
        return None
    end = "." if scope in SCOPES else ", which is given to no program."
    return Problem(ProblemCode.FORBIDDEN, f"The token lacks the scope `{scope}`{end}")


def _scope(name: str, capability: str | None) -> str:
    """The scope that a function needs; of what is not for programs, one that there is not."""
    noun, _, verb = (capability or "").partition(".")
    if verb in READING:
        return READ_BY.get(noun, f"{noun}:read")
    return BY_NAME.get(name, name.partition(".")[0])
