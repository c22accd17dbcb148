"""Ports for the servers that tests start: nobody listens on them, and no other test is given them."""

import socket

_APART = 7
_FIRST, _END = 18_200, 30_000
"""Below those that the system itself hands out."""


def free(count: int = 1) -> int:
    """The first of `count` ports in a row, at most seven; they stay the caller's until this process ends."""
    for first in range(_FIRST, _END, _APART):
        if _is_mine(first) and not any(_is_taken(port) for port in range(first, first + count)):
            return first
    raise AssertionError


def _is_mine(first: int) -> bool:
    # Between a look and the server's start another process may look too: who holds the datagram port has the row.
    with socket.socket(type=socket.SOCK_DGRAM) as claim:
        try:
            claim.bind(("127.0.0.1", first))
        except OSError:
            return False
        claim.detach()
        return True


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False
