"""Sockets to listen on: opened here, or handed over by whoever started this process."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from ventanilla.gateway.mistake import MistakeError

_BACKLOG: Final = 2048
_FIRST_HANDED: Final = 3
"""Where systemd's descriptors begin: behind standard input, output and error."""


def listen(host: str, ports: Sequence[int]) -> list[socket.socket]:
    """Open a listening socket for each port, all or none; `MistakeError` tells how to go on when one is taken."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(_bound(host, port, ports[-1] + 1)) for port in ports]
        opened.pop_all()
    return sockets


def handed_over() -> list[socket.socket]:
    """The sockets that systemd's ``LISTEN_FDS`` names for this process; none where it names none.

    The variables are taken out of the environment, so that no child believes them.
    """
    process, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    if process != str(os.getpid()):
        return []
    if not (count.isascii() and count.isdigit() and len(count) < 4):
        raise MistakeError(f"LISTEN_FDS must be the number of sockets handed over, not {count!r}.")
    return [inherited(_FIRST_HANDED + index) for index in range(int(count))]


def inherited(descriptor: int) -> socket.socket:
    """The listening socket at `descriptor`, kept from our own children; `MistakeError` if it is none."""
    try:
        listener = socket.socket(fileno=descriptor)
    except OSError as error:
        raise MistakeError(f"--fd {descriptor}: no socket was handed over ({error.strerror}).") from None
    internet = listener.family in {socket.AF_INET, socket.AF_INET6}
    if not (internet and listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)):
        listener.detach()  # whose it is, we do not know
        raise MistakeError(f"--fd {descriptor}: this is no TCP socket that listens. Let the parent call listen().")
    listener.set_inheritable(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """Where `listener` is found, as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _bound(host: str, port: int, free: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small pieces at once only on sockets that say they are TCP: without, a body waits 40 ms for the
    # client to acknowledge the head.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise MistakeError(_mend(error, host, port, free)) from None
    return listener


def _mend(error: OSError, host: str, port: int, free: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken. Stop what listens there, or choose another: --port {min(free, 65_000)}"
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this process has. Choose one above 1023: --port 8000"
    return f"Cannot listen at {host}, port {port}: {error.strerror or error}. Choose an address of this machine."
