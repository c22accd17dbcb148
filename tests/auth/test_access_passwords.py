"""Mailed passwords: good once, for who was told one, and for nothing but to choose another."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select, update

from tests.alike import statements
from tests.auth.access import CALLER, HOURS, invitee, manager, sent
from tests.auth.spying import everything, proofs
from ventanilla.auth import passwords, people
from ventanilla.auth.identify import identify
from ventanilla.auth.password_change import Passwords, WrongPassword, change
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.auth.signing_in import Reason, Refused, SignedIn, sign_in
from ventanilla.store.manager import Credential
from ventanilla.store.store import Store
from ventanilla.store.tables import LetterRow, PersonRow

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUR = manager(Credential.MAILED_PASSWORD)
WRONG = Refused(reason=Reason.INVALID_CREDENTIALS)
OTHER = "una ventanilla abierta"


@pytest.fixture
async def mailed(store: Store) -> str:
    """The password that was mailed to ``p1@example.com``."""
    (challenge,) = await sent(store, SUR, invitee(), now=NOW)
    return proofs().password(challenge)


async def enter(store: Store, password: str, name: str = "p1@example.com", now: datetime = NOW) -> Any:
    return await sign_in(store, SUR, proofs(), email=name, password=password, caller=CALLER, now=now)


async def changed(store: Store, entered: SignedIn, current: str) -> Any:
    return await change(
        store,
        SUR,
        Passwords(current=current, new=OTHER),
        person_id=entered.person.id,
        session_id=entered.session.id,
        refused=RefusedPasswords(),
        caller=CALLER,
        now=NOW,
    )


@pytest.mark.parametrize("name", ["p1@example.com", " P1@Example.com", "10001", " 10.001 "])
async def test_it_lets_in_once_and_is_to_be_changed_first(store: Store, mailed: str, name: str) -> None:
    entered = await enter(store, f" {mailed} ", name)
    assert isinstance(entered, SignedIn)
    who = await identify(store, "sur.example", entered.token, NOW)
    assert who
    assert who.actor.must_change_password
    assert [link.account_key for link in who.actor.links] == ["A1"]
    assert (await people_of(store))[0].email_verified_at == NOW

    assert isinstance(await changed(store, entered, "not this"), WrongPassword)
    assert await changed(store, entered, mailed) == 0
    assert await enter(store, mailed, name) == WRONG
    again = await enter(store, OTHER, name)
    assert isinstance(again, SignedIn)
    who = await identify(store, "sur.example", again.token, NOW)
    assert who
    assert not who.actor.must_change_password


async def people_of(store: Store) -> list[PersonRow]:
    async with store.work("sur") as work:
        return list((await work.exec(select(PersonRow))).all())


async def test_of_many_at_once_one_makes_the_person(store: Store, mailed: str) -> None:
    found = await asyncio.gather(*(enter(store, mailed) for _ in range(3)))
    assert any(isinstance(each, SignedIn) for each in found)
    assert len(await people_of(store)) == 1


async def test_it_is_good_for_as_long_as_the_manager_says(store: Store, mailed: str) -> None:
    assert await enter(store, mailed, now=NOW + timedelta(hours=HOURS)) == WRONG
    assert await people_of(store) == []
    assert isinstance(await enter(store, mailed, now=NOW + timedelta(hours=HOURS, seconds=-1)), SignedIn)


async def test_unchanged_it_is_over_with_its_time(store: Store, mailed: str) -> None:
    late = NOW + timedelta(hours=HOURS, seconds=-1)
    assert isinstance(await enter(store, mailed, now=late), SignedIn)
    assert isinstance(await enter(store, mailed, now=late), SignedIn)
    assert await enter(store, mailed, now=NOW + timedelta(hours=HOURS)) == WRONG


async def test_another_ones_is_wrong(store: Store) -> None:
    first, second = await sent(store, SUR, invitee(1), invitee(2), now=NOW)
    assert await enter(store, proofs().password(second)) == WRONG
    assert await enter(store, proofs("norte").password(first)) == WRONG
    assert await enter(store, "") == WRONG


async def test_it_opens_nothing_of_who_is_here_by_now(store: Store, mailed: str) -> None:
    async with store.work("sur") as work:
        await people.add_person(
            work,
            email="p1@example.com",
            password=OTHER,
            given_name="Ana",
            family_name="Paz",
            now=NOW,
            email_verified=True,
        )
    assert await enter(store, mailed) == WRONG
    assert isinstance(await enter(store, OTHER), SignedIn)


async def test_a_newer_one_takes_its_place(store: Store, mailed: str) -> None:
    async with store.work("sur") as work:
        await work.exec(update(LetterRow).values(state="SENT"))
    (challenge,) = await sent(store, SUR, invitee(), now=NOW, key="two")
    assert await enter(store, mailed) == WRONG
    assert isinstance(await enter(store, proofs().password(challenge)), SignedIn)


async def test_it_stands_nowhere(store: Store, mailed: str) -> None:
    assert len(set(mailed)) > 5
    assert mailed not in await everything(store)
    await enter(store, mailed)
    rows = await store.rows("SELECT standings, name FROM access_invitation")
    assert mailed not in f"{await everything(store)}{rows}"


async def test_who_was_mailed_one_and_who_was_not_are_alike(
    store: Store, mailed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong password costs the same statements, hashes and comparisons whatever stands behind the name."""
    compared: list[bytes] = []
    real = passwords._hasher.verify_and_update

    def counted(password: bytes, stored: str) -> Any:
        compared.append(password)
        return real(password, stored)

    monkeypatch.setattr(passwords._hasher, "verify_and_update", counted)
    async with store.work("sur") as work:
        await people.add_person(
            work, email="here@example.com", password=OTHER, given_name="Ana", family_name="Paz", now=NOW
        )
    told: list[list[str]] = []
    for name in ("p1@example.com", "nobody@example.com", "here@example.com"):
        with statements(store) as seen:
            assert await enter(store, "wrong", name) == WRONG
        told.append([*seen])
    assert told[0] == told[1] == told[2]
    assert len(compared) == 3
    by_document: list[list[str]] = []
    for name in ("10001", "99999"):
        with statements(store) as seen:
            assert await enter(store, "wrong", name) == WRONG
        by_document.append([*seen])
    assert by_document[0] == by_document[1]
    assert len(compared) == 5
