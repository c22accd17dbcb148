"""Activation: who follows the link of an invitation reaches what it was for, once."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select, update

from tests.auth.access import CALLER, HOURS, grant, invitee, manager, sent
from tests.auth.spying import proofs
from ventanilla.auth import passwords, people
from ventanilla.auth.access_activation import Activated, Activation, Lacking, activate
from ventanilla.auth.link_tokens import BadToken
from ventanilla.auth.mandates import of_people
from ventanilla.auth.new_passwords import ChangedMeanwhileError
from ventanilla.auth.policy import Violation
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.auth.terms import TermsFlaw
from ventanilla.store.manager import Manager, Presentation, Terms
from ventanilla.store.store import Store
from ventanilla.store.tables import LetterRow, PersonRow

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUR = manager()
PASSWORD = "una ventanilla abierta"


def token_of(challenge_id: str) -> str:
    return proofs().link("ACCESS_LINK", challenge_id)


async def follow(store: Store, challenge_id: str, at: Manager = SUR, **changes: Any) -> Any:
    told = {"password": PASSWORD, "now": NOW, "token": token_of(challenge_id), "terms": None, **changes}
    return await activate(
        store,
        at,
        proofs(),
        Activation(token=told["token"], password=told["password"], accepted_terms=told["terms"]),
        refused=RefusedPasswords(),
        caller=CALLER,
        language="pl",
        now=told["now"],
    )


async def everybody(store: Store) -> list[PersonRow]:
    async with store.work("sur") as work:
        return list((await work.exec(select(PersonRow))).all())


async def links(store: Store) -> list[tuple[str, str]]:
    return [tuple(row) for row in await store.rows("SELECT account_key, role FROM account_link ORDER BY account_key")]


async def test_who_follows_the_link_becomes_a_person_who_reaches_it_all(store: Store) -> None:
    (challenge,) = await sent(store, SUR, invitee(grant=grant("A1", "A2")), now=NOW)
    assert await follow(store, challenge) == Activated(email="p1@example.com", existing=False)

    (person,) = await everybody(store)
    assert (person.given_name, person.family_name) == ("Marta", "Giménez Ruiz")
    assert (person.email_verified_at, person.must_change_password, person.user_name) == (NOW, False, "10001")
    assert (await passwords.compare(PASSWORD, person.password_hash)).right
    assert await links(store) == [("A1", "OWNER"), ("A2", "OWNER")]
    ((mandate,),) = await of_people(store, "sur", [person.id])
    assert (mandate.role, mandate.subject_key, mandate.ends_on) == ("BOARD_MEMBER", "W1", date(2027, 1, 1))
    kinds = await store.rows(
        "SELECT kind, actor_id, person_id FROM audit_event WHERE person_id IS NOT NULL ORDER BY id"
    )
    assert [tuple(row) for row in kinds] == [
        *[("ACCOUNT_LINKED", "a" * 32, person.id)] * 2,
        ("ACCESS_GIVEN", "a" * 32, person.id),
    ]
    assert await follow(store, challenge) is BadToken.TOKEN_USED


async def test_of_two_who_follow_one_link_at_once_one_comes_in(store: Store) -> None:
    (challenge,) = await sent(store, SUR, invitee(), now=NOW)
    found = await asyncio.gather(*(follow(store, challenge) for _ in range(4)), return_exceptions=True)
    assert [each for each in found if isinstance(each, Activated)] == [
        Activated(email="p1@example.com", existing=False)
    ]
    assert all(each == BadToken.TOKEN_USED or isinstance(each, Activated | ChangedMeanwhileError) for each in found)
    assert len(await everybody(store)) == 1


async def test_who_is_here_already_reaches_more_and_stays_as_they_are(store: Store) -> None:
    async with store.work("sur") as work:
        await people.add_person(
            work, email="p1@example.com", password=PASSWORD, given_name="Ana", family_name="Paz", now=NOW
        )
    (before,) = await everybody(store)
    (challenge,) = await sent(store, SUR, invitee(), now=NOW)
    found = await follow(store, challenge, password="something else entirely")

    assert found == Activated(email="p1@example.com", existing=True)
    (after,) = await everybody(store)
    assert (after.password_hash, after.given_name) == (before.password_hash, "Ana")
    assert (after.email_verified_at, after.user_name) == (NOW, "10001")
    assert await links(store) == [("A1", "OWNER")]


async def test_who_was_shut_out_stays_out(store: Store) -> None:
    (challenge,) = await sent(store, SUR, invitee(), now=NOW)
    async with store.work("sur") as work:
        await people.add_person(
            work, email="p1@example.com", password=None, given_name="Ana", family_name="Paz", now=NOW
        )
        await work.exec(update(PersonRow).values(disabled_at=NOW))
    assert await follow(store, challenge) is BadToken.TOKEN_INVALID
    assert await links(store) == []


@pytest.mark.parametrize(
    ("token", "reason"),
    [("vl_nonsense", BadToken.TOKEN_INVALID), (proofs().link("RESET_PASSWORD", "0" * 32), BadToken.TOKEN_INVALID)],
)
async def test_what_is_no_link_of_an_invitation_is_refused(store: Store, token: str, reason: BadToken) -> None:
    assert await follow(store, "0" * 32, token=token) is reason
    assert await follow(store, "0" * 32) is BadToken.TOKEN_INVALID


async def test_a_link_is_good_for_as_long_as_the_manager_says(store: Store) -> None:
    first, second = await sent(store, SUR, invitee(1), invitee(2), now=NOW)
    over = NOW + timedelta(hours=HOURS)
    assert isinstance(await follow(store, first, now=over - timedelta(seconds=1)), Activated)
    assert await follow(store, second, now=over) is BadToken.TOKEN_EXPIRED


async def test_what_is_lacking_does_not_use_the_link_up(store: Store) -> None:
    strict = manager(presentation=Presentation(terms=Terms(version="3")))
    (challenge,) = await sent(store, strict, invitee(), now=NOW)
    nothing = await follow(store, challenge, strict, password=None)
    assert nothing == Lacking(password=True, terms=TermsFlaw.TERMS_NOT_ACCEPTED)
    weak = await follow(store, challenge, strict, password="Giménez", terms="2")
    assert weak == Lacking(violations=(Violation.TOO_SHORT, Violation.PERSONAL), terms=TermsFlaw.TERMS_VERSION_STALE)
    assert await everybody(store) == []
    assert isinstance(await follow(store, challenge, strict, terms="3"), Activated)
    assert await store.rows("SELECT kind, version FROM consent") == [("TERMS", "3")]


async def test_what_has_ended_meanwhile_is_given_no_more(store: Store) -> None:
    (challenge,) = await sent(store, SUR, invitee(grant=grant("A1", ends_on=date(2026, 2, 28))), now=NOW)
    await follow(store, challenge)
    assert await links(store) == []
    assert len(await everybody(store)) == 1


async def test_a_newer_invitation_takes_the_place_of_the_older_one(store: Store) -> None:
    (old, other) = await sent(store, SUR, invitee(1), invitee(2), now=NOW)
    async with store.work("sur") as work:
        await work.exec(update(LetterRow).values(state="SENT"))
    (new,) = await sent(store, SUR, invitee(1), now=NOW, key="two")
    assert await follow(store, old) is BadToken.TOKEN_EXPIRED
    assert isinstance(await follow(store, new), Activated)
    assert isinstance(await follow(store, other), Activated)


async def test_a_user_name_that_somebody_has_by_now_is_left_to_them(store: Store) -> None:
    first, second = await sent(store, SUR, invitee(1), invitee(2, user_name="10003"), now=NOW)
    await follow(store, first)
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.user_name) == "10001").values(user_name="10003"))
    assert isinstance(await follow(store, second), Activated)
    assert {person.email: person.user_name for person in await everybody(store)} == {
        "p1@example.com": "10003",
        "p2@example.com": None,
    }
