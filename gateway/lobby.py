"""Who stands at which manager's window: host and credential, told by one statement."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import structlog
from starlette.datastructures import Headers
from starlette.types import Scope

from ventanilla.auth import sessions
from ventanilla.auth.actor import Actor
from ventanilla.auth.attempts import network_of
from ventanilla.auth.identify import Identified, identify
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.gateway.credential import Cookie, Credential, Source, credential_of, unauthenticated
from ventanilla.gateway.heads import headers_of
from ventanilla.gateway.language import preferred
from ventanilla.gateway.origin import is_own_origin
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.threshold import notes_of
from ventanilla.gateway.visit import Network, Visit, visit_of
from ventanilla.resolvers.context import MOST_PAGE, Context, Services
from ventanilla.store import managers
from ventanilla.store.manager import Manager

_MAX_AGENT = 200
_log = structlog.get_logger("ventanilla.lobby")


class Visitor(msgspec.Struct, frozen=True):
    """A request whose host is known: the manager, the actor, and how a session would be kept."""

    visit: Visit
    manager: Manager
    version: int
    """Of the manager: another number after each change of what the store holds of it."""
    actor: Actor
    cookie: Cookie
    stale_cookie: bool
    """Whether a session cookie came that names no living session."""
    touch_due: bool
    """Whether the session's last use is to be written."""

    @property
    def caller(self) -> tuple[str, str]:
        """Whose points and places are counted: the manager's slug, and who it is, or the network of who is nobody."""
        return self.manager.slug, self.actor.called or network_of(self.visit.address)


class Lobby:
    """Receives requests for one process."""

    def __init__(
        self,
        services: Services,
        trusted: Sequence[Network],
        cookie_secure: bool | None,
        *,
        most_page: int = MOST_PAGE,
        tells_engine: bool = False,
    ) -> None:
        self._services = services
        self._trusted = trusted
        self._cookie_secure = cookie_secure
        self._most_page = most_page
        self.tells_engine = tells_engine
        """Whether answers say which engine ran them, for those who work on it."""

    async def receive(self, scope: Scope, *, changes_nothing: bool = False) -> Visitor:
        """Tell who asks whom: 421 for a host of nobody, 401 for a wrong bearer token, 403 for an unguarded cookie.

        A request that `changes_nothing`, whoever sent it, needs no guard beside its cookie. A socket's guard is its
        Origin, for browsers let no page add a header to it.
        """
        visit = visit_of(scope, self._trusted)
        cookie = self._cookie(visit)
        headers = headers_of(scope)
        guarded = changes_nothing or (scope["type"] == "websocket" and is_own_origin(headers, visit))
        credential = credential_of(headers, cookie, guarded=not guarded)
        found, manager = await self._identify(visit, credential)
        notes_of(scope)["manager"] = manager.slug
        if found.actor.client_id is not None:
            notes_of(scope)["client"] = found.actor.client_id
        stale = credential is not None and not found.actor.known
        if credential is not None and stale and credential.source is Source.BEARER:
            raise unauthenticated()
        return _visitor(visit, found, manager, cookie, stale=stale)

    async def anybody(self, scope: Scope) -> Visitor:
        """Who reads a page that is the same for everybody: nobody is looked for behind the request."""
        visit = visit_of(scope, self._trusted)
        found, manager = await self._identify(visit, None)
        return _visitor(visit, found, manager, self._cookie(visit), stale=False)

    async def again(self, scope: Scope, before: Visitor) -> Visitor:
        """Receive anew who was received before: 401 if who asked then is signed out, or is somebody else, by now."""
        visitor = await self.receive(scope)
        if visitor.caller != before.caller:
            raise unauthenticated()
        return visitor

    async def manager(self, scope: Scope) -> Manager:
        """The manager of the host alone, for pages that are the same for everybody."""
        return (await self._identify(visit_of(scope, self._trusted), None))[1]

    async def touch(self, visitor: Visitor) -> None:
        """Write that the visitor's session was used, if that is due; call it once the answer is on its way."""
        session_id = visitor.actor.held_session_id
        if visitor.touch_due and session_id:
            services = self._services
            try:
                await sessions.touch(services.store, visitor.manager.slug, session_id, services.clock())
            except DatabaseUnavailableError as error:
                _told(error)

    def context(self, visitor: Visitor, headers: Headers, request_id: str, *, takes_cookies: bool = True) -> Context:
        """What the resolvers get to know of this request."""
        return Context(
            services=self._services,
            manager=visitor.manager,
            host=visitor.visit.host,
            actor=visitor.actor,
            language=preferred(headers.get("accept-language"), visitor.manager.languages),
            request_id=request_id,
            address=visitor.visit.address,
            user_agent=headers.get("user-agent", "")[:_MAX_AGENT],
            secure=visitor.visit.secure,
            takes_cookies=takes_cookies,
            most_page=self._most_page,
        )

    def _cookie(self, visit: Visit) -> Cookie:
        return Cookie.at(visit, secure=visit.secure if self._cookie_secure is None else self._cookie_secure)

    async def _identify(self, visit: Visit, credential: Credential | None) -> tuple[Identified, Manager]:
        token = credential.token if credential else None
        store = self._services.store
        try:
            found = await identify(store, visit.host, token, self._services.clock())
            stored = await managers.get(store, found.manager, found.version) if found else None
        except DatabaseUnavailableError as error:
            raise unavailable(error) from None
        if found is None or stored is None:
            raise RefusalError(421, "No portal answers at this host.")
        return found, stored.manager


def _visitor(visit: Visit, found: Identified, manager: Manager, cookie: Cookie, *, stale: bool) -> Visitor:
    return Visitor(
        visit=visit,
        manager=manager,
        version=found.version,
        actor=found.actor,
        cookie=cookie,
        stale_cookie=stale,
        touch_due=found.touch_due,
    )


def _told(error: DatabaseUnavailableError) -> None:
    _log.warning("database unavailable", reason=type(error.__cause__).__name__)


def unavailable(error: DatabaseUnavailableError) -> RefusalError:
    """Log that the database did not answer; the refusal that tells the client to try again."""
    _told(error)
    return RefusalError(
        503, "The service cannot answer at the moment. Try again.", code="OVERLOADED", headers={"retry-after": "2"}
    )
