"""Papers over HTTP: to the person that the address was given to, signed in; to anybody else 404, all alike."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from sqlmodel import update
from starlette.applications import Starlette
from starlette.middleware import Middleware

from tests.everybody import seen_as
from tests.pdf.sample import text_of
from tests.world import NOW, World, open_world
from ventanilla.gateway.documents import POLICY, document_routes
from ventanilla.gateway.lobby import Lobby
from ventanilla.gateway.threshold import Threshold
from ventanilla.pdf.papers import Papers
from ventanilla.resolvers.context import Services
from ventanilla.resolvers.ids import Kind
from ventanilla.store.tables import PersonRow, SessionRow

pytestmark = pytest.mark.anyio

DOCUMENT = "query ($id: ID!, $format: DocumentFormat!) { node(id: $id) { ... on Invoice { %s } } }" % (
    "document(format: $format) { url }"
)

OF_PAYMENTS = """
query ($id: ID!, $format: DocumentFormat!) {
  account(id: $id) {
    payments: paymentHistory(format: $format) { url }
    invoices: paidInvoiceHistory(format: $format) { url }
    last: payments(first: 1) { nodes { receipt(format: $format) { url } } }
  }
}
"""


def client(services: Services, slug: str = "sur", **headers: str) -> httpx2.AsyncClient:
    routes = document_routes(Lobby(services, (), None))
    app = Starlette(routes=routes, middleware=[Middleware(Threshold)])
    transport = httpx2.ASGITransport(app=app, client=("203.0.113.9", 4711))
    return httpx2.AsyncClient(transport=transport, base_url=f"http://{slug}.example", headers=headers)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        await opened.person("sur", "ana@example.org", [("agua", "1")])
        await opened.person("sur", "beto@example.org", [("agua", "1")])
        await opened.person("norte", "carla@example.org", [("agua", "1")])
        yield opened


async def url_of(world: World, form: str = "PDF", key: str = "D1") -> str:
    """The address of one of Ana's papers."""
    ana = await world.actor("sur", "ana@example.org")
    named = world.context("sur").ids.column(Kind.INVOICE, "agua", [key])[0]
    outcome = await world.ask("sur", DOCUMENT, ana, id=named, format=form)
    assert outcome.data
    return outcome.data["node"]["document"]["url"]


async def bearer(world: World, email: str = "ana@example.org", slug: str = "sur") -> dict[str, str]:
    return {"authorization": f"Bearer {await world.token(slug, email)}"}


async def test_a_paper_comes_whole_and_under_its_name(world: World) -> None:
    async with client(world.services, **await bearer(world)) as browser:
        got = await browser.get(await url_of(world))

    assert got.status_code == 200
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"Factura sur-D1.pdf\"; filename*=UTF-8''Factura%20sur-D1.pdf"
    )
    assert got.headers["cache-control"] == "no-store"
    told = got.headers["repr-digest"]
    assert b64decode(told.removeprefix("sha-256=:").removesuffix(":")) == sha256(got.content).digest()
    text = text_of(got.content)
    for said in ("sur-D1", "sur Pérez 1", "10/11/2026", "$300,00", "25/11/2026", "$315,00"):
        assert said in text, said


async def urls_of_payments(world: World, form: str) -> dict[str, str]:
    """The addresses of Ana's last receipt and of her two lists."""
    ana = await world.actor("sur", "ana@example.org")
    account = world.context("sur").ids.column(Kind.ACCOUNT, "agua", ["1"])[0]
    outcome = await world.ask("sur", OF_PAYMENTS, ana, id=account, format=form)
    assert outcome.errors == []
    assert outcome.data
    told = outcome.data["account"]
    (last,) = told["last"]["nodes"]
    return {"receipt": last["receipt"]["url"], **{name: told[name]["url"] for name in ("payments", "invoices")}}


SAID = {
    "receipt": ("Recibo de pago", "sur Pérez 1", "12/10/2026", "sur-B1", "$50,00", "$10,00", "$60,00"),
    "payments": ("Historial de pagos", "15/11/2025 – 15/11/2026", "12/10/2026", "$60,00", "09/08/2026", "$160,00"),
    "invoices": ("Facturas pagadas", "15/11/2025 – 15/11/2026", "sur-A1", "01/08/2026", "09/08/2026", "$100,00"),
}


@pytest.mark.parametrize("form", ["PDF", "HTML"])
async def test_papers_of_payments_come_whole_and_twice_the_same(world: World, form: str) -> None:
    urls = await urls_of_payments(world, form)
    async with client(world.services, **await bearer(world)) as browser:
        got = {name: [await browser.get(url) for _ in range(2)] for name, url in urls.items()}

    for name, (first, again) in got.items():
        assert (first.status_code, first.content) == (200, again.content)
        assert first.headers["content-disposition"].partition(";")[0] == ("inline" if form == "HTML" else "attachment")
        text = text_of(first.content) if form == "PDF" else first.text
        assert {said: said in text for said in SAID[name]} == dict.fromkeys(SAID[name], True)


async def test_a_cookie_alone_is_enough_and_html_runs_nothing(world: World) -> None:
    token = await world.token("sur", "ana@example.org")
    async with client(world.services, cookie=f"ventanilla={token}") as browser:
        got = await browser.get(await url_of(world, "HTML"))

    assert got.status_code == 200
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.headers["content-disposition"].startswith("inline; ")
    assert got.headers["content-security-policy"] == POLICY
    assert "<script" not in got.text
    assert "sur Pérez 1" in got.text


@pytest.mark.parametrize("paper", ["invoice", "receipt", "payments", "invoices"])
async def test_everybody_else_gets_the_same_nothing(world: World, paper: str) -> None:
    url = {"invoice": await url_of(world), **await urls_of_payments(world, "PDF")}[paper]
    late = replace(world.services, clock=lambda: NOW + timedelta(minutes=10))
    ana = await bearer(world)
    asked = {
        "another person": (world.services, "sur", await bearer(world, "beto@example.org"), url),
        "another manager": (world.services, "norte", await bearer(world, "carla@example.org", "norte"), url),
        "nobody": (world.services, "sur", {}, url),
        "a session that is none": (world.services, "sur", {"authorization": "Bearer " + "x" * 43}, url),
        "a header that is none": (world.services, "sur", {"authorization": "Basic x"}, url),
        "a stale cookie": (world.services, "sur", {"cookie": "ventanilla=" + "x" * 43}, url),
        "too late": (late, "sur", ana, url),
        "forged": (world.services, "sur", ana, url[:-9] + ("A" if url[-9] != "A" else "B") + url[-8:]),
        "invented": (world.services, "sur", ana, "/documents/x"),
    }
    answers: dict[str, tuple[int, str, dict[str, str]]] = {}
    for who, (services, slug, headers, address) in asked.items():
        async with client(services, slug, **headers) as browser:
            got = await browser.get(address)
            told = {name: value for name, value in got.headers.items() if name != "x-request-id"}
            answers[who] = (got.status_code, got.text, told)

    first = answers["nobody"]
    assert first[0] == 404
    assert '"code":"NOT_FOUND"' in first[1]
    assert {who: answer for who, answer in answers.items() if answer != first} == {}


async def test_who_is_to_change_their_password_first_gets_no_paper(world: World) -> None:
    url, headers = await url_of(world), await bearer(world)
    async with world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).values(must_change_password=True))
    async with client(world.services, **headers) as browser:
        assert (await browser.get(url)).status_code == 404
    async with world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).values(must_change_password=False))
    async with client(world.services, **headers) as browser:
        assert (await browser.get(url)).status_code == 200


async def test_who_of_the_staff_sees_as_a_customer_gets_their_papers_for_as_long(world: World) -> None:
    ana = await world.actor("sur", "ana@example.org")
    url, headers = await url_of(world), {"authorization": f"Bearer {await seen_as(world, ana.person_id or '')}"}
    async with client(world.services, **headers) as browser:
        assert (await browser.get(url)).status_code == 200
    later = replace(world.services, clock=lambda: NOW + timedelta(minutes=5))
    async with world.services.store.work("sur") as work:
        await work.exec(update(SessionRow).values(sees_until=NOW + timedelta(minutes=5)))
    async with client(later, **headers) as browser:
        assert (await browser.get(url)).status_code == 404


async def test_other_methods_and_hosts_are_refused(world: World) -> None:
    url = await url_of(world)
    async with client(world.services, **await bearer(world)) as browser:
        assert (await browser.post(url)).status_code == 405
    async with client(world.services, "nobody", **await bearer(world)) as browser:
        assert (await browser.get(url)).status_code == 421


async def test_an_office_that_does_not_answer_is_told(world: World) -> None:
    url, headers = await url_of(world), await bearer(world)
    await world.services.offices.close()
    async with client(world.services, **headers) as browser:
        got = await browser.get(url)

    assert got.status_code == 503
    assert got.json()["errors"][0]["extensions"]["code"] == "BACK_OFFICE_UNAVAILABLE"


async def test_too_many_papers_at_once_are_overload(world: World) -> None:
    url, headers = await url_of(world), await bearer(world)
    papers = Papers(workers=1, most_waiting=0)
    async with client(replace(world.services, papers=papers), **headers) as browser:
        got = await asyncio.gather(*(browser.get(url) for _ in range(3)))
    await papers.close()

    assert sorted(each.status_code for each in got) == [200, 503, 503]
    refused = next(each for each in got if each.status_code == 503)
    assert refused.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"
    assert refused.headers["retry-after"] == "2"


async def test_a_paper_that_takes_too_long_is_overload_too(world: World) -> None:
    url, headers = await url_of(world), await bearer(world)
    papers = Papers(workers=1, seconds=0.01)
    async with client(replace(world.services, papers=papers), **headers) as browser:
        got = await browser.get(url)
    await papers.close()

    assert got.status_code == 503
    assert got.json()["errors"][0]["message"].startswith("The paper was not ready in time")
