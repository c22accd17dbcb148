"""The role table: who is answered what, printed from the declarations. `ROLES.md` is its reviewed text.

It is reckoned from what each function says of itself, by rules of its own: a test asks everything as everybody and
compares. So a rule that is changed by mistake, here or where it is enforced, is found out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from graphql import GraphQLSchema

from ventanilla.auth.scopes import SCOPES
from ventanilla.resolvers import narrowed
from ventanilla.resolvers.access import DECLARED, Declared, Scope
from ventanilla.schema.schema import coordinates


class Asker(StrEnum):
    """Who may ask."""

    GUEST = "guest"
    NEWCOMER = "customer without account"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    BOARD_MEMBER = "board member"
    STAFF = "staff"
    STAFF_ADMIN = "staff admin"
    PROGRAM_OF_MANAGER = "program of the manager"
    PROGRAM = "program of a customer"
    ONLOOKER = "staff as a customer"


class Told(StrEnum):
    """What they are told."""

    YES = "yes"
    THEIRS = "theirs"
    NOTHING = "nothing"
    SIGN_IN = "sign in"
    NO = "no"


LET_IN: Final = frozenset({Told.YES, Told.THEIRS, Told.NOTHING})
"""Of whom it is not refused. SIGN_IN is the error UNAUTHENTICATED, NO is FORBIDDEN."""
_STAFF: Final = frozenset({Asker.STAFF, Asker.STAFF_ADMIN})
_IN_PLACE: Final = frozenset({Asker.PROGRAM_OF_MANAGER, Asker.PROGRAM, Asker.ONLOOKER})
"""Who asks in somebody's place."""
_OWN: Final[Mapping[Scope, frozenset[Asker]]] = {
    Scope.SIGNED_IN: frozenset(Asker),
    Scope.PERSON: frozenset(Asker),
    Scope.REACH: frozenset({Asker.CUSTOMER, Asker.PROGRAM, Asker.ONLOOKER}),
    Scope.MANDATE: frozenset({Asker.SUPPLIER, Asker.BOARD_MEMBER}),
}
"""Who has something of their own that is told under each scope."""
_EXPORTING: Final = {Asker.PROGRAM_OF_MANAGER: Told.YES, Asker.GUEST: Told.SIGN_IN}
"""What is told under the scope of exports: to nobody else."""
_HEAD: Final = """\
# Who is answered what

Written by `ventanilla roles`; do not edit. A test asks every field as everybody and compares.

What a field needs stands first: its scope (`Scope` in `resolvers/access.py`), one of the licences, the capability of
the office that is asked. Fields that are not listed come with what they belong to.

Then who is let in: `yes`; `theirs`, what is their own, under accounts or mandates; `nothing`, which is not refused, but
they have none; `sign in`, refused with UNAUTHENTICATED; `no`, refused with FORBIDDEN. Programs have every scope here
(`resolvers/narrowed.py` says which one a field takes), and nobody has anything to do first. What a program of the
manager is told is told whosever it is, but for `node`, which leads it nowhere.
"""


def table(schema: GraphQLSchema) -> str:
    """The whole text, in Markdown."""
    rows = sorted(declared_fields(schema).items(), key=_place)
    needs = [[coordinate, *_needs(declared)] for coordinate, declared in rows]
    cells = [[coordinate, *(told(declared, asker) for asker in Asker)] for coordinate, declared in rows]
    parts = [
        _HEAD,
        "## What each field needs\n",
        _written(["field", "scope", "licences", "capability"], needs),
        "## Who is let in\n",
        _written(["field", *Asker], cells),
    ]
    return "\n".join(parts)


def declared_fields(schema: GraphQLSchema) -> dict[str, Declared]:
    """Each field of which a declared function decides who gets its answer."""
    return {coordinate: DECLARED[name] for coordinate, name in coordinates(schema).items() if name}


def told(declared: Declared, asker: Asker) -> Told:
    """What `asker` is told by a function, as far as the function says."""
    if declared.scope is Scope.EXPORT:
        return _EXPORTING.get(asker, Told.NO)
    if asker in _IN_PLACE:
        return _told_in_place(declared, asker)
    if asker is Asker.GUEST and declared.scope is not Scope.PUBLIC:
        return Told.SIGN_IN
    return _told_themselves(declared, asker)


def _told_themselves(declared: Declared, asker: Asker) -> Told:
    """What somebody who asks for themselves is told."""
    if declared.scope is Scope.PUBLIC:
        return Told.YES
    if declared.scope is Scope.STAFF_ADMIN:
        return Told.YES if asker is Asker.STAFF_ADMIN else Told.NO
    if declared.scope is Scope.STAFF:
        return Told.YES if asker in _STAFF else Told.NO
    return _told_own(declared, asker)


def _told_in_place(declared: Declared, asker: Asker) -> Told:
    """What who asks in somebody's place is told: what the table opens; to a program of the manager what is public, and
    what hangs on what it exports."""
    if asker is Asker.PROGRAM_OF_MANAGER and declared.name in narrowed.EXPORTED:
        return Told.YES
    ends = asker is Asker.ONLOOKER and declared.name in narrowed.ENDING
    opened = declared.name in narrowed.FREE or narrowed.scope_of(declared.name, declared.capability) in SCOPES
    if not opened and not ends:
        return Told.NO
    if declared.scope is Scope.PUBLIC:
        return Told.YES
    return Told.NO if asker is Asker.PROGRAM_OF_MANAGER else _told_own(declared, asker)


def _told_own(declared: Declared, asker: Asker) -> Told:
    if declared.mandate and asker.name != declared.mandate.name:
        return Told.NO
    return Told.THEIRS if asker in _OWN[declared.scope] else Told.NOTHING


def _needs(declared: Declared) -> list[str]:
    licences = ", ".join(sorted(declared.licences))
    return [declared.scope.value, licences, f"`{declared.capability}`" if declared.capability else ""]


def _place(row: tuple[str, Declared]) -> tuple[int, str]:
    """Roots first, then types by name."""
    roots = ("Query.", "Mutation.", "Subscription.")
    return next((place for place, root in enumerate(roots) if row[0].startswith(root)), len(roots)), row[0]


def _written(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([*map(_line, [head, ["---"] * len(head), *rows])]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
