"""Passwords: the hash, and how many at once."""

import asyncio
import threading
import time
import unicodedata
from contextlib import ExitStack
from typing import Any

import pytest

from ventanilla.auth import passwords
from ventanilla.auth.passwords import (
    MAX_LENGTH,
    MOST_WAITING,
    BusyError,
    compare,
    hashed,
    place_in_line,
)

pytestmark = pytest.mark.anyio


async def test_only_the_right_password_is_right() -> None:
    stored = await hashed("contraseña")
    assert stored.startswith("$argon2id$")
    assert (await compare("contraseña", stored)).right
    assert not (await compare("contrasena", stored)).right
    assert not (await compare("contraseña", None)).right


async def test_letters_composed_otherwise_are_the_same_password() -> None:
    assert (await compare("contrasen\u0303a", await hashed("contrase\u00f1a"))).right


async def test_the_longest_password_may_be_typed_with_the_most_marks() -> None:
    longest = "\u1f82" * MAX_LENGTH
    typed = unicodedata.normalize("NFD", longest)
    assert len(typed) == 4 * MAX_LENGTH
    assert (await compare(typed, await hashed(longest))).right
    assert not (await compare(typed + "x", await hashed(longest))).right


async def test_a_flood_of_marks_is_cut_before_it_is_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    real = unicodedata.normalize

    def counted(form: Any, text: str) -> str:
        lengths.append(len(text))
        return real(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counted)
    flood = "a" + "\u0300\u0323" * 10_000
    assert not (await compare(flood, None)).right
    assert max(lengths) == 4 * MAX_LENGTH + 1


async def test_who_finds_every_place_taken_is_told_so_at_once() -> None:
    with ExitStack() as taken:
        for _ in range(MOST_WAITING):
            taken.enter_context(place_in_line())
        with pytest.raises(BusyError), place_in_line():
            pass
    with place_in_line():
        pass


async def test_odd_text_is_only_a_wrong_password() -> None:
    stored = await hashed("x" * MAX_LENGTH)
    for password in ("", "\x00", "\ud800", "x" * (MAX_LENGTH + 1), "x" * 1_000_000):
        assert not (await compare(password, stored)).right


async def test_two_hashes_at_most_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most, lock = 0, 0, threading.Lock()

    def slow(*arguments: Any) -> tuple[bool, None]:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with lock:
            now -= 1
        return False, None

    monkeypatch.setattr(passwords._hasher, "verify_and_update", slow)
    await asyncio.gather(*(compare("x", None) for _ in range(10)))
    assert most == 2
