"""The manual at a portal's address: where it is on, how it is kept, and what links to it."""

import pytest

from tests.gateway.conftest import manager
from ventanilla.gateway.docs import library
from ventanilla.gateway.docs.routes import POLICY
from ventanilla.store import managers

pytestmark = pytest.mark.anyio

PRODUCTION = {"environment": "production", "secret": "0f3b5d7799aabbccddeeff1234567890"}
PATHS = ("/docs", "/docs/types/Query", "/docs/mutations", "/docs/mutations/change", "/docs/schema.graphql")


async def test_each_portal_has_a_manual_in_its_own_name(gateway) -> None:
    async with gateway.client("lares.example") as client:
        page = await client.get("/docs")

    assert "Lares &amp; Cía." in page.text
    assert "http://lares.example/graphql" in page.text
    assert page.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY


async def test_it_is_made_of_whatever_schema_runs(gateway) -> None:
    async with gateway.client() as client:
        answers = [await client.get(path) for path in PATHS]

    assert {answer.status_code for answer in answers} == {200}
    assert 'id="hello"' in answers[1].text


async def test_every_file_that_a_page_names_is_our_own(gateway) -> None:
    async with gateway.client() as client:
        files = [
            await client.get(f"/docs/{path}")
            for path in ("theme.css", "files/docs.css", "files/docs.js", "search.json")
        ]

    assert [answer.status_code for answer in files] == [200] * 4
    assert files[0].headers["content-type"] == "text/css; charset=utf-8"
    assert "--primary: #" in files[0].text


async def test_who_has_a_page_is_not_sent_it_again(gateway) -> None:
    async with gateway.client() as client:
        first = await client.get("/docs/errors")
        tag = first.headers["etag"]
        again = [
            await client.get("/docs/errors", headers={"if-none-match": known})
            for known in (tag, f'"x", W/{tag}', '"x"')
        ]

    assert first.headers["cache-control"] == "no-cache"
    assert [(each.status_code, bool(each.content)) for each in again] == [(304, False), (304, False), (200, True)]


async def test_a_manager_that_changed_has_other_pages(gateway) -> None:
    async with gateway.client() as client:
        before = await client.get("/docs")
        changed = manager("aguas", "aguas.example", "127.0.0.1:8001")
        await managers.add(gateway.store, type(changed)(**{**fields(changed), "name": "Aguas Nuevas"}), source="test")
        after = await client.get("/docs")

    assert "Aguas Nuevas" not in before.text
    assert "Aguas Nuevas" in after.text
    assert before.headers["etag"] != after.headers["etag"]


def fields(record) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


async def test_it_is_the_same_for_everybody_and_asks_nobody_who_they_are(gateway) -> None:
    token = await gateway.token()
    async with gateway.client() as client:
        headers = (
            {},
            {"authorization": f"Bearer {token}"},
            {"authorization": "Bearer nobody"},
            {"cookie": f"ventanilla={token}"},
        )
        pages = [await client.get("/docs", headers=each) for each in headers]

    assert {page.status_code for page in pages} == {200}
    assert {page.headers["etag"] for page in pages} == {pages[0].headers["etag"]}


async def test_what_is_not_there_says_where_to_begin(gateway) -> None:
    async with gateway.client() as client:
        answer = await client.get("/docs/types/Nobody")
        changing = await client.post("/docs")
    async with gateway.client("nobody.example") as client:
        nobodys = await client.get("/docs")

    assert (answer.status_code, changing.status_code, nobodys.status_code) == (404, 405, 421)
    assert answer.json()["errors"][0]["message"] == "The manual has no such page. Begin at /docs."


@pytest.mark.parametrize(
    ("console", "docs", "shown"),
    [(None, None, (404, 404)), (True, None, (200, 200)), (None, True, (404, 200)), (True, False, (200, 404))],
)
async def test_production_has_none_unless_it_is_switched_on(start, console, docs, shown) -> None:
    async with start(**PRODUCTION, console=console, docs=docs) as gateway, gateway.client() as client:
        answers = [await client.get(path) for path in ("/graphiql", "/docs")]

    assert tuple(answer.status_code for answer in answers) == shown
    if shown == (200, 200):
        assert '<a href="/docs">Manual</a>' in answers[0].text
        assert 'href="/graphiql"' in answers[1].text
    if shown == (404, 200):
        assert "/graphiql" not in answers[1].text
    if shown == (200, 404):
        assert "/docs" not in answers[0].text


async def test_what_is_remembered_has_its_bounds(gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_MOST_BYTES", 20_000)
    async with gateway.client() as client:
        tags = [(await client.get(path)).headers["etag"] for path in (*PATHS, *PATHS)]

    assert tags[: len(PATHS)] == tags[len(PATHS) :]
