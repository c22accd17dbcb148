"""The whole gateway on PostgreSQL: its store and the offices of two managers share one database."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests import postgres, world
from ventanilla.auth import people, sessions
from ventanilla.auth.actor import GUEST
from ventanilla.backoffice_adapters.book import Fillable
from ventanilla.backoffice_adapters.records import AccountRole, Licence
from ventanilla.gateway.app import create_app
from ventanilla.gateway.services import open_services
from ventanilla.gateway.settings import Settings
from ventanilla.resolvers.context import Context, Services
from ventanilla.schema.schema import build
from ventanilla.store import managers
from ventanilla.store.manager import Manager, OfficeChoice

pytestmark = pytest.mark.anyio
HOME = (Path(__file__).parents[2] / "examples" / "queries" / "home.graphql").read_text("utf-8")
SLUGS = ("sur", "norte")


def owner(slug: str) -> Manager:
    """A manager with one office, as its file would say it."""
    office = OfficeChoice(adapter="embedded", configuration={"database": "env:OFFICES_DATABASE"})
    return world.manager(slug, licences={Licence.UTILITY: "agua", Licence.COMMUNITY: "agua"}, offices={"agua": office})


async def furnish(services: Services, manager: Manager) -> str:
    """Fill the manager's office and let somebody in who reaches the first account; their token."""
    context = Context(
        services=services, manager=manager, host="", actor=GUEST, language="es", request_id="test", address=""
    )
    async with (await context.office("agua")).opened() as office:
        assert isinstance(office, Fillable)
        await office.fill(world.book(manager.slug, Licence.UTILITY))
    now = services.clock()
    async with services.store.work(manager.slug) as work:
        person = await people.add_person(
            work, email="ana@example.com", password=None, given_name="Ana", family_name=manager.slug, now=now
        )
        await people.link_account(
            work,
            person.id,
            office="agua",
            account_key="1",
            number=f"{manager.slug}-001",
            role=AccountRole.HOLDER,
            now=now,
        )
        return (await sessions.issue(work, person.id, now=now)).token


class Portals:
    """Both portals, and somebody's token at each."""

    def __init__(self, app: Any, tokens: dict[str, str]) -> None:
        self._app = app
        self.tokens = tokens

    async def ask(self, slug: str, token: str, query: str = HOME, **variables: Any) -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self._app)
        async with httpx2.AsyncClient(transport=transport, base_url=f"http://{slug}.example") as client:
            body = {"query": query, "variables": variables}
            return await client.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})


@pytest.fixture
async def portals(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Portals]:
    async with postgres.another(postgres_url) as url:
        monkeypatch.setenv("OFFICES_DATABASE", url)
        settings = Settings(data=tmp_path, database_url=url)
        async with open_services(settings) as services:
            await services.store.migrate()
            for slug in SLUGS:
                await managers.add(services.store, owner(slug), source="test")
            tokens = {slug: await furnish(services, owner(slug)) for slug in SLUGS}
        app = create_app(settings, build())
        async with app.router.lifespan_context(app):
            yield Portals(app, tokens)


async def test_each_reads_a_whole_home_page_of_their_own(portals: Portals) -> None:
    for slug, other in (SLUGS, SLUGS[::-1]):
        answer = await portals.ask(slug, portals.tokens[slug])
        assert answer.status_code == 200
        assert "errors" not in answer.json()
        assert f"{slug}-001" in answer.text
        assert f"{slug}-002" not in answer.text
        assert other not in answer.text


async def test_nothing_of_one_opens_anything_of_the_other(portals: Portals) -> None:
    ids = "{ viewer { accounts { nodes { id invoices { nodes { id } } } } } }"
    theirs = (await portals.ask("sur", portals.tokens["sur"], ids)).json()["data"]["viewer"]["accounts"]["nodes"][0]
    found = [theirs["id"], *(invoice["id"] for invoice in theirs["invoices"]["nodes"])]
    assert len(found) == 5

    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    own = await portals.ask("sur", portals.tokens["sur"], query, ids=found)
    foreign = await portals.ask("norte", portals.tokens["norte"], query, ids=found)
    assert [node["id"] for node in own.json()["data"]["nodes"]] == found
    assert foreign.json()["data"]["nodes"] == [None] * 5
    assert (await portals.ask("norte", portals.tokens["sur"])).status_code == 401
