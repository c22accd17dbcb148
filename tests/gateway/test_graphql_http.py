import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

pytestmark = pytest.mark.anyio

GRAPHQL, JSON = "application/graphql-response+json", "application/json"


def code(response: httpx2.Response) -> str:
    return response.json()["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize("accept", [GRAPHQL, JSON, "*/*", "application/*"])
async def test_a_good_query_is_200_in_the_type_that_was_asked(gateway, accept: str) -> None:
    response = await gateway.ask("{ hello }", accept=accept)

    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "Hello, you"}
    assert response.headers["content-type"] == f"{GRAPHQL if accept == GRAPHQL else JSON}; charset=utf-8"


REQUEST_ERRORS = {
    "syntax": ("{", "PARSE_FAILED"),
    "comment only": ("# nothing", "PARSE_FAILED"),
    "unknown field": ("{ nobody }", "VALIDATION_FAILED"),
    "fragments only": ("fragment A on Query { hello }", "VALIDATION_FAILED"),
    "several operations, none named": ("query A { hello } query B { hello }", "BAD_REQUEST"),
    "nested beyond the parser": ("{a" * 3_000, "PARSE_FAILED"),
}


@pytest.mark.parametrize(("query", "expected"), REQUEST_ERRORS.values(), ids=REQUEST_ERRORS.keys())
async def test_request_errors_have_no_data(gateway, query: str, expected: str) -> None:
    new, old = await gateway.ask(query, accept=GRAPHQL), await gateway.ask(query, accept=JSON)

    assert (new.status_code, old.status_code) == (400, 200)
    for response in (new, old):
        assert code(response) == expected
        assert "data" not in response.json()
        assert len(response.json()["errors"]) <= 3


@pytest.mark.parametrize(
    "body",
    [
        {"query": "query A { hello }", "operationName": "B"},
        {"query": "query ($n: Int!) { first(count: $n) }"},
        {"query": "query ($n: Int!) { first(count: $n) }", "variables": {"n": "many"}},
        {"query": "query ($n: Int!) { first(count: $n) }", "variables": {"n": 10**30}},
    ],
)
async def test_names_and_variables_that_do_not_fit(gateway, body: dict[str, object]) -> None:
    async with gateway.client(accept=GRAPHQL) as client:
        response = await client.post("/graphql", content=json.dumps(body), headers={"content-type": JSON})

    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert "data" not in response.json()


async def test_at_most_three_validation_errors(gateway) -> None:
    response = await gateway.ask("{ a b c d e f }")

    assert len(response.json()["errors"]) == 3


BODIES = [b"", b"null", b"42", b'"x"', b"[]", b"{", b'{"query":"\xff"}', b'{"query":"{a}","operationName":"\\udc00"}',
          b"[" * 10_000, b"9" * 10_000, b'{"query":"{hello}","variables":[]}']  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_bad_bodies_are_400_in_json(gateway, body: bytes, accept: str) -> None:
    async with gateway.client() as client:
        response = await client.post("/graphql", content=body, headers={"content-type": JSON, "accept": accept})

    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert response.headers["content-type"].startswith(accept)


async def test_other_content_types_are_415(gateway) -> None:
    async with gateway.client() as client:
        for headers in ({"content-type": "application/jsonx"}, {"content-type": JSON, "content-encoding": "gzip"}):
            response = await client.post("/graphql", content=b'{"query":"{hello}"}', headers=headers)
            assert (response.status_code, code(response)) == (415, "BAD_REQUEST")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
async def test_other_methods_are_405_with_allow(gateway, method: str) -> None:
    async with gateway.client() as client:
        response = await client.request(method, "/graphql?query={hello}")

    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST")
    assert code(response) == "BAD_REQUEST"


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_a_query_may_be_a_get(gateway, accept: str) -> None:
    told = {"query": "query A($to: String) { hello(name: $to) } query B { who }", "operationName": "A"}
    async with gateway.client(accept=accept) as client:
        response = await client.get("/graphql", params={**told, "variables": '{"to": "Ñ & Ω"}', "extensions": "{}"})

    assert (response.status_code, response.json()["data"]) == (200, {"hello": "Hello, Ñ & Ω"})
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"


async def test_a_head_is_answered_as_a_get(gateway) -> None:
    async with gateway.client() as client:
        found, malformed = await client.head("/graphql?query={hello}"), await client.head("/graphql")

    assert (found.status_code, malformed.status_code) == (200, 400)


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
@pytest.mark.parametrize(
    "told", [{"query": "mutation { enter }"}, {"query": "query A { who } mutation B { enter }", "operationName": "B"}]
)
async def test_nothing_is_changed_by_a_get(gateway, told: dict[str, str], accept: str) -> None:
    async with gateway.client(accept=accept) as client:
        response = await client.get("/graphql", params=told)

    assert (response.status_code, response.headers["allow"], code(response)) == (405, "POST", "BAD_REQUEST")
    assert "set-cookie" not in response.headers


async def test_a_get_with_a_cookie_needs_the_header_and_one_with_a_token_does_not(gateway) -> None:
    token = await gateway.token()
    cookie, header = {"cookie": f"ventanilla={token}"}, {"x-ventanilla-request": "1"}
    async with gateway.client() as client:
        bare, guarded, bearer = [
            await client.get("/graphql?query={who}", headers=sent)
            for sent in (cookie, {**cookie, **header}, {"authorization": f"Bearer {token}"})
        ]

    assert (bare.status_code, code(bare)) == (403, "FORBIDDEN")
    assert guarded.json()["data"] == bearer.json()["data"] == {"who": "Ana Paz"}


async def test_request_errors_of_a_get_are_those_of_a_post(gateway) -> None:
    async with gateway.client(accept=GRAPHQL) as client:
        several = await client.get("/graphql", params={"query": "query A { who } mutation B { enter }"})
        unknown = await client.get("/graphql", params={"query": "{ nobody }"})
        malformed = await client.get("/graphql", params={"query": "{ who }", "variables": "["})

    assert [each.status_code for each in (several, unknown, malformed)] == [400, 400, 400]
    assert [code(each) for each in (several, unknown, malformed)] == ["BAD_REQUEST", "VALIDATION_FAILED", "BAD_REQUEST"]


async def test_graphql_answers_itself_and_nothing_else_does(gateway) -> None:
    async with gateway.client() as client:
        for path in ("/graphql/", "/nowhere", "/graphql/x"):
            response = await client.post(path, json={"query": "{hello}"})
            assert (response.status_code, code(response)) == (404, "BAD_REQUEST")


async def test_a_body_over_the_limit_is_refused_while_it_is_read(gateway) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 65_536

    async with gateway.client() as client:
        response = await client.post("/graphql", content=endless(), headers={"content-type": JSON})

    assert (response.status_code, code(response)) == (413, "BAD_REQUEST")
    assert response.headers["connection"] == "close"
    assert sent <= 6


async def test_a_failed_field_stands_beside_a_null(gateway) -> None:
    response = await gateway.ask("{ hello refused }", accept=GRAPHQL)

    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "Hello, you", "refused": None}
    (error,) = response.json()["errors"]
    assert (error["path"], error["extensions"]) == (["refused"], {"code": "BACK_OFFICE_TIMEOUT", "retryable": True})


async def test_null_data_is_still_data(gateway) -> None:
    response = await gateway.ask("{ must }", accept=GRAPHQL)

    assert (response.status_code, response.json()["data"], code(response)) == (200, None, "INTERNAL")


async def test_a_bug_is_masked(gateway) -> None:
    response = await gateway.ask("{ bug }")

    (error,) = response.json()["errors"]
    assert set(error["extensions"]) == {"code", "errorId"}
    assert error["extensions"]["code"] == "INTERNAL"
    assert "hunter2" not in response.text


async def test_every_answer_carries_safe_headers(gateway) -> None:
    async with gateway.client() as client:
        answers = [
            await client.post("/graphql", json={"query": "{hello}"}),
            await client.get("/graphql"),
            await client.get("/nowhere"),
            await client.get("/healthz"),
        ]
    for response in answers:
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "server" not in response.headers
        assert "access-control-allow-origin" not in response.headers


async def test_the_language_is_one_the_manager_speaks(gateway) -> None:
    spoken = [
        (await gateway.ask("{language}", accept_language=wanted)).json()["data"]["language"]
        for wanted in ("en-GB", "pl")
    ]

    assert spoken == ["en", "es-AR"]


async def test_introspection_is_as_configured(start) -> None:
    async with start(introspection=False) as closed:
        response = await closed.ask("{ __schema { types { name } } }")
        assert code(response) == "VALIDATION_FAILED"
        assert "Did you mean" not in (await closed.ask('{ helo __type(name: "Quer") { name } }')).text


async def test_headers_out_of_all_proportion_are_refused(gateway) -> None:
    response = await gateway.ask("{hello}", x_long="x" * 40_000)

    assert response.status_code == 431


async def test_a_database_that_does_not_answer_is_no_bug(gateway) -> None:
    response = await gateway.ask("{ busy }")

    assert response.json()["errors"][0]["extensions"] == {"code": "OVERLOADED", "retryable": True, "retryAfter": 2}
    assert "hunter2" not in response.text


async def test_what_a_client_wrote_is_quoted_in_short(gateway) -> None:
    response = await gateway.ask('{ first(count: "%s") }' % ("a" * 100_000), accept=GRAPHQL)

    assert code(response) == "VALIDATION_FAILED"
    assert len(response.content) < 2_000


async def test_a_bug_outside_any_operation_is_masked_in_the_type_that_was_asked(gateway, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "gateway.sqlite")) as database:
        database.execute("ALTER TABLE host RENAME TO lost")
    response = await gateway.ask("{ hello }", accept=GRAPHQL)

    assert (response.status_code, code(response)) == (500, "INTERNAL")
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
