"""What is said over an open socket: operations side by side, who asks, what it costs, and what ends them."""

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace
from websockets.exceptions import InvalidStatus

from tests.gateway.conftest import UNTOLD, Gateway, manager
from tests.gateway.live import Socket, begun, opened, streamed
from tests.gateway.raw import Served, served
from ventanilla.gateway.websocket import MOST_OPERATIONS
from ventanilla.store import managers, stored_documents
from ventanilla.store.manager import DocumentMode
from ventanilla.store.stored_documents import StoredDocument

pytestmark = pytest.mark.anyio

RINGS = "subscription { rings { number who } }"


@pytest.fixture
async def running(gateway: Gateway) -> AsyncIterator[Served]:
    async with served(gateway.app) as started:
        yield started


async def answer(socket: Socket, query: str, **parameters: Any) -> Any:
    """What comes of one operation: its payload, and that it ended, if it was no error."""
    await socket.ask("one", query, **parameters)
    message = await socket.hear()
    if message["type"] == "next":
        assert await socket.hear() == {"type": "complete", "id": "one"}
    return message["payload"]


async def event(socket: Socket) -> Any:
    message = await socket.hear()
    assert message["type"] == "next", message
    return message["payload"]["data"]["rings"]


def codes(payload: Any) -> list[str]:
    return [error["extensions"]["code"] for error in payload]


async def test_queries_and_mutations_are_answered(running: Served) -> None:
    async with begun(running) as socket:
        asked = {"variables": {"n": "Ana"}, "operationName": "B"}
        queried = await answer(socket, "query A { who } query B($n: String) { hello(name: $n) }", **asked)
        changed = await answer(socket, "mutation { leave }")

    assert queried["data"] == {"hello": "Hello, Ana"}
    assert changed["data"] == {"leave": True}
    assert queried["extensions"]["cost"]["remaining"] == changed["extensions"]["cost"]["remaining"] + 1


async def test_a_subscription_goes_on_beside_other_operations_until_the_client_ends_it(
    running: Served, gateway: Gateway
) -> None:
    async with begun(running) as socket:
        await socket.ask("a", RINGS)
        assert await event(socket) == {"number": 0, "who": None}
        assert (await answer(socket, "{ hello }"))["data"] == {"hello": "Hello, you"}
        await gateway.bell.ring()
        assert await event(socket) == {"number": 1, "who": None}
        await socket.say("complete", id="a")
        await gateway.bell.until(0)
        await gateway.bell.ring()
        assert (await answer(socket, "{ hello }"))["data"] == {"hello": "Hello, you"}


async def test_an_id_may_be_used_again_after_it_ended(running: Served, gateway: Gateway) -> None:
    async with begun(running) as socket:
        for _ in range(3):
            await socket.ask("a", RINGS)
            assert (await event(socket))["number"] == 0
            await socket.say("complete", id="a")
        for _ in range(3):
            assert (await answer(socket, "{ hello }"))["data"] == {"hello": "Hello, you"}
        await gateway.bell.until(0)


async def test_an_id_that_is_in_use_closes_the_socket(running: Served, gateway: Gateway) -> None:
    async with begun(running) as socket:
        await socket.ask("a", RINGS)
        await socket.hear()
        await socket.ask("a", "{ hello }")
        assert await socket.closed() == 4409
    await gateway.bell.until(0)


REFUSED = {
    "syntax": ("{", "PARSE_FAILED"),
    "an unknown field": ("{ nobody }", "VALIDATION_FAILED"),
    "too deep": ("{ " + "a { " * 20 + "b" + " }" * 21, "COST_LIMIT"),
    "too many aliases": ("{ " + " ".join(f"a{n}: who" for n in range(40)) + " }", "COST_LIMIT"),
    "no operation of that name": ("query A { who } query B { who }", "BAD_REQUEST"),
    "variables that do not fit": ("query ($n: Int!) { first(count: $n) }", "BAD_REQUEST"),
    "two events at once": ("subscription { rings { number } broken }", "VALIDATION_FAILED"),
    "a document that is none": (" ", "BAD_REQUEST"),
}


@pytest.mark.parametrize(("query", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_refused_document_ends_its_operation_and_not_the_socket(
    running: Served, gateway: Gateway, query: str, code: str
) -> None:
    async with begun(running) as socket:
        await socket.ask("live", RINGS)
        await event(socket)
        await socket.ask("bad", query)
        message = await socket.hear()
        assert (message["type"], message["id"]) == ("error", "bad")
        assert set(codes(message["payload"])) == {code}
        await gateway.bell.ring()
        assert (await event(socket))["number"] == 1


@pytest.mark.parametrize("parameters", [{"variables": []}, {"operationName": 1}, {"extensions": "x"}, {"query": 1}])
async def test_parameters_are_those_of_http(running: Served, parameters: dict[str, Any]) -> None:
    async with begun(running) as socket:
        await socket.say("subscribe", id="a", payload={"query": "{ who }", **parameters})
        message = await socket.hear()

    assert (message["type"], codes(message["payload"])) == ("error", ["BAD_REQUEST"])


async def test_what_fails_while_it_runs_stands_beside_a_null_and_is_masked(running: Served) -> None:
    async with begun(running) as socket:
        once = await answer(socket, "{ hello bug }")
        await socket.ask("a", "subscription { rings { number bug } }")
        each = await socket.hear()
        await socket.ask("b", "subscription { broken }")
        heard = [await socket.hear() for _ in range(3)]

    assert once["data"] == {"hello": "Hello, you", "bug": None}
    assert each["payload"]["data"] == {"rings": {"number": 0, "bug": None}}
    for payload in (once, each["payload"], heard[1]["payload"]):
        assert codes(payload["errors"]) == ["INTERNAL"]
    assert [message["type"] for message in heard] == ["next", "next", "complete"]
    assert UNTOLD not in json.dumps([once, each, heard])


async def test_introspection_is_as_configured(start) -> None:
    async with start(introspection=False) as gateway, served(gateway.app) as running, begun(running) as socket:
        refused = await answer(socket, '{ helo __type(name: "Quer") { name } }')

    assert set(codes(refused)) == {"VALIDATION_FAILED"}
    assert "Did you mean" not in json.dumps(refused)


async def test_a_hash_is_learnt_on_one_transport_and_known_on_the_other(running: Served, gateway: Gateway) -> None:
    query = "{ hello }"
    named = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}
    async with begun(running) as socket:
        await socket.say("subscribe", id="a", payload={"extensions": named})
        unknown = await socket.hear()
        learnt = await answer(socket, query, extensions=named)
        async with gateway.client() as client:
            known = await client.post("/graphql", json={"extensions": named})

    assert (unknown["payload"][0]["message"], codes(unknown["payload"])) == (
        "PersistedQueryNotFound", ["DOCUMENT_NOT_FOUND"],
    )  # fmt: skip
    assert learnt["data"] == known.json()["data"] == {"hello": "Hello, you"}


async def test_a_manager_of_stored_documents_serves_no_others_on_any_transport(
    running: Served, gateway: Gateway
) -> None:
    document = StoredDocument.of(RINGS, "test")
    await stored_documents.add(gateway.store, "aguas", [document])
    stored_only = replace(manager("aguas", "aguas.example"), documents=DocumentMode.STORED)
    await managers.add(gateway.store, stored_only, source="test")
    async with begun(running) as socket:
        refused = await answer(socket, "{ hello }")
        await socket.say("subscribe", id="a", payload={"documentId": document.id})
        assert (await event(socket))["number"] == 0
        async with streamed(running, RINGS, accept="text/event-stream") as stream:
            assert b'"DOCUMENT_NOT_FOUND"' in await stream.rest()

    assert codes(refused) == ["DOCUMENT_NOT_FOUND"]


async def test_each_event_is_billed_like_its_query(start) -> None:
    async with start(points_per_caller=6) as gateway, served(gateway.app) as running, begun(running) as socket:
        await socket.ask("a", "subscription { rings { number } }")
        left = [(await socket.hear())["payload"]["extensions"]["cost"]["remaining"]]
        while True:
            await gateway.bell.ring()
            message = await socket.hear()
            if message["type"] == "error":
                break
            left.append(message["payload"]["extensions"]["cost"]["remaining"])
        again = await answer(socket, "{ hello }")
        await gateway.bell.until(0)

    each = 6 - left[0]
    assert left == list(range(6 - each, -1, -each))
    assert codes(message["payload"]) == codes(again) == ["RATE_LIMITED"]
    assert message["payload"][0]["extensions"]["retryAfter"] > 0


async def test_at_most_so_many_operations_run_at_once(running: Served, gateway: Gateway) -> None:
    async with begun(running) as socket:
        for number in range(MOST_OPERATIONS):
            await socket.ask(str(number), RINGS)
        for _ in range(MOST_OPERATIONS):
            await event(socket)
        await socket.ask("one more", RINGS)
        refused = await socket.hear()
        await socket.say("complete", id="0")
        await gateway.bell.until(MOST_OPERATIONS - 1)
        assert (await answer(socket, "{ hello }"))["data"] == {"hello": "Hello, you"}

    assert (refused["type"], refused["id"], codes(refused["payload"])) == ("error", "one more", ["RATE_LIMITED"])


async def test_the_crowd_of_one_manager_leaves_room_for_others(start) -> None:
    async with start(sockets_per_manager=2) as gateway, served(gateway.app) as running:
        bearer = {"payload": {"authorization": f"Bearer {await gateway.token()}"}}
        async with begun(running), opened(running) as second, begun(running, "lares.example"):
            await second.begin(**bearer)  # somebody else's by now, and still one of the manager's
            with pytest.raises(InvalidStatus) as refused:
                async with opened(running, authorization=f"Bearer {await gateway.token()}"):
                    pass
            assert refused.value.response.status_code == 429
            assert refused.value.response.headers["retry-after"] == "10"
        async with begun(running), begun(running):
            pass
    await running.idle()


async def test_a_person_and_an_address_may_open_so_many_sockets(start) -> None:
    async with start(sockets_per_caller=2) as gateway, served(gateway.app) as running:
        bearer = {"payload": {"authorization": f"Bearer {await gateway.token()}"}}
        async with opened(running) as first, opened(running) as second:
            await first.begin(**bearer)
            await second.begin(**bearer)  # hers by now, and no longer the address's
            async with begun(running), opened(running) as third:
                await third.say("connection_init", **bearer)
                assert await third.closed() == 4429
            async with begun(running), begun(running, "lares.example"):
                pass
        async with begun(running) as fourth, opened(running) as fifth:
            await fifth.begin(**bearer)
            assert (await answer(fourth, "{ hello }"))["data"] == (await answer(fifth, "{ hello }"))["data"]
