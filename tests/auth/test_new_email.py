"""Another e-mail address: asked for, proved, and only then one's own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select, update

from tests.alike import statements
from tests.auth.spying import everything, letters, newest_link, proofs
from tests.store.fresh import manager_named
from ventanilla.auth import audit, challenges, contact, new_email, profile, recovery, sessions
from ventanilla.auth.applicant import Flaw
from ventanilla.auth.attempts import Try
from ventanilla.auth.caller import Caller
from ventanilla.auth.contact import ContactChange, ContactState, StaleSessionError
from ventanilla.auth.link_tokens import BadToken
from ventanilla.auth.new_email import Moved
from ventanilla.auth.people import EmailTakenError, add_person
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUR = manager_named("sur")
CALLER = Caller(address="192.0.2.1", host="sur.example", user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
ANA, EVA, NEW = "ana@example.com", "eva@example.com", "ana@new.example"
SENT = ContactState.EMAIL_VERIFICATION_SENT


async def added(store: Store, email: str) -> str:
    async with store.work("sur") as work:
        person = await add_person(
            work, email=email, password=None, given_name="Ana", family_name="Ruiz", now=NOW, email_verified=True
        )
    return person.id


@pytest.fixture
async def ana(store: Store) -> str:
    return await added(store, ANA)


async def wanted(
    store: Store, person: str, email: str = NEW, *, own: str = ANA, now: datetime = NOW, begun: datetime = NOW
) -> ContactState | dict[str, Flaw] | Try:
    """What is answered to somebody who signed in at `begun` and wants another address."""
    async with store.work("sur") as work:
        session = (await sessions.issue(work, person, now=begun)).session.id
    change = ContactChange(email=email)
    return await contact.update(
        store, SUR, change, person_id=person, session_id=session, email=own, caller=CALLER, now=now
    )


async def confirmed(store: Store, token: str, *, now: datetime = NOW, slug: str = "sur") -> Any:
    manager = manager_named(slug)
    return await new_email.confirm(store, manager, proofs(slug), token=token, caller=CALLER, now=now)


async def link(store: Store, email: str = NEW) -> str:
    return await newest_link(store, "NEW_EMAIL", email)


async def emails(store: Store) -> set[str]:
    async with store.work("sur") as work:
        return set((await work.exec(select(PersonRow.email))).all())


async def pending(store: Store, person: str, now: datetime = NOW) -> str | None:
    found = await profile.of_person(store, "sur", person, now)
    return found and found.pending_email


async def test_an_address_is_ones_own_once_it_is_proved(store: Store, ana: str) -> None:
    await recovery.request(store, SUR, email=ANA, caller=CALLER, now=NOW)
    forgotten = await newest_link(store, "RESET_PASSWORD", ANA)
    assert await wanted(store, ana, f" {NEW.upper()} ") is SENT
    assert await emails(store) == {ANA}
    assert await pending(store, ana) == NEW
    told = {each["kind"]: each for each in await letters(store)}
    assert (told["VERIFY_NEW_EMAIL"]["recipient"], told["VERIFY_NEW_EMAIL"]["name"]) == (NEW, "")
    assert told["NEW_EMAIL_ASKED"]["recipient"] == ANA
    assert '"email":"a•••@new.example"' in told["NEW_EMAIL_ASKED"]["told"]

    assert await confirmed(store, await link(store)) == Moved(person_id=ana, email=NEW)
    assert await emails(store) == {NEW}
    assert await pending(store, ana) is None
    told = {each["kind"]: each for each in await letters(store)}
    assert (told["EMAIL_CHANGED"]["recipient"], told["EMAIL_CHANGED"]["person_id"]) == (ANA, ana)
    async with store.work("sur") as work:
        ended = await challenges.find(work, challenges.Kind.RESET_PASSWORD, forgotten[3:35], NOW)
    assert ended is challenges.Ended.REPLACED, "a link to the former address leads nowhere"
    assert len(await store.rows("SELECT id FROM session")) == 1, "nobody is signed out"
    (event,) = await audit.of_person(store, "sur", ana, start=None, older=True, limit=9)
    assert event.kind is audit.AuditKind.EMAIL_CHANGED
    assert (event.told["from"], event.told["to"]) == ("a•••@example.com", "a•••@new.example")


async def test_free_and_taken_addresses_take_the_same_work(store: Store, ana: str) -> None:
    eva = await added(store, EVA)
    works: list[list[str]] = []
    shown: list[Any] = []
    for email in (NEW, EVA):
        with statements(store) as seen:
            assert await wanted(store, ana, email) is SENT
        works.append(seen)
        shown.append(await pending(store, ana))
    assert works[0] == works[1]
    assert shown == [NEW, EVA]
    (told,) = [each for each in await letters(store) if each["recipient"] == EVA]
    assert (told["kind"], told["person_id"], told["challenge_id"]) == ("EMAIL_IN_USE", eva, None)
    assert ANA not in told["told"]


async def test_a_link_is_good_once_for_a_day_and_until_the_next(store: Store, ana: str) -> None:
    await wanted(store, ana)
    first = await link(store)
    await wanted(store, ana, "other@new.example")
    assert await confirmed(store, first) is BadToken.TOKEN_EXPIRED
    second = await link(store, "other@new.example")
    day = timedelta(hours=24)
    assert await confirmed(store, second, now=NOW + day) is BadToken.TOKEN_EXPIRED
    assert await pending(store, ana, NOW + day) is None
    assert await confirmed(store, second, slug="norte") is BadToken.TOKEN_INVALID
    for wrong in ("", second[:-1], proofs().link("REGISTER", second[3:35])):
        assert await confirmed(store, wrong) is BadToken.TOKEN_INVALID
    assert isinstance(await confirmed(store, second, now=NOW + day - timedelta(seconds=1)), Moved)
    assert await confirmed(store, second) is BadToken.TOKEN_USED


async def test_of_two_who_want_one_address_at_once_one_wins(store: Store, ana: str) -> None:
    eva = await added(store, EVA)
    await wanted(store, ana)
    first = await link(store)
    await wanted(store, eva, own=EVA)
    second = proofs().link("NEW_EMAIL", (await store.rows(_NEWEST_OF, [eva]))[0][0])
    assert first != second
    found = await asyncio.gather(confirmed(store, first), confirmed(store, second))
    assert sorted(type(each) for each in found if isinstance(each, Moved)) == [Moved]
    assert sum(isinstance(each, EmailTakenError) for each in found) == 1
    assert NEW in await emails(store)
    assert len(await emails(store)) == 2
    assert [each["kind"] for each in await letters(store)].count("EMAIL_CHANGED") == 1


_NEWEST_OF = "SELECT id FROM challenge WHERE person_id = $1 AND replaced_at IS NULL"


async def test_of_many_who_follow_one_link_at_once_one_succeeds(store: Store, ana: str) -> None:
    await wanted(store, ana)
    token = await link(store)
    found = await asyncio.gather(*(confirmed(store, token) for _ in range(8)))
    assert sum(isinstance(each, Moved) for each in found) == 1
    assert found.count(BadToken.TOKEN_USED) == 7


async def test_an_old_session_changes_nothing_not_even_the_telephone(store: Store, ana: str) -> None:
    late = NOW + sessions.FRESH + timedelta(seconds=1)
    with pytest.raises(StaleSessionError):
        await wanted(store, ana, now=late)
    change = ContactChange(email=NEW, phone="+48 600 100 200")
    with pytest.raises(StaleSessionError):
        await contact.update(store, SUR, change, person_id=ana, session_id=None, email=ANA, caller=CALLER, now=NOW)
    assert await store.rows("SELECT phone FROM person") == [(None,)]
    assert await letters(store) == []
    phone = ContactChange(phone=" +48  600 100 200 ")
    found = await contact.update(store, SUR, phone, person_id=ana, session_id=None, email=ANA, caller=CALLER, now=late)
    assert found is ContactState.UPDATED
    assert await store.rows("SELECT phone FROM person") == [("+48 600 100 200",)]


async def test_ones_own_address_takes_back_what_was_asked_for(store: Store, ana: str) -> None:
    await wanted(store, ana)
    token = await link(store)
    assert await wanted(store, ana, ANA) is ContactState.UPDATED
    assert await pending(store, ana) is None
    assert await confirmed(store, token) is BadToken.TOKEN_EXPIRED


async def test_what_is_no_address_is_told_and_letters_are_counted(store: Store, ana: str) -> None:
    assert await wanted(store, ana, "nobody") == {"email": Flaw.FIELD_INVALID}
    assert await wanted(store, ana, " ") == {"email": Flaw.FIELD_REQUIRED}
    for number in range(5):
        assert await wanted(store, ana, f"{number}@new.example") is SENT
    last = await wanted(store, ana, "5@new.example")
    assert isinstance(last, Try), "whoever is signed in may not have us write to any number of strangers"


async def test_who_is_disabled_by_then_stays_as_they_were(store: Store, ana: str) -> None:
    await wanted(store, ana)
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == ana).values(disabled_at=NOW))
    assert await confirmed(store, await link(store)) is BadToken.TOKEN_INVALID
    assert await emails(store) == {ANA}


async def test_no_token_is_in_the_database(store: Store, ana: str) -> None:
    await wanted(store, ana)
    token = await link(store)
    assert token not in await everything(store)
    await confirmed(store, token)
    assert token not in await everything(store)
    assert NEW not in repr(ContactChange(email=NEW))
