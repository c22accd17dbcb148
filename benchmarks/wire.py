"""HTTP/1.1 as far as a load needs it: a request as bytes, and whether an answer is whole."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from typing import Final

from ventanilla.backoffice_adapters.records import Record

PATIENCE_S: Final = 60
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9a-fA-F]+)[^\r\n]*\r\n")


class BrokenAnswerError(Exception):
    """A side did not answer as HTTP/1.1 does, or not at all."""


class Response(Record):
    """A whole answer."""

    status: int
    body: bytes


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A request that keeps its connection open."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def response(received: bytes | bytearray) -> Response | None:
    """The answer that `received` begins with; None while some of it is missing."""
    head, blank, body = bytes(received).partition(b"\r\n\r\n")
    if not blank:
        return None
    status = _STATUS.match(head)
    if status is None:
        msg = f"no answer of HTTP/1.1: {head[:80]!r}"
        raise BrokenAnswerError(msg)
    whole = _body(head, body)
    return None if whole is None else Response(status=int(status[1]), body=whole)


def _body(head: bytes, body: bytes) -> bytes | None:
    if _CHUNKED.search(head):
        return _unchunked(body)
    length = _LENGTH.search(head)
    if length is None:
        msg = "an answer tells neither its length nor that it comes in chunks"
        raise BrokenAnswerError(msg)
    return body[: int(length[1])] if len(body) >= int(length[1]) else None


def _unchunked(body: bytes) -> bytes | None:
    parts: list[bytes] = []
    at = 0
    while begins := _CHUNK.match(body, at):
        size = int(begins[1], 16)
        at = begins.end() + size + 2
        if len(body) < at:
            return None
        if not size:
            return b"".join(parts)
        parts.append(body[begins.end() : at - 2])
    return None


def exchange(port: int, asked: bytes) -> Response:
    """Ask once, on a connection of its own."""
    received = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
        connection.sendall(asked)
        while not (found := response(received)):
            part = connection.recv(1 << 20)
            if not part:
                msg = f"the connection ended after {len(received)} bytes of an answer"
                raise BrokenAnswerError(msg)
            received += part
    return found
