"""Signing in with a code: what is told to whom, what is counted, and who wins."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlmodel import update

from tests.alike import auc, statements
from tests.auth.spying import proofs
from tests.store.fresh import manager_named
from ventanilla.auth import attempts, people, sign_in_codes
from ventanilla.auth.asked import NotAnEmailError
from ventanilla.auth.attempts import Kind
from ventanilla.auth.caller import Caller
from ventanilla.auth.identify import identify
from ventanilla.auth.keys import Keys
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.sign_in_codes import AskedCode
from ventanilla.auth.signing_in import Reason, Refused, SignedIn, sign_in
from ventanilla.store.manager import Manager, SignInWay
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WAYS = (SignInWay.PASSWORD, SignInWay.EMAIL_CODE)
SUR, NORTE = (msgspec.structs.replace(manager_named(slug), sign_in_ways=WAYS) for slug in ("sur", "norte"))
KEYS = Keys("9f8e7d6c5b4a39281706f5e4d3c2b1a0")
PROOFS = Proofs(KEYS, "sur")
ANA, NOBODY = "ana@example.com", "nobody@example.com"
ADDRESS = "192.0.2.1"
WRONG = "wrong"
NO_TICKET = Refused(reason=Reason.CODE_INVALID)
Answer = SignedIn | Refused


def invalid(left: int) -> Refused:
    """A wrong code, after which so many more are compared."""
    return Refused(reason=Reason.CODE_INVALID, tries_left=left)


def caller(address: str = ADDRESS) -> Caller:
    return Caller(address=address, host="sur.example", user_agent="Browser/1")


class Door:
    """Asks for codes and tries them, at a moment."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def ask(
        self, email: str = ANA, *, now: datetime = NOW, at: str = ADDRESS, manager: Manager = SUR
    ) -> AskedCode | Refused:
        return await sign_in_codes.ask(self.store, manager, PROOFS, email=email, caller=caller(at), now=now)

    async def ticket(self, email: str = ANA, *, now: datetime = NOW, at: str = ADDRESS) -> str:
        asked = await self.ask(email, now=now, at=at)
        assert isinstance(asked, AskedCode)
        return asked.ticket

    async def enter(
        self, ticket: str, code: str, *, now: datetime = NOW, at: str = ADDRESS, manager: Manager = SUR
    ) -> Answer:
        proofs = Proofs(KEYS, manager.slug)
        return await sign_in_codes.sign_in(
            self.store, manager, proofs, ticket=ticket, code=code, caller=caller(at), now=now
        )


def code_of(ticket: str) -> str:
    """What the letter tells."""
    challenge_id = PROOFS.read_ticket(ticket)
    assert challenge_id
    return PROOFS.code(challenge_id)


def wrong(ticket: str) -> str:
    """Six digits that are not the code."""
    return f"{(int(code_of(ticket)) + 1) % 10**6:06}"


@pytest.fixture
async def door(store: Store) -> Door:
    async with store.work("sur") as work:
        await people.add_person(
            work, email=ANA, password=None, given_name="Ana", family_name="Ruiz", now=NOW, email_verified=True
        )
    return Door(store)


async def test_the_right_code_signs_in_once(store: Store, door: Door) -> None:
    asked = await door.ask(" Ana@EXAMPLE.com ")
    assert isinstance(asked, AskedCode)
    assert asked.masked_email == "a•••@example.com"
    assert (asked.expires_at, asked.resend_at) == (NOW + timedelta(minutes=10), NOW + timedelta(minutes=1))
    code = code_of(asked.ticket)
    found = await door.enter(asked.ticket, f" {code[:3]} {code[3:]} ")
    assert isinstance(found, SignedIn)
    who = await identify(store, "sur.example", found.token, NOW)
    assert who
    assert (who.actor.email, who.actor.session_id) == (ANA, found.session.id)
    assert await door.enter(asked.ticket, code) == Refused(reason=Reason.CODE_USED)


@pytest.mark.parametrize("way", ["nobody", "disabled", "unverified", "there"])
async def test_a_letter_is_for_who_may_come_in_and_written_for_everybody(store: Store, door: Door, way: str) -> None:
    changes: dict[str, Any] = {"disabled": {"disabled_at": NOW}, "unverified": {"email_verified_at": None}}
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(**changes.get(way, {"phone": None})))
    await door.ticket(NOBODY if way == "nobody" else ANA)
    ((for_nobody, kind, told),) = await store.rows("SELECT for_nobody, kind, told FROM letter")
    assert bool(for_nobody) == (way in {"nobody", "disabled"})
    assert (kind, told) == ("SIGN_IN_CODE", '{"minutes":"10"}')


async def test_known_and_unknown_take_the_same_statements(store: Store, door: Door) -> None:
    runs: list[list[str]] = []
    async with store.work("sur") as work:
        await people.add_person(work, email="off@example.com", password=None, given_name="O", family_name="F", now=NOW)
        await work.exec(update(PersonRow).values(disabled_at=NOW).where(PersonRow.email == "off@example.com"))
    for email in (ANA, NOBODY, "off@example.com"):
        with statements(store) as seen:
            await door.ticket(email)
        runs.append(seen)
    assert len(runs[0]) > 6
    assert runs[0] == runs[1] == runs[2]


async def test_wrong_codes_of_somebody_and_nobody_take_the_same_statements(store: Store, door: Door) -> None:
    runs: list[list[str]] = []
    answers: list[Answer] = []
    for email in (ANA, NOBODY):
        ticket = await door.ticket(email)
        with statements(store) as seen:
            answers.append(await door.enter(ticket, wrong(ticket)))
        runs.append(seen)
    assert answers == [invalid(4)] * 2
    assert runs[0] == runs[1]


async def test_nobody_is_let_in_by_the_code_that_no_letter_tells(store: Store, door: Door) -> None:
    ticket = await door.ticket(NOBODY)
    assert [await door.enter(ticket, code_of(ticket)) for _ in range(2)] == [invalid(4), invalid(3)]
    assert await store.rows("SELECT id FROM session") == []


@pytest.mark.alone
async def test_known_and_unknown_take_the_same_time(store: Store, door: Door) -> None:
    known, unknown = [], []
    for minute in range(160):  # with fewer, chance alone crosses the bounds now and then
        for email, times in ((ANA, known), (NOBODY, unknown))[:: 1 if minute % 2 else -1]:
            begun = time.perf_counter()
            await door.ticket(email, now=NOW + minute * attempts.WINDOW, at=f"192.0.2.{minute}")
            times.append(time.perf_counter() - begun)
    assert 0.35 < auc(known[5:], unknown[5:]) < 0.65


@pytest.mark.parametrize("email", ["", "ana", "ana@", "a b@example.com", "a" * 300 + "@example.com"])
async def test_what_is_no_email_is_told_so_and_counts_nothing(store: Store, door: Door, email: str) -> None:
    with pytest.raises(NotAnEmailError):
        await door.ask(email)
    assert await store.rows("SELECT tries FROM sign_in_attempt") == []


async def test_a_manager_without_this_way_refuses_it(store: Store, door: Door) -> None:
    only_passwords = msgspec.structs.replace(SUR, sign_in_ways=(SignInWay.PASSWORD,))
    only_codes = msgspec.structs.replace(SUR, sign_in_ways=(SignInWay.EMAIL_CODE,))
    refused = Refused(reason=Reason.WAY_NOT_OFFERED)
    ticket = await door.ticket()
    assert await door.ask(manager=only_passwords) == refused
    assert await door.enter(ticket, code_of(ticket), manager=only_passwords) == refused
    assert await sign_in(store, only_codes, proofs(), email=ANA, password=WRONG, caller=caller(), now=NOW) == refused


async def test_another_code_may_be_asked_for_after_a_minute(door: Door) -> None:
    await door.ticket()
    soon = await door.ask(now=NOW + timedelta(seconds=12.5))
    assert soon == Refused(reason=Reason.TOO_MANY_ATTEMPTS, retry_after=48)
    assert isinstance(await door.ask("other@example.com", now=NOW), AskedCode)
    assert isinstance(await door.ask(now=NOW + attempts.RESEND), AskedCode)


@pytest.mark.parametrize("email", [ANA, NOBODY])
async def test_five_letters_in_a_window_whoever_it_is(door: Door, email: str) -> None:
    for minute in range(5):
        await door.ticket(email, now=NOW + timedelta(minutes=minute), at=f"192.0.2.{minute}")
    refused = await door.ask(email, now=NOW + timedelta(minutes=5))
    assert refused == Refused(reason=Reason.TOO_MANY_ATTEMPTS, retry_after=600)


async def test_thirty_letters_from_one_network_and_no_minute_of_others_is_used_up(door: Door) -> None:
    for number in range(30):
        await door.ticket(f"{number}@example.com")
    assert isinstance(await door.ask(), Refused)
    assert isinstance(await door.ask(at="192.0.2.2"), AskedCode)


async def test_twenty_requests_at_once_send_one_letter(store: Store, door: Door) -> None:
    answers = await asyncio.gather(*(door.ask(at=f"192.0.2.{number}") for number in range(20)))
    assert sum(isinstance(answer, AskedCode) for answer in answers) == 1
    assert len(await store.rows("SELECT id FROM letter")) == len(await store.rows("SELECT id FROM challenge")) == 1


async def test_a_new_code_takes_the_place_of_the_older_one(door: Door) -> None:
    older = await door.ticket()
    newer = await door.ticket(now=NOW + attempts.RESEND)
    later = NOW + timedelta(minutes=2)
    assert await door.enter(older, code_of(older), now=later) == Refused(reason=Reason.CODE_EXPIRED)
    assert await door.enter(newer, code_of(older), now=later) == invalid(4)
    assert isinstance(await door.enter(newer, code_of(newer), now=later), SignedIn)


async def test_a_code_is_good_for_ten_minutes(door: Door) -> None:
    ticket = await door.ticket()
    late = NOW + timedelta(minutes=10)
    assert await door.enter(ticket, code_of(ticket), now=late) == Refused(reason=Reason.CODE_EXPIRED)
    assert isinstance(await door.enter(ticket, code_of(ticket), now=late - timedelta(seconds=1)), SignedIn)


async def test_a_long_gone_ticket_is_over(door: Door) -> None:
    ticket = await door.ticket()
    later = NOW + timedelta(days=3)
    await door.ticket(NOBODY, now=later)
    assert await door.enter(ticket, code_of(ticket), now=later) == Refused(reason=Reason.CODE_EXPIRED)


@pytest.mark.parametrize("forged", ["", "nonsense", "vt_" + "0" * 64, "\x00\ud800", "altered", "link", "elsewhere"])
async def test_a_ticket_that_is_none_counts_against_the_address_alone(store: Store, door: Door, forged: str) -> None:
    ticket = await door.ticket()
    challenge_id = PROOFS.read_ticket(ticket)
    assert challenge_id
    shown = {
        "altered": ticket[:-1] + ("A" if ticket[-1] != "A" else "B"),
        "link": PROOFS.link("SIGN_IN_CODE", challenge_id),
        "elsewhere": Proofs(KEYS, "norte").ticket(challenge_id),
    }.get(forged, forged)
    for _ in range(30):
        assert await door.enter(shown, code_of(ticket)) == NO_TICKET
    assert (await door.enter(shown, code_of(ticket))) == Refused(reason=Reason.TOO_MANY_ATTEMPTS, retry_after=900)
    counted = await store.rows("SELECT kind FROM sign_in_attempt WHERE kind IN ('CODE', 'ACCOUNT')")
    assert counted == []
    assert isinstance(await door.enter(ticket, code_of(ticket), at="192.0.2.2"), SignedIn)


async def test_a_ticket_is_good_at_its_manager_alone(door: Door) -> None:
    ticket = await door.ticket()
    assert await door.enter(ticket, code_of(ticket), manager=NORTE) == NO_TICKET


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "\ud800", "0" * 10_000])
async def test_whatever_is_no_code_is_wrong(door: Door, code: str) -> None:
    assert await door.enter(await door.ticket(), code) == invalid(4)


@pytest.mark.parametrize("email", [ANA, NOBODY])
async def test_a_new_code_gives_no_new_tries(door: Door, email: str) -> None:
    older = await door.ticket(email)
    for number in range(3):
        assert await door.enter(older, wrong(older)) == invalid(4 - number)
    at = NOW + timedelta(minutes=2)
    newer = await door.ticket(email, now=at)
    for number in range(2):
        assert await door.enter(newer, wrong(newer), now=at, at=f"198.51.100.{number}") == invalid(1 - number)
    burnt = await door.enter(newer, code_of(newer), now=at, at="198.51.100.9")
    assert burnt == Refused(reason=Reason.TOO_MANY_ATTEMPTS, retry_after=900)


async def test_a_burnt_code_opens_nothing_as_long_as_it_lives(door: Door) -> None:
    first = await door.ticket()
    await door.enter(first, wrong(first))
    at = NOW + timedelta(minutes=14)
    ticket = await door.ticket(now=at)
    for number in range(4):
        assert await door.enter(ticket, wrong(ticket), now=at) == invalid(3 - number)
    for second in (0, 60, 61, 599):
        refused = await door.enter(ticket, code_of(ticket), now=at + timedelta(seconds=second), at="192.0.2.7")
        assert isinstance(refused, Refused)
        assert refused.reason is Reason.TOO_MANY_ATTEMPTS
    over = at + attempts.WINDOW
    assert await door.enter(ticket, code_of(ticket), now=over) == Refused(reason=Reason.CODE_EXPIRED)
    last = await door.ticket(now=over)
    assert isinstance(await door.enter(last, code_of(last), now=over), SignedIn)


async def test_twenty_uses_of_one_code_at_once_begin_one_session(store: Store, door: Door) -> None:
    ticket = await door.ticket()
    answers = await asyncio.gather(*(door.enter(ticket, code_of(ticket)) for _ in range(20)))
    reasons = {answer.reason for answer in answers if isinstance(answer, Refused)}
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert reasons <= {Reason.CODE_USED, Reason.TOO_MANY_ATTEMPTS}
    assert len(await store.rows("SELECT id FROM session")) == 1


async def test_of_fifty_wrong_codes_at_once_five_are_compared(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    real = Proofs.is_code

    def is_code(self: Proofs, challenge_id: str, code: str) -> bool:
        compared.append(code)
        return real(self, challenge_id, code)

    monkeypatch.setattr(Proofs, "is_code", is_code)
    ticket = await door.ticket()
    answers = await asyncio.gather(*(door.enter(ticket, wrong(ticket), at=f"192.0.2.{each}") for each in range(50)))
    assert len(compared) == 5
    assert [answers.count(invalid(left)) for left in range(5)] == [1] * 5
    assert {answer.reason for answer in answers if isinstance(answer, Refused)} == {
        Reason.CODE_INVALID,
        Reason.TOO_MANY_ATTEMPTS,
    }


async def test_codes_and_passwords_are_counted_apart_and_a_right_code_clears_its_own(store: Store, door: Door) -> None:
    ticket = await door.ticket()
    for _ in range(4):
        await door.enter(ticket, wrong(ticket))
    for _ in range(5):
        await sign_in(store, SUR, proofs(), email=ANA, password=WRONG, caller=caller(), now=NOW)
    assert isinstance(await door.enter(ticket, code_of(ticket)), SignedIn)
    kinds = dict(await store.rows("SELECT kind, tries FROM sign_in_attempt"))
    assert (kinds.get(Kind.CODE), kinds[Kind.ACCOUNT], kinds[Kind.ADDRESS]) == (None, 5, 9)


async def test_a_right_code_verifies_the_email_of_somebody_who_was_added(store: Store, door: Door) -> None:
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(email_verified_at=None))
    ticket = await door.ticket()
    await door.enter(ticket, wrong(ticket))
    assert await store.rows("SELECT email_verified_at FROM person") == [(None,)]
    assert isinstance(await door.enter(ticket, code_of(ticket)), SignedIn)
    assert await store.rows("SELECT id FROM person WHERE email_verified_at IS NULL") == []


async def test_a_code_proves_the_address_that_it_was_sent_to(store: Store, door: Door) -> None:
    ticket = await door.ticket()
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(email="moved@example.com"))
    assert await door.enter(ticket, code_of(ticket)) == Refused(reason=Reason.CODE_EXPIRED)


async def test_who_was_disabled_meanwhile_is_told_so_once_they_have_proved_it(store: Store, door: Door) -> None:
    ticket = await door.ticket()
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(disabled_at=NOW))
    assert await door.enter(ticket, wrong(ticket)) == invalid(4)
    assert await door.enter(ticket, code_of(ticket)) == Refused(reason=Reason.ACCOUNT_DISABLED)
    assert await store.rows("SELECT id FROM session") == []


async def test_neither_code_nor_ticket_stands_anywhere(store: Store, door: Door, store_url: str) -> None:
    asked = await door.ask()
    assert isinstance(asked, AskedCode)
    secrets = [code_of(asked.ticket), asked.ticket]
    assert not any(secret in repr(asked) for secret in secrets)
    await door.enter(asked.ticket, wrong(asked.ticket))
    tables = ("challenge", "letter", "sign_in_attempt", "session", "known_device", "person")
    held = [str(row) for table in tables for row in await store.rows(f"SELECT * FROM {table}")]
    assert len(held) > 5
    assert not any(secret in row for row in held for secret in secrets)
    if store_url.startswith("sqlite"):
        files = [file.read_bytes() for file in Path(store_url.removeprefix("sqlite://")).parent.iterdir()]
        assert any(ANA.encode() in content for content in files)
        assert not any(asked.ticket.encode() in content for content in files)
