"""Money that has come is booked once, whatever the office answers, or does not, and however many workers there are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as altered

from tests.effects import Effects, FragileOffices, each_effect, fragile
from tests.orders import LINES, NOW, PLATFORM, REFERENCE, TOTAL, changed, news, ordered
from tests.paid import Paid, open_paid
from ventanilla.backoffice_adapters.contract import Fault, FaultCode
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.records import NewPayment
from ventanilla.jobs.bookings import Bookings
from ventanilla.payments.contract import NewsStatus
from ventanilla.store.manager import OfficeChoice
from ventanilla.store.tables import CheckoutRow, PlatformPaymentRow

pytestmark = pytest.mark.anyio

OPEN = ([], ["ISSUED", "ISSUED"], 85_500)
BOOKED = (["CONFIRMED 70000"], ["PARTIALLY_PAID", "PAID"], 15_500)
"""D1 is past its first due date, and has come to cost more."""


@pytest.fixture
async def paid(tmp_path: Path, store_url: str) -> AsyncIterator[Paid]:
    """A manager with a cash desk, on each kind of database in turn."""
    async with open_paid(tmp_path / "world", store_url) as found:
        yield found


def errand(paid: Paid, **changes: Any) -> Bookings:
    made = Bookings(store=paid.store, offices=paid.world.services.offices, clock=paid.clock)
    return replace(made, **changes)


async def row(paid: Paid) -> PlatformPaymentRow:
    (found,) = (await paid.held()).payments
    return found


class Answering(Offices):
    """Offices that are told of money, and answer otherwise than they did."""

    def __init__(self, offices: Offices, *answers: FaultCode | Fault, asks: bool = False) -> None:
        self._offices = offices
        self._answers = [*answers]
        self._asks = asks
        self.told: list[NewPayment] = []

    async def get(self, plan: Any) -> Any:
        self._office = await self._offices.get(plan)
        return self

    async def ask(self, method: str, call: Any, subjects: Any) -> list[Any]:
        self.told += subjects
        if self._asks or not self._answers:
            answer = await self._office.ask(method, call, subjects)
            if not self._answers:
                return answer
        fault = self._answers.pop(0)
        return [fault if isinstance(fault, Fault) else Fault(code=fault)] * len(subjects)


async def test_what_has_come_is_booked_and_what_it_paid_is_let_go(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news(paid_at=NOW - timedelta(minutes=2)))
    assert await paid.books() == OPEN
    assert (await errand(paid).due(NOW)).managers == ("sur",)
    await paid.book()

    assert await paid.books() == BOOKED
    found = await paid.held()
    assert (found.states, found.bookings, found.documents) == (["SUCCEEDED"], ["BOOKED"], [])
    booked = await row(paid)
    assert (booked.booked_at, booked.due_at, booked.leased_by, booked.problem) == (NOW, None, None, None)
    (payment,) = await paid.asked("payments_by_key", booked.office_payment_key)
    assert (payment.reference, payment.method) == (found.checkouts[0].reference, "Visa")
    assert payment.paid_at == NOW - timedelta(minutes=2)
    assert (await errand(paid).due(NOW + timedelta(days=9))).managers == ()


async def test_the_office_is_told_of_what_was_committed_without_the_payers_fee(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news(method=""))
    offices = Answering(paid.world.services.offices)
    await errand(paid, offices=offices).serve(paid.manager, lambda: False)
    (told,) = offices.told
    assert (told.key, told.amount, told.method) == ((await row(paid)).id, Money(70_000, "ARS"), PLATFORM)
    assert [(item.invoice_key, item.amount.minor) for item in told.items] == [*LINES]
    assert (told.account.number, told.paid_at) == ("sur-001", NOW)


@pytest.mark.parametrize(
    "code", [FaultCode.UNAVAILABLE, FaultCode.THROTTLED, FaultCode.OUTCOME_UNKNOWN, FaultCode.TIMEOUT]
)
async def test_an_office_that_does_not_answer_is_told_again_under_the_same_key(paid: Paid, code: FaultCode) -> None:
    await paid.unpaid()
    await paid.told(news())
    offices = Answering(paid.world.services.offices, *[code] * 12, asks=code is FaultCode.OUTCOME_UNKNOWN)
    booking = errand(paid, offices=offices)
    pauses: list[timedelta] = []
    for tries in range(1, 13):
        await booking.serve(paid.manager, lambda: False)
        waiting = await row(paid)
        assert (waiting.booking, waiting.problem, waiting.tries) == ("DUE", code.value, tries)
        assert waiting.due_at
        pauses.append(waiting.due_at - paid.clock())
        assert (await booking.due(paid.clock())).managers == ()
        paid.clock.now = waiting.due_at
    assert [int(pause.total_seconds()) for pause in pauses] == [10, 20, 40, 80, 160, 320, *[600] * 6]
    await booking.serve(paid.manager, lambda: False)

    assert await paid.books() == BOOKED
    assert len({told.key for told in offices.told}) == 1
    assert all(told == offices.told[0] for told in offices.told)
    assert ((await row(paid)).booking, (await row(paid)).problem) == ("BOOKED", None)


async def test_an_office_may_ask_for_patience_but_not_for_more_than_ten_minutes(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news())
    for seconds, pause in ((60.0, 60), (86_400.0, 600)):
        fault = Fault(code=FaultCode.THROTTLED, retry_after=seconds)
        await errand(paid, offices=Answering(paid.world.services.offices, fault)).serve(paid.manager, lambda: False)
        due_at = (await row(paid)).due_at
        assert due_at == paid.clock() + timedelta(seconds=pause)
        paid.clock.now = due_at


@pytest.mark.parametrize(
    "code",
    [FaultCode.CONFLICT, FaultCode.INVALID, FaultCode.UNSUPPORTED, FaultCode.NOT_FOUND, FaultCode.FORBIDDEN],
)
async def test_what_an_office_refuses_is_a_stray_and_stays_held(paid: Paid, code: FaultCode) -> None:
    await paid.unpaid()
    await paid.told(news())
    await errand(paid, offices=Answering(paid.world.services.offices, code)).serve(paid.manager, lambda: False)

    found = await paid.held()
    assert (found.bookings, found.documents, found.found) == (["REFUSED"], ["D1", "E1"], [("BOOKING_REFUSED", "OPEN")])
    assert ((await row(paid)).problem, (await row(paid)).due_at) == (code.value, None)
    assert (found.strays[0].amount_minor, found.strays[0].platform_payment_id) == (TOTAL, (await row(paid)).id)
    assert (await errand(paid).due(NOW + timedelta(days=9))).managers == ()


async def test_money_for_what_is_paid_by_now_is_credit(paid: Paid) -> None:
    await paid.paid()
    await ordered(paid.store, reference="rzyxwvutsrqponmlkjia")
    await paid.told(news(reference="rzyxwvutsrqponmlkjia", payment_id="p2"))
    await paid.book()
    assert (await paid.held()).bookings == ["BOOKED", "BOOKED"]
    assert await paid.books() == (["CONFIRMED 70000"] * 2, ["PAID", "PAID"], BOOKED[2] - 70_000)


async def test_what_came_otherwise_is_booked_as_it_came_once_staff_say_so(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news(amount=Money(35_000, "ARS")))
    await changed(paid.store, PlatformPaymentRow, (await row(paid)).id, booking="DUE", due_at=NOW)
    await paid.book()
    assert (await paid.books())[0] == ["CONFIRMED 35000"]
    found = await paid.held()
    assert (found.states, found.bookings, found.documents) == (["SUCCEEDED"], ["BOOKED"], [])


async def test_another_currency_is_refused(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news(amount=Money(TOTAL, "USD")))
    await changed(paid.store, PlatformPaymentRow, (await row(paid)).id, booking="DUE", due_at=NOW)
    await paid.book()
    assert ((await row(paid)).booking, (await row(paid)).problem) == ("REFUSED", "invalid")


@pytest.mark.parametrize("change", ["gone", "adapter"])
async def test_an_office_that_is_not_there_is_waited_for(paid: Paid, change: str) -> None:
    await paid.unpaid()
    await paid.told(news())
    offices = {"gone": {}, "adapter": {"agua": OfficeChoice(adapter="nowhere")}}[change]
    await errand(paid).serve(altered(paid.manager, offices=offices), lambda: False)
    assert ((await row(paid)).booking, (await row(paid)).problem) == ("DUE", "unavailable")


async def test_a_worker_that_dies_between_the_call_and_its_record_is_followed_by_one_who_hears_the_same(
    paid: Paid,
) -> None:
    await paid.unpaid()
    await paid.told(news())
    taken = asyncio.Event()

    class Dying(Answering):
        async def ask(self, method: str, call: Any, subjects: Any) -> list[Any]:
            await super().ask(method, call, subjects)
            taken.set()
            await asyncio.Event().wait()
            raise AssertionError

    dying = asyncio.create_task(
        errand(paid, offices=Dying(paid.world.services.offices)).serve(paid.manager, lambda: False)
    )
    await taken.wait()
    dying.cancel()
    with suppress(asyncio.CancelledError):
        await dying
    assert (await row(paid)).booking == "DUE"
    assert await errand(paid).serve(paid.manager, lambda: False) is not None  # it is in the dead one's hands yet

    paid.clock.go(minutes=1)
    await paid.book()
    assert await paid.books() == BOOKED
    assert (await row(paid)).tries == 2


async def test_who_was_too_slow_writes_nothing_down(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news())

    class Slow(Answering):
        async def ask(self, method: str, call: Any, subjects: Any) -> list[Any]:
            answer = await super().ask(method, call, subjects)
            paid.clock.go(minutes=2)
            await paid.book()
            return answer

    offices = Slow(paid.world.services.offices, FaultCode.INVALID)
    await errand(paid, offices=offices).serve(paid.manager, lambda: False)
    found = await paid.held()
    assert (found.bookings, found.strays) == (["BOOKED"], [])
    assert await paid.books() == BOOKED


async def test_many_workers_book_each_payment_once(paid: Paid) -> None:
    references = [f"rabcdefghijklmn{number:02}z" for number in range(12)]
    for number, reference in enumerate(references):
        await paid.unpaid(reference)
        await paid.told(news(reference=reference, payment_id=f"p{number}", amount=Money(500, "ARS")))
    rows = (await paid.held()).checkouts
    for each in rows:  # so that there is something for the office as well
        await changed(paid.store, CheckoutRow, each.id, amount_minor=100)
    for each in (await paid.held()).payments:
        await changed(paid.store, PlatformPaymentRow, each.id, amount_minor=600)
    counted = Effects()
    offices = FragileOffices(paid.world.services.offices, counted)
    await asyncio.gather(*(errand(paid, offices=offices).serve(paid.manager, lambda: False) for _ in range(6)))
    paid.clock.go(minutes=2)
    await errand(paid).serve(paid.manager, lambda: False)

    found = await paid.held()
    assert found.bookings == ["BOOKED"] * 12
    assert {each.tries for each in found.payments} == {1}
    assert len({each.office_payment_key for each in found.payments}) == 12
    assert (await paid.books())[2] == OPEN[2] - 12 * 100


HAPPENED = "{ viewer { accounts { nodes { audit(first: 5) { nodes { kind actor details { key value } } } } } } }"


async def test_the_people_of_an_account_read_that_money_came(paid: Paid) -> None:
    await paid.world.person("sur", "ana@example.com", [("agua", "1")])
    await paid.world.person("sur", "eva@example.com", [("agua", "2")])
    await paid.paid()
    ana, eva = [await paid.world.actor("sur", email) for email in ("ana@example.com", "eva@example.com")]
    (account,) = (await paid.ask(HAPPENED, ana))["viewer"]["accounts"]["nodes"]
    came = account["audit"]["nodes"][0]
    assert (came["kind"], came["actor"]) == ("PAYMENT_CONFIRMED", None)
    told = {each["key"]: each["value"] for each in came["details"]}
    assert told == {"reference": REFERENCE, "amount": "705.00", "currency": "ARS"}
    assert "PAYMENT_CONFIRMED" not in str(await paid.ask(HAPPENED, eva))


@pytest.mark.parametrize("done", [False, True])
async def test_whatever_fails_it_is_booked_once(tmp_path: Path, store_url: str, *, done: bool) -> None:
    runs = 0
    async for effects in each_effect(done=done):
        runs += 1
        async with open_paid(tmp_path / str(runs), store_url) as paid:
            await paid.unpaid()
            await paid.told(news())
            async with fragile(paid.world.services, store_url, effects) as services:
                booking = errand(paid, store=services.store, offices=services.offices)
                for _ in range(4):
                    with suppress(DatabaseUnavailableError):
                        await booking.serve(paid.manager, lambda: False)
                    paid.clock.go(minutes=11)
            found = await paid.held()
            assert (found.states, found.bookings, found.documents) == (["SUCCEEDED"], ["BOOKED"], [])
            assert await paid.books() == BOOKED
    assert runs > 4


async def test_what_went_back_before_it_was_booked_is_booked_all_the_same(paid: Paid) -> None:
    await paid.unpaid()
    await paid.told(news(NewsStatus.REFUNDED))
    await paid.book()
    await paid.give_back()
    assert await paid.books() == (["REFUNDED 70000"], *OPEN[1:])
