"""Registration: who waits, who is made a person by a letter's link, and what nobody finds out."""

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
from ventanilla.auth import passwords, registration
from ventanilla.auth.applicant import Applicant, Flaw
from ventanilla.auth.asked import Asked, NotAnEmailError
from ventanilla.auth.attempts import Try
from ventanilla.auth.caller import Caller
from ventanilla.auth.link_tokens import BadToken
from ventanilla.auth.people import EmailTakenError, add_person
from ventanilla.auth.policy import Violation
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.auth.registration import Registration, Unfit, pending_hash
from ventanilla.auth.signing_in import Reason, Refused, SignedIn, sign_in
from ventanilla.auth.terms import TermsFlaw
from ventanilla.store.manager import Manager, Presentation, Terms
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
SUR = msgspec.structs.replace(manager_named("sur"), languages=("pl", "en"))
PRESENTED = Presentation(terms=Terms(version="2026-02"))
WITH_TERMS = msgspec.structs.replace(SUR, presentation=PRESENTED)
CALLER = Caller(address="192.0.2.1", host="sur.example")
GOOD = "una ventanilla abierta"
FIELDS = {
    "email": " Nowak@Example.com ",
    "given_name": " Jan ",
    "family_name": "Nowak",
    "document_type": "c.c.",
    "document_number": "ab-1 234.567",
    "phone": "+48 (22) 555-01-00",
}


def applied(password: str = GOOD, terms: str | None = None, **fields: Any) -> Registration:
    applicant = Applicant(**{**FIELDS, **fields})
    return Registration(applicant=applicant, password=password, accepted_terms=terms)


async def register(
    store: Store,
    given: Registration | None = None,
    *,
    manager: Manager = SUR,
    address: str = "192.0.2.1",
    now: datetime = NOW,
) -> Asked | Unfit | Try:
    caller = Caller(address=address, host="sur.example")
    return await registration.register(
        store,
        manager,
        given or applied(),
        refused=RefusedPasswords(),
        caller=caller,
        language="en",
        now=now,
    )


async def verify(store: Store, token: str, *, now: datetime = NOW, manager: Manager = SUR) -> Any:
    return await registration.verify(store, manager, proofs(manager.slug), token=token, now=now)


async def link(store: Store, email: str = "nowak@example.com") -> str:
    return await newest_link(store, "REGISTER", email)


async def person(store: Store, *, verified: bool, email: str = "nowak@example.com", **changes: Any) -> str:
    async with store.work("sur") as work:
        added = await add_person(
            work,
            email=email,
            password=None,
            given_name="Anna",
            family_name="Nowak",
            now=NOW,
            email_verified=verified,
        )
        if changes:
            await work.exec(update(PersonRow).values(**changes))
    return added.id


async def enter(store: Store, password: str = GOOD) -> SignedIn | Refused:
    return await sign_in(store, SUR, proofs(), email="nowak@example.com", password=password, caller=CALLER, now=NOW)


async def test_who_registers_is_a_person_once_the_letters_link_is_followed(store: Store) -> None:
    asked = await register(store, applied(terms="2026-02"), manager=WITH_TERMS)
    assert asked == Asked(masked_email="n•••@example.com", expires_at=NOW + DAY)
    assert await store.rows("SELECT id FROM person") == []
    (letter,) = await letters(store)
    assert (letter["kind"], letter["recipient"], letter["state"]) == ("VERIFY_EMAIL", "nowak@example.com", "PENDING")
    assert (letter["told"], letter["language"], letter["person_id"]) == ('{"hours":"24"}', "en", None)

    assert await verify(store, await link(store), now=NOW + timedelta(hours=1)) == "nowak@example.com"
    (row,) = await store.rows(
        "SELECT email, given_name, family_name, document_type, document_number, phone, language, email_verified_at,"
        " password_set_at, created_at FROM person"
    )
    assert row[:7] == ("nowak@example.com", "Jan", "Nowak", "CC", "AB1234567", "+48 (22) 555-01-00", "en")
    at, later = NOW.isoformat(timespec="microseconds"), (NOW + timedelta(hours=1)).isoformat(timespec="microseconds")
    assert row[7:] == (later, at, later)
    assert await store.rows("SELECT kind, version, accepted_at, address FROM consent") == [
        ("TERMS", "2026-02", at, "192.0.2.1")
    ]
    assert isinstance(await enter(store), SignedIn)


async def test_what_waits_is_forgotten_once_it_is_done(store: Store) -> None:
    await register(store)
    await verify(store, await link(store))
    await register(store, applied(email="b@example.com"))
    await register(store, applied(email="b@example.com"))
    bodies = await store.rows("SELECT email, body IS NULL FROM challenge ORDER BY email, body IS NULL")
    assert [(email, bool(gone)) for email, gone in bodies] == [
        ("b@example.com", False),
        ("b@example.com", True),
        ("nowak@example.com", True),
    ]


async def test_a_name_that_is_only_claimed_stands_in_no_letter(store: Store) -> None:
    await register(store, applied(given_name="Win a prize at evil.example"))
    (letter,) = await letters(store)
    assert letter["name"] == ""


async def test_until_then_the_password_opens_nothing_and_is_known_to_who_chose_it(store: Store) -> None:
    await register(store)
    stored = await pending_hash(store, "sur", "nowak@example.com", NOW)
    assert (await passwords.compare(GOOD, stored)).right
    assert await enter(store) == Refused(reason=Reason.EMAIL_NOT_VERIFIED)
    assert await enter(store, "wrong") == Refused(reason=Reason.INVALID_CREDENTIALS)
    for slug, email, now in (
        ("norte", "nowak@example.com", NOW),
        ("sur", "other@example.com", NOW),
        ("sur", "nowak@example.com", NOW + DAY),
    ):
        assert await pending_hash(store, slug, email, now) is None


async def test_the_newest_registration_of_an_address_counts(store: Store) -> None:
    await register(store, applied("la primera de todas"))
    first = await link(store)
    await register(store, applied("la segunda de todas"))
    stored = await pending_hash(store, "sur", "nowak@example.com", NOW)
    assert (await passwords.compare("la segunda de todas", stored)).right
    assert await verify(store, first) is BadToken.TOKEN_EXPIRED
    assert await verify(store, await link(store)) == "nowak@example.com"
    assert isinstance(await enter(store, "la segunda de todas"), SignedIn)


@pytest.mark.parametrize(
    ("fields", "flaws"),
    [
        ({"email": "nobody"}, {"email": Flaw.FIELD_INVALID}),
        ({"email": " "}, {"email": Flaw.FIELD_REQUIRED}),
        ({"email": "x" * 250 + "@example.com"}, {"email": Flaw.FIELD_INVALID}),
        ({"given_name": "\t"}, {"given_name": Flaw.FIELD_REQUIRED}),
        ({"given_name": "Jan\nBcc: x@example.com"}, {"given_name": Flaw.FIELD_INVALID}),
        ({"family_name": "No\u202ewak"}, {"family_name": Flaw.FIELD_INVALID}),
        ({"family_name": "N" * 121}, {"family_name": Flaw.FIELD_INVALID}),
        ({"family_name": "\ud800"}, {"family_name": Flaw.FIELD_INVALID}),
        ({"family_name": "O'Higgins y Łęcki-García"}, {}),
        ({"document_type": ""}, {"document_type": Flaw.FIELD_REQUIRED}),
        ({"document_type": "D" * 21}, {"document_type": Flaw.FIELD_INVALID}),
        ({"document_number": "12"}, {"document_number": Flaw.FIELD_INVALID}),
        ({"document_number": "..."}, {"document_number": Flaw.FIELD_REQUIRED}),
        ({"document_number": "１２３４５"}, {"document_number": Flaw.FIELD_INVALID}),
        ({"phone": "12345"}, {"phone": Flaw.FIELD_INVALID}),
        ({"phone": "123456"}, {}),
        ({"phone": "1" * 20}, {}),
        ({"phone": "1" * 21}, {"phone": Flaw.FIELD_INVALID}),
        ({"phone": "call me: 123456"}, {"phone": Flaw.FIELD_INVALID}),
        ({"phone": "()() ()"}, {"phone": Flaw.FIELD_INVALID}),
        ({"language": "de"}, {"language": Flaw.FIELD_INVALID}),
        ({"language": "pl"}, {}),
        ({"email": "", "phone": ""}, {"email": Flaw.FIELD_REQUIRED, "phone": Flaw.FIELD_REQUIRED}),
    ],
)
async def test_a_field_takes_what_it_can_be(store: Store, fields: dict[str, str], flaws: dict[str, Flaw]) -> None:
    found = await register(store, applied(**fields))
    assert found == Unfit(fields=flaws) if flaws else isinstance(found, Asked)
    assert len(await letters(store)) == (0 if flaws else 1)


async def test_all_that_is_wrong_is_told_at_once_and_nothing_is_counted(store: Store) -> None:
    found = await register(store, applied("nowak@ex", phone="x"), manager=WITH_TERMS)
    assert found == Unfit(
        fields={"phone": Flaw.FIELD_INVALID},
        violations=(Violation.TOO_SHORT, Violation.PERSONAL),
        terms=TermsFlaw.TERMS_NOT_ACCEPTED,
    )
    assert await store.rows("SELECT kind FROM sign_in_attempt") == []


@pytest.mark.parametrize(
    ("terms", "accepted", "flaw"),
    [
        (None, None, None),
        (None, "2026-02", None),
        (Terms(version="2026-02"), "2026-02", None),
        (Terms(version="2026-02"), None, TermsFlaw.TERMS_NOT_ACCEPTED),
        (Terms(version="2026-02"), "", TermsFlaw.TERMS_NOT_ACCEPTED),
        (Terms(version="2026-02"), "2026-01", TermsFlaw.TERMS_VERSION_STALE),
    ],
)
async def test_the_terms_in_force_are_what_counts(
    store: Store, terms: Terms | None, accepted: str | None, flaw: TermsFlaw | None
) -> None:
    manager = msgspec.structs.replace(SUR, presentation=Presentation(terms=terms))
    found = await register(store, applied(terms=accepted), manager=manager)
    assert found == Unfit(terms=flaw) if flaw else isinstance(found, Asked)
    if flaw is None:
        await verify(store, await link(store))
        assert len(await store.rows("SELECT id FROM consent")) == (1 if terms else 0)


async def test_free_and_taken_addresses_take_the_same_work(store: Store) -> None:
    await person(store, verified=True, email="taken@example.com")
    await person(store, verified=False, email="unverified@example.com")
    await register(store, applied(email="waiting@example.com"))
    works: list[list[str]] = []
    answers: list[Any] = []
    for name in ("free", "taken", "unverified", "waiting"):
        with statements(store) as seen:
            answers.append(await register(store, applied(email=f"{name}@example.com"), address=f"192.0.2.{len(name)}"))
        works.append(seen)
    assert works[0] == works[1] == works[2] == works[3]
    assert len(works[0]) > 6
    assert [answer.expires_at for answer in answers] == [NOW + DAY] * 4


async def test_resending_takes_the_same_work_whoever_waits(store: Store) -> None:
    await person(store, verified=True, email="taken@example.com")
    await person(store, verified=False, email="unverified@example.com")
    await register(store, applied(email="waiting@example.com"))
    works: list[list[str]] = []
    for name in ("free", "taken", "unverified", "waiting"):
        with statements(store) as seen:
            asked = await registration.resend(store, SUR, email=f"{name}@example.com", caller=CALLER, now=NOW)
        assert isinstance(asked, Asked)
        works.append(seen)
    assert works[0] == works[1] == works[2] == works[3]
    told = [
        (each["recipient"].partition("@")[0], each["kind"], bool(each["for_nobody"])) for each in await letters(store)
    ]
    assert sorted(told) == [
        ("free", "VERIFY_EMAIL", True),
        ("taken", "ALREADY_REGISTERED", False),
        ("unverified", "VERIFY_EMAIL", False),
        ("waiting", "VERIFY_EMAIL", False),
        ("waiting", "VERIFY_EMAIL", False),
    ]


async def test_who_is_there_already_learns_it_by_letter_and_nothing_can_be_proved(store: Store) -> None:
    owner = await person(store, verified=True)
    await register(store)
    (letter,) = await letters(store)
    assert (letter["kind"], letter["person_id"], letter["challenge_id"]) == ("ALREADY_REGISTERED", owner, None)
    assert letter["name"] == "Anna Nowak"
    assert letter["language"] == "pl"
    ((challenge, body),) = await store.rows("SELECT id, body FROM challenge")
    assert body is None
    assert await verify(store, proofs().link("REGISTER", challenge)) is BadToken.TOKEN_INVALID
    assert isinstance(await enter(store), Refused)


async def test_an_unverified_person_is_verified_and_keeps_the_password_they_had(store: Store) -> None:
    unverified = await person(store, verified=False)
    await register(store)
    assert await verify(store, await link(store)) == "nowak@example.com"
    assert await store.rows("SELECT id, password_hash, email_verified_at IS NOT NULL FROM person") == [
        (unverified, None, True)
    ]


async def test_a_letter_is_sent_anew_with_another_link(store: Store) -> None:
    await register(store, applied(language="pl"))
    first = await link(store)
    later = NOW + timedelta(hours=2)
    asked = await registration.resend(store, SUR, email=" NOWAK@example.com", caller=CALLER, now=later)
    assert asked == Asked(masked_email="n•••@example.com", expires_at=later + DAY)
    second = await link(store)
    assert [each["language"] for each in await letters(store)] == ["pl", "pl"]
    assert await verify(store, first, now=later) is BadToken.TOKEN_EXPIRED
    assert await verify(store, second, now=later) == "nowak@example.com"
    assert isinstance(await enter(store), SignedIn)
    with pytest.raises(NotAnEmailError):
        await registration.resend(store, SUR, email="nobody", caller=CALLER, now=later)


async def test_a_link_is_good_once_for_a_day_and_at_its_own_manager(store: Store) -> None:
    await register(store)
    token = await link(store)
    norte = manager_named("norte")
    assert await verify(store, token, manager=norte) is BadToken.TOKEN_INVALID
    assert await verify(store, token, now=NOW + DAY) is BadToken.TOKEN_EXPIRED
    for wrong in ("", "vl_", token[:-1], token.swapcase(), token + "A", proofs().link("RESET_PASSWORD", "0" * 32)):
        assert await verify(store, wrong) is BadToken.TOKEN_INVALID
    assert await verify(store, proofs().link("REGISTER", "0" * 32)) is BadToken.TOKEN_INVALID
    assert await verify(store, token, now=NOW + DAY - timedelta(seconds=1)) == "nowak@example.com"
    assert await verify(store, token) is BadToken.TOKEN_USED


async def test_of_twenty_who_follow_one_link_at_once_one_succeeds(store: Store) -> None:
    await register(store, applied(terms="2026-02"), manager=WITH_TERMS)
    token = await link(store)
    found = await asyncio.gather(*(verify(store, token) for _ in range(20)))
    assert sorted(map(str, found)) == sorted(["nowak@example.com", *["TOKEN_USED"] * 19])
    assert len(await store.rows("SELECT id FROM person")) == len(await store.rows("SELECT id FROM consent")) == 1


@pytest.mark.parametrize("verified", [True, False])
async def test_an_address_that_was_taken_meanwhile_is_told_and_changes_nobody(store: Store, verified: bool) -> None:
    await register(store)
    token = await link(store)
    await person(store, verified=verified)
    before = await store.rows("SELECT * FROM person")
    for _ in range(2):
        assert isinstance(await verify(store, token), EmailTakenError)
    assert await store.rows("SELECT * FROM person") == before


async def test_five_letters_go_to_one_address_and_thirty_for_one_network(store: Store) -> None:
    for number in range(5):
        assert isinstance(await register(store, address=f"192.0.2.{number}"), Asked)
    one_more = await register(store, address="192.0.2.9", now=NOW + timedelta(minutes=5))
    assert isinstance(one_more, Try)
    assert one_more.wait(NOW + timedelta(minutes=5)) == 600
    assert isinstance(await register(store, address="192.0.2.9", now=NOW + timedelta(minutes=15)), Asked)
    for number in range(30):
        asked = await registration.resend(
            store, SUR, email=f"{number}@example.com", caller=Caller(address="192.0.2.77", host="sur.example"), now=NOW
        )
        assert isinstance(asked, Asked)
    assert isinstance(await register(store, applied(email="z@example.com"), address="192.0.2.77"), Try)
    assert len(await letters(store)) == 36


async def test_neither_password_nor_token_is_in_the_database(store: Store) -> None:
    await register(store)
    token = await link(store)
    held = await everything(store)
    assert "nowak@example.com" in held
    assert GOOD not in held
    assert token not in held
    assert GOOD not in repr(applied())
    assert "Nowak" not in repr(applied())
