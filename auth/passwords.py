"""Passwords: hashed with Argon2id off the event loop, compared with the same work whoever is asked for.

An Argon2 hash takes a core for about a tenth of a second and 64 MiB, so at most two are under way at once.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache
from typing import Final, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from ventanilla.backoffice_adapters.records import Record

T = TypeVar("T")
MAX_LENGTH: Final = 256
"""The longest password, in characters: enough for any pass phrase, too short to flood the hash with."""
_AT_ONCE = 2
MOST_WAITING: Final = 24
"""How many sign-ins may be under way: the last of them waits for a second or three, which a person still does."""
_hasher = PasswordHash((Argon2Hasher(),))
_limiter: RunVar[CapacityLimiter] = RunVar("ventanilla-passwords")
_waiting: RunVar[int] = RunVar("ventanilla-passwords-waiting", 0)


class BusyError(Exception):
    """So many wait for a comparison that one more would wait too long; nothing was tried or counted."""


class Comparison(Record):
    """Whether a password was right, and the hash to store instead when the old one was made with weaker settings."""

    right: bool
    renewed: str | None = None


async def hashed(password: str) -> str:
    """Hash a password for storage."""
    return await _limited(lambda: _hasher.hash(_bytes(password)))


async def compare(password: str, stored: str | None) -> Comparison:
    """Compare `password` with a stored hash. Without one (nobody of that name): the same work, and wrong."""
    return await _limited(lambda: _compare(password, stored))


def _compare(password: str, stored: str | None) -> Comparison:
    dummy = _dummy()
    right, renewed = _hasher.verify_and_update(_bytes(password), stored or dummy)
    return Comparison(right=right and stored is not None, renewed=renewed)


@cache
def _dummy() -> str:
    """A hash that nobody's password has, made on the first comparison of the process, whomever that is for."""
    return _hasher.hash(secrets.token_urlsafe())


def normal(password: str) -> str:
    """A password in one form, for letters that keyboards compose in different ways.

    A password that is longer than any stored one is cut to a length that none has either: at most four characters
    compose to one. It is cut before that, because composing takes the square of the length and holds every thread.
    """
    return unicodedata.normalize("NFKC", password[: 4 * MAX_LENGTH + 1])[: MAX_LENGTH + 1]


def _bytes(password: str) -> bytes:
    return normal(password).encode(errors="surrogatepass")


@contextmanager
def place_in_line() -> Generator[None]:
    """Hold one of the places for who wants a password compared; `BusyError` when all are taken."""
    if _waiting.get() >= MOST_WAITING:
        raise BusyError
    _waiting.set(_waiting.get() + 1)
    try:
        yield
    finally:
        _waiting.set(_waiting.get() - 1)


async def _limited(work: Callable[[], T]) -> T:
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = CapacityLimiter(_AT_ONCE)
        _limiter.set(limiter)
    return await to_thread.run_sync(work, limiter=limiter)
