"""Identity providers that a portal offers, and the accounts there that a person has linked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from ventanilla.auth.actor import Actor
from ventanilla.auth.providers import linking
from ventanilla.auth.providers.linking import LastWayError
from ventanilla.auth.providers.reasons import Reason
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.store.manager import Manager, SignInWay

_PATH: Final = "/sign-in/"


class StartIdentityLinkReason(StrEnum):
    """Why no account at a provider can be linked."""

    NOT_OFFERED = "NOT_OFFERED"
    ALREADY_LINKED = "ALREADY_LINKED"


class UnlinkIdentityReason(StrEnum):
    """Why an account at a provider stays linked."""

    NOT_LINKED = "NOT_LINKED"
    LAST_SIGN_IN_WAY = "LAST_SIGN_IN_WAY"


_MESSAGES: Final[Mapping[StrEnum, Mapping[str, str]]] = {
    StartIdentityLinkReason.NOT_OFFERED: {
        "en": "Nobody signs in at such a provider here. Choose one that the portal names.",
        "es": "Aquí no se ingresa con ese proveedor. Elija uno de los que nombra el portal.",
        "pl": "Tutaj nie można logować się przez tego dostawcę. Prosimy wybrać jednego z podanych w portalu.",
    },
    StartIdentityLinkReason.ALREADY_LINKED: {
        "en": "You have linked an account there already. Unlink it first to link another one.",
        "es": "Usted ya vinculó una cuenta allí. Desvincúlela primero para vincular otra.",
        "pl": "Konto u tego dostawcy jest już połączone. Aby połączyć inne, najpierw trzeba je odłączyć.",
    },
    UnlinkIdentityReason.NOT_LINKED: {
        "en": "You have linked no account there.",
        "es": "Usted no vinculó ninguna cuenta allí.",
        "pl": "Żadne konto u tego dostawcy nie jest połączone.",
    },
    UnlinkIdentityReason.LAST_SIGN_IN_WAY: {
        "en": "You could not sign in any more without it. Choose a password or add another way first.",
        "es": "Sin ella ya no podría ingresar. Primero elija una contraseña o agregue otra manera.",
        "pl": "Bez niego nie można by się już zalogować. Najpierw prosimy ustawić hasło lub dodać inny sposób.",
    },
}


class OfferedProvider(Record):
    """A provider as the sign-in page shows it."""

    name: str
    title: str
    url: str


class LinkedIdentity(Record):
    """An account at a provider as its person sees it."""

    provider: str
    title: str
    linked_at: datetime
    seen_at: datetime


class WantedLink(Record):
    """Where an account is to be linked, and where to go on afterwards."""

    provider: str
    return_to: str = "/"


class StartedLink(Record):
    """What came of asking to link an account."""

    url: str | None = None
    expires_at: datetime | None = None
    user_errors: list[Refusal] = []


class GivenUpLink(Record):
    """Which account is to be linked no more."""

    provider: str


class Unlinked(Record):
    """What came of ending a link."""

    user_errors: list[Refusal] = []


def providers_of_portals(context: Context, portals: Sequence[Manager]) -> list[list[OfferedProvider]]:
    """Where people may sign in, each with the address that leads there."""
    offered = context.manager.identity_providers if SignInWay.PROVIDER in context.manager.sign_in_ways else ()
    # Who sees them is about to choose one: by then it is known where it is.
    context.services.providers.warm(offered)
    shown = [
        OfferedProvider(name=each.name, title=each.titled(context.language), url=f"{_PATH}{each.name}")
        for each in offered
    ]
    return [shown] * len(portals)


@batch(scope=Scope.PERSON)
async def of_viewers(context: Context, viewers: Sequence[Actor]) -> list[list[LinkedIdentity]]:
    """The identities of each viewer, who is always the one who asks."""
    person_id = context.person_id
    theirs = await linking.of_person(context.services.store, context.manager.slug, person_id)
    return [[_shown(context, each) for each in theirs]] * len(viewers)


@call(scope=Scope.PERSON)
async def start_link(context: Context, *, what: WantedLink) -> StartedLink:
    """Make the address by which the viewer, in this browser, links an account at a provider."""
    if context.manager.provider(what.provider) is None:
        return StartedLink(user_errors=[_refusal(context, StartIdentityLinkReason.NOT_OFFERED)])
    offer = await linking.offer(
        context.services.store,
        context.manager.slug,
        context.proofs,
        provider=what.provider,
        person_id=context.person_id,
        email=context.actor.email or "",
        now=context.now,
    )
    if isinstance(offer, Reason):
        return StartedLink(user_errors=[_refusal(context, StartIdentityLinkReason.ALREADY_LINKED)])
    query = urlencode({"link": offer.token, "return_to": what.return_to})
    return StartedLink(url=f"{_PATH}{what.provider}?{query}", expires_at=offer.expires_at)


@call(scope=Scope.PERSON)
async def unlink(context: Context, *, which: GivenUpLink) -> Unlinked:
    """End the viewer's link with a provider, unless they could not sign in any more."""
    try:
        ended = await linking.detach(
            context.services.store,
            context.manager,
            which.provider,
            context.person_id,
            caller=context.caller,
            now=context.now,
        )
    except LastWayError:
        return Unlinked(user_errors=[_refusal(context, UnlinkIdentityReason.LAST_SIGN_IN_WAY)])
    return Unlinked() if ended else Unlinked(user_errors=[_refusal(context, UnlinkIdentityReason.NOT_LINKED)])


def _shown(context: Context, identity: linking.Identity) -> LinkedIdentity:
    """One that was linked at a provider which is offered no more is called by its short name."""
    provider = context.manager.provider(identity.provider)
    return LinkedIdentity(
        provider=identity.provider,
        title=provider.titled(context.language) if provider else identity.provider,
        linked_at=identity.linked_at,
        seen_at=identity.seen_at,
    )


def _refusal(context: Context, reason: StrEnum) -> Refusal:
    return refused(reason, _MESSAGES[reason], context.language, "provider")
