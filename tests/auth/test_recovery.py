"""Another password: for who proves that they read their e-mail, and for who knows the one they have."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import update

from tests.alike import statements
from tests.auth.spying import everything, letters, newest_link, proofs
from tests.store.fresh import manager_named
from ventanilla.auth import attempts, password_change, passwords, recovery, sessions
from ventanilla.auth.asked import Asked, NotAnEmailError
from ventanilla.auth.attempts import Try
from ventanilla.auth.caller import Caller
from ventanilla.auth.link_tokens import BadToken
from ventanilla.auth.new_passwords import ChangedMeanwhileError
from ventanilla.auth.password_change import Passwords, WrongPassword
from ventanilla.auth.passwords import Comparison
from ventanilla.auth.people import add_person
from ventanilla.auth.policy import Violation
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.auth.signing_in import Refused, SignedIn, sign_in
from ventanilla.store.manager import Manager, PasswordPolicy, Presentation
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SUR = manager_named("sur")
CALLER = Caller(address="192.0.2.1", host="sur.example", user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
OLD, NEW = "una ventanilla abierta", "dos ventanillas abiertas"
ANA = "ana@example.com"


def remembering(history: int) -> Manager:
    return msgspec.structs.replace(SUR, presentation=Presentation(password_policy=PasswordPolicy(history=history)))


@pytest.fixture
async def ana(store: Store) -> str:
    async with store.work("sur") as work:
        person = await add_person(
            work,
            email=ANA,
            password=OLD,
            given_name="Ana",
            family_name="Ruiz",
            now=NOW,
            email_verified=True,
        )
    return person.id


async def session(store: Store, person_id: str) -> str:
    async with store.work("sur") as work:
        return (await sessions.issue(work, person_id, now=NOW)).session.id


async def request(store: Store, email: str = ANA, *, now: datetime = NOW, address: str = "192.0.2.1") -> Asked | Try:
    caller = Caller(address=address, host="sur.example")
    return await recovery.request(store, SUR, email=email, caller=caller, now=now)


async def requested(store: Store, *, now: datetime = NOW) -> str:
    """The token of a letter that was asked for."""
    assert isinstance(await request(store, now=now), Asked)
    return await newest_link(store, "RESET_PASSWORD", ANA)


async def reset(
    store: Store, token: str, password: str = NEW, *, now: datetime = NOW, manager: Manager = SUR
) -> int | BadToken | Try | tuple[Violation, ...]:
    return await recovery.reset(
        store,
        manager,
        proofs(manager.slug),
        token=token,
        password=password,
        refused=RefusedPasswords(),
        caller=CALLER,
        now=now,
    )


async def change(
    store: Store, person_id: str, session_id: str, new: str = NEW, *, current: str = OLD, manager: Manager = SUR
) -> int | WrongPassword | Try | tuple[Violation, ...]:
    return await password_change.change(
        store,
        manager,
        Passwords(current=current, new=new),
        person_id=person_id,
        session_id=session_id,
        refused=RefusedPasswords(),
        caller=CALLER,
        now=NOW,
    )


async def enter(store: Store, password: str) -> SignedIn | Refused:
    return await sign_in(store, SUR, proofs(), email=ANA, password=password, caller=CALLER, now=NOW)


async def changed(store: Store, **values: Any) -> None:
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(**values))


async def test_who_reads_the_letter_has_another_password_and_no_session(store: Store, ana: str) -> None:
    await session(store, ana)
    await session(store, ana)
    await changed(store, email_verified_at=None, must_change_password=True)
    for _ in range(5):
        await enter(store, "wrong")
    assert await request(store, " ANA@example.com") == Asked(masked_email="a•••@example.com", expires_at=NOW + HOUR)
    assert await reset(store, await newest_link(store, "RESET_PASSWORD", ANA)) == 2
    assert await store.rows("SELECT id FROM session") == []
    assert isinstance(await enter(store, NEW), SignedIn), "the e-mail is verified and the failed tries are forgotten"
    assert isinstance(await enter(store, OLD), Refused)
    assert [bool(due) for (due,) in await store.rows("SELECT must_change_password FROM person")] == [False]
    told = {each["kind"]: each for each in await letters(store)}
    assert told["RESET_PASSWORD"]["told"] == '{"minutes":"60"}'
    assert {*msgspec.json.decode(told["PASSWORD_CHANGED"]["told"])} == {"device", "place", "when"}
    assert told["PASSWORD_CHANGED"]["person_id"] == ana
    assert told["PASSWORD_CHANGED"]["challenge_id"] is None


async def test_known_unknown_and_disabled_take_the_same_work(store: Store, ana: str) -> None:
    works: list[list[str]] = []
    answers: list[Any] = []
    for email in (ANA, "nobody@example.com", ANA):
        with statements(store) as seen:
            answers.append(await request(store, email))
        works.append(seen)
        if len(works) == 2:
            await changed(store, disabled_at=NOW)
    assert works[0] == works[1] == works[2]
    assert [answer.expires_at for answer in answers] == [NOW + HOUR] * 3
    written = await store.rows("SELECT for_nobody, person_id IS NULL FROM letter")
    assert sorted((bool(each), bool(nobody)) for each, nobody in written) == [
        (False, False),
        (True, True),
        (True, True),
    ]
    assert await store.rows("SELECT id FROM challenge WHERE person_id IS NOT NULL AND replaced_at IS NULL") == []


async def test_what_is_no_e_mail_is_told(store: Store) -> None:
    for text in ("", "nobody", "a b@example.com", "x@" + "y" * 300):
        with pytest.raises(NotAnEmailError):
            await request(store, text)


async def test_a_refused_password_does_not_use_the_link_up(store: Store, ana: str) -> None:
    token = await requested(store)
    assert await reset(store, token, "corta") == (Violation.TOO_SHORT,)
    assert await reset(store, token, "ruiz y compañía") == (Violation.PERSONAL,)
    assert await reset(store, token, OLD) == (Violation.REUSED,)
    assert isinstance(await enter(store, OLD), SignedIn)
    assert await reset(store, token) == 1
    assert await reset(store, token) is BadToken.TOKEN_USED


async def test_who_tries_too_many_passwords_from_one_network_waits(store: Store, ana: str) -> None:
    token = await requested(store)
    for _ in range(30):
        assert await reset(store, token, "corta") == (Violation.TOO_SHORT,)
    late = await reset(store, token)
    assert isinstance(late, Try)
    assert await reset(store, "vl_invented") is BadToken.TOKEN_INVALID
    assert await reset(store, token, now=NOW + attempts.WINDOW) == 0


async def test_a_link_is_good_once_for_an_hour_and_until_the_next(store: Store, ana: str) -> None:
    first = await requested(store)
    second = await requested(store, now=NOW + timedelta(minutes=1))
    assert first != second
    assert await reset(store, first) is BadToken.TOKEN_EXPIRED
    assert await reset(store, second, now=NOW + timedelta(minutes=61)) is BadToken.TOKEN_EXPIRED
    assert await reset(store, second, manager=manager_named("norte")) is BadToken.TOKEN_INVALID
    for wrong in ("", second[:-1], second.swapcase(), proofs().link("REGISTER", second[3:35])):
        assert await reset(store, wrong) is BadToken.TOKEN_INVALID
    assert await reset(store, second, now=NOW + timedelta(minutes=60)) == 0


async def test_the_link_of_nobody_and_of_who_is_disabled_leads_nowhere(store: Store, ana: str) -> None:
    await request(store, "nobody@example.com")
    ((challenge,),) = await store.rows("SELECT id FROM challenge")
    assert await reset(store, proofs().link("RESET_PASSWORD", challenge)) is BadToken.TOKEN_INVALID
    token = await requested(store)
    await changed(store, disabled_at=NOW)
    assert await reset(store, token) is BadToken.TOKEN_INVALID
    await changed(store, disabled_at=None, email="new@example.com")
    assert await reset(store, token) is BadToken.TOKEN_INVALID


async def test_of_twenty_who_follow_one_link_at_once_one_succeeds(
    store: Store, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unlike(_password: str, _stored: str | None) -> Comparison:
        return Comparison(right=False)

    monkeypatch.setattr("ventanilla.auth.policy.compare", unlike)  # spares twenty hashes
    token = await requested(store)
    found = await asyncio.gather(*(reset(store, token, f"{NEW} {number}") for number in range(20)))
    assert sorted(map(str, found)) == ["0", *["TOKEN_USED"] * 19]
    assert len([each for each in await letters(store) if each["kind"] == "PASSWORD_CHANGED"]) == 1


async def test_a_password_changed_meanwhile_is_looked_at_again(
    store: Store, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, token = passwords.hashed, await requested(store)

    async def slow(password: str) -> str:
        await changed(store, password_hash=await real("otra contraseña"))
        return await real(password)

    monkeypatch.setattr(passwords, "hashed", slow)
    with pytest.raises(ChangedMeanwhileError):
        await reset(store, token)
    assert await change(store, ana, "", current="otra contraseña") == WrongPassword()
    monkeypatch.setattr(passwords, "hashed", real)
    assert await reset(store, token) == 0, "the link was not used up"


async def test_who_knows_their_password_changes_it_and_keeps_this_session(store: Store, ana: str) -> None:
    kept, *_ = [await session(store, ana) for _ in range(3)]
    token = await requested(store)
    assert await change(store, ana, kept) == 2
    assert await store.rows("SELECT id FROM session") == [(kept,)]
    assert isinstance(await enter(store, NEW), SignedIn)
    assert isinstance(await enter(store, OLD), Refused)
    assert [each["kind"] for each in await letters(store)].count("PASSWORD_CHANGED") == 1
    assert await reset(store, token) is BadToken.TOKEN_EXPIRED, "a link for the old password leads nowhere"


async def test_a_wrong_current_password_counts_as_a_failed_sign_in(store: Store, ana: str) -> None:
    for _ in range(5):
        assert await change(store, ana, "", current="wrong") == WrongPassword()
    last = await change(store, ana, "")
    assert isinstance(last, Try)
    assert last.wait(NOW) == 900
    assert isinstance(await enter(store, OLD), Refused)
    assert isinstance(await request(store), Asked)


async def test_a_password_that_the_policy_refuses_costs_no_try(store: Store, ana: str) -> None:
    for _ in range(6):
        assert await change(store, ana, "", "corta") == (Violation.TOO_SHORT,)
    assert await change(store, ana, "", OLD) == (Violation.REUSED,)
    assert await store.rows("SELECT tries FROM sign_in_attempt") == [(1,), (1,)]
    assert await change(store, ana, "") == 0


async def test_who_has_no_password_or_is_disabled_changes_nothing(store: Store, ana: str) -> None:
    await changed(store, password_hash=None)
    assert await change(store, ana, "") == WrongPassword()
    await changed(store, disabled_at=NOW)
    assert await change(store, ana, "") == WrongPassword()
    assert await change(store, "0" * 32, "") == WrongPassword()


@pytest.mark.parametrize(("history", "back_after"), [(0, 1), (1, 2), (3, 4)])
async def test_as_many_former_passwords_as_the_policy_says_do_not_come_back(
    store: Store, ana: str, history: int, back_after: int
) -> None:
    manager, current = remembering(history), OLD
    for number in range(back_after):
        if number:
            assert await change(store, ana, "", OLD, current=current, manager=manager) == (Violation.REUSED,)
        following = f"la número {number} de todas"
        assert await change(store, ana, "", following, current=current, manager=manager) == 0
        assert await change(store, ana, "", following, current=following, manager=manager) == (Violation.REUSED,)
        current = following
    assert len(await store.rows("SELECT id FROM former_password")) == history
    assert await change(store, ana, "", OLD, current=current, manager=manager) == 0


async def test_a_shorter_memory_forgets_at_the_next_change(store: Store, ana: str) -> None:
    await change(store, ana, "", "la primera de todas", manager=remembering(3))
    await change(store, ana, "", "la segunda de todas", current="la primera de todas", manager=remembering(3))
    assert len(await store.rows("SELECT id FROM former_password")) == 2
    await change(store, ana, "", "la tercera de todas", current="la segunda de todas", manager=remembering(0))
    assert await store.rows("SELECT id FROM former_password") == []


async def test_neither_passwords_nor_tokens_are_in_the_database(store: Store, ana: str) -> None:
    token = await requested(store)
    await reset(store, token)
    await change(store, ana, "", "tres ventanillas abiertas", current=NEW)
    held = await everything(store)
    assert ANA in held
    for secret in (OLD, NEW, "tres ventanillas", token):
        assert secret not in held
    assert NEW not in repr(Passwords(current=OLD, new=NEW))


async def test_letters_of_all_kinds_are_counted_together(store: Store, ana: str) -> None:
    await attempts.count(store, "sur", attempts.Kind.LETTER, ANA, NOW)
    for number in range(4):
        assert isinstance(await request(store, address=f"192.0.2.{number}"), Asked)
    assert isinstance(await request(store, address="192.0.2.9"), Try)
