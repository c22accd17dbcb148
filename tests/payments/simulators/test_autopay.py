"""Autopay's protocol as the simulator speaks it: the documentation's own hashes, and what it does not take."""

import base64
import re
from collections.abc import AsyncIterator
from hashlib import sha256
from urllib.parse import parse_qs

import httpx2
import pytest
from msgspec.structs import replace

from tests.payments.simulators.bench import HOST, REFERENCE, SERVICE, Bench, Clock, fields_of
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import PlatformError, PlatformFault, RefundOrder, RefundState
from ventanilla.payments.simulators.app import app_of
from ventanilla.payments.simulators.autopay import AutopayService, AutopaySimulator
from ventanilla.payments.simulators.courier import Courier
from ventanilla.payments.simulators.memory import Memory
from ventanilla.payments.simulators.refused import RefusedError, Why
from ventanilla.payments.simulators.simulator import Shop

pytestmark = pytest.mark.anyio
START = f"{HOST}/pay/autopay/payment"
FIELDS = {
    "ServiceID": SERVICE.service_id,
    "OrderID": REFERENCE,
    "Amount": "12.50",
    "Currency": "PLN",
    "ValidityTime": "2026-11-15 14:00:00",
    "ReturnURL": "https://portal.example/return",
}
"""What a payment is started with, in the order of the numbers. Warsaw is an hour ahead of the clock."""


def hashed(*values: str, key: str = SERVICE.shared_key) -> str:
    return sha256("|".join([*filter(None, values), key]).encode()).hexdigest()


def signed(fields: dict[str, str]) -> dict[str, str]:
    return {**fields, "Hash": hashed(*fields.values())}


def refund_of(payment_id: str, minor: int, key: str = "a" * 32) -> RefundOrder:
    paid = Money(1_234_500, "PLN")
    return RefundOrder(key=key, reference=REFERENCE, payment_id=payment_id, paid=paid, amount=Money(minor, "PLN"))


@pytest.fixture
async def documented() -> AsyncIterator[AutopaySimulator]:
    """The service that the documentation starts a payment of."""
    shop = Shop(name="Osiedle", address=f"{HOST}/pay/autopay", notify_url="https://portal.example/itn")
    service = AutopayService(service_id="2", shared_key="2test2")
    simulator = AutopaySimulator(shop, service, Memory(), Clock(), Courier())
    yield simulator
    simulator.memory.close()


async def test_start_and_return_have_the_hashes_of_the_documentation(documented: AutopaySimulator) -> None:
    hash_ = "2ab52e6918c6ad3b69a8228a2ab815f11ad58533eeed963dd990df8d8c3709d1"
    fields = {"ServiceID": "2", "OrderID": "100", "Amount": "1.50", "Hash": hash_}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app_of([documented]))) as browser:
        assert (await browser.post(START, data=fields)).status_code == 303
        assert (await browser.post(START, data={**fields, "Hash": hash_.upper()})).status_code == 400

    order = documented.memory.orders["100"]
    assert order.amount == Money(150, "PLN")
    assert documented.back(order, None) == ""
    back = fields_of(documented.back(replace(order, return_url="https://portal.example/"), None))
    assert back["Hash"] == "254eac9980db56f425acf8a9df715cbd6f56de3c410b05f05016630f7d30a4ed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"Hash": "0" * 64},
        {"Hash": ""},
        {"Amount": "12.51"},
        {"ServiceID": "1"},
    ],
)
async def test_what_is_not_hashed_so_is_an_error_page_without_a_way_back(autopay: Bench, wrong: dict[str, str]) -> None:
    page = await autopay.browser.post(START, data={**signed(FIELDS), **wrong})

    assert page.status_code == 400
    assert "portal.example" not in page.text
    assert autopay.memory.orders == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"Amount": "12.5"},
        {"Amount": "0.00"},
        {"Amount": "12,50"},
        {"Currency": "ARS"},
        {"OrderID": "with space"},
        {"OrderID": "x" * 33},
        {"ReturnURL": "javascript:alert(1)"},
        {"ReturnURL": "https://portal.example;script-src*/"},
        {"ReturnURL": "https://[portal.example/"},
        {"ValidityTime": "tomorrow"},
        {"ValidityTime": "2026-11-15 13:00:00"},
        {"ValidityTime": "2026-12-17 14:00:00"},
    ],
)
async def test_fields_have_their_forms(autopay: Bench, wrong: dict[str, str]) -> None:
    assert (await autopay.browser.post(START, data=signed({**FIELDS, **wrong}))).status_code == 400
    assert autopay.memory.orders == {}


async def test_a_field_that_nobody_knows_and_a_body_that_is_no_form_are_refused(autopay: Bench) -> None:
    unknown = await autopay.browser.post(START, data=signed({**FIELDS, "Zzz": "1"}))
    doubled = await autopay.browser.post(START, content=b"ServiceID=1&ServiceID=1")
    no_form = await autopay.browser.post(START, content=b"\xff")
    endless = await autopay.browser.post(START, content=b"a" * 70_000)

    assert {answer.status_code for answer in (unknown, doubled, no_form, endless)} == {400}


async def test_an_order_keeps_its_amount(autopay: Bench) -> None:
    assert (await autopay.browser.post(START, data=signed(FIELDS))).status_code == 303
    assert (await autopay.browser.post(START, data=signed({**FIELDS, "Amount": "13.50"}))).status_code == 400
    assert autopay.memory.orders[REFERENCE].amount == Money(1_250, "PLN")


async def test_the_notification_is_base64_of_xml_with_the_hash_of_its_values(autopay: Bench) -> None:
    await autopay.begin()
    payment = autopay.simulator.pay(REFERENCE)
    await autopay.simulator.deliver()
    (heard,) = autopay.portal.heard
    xml = base64.b64decode(parse_qs(heard.body.decode())["transactions"][0]).decode()

    values = re.findall("<[A-Za-z]+>([^<]+)</", xml)
    assert values[:-1] == [
        *(SERVICE.service_id, REFERENCE, payment.id, "12345.00", "PLN", "509"),
        *("20261115130000", "SUCCESS", "AUTHORIZED"),
    ]
    assert values[-1] == hashed(*values[:-1])


async def test_a_refund_is_taken_at_once_and_done_later(autopay: Bench) -> None:
    await autopay.begin()
    payment = autopay.simulator.pay(REFERENCE)
    await autopay.simulator.deliver()
    order = refund_of(payment.id, 500)
    asked = [await autopay.asking.ask(autopay.platform.refund(order)) for _ in range(2)]
    under_way = await autopay.asking.ask(autopay.platform.refund_status(order))
    autopay.clock.move(seconds=3)

    assert [told.state for told in (*asked, under_way)] == [RefundState.ACCEPTED] * 3
    assert (await autopay.asking.ask(autopay.platform.refund_status(order))).state is RefundState.DONE
    assert autopay.memory.payments[payment.id].left == Money(1_234_000, "PLN")
    assert await autopay.simulator.deliver() == []


async def test_no_more_goes_back_than_came(autopay: Bench) -> None:
    await autopay.begin()
    payment = autopay.simulator.pay(REFERENCE)
    ask = autopay.asking.ask
    await ask(autopay.platform.refund(refund_of(payment.id, 1_000_000)))

    for order in (
        refund_of(payment.id, 234_501, "b" * 32),
        refund_of(payment.id, 999_999),  # another amount under a key that is known
        refund_of("SIM0", 1, "c" * 32),
    ):
        with pytest.raises(PlatformError) as refused:
            await ask(autopay.platform.refund(order))
        assert refused.value.fault is PlatformFault.REFUSED
    assert len(autopay.memory.refunds) == 1


async def test_an_order_is_taken_back_as_long_as_nobody_paid_it(autopay: Bench) -> None:
    ask, platform = autopay.asking.ask, autopay.platform
    assert not await ask(platform.cancel(REFERENCE, None))
    await autopay.begin()
    autopay.simulator.later(REFERENCE)
    assert await ask(platform.cancel(REFERENCE, None))
    autopay.clock.move(minutes=2)
    await autopay.simulator.deliver()

    assert {payment.state for payment in autopay.memory.payments.values()} == {"FAILED"}
    with pytest.raises(RefusedError) as refused:
        autopay.simulator.pay(REFERENCE)
    assert refused.value.why is Why.CLOSED


async def test_what_is_paid_cannot_be_taken_back(autopay: Bench) -> None:
    await autopay.begin()
    autopay.simulator.pay(REFERENCE)

    assert not await autopay.asking.ask(autopay.platform.cancel(REFERENCE, None))
    assert not autopay.memory.orders[REFERENCE].cancelled


@pytest.mark.parametrize("header", [{}, {"bmheader": "other"}])
async def test_a_question_has_its_header_and_its_hash(autopay: Bench, header: dict[str, str]) -> None:
    address, fields = (
        f"{HOST}/pay/autopay/webapi/transactionStatus",
        signed({"ServiceID": SERVICE.service_id, "OrderID": REFERENCE}),
    )
    assert (await autopay.browser.post(address, data=fields, headers=header)).status_code == 400
    right = {"bmheader": "pay-bm"}
    assert (await autopay.browser.post(address, data=fields, headers=right)).status_code == 200
    assert (await autopay.browser.post(address, data={**fields, "Hash": "0"}, headers=right)).status_code == 400


async def test_the_bank_takes_nothing_back_that_autopay_could_tell_of(autopay: Bench) -> None:
    await autopay.begin()
    autopay.simulator.pay(REFERENCE)

    with pytest.raises(RefusedError) as refused:
        autopay.simulator.chargeback(REFERENCE)
    assert refused.value.why is Why.NO_SUCH_THING
