"""An office in another place, for tests: an adapter that speaks HTTP and JSON, and a server around a twin.

One POST for each method, ``/accounts`` and so on, with the call, its subjects and its arguments. Opening the office
signs in and gets a token; the server may forget it at any time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any, Final, Generic, TypeVar, get_args, get_type_hints

import msgspec

from ventanilla.backoffice_adapters.conformance.twin import CAPABILITIES, TwinOffice
from ventanilla.backoffice_adapters.contract import (
    CONTRACT,
    PROTOCOLS,
    Call,
    Configuration,
    Fault,
    FaultCode,
    Health,
    Manifest,
    OfficeError,
    Setting,
    capabilities_of,
)
from ventanilla.backoffice_adapters.fit import METHODS
from ventanilla.backoffice_adapters.records import Licence, Record

T = TypeVar("T")
_FAULTS: Final = {401: FaultCode.UNAUTHORIZED, 429: FaultCode.THROTTLED}


class RemoteSettings(Configuration):
    """Where the office is."""

    port: int


class Question(Record):
    """One call on its way: what a method takes, undecoded."""

    call: Call
    subjects: msgspec.Raw
    args: list[msgspec.Raw] = []


class Place(Record, Generic[T]):
    """One position of an answer: a value, a fault, or neither, which is an absence."""

    value: T | None = None
    fault: Fault | None = None


class Answer(Record, Generic[T]):
    """All positions."""

    hits: list[Place[T]]


_PROTOCOLS: Final = {method: protocol for protocol in PROTOCOLS.values() for method in capabilities_of(protocol)}


@cache
def _types(method: str) -> tuple[list[Any], Any]:
    """What `method` takes beside the call, and what one position of its answer holds."""
    hints = get_type_hints(getattr(_PROTOCOLS[method], method))
    (hit,) = get_args(hints.pop("return"))
    return [kind for name, kind in hints.items() if name != "call"], get_args(hit)[0]


# -- here: the adapter -------------------------------------------------------------------------------------------


class RemoteOffice:
    """An office reached through a socket. Like any adapter it neither retries nor times out."""

    def __init__(self, setting: Setting) -> None:
        self._port: int = setting.configuration.port
        self._token = ""

    def __getattr__(self, method: str) -> Any:
        if method not in METHODS:
            raise AttributeError(method)

        async def ask(call: Call, subjects: Any, *args: Any) -> list[Any]:
            body = msgspec.json.encode({"call": call, "subjects": subjects, "args": args})
            # Of a write that was cut off nobody knows whether it was done.
            cut_off = FaultCode.UNAVAILABLE if METHODS[method].safe else FaultCode.OUTCOME_UNKNOWN
            answer = _decoded(await self._post(f"/{method}", body, cut_off), Answer[_types(method)[1]])
            return [place.fault or place.value for place in answer.hits]

        return ask

    async def open(self) -> None:
        """Sign in."""
        self._token = _decoded(await self._post("/sign-in", b"{}"), str)

    async def close(self) -> None:
        """Nothing stays open between calls."""

    async def health(self) -> Health:
        """Tell whether somebody listens."""
        await self._post("/sign-in", b"{}")
        return Health(ok=True)

    async def _post(self, path: str, body: bytes, cut_off: FaultCode = FaultCode.UNAVAILABLE) -> bytes:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError as error:
            raise OfficeError(Fault(code=FaultCode.UNAVAILABLE, detail=type(error).__name__)) from error
        try:
            return await self._exchanged(reader, writer, message(f"POST {path} HTTP/1.1", body, self._headers))
        except OSError as error:
            raise OfficeError(Fault(code=cut_off, detail=type(error).__name__)) from error
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, LookupError, ValueError) as error:
            raise OfficeError(Fault(code=FaultCode.PROTOCOL, detail="no HTTP")) from error

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": self._token}

    async def _exchanged(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
        try:
            writer.write(request)
            await writer.drain()
            first, headers, content = await read_message(reader)
        finally:
            await hang_up(writer)
        status = int(first.split()[1])
        if status != 200:
            wait = headers.get("retry-after")
            code = _FAULTS.get(status, FaultCode.UNAVAILABLE)
            raise OfficeError(Fault(code=code, detail=f"HTTP {status}", retry_after=float(wait) if wait else None))
        return content


def _decoded(body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise OfficeError(Fault(code=FaultCode.PROTOCOL, detail="not the JSON that was agreed")) from error


class RemoteAdapter:
    """Makes offices that are somewhere else."""

    manifest = Manifest(
        name="remote",
        title="Office in another place",
        version="1",
        contract=CONTRACT,
        licences=frozenset(Licence),
        capabilities=CAPABILITIES,
        configuration=RemoteSettings,
    )

    def office(self, setting: Setting) -> Any:
        """Make an office; it takes every method of the contract by name."""
        return RemoteOffice(setting)


# -- there: the server -------------------------------------------------------------------------------------------


class Server:
    """Serves a twin; tells what it was asked."""

    def __init__(self, twin: TwinOffice) -> None:
        self.twin = twin
        self.port = 0
        self.asked: list[str] = []
        self.sign_ins = 0
        self._token = ""

    def forget(self) -> None:
        """Know nobody until they sign in anew."""
        self._token = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            first, headers, body = await read_message(reader)
            status, answer = await self._answered(first.split()[1].strip("/"), headers, body)
            writer.write(message(f"HTTP/1.1 {status}", answer))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the caller has gone
        finally:
            await hang_up(writer)

    async def _answered(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[str, bytes]:
        if path == "sign-in":
            self.sign_ins += 1
            self._token = f"token-{self.sign_ins}"
            return "200 OK", msgspec.json.encode(self._token)
        if headers.get("authorization") != self._token or not self._token:  # not a secret but a number
            return "401 Unauthorized", b"{}"
        self.asked.append(path)
        question = msgspec.json.decode(body, type=Question)
        kinds, _ = _types(path)
        given = [
            msgspec.json.decode(raw, type=kind)
            for raw, kind in zip([question.subjects, *question.args], kinds, strict=True)
        ]
        hits = await getattr(self.twin, path)(question.call, *given)
        return "200 OK", msgspec.json.encode(
            {"hits": [{"fault" if isinstance(hit, Fault) else "value": hit} for hit in hits]}
        )


@asynccontextmanager
async def served(twin: TwinOffice) -> AsyncGenerator[Server]:
    """Serve `twin` on a port of the loopback."""
    server = Server(twin)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server


# -- both ends ---------------------------------------------------------------------------------------------------


def message(first: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """One HTTP message, after which the connection ends."""
    lines = [first, f"Content-Length: {len(body)}", "Content-Type: application/json", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def read_message(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    """First line, headers in lower case, and body of one HTTP message."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return head[0], headers, await reader.readexactly(int(headers["content-length"]))


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whatever became of the other end."""
    writer.close()
    with suppress(OSError):  # it is closed either way
        await writer.wait_closed()
