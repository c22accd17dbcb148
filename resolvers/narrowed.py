"""What is told to who asks in somebody's place: to a program, by the scopes of its token, and to who of the staff sees
the portal as a customer, as to a program of theirs with all of them.

A program of the manager's own acts for nobody: it reads whosever records its scopes let it export, what hangs on those,
and nothing else (`EXPORTED`).

It is a table, and whatever is not in it is refused. So nothing that changes anything is open to them: no mutation
stands here but those by which seeing ends, and one that is added later does not either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ventanilla.auth.actor import Actor
from ventanilla.auth.scopes import EXPORTS, SCOPES, ordered
from ventanilla.resolvers.problems import AccessReason, Closed

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
    "supplier_invoices": "invoices:read",
}
"""The noun of a capability → the scope that lets it be read."""
READING: Final = frozenset({"read", "list", "lines", "allocations", "instalments", "buildings"})
"""The verbs of capabilities that only read."""
BY_NAME: Final[Mapping[str, str]] = {
    "accounts.of_viewers": "accounts:read",
    "accounts.default_of_viewers": "accounts:read",
    "checkouts.checkout": "payments:read",
    "checkouts.changes": "payments:read",
    "checkouts.of_accounts": "payments:read",
    "checkouts.of_viewers": "payments:read",
    "documents.of_invoices": "invoices:read",
    "documents.of_payments": "payments:read",
    "profile.of_viewers": PROFILE,
    "viewer_mandates.of_viewers": PROFILE,
    "viewer_mandates.roles": PROFILE,
}
"""Declared functions that ask no office by themselves."""
_ACCOUNTS: Final = frozenset({"accounts:export"})
_INVOICES: Final = frozenset({"invoices:export"})
_CHARGES: Final = frozenset({"charges:export"})
_PAYMENTS: Final = frozenset({"payments:export"})
_READINGS: Final = frozenset({"readings:export"})
EXPORTED: Final[Mapping[str, frozenset[str]]] = {
    "exports.accounts": _ACCOUNTS,
    "balances.of_accounts": _ACCOUNTS,
    "exports.invoices": _INVOICES,
    "invoices.lines": _INVOICES,
    "invoices.allocations_of": _INVOICES,
    "exports.charges": _CHARGES,
    "charges.invoices": _CHARGES | _INVOICES,
    "exports.payments": _PAYMENTS,
    "payments.allocations_of": _PAYMENTS,
    "allocations.payments": _PAYMENTS,
    "allocations.invoices": _PAYMENTS | _INVOICES,
    "exports.meter_readings": _READINGS,
    "meters.of_readings": _READINGS,
    "reach.accounts_of": EXPORTS,
}
"""What a program of the manager's own is told → the scopes of which any is enough. Who holds an account and what
premises it is for are in no function of their own: see `lacking_holders`."""
FREE: Final = frozenset({
    "exports.export", "portal.portal", "portal.texts", "viewer.viewer", "viewer.onboarding_states", "nodes.node",
    "nodes.account", "nodes.nodes", "connections.total_count", "explaining.explain",
})  # fmt: skip
"""Declared functions that only lead on to what has a scope of its own, or tell what anybody may know."""
ENDING: Final = frozenset({"seeing.stop_seeing", "sessions.sign_out"})
"""What who sees as a customer may do: see as themselves again, or go."""
FOR_NOBODY: Final = (
    "This program acts for nobody: it reads `export`, and what hangs on that. To read as a person does, ask for a token"
    " by a person's consent, at /oauth/authorize."
)
FOR_THEMSELVES: Final = (
    "You see the portal as somebody else, who alone may do this. See as yourself again: `stopSeeingAs`."
)


def lacking(actor: Actor, name: str, capability: str | None = None) -> Closed | None:
    """Why who asks in somebody's place is not told what the declared function `name` tells; None for all others."""
    if not _narrowed(actor) or name in FREE or (actor.seen_by and name in ENDING):
        return None
    if exports(actor, name):
        return None if EXPORTED[name] & actor.scopes else _without(scope_of(name, capability, actor))
    return lacking_scope(actor, scope_of(name, capability))


def lacking_scope(actor: Actor, scope: str) -> Closed | None:
    """Why who asks in somebody's place is not told what needs `scope`; None for all others."""
    if not _narrowed(actor):
        return None
    if actor.seen_by:
        return None if scope in SCOPES else for_themselves()
    return None if scope in actor.scopes & SCOPES.keys() else _without(scope)


def lacking_holders(actor: Actor) -> Closed | None:
    """Why a program of the manager's own is not told who holds an account, and what premises it is for; None for all
    others."""
    return _without(*_ACCOUNTS) if actor.of_manager and not _ACCOUNTS & actor.scopes else None


def exports(actor: Actor, name: str) -> bool:
    """Whether it is a program of the manager's own, and one with the right scope is told what `name` tells."""
    return actor.of_manager and name in EXPORTED


def for_themselves() -> Closed:
    """The refusal to who sees the portal as somebody else."""
    return Closed(AccessReason.SEEING, FOR_THEMSELVES)


def _without(scope: str) -> Closed:
    end = "." if scope in SCOPES else ", which is given to no program."
    return Closed(AccessReason.SCOPE, f"The token lacks the scope `{scope}`{end}")


def scope_of(name: str, capability: str | None, actor: Actor | None = None) -> str:
    """The scope that a declared function needs of who asks; of what is closed to all of them, one that there is not."""
    if actor and exports(actor, name):
        return ordered(EXPORTED[name])[0]
    noun, _, verb = (capability or "").partition(".")
    if verb in READING:
        return READ_BY.get(noun, f"{noun}:read")
    if name in EXPORTED and name not in BY_NAME:
        return ordered(EXPORTED[name])[0]
    return BY_NAME.get(name, name.partition(".")[0])


def _narrowed(actor: Actor) -> bool:
    return actor.client_id is not None or actor.seen_by is not None
