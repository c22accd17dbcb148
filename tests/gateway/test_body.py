import asyncio
from collections.abc import Iterable

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from ventanilla.gateway.body import DisconnectedError, check_headers, read_body
from ventanilla.gateway.refusal import RefusalError

pytestmark = pytest.mark.anyio


def chunks(*parts: bytes) -> Receive:
    messages: Iterable[Message] = iter(
        {"type": "http.request", "body": part, "more_body": index < len(parts) - 1} for index, part in enumerate(parts)
    )

    async def receive() -> Message:
        return next(iter(messages))

    return receive


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
def test_takes_json(kind: str) -> None:
    check_headers(Headers({"content-type": kind}))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": ""},
        {"content-type": "text/plain"},
        {"content-type": "application/jsonp"},
        {"content-type": "application/json-seq"},
        {"content-type": "application/json, text/plain"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {"content-type": "application/json", "content-encoding": "identity"},
    ],
)
def test_other_content_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(RefusalError) as refusal:
        check_headers(Headers(headers))

    assert refusal.value.status == 415


def test_two_content_types_are_refused() -> None:
    twice = [(b"content-type", b"application/json")] * 2

    with pytest.raises(RefusalError):
        check_headers(Headers(raw=twice))


async def test_reads_chunks_up_to_the_limit() -> None:
    assert await read_body(Headers(), chunks(b"abc", b"", b"def"), 6) == b"abcdef"


async def test_stops_reading_at_the_limit() -> None:
    receive = chunks(b"abc", b"def", b"never read")

    with pytest.raises(RefusalError) as refusal:
        await read_body(Headers(), receive, 5)

    assert (refusal.value.status, refusal.value.headers) == (413, {"connection": "close"})
    assert (await receive())["body"] == b"never read"


@pytest.mark.parametrize("declared", ["6", "9" * 40])
async def test_a_declared_length_over_the_limit_is_refused_unread(declared: str) -> None:
    receive = chunks(b"never read")

    with pytest.raises(RefusalError) as refusal:
        await read_body(Headers({"content-length": declared}), receive, 5)

    assert refusal.value.status == 413
    assert (await receive())["body"] == b"never read"


async def test_a_body_that_does_not_come_is_given_up() -> None:
    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    with pytest.raises(RefusalError) as refusal:
        await read_body(Headers(), receive, 5, timeout_s=0.01)

    assert refusal.value.status == 408


async def test_a_client_that_leaves_is_noticed() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(DisconnectedError):
        await read_body(Headers(), receive, 5)
