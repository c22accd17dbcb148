"""Server-sent events: one stream for one operation, as GraphQL over SSE has it."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.gateway.conftest import UNTOLD, Gateway
from tests.gateway.live import Stream, begun, streamed
from tests.gateway.raw import Served, served
from ventanilla.gateway import streaming
from ventanilla.gateway.connection import Limits
from ventanilla.gateway.server import DRAIN

pytestmark = pytest.mark.anyio

EVENTS = "text/event-stream"
RINGS = "subscription { rings { number who } }"
END = b"event: complete\ndata:\n\n"


@pytest.fixture(autouse=True)
def our_signals() -> Iterator[None]:
    """A signal that nobody handles would end the tests."""
    former = signal.signal(DRAIN, signal.SIG_IGN)
    yield
    signal.signal(DRAIN, former)


@pytest.fixture
async def running(gateway: Gateway) -> AsyncIterator[Served]:
    async with served(gateway.app) as started:
        yield started


async def event(stream: Stream) -> Any:
    lines = (await stream.until(b"\n\n")).decode().split("\n")
    assert lines[0] == "event: next"
    assert lines[1].startswith("data: ")
    return json.loads(lines[1].removeprefix("data: "))


async def refusal(stream: Stream) -> tuple[int, str, str]:
    (error,) = json.loads(await stream.rest())["errors"]
    response = stream.response
    return response.status_code, response.headers["content-type"].partition(";")[0], error["extensions"]["code"]


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_subscription_is_told_until_the_client_goes(running: Served, gateway: Gateway, method: str) -> None:
    async with streamed(running, RINGS, accept=EVENTS, method=method) as stream:
        assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.response.headers["cache-control"] == "no-store"
        assert "ratelimit" in stream.response.headers
        assert (await event(stream))["data"] == {"rings": {"number": 0, "who": None}}
        await gateway.bell.ring()
        told = await event(stream)
        assert told["data"] == {"rings": {"number": 1, "who": None}}
        assert told["extensions"]["cost"]["requested"] >= 1
        assert told["extensions"]["engine"] == "graphql-core"  # as development tells of whatever ran
    await gateway.bell.until(0)


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_query_is_a_stream_of_one(running: Served, method: str) -> None:
    async with streamed(running, "{ hello bug }", accept=EVENTS, method=method) as stream:
        told = await event(stream)
        assert await stream.rest() == END

    assert told["data"] == {"hello": "Hello, you", "bug": None}
    assert [error["extensions"]["code"] for error in told["errors"]] == ["INTERNAL"]
    assert "cost" in told["extensions"]


async def test_a_mutation_is_one_too_and_sets_its_cookie(running: Served) -> None:
    async with streamed(running, "mutation { enter }", accept=EVENTS) as stream:
        assert (await event(stream))["data"] == {"enter": "entered"}
        assert stream.response.headers["set-cookie"].startswith("ventanilla=")
    async with streamed(running, "mutation { enter }", accept=EVENTS, method="GET") as stream:
        assert stream.response.headers["allow"] == "POST"
        assert await refusal(stream) == (405, "application/graphql-response+json", "BAD_REQUEST")


@pytest.mark.parametrize(
    "accept",
    ["application/json", "*/*", f"application/graphql-response+json, application/json, {EVENTS}, multipart/mixed"],
)
async def test_who_likes_json_better_gets_it_for_a_query(running: Served, accept: str) -> None:
    async with streamed(running, "{ hello }", accept=accept) as stream:
        assert json.loads(await stream.rest())["data"] == {"hello": "Hello, you"}
        assert stream.response.headers["content-type"].startswith(
            accept.partition(",")[0].replace("*/*", "application/json")
        )


async def test_who_takes_events_at_all_gets_them_for_a_subscription(running: Served) -> None:
    accept = f"application/graphql-response+json, application/json, {EVENTS}, multipart/mixed"
    async with streamed(running, RINGS, accept=accept) as stream:
        assert (await event(stream))["data"]["rings"]["number"] == 0


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("*/*", 200), ("application/graphql-response+json", 400), ("multipart/mixed", 400),
     (f"{EVENTS};q=0, application/json", 200)],
)  # fmt: skip
async def test_a_subscription_is_not_answered_at_once(running: Served, accept: str, status: int) -> None:
    async with streamed(running, RINGS, accept=accept) as stream:
        (error,) = json.loads(await stream.rest())["errors"]

    assert (stream.response.status_code, error["extensions"]) == (status, {"code": "BAD_REQUEST"})
    for way in ("graphql-transport-ws", "text/event-stream", "multipart/mixed"):
        assert way in error["message"]


TOO_DEEP = "{ " + "a { " * 20 + "b" + " }" * 21


@pytest.mark.parametrize(
    ("query", "code"),
    [("{", "PARSE_FAILED"), ("subscription { nobody }", "VALIDATION_FAILED"), (TOO_DEEP, "COST_LIMIT")],
)
async def test_what_is_refused_is_told_as_json(running: Served, query: str, code: str) -> None:
    async with streamed(running, query, accept=EVENTS) as stream:
        assert await refusal(stream) == (400, "application/graphql-response+json", code)


async def test_a_cookie_needs_the_header_here_too(running: Served, gateway: Gateway) -> None:
    cookie = f"ventanilla={await gateway.token()}"
    for method in ("POST", "GET"):
        async with streamed(running, RINGS, accept=EVENTS, cookie=cookie, method=method) as stream:
            assert (await refusal(stream))[::2] == (403, "FORBIDDEN")
        guarded = {"cookie": cookie, "x_ventanilla_request": "1"}
        async with streamed(running, RINGS, accept=EVENTS, method=method, **guarded) as stream:
            assert (await event(stream))["data"]["rings"]["who"] == "Ana Paz"


@pytest.mark.parametrize("by", ["bearer", "cookie"])
async def test_a_session_that_is_over_is_told_no_further_event(running: Served, gateway: Gateway, by: str) -> None:
    token = await gateway.token()
    shown = {"bearer": {"authorization": f"Bearer {token}"}}
    shown["cookie"] = {"cookie": f"ventanilla={token}", "x_ventanilla_request": "1"}
    async with streamed(running, RINGS, accept=EVENTS, **shown[by]) as stream:
        assert (await event(stream))["data"]["rings"]["who"] == "Ana Paz"
        await gateway.end_sessions()
        await gateway.bell.ring()
        told = await event(stream)
        assert await stream.rest() == END

    assert [error["extensions"]["code"] for error in told["errors"]] == ["UNAUTHENTICATED"]
    assert "data" not in told
    await gateway.bell.until(0)


async def test_each_event_is_billed_like_its_query(start) -> None:
    async with (
        start(points_per_caller=3) as gateway,
        served(gateway.app) as running,
        streamed(running, "subscription { rings { number } }", accept=EVENTS) as stream,
    ):
        told = await event(stream)
        while "errors" not in told:
            left = told["extensions"]["cost"]["remaining"]
            await gateway.bell.ring()
            told = await event(stream)
        assert await stream.rest() == END

    assert left == 0
    assert told["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert told["errors"][0]["extensions"]["retryAfter"] > 0


async def test_a_source_that_fails_is_masked_and_ends_the_stream(running: Served) -> None:
    async with streamed(running, "subscription { broken }", accept=EVENTS) as stream:
        assert (await event(stream))["data"] == {"broken": 1}
        told = await event(stream)
        assert await stream.rest() == END

    assert [error["extensions"]["code"] for error in told["errors"]] == ["INTERNAL"]
    assert UNTOLD not in json.dumps(told)


async def test_streams_and_sockets_share_their_places(start) -> None:
    async with start(sockets_per_caller=2) as gateway, served(gateway.app) as running:
        async with begun(running), streamed(running, RINGS, accept=EVENTS) as first:
            await event(first)
            async with streamed(running, RINGS, accept=EVENTS) as second:
                assert (await refusal(second))[::2] == (429, "RATE_LIMITED")
                assert second.response.headers["retry-after"] == "10"
            async with streamed(running, "{ hello }", accept=EVENTS) as query:
                assert (await event(query))["data"] == {"hello": "Hello, you"}
        await gateway.bell.until(0)
        async with streamed(running, RINGS, accept=EVENTS) as again:
            await event(again)


async def test_a_session_that_is_over_ends_a_silent_stream_too(
    running: Served, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "BEAT_S", 0.05)
    async with streamed(running, RINGS, accept=EVENTS, authorization=f"Bearer {await gateway.token()}") as stream:
        await event(stream)
        assert await stream.until(b"\n\n") == b":"
        await gateway.end_sessions()
        assert b"UNAUTHENTICATED" in (rest := await stream.rest())
        assert rest.endswith(END)
    await gateway.bell.until(0)


async def test_a_silent_stream_says_that_it_lives(
    running: Served, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert streaming.BEAT_S == 15
    monkeypatch.setattr(streaming, "BEAT_S", 0.05)
    async with streamed(running, RINGS, accept=EVENTS) as stream:
        await event(stream)
        assert [await stream.until(b"\n\n") for _ in range(3)] == [b":"] * 3


async def test_who_does_not_read_is_cut_and_holds_up_nobody(gateway: Gateway) -> None:
    long = "subscription { rings { number long } }"
    async with served(gateway.app, Limits(unread_s=0.3)) as running:
        body = json.dumps({"query": long}).encode()
        _, silent = await running.open()
        silent.transport.pause_reading()
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: aguas.example\r\nAccept: {EVENTS}\r\nContent-Type: application/json\r\n"
        )
        silent.write(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        async with streamed(running, RINGS, accept=EVENTS) as reader:
            await event(reader)
            await gateway.bell.until(2)
            for number in range(1, 200):
                await gateway.bell.ring()
                assert (await event(reader))["data"]["rings"]["number"] == number
                if gateway.bell.listeners == 1:
                    break
                await asyncio.sleep(0.01)
            await gateway.bell.until(1)
        silent.transport.abort()


@pytest.mark.parametrize("how", ["drain", "stop"])
async def test_a_stream_is_broken_off_politely_when_the_process_leaves(gateway: Gateway, how: str) -> None:
    async with served(gateway.app, grace_s=5) as running:
        async with streamed(running, RINGS, accept=EVENTS) as stream:
            await event(stream)
            if how == "drain":
                signal.raise_signal(DRAIN)
            else:
                running.server.should_exit = True
            # Nothing says that it is complete, so the client comes again.
            assert await stream.rest() == b""
        await gateway.bell.until(0)
        if how == "drain":
            async with streamed(running, RINGS, accept=EVENTS) as late:
                assert (await refusal(late))[::2] == (503, "OVERLOADED")
            async with streamed(running, "{ hello }", accept=EVENTS) as query:
                assert (await event(query))["data"] == {"hello": "Hello, you"}
