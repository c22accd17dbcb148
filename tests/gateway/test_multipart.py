"""Parts of a multipart body: deferred fragments, and subscriptions for the clients that read them so."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.gateway.conftest import UNTOLD, Gateway
from tests.gateway.live import Stream, begun, streamed
from tests.gateway.raw import Served, served
from ventanilla.gateway import streaming

pytestmark = pytest.mark.anyio

PARTS = "multipart/mixed"
SUBSCRIPTIONS = 'multipart/mixed;subscriptionSpec="1.0"'
DEFERRED = '{ hello ... @defer(label: "later") { slow bug } }'
RINGS = "subscription { rings { number who } }"


@pytest.fixture
async def running(gateway: Gateway) -> AsyncIterator[Served]:
    async with served(gateway.app) as started:
        yield started


async def part(stream: Stream) -> Any:
    """The next part, which has come whole as soon as the delimiter behind it has."""
    head, _, body = (await stream.until(b"\r\n---")).partition(b"\r\n\r\n")
    assert head == b"\r\nContent-Type: application/json; charset=utf-8"
    return json.loads(body)


async def whole(stream: Stream) -> Any:
    assert stream.response.headers["content-type"].startswith("application/")
    return json.loads(await stream.rest())


@pytest.mark.parametrize(
    "accept", [PARTS, f"application/json, {PARTS}", f"{PARTS};incrementalSpec=v0.2, application/graphql-response+json"]
)
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_what_is_deferred_comes_in_a_later_part(
    running: Served, gateway: Gateway, accept: str, method: str
) -> None:
    async with streamed(running, DEFERRED, accept=accept, method=method) as stream:
        assert stream.response.headers["content-type"] == 'multipart/mixed; boundary="-"'
        assert await stream.until(b"\r\n---") == b""
        first = await part(stream)
        gateway.going_on.set()
        later: list[Any] = []
        while not later or later[-1]["hasNext"]:
            later.append(await part(stream))
        assert await stream.rest() == b"--\r\n"

    assert (first["data"], first["hasNext"]) == ({"hello": "Hello, you"}, True)
    assert first["pending"][0]["label"] == "later"
    assert first["extensions"]["cost"]["requested"] >= 1
    (told,) = [one for each in later for one in each.get("incremental", ())]
    assert told["data"] == {"slow": "done", "bug": None}
    assert [(error["path"], error["extensions"]["code"]) for error in told["errors"]] == [(["bug"], "INTERNAL")]
    assert UNTOLD not in json.dumps(later)
    assert not any("extensions" in each for each in later)


@pytest.mark.parametrize("accept", ["application/json", "*/*", f"{PARTS};deferSpec=20220824, application/json"])
async def test_who_takes_no_such_parts_is_answered_whole(running: Served, gateway: Gateway, accept: str) -> None:
    gateway.going_on.set()
    async with streamed(running, DEFERRED, accept=accept) as stream:
        told = await whole(stream)

    assert told["data"] == {"hello": "Hello, you", "slow": "done", "bug": None}
    assert "hasNext" not in told


async def test_who_takes_parts_and_defers_nothing_is_answered_whole(running: Served) -> None:
    for query in ("{ hello }", "{ hello ... @defer(if: false) { who } }"):
        async with streamed(running, query, accept=f"{PARTS}, application/json") as stream:
            assert (await whole(stream))["data"]["hello"] == "Hello, you"


async def test_sockets_and_events_are_answered_whole(running: Served, gateway: Gateway) -> None:
    gateway.going_on.set()
    async with streamed(running, DEFERRED, accept="text/event-stream") as stream:
        assert b'"slow":"done"' in await stream.until(b"\n\n")
    async with begun(running) as socket:
        await socket.ask("a", DEFERRED)
        assert (await socket.hear())["payload"]["data"]["slow"] == "done"


async def test_what_is_refused_is_told_as_json(running: Served) -> None:
    async with streamed(running, "{ nobody ... @defer { who } }", accept=PARTS) as stream:
        told = await whole(stream)

    assert (stream.response.status_code, told["errors"][0]["extensions"]["code"]) == (400, "VALIDATION_FAILED")


async def test_who_goes_leaves_nothing_behind(running: Served, gateway: Gateway) -> None:
    async with streamed(running, DEFERRED, accept=PARTS) as stream:
        await stream.until(b"\r\n---")
        await part(stream)
    async with streamed(running, "{ hello }") as stream:
        await whole(stream)
    await running.idle()
    assert not gateway.going_on.is_set()


async def test_a_subscription_comes_in_envelopes(
    running: Served, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "BEAT_S", 0.05)
    async with streamed(running, RINGS, accept=f"{SUBSCRIPTIONS}, application/json") as stream:
        assert stream.response.headers["content-type"] == 'multipart/mixed; boundary="-"; subscriptionSpec="1.0"'
        await stream.until(b"\r\n---")
        assert (await part(stream))["payload"]["data"] == {"rings": {"number": 0, "who": None}}
        assert await part(stream) == {}
        await gateway.bell.ring()
        while not (told := await part(stream)):
            pass
        assert told["payload"]["data"] == {"rings": {"number": 1, "who": None}}
    await gateway.bell.until(0)


@pytest.mark.parametrize(
    "accept", ["multipart/mixed;subscriptionSpec=1.0", 'Multipart/Mixed; boundary="graphql"; subscriptionSpec="1.0"']
)
async def test_a_subscription_that_may_not_go_on_ends(running: Served, gateway: Gateway, accept: str) -> None:
    shown = {"authorization": f"Bearer {await gateway.token()}"}
    async with streamed(running, RINGS, accept=accept, **shown) as stream:
        await stream.until(b"\r\n---")
        assert (await part(stream))["payload"]["data"]["rings"]["who"] == "Ana Paz"
        await gateway.end_sessions()
        await gateway.bell.ring()
        told = await part(stream)
        assert await stream.rest() == b"--\r\n"

    assert told["payload"] is None
    assert [error["extensions"]["code"] for error in told["errors"]] == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("accept", [PARTS, 'multipart/mixed;subscriptionSpec="2.0"'])
async def test_other_parts_carry_no_subscription(running: Served, accept: str) -> None:
    async with streamed(running, RINGS, accept=accept) as stream:
        told = await whole(stream)

    assert "subscriptionSpec" in told["errors"][0]["message"]


async def test_a_source_that_fails_ends_the_subscription(running: Served) -> None:
    async with streamed(running, "subscription { broken }", accept=SUBSCRIPTIONS) as stream:
        await stream.until(b"\r\n---")
        assert (await part(stream))["payload"]["data"] == {"broken": 1}
        told = await part(stream)
        assert await stream.rest() == b"--\r\n"

    assert told["payload"]["errors"][0]["extensions"]["code"] == "INTERNAL"
