"""Who is told that the process leaves."""

import asyncio

import pytest

from ventanilla.gateway.leaving import Leaving

pytestmark = pytest.mark.anyio


async def test_everybody_within_is_told_once() -> None:
    leaving, told = Leaving(), list[str]()
    with leaving.told(lambda: told.append("gone")):
        pass
    with leaving.told(lambda: told.append("here")):
        leaving.begin()
        leaving.begin()
        assert not told
        await asyncio.sleep(0.01)
    assert told == ["here"]


async def test_who_was_let_in_before_and_opens_after_is_told_too() -> None:
    leaving, told = Leaving(), list[str]()
    leaving.refuse_new()
    leaving.begin()
    with leaving.told(lambda: told.append("late")):
        await asyncio.sleep(0.01)
    assert told == ["late"]
