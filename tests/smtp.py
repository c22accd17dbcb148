"""A mail server for tests: it speaks SMTP on a socket, keeps what it accepts, and misbehaves where it is told to.

As a process of its own, ``python -P tests/smtp.py --port N --log FILE``, it adds one JSON line to FILE for each letter
before it says that it has it, so that a test may kill the sender or the server at any moment.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import ssl
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from pathlib import Path
from typing import TextIO

LIMIT = 1 << 20


@dataclass(frozen=True)
class Accepted:
    """A letter that the server took."""

    sender: str
    recipient: str
    raw: bytes
    options: str = ""
    """What MAIL said after the address, such as ``SMTPUTF8``."""

    @cached_property
    def message(self) -> EmailMessage:
        """What it says: many are only counted."""
        return message_from_string(self.raw.decode().replace("\r\n", "\n"), policy=default)


@dataclass
class Manner:
    """Something the server does in place of what it should, at one step of the talk."""

    step: str
    """CONNECT, a verb (EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, RSET), MIDDLE (of a letter) or BODY (its final dot)."""
    answer: str | None = None
    """What it says, such as ``550 5.1.1 nobody here``; None for what it would say anyway."""
    recipient: str | None = None
    """Only for this one (from RCPT on)."""
    letter: int | None = None
    """Only for the n-th letter of the server's life, from 1 (from MAIL on)."""
    times: int | None = None
    """How many times; None for ever."""
    delay_s: float = 0
    """How long it waits before it answers."""
    hangs_up: bool = False
    """Whether it closes the connection: without a word, unless it has an `answer`. At BODY the letter is kept."""


class HangUpError(Exception):
    """The server closes the connection."""


@dataclass
class SmtpServer:
    """The server and what it knows; `login` makes it ask for this user and password."""

    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    """Offers STARTTLS with it, or speaks it from the first byte if `implicit_tls`."""
    implicit_tls: bool = False
    extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
    manners: list[Manner] = field(default_factory=list[Manner])
    accepted: list[Accepted] = field(default_factory=list[Accepted])
    heard: list[str] = field(default_factory=list[str])
    """Every command, in order, of all connections."""
    log: TextIO | None = None
    """Where each letter that is taken leaves a line."""
    connections: int = 0
    letters: int = 0
    port: int = 0

    def refuse(self, recipient: str, answer: str, times: int | None = None) -> None:
        """Answer RCPT of `recipient` with `answer`."""
        self.manners.append(Manner("RCPT", answer, recipient=recipient, times=times))

    def keep(self, letter: Accepted) -> None:
        """Take a letter: in memory, and in the log where there is one."""
        self.accepted.append(letter)
        if self.log:
            known = {name: letter.message[name] for name in ("Message-ID", "Subject", "From", "To")}
            self.log.write(json.dumps({"sender": letter.sender, "recipient": letter.recipient, **known}) + "\n")
            self.log.flush()

    def manner(self, step: str, recipient: str | None) -> Manner:
        """What is to go wrong at this step, counted; else a manner that changes nothing."""
        for manner in self.manners:
            fits = manner.step == step and manner.recipient in (None, recipient)
            if fits and manner.letter in (None, self.letters) and manner.times != 0:
                manner.times = None if manner.times is None else manner.times - 1
                return manner
        return Manner(step)

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncGenerator[SmtpServer]:
        """Listen on `port`, or on one that the system gives; all connections end with it."""
        talks: set[asyncio.Task[None]] = set()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talks.add(task := asyncio.ensure_future(_Talk(self, reader, writer).run()))
            await asyncio.gather(task, return_exceptions=True)
            talks.discard(task)

        tls = self.tls if self.implicit_tls else None
        server = await asyncio.start_server(talk, "127.0.0.1", port, limit=LIMIT, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in talks:
                task.cancel()
            await asyncio.gather(*talks, return_exceptions=True)


class _Talk:
    """One connection."""

    def __init__(self, server: SmtpServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.sender: str | None = None
        self.recipient: str | None = None
        self.options = ""
        self.trusted = server.login is None

    async def run(self) -> None:
        self.server.connections += 1
        try:
            await self.say("CONNECT", "220 mail.test ESMTP")
            while line := await self.reader.readline():
                await self.obey(line.decode().rstrip("\r\n"))
        except (HangUpError, OSError, ValueError):
            pass
        finally:
            self.writer.close()

    async def say(self, step: str, usual: str) -> bool:
        """Answer; whether it was the usual answer."""
        manner = self.server.manner(step, self.recipient)
        await self.answer(manner, usual)
        return manner.answer is None

    async def answer(self, manner: Manner, usual: str) -> None:
        await asyncio.sleep(manner.delay_s)
        if manner.answer or not manner.hangs_up:
            self.writer.write(f"{manner.answer or usual}\r\n".encode())
            await self.writer.drain()
        if manner.hangs_up:
            raise HangUpError

    async def obey(self, line: str) -> None:
        self.server.heard.append(line)
        verb, _, rest = line.partition(" ")
        handler = getattr(self, f"on_{verb.lower()}", None)
        if handler is None:
            await self.say(verb, "502 5.5.1 no such command")
        else:
            await handler(rest)

    async def on_ehlo(self, _: str) -> None:
        offered = list(self.server.extensions)
        plain = self.server.tls is not None and self.writer.get_extra_info("sslcontext") is None
        offered += ["STARTTLS"] * plain + ["AUTH PLAIN LOGIN"] * (self.server.login is not None and not plain)
        lines = ["mail.test", *offered]
        last = len(lines) - 1
        await self.say("EHLO", "\r\n".join(f"250{' ' if n == last else '-'}{text}" for n, text in enumerate(lines)))

    async def on_helo(self, _: str) -> None:
        await self.say("HELO", "250 mail.test")

    async def on_starttls(self, _: str) -> None:
        if await self.say("STARTTLS", "220 2.0.0 go on") and self.server.tls:
            await self.writer.start_tls(self.server.tls)

    async def on_auth(self, rest: str) -> None:
        way, _, told = rest.partition(" ")
        if way.upper() == "PLAIN":
            _, user, password = base64.b64decode(told or await self.ask("")).decode().split("\0")
        else:
            user = base64.b64decode(told or await self.ask("VXNlcm5hbWU6")).decode()
            password = base64.b64decode(await self.ask("UGFzc3dvcmQ6")).decode()
        right = (user, password) == self.server.login
        said = await self.say("AUTH", "235 2.7.0 welcome" if right else "535 5.7.8 wrong user or password")
        self.trusted = self.trusted or (right and said)

    async def ask(self, challenge: str) -> str:
        self.writer.write(f"334 {challenge}\r\n".encode())
        return (await self.reader.readline()).decode().strip()

    async def on_mail(self, rest: str) -> None:
        self.server.letters += 1
        self.sender = self.recipient = None
        address, _, options = rest.partition(":<")[2].partition(">")
        if not self.trusted:
            await self.say("MAIL", "530 5.7.0 sign in first")
        elif await self.say("MAIL", "250 2.1.0 ok"):
            self.sender, self.options = address, options.strip()

    async def on_rcpt(self, rest: str) -> None:
        if self.sender is None:
            await self.say("RCPT", "503 5.5.1 MAIL first")
            return
        self.recipient = rest.partition(":<")[2].partition(">")[0]
        if not await self.say("RCPT", "250 2.1.5 ok"):
            self.recipient = None

    async def on_data(self, _: str) -> None:
        if self.sender is None or self.recipient is None:
            await self.say("DATA", "503 5.5.1 RCPT first")
        elif await self.say("DATA", "354 go on"):
            await self.take(self.sender, self.recipient)

    async def read(self) -> bytes:
        lines: list[bytes] = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line or self.server.manner("MIDDLE", self.recipient).hangs_up:
                raise HangUpError
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    async def take(self, sender: str, recipient: str) -> None:
        raw = await self.read()
        manner = self.server.manner("BODY", recipient)
        if manner.answer is None:
            self.server.keep(Accepted(sender, recipient, raw, self.options))
        self.sender = self.recipient = None
        await self.answer(manner, "250 2.0.0 taken")

    async def on_rset(self, _: str) -> None:
        self.sender = self.recipient = None
        await self.say("RSET", "250 2.0.0 ok")

    async def on_noop(self, _: str) -> None:
        await self.say("NOOP", "250 2.0.0 ok")

    async def on_quit(self, _: str) -> None:
        await self.say("QUIT", "221 2.0.0 bye")
        raise HangUpError


async def _serve(port: int, log: Path, delay_s: float) -> None:
    with log.open("a", encoding="utf-8") as out:
        async with SmtpServer(log=out, manners=[Manner("BODY", delay_s=delay_s)]).running(port):
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0, help="seconds before each letter is confirmed")
    told = parser.parse_args()
    asyncio.run(_serve(told.port, told.log, told.delay))


if __name__ == "__main__":
    main()
