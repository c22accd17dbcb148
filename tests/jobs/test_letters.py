"""One manager's letters leave: what they prove, and what becomes of those that the mail server does not take."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import col, delete

from tests.jobs.sending import Sending, until
from tests.smtp import Manner
from tests.store.letters import NOW, letter, posted, row_of, rows, states
from ventanilla.auth import challenges
from ventanilla.auth.challenges import Challenge, Kind
from ventanilla.jobs.letter_proofs import PROOFS
from ventanilla.jobs.letters import BATCH, pause
from ventanilla.mail.letter import Letter
from ventanilla.mail.message import message
from ventanilla.store import letters
from ventanilla.store.letters import LetterKind, post
from ventanilla.store.manager import Manager
from ventanilla.store.tables import LetterRow

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


def text_of(sending: Sending, number: int = 0) -> str:
    """What a letter says, however it was wrapped."""
    body = sending.server.accepted[number].message.get_body(("plain",))
    assert body
    return "".join(body.get_content().split())


async def test_letters_leave_by_one_connection_and_once(post_room: Sending) -> None:
    ids = await posted(post_room.store, 3)
    assert await post_room.send() is None

    assert sorted(post_room.recipients) == ["r1@example.com", "r2@example.com", "r3@example.com"]
    assert post_room.server.connections == 1
    assert {f"{each.message['Message-ID']}".partition("@")[0] for each in post_room.server.accepted} == {
        f"<{id}" for id in ids
    }
    assert {each.message["Date"].datetime for each in post_room.server.accepted} == {NOW}
    assert await states(post_room.store) == ["SENT"] * 3
    assert await post_room.send() == NOW + timedelta(seconds=1)
    assert len(post_room.server.accepted) == 3


async def test_a_batch_is_what_leaves_at_once(post_room: Sending) -> None:
    await posted(post_room.store, BATCH + 2)
    await post_room.send()

    assert len(post_room.server.accepted) == BATCH
    await post_room.send()
    assert len(post_room.server.accepted) == BATCH + 2
    assert post_room.server.connections == 2


async def test_a_letter_for_nobody_is_written_down_like_any_other(
    post_room: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever watches how long the process is busy must not learn whose addresses are known."""
    written: list[str] = []

    def noted(found: Letter, *rest: Any) -> EmailMessage:
        written.append(found.recipient)
        return message(found, *rest)

    monkeypatch.setattr("ventanilla.jobs.letters.message", noted)
    for known in (True, False):
        async with post_room.store.work("sur") as work:
            await post(work, letter(1 if known else 2, for_nobody=not known), NOW)
    await post_room.send()

    assert sorted(written) == ["r1@example.com", "r2@example.com"]
    assert post_room.recipients == ["r1@example.com"]
    assert sorted(await states(post_room.store)) == ["SENT", "VOID"]


WAYS = {
    LetterKind.VERIFY_EMAIL: (Kind.REGISTER, "https://sur.example/verify#"),
    LetterKind.RESET_PASSWORD: (Kind.RESET_PASSWORD, "https://sur.example/reset#"),
    LetterKind.ACCESS_LINK: (Kind.ACCESS_LINK, "https://sur.example/activate#"),
}


@pytest.mark.parametrize("kind", WAYS)
async def test_a_link_opens_its_challenge(post_room: Sending, kind: LetterKind) -> None:
    proves, page = WAYS[kind]
    challenge = await post_room.challenge(proves)
    await post_room.post_proof(kind, challenge)
    await post_room.send()

    link = page + post_room.proofs.link(proves, challenge.id)
    assert link in text_of(post_room)
    assert post_room.proofs.read_link(proves, link.partition("#")[2]) == challenge.id


async def test_a_code_is_the_one_of_its_challenge(post_room: Sending) -> None:
    challenge = await post_room.challenge(Kind.SIGN_IN_CODE)
    await post_room.post_proof(LetterKind.SIGN_IN_CODE, challenge)
    await post_room.send()

    assert post_room.proofs.code(challenge.id) in text_of(post_room).replace(" ", "")


async def test_a_password_is_the_one_of_its_challenge(post_room: Sending) -> None:
    challenge = await post_room.challenge(Kind.ACCESS_PASSWORD)
    await post_room.post_proof(LetterKind.ACCESS_PASSWORD, challenge)
    await post_room.send()

    assert post_room.proofs.password(challenge.id) in text_of(post_room)
    assert "https://sur.example" in text_of(post_room)


FAREWELLS = {LetterKind.EMAIL_CHANGED, LetterKind.DATA_ERASED}
"""Letters to an address that opens nothing any more: they lead nowhere."""


@pytest.mark.parametrize("kind", sorted(set(LetterKind) - set(PROOFS) - FAREWELLS))
async def test_other_letters_lead_to_the_portal(post_room: Sending, kind: LetterKind) -> None:
    challenge = await post_room.challenge(Kind.REGISTER)
    await post_room.post_proof(kind, challenge, host="sur.example:8001", secure=False)
    await post_room.send()

    assert "http://sur.example:8001" in text_of(post_room)
    assert "vl_" not in text_of(post_room)


@pytest.mark.parametrize("kind", sorted(FAREWELLS))
async def test_a_farewell_leads_nowhere(post_room: Sending, kind: LetterKind) -> None:
    challenge = await post_room.challenge(Kind.REGISTER)
    await post_room.post_proof(kind, challenge, host="sur.example:8001", secure=False)
    await post_room.send()

    assert "http" not in text_of(post_room)


@pytest.mark.parametrize("end", ["replaced", "used", "expired", "none"])
async def test_a_letter_whose_challenge_is_over_does_not_leave(post_room: Sending, end: str) -> None:
    challenge = None if end == "none" else await post_room.challenge(Kind.RESET_PASSWORD)
    await post_room.post_proof(LetterKind.RESET_PASSWORD, challenge)
    async with post_room.store.work("sur") as work:
        if end == "replaced":
            await challenges.begin(work, Kind.RESET_PASSWORD, email="r1@example.com", now=NOW)
        if end == "used" and challenge:
            assert isinstance(await challenges.meet(work, challenge.kind, challenge.id, NOW), Challenge)
    if end == "expired":
        post_room.clock.go(hours=1)
    await posted(post_room.store)
    await post_room.send()

    assert sorted(await states(post_room.store)) == ["CANCELLED", "SENT"]
    assert len(post_room.server.accepted) == 1


TEMPORARY = {
    "greylisted": (Manner("RCPT", "451 4.7.1 later"), "BUSY", "451 4.7.1"),
    "full for now": (Manner("RCPT", "452 4.2.2 full"), "MAILBOX_FULL", "452 4.2.2"),
    "busy": (Manner("MAIL", "421 4.3.2 too much", hangs_up=True), "BUSY", "421 4.3.2"),
    "broken in the middle": (Manner("MIDDLE", hangs_up=True), "UNKNOWN", None),
    "not let in": (Manner("MAIL", "530 5.7.0 sign in"), "REFUSED_US", "530 5.7.0"),
    "taken, and the answer lost": (Manner("BODY", hangs_up=True), "UNKNOWN", None),
}
PERMANENT = {
    "nobody there": (Manner("RCPT", "550 5.1.1 nobody"), "NO_SUCH_MAILBOX", "550 5.1.1"),
    "full for good": (Manner("RCPT", "552 5.2.2 full"), "MAILBOX_FULL", "552 5.2.2"),
    "refused": (Manner("BODY", "554 5.6.0 spam"), "REFUSED", "554 5.6.0"),
}


@pytest.mark.parametrize(("manner", "failure", "code"), TEMPORARY.values(), ids=TEMPORARY)
async def test_what_may_pass_is_tried_again(post_room: Sending, manner: Manner, failure: str, code: str | None) -> None:
    manner.times = 1
    post_room.server.manners = [manner]
    (id,) = await posted(post_room.store)
    await post_room.send()
    row = await row_of(post_room.store, id)
    assert (row.state, row.failure, row.failure_code, row.tries) == ("PENDING", failure, code, 1)
    assert row.due_at == NOW + MINUTE
    post_room.clock.go(seconds=59)
    await post_room.send()
    assert (await row_of(post_room.store, id)).state == "PENDING"

    post_room.clock.go(seconds=1)
    await post_room.send()
    row = await row_of(post_room.store, id)
    assert (row.state, row.failure, row.tries) == ("SENT", None, 2)


@pytest.mark.parametrize(("manner", "failure", "code"), PERMANENT.values(), ids=PERMANENT)
async def test_what_is_refused_for_good_is_given_up(
    post_room: Sending, manner: Manner, failure: str, code: str
) -> None:
    manner.recipient = "r2@example.com"
    post_room.server.manners = [manner]
    await posted(post_room.store, 3)
    await post_room.send()

    assert await states(post_room.store) == ["SENT", "FAILED", "SENT"]
    assert post_room.server.connections == 1
    row = (await rows(post_room.store))[1]
    assert (row.failure, row.failure_code, row.ended_at) == (failure, code, NOW)


async def test_an_address_that_is_none_fails_alone(post_room: Sending) -> None:
    async with post_room.store.work("sur") as work:
        await post(work, letter(recipient="nobody\r\nBcc: all@example.com"), NOW)
    await posted(post_room.store, 2)
    await post_room.send()

    assert sorted(await states(post_room.store)) == ["FAILED", "SENT", "SENT"]
    assert len(post_room.server.accepted) == 2


async def test_a_bug_in_one_letter_does_not_stop_the_others(
    post_room: Sending, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(letter: Letter, manager: Manager, sender: str) -> EmailMessage:
        if letter.recipient == "r2@example.com":
            raise RuntimeError(letter.recipient)
        return message(letter, manager, sender)

    monkeypatch.setattr("ventanilla.jobs.letters.message", broken)
    await posted(post_room.store, 3)
    for _ in range(2):
        await post_room.send()

    found = [(row.state, row.failure) for row in await rows(post_room.store)]
    assert found == [("SENT", None), ("PENDING", "UNKNOWN"), ("SENT", None)]
    assert "RuntimeError" in caplog.text
    assert "r2@example.com" not in caplog.text


async def test_a_lost_answer_makes_a_repeat_that_is_recognised(post_room: Sending) -> None:
    post_room.server.manners = [Manner("BODY", hangs_up=True, times=1)]
    await posted(post_room.store)
    await post_room.send()
    post_room.clock.go(minutes=1)
    await post_room.send()

    first, second = (each.message["Message-ID"] for each in post_room.server.accepted)
    assert first == second
    assert await states(post_room.store) == ["SENT"]


async def test_a_broken_connection_puts_the_rest_back_uncounted(post_room: Sending) -> None:
    post_room.server.manners = [Manner("MIDDLE", hangs_up=True, letter=2, times=1)]
    await posted(post_room.store, 4)
    await post_room.send()
    found = await rows(post_room.store)
    assert sorted((row.state, row.tries) for row in found) == [
        ("PENDING", 0),
        ("PENDING", 0),
        ("PENDING", 1),
        ("SENT", 1),
    ]
    assert sorted(row.due_at for row in found if not row.tries) == [NOW, NOW]

    await post_room.send()
    assert (await states(post_room.store)).count("SENT") == 3
    assert post_room.server.connections == 2


DOWN = {
    "away": None,
    "closed": Manner("CONNECT", "421 4.3.2 closed", hangs_up=True),
    "silent": Manner("CONNECT", hangs_up=True),
}


@pytest.mark.parametrize("manner", DOWN.values(), ids=DOWN)
async def test_a_server_that_is_down_costs_no_letter_a_try(post_room: Sending, manner: Manner | None) -> None:
    if manner:
        post_room.server.manners = [manner]
    else:
        await post_room.serve(port=1)
    await posted(post_room.store, BATCH + 5)
    await posted(post_room.store, 1, slug="norte")
    await post_room.send()
    found = await rows(post_room.store)
    assert {(row.state, row.tries, row.due_at, row.leased_by) for row in found} == {("PENDING", 0, NOW + MINUTE, None)}
    assert [row.due_at for row in await rows(post_room.store, "norte")] == [NOW]

    post_room.server.manners = []
    await post_room.serve()
    post_room.clock.go(minutes=1)
    await post_room.send()
    await post_room.send()
    assert set(await states(post_room.store)) == {"SENT"}


async def test_a_server_that_never_answers_holds_a_letter_for_less_than_its_lease(post_room: Sending) -> None:
    post_room.lease = timedelta(seconds=0.8)
    post_room.server.manners = [Manner("DATA", delay_s=600)]
    await posted(post_room.store, 3)
    await post_room.send()

    found = [(row.state, row.tries, row.failure, row.due_at) for row in await rows(post_room.store)]
    held = ("PENDING", 0, None, NOW + MINUTE)
    assert sorted(found, key=str) == [held, held, ("PENDING", 1, "TIMEOUT", NOW + MINUTE)]


async def test_a_server_that_is_slow_to_greet_gets_its_letters(post_room: Sending) -> None:
    post_room.server.manners = [Manner("CONNECT", delay_s=0.3)]
    await posted(post_room.store, 3)
    sending = asyncio.create_task(post_room.send())
    await until(lambda: _is_connected(post_room))
    post_room.clock.go(seconds=50)
    await sending

    assert await states(post_room.store) == ["SENT"] * 3


async def _is_connected(post_room: Sending) -> bool:
    return bool(post_room.server.connections)


async def test_a_batch_that_takes_long_is_ended_in_time(post_room: Sending) -> None:
    post_room.server.manners = [Manner("BODY", delay_s=0.3, times=1)]
    await posted(post_room.store, 3)
    sending = asyncio.create_task(post_room.send())
    await until(lambda: _has_left(post_room))
    post_room.clock.go(seconds=31)
    await sending

    assert sorted((row.state, row.tries) for row in await rows(post_room.store)) == [
        ("PENDING", 0),
        ("PENDING", 0),
        ("SENT", 1),
    ]


async def test_a_login_that_is_refused_makes_letters_wait(post_room: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "wrong")
    post_room.server.login = ("ana", "right")
    await post_room.serve(user="ana", password="env:MAIL_PASSWORD")
    await posted(post_room.store, 2)
    await post_room.send()
    assert {(row.state, row.tries) for row in await rows(post_room.store)} == {("PENDING", 0)}

    monkeypatch.setenv("MAIL_PASSWORD", "right")
    post_room.clock.go(minutes=1)
    await post_room.send()
    assert await states(post_room.store) == ["SENT", "SENT"]


def test_pauses_double_up_to_half_an_hour() -> None:
    assert [pause(tries) // MINUTE for tries in (1, 2, 3, 4, 5, 6, 7, 60)] == [1, 2, 4, 8, 16, 30, 30, 30]


async def test_a_letter_is_given_up_after_a_day(post_room: Sending) -> None:
    post_room.server.refuse("r1@example.com", "451 4.7.1 later")
    (id,) = await posted(post_room.store)
    tried: list[timedelta] = []
    while (row := await row_of(post_room.store, id)).state == "PENDING" and len(tried) < 100:
        post_room.clock.now = row.due_at
        tried.append(row.due_at - NOW)
        await post_room.send()

    assert (row.state, row.failure, row.failure_code, row.tries) == ("FAILED", "BUSY", "451 4.7.1", len(tried))
    assert timedelta(hours=23, minutes=30) < tried[-1] <= timedelta(hours=24)


async def test_a_letter_that_a_server_kept_waiting_for_a_day_is_given_up(post_room: Sending) -> None:
    await post_room.serve(port=1)
    await posted(post_room.store, 1, NOW - timedelta(hours=24))
    await posted(post_room.store, 1)
    await post_room.send()

    found = {(row.state, row.failure, row.tries) for row in await rows(post_room.store)}
    assert found == {("FAILED", "UNREACHABLE", 1), ("PENDING", None, 0)}


async def test_a_code_is_tried_only_while_it_is_valid(post_room: Sending) -> None:
    post_room.server.refuse("r1@example.com", "451 4.7.1 later")
    id = await post_room.post_proof(LetterKind.SIGN_IN_CODE, await post_room.challenge(Kind.SIGN_IN_CODE))
    for _ in range(10):
        post_room.clock.now = (await row_of(post_room.store, id)).due_at
        await post_room.send()

    row = await row_of(post_room.store, id)
    assert (row.state, row.failure) == ("CANCELLED", "BUSY")
    assert row.ended_at
    assert row.ended_at - NOW < timedelta(minutes=20)
    assert post_room.server.accepted == []


async def test_no_more_letters_leave_in_a_minute_than_the_server_takes(post_room: Sending) -> None:
    await post_room.serve(letters_per_minute=7)
    await posted(post_room.store, 20)
    left: list[float] = []
    for second in range(0, 240, 5):
        post_room.clock.now = NOW + timedelta(seconds=second)
        before = len(post_room.server.accepted)
        again = await post_room.send()
        left += [second] * (len(post_room.server.accepted) - before)
        assert again is None or again > post_room.clock.now

    assert len(left) == 20
    assert max(sum(first <= each < first + 60 for each in left) for first in left) == 7
    assert left[-1] <= 120


async def test_what_is_cancelled_before_its_turn_does_not_leave(post_room: Sending) -> None:
    await posted(post_room.store, 3)
    await post_room.send(most=1)
    async with post_room.store.work("sur") as work:
        found = await letters.cancel(work, NOW)
    await post_room.send()

    assert (found.cancelled, found.in_flight) == (2, 0)
    assert len(post_room.server.accepted) == 1
    assert sorted(await states(post_room.store)) == ["CANCELLED", "CANCELLED", "SENT"]


async def test_a_letter_that_is_gone_by_its_turn_does_not_leave(post_room: Sending) -> None:
    post_room.server.manners = [Manner("BODY", delay_s=0.3, times=1)]
    await posted(post_room.store, 2)
    sending = asyncio.create_task(post_room.send())
    await until(lambda: _has_left(post_room))
    async with post_room.store.work("sur") as work:
        await work.exec(delete(LetterRow).where(col(LetterRow.recipient) != post_room.recipients[0]))
    await sending

    assert len(post_room.server.accepted) == 1
    assert await states(post_room.store) == ["SENT"]


async def _has_left(post_room: Sending) -> bool:
    return bool(post_room.server.accepted)


async def test_what_stops_in_the_middle_gives_back_the_rest(post_room: Sending) -> None:
    await posted(post_room.store, 4)
    await post_room.send(most=2)

    found = sorted((row.state, row.tries, row.due_at) for row in await rows(post_room.store))
    assert found == [("PENDING", 0, NOW)] * 2 + [("SENT", 1, NOW)] * 2
