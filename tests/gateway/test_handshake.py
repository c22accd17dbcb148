"""How a socket is opened at ``/graphql``, and by whom it is not."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.gateway.conftest import Gateway
from tests.gateway.live import begun, opened
from tests.gateway.raw import Served, served

pytestmark = pytest.mark.anyio

WHO = "{ who portal address }"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


@pytest.fixture
async def running(gateway: Gateway) -> AsyncIterator[Served]:
    async with served(gateway.app) as started:
        yield started


async def refusal(running: Served, *arguments: Any, **options: Any) -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(running, *arguments, **options):
            pass
    response = refused.value.response
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-request-id"]
    assert "server" not in response.headers
    return response.status_code, json.loads(response.body or b"")["errors"][0]["extensions"]["code"]


async def told(socket: Any, query: str = WHO) -> Any:
    await socket.ask("who", query)
    message = await socket.hear()
    await socket.hear()
    return message["payload"]["data"]


@pytest.mark.parametrize("protocols", [(), ("graphql-ws",), ("chat", "graphql-ws"), ("graphql-transport-ws2",)])
async def test_no_other_sub_protocol_is_spoken(running: Served, protocols: tuple[str, ...]) -> None:
    assert await refusal(running, protocols=protocols) == (400, "BAD_REQUEST")


async def test_ours_is_chosen_among_several(running: Served) -> None:
    async with opened(running, protocols=("graphql-ws", "graphql-transport-ws")) as socket:
        assert socket.connection.subprotocol == "graphql-transport-ws"


async def test_a_refusal_is_no_error_of_ours(running: Served, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert await refusal(running, protocols=()) == (400, "BAD_REQUEST")
        assert await refusal(running, "nobody.example") == (421, "BAD_REQUEST")
        await running.idle()
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]


async def test_messages_are_not_compressed(running: Served) -> None:
    reader, writer = await running.open()
    writer.write(handshake(Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits"))
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    writer.close()

    assert head.startswith(b"http/1.1 101 ")
    assert b"sec-websocket-extensions" not in head


async def test_the_host_names_the_manager(running: Served) -> None:
    async with begun(running, "lares.example") as socket:
        assert await told(socket) == {"who": None, "portal": "lares", "address": "127.0.0.1"}
    assert await refusal(running, "nobody.example") == (421, "BAD_REQUEST")


@pytest.mark.parametrize("path", ["/", "/graphql/", "/graphiql", "/healthz", "/nowhere"])
async def test_sockets_are_opened_at_one_address(running: Served, path: str) -> None:
    assert await refusal(running, path=path) == (404, "BAD_REQUEST")


OWN = ["http://aguas.example", "https://aguas.example", "HTTP://Aguas.Example", "http://aguas.example:80"]
FOREIGN = [
    "null", "http://evil.example", "https://lares.example", "http://aguas.example.evil.example", "file://",
    "http://evil-aguas.example", "http://aguas.example:8000", "http://aguas.example/", "aguas.example", "",
    "http://x@aguas.example", "chrome-extension://aguas.example",
]  # fmt: skip


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_page_of_another_origin_opens_none(running: Served, gateway: Gateway, origin: str) -> None:
    assert await refusal(running, Origin=origin) == (403, "FORBIDDEN")
    assert await refusal(running, Origin=origin, authorization=f"Bearer {await gateway.token()}") == (403, "FORBIDDEN")


@pytest.mark.parametrize("origin", OWN)
async def test_a_cookie_counts_for_pages_of_the_host(running: Served, gateway: Gateway, origin: str) -> None:
    cookie = f"ventanilla={await gateway.token()}"
    async with begun(running, Origin=origin, cookie=cookie) as socket:
        assert (await told(socket))["who"] == "Ana Paz"


async def test_over_https_the_page_must_have_come_so_too(start) -> None:
    async with start(trusted_proxies="127.0.0.0/8") as gateway, served(gateway.app) as running:
        secure = {"x_forwarded_proto": "https", "x_forwarded_host": "aguas.example"}
        assert await refusal(running, Origin="http://aguas.example", **secure) == (403, "FORBIDDEN")
        async with begun(running, Origin="https://aguas.example", **secure) as socket:
            assert (await told(socket))["portal"] == "aguas"


async def test_a_cookie_without_a_page_needs_the_header(running: Served, gateway: Gateway) -> None:
    cookie = f"ventanilla={await gateway.token()}"

    assert await refusal(running, cookie=cookie) == (403, "FORBIDDEN")
    async with begun(running, cookie=cookie, x_ventanilla_request="1") as socket:
        assert (await told(socket))["who"] == "Ana Paz"


async def test_a_token_may_stand_in_the_header_or_in_the_first_message(running: Served, gateway: Gateway) -> None:
    bearer = f"Bearer {await gateway.token()}"
    async with begun(running, authorization=bearer) as socket:
        assert (await told(socket))["who"] == "Ana Paz"
    async with opened(running) as socket:
        await socket.begin(payload={"authorization": bearer})
        assert (await told(socket))["who"] == "Ana Paz"


async def test_a_token_goes_before_a_cookie(running: Served, gateway: Gateway) -> None:
    async with opened(running, Origin="http://aguas.example", cookie="ventanilla=stale") as socket:
        await socket.begin(payload={"authorization": f"Bearer {await gateway.token()}"})
        assert (await told(socket))["who"] == "Ana Paz"


async def test_a_token_in_the_address_counts_for_nothing(running: Served, gateway: Gateway) -> None:
    token = await gateway.token()
    path = f"/graphql?authorization=Bearer%20{token}&token={token}&access_token={token}"
    async with opened(running, path=path) as socket:
        await socket.begin()
        assert (await told(socket))["who"] is None


async def test_wrong_tokens_open_nothing(running: Served, gateway: Gateway) -> None:
    foreign = f"Bearer {await gateway.token('lares')}"
    for wrong in ("Bearer wrong", "Basic eDp5", "Bearer", foreign):
        assert await refusal(running, authorization=wrong) == (401, "UNAUTHENTICATED")
        async with opened(running) as socket:
            await socket.say("connection_init", payload={"authorization": wrong})
            assert await socket.closed() == 4401
    async with opened(running, authorization=f"Bearer {await gateway.token()}") as socket:
        await socket.say("connection_init", payload={"authorization": "Bearer é"})
        assert await socket.closed() == 4401


def handshake(method: str = "GET", version: str = "HTTP/1.1", **headers: str | None) -> bytes:
    found: dict[str, str | None] = {
        "Host": "aguas.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Protocol": "graphql-transport-ws",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in found.items() if value is not None]
    return "\r\n".join([f"{method} /graphql {version}", *lines, "", ""]).encode("latin-1")


NO_HANDSHAKES = {
    "a POST": handshake("POST"),
    "an old version of HTTP": handshake(version="HTTP/1.0"),
    "a body": handshake(Content_Length="2") + b"{}",
    "a chunked body": handshake(Transfer_Encoding="chunked") + b"0\r\n\r\n",
    "no key": handshake(Sec_WebSocket_Key=None),
    "a key that is none": handshake(Sec_WebSocket_Key="x"),
    "a short key": handshake(Sec_WebSocket_Key="AAAA"),
    "no version": handshake(Sec_WebSocket_Version=None),
    "an old version": handshake(Sec_WebSocket_Version="8"),
    "two origins": handshake().replace(b"\r\n\r\n", b"\r\nOrigin: http://aguas.example" * 2 + b"\r\n\r\n"),
    "sub-protocols that are no list": handshake(Sec_WebSocket_Protocol="a b, c"),
    "two keys": handshake().replace(b"\r\n\r\n", f"\r\nSec-WebSocket-Key: {KEY}\r\n\r\n".encode()),
    "a header too long": handshake(Cookie="x" * 8_000),
    "too many headers": handshake(**{f"X-{number}": "x" for number in range(120)}),
    "an address too long": handshake().replace(b"/graphql", b"/graphql?" + b"x" * 8_000),
}


@pytest.mark.parametrize("sent", NO_HANDSHAKES.values(), ids=NO_HANDSHAKES.keys())
async def test_what_is_no_handshake_is_refused_once_and_in_json(running: Served, sent: bytes) -> None:
    async with asyncio.timeout(5):
        answer = await running.exchange(sent)
    head, _, body = answer.partition(b"\r\n\r\n")

    assert answer.count(b"HTTP/1.1 ") == 1
    assert head.split()[1] == (b"405" if sent.startswith(b"POST") and b"ength" not in sent else b"400")
    assert b"\r\ncontent-type: application/json; charset=utf-8" in head
    assert b"\r\ncache-control: no-store" in head
    assert json.loads(body)["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_a_handshake_is_none_while_an_answer_is_under_way() -> None:
    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        await asyncio.sleep(0.2)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async with served(slow) as running, asyncio.timeout(5):
        answer = await running.exchange(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", handshake(), every_s=0.05)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"ok")


async def test_other_upgrades_and_half_ones_are_requests_like_any(running: Served) -> None:
    for headers in ({"Upgrade": "h2c"}, {"Connection": "close"}, {"Upgrade": None, "Connection": "close"}):
        answer = await running.exchange(handshake(**headers))
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"query must be a text" in answer
