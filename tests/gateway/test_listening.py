"""Sockets that are listened on: what is accepted there sends at once."""

import asyncio
import socket

import pytest

from ventanilla.gateway.listening import inherited, listen

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("handed", [False, True])
async def test_a_body_does_not_wait_for_the_acknowledgement_of_its_headers(handed: bool) -> None:
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def accepted(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        told.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    (listener,) = listen("127.0.0.1", [0])
    if handed:
        listener = inherited(listener.detach())
    async with await asyncio.start_server(accepted, sock=listener):
        _, writer = await asyncio.open_connection(*listener.getsockname())
        assert await asyncio.wait_for(told, 5)
        writer.close()
        await writer.wait_closed()
