"""``/oauth/authorize``: who asks for what, shown to the person who is to decide, and their decision."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from ventanilla.auth.oauth import answering
from ventanilla.auth.oauth.answering import Consent, Misled, Place
from ventanilla.auth.oauth.asked import Asked, MalformedError, parameters_of
from ventanilla.auth.oauth.server import Answer
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.gateway.lobby import unavailable
from ventanilla.gateway.oauth.page import ALLOW, DENY, Page
from ventanilla.gateway.oauth.requests import Counter, form_of, note

_PURPOSE: Final = "consent"


def consent_page(counter: Counter) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of people: GET asks them, POST does what they decided."""

    async def endpoint(request: Request) -> Response:
        place = await counter.place(request.scope)
        # To tell who asks changes nothing. What does is guarded by the page's own seal, which no other site can have.
        visitor = await counter.lobby.receive(request.scope, changes_nothing=True)
        page = Page(request, visitor)
        try:
            asked = Asked(parameters_of(page.query.decode("ascii", "replace")), method="GET")
            if visitor.actor.session_id is None:
                return page.signed_out()
            return await _answered(counter, place, page, asked)
        except MalformedError:
            return page.misled()
        except DatabaseUnavailableError as error:
            raise unavailable(error) from None

    return endpoint


async def _answered(counter: Counter, place: Place, page: Page, asked: Asked) -> Response:
    """What comes of it for a person who is signed in. A mistake is told before anything is asked of them."""
    found = await answering.consent(counter.services.store, place, asked)
    if not isinstance(found, Consent):
        return _left(page, found)
    if due := page.due(place.now):
        return page.gate(due)
    if page.request.method == "POST":
        return await _decided(counter, place, page, asked)
    return page.asking(found, _seal(counter, page))


async def _decided(counter: Counter, place: Place, page: Page, asked: Asked) -> Response:
    form = parameters_of(await form_of(page.request))
    decision = form.get("decision")
    if not hmac.compare_digest(form.get("seal", ""), _seal(counter, page)) or decision not in {ALLOW, DENY}:
        return page.misled(403)
    person = page.visitor.actor.person_id or ""
    store = counter.services.store
    return _left(page, await answering.decide(store, place, asked, person, allowed=decision == ALLOW))


def _seal(counter: Counter, page: Page) -> str:
    """What only our page for this session and this very request can send back."""
    key = counter.services.keys.of(page.visitor.manager.slug, _PURPOSE)
    session = (page.visitor.actor.session_id or "").encode()
    return hmac.new(key, session + b"\n" + page.query, sha256).hexdigest()


def _left(page: Page, found: Misled | Answer) -> Response:
    """Back to the program, unless there is none to go back to."""
    if isinstance(found, Misled):
        return page.misled()
    note(page.request.scope, found)
    return Response(None, found.status, dict(found.headers))
