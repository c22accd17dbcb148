"""Programs that may ask for tokens here: listed, registered, given another secret, ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from ventanilla.auth import clients
from ventanilla.auth.audit import AuditKind, note
from ventanilla.auth.clients import Client, ClientError, ClientReason, Keyed
from ventanilla.auth.scopes import nearest
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Param, Refusal, spoken
from ventanilla.resolvers.staff import Desk
from ventanilla.store.tables import is_id
from ventanilla.store.tenancy import Work


class CreateClientReason(StrEnum):
    """Why no program was registered."""

    NAME_INVALID = "NAME_INVALID"
    SCOPE_UNKNOWN = "SCOPE_UNKNOWN"
    SCOPE_REQUIRED = "SCOPE_REQUIRED"
    SCOPE_NOT_FOR_PEOPLE = "SCOPE_NOT_FOR_PEOPLE"
    REDIRECT_URI_INVALID = "REDIRECT_URI_INVALID"
    REDIRECT_URI_REQUIRED = "REDIRECT_URI_REQUIRED"
    TOO_MANY_REDIRECT_URIS = "TOO_MANY_REDIRECT_URIS"


class RotateClientReason(StrEnum):
    """Why a program keeps its secret."""

    NOT_FOUND = "NOT_FOUND"
    REVOKED = "REVOKED"
    PUBLIC = "PUBLIC"


class RevokeClientReason(StrEnum):
    """Why no program was ended."""

    NOT_FOUND = "NOT_FOUND"
    REVOKED = "REVOKED"


_MESSAGES: Final[Mapping[ClientReason, Mapping[str, str]]] = {
    ClientReason.NAME_INVALID: {
        "en": "Give it a name of one line, at most 120 characters: it is what people are asked to trust.",
        "es": "Póngale un nombre de una línea, de hasta 120 caracteres: es lo que las personas verán al autorizarlo.",
        "pl": "Prosimy nadać nazwę w jednym wierszu, do 120 znaków: to jej mają zaufać użytkownicy.",
    },
    ClientReason.SCOPE_UNKNOWN: {
        "en": "There is no such scope.",
        "es": "No existe ese alcance.",
        "pl": "Nie ma takiego zakresu.",
    },
    ClientReason.SCOPE_REQUIRED: {
        "en": "Choose at least one scope.",
        "es": "Elija al menos un alcance.",
        "pl": "Prosimy wybrać co najmniej jeden zakres.",
    },
    ClientReason.SCOPE_NOT_FOR_PEOPLE: {
        "en": "Only a program of your own, without addresses to send people back to, may export: leave this scope out,"
        " or register another program for it.",
        "es": "Solo un programa propio, sin direcciones de retorno, puede exportar: quite este alcance o registre otro"
        " programa para eso.",
        "pl": "Eksportować może tylko program własny, bez adresów powrotu: prosimy usunąć ten zakres lub zarejestrować"
        " do tego inny program.",
    },
    ClientReason.REDIRECT_URI_INVALID: {
        "en": "People cannot be sent to this address. Give https://…, or http://localhost:PORT/…, without user and"
        " fragment.",
        "es": "No se puede enviar a las personas a esta dirección. Indique https://… o http://localhost:PUERTO/…, sin"
        " usuario ni fragmento.",
        "pl": "Pod ten adres nie można nikogo odesłać. Prosimy podać https://… lub http://localhost:PORT/…, bez"
        " użytkownika i fragmentu.",
    },
    ClientReason.REDIRECT_URI_REQUIRED: {
        "en": "A program that keeps no secret acts for people: say where they are sent back to.",
        "es": "Un programa que no guarda ningún secreto actúa por personas: indique adónde se las envía de vuelta.",
        "pl": "Program bez tajnego klucza działa w imieniu osób: prosimy podać, dokąd mają wracać.",
    },
    ClientReason.TOO_MANY_REDIRECT_URIS: {
        "en": "A program may have at most 20 addresses to send people back to.",
        "es": "Un programa puede tener hasta 20 direcciones de retorno.",
        "pl": "Program może mieć najwyżej 20 adresów powrotu.",
    },
    ClientReason.NOT_FOUND: {
        "en": "There is no such program.",
        "es": "No existe ese programa.",
        "pl": "Nie ma takiego programu.",
    },
    ClientReason.REVOKED: {
        "en": "This program was ended. Register another one.",
        "es": "Este programa fue dado de baja. Registre otro.",
        "pl": "Ten program został zakończony. Prosimy zarejestrować inny.",
    },
    ClientReason.PUBLIC: {
        "en": "This program keeps no secret: there is none to be changed.",
        "es": "Este programa no tiene ningún secreto: no hay nada que cambiar.",
        "pl": "Ten program nie ma tajnego klucza: nie ma czego zmieniać.",
    },
}
_MEANT: Final[Mapping[str, str]] = {
    "en": "{message} Did you mean `{near}`?",
    "es": "{message} ¿Quiso decir `{near}`?",
    "pl": "{message} Czy chodziło o `{near}`?",
}
_FIELDS: Final[Mapping[ClientReason, str]] = {
    ClientReason.NAME_INVALID: "name",
    ClientReason.SCOPE_UNKNOWN: "scopes",
    ClientReason.SCOPE_REQUIRED: "scopes",
    ClientReason.SCOPE_NOT_FOR_PEOPLE: "scopes",
    ClientReason.REDIRECT_URI_INVALID: "redirectUris",
    ClientReason.REDIRECT_URI_REQUIRED: "redirectUris",
    ClientReason.TOO_MANY_REDIRECT_URIS: "redirectUris",
}


class NewClient(Record):
    """A program to be registered."""

    name: str
    scopes: Sequence[str]
    redirect_uris: Sequence[str] = ()
    public: bool = False


class Rotation(Record):
    """Which program gets another secret, and whether the former one ends at once."""

    id: str
    at_once: bool = False


class ChosenClient(Record):
    """Which program is meant."""

    id: str


class ClientOutcome(Record):
    """What came of it; the secret, where there is a new one, is told this once."""

    client: Client | None = None
    secret: str | None = None
    user_errors: Sequence[Refusal] = ()

    def __repr__(self) -> str:
        return f"ClientOutcome(client={self.client!r}, secret=…)"


@batch(scope=Scope.STAFF_ADMIN)
async def of_desks(context: Context, desks: Sequence[Desk]) -> list[list[Client]]:
    """The manager's programs, oldest first, those that were ended too."""
    async with context.services.store.work(context.manager.slug) as work:
        found = await clients.listing(work)
    return [found] * len(desks)


@call(scope=Scope.STAFF_ADMIN)
async def create(context: Context, *, what: NewClient) -> ClientOutcome:
    """Register a program."""

    async def act(work: Work) -> Keyed:
        return await clients.add(
            work,
            name=what.name,
            scopes=what.scopes,
            redirect_uris=what.redirect_uris,
            public=what.public,
            created_by=context.actor.person_id,
            now=context.now,
        )

    return await _done(context, AuditKind.CLIENT_CREATED, CreateClientReason, act)


@call(scope=Scope.STAFF_ADMIN)
async def rotate(context: Context, *, which: Rotation) -> ClientOutcome:
    """Give a program another secret; the former one is good for a day more, or ends at once."""

    async def act(work: Work) -> Keyed:
        return await clients.rotate(work, _id(which.id), now=context.now, at_once=which.at_once)

    return await _done(context, AuditKind.CLIENT_SECRET_ROTATED, RotateClientReason, act)


@call(scope=Scope.STAFF_ADMIN)
async def revoke(context: Context, *, which: ChosenClient) -> ClientOutcome:
    """End a program and all its tokens, at once and for good."""

    async def act(work: Work) -> Keyed:
        return Keyed(client=await clients.revoke(work, _id(which.id), now=context.now), secret=None)

    return await _done(context, AuditKind.CLIENT_REVOKED, RevokeClientReason, act)


async def _done(
    context: Context, kind: AuditKind, reasons: type[StrEnum], act: Callable[[Work], Awaitable[Keyed]]
) -> ClientOutcome:
    """Do `act` and write down who did it, or tell why it was not done."""
    actor = context.actor.person_id
    try:
        async with context.services.store.work(context.manager.slug) as work:
            keyed = await act(work)
            told = {"client": keyed.client.name}
            await note(work, kind, context.now, actor_id=actor, person_id=actor, told=told)
    except ClientError as error:
        return ClientOutcome(user_errors=[_refusal(context, reasons, error)])
    return ClientOutcome(client=keyed.client, secret=keyed.secret)


def _refusal(context: Context, reasons: type[StrEnum], error: ClientError) -> Refusal:
    message = spoken(_MESSAGES[error.reason], context.language)
    near = nearest(error.value or "") if error.reason is ClientReason.SCOPE_UNKNOWN else None
    if near:
        message = spoken(_MEANT, context.language).format(message=message, near=near)
    return Refusal(
        reason=reasons(error.reason.value),
        message=message,
        path=(_FIELDS.get(error.reason, "id"),),
        params=() if error.value is None else (Param(key="value", value=error.value),),
    )


def _id(text: str) -> str:
    """What could be an id; what could not is nobody's, and no text that a database takes."""
    return text if is_id(text) else ""
