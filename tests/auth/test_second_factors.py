"""Second factors of people: set up, kept and shown; what is counted, and who wins."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from tests.auth.passkeys import NOW
from tests.auth.second_factors import Person, events, letters, person
from tests.authenticator_app import App
from ventanilla.auth import second_factors
from ventanilla.auth.attempts import LIMITS, Kind, Try
from ventanilla.auth.keys import Keys
from ventanilla.auth.second_factors import Confirmed, Offered, Reason, SecondFactor
from ventanilla.auth.sessions import FRESH
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow, SecondFactorRow, SessionRow

pytestmark = pytest.mark.anyio

STEP = timedelta(seconds=30)
PASSWORD = "correct horse battery staple"
TABLES = (
    "person",
    "session",
    "second_factor",
    "recovery_code",
    "letter",
    "audit_event",
    "challenge",
    "sign_in_attempt",
)


@pytest.fixture
async def ana(store: Store) -> Person:
    return await person(store)


# -- set up ------------------------------------------------------------------------------------------------------------


async def test_an_authenticator_reads_who_it_is_for(ana: Person) -> None:
    offered = await ana.offered()
    app = App.scan(offered.address)
    assert (app.issuer, app.account, len(app.secret)) == ("Sur", "ana@example.com", 20)
    assert f"secret={offered.secret}" in offered.address
    assert re.fullmatch("[A-Z2-7]{32}", offered.secret)
    assert offered.expires_at == NOW + FRESH
    assert offered.secret not in repr(offered)


async def test_what_is_offered_counts_for_nothing_until_a_code_confirms_it(store: Store, ana: Person) -> None:
    await ana.offered()
    assert (await ana.actor()).second_factor_at is None
    assert await ana.found() == SecondFactor(set_up_at=None, recovery_codes_left=0)
    codes = await ana.set_up()
    assert await ana.found() == SecondFactor(set_up_at=NOW, recovery_codes_left=10)
    assert len(set(codes)) == 10
    assert all(re.fullmatch("[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", code) for code in codes)
    here, elsewhere = await ana.actor(), await (await ana.again()).actor()
    assert (here.second_factor_at, here.second_factor_due) == (NOW, False)
    assert (elsewhere.second_factor_at, elsewhere.second_factor_due) == (NOW, True)
    assert await letters(store) == ["SECOND_FACTOR_SET_UP"]
    assert await events(store) == [("SECOND_FACTOR_SET_UP", True)]


async def test_the_letter_says_when_and_where_and_no_code(store: Store, ana: Person) -> None:
    await ana.set_up()
    ((recipient, told),) = await store.rows("SELECT recipient, told FROM letter")
    assert recipient == "ana@example.com"
    assert json.loads(told) == {
        "device": "Firefox w systemie Linux",
        "place": "192.0.2.1",
        "when": "1 marca 2026, 13:00",
    }


async def test_a_wrong_first_code_sets_nothing_up(store: Store, ana: Person) -> None:
    ana.app = App.scan((await ana.offered()).address)
    assert await second_factors.confirm(ana.holder(), ana.wrong()) is Reason.CODE_INVALID
    assert await second_factors.confirm(ana.holder(), ana.code(-2)) is Reason.CODE_INVALID
    assert (await ana.found()).set_up_at is None
    assert await letters(store) == []
    assert isinstance(await second_factors.confirm(ana.holder(), ana.code()), Confirmed)


async def test_a_first_code_is_taken_once(ana: Person) -> None:
    await ana.set_up()
    assert await second_factors.confirm(ana.holder(), ana.code()) is Reason.NOT_STARTED
    assert await (await ana.again()).show(ana.code(-1)) is Reason.CODE_USED


async def test_nothing_is_confirmed_that_was_not_offered_or_too_long_ago(ana: Person) -> None:
    assert await second_factors.confirm(ana.holder(), "123456") is Reason.NOT_STARTED
    app, late = App.scan((await ana.offered()).address), NOW + FRESH
    assert await second_factors.confirm(ana.holder(late), app.code(late)) is Reason.NOT_STARTED
    last = late - timedelta(seconds=1)
    assert isinstance(await second_factors.confirm(ana.holder(last), app.code(last)), Confirmed)


async def test_what_is_offered_anew_takes_the_place_of_the_older_offer(ana: Person) -> None:
    older, newer = [App.scan((await ana.offered()).address) for _ in range(2)]
    assert older.secret != newer.secret
    assert await second_factors.confirm(ana.holder(), older.code(NOW)) is Reason.CODE_INVALID
    assert isinstance(await second_factors.confirm(ana.holder(), newer.code(NOW)), Confirmed)


async def test_one_that_is_set_up_stays_until_another_is_confirmed(ana: Person) -> None:
    codes = await ana.set_up()
    newer = App.scan((await ana.offered()).address)
    assert await (await ana.again()).show(ana.code()) is None
    confirmed = await second_factors.confirm(ana.holder(), newer.code(NOW))
    assert isinstance(confirmed, Confirmed)
    other = await ana.again()
    assert await other.show(ana.code(1)) is Reason.CODE_INVALID
    assert await other.show(codes[0]) is Reason.CODE_INVALID
    assert await other.show(newer.code(NOW, 1)) is None
    assert (await ana.found()).recovery_codes_left == 10


async def test_nobody_replaces_one_in_a_session_that_has_not_shown_it(ana: Person) -> None:
    other = await ana.again()
    app = App.scan((await other.offered()).address)
    await ana.set_up()
    assert await second_factors.start(other.holder()) is Reason.REAUTHENTICATION_REQUIRED
    assert await second_factors.confirm(other.holder(), app.code(NOW)) is Reason.NOT_STARTED
    pending = App.scan((await ana.offered()).address)
    assert await second_factors.confirm(other.holder(), pending.code(NOW)) is Reason.REAUTHENTICATION_REQUIRED


@pytest.mark.parametrize(("age", "fresh"), [(FRESH, True), (FRESH + timedelta(seconds=1), False)])
async def test_who_signed_in_long_ago_signs_in_anew_first(ana: Person, age: timedelta, fresh: bool) -> None:
    outcome = await second_factors.start(ana.holder(NOW + age))
    assert isinstance(outcome, Offered) if fresh else outcome is Reason.REAUTHENTICATION_REQUIRED


async def test_or_gives_their_password_which_is_counted(store: Store) -> None:
    ana, late = await person(store, password=PASSWORD), NOW + timedelta(hours=1)
    for _ in range(LIMITS[Kind.ACCOUNT] - 1):
        assert await second_factors.start(ana.holder(late), "wrong") is Reason.INVALID_CREDENTIALS
    assert (await ana.offered(late, PASSWORD)).secret
    for _ in range(LIMITS[Kind.ACCOUNT]):
        await second_factors.start(ana.holder(late), "wrong")
    assert isinstance(await second_factors.start(ana.holder(late), PASSWORD), Try)


async def test_nobody_begins_with_the_session_of_another(store: Store, ana: Person) -> None:
    luis = await person(store, "luis@example.com")
    ana.session_id = luis.session_id
    assert await second_factors.start(ana.holder()) is Reason.REAUTHENTICATION_REQUIRED


# -- what is kept ------------------------------------------------------------------------------------------------------


async def test_neither_secret_nor_code_stands_in_the_database(store: Store, ana: Person) -> None:
    offered = await ana.offered()
    codes = await ana.set_up()
    await ana.offered()
    await (await ana.again()).show(codes[0])
    held = "\n".join([str(await store.rows(f"SELECT * FROM {table}")) for table in TABLES]).upper()
    assert ana.app is not None
    secrets = [offered.secret, ana.app.secret.hex(), ana.app.secret.decode("latin-1"), *codes]
    assert not [each for each in secrets if each.upper() in held]
    assert not [each for each in codes if each.replace("-", "") in held]


async def test_a_secret_opens_for_its_person_alone_and_under_its_key(store: Store, ana: Person) -> None:
    luis = await person(store, "luis@example.com")
    await ana.set_up()
    await luis.set_up()
    others = Keys("00112233445566778899aabbccddeeff")
    assert await (await ana.again()).show(ana.code(), keys=others) is Reason.CODE_INVALID
    async with store.work("sur") as work:
        rows = {row.person_id: row for row in (await work.exec(select(SecondFactorRow))).all()}
        rows[luis.id].secret = rows[ana.id].secret
    assert await (await luis.again()).show(ana.code()) is Reason.CODE_INVALID
    assert await (await ana.again()).show(ana.code()) is None


# -- shown -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [-1, 0, 1])
async def test_a_code_is_taken_though_a_clock_is_a_step_off(ana: Person, steps: int) -> None:
    await ana.set_up(NOW - timedelta(minutes=10))
    other = await ana.again()
    assert await other.show(ana.code(steps)) is None
    actor = await other.actor()
    assert (actor.second_factor_due, actor.second_factor_shown) == (False, True)


@pytest.mark.parametrize("steps", [-2, 2])
async def test_and_not_when_it_is_two_off(ana: Person, steps: int) -> None:
    await ana.set_up(NOW - timedelta(minutes=10))
    other = await ana.again()
    assert await other.show(ana.code(steps)) is Reason.CODE_INVALID
    assert (await other.actor()).second_factor_due


async def test_codes_go_forward_only(ana: Person) -> None:
    await ana.set_up(NOW - timedelta(minutes=10))
    assert await (await ana.again()).show(ana.code(0)) is None
    assert await (await ana.again()).show(ana.code(0)) is Reason.CODE_USED
    assert await (await ana.again()).show(ana.code(-1)) is Reason.CODE_USED
    assert await (await ana.again()).show(ana.code(1)) is None
    assert await (await ana.again()).show(ana.code(0), NOW + STEP) is Reason.CODE_USED
    assert await (await ana.again()).show(ana.code(2), NOW + STEP) is None


async def test_of_twenty_who_come_with_one_code_one_gets_in(store: Store, ana: Person) -> None:
    await ana.set_up(NOW - timedelta(minutes=10))
    others = [await ana.again() for _ in range(20)]
    # From many addresses: what is counted by person lets five of them be compared.
    tries = [each.show(ana.code(), at=f"198.51.100.{number}") for number, each in enumerate(others)]
    outcomes = await asyncio.gather(*tries)
    assert outcomes.count(None) == 1
    assert all(each is Reason.CODE_USED or isinstance(each, Try) for each in outcomes if each is not None)
    assert [(await each.actor()).second_factor_shown for each in others].count(True) == 1


async def test_of_those_who_come_with_one_recovery_code_one_gets_in(ana: Person) -> None:
    codes = await ana.set_up()
    others = [await ana.again() for _ in range(5)]
    outcomes = await asyncio.gather(*(each.show(codes[3]) for each in others))
    assert outcomes.count(None) == 1
    assert all(each is Reason.CODE_USED or isinstance(each, Try) for each in outcomes if each is not None)
    assert (await ana.found()).recovery_codes_left == 9


async def test_a_code_may_be_typed_as_it_is_read(ana: Person) -> None:
    codes = await ana.set_up(NOW - timedelta(minutes=10))
    code = ana.code()
    assert await (await ana.again()).show(f" {code[:3]} {code[3:]}\n") is None
    assert await (await ana.again()).show(codes[0].lower().replace("-", " ")) is None


async def test_a_recovery_code_is_good_once_and_for_its_person(store: Store, ana: Person) -> None:
    luis = await person(store, "luis@example.com")
    codes, _ = await ana.set_up(), await luis.set_up()
    assert await (await luis.again()).show(codes[0]) is Reason.CODE_INVALID
    assert await (await ana.again()).show(codes[0]) is None
    assert await (await ana.again()).show(codes[0]) is Reason.CODE_USED
    assert await (await ana.again()).show(codes[1]) is None
    assert (await ana.found()).recovery_codes_left == 8
    assert (await events(store)).count(("RECOVERY_CODE_USED", True)) == 2


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "\x00", "\ud800", "A" * 16, "x" * 100_000, "١٢٣٤٥٦"])
async def test_what_is_no_code_is_wrong(ana: Person, code: str) -> None:
    await ana.set_up()
    assert await (await ana.again()).show(code) is Reason.CODE_INVALID


async def test_who_has_none_shows_none(ana: Person) -> None:
    await ana.offered()
    assert await ana.show("123456") is Reason.NOT_SET_UP
    assert await ana.remove("123456") is Reason.NOT_SET_UP


# -- tries -------------------------------------------------------------------------------------------------------------


async def test_five_tries_in_a_quarter_of_an_hour_and_no_right_code_after_them(ana: Person) -> None:
    await ana.set_up(NOW - timedelta(minutes=10))
    other = await ana.again()
    for number in range(5):
        assert await other.show(ana.wrong(), at=f"198.51.100.{number}") is Reason.CODE_INVALID
    late = await other.show(ana.code())
    assert isinstance(late, Try)
    assert late.wait(NOW) == 900
    assert isinstance(await (await ana.again()).show(ana.code(), NOW + timedelta(minutes=14)), Try)
    after = NOW + timedelta(minutes=15)
    assert await other.show(ana.code(now=after), after) is None


async def test_thirty_tries_a_day_however_patient(ana: Person) -> None:
    await ana.set_up(NOW - timedelta(minutes=10))
    for number in range(30):
        now = NOW + number * timedelta(minutes=16)
        other = await ana.again(now)
        assert await other.show(ana.wrong(now), now, at=f"198.51.100.{number}") is Reason.CODE_INVALID
    now = NOW + timedelta(hours=9)
    late = await (await ana.again(now)).show(ana.code(now=now), now)
    assert isinstance(late, Try)
    assert late.kind is Kind.FACTOR_DAY
    tomorrow = NOW + timedelta(days=1)
    assert await (await ana.again(tomorrow)).show(ana.code(now=tomorrow), tomorrow) is None


async def test_a_right_code_clears_the_count(ana: Person) -> None:
    await ana.set_up(NOW - timedelta(minutes=10))
    for steps in range(2):
        for _ in range(4):
            assert await ana.show(ana.wrong()) is Reason.CODE_INVALID
        assert await ana.show(ana.code(steps)) is None


async def test_thirty_tries_from_one_address_whoever_is_tried(store: Store, ana: Person) -> None:
    await ana.set_up(NOW - timedelta(minutes=10))
    for number in range(30):
        other = await person(store, f"{number}@example.com")
        assert await other.show("123456") is Reason.NOT_SET_UP
    assert isinstance(await ana.show(ana.code()), Try)
    assert await ana.show(ana.code(), at="198.51.100.7") is None


async def test_confirming_and_removing_are_counted_with_it(ana: Person) -> None:
    await ana.set_up()
    await ana.offered()
    for _ in range(2):
        assert await second_factors.confirm(ana.holder(), ana.wrong()) is Reason.CODE_INVALID
        assert await ana.remove(ana.wrong()) is Reason.CODE_INVALID
    assert await ana.show(ana.wrong()) is Reason.CODE_INVALID
    for late in (await ana.show(ana.code()), await ana.remove(ana.code())):
        assert isinstance(late, Try)
    assert isinstance(await second_factors.confirm(ana.holder(), "123456"), Try)


async def test_who_is_to_show_one_sees_nothing_as_somebody_else(store: Store, ana: Person) -> None:
    luis = await person(store, "luis@example.com")
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.id) == ana.id).values(staff_role="STAFF"))
        await work.exec(
            update(SessionRow)
            .where(col(SessionRow.id) == ana.session_id)
            .values(sees_person_id=luis.id, sees_until=NOW + timedelta(minutes=15))
        )
    assert (await ana.actor()).person_id == luis.id
    other = await ana.again()
    await other.set_up()
    actor = await ana.actor()
    assert (actor.person_id, actor.seen_by, actor.second_factor_due) == (ana.id, None, True)
