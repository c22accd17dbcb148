"""A process that makes papers: jobs come in on standard input, answers go out on standard output, nothing else moves.

It ends when its input does.
"""

from __future__ import annotations

import resource
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from ventanilla.pdf.drawing import pdf_of
from ventanilla.pdf.history import HistoryPage
from ventanilla.pdf.long_list import list_pdf
from ventanilla.pdf.page import html_of, page_of
from ventanilla.pdf.paper import DocumentFormat
from ventanilla.pdf.wire import HEAD, Answer, Job, framed

MOST_MEMORY: Final = 1024 * 1024 * 1024
"""Bytes of address space; a paper of three hundred long lines takes a tenth."""
_OUTWARD: Final = frozenset(
    {
        "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo",
        "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork",
    }
)  # fmt: skip
_job: Final = msgspec.msgpack.Decoder(Job)


def made(job: Job) -> bytes:
    """The paper in the form that was asked for."""
    page = page_of(job.paper)
    if job.format is DocumentFormat.HTML:
        return html_of(page, job.format).encode()
    return list_pdf(page) if isinstance(page, HistoryPage) else pdf_of(html_of(page, job.format))


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer jobs until there are no more."""
    while head := incoming.read(HEAD):
        answer = _answered(incoming.read(int.from_bytes(head, "big")))
        outgoing.write(framed(msgspec.msgpack.encode(answer)))
        outgoing.flush()


def keep_inside() -> None:
    """Give up for good what papers do not need: connections, other programs, more memory than papers take."""
    # Some systems know no such limit, or have set a lower one.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse_outward)


def _refuse_outward(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in _OUTWARD:
        msg = f"papers are made without {event}"
        raise PermissionError(msg)


def _answered(message: bytes) -> Answer:
    try:
        return Answer(body=made(_job.decode(message)))
    except Exception as error:  # noqa: BLE001  whatever a paper runs into, the process stays for the next one
        return Answer(failure=_told(error))


def _told(error: BaseException) -> str:
    """Where and as what it failed. An error's words may be those of the paper."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {places}"


if __name__ == "__main__":
    keep_inside()
    serve(sys.stdin.buffer, sys.stdout.buffer)
