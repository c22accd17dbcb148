"""Notifications come again until they are answered as the platform wants it, and no more often than it sends them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.payments.simulators.bench import NOW, PORTAL, REFERENCE, SERVICE, Bench
from tests.ports import free
from ventanilla.payments.autopay.configuration import HashName
from ventanilla.payments.autopay.confirming import confirmation
from ventanilla.payments.autopay.hashing import Hashing
from ventanilla.payments.simulators.courier import Courier
from ventanilla.payments.simulators.records import Sending

pytestmark = pytest.mark.anyio


async def waits(bench: Bench) -> list[float]:
    """After how many seconds each repetition came, until there were no more."""
    waited: list[float] = []
    while bench.memory.notices:
        (notice,) = bench.memory.notices.values()
        waited.append((notice.due_at - bench.clock()).total_seconds())
        bench.clock.now = notice.due_at
        await bench.simulator.deliver()
    return waited


async def test_a_portal_that_does_not_answer_is_told_as_often_as_the_platform_would(bench: Bench) -> None:
    await bench.begin()
    bench.portal.deaf = True
    bench.simulator.pay(REFERENCE)
    (delivery,) = await bench.simulator.deliver()
    assert (delivery.status, delivery.taken) == (503, False)

    expected = [repeat.total_seconds() / bench.simulator.shop.haste for repeat in bench.simulator.repeats]
    assert await waits(bench) == expected
    assert len(bench.portal.heard) == len(expected) + 1
    assert len({heard.body for heard in bench.portal.heard}) == 1


async def test_it_is_not_told_before_its_time(bench: Bench) -> None:
    await bench.begin()
    bench.portal.deaf = True
    bench.simulator.pay(REFERENCE)
    await bench.simulator.deliver()
    bench.portal.deaf = False

    assert await bench.simulator.deliver() == []
    bench.clock.move(days=2)
    (delivery,) = await bench.simulator.deliver()
    assert delivery.taken
    assert bench.memory.notices == {}


async def test_a_portal_that_is_not_there_is_told_later(bench: Bench) -> None:
    nowhere = f"{PORTAL}/payments/nobody"
    bench.simulator.shop = replace(bench.simulator.shop, notify_url=nowhere)
    await bench.begin(notify_url=nowhere)
    bench.simulator.pay(REFERENCE)

    (delivery,) = await bench.simulator.deliver()
    assert (delivery.status, delivery.taken) == (404, False)
    assert len(bench.memory.notices) == 1


async def test_nobody_answers_where_nobody_listens() -> None:
    closed = f"http://127.0.0.1:{free()}/payments"
    courier = Courier()
    assert await courier.carry(Sending(url=closed, headers={}, body=b"")) is None
    await courier.close()


async def test_autopay_repeats_what_is_declined(autopay: Bench) -> None:
    await autopay.begin()
    autopay.portal.declines = True
    autopay.simulator.pay(REFERENCE)

    (delivery,) = await autopay.simulator.deliver()
    assert (delivery.status, delivery.taken) == (200, False)
    assert [notice.due_at for notice in autopay.memory.notices.values()] == [NOW + timedelta(seconds=3)]


def _reply(word: str = "CONFIRMED", key: str = SERVICE.shared_key, order: str = REFERENCE) -> bytes:
    return confirmation(SERVICE.service_id, order, word, Hashing(HashName.SHA256, key)).body


async def test_autopay_takes_the_confirmation_of_its_order_alone(autopay: Bench) -> None:
    await autopay.begin()
    autopay.simulator.pay(REFERENCE)
    (notice,) = autopay.memory.notices.values()
    taken = autopay.simulator.is_taken

    assert taken(notice, 200, _reply())
    assert taken(notice, 200, _reply().replace(b"><", b">\n  <"))
    assert not taken(notice, 201, _reply())
    for wrong in (_reply("NOTCONFIRMED"), _reply(key="another"), _reply(order="anotherorder"), b"", b"OK"):
        assert not taken(notice, 200, wrong)
