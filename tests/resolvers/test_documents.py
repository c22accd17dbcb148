"""Addresses of papers: given without making anything, and good for nobody but who asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.world import NOW, World, manager, open_world
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.pdf.paper import DocumentFormat
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.document_links import LIFE, PATH
from ventanilla.resolvers.documents import wanted
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.problems import Problem, ProblemCode
from ventanilla.store.manager import Presentation

pytestmark = pytest.mark.anyio

DOCUMENT = """
query ($id: ID!, $format: DocumentFormat! = PDF) {
  node(id: $id) { ... on Invoice { document(format: $format) { url expiresAt mediaType fileName } } }
}
"""


@pytest.fixture
async def ana(world: World) -> Actor:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    await world.person("sur", "beto@example.org", [("agua", "1"), ("agua", "2")])
    await world.person("norte", "carla@example.org", [("agua", "1")])
    return await world.actor("sur", "ana@example.org")


async def document(world: World, actor: Actor, form: str = "PDF", key: str = "D1") -> dict[str, Any]:
    named = world.context("sur").ids.column(Kind.INVOICE, "agua", [key])[0]
    outcome = await world.ask("sur", DOCUMENT, actor, id=named, format=form)
    assert outcome.errors == []
    assert outcome.data
    return outcome.data["node"]["document"]


def token_of(told: dict[str, Any]) -> str:
    assert told["url"].startswith(PATH)
    return told["url"].removeprefix(PATH)


def later(context: Context, by: timedelta) -> Context:
    return msgspec.structs.replace(context, services=replace(context.services, clock=lambda: NOW + by))


async def test_an_address_tells_what_it_is_and_how_long(world: World, ana: Actor) -> None:
    told = [await document(world, ana, form) for form in ("PDF", "HTML")]
    assert [each["mediaType"] for each in told] == ["application/pdf", "text/html"]
    assert [each["fileName"] for each in told] == ["Factura sur-D1.pdf", "Factura sur-D1.html"]
    assert {each["expiresAt"] for each in told} == {"2026-11-15T12:10:00+00:00"}


async def test_a_page_of_addresses_asks_no_office_for_more(world: World, ana: Actor) -> None:
    query = "{ viewer { accounts { nodes { invoices { nodes { %s } } } } } }"
    await world.ask("sur", query % "number", ana)
    without = world.counted()
    outcome = await world.ask("sur", query % "number document { url }", ana)
    assert outcome.errors == []
    assert world.counted() == without


async def test_who_asked_gets_the_paper_that_was_asked_for(world: World, ana: Actor) -> None:
    token = token_of(await document(world, ana, "HTML"))
    found = await wanted(world.context("sur", ana), token)
    assert found
    assert (found.format, found.file_name) == (DocumentFormat.HTML, "Factura sur-D1.html")
    assert (found.paper.invoice.number, found.paper.account.number) == ("sur-D1", "sur-001")
    assert [line.description for line in found.paper.lines] == ["Cuota fija", "Tasa"]


@pytest.mark.parametrize("language", ["es", "en"])
async def test_a_paper_speaks_as_its_manager_whoever_asks(world: World, ana: Actor, language: str) -> None:
    token = token_of(await document(world, ana))
    found = await wanted(world.context("sur", ana, language), token)
    assert found
    assert (found.paper.letterhead.language, found.paper.letterhead.locale) == ("es", "es-AR")


async def test_anybody_else_is_told_nothing(world: World, ana: Actor) -> None:
    token = token_of(await document(world, ana))
    beto, carla = await world.actor("sur", "beto@example.org"), await world.actor("norte", "carla@example.org")
    moved = msgspec.structs.replace(ana, links=())
    asked = {
        "somebody who reaches the same account": world.context("sur", beto),
        "another manager": world.context("norte", carla),
        "the same person at another manager": world.context("norte", ana),
        "nobody": world.context("sur", GUEST),
        "the person without the account": world.context("sur", moved),
        "the person too late": later(world.context("sur", ana), LIFE),
    }
    world.counted()
    assert {who: await wanted(context, token) for who, context in asked.items()} == dict.fromkeys(asked)
    assert await wanted(later(world.context("sur", ana), LIFE - timedelta(seconds=1)), token)


async def test_a_token_that_was_changed_anywhere_is_none(world: World, ana: Actor) -> None:
    token, context = token_of(await document(world, ana)), world.context("sur", ana)
    letters = [(at, "A" if letter != "A" else "B") for at, letter in enumerate(token)]
    changed = [token[:at] + letter + token[at + 1 :] for at, letter in letters[:-1]]
    strange = ["", "x", "ż", "=" * 8, token[:-4], token + "AAAA", token * 50]
    world.counted()
    assert [text for text in [*changed, *strange] if await wanted(context, text)] == []
    assert world.counted() == []


async def test_what_an_office_does_not_answer_is_a_problem(world: World, ana: Actor) -> None:
    token = token_of(await document(world, ana))
    context = world.context("sur", ana)
    await world.services.offices.close()
    with pytest.raises(Problem) as caught:
        await wanted(context, token)
    assert caught.value.code is ProblemCode.BACK_OFFICE_UNAVAILABLE


async def test_the_managers_own_lines_stand_on_its_papers(tmp_path: Any) -> None:
    texts = {key: {"es": f" {key}\n"} for key in ("invoice_issuer", "invoice_payment", "legal_footer")}
    async with open_world(tmp_path, manager("sur", presentation=Presentation(texts=texts))) as world:
        await world.person("sur", "ana@example.org", [("agua", "1")])
        ana = await world.actor("sur", "ana@example.org")
        found = await wanted(world.context("sur", ana), token_of(await document(world, ana)))
    assert found
    head = found.paper.letterhead
    assert (head.issuer, head.payment, head.footer) == ("invoice_issuer", "invoice_payment", "legal_footer")
