"""Second factors given up or taken away, and ways in that are as good as one, or are none."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from sqlmodel import update

from tests.auth.passkeys import KEYS, NOW, SUR, Visitor, visitor
from tests.auth.second_factors import Person, events, letters, person
from ventanilla.auth import challenges, recovery, second_factors, sign_in_codes
from ventanilla.auth.caller import Caller
from ventanilla.auth.proofs import Proofs
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.auth.second_factors import Reason, SecondFactor
from ventanilla.auth.signing_in import SignedIn, sign_in
from ventanilla.store.manager import SignInWay
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def ana(store: Store) -> Person:
    return await person(store)


async def test_who_gives_it_up_is_asked_for_none_and_has_shown_none(store: Store, ana: Person) -> None:
    codes = await ana.set_up()
    assert await ana.remove(ana.wrong()) is Reason.CODE_INVALID
    assert await ana.remove(ana.code()) is None
    actor = await ana.actor()
    assert (actor.second_factor_at, actor.second_factor_shown, actor.second_factor_due) == (None, False, False)
    assert await ana.found() == SecondFactor(set_up_at=None, recovery_codes_left=0)
    assert await ana.show(codes[0]) is Reason.NOT_SET_UP
    for table in ("second_factor", "recovery_code"):
        assert await store.rows(f"SELECT person_id FROM {table}") == []
    assert sorted(await letters(store)) == ["SECOND_FACTOR_REMOVED", "SECOND_FACTOR_SET_UP"]
    assert await events(store) == [("SECOND_FACTOR_SET_UP", True), ("SECOND_FACTOR_REMOVED", True)]
    await ana.set_up(NOW + timedelta(seconds=30))


async def test_a_recovery_code_gives_it_up_as_well(ana: Person) -> None:
    codes = await ana.set_up()
    assert await ana.remove(codes[9]) is None
    assert (await ana.found()).set_up_at is None


async def reset(store: Store, whom: str, by: str | None) -> int | Reason:
    caller = Caller(address="203.0.113.99", host="sur.example", user_agent="Mozilla/5.0 (X11; Linux) Firefox/145.0")
    return await second_factors.reset(store, SUR, person_id=whom, by=by, caller=caller, now=NOW)


async def test_the_staff_takes_it_away_from_who_has_lost_it(store: Store, ana: Person) -> None:
    eva = await person(store, "eva@example.com")
    await ana.set_up()
    await ana.again()
    assert await reset(store, ana.id, eva.id) == 2
    assert (await ana.actor()).signed_in is False
    assert (await (await ana.again()).actor()).second_factor_due is False
    assert (await ana.found()).set_up_at is None
    assert await events(store) == [("SECOND_FACTOR_SET_UP", True), ("SECOND_FACTOR_REMOVED", False)]
    ((told,),) = await store.rows("SELECT told FROM letter WHERE kind = 'SECOND_FACTOR_REMOVED'")
    assert set(json.loads(told)) == {"when"}, "from where the staff works is not for everybody"
    assert await reset(store, ana.id, eva.id) is Reason.NOT_SET_UP


@pytest.mark.parametrize("whom", ["", "0" * 32, "\x00", "\ud800", "x" * 100_000])
async def test_and_from_nobody_who_is_not_there(store: Store, ana: Person, whom: str) -> None:
    assert await reset(store, whom, ana.id) is Reason.NOT_FOUND


async def test_nor_from_themselves_or_at_another_manager(store: Store, ana: Person) -> None:
    await ana.set_up()
    assert await reset(store, ana.id, ana.id) is Reason.ONESELF
    async with store.work("norte") as work:
        work.add(PersonRow(id="1" * 32, email="x@example.com", given_name="X", family_name="Y", created_at=NOW))
        await work.flush()
        await work.exec(update(PersonRow).values(second_factor_at=NOW))
    assert await reset(store, "1" * 32, ana.id) is Reason.NOT_FOUND


# -- ways in -----------------------------------------------------------------------------------------------------------


async def test_a_code_in_a_letter_is_no_second_factor(store: Store, ana: Person) -> None:
    manager = msgspec.structs.replace(SUR, sign_in_ways=(SignInWay.EMAIL_CODE,))
    await ana.set_up()
    caller, proofs = ana.holder().caller, Proofs(KEYS, "sur")
    asked = await sign_in_codes.ask(store, manager, proofs, email="ana@example.com", caller=caller, now=NOW)
    assert isinstance(asked, sign_in_codes.AskedCode)
    code = proofs.code(proofs.read_ticket(asked.ticket) or "")
    entered = await sign_in_codes.sign_in(
        store, manager, proofs, ticket=asked.ticket, code=code, caller=caller, now=NOW
    )
    assert isinstance(entered, SignedIn)
    assert (await Person(store, ana.id, entered.token, "").actor()).second_factor_due


async def test_another_password_by_letter_neither_shows_nor_removes_it(store: Store) -> None:
    ana = await person(store, password=PASSWORD)
    await ana.set_up()
    caller, proofs = ana.holder().caller, Proofs(KEYS, "sur")
    await recovery.request(store, SUR, email="ana@example.com", caller=caller, now=NOW)
    ((challenge_id,),) = await store.rows("SELECT id FROM challenge")
    token = proofs.link(challenges.Kind.RESET_PASSWORD, challenge_id)
    new = "otra vez una ventanilla"
    ended = await recovery.reset(
        store, SUR, proofs, token=token, password=new, refused=RefusedPasswords(), caller=caller, now=NOW
    )
    assert ended == 1
    entered = await sign_in(store, SUR, proofs, email="ana@example.com", password=new, caller=caller, now=NOW)
    assert isinstance(entered, SignedIn)
    assert (await Person(store, ana.id, entered.token, "").actor()).second_factor_due


async def test_a_session_that_a_passkey_began_has_shown_one(store: Store) -> None:
    somebody: Visitor = await visitor(store, password=PASSWORD)
    await somebody.register()
    holder = Person(store, somebody.person_id, "", somebody.session_id)
    await holder.set_up()
    entered = await somebody.sign_in()
    assert isinstance(entered, SignedIn)
    by_password = await sign_in(
        store, SUR, somebody.proofs, email="ana@example.com", password=PASSWORD, caller=somebody.caller(), now=NOW
    )
    assert isinstance(by_password, SignedIn)
    due = [
        (await Person(store, somebody.person_id, each.token, "").actor()).second_factor_due
        for each in (entered, by_password)
    ]
    assert due == [False, True]


async def test_a_passkey_is_good_for_who_has_no_authenticator(store: Store) -> None:
    somebody = await visitor(store)
    await somebody.register()
    entered = await somebody.sign_in()
    assert isinstance(entered, SignedIn)
    actor = await Person(store, somebody.person_id, entered.token, "").actor()
    assert (actor.second_factor_at, actor.second_factor_shown, actor.second_factor_due) == (None, True, False)
