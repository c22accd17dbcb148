"""Passkeys of people: who may make one, what is kept of it, and who wins."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import update

from tests.auth.passkeys import KEYS, NORTE, NOW, SUR, Visitor, visitor
from tests.authenticator import HONEST, Authenticator, Flags, Wicked, decoded, encoded
from ventanilla.auth import passkeys
from ventanilla.auth.passkeys import MOST, Passkey, Reason
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.sessions import FRESH
from ventanilla.store.manager import IdentityProvider, Manager, SignInWay
from ventanilla.store.store import Store
from ventanilla.store.tables import IdentityRow, PersonRow

pytestmark = pytest.mark.anyio

SYNCED = Wicked(flags=HONEST | Flags.BACKUP_ELIGIBLE | Flags.BACKED_UP)


@pytest.fixture
async def ana(store: Store) -> Visitor:
    return await visitor(store)


def offering(*ways: SignInWay) -> Manager:
    bank = IdentityProvider(name="bank", title={"pl": "Bank"}, issuer="https://bank.example", client_id="sur")
    return msgspec.structs.replace(SUR, sign_in_ways=ways, identity_providers=(bank,))


async def test_a_passkey_is_kept_with_what_its_authenticator_says_of_it(store: Store, ana: Visitor) -> None:
    made = await ana.register(" Teléfono ", SYNCED)
    (resident,) = ana.authenticator.residents
    assert made == Passkey(id=made.id, name="Teléfono", created_at=NOW, used_at=None, backed_up=True)
    assert await passkeys.of_person(store, "sur", ana.person_id) == [made]
    columns = "person_id, credential, sign_count, transports, name"
    (row,) = await store.rows(f"SELECT {columns} FROM passkey")
    assert row == (ana.person_id, encoded(resident.id), 0, "internal hybrid", "Teléfono")
    assert resident.handle == bytes.fromhex(ana.person_id)


async def test_the_browser_is_told_whose_it_is_and_which_ones_exist(ana: Visitor) -> None:
    await ana.register()
    asked = json.loads((await ana.begun()).options)
    assert asked["rp"] == {"id": "sur.example", "name": "Sur"}
    assert (asked["user"]["name"], asked["user"]["displayName"]) == ("ana@example.com", "Ana Paz")
    known = [(decoded(each["id"]), each["transports"]) for each in asked["excludeCredentials"]]
    assert known == [(ana.authenticator.residents[0].id, ["internal", "hybrid"])]


async def test_what_is_signed_is_written_nowhere_and_another_one_each_time(store: Store, ana: Visitor) -> None:
    started = [await ana.begun() for _ in range(2)]
    asked = [json.loads(each.options)["challenge"] for each in started]
    assert len(set(asked)) == 2
    held = str(await store.rows("SELECT * FROM challenge"))
    assert not any(
        secret in held for each in started for secret in (each.ticket, json.loads(each.options)["challenge"])
    )
    assert not any(each.ticket in repr(each) for each in started)


async def test_a_name_given_at_the_end_takes_the_place_of_the_first(ana: Visitor) -> None:
    started = await ana.begun("Phone")
    made = await ana.finish(started.ticket, ana.authenticator.create(started.options), name="Tablet")
    assert isinstance(made, Passkey)
    assert made.name == "Tablet"


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "two\nlines", "\u202egnp.exe", "\x00", "\ud800"])
async def test_a_name_is_one_line_of_text(ana: Visitor, name: str) -> None:
    assert await ana.start(name) is Reason.FIELD_INVALID
    started = await ana.begun()
    response = ana.authenticator.create(started.options)
    assert await ana.finish(started.ticket, response, name=name) is Reason.FIELD_INVALID
    made = await ana.finish(started.ticket, response)
    assert isinstance(made, Passkey)
    assert await rename(ana, made.id, name) is Reason.FIELD_INVALID


@pytest.mark.parametrize("age", [timedelta(0), FRESH])
async def test_who_signed_in_a_moment_ago_may_make_one(ana: Visitor, age: timedelta) -> None:
    assert isinstance(await ana.begun(now=NOW + age), passkeys.Ceremony)


async def test_who_signed_in_long_ago_signs_in_anew_first(ana: Visitor) -> None:
    late = NOW + FRESH + timedelta(seconds=1)
    assert await ana.start(now=late) is Reason.REAUTHENTICATION_REQUIRED


async def test_nobody_makes_one_with_the_session_of_another(store: Store, ana: Visitor) -> None:
    luis = await visitor(store, "luis@example.com")
    ana.session_id = luis.session_id
    assert await ana.start() is Reason.REAUTHENTICATION_REQUIRED


async def test_a_ticket_is_good_for_five_minutes(ana: Visitor) -> None:
    started = await ana.begun()
    assert started.expires_at == NOW + timedelta(minutes=5)
    response = ana.authenticator.create(started.options)
    assert await ana.finish(started.ticket, response, now=started.expires_at) is Reason.TICKET_EXPIRED
    last = started.expires_at - timedelta(seconds=1)
    assert isinstance(await ana.finish(started.ticket, response, now=last), Passkey)


async def test_a_ticket_is_good_once(ana: Visitor) -> None:
    started = await ana.begun()
    assert isinstance(await ana.finish(started.ticket, ana.authenticator.create(started.options)), Passkey)
    again = Authenticator(ana.authenticator.origin).create(started.options)
    assert await ana.finish(started.ticket, again) is Reason.TICKET_EXPIRED


async def test_a_newer_ceremony_takes_the_place_of_the_older_one(ana: Visitor) -> None:
    older, newer = await ana.begun(), await ana.begun()
    response = ana.authenticator.create(older.options)
    assert await ana.finish(older.ticket, response) is Reason.TICKET_EXPIRED
    assert await ana.finish(newer.ticket, response) is Reason.PASSKEY_INVALID


async def test_a_ticket_is_good_for_who_asked_for_it_at_their_manager(store: Store, ana: Visitor) -> None:
    luis = await visitor(store, "luis@example.com")
    started = await ana.begun()
    response = ana.authenticator.create(started.options)
    assert await luis.finish(started.ticket, response) is Reason.TICKET_EXPIRED
    ana.manager = NORTE
    assert await ana.finish(started.ticket, response) is Reason.TICKET_EXPIRED


@pytest.mark.parametrize("ticket", ["", "nonsense", "vt_" + "0" * 64, "\x00\ud800", "sign-in", "link"])
async def test_a_ticket_of_something_else_is_none(ana: Visitor, ticket: str) -> None:
    started = await ana.begun()
    challenge_id = Proofs(KEYS, "sur").read_ticket(started.ticket)
    assert challenge_id
    other = {"sign-in": (await ana.asked()).ticket, "link": Proofs(KEYS, "sur").link("REGISTER", challenge_id)}
    response = ana.authenticator.create(started.options)
    assert await ana.finish(other.get(ticket, ticket), response) is Reason.TICKET_EXPIRED


async def test_what_a_sign_in_asks_is_not_what_a_registration_asks() -> None:
    proofs = Proofs(KEYS, "sur")
    signed = {proofs.signable(kind, "0" * 32) for kind in ("PASSKEY_REGISTRATION", "PASSKEY_SIGN_IN")}
    assert len(signed | {Proofs(KEYS, "norte").signable("PASSKEY_SIGN_IN", "0" * 32)}) == 3


async def test_an_answer_that_is_not_believed_leaves_the_ticket_good(ana: Visitor) -> None:
    started = await ana.begun()
    for wicked in (Wicked(origin="https://evil.example"), Wicked(flags=Flags.PRESENT), Wicked(rp_id="norte.example")):
        response = Authenticator(ana.authenticator.origin).create(started.options, wicked)
        assert await ana.finish(started.ticket, response) is Reason.PASSKEY_INVALID
    assert isinstance(await ana.finish(started.ticket, ana.authenticator.create(started.options)), Passkey)


async def test_a_passkey_is_one_persons(store: Store, ana: Visitor) -> None:
    luis = await visitor(store, "luis@example.com")
    await ana.register()
    same = Wicked(credential_id=ana.authenticator.residents[0].id)
    for other in (luis, ana):
        started = await other.begun()
        response = Authenticator(other.authenticator.origin).create(
            json.dumps({**json.loads(started.options), "excludeCredentials": []}), same
        )
        assert await other.finish(started.ticket, response) is Reason.PASSKEY_EXISTS


async def test_ten_passkeys_are_enough(ana: Visitor) -> None:
    made = [await ana.register(f"Key {number}") for number in range(MOST)]
    assert await ana.start() is Reason.TOO_MANY_PASSKEYS
    assert await ana.remove(made[4].id) == made[4]
    assert await ana.register()


async def test_twenty_uses_of_one_ticket_at_once_keep_one_passkey(store: Store, ana: Visitor) -> None:
    started = await ana.begun()
    responses = [Authenticator(ana.authenticator.origin).create(started.options) for _ in range(20)]
    outcomes = await asyncio.gather(*(ana.finish(started.ticket, each) for each in responses))
    assert sum(isinstance(each, Passkey) for each in outcomes) == 1
    assert outcomes.count(Reason.TICKET_EXPIRED) == 19
    assert len(await store.rows("SELECT id FROM passkey")) == 1


async def test_of_two_people_who_bring_one_credential_at_once_one_gets_it(store: Store, ana: Visitor) -> None:
    people = [ana, *[await visitor(store, f"{number}@example.com") for number in range(5)]]
    same = Wicked(credential_id=b"the same for all")
    tries: list[Any] = []
    for person in people:
        started = await person.begun()
        tries.append(person.finish(started.ticket, person.authenticator.create(started.options, same)))
    outcomes = await asyncio.gather(*tries)
    assert sum(isinstance(each, Passkey) for each in outcomes) == 1
    assert outcomes.count(Reason.PASSKEY_EXISTS) == len(people) - 1


@pytest.mark.parametrize(
    ("ways", "host", "reason"),
    [
        ((SignInWay.PASSWORD,), "sur.example", Reason.WAY_NOT_OFFERED),
        ((SignInWay.PASSKEY,), "192.0.2.7:8001", Reason.NOT_AVAILABLE_HERE),
        ((SignInWay.PASSKEY,), "[2001:db8::1]", Reason.NOT_AVAILABLE_HERE),
    ],
)
async def test_none_is_made_where_none_would_be_good(
    ana: Visitor, ways: tuple[SignInWay, ...], host: str, reason: Reason
) -> None:
    started = await ana.begun()
    response = ana.authenticator.create(started.options)
    ana.manager, ana.host = offering(*ways), host
    assert await ana.start() is reason
    assert await ana.finish(started.ticket, response) is reason


async def rename(ana: Visitor, passkey_id: str, name: str) -> Passkey | Reason:
    return await passkeys.rename(ana.store, "sur", person_id=ana.person_id, passkey_id=passkey_id, name=name)


async def test_a_passkey_is_renamed_by_its_owner(store: Store, ana: Visitor) -> None:
    luis = await visitor(store, "luis@example.com")
    made = await ana.register()
    renamed = await rename(ana, made.id, " Tablet ")
    assert renamed == msgspec.structs.replace(made, name="Tablet")
    assert await rename(luis, made.id, "Mine") is Reason.NOT_FOUND
    assert await passkeys.of_person(store, "sur", ana.person_id) == [renamed]


@pytest.mark.parametrize("passkey_id", ["", "0" * 32, "\x00", "\ud800", "x" * 100_000])
async def test_what_is_no_passkey_is_not_found(ana: Visitor, passkey_id: str) -> None:
    await ana.register()
    assert await rename(ana, passkey_id, "Tablet") is Reason.NOT_FOUND
    assert await ana.remove(passkey_id) is Reason.NOT_FOUND


async def test_a_passkey_is_given_up_by_its_owner_alone(store: Store, ana: Visitor) -> None:
    luis = await visitor(store, "luis@example.com")
    first, second = await ana.register("First"), await ana.register("Second")
    assert await luis.remove(first.id) is Reason.NOT_FOUND
    assert await ana.remove(first.id) == first
    assert await ana.remove(first.id) is Reason.NOT_FOUND
    assert await passkeys.of_person(store, "sur", ana.person_id) == [second]


async def test_the_last_way_in_is_not_given_up(ana: Visitor) -> None:
    first, second = await ana.register("First"), await ana.register("Second")
    assert await ana.remove(first.id) == first
    assert await ana.remove(second.id) is Reason.LAST_SIGN_IN_WAY


@pytest.mark.parametrize(
    ("ways", "other", "refused"),
    [
        ((SignInWay.PASSKEY,), None, True),
        ((SignInWay.PASSKEY,), "password", True),
        ((SignInWay.PASSKEY, SignInWay.PASSWORD), None, True),
        ((SignInWay.PASSKEY, SignInWay.PASSWORD), "password", False),
        ((SignInWay.PASSKEY, SignInWay.EMAIL_CODE), None, False),
        ((SignInWay.PASSKEY, SignInWay.PROVIDER), None, True),
        ((SignInWay.PASSKEY, SignInWay.PROVIDER), "bank", False),
        ((SignInWay.PASSKEY, SignInWay.PROVIDER), "closed", True),
        ((SignInWay.PASSKEY,), "bank", True),
        ((SignInWay.PASSWORD,), None, False),
    ],
)
async def test_another_way_in_lets_the_last_passkey_go(
    ana: Visitor, ways: tuple[SignInWay, ...], other: str | None, refused: bool
) -> None:
    made = await ana.register()
    async with ana.store.work("sur") as work:
        if other == "password":
            await work.exec(update(PersonRow).values(password_hash="hash"))
        elif other:
            work.add(IdentityRow(provider=other, subject="7", person_id=ana.person_id, linked_at=NOW, seen_at=NOW))
    ana.manager = offering(*ways)
    assert await ana.remove(made.id) == (Reason.LAST_SIGN_IN_WAY if refused else made)


async def test_of_two_last_passkeys_given_up_at_once_one_stays(store: Store, ana: Visitor) -> None:
    both = [await ana.register(), await ana.register()]
    outcomes = await asyncio.gather(*(ana.remove(each.id) for each in both))
    assert outcomes.count(Reason.LAST_SIGN_IN_WAY) == 1
    assert len(await store.rows("SELECT id FROM passkey")) == 1


async def test_another_managers_people_have_passkeys_of_their_own(store: Store, ana: Visitor) -> None:
    made = await ana.register()
    assert await passkeys.of_person(store, "norte", ana.person_id) == []
    ana.manager = NORTE
    assert await ana.remove(made.id) is Reason.NOT_FOUND
