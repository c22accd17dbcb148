"""Signing in and out: what is refused, what it costs, what it leaves behind."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select, update

from tests.alike import statements
from tests.auth.spying import proofs
from tests.store.fresh import manager_named
from ventanilla.auth import attempts, passwords, registration, sessions
from ventanilla.auth.applicant import Applicant
from ventanilla.auth.caller import Caller
from ventanilla.auth.identify import identify
from ventanilla.auth.passwords import Comparison
from ventanilla.auth.people import add_person
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.auth.registration import Registration
from ventanilla.auth.signing_in import Reason, Refused, SignedIn, sign_in, sign_out
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow, SignInAttemptRow

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUR, NORTE = manager_named("sur"), manager_named("norte")
RIGHT = "una ventanilla abierta"
Try = Callable[..., Awaitable[SignedIn | Refused]]


@pytest.fixture
async def ana(store: Store) -> str:
    async with store.work("sur") as work:
        person = await add_person(
            work,
            email="Ana@Example.com ",
            password=RIGHT,
            given_name="Ana",
            family_name="Ruiz",
            now=NOW,
            email_verified=True,
        )
    return person.id


@pytest.fixture
def attempt(store: Store, ana: str) -> Try:
    async def tried(password: str = RIGHT, **values: Any) -> SignedIn | Refused:
        asked = {"email": "ana@example.com", "address": "192.0.2.1", "user_agent": "Browser/1", "now": NOW, **values}
        address, user_agent = asked.pop("address"), asked.pop("user_agent")
        caller = Caller(address=address, host="sur.example", user_agent=user_agent)
        at = asked.pop("manager", SUR)
        return await sign_in(store, at, proofs(at.slug), password=password, caller=caller, **asked)

    return tried


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were compared, each by one Argon2 hash."""
    seen: list[str] = []
    real = passwords._hasher.verify_and_update

    def counted(password: bytes, stored: str) -> tuple[bool, str | None]:
        seen.append(password.decode())
        return real(password, stored)

    monkeypatch.setattr(passwords._hasher, "verify_and_update", counted)
    return seen


async def test_the_right_password_signs_in(store: Store, attempt: Try, ana: str) -> None:
    found = await attempt(email=" ANA@example.COM")
    assert isinstance(found, SignedIn)
    assert found.person.id == ana
    assert found.person.name == "Ana Ruiz"
    assert found.session.expires_at == NOW + sessions.LIFETIME
    who = await identify(store, "sur.example", found.token, NOW)
    assert who
    assert (who.actor.person_id, who.actor.session_id) == (ana, found.session.id)


async def test_unknown_and_wrong_are_answered_alike_for_the_same_work(attempt: Try, compared: list[str]) -> None:
    wrong = await attempt("wrong")
    unknown = await attempt("wrong", email="nobody@example.com")
    malformed = await attempt("wrong", email="not an e-mail\x00\ud800")
    elsewhere = await attempt(manager=NORTE)
    assert wrong == unknown == malformed == elsewhere == Refused(reason=Reason.INVALID_CREDENTIALS)
    assert compared == ["wrong", "wrong", "wrong", RIGHT]


async def test_somebody_without_a_password_takes_the_same_work(
    store: Store, attempt: Try, ana: str, compared: list[str]
) -> None:
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(password_hash=None))
    assert await attempt() == Refused(reason=Reason.INVALID_CREDENTIALS)
    assert len(compared) == 1


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [("disabled_at", NOW, Reason.ACCOUNT_DISABLED), ("email_verified_at", None, Reason.EMAIL_NOT_VERIFIED)],
)
async def test_standing_is_told_only_after_the_right_password(
    store: Store, attempt: Try, column: str, value: datetime | None, reason: Reason
) -> None:
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(**{column: value}))
    assert await attempt("wrong") == Refused(reason=Reason.INVALID_CREDENTIALS)
    assert await attempt() == Refused(reason=reason)
    assert await store.rows("SELECT id FROM session") == []


def registration_of(email: str) -> Registration:
    applicant = Applicant(
        email=email,
        given_name="Beto",
        family_name="Paz",
        document_type="DNI",
        document_number="12345678",
        phone="+54 343 555 0142",
    )
    return Registration(applicant=applicant, password=RIGHT)


async def register(store: Store, email: str) -> None:
    caller = Caller(address="192.0.2.1", host="sur.example")
    refused = RefusedPasswords()
    await registration.register(
        store, SUR, registration_of(email), refused=refused, caller=caller, language="pl", now=NOW
    )


async def test_who_still_registers_is_told_to_verify_only_after_the_right_password(
    store: Store, attempt: Try, compared: list[str]
) -> None:
    await register(store, "beto@example.com")
    assert await attempt("wrong", email="beto@example.com") == Refused(reason=Reason.INVALID_CREDENTIALS)
    assert await attempt(email="beto@example.com") == Refused(reason=Reason.EMAIL_NOT_VERIFIED)
    assert await attempt(email="beto@example.com", manager=NORTE) == Refused(reason=Reason.INVALID_CREDENTIALS)
    late = await attempt(email="beto@example.com", now=NOW + timedelta(hours=24))
    assert late == Refused(reason=Reason.INVALID_CREDENTIALS)
    assert len(compared) == 4


async def test_a_registration_does_not_stand_for_somebody_who_is_there(store: Store, attempt: Try) -> None:
    await register(store, "beto@example.com")
    async with store.work("sur") as work:
        await add_person(
            work, email="beto@example.com", password=None, given_name="B", family_name="P", now=NOW, email_verified=True
        )
    assert await attempt(email="beto@example.com") == Refused(reason=Reason.INVALID_CREDENTIALS)


async def test_wrong_passwords_take_the_same_statements_whoever_it_is(store: Store, attempt: Try) -> None:
    await register(store, "beto@example.com")
    runs: list[list[str]] = []
    for email in ("ana@example.com", "beto@example.com", "nobody@example.com"):
        with statements(store) as seen:
            assert await attempt("wrong", email=email) == Refused(reason=Reason.INVALID_CREDENTIALS)
        runs.append(seen)
    assert runs[0] == runs[1] == runs[2]


async def test_a_sign_in_with_another_browser_is_told_of_by_letter(store: Store, attempt: Try) -> None:
    agents = ("Firefox/1", "Firefox/2", "Chrome/1")
    found = [await attempt(user_agent=agent) for agent in agents]
    assert [each.letter for each in found if isinstance(each, SignedIn)] == [False, False, True]
    assert await store.rows("SELECT kind, recipient FROM letter") == [("NEW_DEVICE", "ana@example.com")]


async def test_of_twenty_sign_ins_at_once_with_another_browser_one_is_told_of(
    store: Store, attempt: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    await attempt(user_agent="Firefox/1")
    await cheap(monkeypatch, right=True)
    monkeypatch.setitem(attempts.LIMITS, attempts.Kind.ACCOUNT, 20)
    found = await asyncio.gather(*(attempt(user_agent="Chrome/1") for _ in range(20)))
    assert sum(each.letter for each in found if isinstance(each, SignedIn)) == 1
    assert len(await store.rows("SELECT id FROM letter")) == 1


async def test_after_five_tries_known_and_unknown_wait_alike(attempt: Try, compared: list[str]) -> None:
    for email in ("ana@example.com", "nobody@example.com"):
        for _ in range(5):
            assert await attempt("wrong", email=email) == Refused(reason=Reason.INVALID_CREDENTIALS)
        later = await attempt(email=email, now=NOW + timedelta(seconds=59.5))
        assert later == Refused(reason=Reason.TOO_MANY_ATTEMPTS, retry_after=841)
    assert len(compared) == 10


async def test_the_wait_ends_with_the_window_however_often_one_tries(attempt: Try) -> None:
    for minute in range(14):
        await attempt("wrong", now=NOW + timedelta(minutes=minute))
    assert isinstance(await attempt(now=NOW + attempts.WINDOW), SignedIn)


async def test_success_clears_the_accounts_count(attempt: Try) -> None:
    for _ in range(4):
        await attempt("wrong")
    assert isinstance(await attempt(), SignedIn)
    for _ in range(4):
        await attempt("wrong")
    assert isinstance(await attempt(), SignedIn)


async def test_one_address_may_not_try_everybody(store: Store, attempt: Try, monkeypatch: pytest.MonkeyPatch) -> None:
    await cheap(monkeypatch)
    for number in range(30):
        await attempt("wrong", email=f"{number}@example.com")
    refused = await attempt("wrong", email="late@example.com")
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.TOO_MANY_ATTEMPTS
    async with store.work("sur") as work:
        counted = await work.exec(select(SignInAttemptRow).where(col(SignInAttemptRow.kind) == "ACCOUNT"))
        assert len(counted.all()) == 30, "a refused address must not use up other people's tries"
    assert isinstance(await attempt(address="192.0.2.2"), Refused | SignedIn)
    assert isinstance(await attempt(manager=NORTE), Refused)


async def test_an_office_behind_one_address_is_not_locked_out_by_itself(
    attempt: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cheap(monkeypatch, right=True)
    for _ in range(40):
        assert isinstance(await attempt(), SignedIn)


async def cheap(monkeypatch: pytest.MonkeyPatch, *, right: bool = False) -> None:
    """Spare the hash where a test is about counting."""

    async def compare(password: str, stored: str | None) -> Comparison:
        return Comparison(right=right and stored is not None)

    monkeypatch.setattr(passwords, "compare", compare)


async def test_fifty_tries_at_once_compare_five(attempt: Try, compared: list[str]) -> None:
    results = await asyncio.gather(*(attempt("wrong", address=f"192.0.2.{number}") for number in range(50)))
    reasons = [result.reason for result in results if isinstance(result, Refused)]
    assert reasons.count(Reason.INVALID_CREDENTIALS) == len(compared) == 5
    assert reasons.count(Reason.TOO_MANY_ATTEMPTS) == 45


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("unix:", "unix:", True),
    ],
)
async def test_a_network_is_counted_as_one(store: Store, first: str, second: str, same: bool) -> None:
    await attempts.count(store, "sur", attempts.Kind.ADDRESS, first, NOW)
    again = await attempts.count(store, "sur", attempts.Kind.ADDRESS, second, NOW)
    assert again.number == (2 if same else 1)


async def test_closed_windows_are_swept(store: Store, attempt: Try) -> None:
    await attempt("wrong")
    await attempt("wrong", now=NOW + timedelta(minutes=10), address="192.0.2.9", email="b@example.com")
    async with store.work("sur") as work:
        assert await attempts.sweep(work, NOW + attempts.WINDOW) == 2


async def test_a_password_changed_meanwhile_is_wrong(
    store: Store, attempt: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = passwords.compare

    async def slow(password: str, stored: str | None) -> Comparison:
        result = await real(password, stored)
        async with store.work("sur") as work:
            await work.exec(update(PersonRow).values(password_hash="changed"))
        return result

    monkeypatch.setattr(passwords, "compare", slow)
    assert await attempt() == Refused(reason=Reason.INVALID_CREDENTIALS)
    assert await store.rows("SELECT id FROM session") == []


async def test_an_outdated_hash_is_renewed(store: Store, attempt: Try) -> None:
    weak = passwords.PasswordHash((passwords.Argon2Hasher(time_cost=1, memory_cost=512, parallelism=1),)).hash(RIGHT)
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(password_hash=weak))
    assert isinstance(await attempt(), SignedIn)
    renewed = (await store.rows("SELECT password_hash FROM person"))[0][0]
    assert renewed != weak
    assert (await passwords.compare(RIGHT, renewed)).right


async def test_the_token_is_in_no_repr_and_the_password_in_no_row(store: Store, attempt: Try) -> None:
    found = await attempt()
    assert isinstance(found, SignedIn)
    assert found.token not in repr(found)
    held = [*await store.rows("SELECT * FROM person"), *await store.rows("SELECT * FROM session")]
    assert not any(found.token in str(value) or RIGHT in str(value) for row in held for value in row)


async def test_the_token_is_in_no_file(store: Store, attempt: Try, store_url: str) -> None:
    found = await attempt()
    assert isinstance(found, SignedIn)
    if store_url.startswith("sqlite"):
        files = list(Path(store_url.removeprefix("sqlite://")).parent.iterdir())
        assert any(b"ana@example.com" in file.read_bytes() for file in files)
        assert not any(found.token.encode() in file.read_bytes() for file in files)
    else:
        wal = await store.rows("SELECT pg_walfile_name(pg_current_wal_lsn()), current_setting('data_directory')")
        content = (Path(wal[0][1]) / "pg_wal" / wal[0][0]).read_bytes()
        assert b"ana@example.com" in content
        assert found.token.encode() not in content


async def test_signing_out_ends_one_session(store: Store, attempt: Try) -> None:
    first, second = await attempt(), await attempt()
    assert isinstance(first, SignedIn)
    assert isinstance(second, SignedIn)
    assert await gone(store, NORTE, first.session.id) == 0
    assert await gone(store, SUR, first.session.id) == 1
    assert await gone(store, SUR, first.session.id) == 0
    assert [await signed_in(store, each) for each in (first, second)] == [False, True]


async def test_signing_out_everywhere_ends_them_all(store: Store, attempt: Try) -> None:
    found = [await attempt() for _ in range(3)]
    ours = [each for each in found if isinstance(each, SignedIn)]
    assert await gone(store, NORTE, ours[0].session.id, all_sessions=True) == 0
    assert await gone(store, SUR, ours[0].session.id, all_sessions=True) == 3
    assert [await signed_in(store, each) for each in ours] == [False] * 3


async def gone(store: Store, manager: Manager, session_id: str, *, all_sessions: bool = False) -> int:
    caller = Caller(address="192.0.2.1", host="sur.example")
    return await sign_out(store, manager, session_id, caller=caller, now=NOW, all_sessions=all_sessions)


async def signed_in(store: Store, found: SignedIn) -> bool:
    who = await identify(store, "sur.example", found.token, NOW)
    return who is not None and who.actor.signed_in


async def test_sessions_that_are_over_are_swept_at_the_next_sign_in(store: Store, attempt: Try) -> None:
    await attempt()
    await attempt(now=NOW + sessions.LIFETIME)
    assert len(await store.rows("SELECT id FROM session")) == 1
