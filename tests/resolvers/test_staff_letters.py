"""Letters as the staff sees them through the schema: what became of each and why, tried again, cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.resolvers.answers import codes
from tests.store.letters import posted
from tests.world import NOW, World
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.mail.transport import Failure
from ventanilla.store import letter_leases
from ventanilla.store.letters import LetterKind

pytestmark = pytest.mark.anyio

LETTERS = """
query ($state: LetterState, $kind: LetterKind, $recipient: String, $first: Int, $after: String, $order: LetterOrder) {
  staff {
    letterCounts { pending sending sent failed cancelled oldestDueAt }
    letters(state: $state, kind: $kind, recipient: $recipient, first: $first, after: $after, order: $order) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id kind recipient state tries failure failureCode createdAt dueAt endedAt batchId }
    }
  }
}
"""
RETRY = "mutation ($in: RetryLettersInput!) { retryLetters(input: $in) { retried } }"
CANCEL = "mutation ($ids: [ID!]!) { cancelLetters(input: {ids: $ids}) { cancelled inFlight } }"


async def told(world: World, actor: Actor, query: str = LETTERS, **variables: Any) -> Any:
    outcome = await world.ask("sur", query, actor, **variables)
    assert outcome.errors == []
    assert outcome.data
    return outcome.data


async def recipients(world: World, actor: Actor, **variables: Any) -> list[str]:
    found = (await told(world, actor, **variables))["staff"]["letters"]
    assert found["totalCount"] == len(found["nodes"])
    return sorted(each["recipient"] for each in found["nodes"])


async def events(world: World) -> list[tuple[str, str, str]]:
    """What was written down, by whom, and what else is told."""
    rows = await world.services.store.rows("SELECT kind, actor_id, told FROM audit_event ORDER BY id")
    return [(kind, actor, told) for kind, actor, told in rows]


async def failed(world: World, count: int, failure: Failure = Failure.NO_SUCH_MAILBOX) -> list[str]:
    """Ids of letters that were given up."""
    await posted(world.services.store, count, NOW)
    async with world.services.store.work("sur") as work:
        taken = await letter_leases.claim(work, NOW, "worker", timedelta(minutes=1), count)
        for letter in taken:
            await letter_leases.failed(work, letter, failure.value, "550 5.1.1", NOW)
    return [letter.id for letter in taken]


async def test_why_a_letter_failed_is_told_in_words_with_the_servers_code(world: World) -> None:
    eva = await world.staff("sur", "eva@sur.example")
    (one,) = await failed(world, 1)
    (letter,) = (await told(world, eva))["staff"]["letters"]["nodes"]
    assert letter == {
        "id": one,
        "kind": "PASSWORD_CHANGED",
        "recipient": "r1@example.com",
        "state": "FAILED",
        "tries": 1,
        "failure": "No existe esa casilla: la dirección es incorrecta o ya no se usa.",
        "failureCode": "550 5.1.1",
        "createdAt": "2026-11-15T12:00:00+00:00",
        "dueAt": "2026-11-15T12:00:00+00:00",
        "endedAt": "2026-11-15T12:00:00+00:00",
        "batchId": None,
    }


@pytest.mark.parametrize("failure", Failure)
@pytest.mark.parametrize("language", ["en", "es", "pl", "de"])
async def test_every_failure_has_words_in_every_language(world: World, failure: Failure, language: str) -> None:
    eva = await world.staff("sur", "eva@sur.example")
    await failed(world, 1, failure)
    outcome = await world.run(world.context("sur", eva, language), LETTERS)
    assert outcome.data
    words = outcome.data["staff"]["letters"]["nodes"][0]["failure"]
    assert words.endswith(".")
    assert failure.value not in words


async def test_letters_are_found_by_what_became_of_them(world: World) -> None:
    eva = await world.staff("sur", "eva@sur.example")
    store = world.services.store
    await failed(world, 2)
    await posted(store, 1, NOW, kind=LetterKind.SIGN_IN_CODE, recipient="code@example.com")
    await posted(store, 1, NOW, recipient="nobody@example.com", for_nobody=True)
    await posted(store, 1, NOW, slug="norte", recipient="other@example.com")

    assert await recipients(world, eva) == ["code@example.com", "r1@example.com", "r2@example.com"]
    assert await recipients(world, eva, state="FAILED") == ["r1@example.com", "r2@example.com"]
    assert await recipients(world, eva, kind="SIGN_IN_CODE") == ["code@example.com"]
    assert await recipients(world, eva, recipient=" R2@Example.com") == ["r2@example.com"]
    for nobody in ("nobody@example.com", "r", "%", "\0", "other@example.com"):
        assert await recipients(world, eva, recipient=nobody) == []
    assert (await told(world, eva))["staff"]["letterCounts"] == {
        "pending": 1,
        "sending": 0,
        "sent": 0,
        "failed": 2,
        "cancelled": 0,
        "oldestDueAt": "2026-11-15T12:00:00+00:00",
    }


@pytest.mark.parametrize("order", ["CREATED_AT_DESC", "CREATED_AT_ASC"])
async def test_letters_come_a_part_at_a_time(world: World, order: str) -> None:
    eva = await world.staff("sur", "eva@sur.example")
    ids: list[str] = []
    for minute in range(3):
        ids += sorted(await posted(world.services.store, 2, NOW + timedelta(minutes=minute)))
    seen: list[str] = []
    after = None
    while True:
        part = (await told(world, eva, first=4, after=after, order=order))["staff"]["letters"]
        seen += [each["id"] for each in part["nodes"]]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break
    assert seen == (ids if order.endswith("ASC") else ids[::-1])


async def test_what_failed_is_tried_again_and_wakes_the_worker(world: World) -> None:
    eva = await world.staff("sur", "eva@sur.example")
    rung: list[int] = []
    world.services = replace(world.services, wake_worker=lambda: rung.append(1))
    one, two, three = await failed(world, 3)
    assert (await told(world, eva, RETRY, **{"in": {"ids": [one, "x", "0" * 32]}}))["retryLetters"] == {"retried": 1}
    assert (await told(world, eva, RETRY, **{"in": {"ids": [one]}}))["retryLetters"] == {"retried": 0}
    assert rung == [1]
    assert (await told(world, eva, RETRY, **{"in": {"allFailed": True}}))["retryLetters"] == {"retried": 2}
    letters = (await told(world, eva, state="PENDING"))["staff"]["letters"]["nodes"]
    assert {each["id"]: (each["tries"], each["endedAt"]) for each in letters} == dict.fromkeys(
        (one, two, three), (0, None)
    )
    assert await events(world) == [
        ("LETTERS_RETRIED", eva.person_id, f'{{"letters":"{letters}"}}') for letters in (1, 2)
    ]


async def test_which_letters_is_said_in_one_way(world: World) -> None:
    eva = await world.staff("sur", "eva@sur.example", StaffRole.STAFF_ADMIN)
    no_ids: list[str] = []
    for which in ({}, {"ids": no_ids, "allFailed": True}, {"ids": ["0" * 32] * 501}):
        outcome = await world.ask("sur", RETRY, eva, **{"in": which})
        assert codes(outcome) == [("retryLetters", "INVALID_ARGUMENT")]
    assert codes(await world.ask("sur", CANCEL, eva, ids=["0" * 32] * 501)) == [("cancelLetters", "INVALID_ARGUMENT")]


async def test_letters_that_wait_are_cancelled_and_those_in_flight_are_told(world: World) -> None:
    eva = await world.staff("sur", "eva@sur.example", StaffRole.STAFF_ADMIN)
    store = world.services.store
    ids = await posted(store, 3, NOW)
    others = await posted(store, 1, NOW, slug="norte")
    async with store.work("sur") as work:
        (taken,) = await letter_leases.claim(work, NOW, "worker", timedelta(minutes=1), 1)
    assert await told(world, eva, CANCEL, ids=[*ids, *others, "\0"]) == {
        "cancelLetters": {"cancelled": 2, "inFlight": 1}
    }
    assert await told(world, eva, CANCEL, ids=[taken.id]) == {"cancelLetters": {"cancelled": 0, "inFlight": 1}}
    assert await told(world, eva, CANCEL, ids=[]) == {"cancelLetters": {"cancelled": 0, "inFlight": 0}}
    assert (await told(world, eva))["staff"]["letterCounts"]["cancelled"] == 2
    assert await events(world) == [("LETTERS_CANCELLED", eva.person_id, '{"letters":"2"}')]


async def test_letters_are_not_for_customers_and_cancelling_not_for_all_staff(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    ana, eva = await world.actor("sur", "ana@example.org"), await world.staff("sur", "eva@sur.example")
    assert codes(await world.ask("sur", RETRY, ana, **{"in": {"allFailed": True}})) == [("retryLetters", "FORBIDDEN")]
    for actor in (ana, eva):
        assert codes(await world.ask("sur", CANCEL, actor, ids=[])) == [("cancelLetters", "FORBIDDEN")]
