"""A new process takes over from an old one on the socket of their parent, and nobody notices."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.gateway.demo.process import PROGRAM
from tests.gateway.raw import answer_of
from tests.gateway.stock import gateway_data
from ventanilla.gateway.listening import handed_over
from ventanilla.gateway.server import DRAIN

pytestmark = pytest.mark.anyio

CLIENTS = 8
ENOUGH = 1_500
QUERY = b'{"query": "{ portal { name } }"}'
REQUESTS = (
    b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /graphql HTTP/1.1\r\nHost: aguas.localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    % (len(QUERY), QUERY),
)


@pytest.fixture(scope="module")
def variables(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a gateway that has its tables and one manager."""
    data = tmp_path_factory.mktemp("gateway") / "data"
    shutil.copytree(gateway_data(shared_folder), data)
    return {"VENTANILLA_DATA": str(data), "PATH": "/usr/bin:/bin"}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as opened:
        yield opened


class Process:
    """``ventanilla serve`` on a socket that it was handed."""

    def __init__(self, command: list[str | Path], descriptors: tuple[int, ...], variables: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            env=variables,
            pass_fds=descriptors,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    async def ready(self) -> str:
        assert self.process.stdout
        return await asyncio.to_thread(self.process.stdout.readline)

    async def ended(self) -> int:
        return await asyncio.to_thread(self.process.wait, 20)


@contextmanager
def serving(listener: socket.socket, variables: Mapping[str, str]) -> Iterator[Process]:
    descriptor = listener.fileno()
    with running(Process([PROGRAM, "serve", "--fd", str(descriptor)], (descriptor,), variables)) as process:
        yield process


@contextmanager
def running(process: Process) -> Iterator[Process]:
    try:
        yield process
    finally:
        process.process.kill()
        process.process.communicate()


class Clients:
    """Clients that keep their connections, open new ones only when told to, and repeat nothing."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._going = True
        self.served = 0
        self.connections = 0
        self.failed: list[str] = []
        self._tasks = [asyncio.create_task(self._ask()) for _ in range(CLIENTS)]

    async def _ask(self) -> None:
        while self._going:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            self.connections += 1
            try:
                await self._until_told_to_close(reader, writer)
            except (OSError, EOFError) as error:
                self.failed.append(repr(error))
            finally:
                writer.close()

    async def _until_told_to_close(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = b""
        while self._going and b"connection: close" not in head:
            writer.write(REQUESTS[self.served % len(REQUESTS)])
            status, head, body = await answer_of(reader)
            if status == 200 and b"errors" not in body:
                self.served += 1
            else:
                self.failed.append(f"{status} {body!r}")
            await asyncio.sleep(0.002)

    async def until(self, served: int) -> None:
        for _ in range(6_000):  # a minute; fewer than asked for fails the test at its end
            if self.served >= served:
                return
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self._going = False
        await asyncio.gather(*self._tasks)


async def test_nothing_fails_while_processes_take_turns(listener: socket.socket, variables: Mapping[str, str]) -> None:
    with serving(listener, variables) as first, serving(listener, variables) as second:
        port = listener.getsockname()[1]
        assert await first.ready() == await second.ready() == f"ready at http://127.0.0.1:{port}\n"
        clients = Clients(port)
        await clients.until(300)

        first.process.send_signal(DRAIN)
        await clients.until(600)
        assert first.process.poll() is None  # it serves on, one request a connection
        first.process.send_signal(signal.SIGTERM)
        assert await first.ended() == 0

        with serving(listener, variables) as third:
            await third.ready()
            await clients.until(clients.served + 300)
            second.process.send_signal(signal.SIGTERM)
            assert await second.ended() == 0
            await clients.until(max(ENOUGH, clients.served + 300))
            await clients.stop()
            third.process.send_signal(signal.SIGTERM)
            assert await third.ended() == 0

    assert clients.failed == []
    assert clients.served >= ENOUGH
    assert clients.connections > CLIENTS


def as_systemd_does(descriptor: int, count: str) -> list[str | Path]:
    """The command that puts a socket where systemd does, tells of it, and becomes the gateway."""
    script = (
        "import os, sys; os.dup2(int(sys.argv[1]), 3);"
        "told = {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': sys.argv[2]};"
        "os.execve(sys.argv[3], sys.argv[3:], os.environ | told)"
    )
    return [sys.executable, "-c", script, str(descriptor), count, PROGRAM, "serve"]


async def test_systemd_names_the_socket_in_the_environment(
    listener: socket.socket, variables: Mapping[str, str]
) -> None:
    command = as_systemd_does(listener.fileno(), "1")
    with running(Process(command, (listener.fileno(),), variables)) as process:
        assert await process.ready() == f"ready at http://127.0.0.1:{listener.getsockname()[1]}\n"
        process.process.send_signal(signal.SIGTERM)
        assert await process.ended() == 0


@pytest.mark.parametrize("kind", ["a file", "a socket that does not listen", "nothing"])
def test_what_is_no_listening_socket_is_told(kind: str, tmp_path: Path, variables: Mapping[str, str]) -> None:
    with (tmp_path / "file").open("w") as file, socket.socket() as silent:
        descriptor = {"a file": file.fileno(), "a socket that does not listen": silent.fileno()}.get(kind, 250)
        handed = () if kind == "nothing" else (descriptor,)
        result = subprocess.run(
            [PROGRAM, "serve", "--fd", str(descriptor)],
            env=variables,
            pass_fds=handed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"--fd {descriptor}: " in result.stderr


def test_a_count_that_is_none_is_told(listener: socket.socket, variables: Mapping[str, str]) -> None:
    result = subprocess.run(
        as_systemd_does(listener.fileno(), "many"),
        env=variables,
        pass_fds=(listener.fileno(),),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "LISTEN_FDS" in result.stderr


def test_what_was_meant_for_another_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_PID", str(os.getppid()))
    monkeypatch.setenv("LISTEN_FDS", "1")

    assert handed_over() == []
    assert "LISTEN_FDS" not in os.environ


async def connected(port: int) -> ClientConnection:
    """A socket on which a subscription may begin, at whichever process took it."""
    socket = await connect(
        "ws://aguas.localhost/graphql",
        host="127.0.0.1",
        port=port,
        subprotocols=[Subprotocol("graphql-transport-ws")],
        proxy=None,
    )
    await socket.send('{"type": "connection_init"}')
    assert json.loads(await socket.recv()) == {"type": "connection_ack"}
    return socket


async def asked(socket: ClientConnection) -> str:
    await socket.send(json.dumps({"type": "subscribe", "id": "a", "payload": json.loads(QUERY)}))
    told = json.loads(await socket.recv())
    assert json.loads(await socket.recv()) == {"type": "complete", "id": "a"}
    return told["payload"]["data"]["portal"]["name"]


async def test_sockets_are_sent_on_to_the_next_process(listener: socket.socket, variables: Mapping[str, str]) -> None:
    port = listener.getsockname()[1]
    with serving(listener, variables) as first:
        await first.ready()
        before = [await connected(port) for _ in range(20)]
        with serving(listener, variables) as second:
            await second.ready()
            first.process.send_signal(DRAIN)
            async with asyncio.timeout(5):
                for each in before:
                    with pytest.raises(ConnectionClosed):
                        await each.recv()
            first.process.send_signal(signal.SIGTERM)
            assert await first.ended() == 0
            after = await connected(port)
            assert await asked(after)
            second.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(5):
                await after.wait_closed()
            assert await second.ended() == 0

    assert {each.close_code for each in (*before, after)} == {1012}
