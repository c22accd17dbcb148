"""How a socket ends: by mistakes, by time, by what is no longer allowed, by who does not read, and with the process."""

import asyncio
import json
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog
from starlette.routing import WebSocketRoute
from websockets.exceptions import InvalidStatus

from tests.gateway.conftest import Gateway
from tests.gateway.live import Socket, begun, opened
from tests.gateway.raw import Served, served
from ventanilla.gateway import logs
from ventanilla.gateway.connection import Limits
from ventanilla.gateway.server import DRAIN

pytestmark = pytest.mark.anyio

RINGS = "subscription { rings { number who } }"
LONG = "subscription { rings { number long } }"


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


async def subscribed(socket: Socket, query: str = RINGS) -> Any:
    await socket.ask("live", query)
    return (await socket.hear())["payload"]["data"]["rings"]


def endpoint_of(gateway: Gateway) -> Any:
    (route,) = (each for each in gateway.app.routes if isinstance(each, WebSocketRoute))
    return route.endpoint


MISTAKES = {
    "no JSON": "hello", "a list": "[]", "null": "null", "a number": "1", "an unknown type": '{"type": "start"}',
    "bytes": b'{"type": "ping"}', "nested beyond the parser": "[" * 100_000, "an endless integer": "9" * 100_000,
    "no id": '{"type": "subscribe", "payload": {"query": "{ who }"}}',
    "a number for an id": '{"type": "subscribe", "id": 1, "payload": {"query": "{ who }"}}',
    "an endless id": '{"type": "subscribe", "id": "%s", "payload": {"query": "{ who }"}}' % ("a" * 129),
    "a list for a payload": '{"type": "subscribe", "id": "a", "payload": []}',
}  # fmt: skip


@pytest.mark.parametrize("sent", MISTAKES.values(), ids=MISTAKES.keys())
async def test_what_is_no_message_closes_the_socket(running: Served, gateway: Gateway, sent: str | bytes) -> None:
    async with begun(running) as socket:
        await subscribed(socket)
        await socket.connection.send(sent)
        assert await socket.closed() == 4400
    await gateway.bell.until(0)


async def test_half_a_character_is_no_text(running: Served) -> None:
    async with begun(running) as socket:
        await socket.connection.send(b"\xff", text=True)
        assert await socket.closed() == 1007


@pytest.mark.parametrize("pieces", [1, 64])
async def test_a_message_over_the_limit_is_not_even_read(running: Served, gateway: Gateway, pieces: int) -> None:
    async with begun(running) as socket:
        await subscribed(socket)
        await socket.connection.send(["x" * (300_000 // pieces)] * pieces if pieces > 1 else "x" * 300_000)
        assert await socket.closed() == 1009
    await gateway.bell.until(0)


async def test_a_message_within_the_limit_is(running: Served) -> None:
    async with begun(running) as socket:
        await socket.ask("a", "{ hello }", variables={"n": "x" * 250_000})
        assert (await socket.hear())["payload"]["data"] == {"hello": "Hello, you"}


async def test_a_second_initialisation_closes_the_socket(running: Served) -> None:
    async with begun(running) as socket:
        await socket.say("connection_init")
        assert await socket.closed() == 4429


async def test_nothing_runs_before_the_initialisation(running: Served) -> None:
    async with opened(running) as socket:
        await socket.ask("a", "{ who }")
        assert await socket.closed() == 4401


async def test_who_does_not_begin_in_time_is_closed(running: Served, gateway: Gateway) -> None:
    endpoint_of(gateway)._init_s = 0.3
    async with begun(running) as patient, opened(running) as silent:
        await silent.say("ping")
        assert await silent.hear() == {"type": "pong"}
        assert await silent.closed() == 4408
        assert (await subscribed(patient))["number"] == 0


async def test_pings_are_answered_in_both_languages(running: Served) -> None:
    async with begun(running) as socket:
        await socket.say("ping", payload={"n": 1})
        assert await socket.hear() == {"type": "pong", "payload": {"n": 1}}
        await socket.say("pong")
        async with asyncio.timeout(5):
            await (await socket.connection.ping())
        await socket.ask("a", "{ hello }")
        assert (await socket.hear())["type"] == "next"


@pytest.mark.parametrize("by", ["header", "message", "cookie"])
async def test_a_session_that_is_over_ends_its_socket_with_the_next_operation(
    running: Served, gateway: Gateway, by: str
) -> None:
    bearer, cookie = f"Bearer {(token := await gateway.token())}", f"ventanilla={token}"
    shown = {"header": {"authorization": bearer}, "cookie": {"cookie": cookie, "x_ventanilla_request": "1"}}
    async with opened(running, **shown.get(by, {})) as socket:
        await socket.begin(payload={"authorization": bearer} if by == "message" else {})
        assert (await subscribed(socket))["who"] == "Ana Paz"
        await gateway.end_sessions()
        await socket.ask("a", "{ hello }")
        assert await socket.closed() == 4401
    await gateway.bell.until(0)


async def test_a_session_that_is_over_is_told_no_further_event(running: Served, gateway: Gateway) -> None:
    async with begun(running, authorization=f"Bearer {await gateway.token()}") as socket, begun(running) as guest:
        assert (await subscribed(socket))["who"] == "Ana Paz"
        await subscribed(guest)
        await gateway.end_sessions()
        await gateway.bell.ring()
        assert await socket.closed() == 4401
        assert (await guest.hear())["payload"]["data"]["rings"] == {"number": 1, "who": None}


async def test_a_session_that_is_over_ends_a_silent_socket_too(running: Served, gateway: Gateway) -> None:
    endpoint_of(gateway)._session_s = 0.2
    async with begun(running, authorization=f"Bearer {await gateway.token()}") as socket, begun(running) as guest:
        assert (await subscribed(socket))["who"] == "Ana Paz"
        await asyncio.sleep(0.5)
        await socket.say("ping")
        assert await socket.hear() == {"type": "pong"}
        await gateway.end_sessions()
        assert await socket.closed() == 4401
        assert (await subscribed(guest))["who"] is None


@pytest.mark.parametrize("how", ["completing", "vanishing"])
async def test_a_mutation_goes_on_to_its_end_though_its_client_leaves(
    running: Served, gateway: Gateway, how: str
) -> None:
    async with begun(running) as socket:
        await socket.ask("a", "mutation { change }")
        await gateway.begun.wait()
        if how == "completing":
            await socket.say("complete", id="a")
            await socket.ask("b", "{ hello }")
            assert (await socket.hear())["id"] == "b"
    gateway.going_on.set()
    async with asyncio.timeout(5):
        await gateway.bell.changed.wait()


async def test_no_cookie_is_set_over_a_socket(running: Served) -> None:
    async with begun(running) as socket:
        await socket.ask("a", "mutation { enter }")
        message = await socket.hear()

    assert (message["type"], message["payload"][0]["extensions"]) == ("error", {"code": "BAD_REQUEST"})
    assert "BEARER" in message["payload"][0]["message"]


@pytest.mark.parametrize("how", ["closing", "vanishing"])
async def test_who_goes_leaves_nothing_behind(running: Served, gateway: Gateway, how: str) -> None:
    async with begun(running) as socket:
        await subscribed(socket)
        if how == "vanishing":
            socket.connection.transport.abort()
    await gateway.bell.until(0)
    await running.idle()
    assert not endpoint_of(gateway)._places._taken


async def test_who_does_not_read_is_cut_and_holds_up_nobody(gateway: Gateway) -> None:
    limits = Limits(ping_s=0.3, pong_s=0.3)
    async with served(gateway.app, limits) as running, begun(running) as reader:
        await subscribed(reader)
        async with begun(running) as silent:
            await silent.ask("live", LONG)
            silent.connection.transport.pause_reading()
            for number in range(1, 200):
                await gateway.bell.ring()
                async with asyncio.timeout(2):
                    assert (await reader.hear())["payload"]["data"]["rings"]["number"] == number
                if gateway.bell.listeners == 1:
                    break
                await asyncio.sleep(0.01)
            await gateway.bell.until(1)
            silent.connection.transport.abort()


async def test_who_says_nothing_for_long_and_answers_pings_stays(gateway: Gateway) -> None:
    limits = Limits(head_s=0.2, body_s=0.2, ping_s=0.1, pong_s=0.5)
    async with served(gateway.app, limits) as running, begun(running) as socket:
        await asyncio.sleep(1)
        assert (await subscribed(socket))["number"] == 0


@pytest.mark.parametrize("how", ["drain", "stop"])
async def test_sockets_are_told_when_the_process_leaves(gateway: Gateway, how: str) -> None:
    async with (
        served(gateway.app, grace_s=5) as running,
        begun(running) as one,
        begun(running) as other,
        opened(running) as silent,
    ):
        await subscribed(one)
        if how == "drain":
            signal.raise_signal(DRAIN)
        else:
            running.server.should_exit = True
        async with asyncio.timeout(3):
            assert [await each.closed() for each in (one, other, silent)] == [1012] * 3
        await gateway.bell.until(0)


async def test_while_it_drains_no_socket_is_opened(running: Served) -> None:
    signal.raise_signal(DRAIN)
    with pytest.raises(InvalidStatus) as refused:
        async with opened(running):
            pass
    response = refused.value.response

    assert response.status_code == 503
    assert json.loads(response.body or b"")["errors"][0]["extensions"] == {"code": "OVERLOADED"}


async def test_what_is_under_way_is_answered_before_the_end(gateway: Gateway) -> None:
    async with served(gateway.app, grace_s=5) as running, begun(running) as socket:
        await subscribed(socket)
        await socket.ask("a", "{ slow }")
        await gateway.begun.wait()
        running.server.should_exit = True
        await asyncio.sleep(1.6)
        gateway.going_on.set()
        assert (await socket.hear())["payload"]["data"] == {"slow": "done"}
        assert await socket.closed() == 1012


async def test_what_does_not_end_in_time_is_told_the_end_too(gateway: Gateway) -> None:
    async with served(gateway.app, grace_s=1) as running, begun(running) as socket:
        await socket.ask("a", "{ slow }")
        await gateway.begun.wait()
        running.server.should_exit = True
        async with asyncio.timeout(5):
            assert await socket.closed() == 1012
            await running.task


@pytest.fixture
def _loggers_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    logs.requests.straight = None


@pytest.mark.usefixtures("_loggers_as_they_were")
async def test_who_does_not_wait_for_the_opening_is_no_bug(
    gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = [(b"host", b"aguas.example")]
    scope = {"type": "websocket", "path": "/graphql", "headers": headers, "subprotocols": ["graphql-transport-ws"]}

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(_message: Any) -> None:
        raise OSError

    logs.configure(as_json=True)
    await gateway.app(scope, receive, send)
    written = capsys.readouterr().err
    assert "DISCONNECTED" in written
    assert "unexpected" not in written
    assert not endpoint_of(gateway)._places._taken


@pytest.mark.usefixtures("_loggers_as_they_were")
async def test_a_line_for_each_operation_and_one_for_the_socket(
    running: Served, gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=True)
    logging.getLogger("websockets").setLevel(logging.WARNING)  # the client's own side, in the same process
    token = await gateway.token()
    async with opened(running, path="/graphql?secret=yes") as socket:
        await socket.begin(payload={"authorization": f"Bearer {token}"})
        asked = {"variables": {"n": "PL61109010140000071219812874"}, "operationName": "Greeting"}
        await socket.ask("secret-id", "query Greeting($n: String) { hello(name: $n) }", **asked)
        for _ in range(2):
            await socket.hear()
        await socket.ask("b", "{ nobody }")
        await socket.hear()
        await socket.connection.send("secret")
        assert await socket.closed() == 4400
    await running.idle()

    written = capsys.readouterr().err
    good, bad, whole = [json.loads(line) for line in written.splitlines()]
    assert (good["event"], good["operation"], good["manager"]) == ("operation", "Greeting", "aguas")
    assert len(good["document"]) == 16
    assert (bad["event"], bad["code"]) == ("operation", "VALIDATION_FAILED")
    assert {name: whole[name] for name in ("event", "method", "route", "status", "closed", "operations")} == {
        "event": "request", "method": "WEBSOCKET", "route": "/graphql", "status": 101, "closed": 4400, "operations": 2,
    }  # fmt: skip
    assert good["request_id"] == bad["request_id"] == whole["request_id"]
    for secret in ("secret", "PL61", token, "hello", "nobody"):
        assert secret not in written
