"""Wompi's protocol as the simulator speaks it."""

from hashlib import sha256
from urllib.parse import urlencode

import httpx2
import msgspec
import pytest

from tests.payments.simulators.bench import HOST, MERCHANT, NOW, REFERENCE, Bench
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import NewsStatus
from ventanilla.payments.simulators.refused import RefusedError, Why

pytestmark = pytest.mark.anyio
API = f"{HOST}/pay/wompi/v1"
ORDER = {
    "public-key": MERCHANT.public_key,
    "currency": "COP",
    "amount-in-cents": "2490000",
    "reference": "sk8-438k4-xmxm392-sn2m",
    "expiration-time": "",
}


def sealed(*values: str) -> str:
    return sha256("".join(values).encode()).hexdigest()


def signed(order: dict[str, str]) -> dict[str, str]:
    values = (order[name] for name in ("reference", "amount-in-cents", "currency", "expiration-time"))
    return {**order, "signature:integrity": sealed(*values, MERCHANT.integrity_secret)}


async def start(bench: Bench, order: dict[str, str]) -> httpx2.Response:
    return await bench.browser.get(f"{HOST}/pay/wompi/p/?{urlencode(order)}")


async def test_an_order_is_signed_as_documented(wompi: Bench) -> None:
    integrity = "prod_integrity_Z5mMke9x0k8gpErbDqwrJXMqsI6SFli6"
    assert sealed("sk8-438k4-xmxm392-sn2m", "2490000", "COP", integrity).startswith("37c8407747e59553")

    answer = await start(wompi, signed(ORDER))
    assert answer.status_code == 303
    assert wompi.memory.orders[ORDER["reference"]].amount == Money(2_490_000, "COP")


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature:integrity": "0" * 64},
        {"signature:integrity": ""},
        {"amount-in-cents": "2490001"},
        {"public-key": "pub_test_other"},
    ],
)
async def test_an_order_that_is_not_signed_so_is_not_taken(wompi: Bench, wrong: dict[str, str]) -> None:
    page = await start(wompi, {**signed(ORDER), **wrong})

    assert page.status_code == 400
    assert wompi.memory.orders == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "USD"},
        {"amount-in-cents": "0"},
        {"amount-in-cents": "24900.00"},
        {"reference": "with space"},
        {"expiration-time": "tomorrow"},
        {"expiration-time": "2026-11-15T13:00:00"},
        {"redirect-url": "javascript:alert(1)"},
    ],
)
async def test_an_order_has_its_form(wompi: Bench, wrong: dict[str, str]) -> None:
    assert (await start(wompi, signed({**ORDER, **wrong}))).status_code == 400
    assert wompi.memory.orders == {}


async def test_digits_that_move_into_the_reference_make_another_order(wompi: Bench) -> None:
    right = signed(ORDER)
    moved = {**right, "reference": f"{ORDER['reference']}24", "amount-in-cents": "90000"}

    assert (await start(wompi, moved)).status_code == 303  # as Wompi does: its signature has no separators
    assert [order.reference for order in wompi.memory.orders.values()] == [moved["reference"]]


async def test_the_event_is_sealed_over_what_it_names(wompi: Bench) -> None:
    await wompi.begin()
    payment = wompi.simulator.pay(REFERENCE)
    await wompi.simulator.deliver()
    (heard,) = wompi.portal.heard
    event = msgspec.json.decode(heard.body)

    stamp = str(int(NOW.timestamp()))
    checksum = sealed(payment.id, "APPROVED", "1234500", stamp, MERCHANT.events_secret)
    assert event["signature"]["checksum"] == checksum
    assert heard.headers["x-event-checksum"] == checksum.upper()
    assert (event["event"], str(event["timestamp"])) == ("transaction.updated", stamp)


async def test_a_void_is_of_the_whole_and_told(wompi: Bench) -> None:
    await wompi.begin()
    wompi.simulator.pay(REFERENCE)
    with pytest.raises(RefusedError) as refused:
        wompi.simulator.refund(REFERENCE, Money(1, "COP"))
    assert refused.value.why is Why.WHOLE_ONLY
    wompi.simulator.refund(REFERENCE)
    await wompi.simulator.deliver()

    (news,) = await wompi.status()
    assert (news.status, news.refunded) == (NewsStatus.REFUNDED, Money(1_234_500, "COP"))
    assert len(wompi.portal.events) == 2


async def test_what_is_under_way_is_not_told(wompi: Bench) -> None:
    await wompi.begin()
    wompi.simulator.later(REFERENCE)

    assert await wompi.simulator.deliver() == []
    assert [news.status for news in await wompi.status()] == [NewsStatus.PENDING]


async def test_references_are_looked_up_with_the_private_key_alone(wompi: Bench) -> None:
    async def status(path: str, key: str) -> int:
        return (await wompi.browser.get(f"{API}{path}", headers={"authorization": f"Bearer {key}"})).status_code

    await wompi.begin()
    payment = wompi.simulator.pay(REFERENCE)
    by_reference, by_id = f"/transactions?reference={REFERENCE}", f"/transactions/{payment.id}"
    assert await status(by_reference, MERCHANT.public_key) == 401
    assert await status(by_reference, MERCHANT.private_key) == 200
    assert await status(by_id, MERCHANT.public_key) == 200
    assert await status(by_id, "other") == 401
    assert await status("/transactions/1-1-1", MERCHANT.public_key) == 404
    assert await status("/transactions", MERCHANT.private_key) == 422
