"""``/sign-in/{provider}`` leads a browser to an identity provider, ``/sign-in/{provider}/callback`` takes it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ventanilla.auth.providers import linking, visiting
from ventanilla.auth.providers.doors import Doors
from ventanilla.auth.providers.reasons import Reason, Refused
from ventanilla.auth.providers.trouble import ProviderError
from ventanilla.auth.providers.visiting import Arrived
from ventanilla.auth.providers.visits import LIFETIME, Secrets, is_secret, own_path
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.gateway.credential import Cookie
from ventanilla.gateway.lobby import Lobby, Visitor, unavailable
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.sign_in.page import told
from ventanilla.gateway.threshold import notes_of, request_id_of
from ventanilla.resolvers.context import Context

_SEE_OTHER: Final = 303
_LONGEST_TOKEN: Final = 200
_log = structlog.get_logger("ventanilla.sign_in")
Answering = Callable[[Request, Visitor, Context, Doors], Awaitable[Response]]


def sign_in_routes(lobby: Lobby) -> list[BaseRoute]:
    """The routes there and back."""

    def at(answering: Answering) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await _answered(lobby, request, answering)

        return endpoint

    return [
        Route("/sign-in/{provider}", at(_leave), methods=["GET"]),
        Route("/sign-in/{provider}/callback", at(_return), methods=["GET"]),
    ]


async def _answered(lobby: Lobby, request: Request, answering: Answering) -> Response:
    """Tell who comes to which provider's door. The state in the address, and what it is kept by, guard the cookie."""
    if request.method != "GET":  # whoever only looks must not use a visit up
        raise RefusalError(405, "This address does not take that method.", headers={"allow": "GET"})
    visitor = await lobby.receive(request.scope, changes_nothing=True)
    context = lobby.context(visitor, request.headers, request_id_of(request.scope))
    provider = visitor.manager.provider(request.path_params["provider"])
    if provider is None:
        raise RefusalError(404, "Nobody signs in at such a provider here.", code="NOT_FOUND")
    notes_of(request.scope)["provider"] = provider.name
    services = context.services
    doors = Doors(
        store=services.store,
        manager=visitor.manager,
        providers=services.providers,
        provider=provider,
        caller=context.caller,
        language=context.language,
    )
    try:
        return await answering(request, visitor, context, doors)
    except DatabaseUnavailableError as error:
        raise unavailable(error) from None


async def _leave(request: Request, visitor: Visitor, context: Context, doors: Doors) -> Response:
    asked = request.query_params
    return_to = own_path(asked.get("return_to"))
    person_id = None
    if "link" in asked:
        if context.actor.second_factor_due:  # before the address is used up
            return _refused(request, doors, Refused(reason=Reason.SECOND_FACTOR_DUE, return_to=return_to))
        person_id = await _linking(asked["link"], context, doors)
        if person_id is None:
            return _refused(request, doors, Refused(reason=Reason.LINK_OVER, return_to=return_to))
    try:
        begun = await visiting.begin(
            doors,
            browser=_secret(_cookie(visitor).read(request.headers)),
            return_to=return_to,
            now=context.now,
            person_id=person_id,
            accepted_terms=asked.get("accepted_terms"),
        )
    except ProviderError as error:
        return _refused(request, doors, Refused(reason=Reason.PROVIDER_FAILED, return_to=return_to), error)
    if isinstance(begun, Refused):
        return _refused(request, doors, begun)
    kept = f"{_cookie(visitor).written(begun.browser)}; Max-Age={int(LIFETIME.total_seconds())}"
    return RedirectResponse(begun.address, _SEE_OTHER, {"set-cookie": kept})


async def _linking(token: str, context: Context, doors: Doors) -> str | None:
    """Who links by this address: the person it was made for, in a browser where they are signed in."""
    if len(token) > _LONGEST_TOKEN:
        return None
    return await linking.accept(
        doors.store,
        doors.manager.slug,
        context.proofs,
        token=token,
        provider=doors.provider.name,
        person_id=_person(context),
        now=context.now,
    )


async def _return(request: Request, visitor: Visitor, context: Context, doors: Doors) -> Response:
    answer = dict(request.query_params)
    browser, state = _secret(_cookie(visitor).read(request.headers)), _secret(answer.get("state"))
    if browser is None or state is None:
        return _refused(request, doors, Refused(reason=Reason.VISIT_OVER))
    shown = Secrets(browser=browser, state=state)
    ended = await visiting.finish(doors, shown, answer, person_id=_person(context), now=context.now)
    if isinstance(ended, tuple):
        return _refused(request, doors, *ended)
    if isinstance(ended, Refused):
        return _refused(request, doors, ended)
    return _arrived(ended, visitor, context)


def _person(context: Context) -> str | None:
    """Who is signed in at the browser: a whole session, not a program on behalf of somebody."""
    whole = context.actor.session_id is not None and not context.actor.second_factor_due
    return context.actor.person_id if whole else None


def _arrived(ended: Arrived, visitor: Visitor, context: Context) -> Response:
    response = RedirectResponse(ended.return_to, _SEE_OTHER)
    if ended.signed_in is not None:
        response.headers["set-cookie"] = visitor.cookie.written(ended.signed_in.token)
    if ended.signed_in is None or ended.signed_in.letter:
        context.services.wake_worker()
    return response


def _refused(request: Request, doors: Doors, refused: Refused, error: ProviderError | None = None) -> Response:
    notes_of(request.scope)["code"] = refused.reason.value
    if error is not None:
        trouble = {"trouble": error.trouble.value, "detail": error.detail}
        _log.warning("identity provider", manager=doors.manager.slug, provider=doors.provider.name, **trouble)
    return told(doors.manager, doors.provider, refused, doors.language)


def _cookie(visitor: Visitor) -> Cookie:
    """The cookie of visits, of the same kind as the portal's session cookie."""
    return Cookie(f"{visitor.cookie.name}-visit", secure=visitor.cookie.secure)


def _secret(text: str | None) -> str | None:
    return text if text is not None and is_secret(text) else None
