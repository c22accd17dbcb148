"""Signing in with a passkey: what is told to whom, what is counted, and who wins."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import structlog
from sqlmodel import update

from tests.alike import auc, statements
from tests.auth.passkeys import NORTE, NOW, SUR, Visitor, visitor
from tests.authenticator import HONEST, Algorithm, Authenticator, Flags, Wicked, encoded
from ventanilla.auth import passkeys, sessions
from ventanilla.auth.identify import identify
from ventanilla.auth.passkeys import Ceremony
from ventanilla.auth.signing_in import Reason, Refused, SignedIn
from ventanilla.store.manager import SignInWay
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

UNKNOWN = Refused(reason=Reason.PASSKEY_UNKNOWN)
INVALID = Refused(reason=Reason.PASSKEY_INVALID)
EXPIRED = Refused(reason=Reason.TICKET_EXPIRED)
LATER = NOW + timedelta(days=3)
ORIGIN = "https://sur.example"


@pytest.fixture
async def ana(store: Store) -> Visitor:
    """Ana, who has a passkey."""
    found = await visitor(store)
    await found.register()
    return found


async def stranger() -> Authenticator:
    """An authenticator with a passkey for the same place, which nobody here has."""
    options = {
        "rp": {"id": "sur.example"},
        "user": {"id": encoded(bytes(16))},
        "challenge": "",
        "excludeCredentials": [],
    }
    found = Authenticator(ORIGIN)
    found.create(json.dumps({**options, "pubKeyCredParams": [{"alg": -7}]}))
    return found


@pytest.mark.parametrize("algorithm", Algorithm)
async def test_a_passkey_signs_its_owner_in(store: Store, algorithm: Algorithm) -> None:
    ana = await visitor(store)
    ana.authenticator = Authenticator(ORIGIN, algorithm)
    made = await ana.register()
    found = await ana.sign_in(now=LATER)
    assert isinstance(found, SignedIn)
    assert (found.person.id, found.person.email) == (ana.person_id, "ana@example.com")
    assert found.session.expires_at == LATER + sessions.LIFETIME
    who = await identify(store, "sur.example", found.token, LATER)
    assert who
    assert (who.actor.person_id, who.actor.session_id) == (ana.person_id, found.session.id)
    (held,) = await passkeys.of_person(store, "sur", ana.person_id)
    assert held == msgspec.structs.replace(made, used_at=LATER)
    assert await store.rows("SELECT sign_count FROM passkey") == [(1,)]


async def test_it_is_whose_passkey_it_is(store: Store, ana: Visitor) -> None:
    luis = await visitor(store, "luis@example.com")
    await luis.register()
    for each in (luis, ana):
        found = await each.sign_in()
        assert isinstance(found, SignedIn)
        assert found.person.id == each.person_id


async def test_what_keeps_it_is_learnt_anew_at_each_sign_in(store: Store, ana: Visitor) -> None:
    synced = Wicked(flags=HONEST | Flags.BACKUP_ELIGIBLE | Flags.BACKED_UP)
    for wicked, backed_up in ((synced, True), (Wicked(flags=HONEST | Flags.BACKUP_ELIGIBLE), False)):
        assert isinstance(await ana.sign_in(wicked), SignedIn)
        (held,) = await passkeys.of_person(store, "sur", ana.person_id)
        assert held.backed_up is backed_up


async def test_nothing_of_a_password_is_due_to_who_has_a_passkey(store: Store, ana: Visitor) -> None:
    long_ago = NOW - timedelta(days=900)
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(must_change_password=True, password_set_at=long_ago))
        plain = (await sessions.issue(work, ana.person_id, now=NOW)).token
    found = await ana.sign_in()
    assert isinstance(found, SignedIn)
    due: dict[str, bool] = {}
    for token in (found.token, plain):
        who = await identify(store, "sur.example", token, NOW)
        assert who
        due[token] = who.actor.password_change_due(90, NOW)
    assert due == {found.token: False, plain: True}
    for forged in (plain.replace("vs_", "vk_"), found.token.replace("vk_", "vs_")):
        who = await identify(store, "sur.example", forged, NOW)
        assert who
        assert not who.actor.signed_in


async def test_unknown_and_wrong_are_answered_alike_for_the_same_work(store: Store, ana: Visitor) -> None:
    other = await stranger()
    resident = ana.authenticator.residents[0]
    ran: list[list[str]] = []
    for authenticator, wicked in (
        (other, Wicked()),
        (other, Wicked(credential_id=resident.id)),
        (other, Wicked(credential_id=resident.id, handle=resident.handle)),
        (ana.authenticator, Wicked(signature=b"0\x06\x02\x01\x01\x02\x01\x01")),
    ):
        started = await ana.asked()
        answer = authenticator.get(started.options, wicked)
        with statements(store) as seen:
            assert await ana.enter(started.ticket, answer) == UNKNOWN
        ran.append(seen)
    assert ran[0] == ran[1] == ran[2] == ran[3]
    assert len(await store.rows("SELECT id FROM session")) == 1


async def test_a_passkey_in_the_name_of_somebody_else_is_unknown(store: Store, ana: Visitor) -> None:
    luis = await visitor(store, "luis@example.com")
    assert await ana.sign_in(Wicked(handle=bytes.fromhex(luis.person_id))) == UNKNOWN
    assert await ana.sign_in(Wicked(handle=b"Ana")) == UNKNOWN
    assert await ana.sign_in(Wicked(no_handle=True)) == INVALID


@pytest.mark.parametrize(
    "wicked",
    [
        Wicked(origin="https://sur.example:8443"),
        Wicked(origin="http://sur.example"),
        Wicked(rp_id="norte.example"),
        Wicked(challenge=bytes(32)),
        Wicked(flags=Flags.PRESENT),
        Wicked(type="webauthn.create"),
        Wicked(cross_origin=True),
    ],
)
async def test_an_answer_to_something_else_is_invalid_whoever_signed_it(ana: Visitor, wicked: Wicked) -> None:
    assert await ana.sign_in(wicked) == INVALID
    started = await ana.asked()
    assert await ana.enter(started.ticket, (await stranger()).get(started.options, wicked)) == INVALID
    assert isinstance(await ana.sign_in(), SignedIn)


@pytest.mark.parametrize("response", ["", "{}", "[" * 16_000, "\x00\ud800", "x" * 1_000_000])
async def test_garbage_is_invalid_and_leaves_the_ticket_good(ana: Visitor, response: str) -> None:
    started = await ana.asked()
    assert await ana.enter(started.ticket, response) == INVALID
    assert isinstance(await ana.enter(started.ticket, ana.authenticator.get(started.options)), SignedIn)


async def test_the_answer_to_a_registration_signs_nobody_in(ana: Visitor) -> None:
    begun, asked = await ana.begun(), await ana.asked()
    made = Authenticator(ORIGIN).create(begun.options)
    assert await ana.enter(asked.ticket, made) == INVALID
    assert await ana.enter(begun.ticket, ana.authenticator.get(asked.options)) == EXPIRED


async def test_an_answer_is_good_once(ana: Visitor) -> None:
    started = await ana.asked()
    answer = ana.authenticator.get(started.options)
    assert isinstance(await ana.enter(started.ticket, answer), SignedIn)
    assert await ana.enter(started.ticket, answer) == EXPIRED
    assert await ana.enter((await ana.asked()).ticket, answer) == INVALID


async def test_a_ticket_is_good_for_five_minutes(ana: Visitor) -> None:
    started = await ana.asked()
    assert started.expires_at == NOW + timedelta(minutes=5)
    answer = ana.authenticator.get(started.options)
    assert await ana.enter(started.ticket, answer, now=started.expires_at) == EXPIRED
    assert isinstance(await ana.enter(started.ticket, answer, now=NOW + timedelta(seconds=299)), SignedIn)


@pytest.mark.parametrize("forged", ["", "nonsense", "vt_" + "0" * 64, "\x00\ud800"])
async def test_a_ticket_that_is_none_is_over(ana: Visitor, forged: str) -> None:
    started = await ana.asked()
    assert await ana.enter(forged, ana.authenticator.get(started.options)) == EXPIRED


async def test_many_may_be_asked_at_once(ana: Visitor) -> None:
    first, second = await ana.asked(), await ana.asked()
    for started in (second, first):
        assert isinstance(await ana.enter(started.ticket, ana.authenticator.get(started.options)), SignedIn)


async def test_tickets_and_passkeys_are_good_at_their_manager_alone(store: Store, ana: Visitor) -> None:
    started = await ana.asked()
    answer = ana.authenticator.get(started.options)
    ana.manager = NORTE
    assert await ana.enter(started.ticket, answer) == EXPIRED
    assert await ana.sign_in() == UNKNOWN
    ana.manager = SUR
    assert isinstance(await ana.enter(started.ticket, answer), SignedIn)
    assert await store.rows("SELECT manager FROM session WHERE manager = 'norte'") == []


async def test_another_host_of_the_manager_is_another_site(ana: Visitor) -> None:
    started = await ana.asked()
    answer = ana.authenticator.get(started.options)
    ana.host = "portal.sur.example"
    assert await ana.enter(started.ticket, answer) == INVALID


@pytest.mark.parametrize("count", [0, 4, 5])
async def test_a_passkey_that_counts_backwards_is_refused_and_told_of_in_the_log(
    store: Store, ana: Visitor, count: int
) -> None:
    assert isinstance(await ana.sign_in(Wicked(count=5)), SignedIn)
    with structlog.testing.capture_logs() as logs:
        assert await ana.sign_in(Wicked(count=count)) == INVALID
    (held,) = await passkeys.of_person(store, "sur", ana.person_id)
    told = "a passkey counts backwards: it may have been copied"
    assert logs == [{"event": told, "manager": "sur", "passkey": held.id, "log_level": "warning"}]
    assert await store.rows("SELECT sign_count FROM passkey") == [(5,)]
    assert isinstance(await ana.sign_in(Wicked(count=6)), SignedIn)


async def test_nobody_else_fills_the_log_with_counts(ana: Visitor) -> None:
    assert isinstance(await ana.sign_in(Wicked(count=5)), SignedIn)
    wicked = Wicked(count=1, credential_id=ana.authenticator.residents[0].id)
    started = await ana.asked()
    with structlog.testing.capture_logs() as logs:
        assert await ana.enter(started.ticket, (await stranger()).get(started.options, wicked)) == UNKNOWN
    assert logs == []


async def test_one_that_counts_nothing_is_never_copied(ana: Visitor) -> None:
    ana.authenticator.counts = False
    for _ in range(3):
        assert isinstance(await ana.sign_in(), SignedIn)


async def test_who_is_disabled_is_told_so_once_they_have_proved_it(store: Store, ana: Visitor) -> None:
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(disabled_at=NOW))
    assert await ana.sign_in(Wicked(signature=b"wrong")) == UNKNOWN
    started = await ana.asked()
    answer = ana.authenticator.get(started.options)
    assert await ana.enter(started.ticket, answer) == Refused(reason=Reason.ACCOUNT_DISABLED)
    assert await ana.enter(started.ticket, answer) == EXPIRED


async def test_a_passkey_that_was_given_up_is_unknown(ana: Visitor) -> None:
    older = ana.authenticator
    await ana.register("Second")
    theirs = {each.name: each.id for each in await passkeys.of_person(ana.store, "sur", ana.person_id)}
    await ana.remove(theirs["Phone"])
    started = await ana.asked()
    assert await ana.enter(started.ticket, older.get(started.options)) == UNKNOWN
    assert isinstance(await ana.sign_in(), SignedIn)


@pytest.mark.parametrize(
    ("ways", "host", "reason"),
    [
        ((SignInWay.PASSWORD, SignInWay.EMAIL_CODE), "sur.example", Reason.WAY_NOT_OFFERED),
        ((SignInWay.PASSKEY,), "192.0.2.7:8001", Reason.NOT_AVAILABLE_HERE),
    ],
)
async def test_nobody_comes_in_where_no_passkey_is_good(
    store: Store, ana: Visitor, ways: tuple[SignInWay, ...], host: str, reason: Reason
) -> None:
    started = await ana.asked()
    answer = ana.authenticator.get(started.options)
    ana.manager, ana.host = msgspec.structs.replace(SUR, sign_in_ways=ways), host
    assert await ana.ask() == Refused(reason=reason)
    assert await ana.enter(started.ticket, answer) == Refused(reason=reason)
    assert await store.rows("SELECT kind FROM sign_in_attempt WHERE kind = 'ADDRESS'") == []


async def test_thirty_tries_from_one_network_are_compared(ana: Visitor) -> None:
    started = await ana.asked()
    for _ in range(30):
        assert await ana.enter(started.ticket, "{}") == INVALID
    answer = ana.authenticator.get(started.options)
    refused = await ana.enter(started.ticket, answer)
    assert refused == Refused(reason=Reason.TOO_MANY_ATTEMPTS, retry_after=900)
    assert isinstance(await ana.enter(started.ticket, answer, at="192.0.2.2"), SignedIn)


async def test_who_comes_in_takes_no_try_from_their_neighbours(store: Store, ana: Visitor) -> None:
    for _ in range(3):
        assert isinstance(await ana.sign_in(), SignedIn)
    assert await store.rows("SELECT tries FROM sign_in_attempt WHERE kind = 'ADDRESS'") == [(0,)]


async def test_a_hundred_and_twenty_begin_from_one_network(ana: Visitor) -> None:
    for _ in range(120):
        assert isinstance(await ana.ask(at="198.51.100.1"), Ceremony)
    assert await ana.ask(at="198.51.100.1") == Refused(reason=Reason.TOO_MANY_ATTEMPTS, retry_after=900)
    assert isinstance(await ana.ask(at="198.51.100.2"), Ceremony)


async def test_twenty_uses_of_one_ticket_at_once_begin_one_session(store: Store, ana: Visitor) -> None:
    started = await ana.asked()
    answers = [ana.authenticator.get(started.options) for _ in range(20)]
    outcomes = await asyncio.gather(*(ana.enter(started.ticket, each) for each in answers))
    assert sum(isinstance(each, SignedIn) for each in outcomes) == 1
    assert outcomes.count(EXPIRED) == 19
    assert len(await store.rows("SELECT id FROM session WHERE id <> $1", [ana.session_id])) == 1


async def test_of_two_copies_of_a_passkey_at_once_one_comes_in(store: Store, ana: Visitor) -> None:
    tickets = [await ana.asked() for _ in range(10)]
    copies = [ana.authenticator.get(each.options, Wicked(count=1)) for each in tickets]
    outcomes = await asyncio.gather(*(ana.enter(each.ticket, copy) for each, copy in zip(tickets, copies, strict=True)))
    assert sum(isinstance(each, SignedIn) for each in outcomes) == 1
    assert outcomes.count(INVALID) == 9
    assert await store.rows("SELECT sign_count FROM passkey") == [(1,)]


async def test_whoever_gives_a_passkey_up_while_it_signs_in_is_not_in_its_way(store: Store, ana: Visitor) -> None:
    spare = await ana.register("Second")
    started = await ana.asked()
    removed, entered = await asyncio.gather(
        ana.remove(spare.id), ana.enter(started.ticket, ana.authenticator.get(started.options))
    )
    assert removed is not None
    assert isinstance(entered, SignedIn) or entered == UNKNOWN
    assert len(await store.rows("SELECT id FROM passkey")) == 1


async def test_another_browser_is_told_of_by_letter(store: Store, ana: Visitor) -> None:
    first = await ana.sign_in()
    second = await ana.sign_in()
    assert isinstance(first, SignedIn)
    assert isinstance(second, SignedIn)
    assert (first.letter, second.letter) == (False, False)
    other = ana.caller()
    started = await ana.asked()
    ana.caller = lambda address="": msgspec.structs.replace(other, user_agent="Other/1")  # type: ignore[method-assign]  the one thing that differs
    third = await ana.enter(started.ticket, ana.authenticator.get(started.options))
    assert isinstance(third, SignedIn)
    assert third.letter
    assert sorted(await store.rows("SELECT kind FROM letter")) == [("NEW_DEVICE",), ("PASSKEY_ADDED",)]


async def test_neither_ticket_nor_challenge_nor_token_stands_anywhere(store: Store, ana: Visitor) -> None:
    started = await ana.asked()
    found = await ana.enter(started.ticket, ana.authenticator.get(started.options))
    assert isinstance(found, SignedIn)
    secrets = [started.ticket, json.loads(started.options)["challenge"], found.token]
    tables = ("challenge", "passkey", "sign_in_attempt", "session", "known_device", "person")
    held = [str(row) for table in tables for row in await store.rows(f"SELECT * FROM {table}")]
    assert len(held) > 5
    assert not any(secret in row for row in held for secret in secrets)


@pytest.mark.alone
async def test_nobodys_passkey_and_a_wrong_signature_take_as_long(ana: Visitor) -> None:
    other = await stranger()
    taken: dict[bytes, list[float]] = {ana.authenticator.residents[0].id: [], b"nobody's": []}
    for number in range(100):
        at = f"198.51.{number}.1"
        for name in sorted(taken, reverse=number % 2 == 0):
            started = await ana.asked(at=at)
            answer = other.get(started.options, Wicked(credential_id=name))
            before = time.perf_counter()
            assert await ana.enter(started.ticket, answer, at=at) == UNKNOWN
            taken[name].append(time.perf_counter() - before)
    known, nobodys = taken.values()
    assert 0.35 < auc(known[5:], nobodys[5:]) < 0.65


def test_what_is_secret_is_not_shown() -> None:
    outcome: Any = Ceremony(ticket="vt_secret", options="{secret}", expires_at=NOW)
    assert "secret" not in repr(outcome)
