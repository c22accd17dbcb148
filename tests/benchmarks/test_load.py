"""The load asks for as long as it is told to, and finds every wrong answer."""

import socketserver
import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from benchmarks.load import Load, Order, load
from benchmarks.sides import module

RIGHT = b'{"data":{"viewer":{}}}'
WRONG = b'{"errors":[{"message":"no"}],"data":{"viewer":null}}'


@contextmanager
def server(*bodies: bytes, status: bytes = b"200") -> Generator[int]:
    """Answer with these bodies in turn on each connection, and with the last one from then on; the port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            left = [*bodies]
            while self.rfile.readline():
                while self.rfile.readline().strip():
                    pass
                body = left.pop(0) if len(left) > 1 else left[0]
                self.wfile.write(b"HTTP/1.1 %s X\r\ncontent-length: %d\r\n\r\n%s" % (status, len(body), body))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            yield listening.server_address[1]
        finally:
            listening.shutdown()


@pytest.fixture(scope="module")
def process() -> Generator[Load]:
    with load(module("load")) as started:
        yield started


def order(port: int) -> Order:
    asked = b"GET / HTTP/1.1\r\nhost: h\r\n\r\n"
    return Order(port=port, requests=(asked, asked), sign='"viewer":{', seconds=0.2)


def test_right_answers_are_counted(process: Load) -> None:
    with server(RIGHT) as port:
        outcome = process.run(order(port))
    assert outcome.wrong is None
    assert outcome.answers >= 4
    assert outcome.wall_us > 0


@pytest.mark.parametrize(("body", "status"), [(WRONG, b"200"), (RIGHT, b"500"), (b"{}", b"200")])
def test_one_wrong_answer_spoils_the_burst(process: Load, body: bytes, status: bytes) -> None:
    bodies = (RIGHT, RIGHT, body) if status == b"200" else (body,)
    with server(*bodies, status=status) as port:
        outcome = process.run(order(port))
    assert outcome.wrong is not None
    assert outcome.wrong.startswith(f"status {status.decode()}: {body.decode()}")


def test_a_server_that_is_not_there_is_told(process: Load) -> None:
    with server(RIGHT) as port:
        pass
    outcome = process.run(order(port))
    assert outcome.wrong is not None
    assert "ConnectionRefusedError" in outcome.wrong
