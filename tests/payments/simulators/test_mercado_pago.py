"""Mercado Pago's protocol as the simulator speaks it."""

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx2
import msgspec
import pytest

from tests.payments.simulators.bench import APPLICATION, HOST, NOW, REFERENCE, Bench
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import NewsStatus, PlatformError, PlatformFault, RefundOrder, RefundState

pytestmark = pytest.mark.anyio
API = f"{HOST}/pay/mercado_pago"
TOKEN = {"authorization": f"Bearer {APPLICATION.access_token}"}
PREFERENCE: dict[str, Any] = {
    "items": [{"title": "Agua", "quantity": 2, "unit_price": 10.5, "currency_id": "ARS"}],
    "external_reference": REFERENCE,
}


async def post(bench: Bench, path: str, body: object, **headers: str) -> httpx2.Response:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return await bench.browser.post(f"{API}{path}", content=msgspec.json.encode(body), headers={**TOKEN, **told})


def refund_of(payment_id: str, minor: int, key: str = "a" * 32) -> RefundOrder:
    paid = Money(1_234_500, "ARS")
    return RefundOrder(key=key, reference=REFERENCE, payment_id=payment_id, paid=paid, amount=Money(minor, "ARS"))


async def test_a_preference_comes_to_the_sum_of_its_items(mercado_pago: Bench) -> None:
    answer = await post(mercado_pago, "/checkout/preferences", PREFERENCE)

    assert answer.status_code == 201
    assert mercado_pago.memory.orders[REFERENCE].amount == Money(2_100, "ARS")
    assert answer.json()["init_point"].startswith(f"{API}/checkout/v1/redirect?pref_id=")
    assert mercado_pago.memory.orders[REFERENCE].expires_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": []},
        {"items": [{"title": "x", "quantity": 1, "unit_price": 10.555, "currency_id": "ARS"}]},
        {"items": [{"title": "x", "quantity": 0, "unit_price": 10, "currency_id": "ARS"}]},
        {"items": [{"title": "x", "quantity": 1, "unit_price": "ten", "currency_id": "ARS"}]},
        {"items": [{"title": "x", "quantity": 1, "unit_price": 1, "currency_id": "pesos"}]},
        {"external_reference": ""},
        {"back_urls": {"success": "nowhere"}},
        {"notification_url": "ftp://portal.example"},
        {"payer": "marta"},
    ],
)
async def test_a_preference_has_its_form(mercado_pago: Bench, wrong: dict[str, Any]) -> None:
    answer = await post(mercado_pago, "/checkout/preferences", {**PREFERENCE, **wrong})

    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")
    assert mercado_pago.memory.orders == {}


async def test_nobody_is_answered_without_the_token(mercado_pago: Bench) -> None:
    await mercado_pago.begin()
    payment = mercado_pago.simulator.pay(REFERENCE)
    for path in ("/v1/payments/search", f"/v1/payments/{payment.id}", f"/v1/payments/{payment.id}/refunds"):
        assert (await mercado_pago.browser.get(f"{API}{path}")).status_code == 401
    for path in ("/checkout/preferences", f"/v1/payments/{payment.id}/refunds"):
        answer = await post(mercado_pago, path, {}, authorization="Bearer other")
        assert answer.status_code == 401


async def test_the_webhook_signs_what_it_is_about(mercado_pago: Bench) -> None:
    await mercado_pago.begin()
    payment = mercado_pago.simulator.pay(REFERENCE)
    await mercado_pago.simulator.deliver()
    (heard,) = mercado_pago.portal.heard
    request_id, stamp = heard.headers["x-request-id"], str(int(NOW.timestamp() * 1000))

    assert ("data.id", payment.id) in heard.query
    signed = f"id:{payment.id};request-id:{request_id};ts:{stamp};".encode()
    digest = hmac.new(APPLICATION.webhook_secret.encode(), signed, sha256).hexdigest()
    assert heard.headers["x-signature"] == f"ts={stamp},v1={digest}"
    assert msgspec.json.decode(heard.body)["action"] == "payment.created"


async def test_a_refund_is_done_once_and_told(mercado_pago: Bench) -> None:
    await mercado_pago.begin()
    payment = mercado_pago.simulator.pay(REFERENCE)
    mercado_pago.clock.move(days=1)
    asked = [await mercado_pago.asking.ask(mercado_pago.platform.refund(refund_of(payment.id, 500))) for _ in range(2)]
    await mercado_pago.simulator.deliver()

    assert asked[0] == asked[1]
    assert asked[0].state is RefundState.DONE
    (news,) = await mercado_pago.status()
    assert (news.status, news.refunded) == (NewsStatus.PARTIALLY_REFUNDED, Money(500, "ARS"))
    assert (news.amount, news.paid_at) == (Money(1_234_500, "ARS"), NOW)
    assert (await mercado_pago.told())[-1] == news


async def test_the_rest_goes_back_without_an_amount(mercado_pago: Bench) -> None:
    await mercado_pago.begin()
    payment = mercado_pago.simulator.pay(REFERENCE)
    for _ in range(2):
        answer = await post(mercado_pago, f"/v1/payments/{payment.id}/refunds", {}, x_idempotency_key="whole")
        assert (answer.status_code, answer.json()["amount"]) == (201, 12_345)

    (news,) = await mercado_pago.status()
    assert (news.status, news.refunded) == (NewsStatus.REFUNDED, Money(1_234_500, "ARS"))
    with pytest.raises(PlatformError) as refused:
        await mercado_pago.asking.ask(mercado_pago.platform.refund(refund_of(payment.id, 1, "b" * 32)))
    assert refused.value.fault is PlatformFault.REFUSED


async def test_a_lost_answer_loses_no_money(mercado_pago: Bench) -> None:
    mercado_pago.simulator.lose()
    with pytest.raises(PlatformError) as lost:
        await mercado_pago.begin()
    assert lost.value.fault is PlatformFault.UNAVAILABLE
    await mercado_pago.begin()
    payment = mercado_pago.simulator.pay(REFERENCE)
    refund = mercado_pago.platform.refund(refund_of(payment.id, 500))
    mercado_pago.simulator.lose(2)
    for _ in range(2):
        with pytest.raises(PlatformError) as lost:
            await mercado_pago.asking.ask(refund)
        assert lost.value.fault is PlatformFault.UNAVAILABLE

    assert (await mercado_pago.asking.ask(refund)).state is RefundState.DONE
    assert len(mercado_pago.memory.orders) == len(mercado_pago.memory.refunds) == 1
    assert mercado_pago.memory.payments[payment.id].refunded_minor == 500


async def test_a_refund_has_a_key_and_a_payment(mercado_pago: Bench) -> None:
    await mercado_pago.begin()
    payment = mercado_pago.simulator.pay(REFERENCE)
    refunds = f"/v1/payments/{payment.id}/refunds"
    await post(mercado_pago, refunds, {"amount": 5}, x_idempotency_key="one")

    assert (await post(mercado_pago, refunds, {"amount": 5})).status_code == 400
    assert (await post(mercado_pago, refunds, {"amount": 6}, x_idempotency_key="one")).status_code == 409
    assert (await post(mercado_pago, refunds, {"amount": -5}, x_idempotency_key="two")).status_code == 400
    assert (await post(mercado_pago, "/v1/payments/1/refunds", {}, x_idempotency_key="three")).status_code == 404
    listed = await mercado_pago.browser.get(f"{API}{refunds}", headers=TOKEN)
    assert [refund["amount"] for refund in listed.json()] == [5]


async def test_the_bank_takes_it_back(mercado_pago: Bench) -> None:
    await mercado_pago.begin()
    mercado_pago.simulator.pay(REFERENCE)
    mercado_pago.clock.move(days=40)
    mercado_pago.simulator.chargeback(REFERENCE)
    await mercado_pago.simulator.deliver()

    assert [news.status for news in await mercado_pago.status()] == [NewsStatus.REVERSED]
    assert msgspec.json.decode(mercado_pago.portal.heard[-1].body)["action"] == "payment.updated"


async def test_what_was_paid_within_a_time_is_listed_page_by_page(mercado_pago: Bench) -> None:
    paid: list[str] = []
    for number in range(60):
        reference = f"order{number:03}x"
        await mercado_pago.begin(reference=reference)
        paid.append(mercado_pago.simulator.pay(reference).id)
        mercado_pago.clock.move(minutes=1)
    listed: list[str] = []
    after: str | None = None
    for _ in range(2):
        ask = mercado_pago.platform.listing(NOW + timedelta(minutes=1), NOW + timedelta(minutes=59), after)
        page = await mercado_pago.asking.ask(ask)
        listed += [news.payment_id for news in page.news]
        after = page.after

    assert listed == paid[1:59]
    assert after is None


@pytest.mark.parametrize("query", ["", "?range=date_approved", "?external_reference=x&limit=many"])
async def test_a_search_says_what_for(mercado_pago: Bench, query: str) -> None:
    answer = await mercado_pago.browser.get(f"{API}/v1/payments/search{query}", headers=TOKEN)
    assert answer.status_code == 400
