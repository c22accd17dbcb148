from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing, suppress
from typing import Any, cast

import httpx2
import pytest

from tests.mail.sample import signed
from ventanilla.payments.asking import MOST_BYTES, Asking
from ventanilla.payments.contract import Ask, PlatformError, PlatformFault, PlatformRequest, PlatformResponse

pytestmark = pytest.mark.anyio


def whole(response: PlatformResponse) -> PlatformResponse:
    return response


def get(url: str, read: Callable[[PlatformResponse], Any] = whole, **headers: str) -> Ask[Any]:
    return Ask(PlatformRequest(method="GET", url=url, headers=headers), read)


@asynccontextmanager
async def serving(
    answer: bytes, *, wait_s: float = 0, seen: list[bytes] | None = None, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[str]:
    """A server that says `answer` to whoever connects, and then hangs up."""

    tasks: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(cast("asyncio.Task[Any]", asyncio.current_task()))
        with closing(writer):
            asked = await reader.readuntil(b"\r\n\r\n")
            if seen is not None:
                seen.append(asked)
            await asyncio.sleep(wait_s)
            writer.write(answer)
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        if tasks:
            await asyncio.wait(tasks, timeout=0.01 if wait_s else None)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answer_of(head: str, body: bytes = b"") -> bytes:
    return f"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n".encode() + body


async def fault_of(ask: Ask[Any], asking: Asking | None = None) -> PlatformError:
    asking = asking or Asking()
    try:
        with pytest.raises(PlatformError) as caught:
            await asking.ask(ask)
    finally:
        await asking.close()
    return caught.value


async def test_what_is_asked_arrives_and_the_answer_is_read() -> None:
    seen: list[bytes] = []
    async with serving(answer_of("200 OK\r\nX-Kind: Good", b"paid"), seen=seen) as url:
        asking = Asking()
        found = await asking.ask(get(f"{url}/v1/x?y=1", authorization="Bearer t"))
        await asking.close()
    assert found == PlatformResponse(status=200, headers={"connection": "close", "x-kind": "Good"}, body=b"paid")
    head = seen[0].decode().lower()
    assert head.startswith("get /v1/x?y=1 http/1.1\r\n")
    assert "\r\nauthorization: bearer t\r\n" in head
    assert "\r\naccept-encoding: identity\r\n" in head


async def test_it_runs_within_this_process_as_well() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": body + scope["path"].encode()})

    asking = Asking(httpx2.ASGITransport(app=app))
    request = PlatformRequest(method="POST", url="https://platform.example/a", body=b"hello ")
    found = await asking.ask(Ask(request, whole))
    await asking.close()
    assert (found.status, found.body) == (201, b"hello /a")


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("500 No", PlatformFault.UNAVAILABLE),
        ("503 No", PlatformFault.UNAVAILABLE),
        ("429 No", PlatformFault.UNAVAILABLE),
        ("401 No", PlatformFault.UNAUTHORIZED),
        ("403 No", PlatformFault.UNAUTHORIZED),
        ("302 Found\r\nLocation: http://127.0.0.1:1/", PlatformFault.UNREADABLE),
        ("200 OK\r\nContent-Encoding: gzip", PlatformFault.UNREADABLE),
    ],
)
async def test_what_says_enough_by_itself_is_not_read(head: str, fault: PlatformFault) -> None:
    async with serving(answer_of(head)) as url:
        error = await fault_of(get(url, lambda _: pytest.fail("it was read")))
    assert error.fault is fault


async def test_a_client_error_is_read() -> None:
    def read(response: PlatformResponse) -> None:
        raise PlatformError(PlatformFault.REFUSED, f"status {response.status} {response.body.decode()}")

    async with serving(answer_of("422 No", b"USED")) as url:
        error = await fault_of(get(url, read))
    assert (error.fault, error.detail) == (PlatformFault.REFUSED, "status 422 USED")


async def test_a_reader_that_fails_makes_the_answer_unreadable() -> None:
    async with serving(answer_of("200 OK", b"{")) as url:
        error = await fault_of(get(url, lambda response: {}[response.status]))
    assert (error.fault, error.detail) == (PlatformFault.UNREADABLE, "KeyError")


async def test_who_does_not_answer_is_not_waited_for() -> None:
    async with serving(answer_of("200 OK"), wait_s=5) as url:
        error = await fault_of(get(url), Asking(total_s=0.05))
    assert error.fault is PlatformFault.UNAVAILABLE


async def test_an_answer_without_end_is_cut() -> None:
    async with serving(answer_of("200 OK", b"x" * (MOST_BYTES + 1))) as url:
        error = await fault_of(get(url))
    assert (error.fault, error.detail) == (PlatformFault.UNREADABLE, "the answer is too long")


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
async def test_an_answer_that_breaks_off_is_none(answer: bytes) -> None:
    async with serving(answer) as url:
        error = await fault_of(get(url))
    assert error.fault is PlatformFault.UNAVAILABLE


async def test_nobody_there() -> None:
    assert (await fault_of(get("http://127.0.0.1:1/"))).fault is PlatformFault.UNAVAILABLE


@pytest.mark.parametrize(
    "url", ["http://platform.example/", "http://10.0.0.1/", "ftp://127.0.0.1/", "x", "https://\udc80"]
)
async def test_nothing_leaves_this_machine_in_clear(url: str) -> None:
    async def app(*_: Any) -> None:
        pytest.fail("it left")

    error = await fault_of(get(url), Asking(httpx2.ASGITransport(app=app)))
    assert error.fault is PlatformFault.REFUSED


async def test_a_server_that_cannot_show_who_it_is_is_told_nothing() -> None:
    seen: list[bytes] = []
    async with serving(answer_of("200 OK"), seen=seen, tls=signed("127.0.0.1")[1]) as url:
        error = await fault_of(get(url, authorization="Bearer hush"))
    assert (error.fault, seen) == (PlatformFault.UNAVAILABLE, [])


async def test_no_cookie_of_one_manager_goes_to_the_next() -> None:
    seen: list[bytes] = []
    async with serving(answer_of("200 OK\r\nSet-Cookie: who=me; Path=/"), seen=seen) as url:
        asking = Asking()
        await asking.ask(get(url))
        await asking.ask(get(url))
        await asking.close()
    assert b"cookie" not in seen[1].lower()


async def test_the_log_says_where_and_why_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with serving(answer_of("500 No", b"jan@example.com")) as url:
        await fault_of(get(f"{url}/payments?email=jan%40example.com", authorization="Bearer hush"))
    (line,) = [record.getMessage() for record in caplog.records if record.name != "asyncio"]
    assert line == "a platform was asked in vain at 127.0.0.1: UNAVAILABLE: status 500"
