"""Who is answered what at one manager: told from the declarations, with what this manager can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ventanilla.auth.scopes import SCOPES
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers import narrowed
from ventanilla.resolvers.access import Declared
from ventanilla.resolvers.capabilities import Capability
from ventanilla.schema.roles import Asker, Told, told
from ventanilla.store.manager import Manager

PEOPLE: Final = tuple(asker for asker in Asker if not asker.name.startswith("PROGRAM"))
"""Who may ask, but programs: what those need is told by its scope."""
_SHOWN: Final = frozenset({Told.YES, Told.THEIRS})


class Here(Record):
    """What this manager says of one licence: whether it can be done under it, and why."""

    licence: str
    support: str
    """As `Support` names it: YES, NO, EMULATED."""
    reason: str | None = None
    """As `CapabilityReason` names it; None where it can be done."""
    source: str | None = None
    """The back office that does it."""


class Needs(Record):
    """Who gets an answer, under which scope, licence and capability, and what this manager says."""

    who: tuple[str, ...]
    theirs: bool
    """Whether they get what is their own alone."""
    program: str | None
    """The scope that a program needs; empty where any token is enough, None for what no program is told."""
    capability: str | None
    here: tuple[Here, ...]

    @property
    def everybody(self) -> bool:
        """Whether it is for anybody at all, signed in or not."""
        return len(self.who) == len(PEOPLE)


def needs_of(declared: Declared, manager: Manager, capabilities: Sequence[Capability]) -> Needs:
    """What a declared function needs, at one manager with these `capabilities`."""
    answers = {asker: told(declared, asker) for asker in PEOPLE}
    return Needs(
        who=tuple(asker.value for asker, answer in answers.items() if answer in _SHOWN),
        theirs=Told.THEIRS in answers.values(),
        program=_scope(declared),
        capability=declared.capability,
        here=_here(declared, manager, capabilities),
    )


def _scope(declared: Declared) -> str | None:
    if declared.name in narrowed.FREE:
        return ""
    scope = narrowed.scope_of(declared.name, declared.capability)
    return scope if scope in SCOPES else None


def _here(declared: Declared, manager: Manager, capabilities: Sequence[Capability]) -> tuple[Here, ...]:
    if declared.capability:
        return tuple(
            Here(licence=each.licence, support=each.support, reason=each.reason, source=each.source)
            for each in sorted(capabilities, key=lambda told: told.support == "NO")  # what can be done first
            if each.key == declared.capability and each.licence in declared.licences
        )
    return tuple(
        Here(licence=each, support="YES", source=manager.licences[each])
        if each in manager.licences
        else Here(licence=each, support="NO", reason="LICENCE_MISSING")
        for each in sorted(declared.licences, key=lambda licence: (licence not in manager.licences, licence))
    )
