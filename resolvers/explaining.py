"""Why something is there for who asks, or not: told by the functions that let in and refuse, so that they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from ventanilla.auth.mandates import MandateRole
from ventanilla.auth.scopes import SCOPES
from ventanilla.backoffice_adapters.contract import Support
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers import narrowed
from ventanilla.resolvers.access import DECLARED, Declared, Scope, call, not_for_caller, not_held, not_mandated
from ventanilla.resolvers.asking import support
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import AccessReason, invalid_argument
from ventanilla.resolvers.refusals import spoken

MOST_COORDINATES: Final = 100


class Access(StrEnum):
    """Whether something is there for who asks."""

    YES = "YES"
    NO = "NO"
    DEPENDS = "DEPENDS"


class AccessCause(Record):
    """One reason why something is not there, or not always."""

    code: AccessReason
    message: str


class AccessExplanation(Record):
    """Whether a field is there for who asks, and why not, or not always."""

    coordinate: str
    answer: Access
    reasons: tuple[AccessCause, ...] = ()


@call(scope=Scope.PUBLIC)
async def explain(context: Context, *, coordinates: Sequence[str]) -> list[AccessExplanation]:
    """What is there for who asks, of fields that are named as ``Type.field``, in their order."""
    if len(coordinates) > MOST_COORDINATES:
        raise invalid_argument(
            f"`coordinates` takes at most {MOST_COORDINATES} at once; there were {len(coordinates)}."
        )
    return [await _explained(context, each) for each in coordinates]


async def _explained(context: Context, coordinate: str) -> AccessExplanation:
    known = context.services.coordinates
    if coordinate not in known:
        return _told(context, coordinate, Access.NO, [AccessReason.UNKNOWN_COORDINATE])
    declared = DECLARED.get(known[coordinate] or "")
    if declared is None:
        return _told(context, coordinate, Access.DEPENDS, [AccessReason.PARENT])
    if why := await _refused(context, declared):
        return _told(context, coordinate, Access.NO, why, declared)
    if why := await _varying(context, declared):
        return _told(context, coordinate, Access.DEPENDS, why, declared)
    return AccessExplanation(coordinate=coordinate, answer=Access.YES)


async def _refused(context: Context, declared: Declared) -> list[AccessReason]:
    """Why it is refused, whatever it is asked of: who asks, what the manager holds, what its offices can."""
    caller = not_for_caller(context, declared) or await not_mandated(context, declared)
    reasons = [each.reason for each in (caller, not_held(context, declared)) if each]
    if _supported(context, declared, frozenset(context.manager.offices)) == {False}:
        reasons.append(AccessReason.CAPABILITY)
    return reasons


async def _varying(context: Context, declared: Declared) -> list[AccessReason]:
    """What it depends on, of whom it is not refused."""
    if declared.scope is Scope.MANDATE:
        return [] if await context.mandates() else [AccessReason.ROLE]
    if declared.scope is not Scope.REACH or context.actor.of_manager:
        return [AccessReason.CAPABILITY] if _fails(context, declared, frozenset(context.manager.offices)) else []
    homes = frozenset(link.office for link in context.actor.links)
    if not homes:
        return [AccessReason.NO_ACCOUNT]
    reasons = [] if _serve(context, declared, homes) else [AccessReason.LICENCE]
    return [*reasons, AccessReason.CAPABILITY] if _fails(context, declared, homes) else reasons


def _serve(context: Context, declared: Declared, homes: frozenset[str]) -> bool:
    """Whether each of the offices holds a licence for it, or another one is asked in their place."""
    routed = declared.capability in context.manager.routing
    return (
        routed or not declared.licences or all(declared.licences & context.manager.licences_of(each) for each in homes)
    )


def _fails(context: Context, declared: Declared, homes: frozenset[str]) -> bool:
    return False in _supported(context, declared, homes)


def _supported(context: Context, declared: Declared, homes: frozenset[str]) -> set[bool]:
    """Whether those that are asked for it can: the offices that hold a licence for it, or the one it is routed to."""
    capability, manager = declared.capability, context.manager
    if capability is None:
        return set()
    routed = manager.routing.get(capability)
    asked = {routed} if routed else {each for each in homes if declared.licences & manager.licences_of(each)}
    return {support(context, each, capability) is not Support.NO for each in asked}


def _told(
    context: Context,
    coordinate: str,
    answer: Access,
    reasons: Sequence[AccessReason],
    declared: Declared | None = None,
) -> AccessExplanation:
    causes = [AccessCause(code=each, message=_message(context, each, declared)) for each in reasons]
    return AccessExplanation(coordinate=coordinate, answer=answer, reasons=tuple(causes))


def _message(context: Context, reason: AccessReason, declared: Declared | None) -> str:
    texts = _MESSAGES[reason]
    if declared and reason is AccessReason.ROLE:
        texts = _FOR_ROLE.get(declared.mandate or declared.scope, texts)
    scope = narrowed.scope_of(declared.name, declared.capability, context.actor) if declared else ""
    if reason is AccessReason.SCOPE and scope not in SCOPES:
        texts = _FOR_NO_PROGRAM
    return spoken(texts, context.language).format(scope=scope)


_MESSAGES: Final[Mapping[AccessReason, Mapping[str, str]]] = {
    AccessReason.SIGN_IN: {
        "en": "Sign in first.",
        "es": "Primero ingrese.",
        "pl": "Najpierw prosimy się zalogować.",
    },
    AccessReason.ROLE: {
        "en": "This is for somebody who acts for a community or supplies us, as long as they do.",
        "es": "Esto es para quien actúa por una comunidad o es proveedor, mientras lo sea.",
        "pl": "To jest dla osób działających w imieniu wspólnoty i dla dostawców, póki nimi są.",
    },
    AccessReason.SECOND_FACTOR: {
        "en": "Show your second factor first; set one up if you have none.",
        "es": "Primero muestre su segundo factor; si no tiene, configure uno.",
        "pl": "Najpierw prosimy podać drugi składnik logowania lub go ustawić, jeśli go nie ma.",
    },
    AccessReason.CHANGE_PASSWORD: {
        "en": "Change your password first.",
        "es": "Primero cambie su contraseña.",
        "pl": "Najpierw prosimy zmienić hasło.",
    },
    AccessReason.LICENCE: {
        "en": "This is none of the services here, or not for every account of yours.",
        "es": "Este servicio no se presta aquí, o no para todas sus cuentas.",
        "pl": "Tej usługi tu nie ma albo nie obejmuje ona wszystkich Państwa kont.",
    },
    AccessReason.CAPABILITY: {
        "en": "The office behind this portal, or one of them, cannot tell this.",
        "es": "La oficina detrás de este portal, o alguna de ellas, no puede informarlo.",
        "pl": "Biuro obsługujące ten portal, lub jedno z nich, nie może tego podać.",
    },
    AccessReason.SCOPE: {
        "en": "The program was not allowed `{scope}`.",
        "es": "Al programa no se le permitió `{scope}`.",
        "pl": "Program nie ma zgody na `{scope}`.",
    },
    AccessReason.SEEING: {
        "en": "You see the portal as somebody else, who alone may do this.",
        "es": "Usted ve el portal como otra persona, y solo ella puede hacerlo.",
        "pl": "Widzą Państwo portal jako inna osoba i tylko ona może to zrobić.",
    },
    AccessReason.NO_ACCOUNT: {
        "en": "Link an account first.",
        "es": "Primero vincule una cuenta.",
        "pl": "Najpierw prosimy dodać konto.",
    },
    AccessReason.PARENT: {
        "en": "This comes with what it belongs to.",
        "es": "Esto viene con aquello a lo que pertenece.",
        "pl": "To przychodzi razem z tym, do czego należy.",
    },
    AccessReason.UNKNOWN_COORDINATE: {
        "en": "There is no such field. Write it as `Account.invoices`.",
        "es": "No existe ese campo. Escríbalo como `Account.invoices`.",
        "pl": "Nie ma takiego pola. Prosimy zapisać je jak `Account.invoices`.",
    },
}
_FOR_ROLE: Final[Mapping[StrEnum, Mapping[str, str]]] = {
    MandateRole.BOARD_MEMBER: {
        "en": "This is for members of a community's board, as long as they are.",
        "es": "Esto es para quienes integran el consejo de una comunidad, mientras lo integren.",
        "pl": "To jest dla członków zarządu wspólnoty, póki nimi są.",
    },
    MandateRole.SUPPLIER: {
        "en": "This is for suppliers, as long as they are.",
        "es": "Esto es para proveedores, mientras lo sean.",
        "pl": "To jest dla dostawców, póki nimi są.",
    },
    Scope.EXPORT: {
        "en": "This is for programs of our own.",
        "es": "Esto es para programas propios de la administración.",
        "pl": "To jest dla własnych programów zarządcy.",
    },
    Scope.STAFF: {
        "en": "This is for people who work here.",
        "es": "Esto es para quienes trabajan aquí.",
        "pl": "To jest dla osób, które tu pracują.",
    },
    Scope.STAFF_ADMIN: {
        "en": "This is for people who administer access here.",
        "es": "Esto es para quienes administran los accesos.",
        "pl": "To jest dla osób zarządzających dostępem.",
    },
}
_FOR_NO_PROGRAM: Final[Mapping[str, str]] = {
    "en": "No program is told this.",
    "es": "Esto no se le informa a ningún programa.",
    "pl": "Tego nie podaje się żadnemu programowi.",
}
