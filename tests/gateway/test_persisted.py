import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace
from starlette.routing import Route

from tests.gateway.conftest import Bell, Gateway, manager, small_schema
from ventanilla.gateway.app import create_app
from ventanilla.gateway.persisted import Persisted, Texts
from ventanilla.gateway.services import open_services
from ventanilla.gateway.settings import Settings
from ventanilla.store import managers, stored_documents
from ventanilla.store.manager import DocumentMode
from ventanilla.store.store import Store
from ventanilla.store.stored_documents import StoredDocument

pytestmark = pytest.mark.anyio

GRAPHQL, JSON = "application/graphql-response+json", "application/json"
HELLO = "query Hello($to: String) { hello(name: $to) }\n"
ENTER = "mutation Enter { enter }"


def persisted(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(text.encode()).hexdigest()}}


def id_of(text: str) -> str:
    return StoredDocument.of(text, "test").id


async def store(gateway: Gateway, *texts: str, slug: str = "aguas") -> None:
    await stored_documents.add(gateway.store, slug, [StoredDocument.of(text, "test") for text in texts])


async def post(gateway: Gateway, told: dict[str, Any], at: str = "aguas.example", **headers: str) -> httpx2.Response:
    async with gateway.client(at, **headers) as client:
        return await client.post("/graphql", json=told)


async def get(gateway: Gateway, told: dict[str, Any], at: str = "aguas.example", **headers: str) -> httpx2.Response:
    written = {key: value if isinstance(value, str) else json.dumps(value) for key, value in told.items()}
    async with gateway.client(at, **headers) as client:
        return await client.get("/graphql", params=written)


WAYS = pytest.mark.parametrize("way", [post, get])


def not_found(response: httpx2.Response) -> str:
    """The message of an answer that says nothing but that no document was found."""
    (error,) = response.json()["errors"]
    assert set(response.json()) == {"errors"}
    assert error["extensions"] == {"code": "DOCUMENT_NOT_FOUND"}
    return error["message"]


@WAYS
@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL, 400), (JSON, 200)])
async def test_a_hash_is_learnt_with_its_query(gateway, way: Any, accept: str, status: int) -> None:
    told = {"extensions": persisted(HELLO), "variables": {"to": "Ana"}}
    first = await way(gateway, told, accept=accept)
    assert (first.status_code, not_found(first)) == (status, "PersistedQueryNotFound")

    learnt, again = await way(gateway, {**told, "query": HELLO}), await way(gateway, told)
    assert learnt.json()["data"] == again.json()["data"] == {"hello": "Hello, Ana"}

    elsewhere = await way(gateway, told, "lares.example")
    assert not_found(elsewhere) == "PersistedQueryNotFound"


@WAYS
async def test_a_hash_of_another_text_is_refused_and_not_learnt(gateway, way: Any) -> None:
    told = {"extensions": persisted(HELLO)}
    wrong = await way(gateway, {**told, "query": "{ who }"})

    assert (wrong.status_code, wrong.json()["errors"][0]["extensions"]) == (400, {"code": "BAD_REQUEST"})
    assert not_found(await way(gateway, told)) == "PersistedQueryNotFound"


@pytest.mark.parametrize("text", ["{", "{ nobody }", "{ a: " + "hello b: " * 40 + "hello }"])
async def test_what_is_invalid_is_not_learnt(gateway, text: str) -> None:
    refused = await post(gateway, {"query": text, "extensions": persisted(text)})

    assert "data" not in refused.json()
    assert not_found(await post(gateway, {"extensions": persisted(text)})) == "PersistedQueryNotFound"


@WAYS
async def test_a_stored_document_is_served_by_its_id_and_by_its_hash(gateway, way: Any) -> None:
    await store(gateway, HELLO)
    for named in ({"documentId": id_of(HELLO)}, {"extensions": persisted(HELLO)}):
        response = await way(gateway, {**named, "variables": {"to": "Ana"}, "operationName": "Hello"})
        assert response.json()["data"] == {"hello": "Hello, Ana"}


@WAYS
@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL, 400), (JSON, 200)])
async def test_an_unknown_id_is_told(gateway, way: Any, accept: str, status: int) -> None:
    await store(gateway, HELLO, slug="lares")
    response = await way(gateway, {"documentId": id_of(HELLO)}, accept=accept)

    assert response.status_code == status
    assert "documentId" in not_found(response)


async def test_what_was_removed_is_served_no_longer(gateway) -> None:
    await store(gateway, HELLO)
    assert (await post(gateway, {"documentId": id_of(HELLO)})).json()["data"]

    await stored_documents.remove(gateway.store, "aguas", [id_of(HELLO)])
    assert not_found(await post(gateway, {"documentId": id_of(HELLO)}))


async def test_a_stored_mutation_is_no_get(gateway) -> None:
    await store(gateway, ENTER)
    refused, done = [await way(gateway, {"documentId": id_of(ENTER)}) for way in (get, post)]

    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert done.json()["data"] == {"enter": "entered"}


async def test_a_get_of_a_stored_document_needs_the_header_with_a_cookie(gateway) -> None:
    await store(gateway, HELLO)
    cookie = f"ventanilla={await gateway.token()}"

    assert (await get(gateway, {"documentId": id_of(HELLO)}, cookie=cookie)).status_code == 403


async def test_a_stored_document_keeps_the_limits_of_any_other(gateway) -> None:
    deep = "{ " + " ".join(f"a{number}: hello" for number in range(40)) + " }"
    await store(gateway, deep)
    response = await post(gateway, {"documentId": id_of(deep)})

    assert response.json()["errors"][0]["extensions"] == {"code": "COST_LIMIT"}


@pytest.fixture
async def closed(gateway: Gateway) -> Gateway:
    """A gateway where aguas serves stored documents only."""
    strict = replace(manager("aguas", "aguas.example"), documents=DocumentMode.STORED)
    await managers.add(gateway.store, strict, source="test")
    return gateway


@WAYS
@pytest.mark.parametrize(
    "told",
    [
        {"query": HELLO},
        {"query": "{"},
        {"query": HELLO, "extensions": persisted(HELLO)},
        {"query": "{ who }", "extensions": persisted("{ who }")},
        {"extensions": persisted("{ who }")},
        {"documentId": id_of("{ who }")},
    ],
)
async def test_where_only_stored_documents_are_served_nothing_else_is(closed, way: Any, told: dict[str, Any]) -> None:
    await store(closed, HELLO)
    response = await way(closed, told, accept=GRAPHQL)

    assert response.status_code == 400
    assert not_found(response) != "PersistedQueryNotFound"  # it would make clients send the query
    assert (await way(closed, {"query": HELLO}, "lares.example")).json()["data"]


@WAYS
async def test_where_only_stored_documents_are_served_they_are(closed, way: Any) -> None:
    await store(closed, HELLO)
    for told in ({"documentId": id_of(HELLO)}, {"extensions": persisted(HELLO)}):
        assert (await way(closed, told)).json()["data"] == {"hello": "Hello, you"}


async def test_a_store_that_does_not_answer_is_no_bug(gateway, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    async with open_services(settings) as services:
        lost = Persisted(Store("postgresql://nobody:nothing@127.0.0.1:1/nowhere"))
        app = create_app(settings, small_schema())
        async with app.router.lifespan_context(app):
            (route,) = (each for each in app.routes if isinstance(each, Route) and each.path == "/graphql")
            route.endpoint._operations._persisted = lost
            response = await post(Gateway(app, services.store, Bell()), {"documentId": id_of(HELLO)})

    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert response.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"


def test_texts_keep_to_their_bounds() -> None:
    texts: Texts[str] = Texts(most=3, most_bytes=10)
    for name in "abc":
        texts.keep(name, "xx")
    assert texts.find("a") == "xx"
    texts.keep("d", "xx")
    assert list(texts) == ["c", "a", "d"]
    texts.keep("e", "éééé")
    assert list(texts) == ["d", "e"]
    texts.keep("f", "x" * 11)
    assert list(texts) == ["d", "e"]


async def test_a_flood_of_hashes_displaces_only_its_own_managers(gateway) -> None:
    told = {"extensions": persisted(HELLO)}
    for at in ("aguas.example", "lares.example"):
        await post(gateway, {**told, "query": HELLO}, at)
    for number in range(510):
        flood = f"{{ a{number}: hello }}"
        await post(gateway, {"query": flood, "extensions": persisted(flood)})

    assert not_found(await post(gateway, told)) == "PersistedQueryNotFound"
    assert (await post(gateway, told, "lares.example")).json()["data"]
