"""What a client may do with frames that the application never sees, and how little anybody else notices."""

import asyncio
import json
import logging
import socket
import struct
from collections.abc import AsyncIterator, Callable

import pytest

from tests.gateway.conftest import Gateway
from tests.gateway.raw import Served, served
from tests.gateway.test_handshake import handshake
from ventanilla.gateway.connection import Limits

pytestmark = pytest.mark.anyio

TEXT, MORE, CLOSE, PING, PONG = 1, 0, 8, 9, 10
MANY = 2_001


@pytest.fixture
async def running(gateway: Gateway) -> AsyncIterator[Served]:
    async with served(gateway.app) as started:
        yield started


def frame(kind: int, data: bytes = b"", *, last: bool = True, masked: bool = True, reserved: int = 0) -> bytes:
    length = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack("!H", len(data))
    mask = b"\0\0\0\0" if masked else b""
    return bytes([last << 7 | reserved << 4 | kind, length[0] | masked << 7]) + length[1:] + mask + data


def said(kind: str, **rest: object) -> bytes:
    return frame(TEXT, json.dumps({"type": kind, **rest}).encode())


BEGIN = said("connection_init")


async def end_of(running: Served, *sent: bytes) -> int:
    """The code with which a socket ends on which `sent` was said."""
    reader, writer = await running.open()
    writer.write(handshake())
    await reader.readuntil(b"\r\n\r\n")
    writer.write(BEGIN + b"".join(sent))
    async with asyncio.timeout(10):
        while (kind := (head := await reader.readexactly(2))[0] & 15) != CLOSE:
            assert kind in {TEXT, PONG}
            await reader.readexactly(head[1])
        told = await reader.readexactly(head[1])
    writer.close()
    return struct.unpack("!H", told[:2])[0]


BROKEN = {
    "a fragment of nothing": (1002, frame(MORE, b"x")),
    "a message within a message": (1002, frame(TEXT, b"{", last=False) + frame(TEXT, b"}")),
    "a reserved bit": (1002, frame(TEXT, b"{}", reserved=4)),
    "an unknown kind": (1002, frame(3)),
    "no mask": (1002, frame(TEXT, b"{}", masked=False)),
    "a long ping": (1002, frame(PING, b"x" * 126)),
    "a ping in pieces": (1002, frame(PING, last=False)),
    "an end of one byte": (1002, frame(CLOSE, b"x")),
    "an end that is none": (1002, frame(CLOSE, struct.pack("!H", 1005))),
    "an end beyond all": (1002, frame(CLOSE, struct.pack("!H", 5000))),
    "half a character between pieces": (1007, frame(TEXT, b"\xc3", last=False) + frame(MORE, b"x")),
    "too many pings": (1008, frame(PING) * MANY),
    "too many pongs": (1008, frame(PONG) * MANY),
    "too many pieces": (1008, frame(TEXT, last=False) + frame(MORE, last=False) * MANY),
}


@pytest.mark.parametrize(("code", "sent"), BROKEN.values(), ids=BROKEN.keys())
async def test_frames_that_are_none_end_the_socket_and_nothing_is_logged(
    running: Served, gateway: Gateway, caplog: pytest.LogCaptureFixture, code: int, sent: bytes
) -> None:
    stream = said("subscribe", id="a", payload={"query": "subscription { rings { number } }"})
    with caplog.at_level(logging.WARNING):
        assert await end_of(running, stream, sent) == code
        await gateway.bell.until(0)
        await running.idle()
    assert not [record for record in caplog.records if record.name.startswith(("uvicorn", "asyncio"))]


async def test_a_character_may_stand_in_two_fragments(running: Served) -> None:
    whole = json.dumps({"type": "ping", "payload": {"é": 1}}, ensure_ascii=False).encode()
    cut = whole.index(b"\xc3") + 1
    sent = frame(TEXT, whole[:cut], last=False) + frame(PING) + frame(MORE, whole[cut:])

    assert await end_of(running, sent, said("unknown")) == 4400


async def test_pings_within_reason_are_answered_for_hours(gateway: Gateway) -> None:
    async with served(gateway.app, Limits(ping_s=0.05)) as running:
        reader, writer = await running.open()
        writer.write(handshake())
        await reader.readuntil(b"\r\n\r\n")
        for _ in range(6):
            writer.write(frame(PING) * 500)
            pings = pongs = 0
            while not pings or pongs < 500:
                head = await reader.readexactly(2)
                told = await reader.readexactly(head[1])
                if head[0] & 15 == PING:
                    pings += 1
                    writer.write(frame(PONG, told))
                else:
                    assert head[0] & 15 == PONG
                    pongs += 1
        writer.close()


async def test_who_says_the_end_and_does_not_read_it_is_cut(gateway: Gateway) -> None:
    async with served(gateway.app, Limits(ping_s=0.5, pong_s=0.5)) as running:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client, ("127.0.0.1", running.port))
        await loop.sock_sendall(client, handshake())
        await asyncio.sleep(0.1)
        asked = [
            said("subscribe", id=str(number), payload={"query": "subscription { rings { long } }"})
            for number in range(20)
        ]
        await loop.sock_sendall(client, BEGIN + b"".join(asked))
        for _ in range(5):
            await asyncio.sleep(0.05)
            await gateway.bell.ring()
        await loop.sock_sendall(client, frame(CLOSE, struct.pack("!H", 1000)))
        await gateway.bell.until(0)
        await asyncio.sleep(1.5)
        assert not running.server.server_state.connections
        client.close()


async def test_much_at_once_is_read_in_turns(running: Served) -> None:
    reader, writer = await running.open()
    writer.write(handshake())
    await reader.readuntil(b"\r\n\r\n")
    (connection,) = running.server.server_state.connections
    take: Callable[[bytes], None] = connection.data_received
    sizes: list[int] = []

    def counted(data: bytes) -> None:
        sizes.append(len(data))
        take(data)

    connection.data_received = counted
    writer.write(BEGIN + said("pong") * 5_000 + said("ping"))
    async with asyncio.timeout(10):
        await reader.readuntil(b'"pong"}')
    writer.close()
    assert max(sizes) == 4_096
