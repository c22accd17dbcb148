"""An answer is whole when it is whole, however it comes."""

import pytest

from benchmarks import wire

WITH_LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
IN_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n"


@pytest.mark.parametrize("whole", [WITH_LENGTH, IN_CHUNKS])
def test_a_part_is_no_answer(whole: bytes) -> None:
    assert all(wire.response(whole[:size]) is None for size in range(len(whole)))
    assert wire.response(whole) == wire.Response(status=200, body=b"hello")


@pytest.mark.parametrize("broken", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nserver: x\r\n\r\n"])
def test_what_is_no_answer_is_told(broken: bytes) -> None:
    with pytest.raises(wire.BrokenAnswerError):
        wire.response(broken)


def test_a_request_says_how_long_it_is() -> None:
    asked = wire.request("POST", "/graphql", {"host": "h"}, b"{}")
    assert asked == b"POST /graphql HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}"
    assert b"content-length" not in wire.request("GET", "/home", {"host": "h"})
