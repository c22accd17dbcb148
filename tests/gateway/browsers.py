"""Browsers, with a real cookie jar each, and portals on real sockets that they visit."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
from starlette.types import ASGIApp

from tests.gateway.conftest import manager
from tests.gateway.demo.process import TLS
from tests.gateway.raw import Served, served
from tests.provider import CLIENT
from tests.tables import opened
from ventanilla.auth import people
from ventanilla.auth.csrf import HEADER
from ventanilla.gateway.app import create_app
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.settings import Settings
from ventanilla.schema.schema import build
from ventanilla.store import managers
from ventanilla.store.manager import IdentityMatch, IdentityProvider, Manager, SignInWay
from ventanilla.store.store import Store

SCHEMA = build()
SECRET_VARIABLE = "PORTAL_CLIENT_SECRET"
VIEWER = "{ viewer { email name identities { provider title } sessions { id } } }"


def provider_at(issuer: str, name: str = "acme", **changes: Any) -> IdentityProvider:
    settings: dict[str, Any] = {
        "name": name,
        "title": {"es-AR": "Cuenta Acme", "en": "Acme account"},
        "issuer": issuer,
        "client_id": CLIENT,
        "client_secret": f"env:{SECRET_VARIABLE}",
        "match": IdentityMatch.VERIFIED_EMAIL,
    }
    return IdentityProvider(**{**settings, **changes})


class Browser:
    """Goes where it is led, one step at a time, and keeps its cookies."""

    def __init__(self, address: str, **headers: str) -> None:
        self.address = address
        self.client = httpx2.AsyncClient(
            headers={"accept": "text/html", "accept-language": "en", **headers}, trust_env=False, timeout=20, verify=TLS
        )

    async def get(self, path: str) -> httpx2.Response:
        return await self.client.get(path if path.startswith("http") else self.address + path)

    async def callback(self, way_in: str = "/sign-in/acme") -> str:
        """The address that the provider sends the browser back to."""
        left = await self.get(way_in)
        assert left.status_code == 303, left.text
        back = await self.get(left.headers["location"])
        assert back.status_code == 302, back.text
        return back.headers["location"]

    async def walk(self, way_in: str = "/sign-in/acme") -> httpx2.Response:
        """Go to the provider and back; what the portal then says."""
        return await self.get(await self.callback(way_in))

    async def ask(self, query: str, **variables: Any) -> Any:
        answer = await self.client.post(
            f"{self.address}/graphql",
            json={"query": query, "variables": variables},
            headers={HEADER: "1", "accept": "application/json"},
        )
        assert "errors" not in answer.json(), answer.json()
        return answer.json()["data"]

    async def viewer(self) -> Any:
        return (await self.ask(VIEWER))["viewer"]


class Portals:
    """The portals of one process: ``aguas`` at 127.0.0.1, ``lares`` at localhost."""

    def __init__(self, app: ASGIApp, store: Store, running: Served) -> None:
        self._app = app
        self.store = store
        self.running = running
        self.port = port = running.port
        self.hosts = {"aguas": f"127.0.0.1:{port}", "lares": f"localhost:{port}"}
        self._browsers: list[Browser] = []

    async def offer(self, *providers: IdentityProvider, slug: str = "aguas", **changes: Any) -> None:
        """Let people sign in at these providers, or change what the manager has decided."""
        ways = changes.pop("ways", (SignInWay.PASSWORD, SignInWay.PROVIDER))
        known = manager(slug, self.hosts[slug])
        settings = {name: getattr(known, name) for name in known.__struct_fields__}
        settings |= {"sign_in_ways": ways, "identity_providers": providers, **changes}
        await managers.add(self.store, Manager(**settings), source="test")

    def browser(self, slug: str = "aguas", **headers: str) -> Browser:
        browser = Browser(f"http://{self.hosts[slug]}", **headers)
        self._browsers.append(browser)
        return browser

    async def person(self, email: str = "alice@example.com", slug: str = "aguas", password: str | None = None) -> str:
        async with self.store.work(slug) as work:
            person = await people.add_person(
                work, email=email, password=password, given_name="Ana", family_name="Paz", now=utc_now()
            )
        return person.id

    def inside(self, scheme: str, slug: str = "aguas") -> httpx2.AsyncClient:
        """A client that asks without a socket, as if it had come by this scheme."""
        transport = httpx2.ASGITransport(app=self._app)
        return httpx2.AsyncClient(transport=transport, base_url=f"{scheme}://{self.hosts[slug]}")

    async def close(self) -> None:
        for browser in self._browsers:
            await browser.client.aclose()


@asynccontextmanager
async def portals_in(folder: Path, **settings: Any) -> AsyncGenerator[Portals]:
    """Portals of a process that keeps what it has in `folder`; their managers are there once they offer something."""
    chosen = Settings(data=folder, worker=False, **settings)
    store = await opened(chosen.database)
    app = create_app(chosen, SCHEMA)
    try:
        async with app.router.lifespan_context(app), served(app) as running:
            portals = Portals(app, store, running)
            yield portals
            await portals.close()
    finally:
        await store.close()


def parameters(address: str) -> Mapping[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
