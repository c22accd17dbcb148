"""Programs at two portals, people who consent, and a clock that a test moves."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from starlette.applications import Starlette
from starlette.middleware import Middleware

from tests.world import NOW, World, open_world
from ventanilla.auth import clients
from ventanilla.auth.clients import Keyed
from ventanilla.auth.identify import identify
from ventanilla.gateway.lobby import Lobby
from ventanilla.gateway.oauth.routes import oauth_routes
from ventanilla.gateway.threshold import Threshold

BACK = "https://program.example/back?kept=1"
VERIFIER = "v" * 43
ANA = "ana@example.org"
READ = ("accounts:read", "invoices:read")


def challenge(verifier: str = VERIFIER) -> str:
    """What S256 makes of a verifier."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Programs:
    """Two portals and what one may do to their authorization servers."""

    world: World
    now: datetime = NOW
    answers: list[str] = field(default_factory=list[str])
    """Everything that was answered, to look for what should not be there."""

    def later(self, **passed: float) -> None:
        """Move the clock."""
        self.now += timedelta(**passed)

    async def add(self, slug: str = "sur", **asked: Any) -> Keyed:
        """Register a program; it acts for people unless it is given no redirect URIs."""
        given: dict[str, Any] = {"name": "Planilla", "scopes": READ, "redirect_uris": (BACK,), **asked}
        async with self.world.services.store.work(slug) as work:
            return await clients.add(work, now=self.now, **given)

    async def own(self, slug: str = "sur", **asked: Any) -> Keyed:
        """Register a program of the manager's own."""
        return await self.add(slug, redirect_uris=(), **asked)

    def browser(self, slug: str = "sur", *, peer: str = "203.0.113.9", **headers: str) -> httpx2.AsyncClient:
        """A client of one portal."""
        services = replace(self.world.services, clock=lambda: self.now)
        routes = oauth_routes(Lobby(services, (), None), services, ())
        app = Starlette(routes=routes, middleware=[Middleware(Threshold)])
        transport = httpx2.ASGITransport(app=app, client=(peer, 4711))
        return httpx2.AsyncClient(transport=transport, base_url=f"https://{slug}.example", headers=headers)

    async def post(
        self, path: str, form: Mapping[str, str], client: Keyed | None = None, slug: str = "sur", **more: Any
    ) -> httpx2.Response:
        """Post a form; `client` says who it is by its header."""
        auth = (client.client.id, client.secret or "") if client else None
        async with self.browser(slug, peer=more.pop("peer", "203.0.113.9")) as browser:
            got = await browser.post(path, data=form, auth=auth, **more)
        self.answers.append(got.text)
        return got

    async def token(self, form: Mapping[str, str], client: Keyed | None = None, **more: Any) -> httpx2.Response:
        """Ask for a token."""
        return await self.post("/oauth/token", form, client, **more)

    async def own_token(self, client: Keyed, **form: str) -> str:
        """An access token of a program of the manager's own."""
        got = await self.token({"grant_type": "client_credentials", **form}, client)
        assert got.status_code == 200, got.text
        return got.json()["access_token"]

    async def session(self, slug: str = "sur", email: str = ANA) -> dict[str, str]:
        """The cookie of somebody who is signed in."""
        return {"cookie": f"__Host-ventanilla={await self.world.token(slug, email)}"}

    def request(self, client: Keyed, **changed: str | None) -> dict[str, str]:
        """What a program sends a browser to /oauth/authorize with; None leaves a parameter out."""
        usual: dict[str, str | None] = {
            "response_type": "code",
            "client_id": client.client.id,
            "redirect_uri": BACK,
            "scope": "accounts:read",
            "state": "st&te",
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
            **changed,
        }
        return {name: value for name, value in usual.items() if value is not None}

    async def decide(
        self, request: Mapping[str, str], headers: Mapping[str, str], decision: str = "allow", slug: str = "sur"
    ) -> httpx2.Response:
        """See the page and press one of its buttons."""
        async with self.browser(slug, **headers) as browser:
            address = f"/oauth/authorize?{urlencode(request)}"
            shown = await browser.get(address)
            assert shown.status_code == 200, shown.text
            form = {"seal": seal_in(shown.text), "decision": decision}
            action = unescape(re.findall(r'action="([^"]*)"', shown.text)[0])
            return await browser.post(f"/oauth/authorize{action}", data=form)

    async def code(self, client: Keyed, email: str = ANA, slug: str = "sur", **changed: str | None) -> str:
        """A code that somebody consented to."""
        got = await self.decide(self.request(client, **changed), await self.session(slug, email), slug=slug)
        return told(got)["code"]

    async def exchange(self, client: Keyed, given: str, **changed: Any) -> httpx2.Response:
        """Exchange the code that was `given`, or another one; None leaves a parameter out."""
        form = {"grant_type": "authorization_code", "code": given, "redirect_uri": BACK, "code_verifier": VERIFIER}
        sent = {name: value for name, value in {**form, **changed}.items() if value is not None}
        if client.secret is None:
            return await self.token({**sent, "client_id": client.client.id})
        return await self.token(sent, client)

    async def refresh(self, client: Keyed, refresh: str, **form: str) -> httpx2.Response:
        """Exchange a refresh token."""
        return await self.token({"grant_type": "refresh_token", "refresh_token": refresh, **form}, client)

    async def consented(self, client: Keyed, **changed: str | None) -> dict[str, Any]:
        """The tokens of a program that somebody consented to."""
        got = await self.exchange(client, await self.code(client, **changed))
        assert got.status_code == 200, got.text
        return got.json()

    async def works(self, token: str, slug: str = "sur") -> bool:
        """Whether a token stands for somebody at a portal."""
        found = await identify(self.world.services.store, f"{slug}.example", token, self.now)
        assert found is not None
        return found.actor.known


def seal_in(page: str) -> str:
    """The seal of a consent page."""
    return re.findall(r'name="seal" value="([0-9a-f]{64})"', page)[0]


def told(response: httpx2.Response) -> dict[str, str]:
    """What a browser carries back to a program."""
    assert response.status_code == 303, response.text
    found = parse_qs(urlsplit(response.headers["location"]).query, strict_parsing=True)
    return {name: value for name, (value,) in found.items()}


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Programs]:
    """Two portals, with Ana at both and Beto at one."""
    async with open_world(folder) as world:
        for slug in ("sur", "norte"):
            await world.person(slug, ANA, [("agua", "1")])
        await world.person("sur", "beto@example.org", [("agua", "2")])
        yield Programs(world)
