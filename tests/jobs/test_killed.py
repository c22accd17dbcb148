"""Workers that are killed in the middle of many letters: none is lost, and each death costs one repeat at most."""

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.jobs.processes import workers
from tests.jobs.sending import Sending, until
from tests.store.letters import posted, rows
from ventanilla.auth.challenges import Kind
from ventanilla.store.letters import LetterKind

pytestmark = pytest.mark.anyio

LETTERS, FEWER = 500, 90


@pytest.fixture(params=[LETTERS])
async def many(post_room: Sending, request: pytest.FixtureRequest) -> Sending:
    """So many letters that are due, each to somebody else; some of them prove something."""
    await post_room.serve(letters_per_minute=1_000_000)
    post_room.clock.now = datetime.now(UTC)
    for number in range(1, 11):
        email = f"proof{number}@example.com"
        challenge = await post_room.challenge(Kind.RESET_PASSWORD, email)
        await post_room.post_proof(LetterKind.RESET_PASSWORD, challenge, recipient=email, name="Wiśniewska")
    await posted(post_room.store, request.param - 10, post_room.clock(), name="Wiśniewska")
    return post_room


async def is_done(many: Sending) -> bool:
    return {row.state for row in await rows(many.store)} == {"SENT"}


def refuse_losses(many: Sending, count: int, deaths: int) -> None:
    """Everybody has their letter; who has it twice can tell."""
    ids = [str(each.message["Message-ID"]) for each in many.server.accepted]
    pairs = {(each.recipient, id) for each, id in zip(many.server.accepted, ids, strict=True)}
    assert len({recipient for recipient, _ in pairs}) == len(pairs) == count
    assert len(ids) - count <= deaths


def refuse_secrets(log: Path, lines: int) -> None:
    """The log names letters, and nobody and nothing that is in them."""
    told = log.read_text("utf-8")
    assert told.count('"event":"letter"') >= lines
    for secret in ("@example.com", "Wiśniewska", "vl_", "/reset", "Traceback"):
        assert secret not in told


async def test_killed_workers_lose_nothing(many: Sending, store_url: str, tmp_path: Path) -> None:
    log, deaths = tmp_path / "log", 3
    chance = random.Random(20261122)  # noqa: S311  when somebody dies is no secret
    for _ in range(deaths):
        async with workers(store_url, log) as (worker,):
            target = len(many.server.accepted) + chance.randint(40, 130)
            await until(lambda: _has(many, target))  # noqa: B023  awaited before the next round
            await asyncio.sleep(chance.random() / 50)
            worker.kill()
    async with workers(store_url, log):
        await until(lambda: is_done(many))

    refuse_losses(many, LETTERS, deaths)
    refuse_secrets(log, LETTERS - deaths)


@pytest.mark.parametrize("many", [FEWER], indirect=True)
async def test_of_two_workers_one_is_killed_and_the_other_finishes(
    many: Sending, store_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    async with workers(store_url, log, 2) as (first, _second):
        await until(lambda: _has(many, FEWER // 3))
        first.kill()
        await until(lambda: is_done(many))

    refuse_losses(many, FEWER, 1)
    refuse_secrets(log, FEWER - 1)


@pytest.mark.parametrize("many", [FEWER], indirect=True)
async def test_two_processes_send_each_letter_once(many: Sending, store_url: str, tmp_path: Path) -> None:
    async with workers(store_url, tmp_path / "log", 2):
        await until(lambda: is_done(many))

    refuse_losses(many, FEWER, 0)
    assert {row.tries for row in await rows(many.store)} == {1}


async def _has(many: Sending, count: int) -> bool:
    return len(many.server.accepted) >= count
