from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from msgspec.structs import replace

from tests.payments.mercado_pago_forge import SECRET, TOKEN, signed, webhook
from tests.payments.messages import NOW, REFERENCE, answered, order, platform, refund
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import (
    Ask,
    Incoming,
    News,
    NewsStatus,
    Notification,
    NotVerifiedError,
    PlatformError,
    PlatformFault,
    Redirect,
    RefundState,
)

STAMP = str(int(NOW.timestamp() * 1000))
PAYMENT: dict[str, Any] = {
    "id": 1234567890,
    "status": "approved",
    "status_detail": "accredited",
    "currency_id": "ARS",
    "external_reference": REFERENCE,
    "transaction_amount": 1234.5,
    "transaction_amount_refunded": 0,
    "payment_method_id": "account_money",
    "date_approved": "2026-03-02T12:04:05.000-03:00",
}


def hear(incoming: Incoming, now: datetime = NOW, **settings: Any) -> Notification:
    return platform("mercado_pago", **settings).notification(incoming, now)


def is_refused(incoming: Incoming, now: datetime = NOW, **settings: Any) -> bool:
    with pytest.raises(NotVerifiedError) as caught:
        hear(incoming, now, **settings)
    return caught.value.reply.status == 401


def read(**changes: Any) -> tuple[News, ...]:
    return platform("mercado_pago").hinted("1").read(answered(json.dumps({**PAYMENT, **changes})))


# -- notifications -------------------------------------------------------------------------------------------------


def test_a_signature_that_another_program_reckoned() -> None:
    """By ``openssl dgst -sha256 -hmac`` over ``id:1234567890;request-id:f7b2…;ts:1772463845000;``."""
    told = "a738cd4f87034efee07a381a87c7aef8c3a4d45a0e167f54de68675f279fd005"
    incoming = webhook("1234567890", "1772463845000")
    assert incoming.headers["x-signature"] == f"ts=1772463845000,v1={told}"
    assert hear(incoming).hint == "1234567890"


def test_a_webhook_is_a_hint_of_its_payment() -> None:
    heard = hear(webhook("1234567890", STAMP))
    assert (heard.hint, heard.news) == ("1234567890", ())
    assert (heard.accepted.status, heard.declined.status) == (200, 200)


@pytest.mark.parametrize("stamp", [STAMP, str(int(NOW.timestamp()))])
def test_its_moment_counts_seconds_or_milliseconds(stamp: str) -> None:
    assert hear(webhook("1", stamp)).hint == "1"


def test_what_is_absent_is_left_out_of_what_is_signed() -> None:
    assert hear(webhook("1", STAMP, request_id="")).hint == "1"


def test_the_id_counts_as_it_came_and_in_small_letters() -> None:
    incoming = webhook("abc", STAMP)
    shouted = replace(incoming, query=(("data.id", "ABC"), ("type", "payment")))
    assert hear(shouted).event_id.startswith("ABC:")
    assert hear(webhook("ABC", STAMP)).event_id.startswith("ABC:")


def test_the_body_is_not_believed() -> None:
    incoming = webhook("1", STAMP)
    assert hear(replace(incoming, body=b'{"data": {"id": "2"}}')) == hear(incoming)
    assert hear(replace(incoming, body=b"\xff" * 1_000)) == hear(incoming)


def test_what_kind_of_thing_it_is_about_is_not_believed() -> None:
    incoming = webhook("1", STAMP)
    other = replace(incoming, query=(("data.id", "1"), ("type", "merchant_order")))
    assert hear(other) == hear(incoming)


def test_what_no_payment_is_called_is_heard_and_left() -> None:
    heard = hear(webhook("2c938084726fca480172750000000000", STAMP))
    assert (heard.hint, heard.news) == (None, ())


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1), timedelta(days=4), timedelta(days=7)])
def test_what_is_repeated_for_days_is_still_heard(late: timedelta) -> None:
    assert hear(webhook("1", STAMP), NOW + late).hint == "1"


@pytest.mark.parametrize("off", [timedelta(days=7, seconds=1), -timedelta(minutes=5, seconds=1), -timedelta(days=900)])
def test_what_is_older_or_comes_before_its_time_is_refused(off: timedelta) -> None:
    assert is_refused(webhook("1", STAMP), NOW + off)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "ts=1",
        "v1=abc",
        f"ts={STAMP},v1={'0' * 64}",
        f"ts={STAMP},v1=xyz",
        f"ts={'9' * 16},v1={'0' * 64}",
        "ts=,v1=",
    ],
)
def test_another_signature_is_refused(header: str) -> None:
    incoming = webhook("1", STAMP)
    assert is_refused(replace(incoming, headers={**incoming.headers, "x-signature": header}))


def test_another_application_is_refused() -> None:
    signature = f"ts={STAMP},v1={signed('1', '', STAMP, secret='another')}"
    assert is_refused(replace(webhook("1", STAMP, ""), headers={"x-signature": signature}))


def test_one_part_does_not_pass_for_two() -> None:
    """The manifest of an id and a request is that of an id which holds the request's name."""
    incoming = webhook("1", STAMP, request_id="abc")
    joined = (("data.id", "1;request-id:abc"), ("type", "payment"))
    headers = {"x-signature": incoming.headers["x-signature"]}
    assert is_refused(replace(incoming, query=joined, headers=headers))


def test_a_parameter_that_comes_twice_is_refused() -> None:
    incoming = webhook("1", STAMP)
    assert is_refused(replace(incoming, query=(*incoming.query, ("data.id", "2"))))


def test_an_unsigned_hint_is_heard_only_where_the_manager_says_so() -> None:
    unsigned = Incoming(method="POST", query=(("topic", "payment"), ("id", "77")), headers={}, body=b"")
    assert is_refused(unsigned)
    heard = hear(unsigned, unsigned_hints=True)
    assert (heard.hint, heard.news) == ("77", ())
    assert hear(unsigned, NOW + timedelta(seconds=10), unsigned_hints=True) == heard
    assert hear(unsigned, NOW + timedelta(minutes=2), unsigned_hints=True) != heard
    wrong = webhook("1", STAMP)
    assert is_refused(replace(wrong, headers={"x-signature": "ts=1,v1=2"}), unsigned_hints=True)


# -- payments ------------------------------------------------------------------------------------------------------


def test_a_payment_is_told_exactly() -> None:
    assert read() == (
        News(
            reference=REFERENCE,
            payment_id="1234567890",
            status=NewsStatus.CONFIRMED,
            amount=Money(123_450, "ARS"),
            paid_at=datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC),
            method="Account money",
            detail="accredited",
        ),
    )


@pytest.mark.parametrize(
    ("told", "status", "refunded"),
    [
        ({"status": "pending"}, NewsStatus.PENDING, None),
        ({"status": "in_process"}, NewsStatus.PENDING, None),
        ({"status": "in_mediation"}, NewsStatus.PENDING, None),
        ({"status": "invented"}, NewsStatus.PENDING, None),
        ({"status": "rejected"}, NewsStatus.FAILED, None),
        ({"status": "cancelled"}, NewsStatus.FAILED, None),
        ({"transaction_amount_refunded": 34.5}, NewsStatus.PARTIALLY_REFUNDED, 3_450),
        ({"status": "refunded", "transaction_amount_refunded": 1234.5}, NewsStatus.REFUNDED, 123_450),
        ({"status": "refunded"}, NewsStatus.REFUNDED, 123_450),
        ({"status": "charged_back"}, NewsStatus.REVERSED, 123_450),
    ],
)
def test_what_a_status_means(told: dict[str, Any], status: NewsStatus, refunded: int | None) -> None:
    (news,) = read(**told)
    assert news.status is status
    assert news.refunded == (None if refunded is None else Money(refunded, "ARS"))
    assert news.amount == Money(123_450, "ARS")


@pytest.mark.parametrize(
    ("text", "minor"), [("0.29", 29), ("1019.99", 101_999), ("8.2e1", 8_200), ("123456789.01", 12_345_678_901)]
)
def test_numbers_are_never_floats(text: str, minor: int) -> None:
    body = json.dumps(PAYMENT).replace("1234.5", text)
    (news,) = platform("mercado_pago").hinted("1").read(answered(body))
    assert news.amount == Money(minor, "ARS")


def test_what_is_of_no_order_of_ours_is_left_out() -> None:
    assert read(external_reference=None) == read(external_reference="") == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"transaction_amount": 1.234},
        {"transaction_amount": "NaN"},
        {"transaction_amount": 1e300},
        {"currency_id": "pesos"},
        {"date_approved": "2026-03-02T12:04:05"},
        {"date_approved": "0001-01-01T00:00:00+14:00"},
        {"status": None},
    ],
)
def test_what_no_payment_holds_is_unreadable(wrong: dict[str, Any]) -> None:
    with pytest.raises(PlatformError) as caught:
        read(**wrong)
    assert caught.value.fault is PlatformFault.UNREADABLE


def test_a_payment_that_is_not_there_tells_nothing() -> None:
    assert platform("mercado_pago").hinted("1").read(answered("{}", 404)) == ()


@pytest.mark.parametrize("hint", ["../x", "1?a=b", "", "1/refunds", "é"])
def test_a_hint_leads_nowhere_else(hint: str) -> None:
    with pytest.raises(PlatformError, match="no payment has such an id"):
        platform("mercado_pago").hinted(hint)


def test_a_status_leaves_others_payments_out() -> None:
    other = {**PAYMENT, "external_reference": f"{REFERENCE}x"}
    body = json.dumps({"paging": {"total": 2}, "results": [PAYMENT, other]})
    ask = platform("mercado_pago").status(REFERENCE, None)
    assert [news.reference for news in ask.read(answered(body))] == [REFERENCE]
    assert dict(parse_qsl(urlsplit(ask.request.url).query))["external_reference"] == REFERENCE


# -- what is asked -------------------------------------------------------------------------------------------------


def start(minor: int = 12_345, currency: str = "ARS", **other: Any) -> Ask[Redirect]:
    found = platform("mercado_pago").start(order(minor, currency, **other))
    assert isinstance(found, Ask)
    return found


def test_a_preference_names_everything() -> None:
    request = start().request
    assert (request.method, request.url) == ("POST", "https://api.mercadopago.com/checkout/preferences")
    assert request.headers["x-idempotency-key"] == REFERENCE
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    wanted = json.loads(request.body)
    (item,) = wanted["items"]
    assert (item["quantity"], item["currency_id"], item["unit_price"]) == (1, "ARS", 123.45)
    assert wanted["external_reference"] == REFERENCE
    assert set(wanted["back_urls"].values()) == {"https://portal.example/checkouts/t0k3n/return"}
    assert wanted["notification_url"] == "https://portal.example/payments/x?source_news=webhooks"
    assert (wanted["expires"], wanted["expiration_date_to"]) == (True, "2026-03-02T16:04:05.000+00:00")
    assert wanted["payer"] == {"email": "jan@example.com"}


def test_a_price_is_written_with_its_digits() -> None:
    assert b'"unit_price":123.45' in start().request.body
    assert b'"unit_price":100' in start(10_000).request.body
    assert b'"unit_price":0.10' in start(10).request.body
    assert b'"unit_price":500' in start(500, "CLP").request.body
    assert b'"payer"' not in start(email=None).request.body


def test_pesos_of_colombia_are_whole() -> None:
    assert b'"unit_price":1500' in start(150_000, "COP").request.body
    with pytest.raises(PlatformError, match="whole units"):
        start(150_050, "COP")


def test_people_are_sent_where_the_answer_says() -> None:
    body = json.dumps({"id": "p-1", "init_point": "https://www.mercadopago.com.ar/x?pref_id=p-1"})
    assert start().read(answered(body, 201)) == Redirect(
        url="https://www.mercadopago.com.ar/x?pref_id=p-1", platform_id="p-1"
    )
    for address in ("http://evil.example/", "javascript:alert(1)", "https://", ""):
        with pytest.raises(PlatformError, match="init_point"):
            start().read(answered(json.dumps({"id": "p-1", "init_point": address}), 201))


def test_a_refusal_tells_its_code_and_nothing_else() -> None:
    for body, told in (
        ('{"error": "invalid_items", "message": "jan@example.com"}', "status 400 invalid_items"),
        ('{"error": "the card of <jan@example.com>"}', "status 400"),
        ("<html>", "status 400"),
    ):
        with pytest.raises(PlatformError) as caught:
            start().read(answered(body, 400))
        assert (caught.value.fault, caught.value.detail) == (PlatformFault.REFUSED, told)


def test_a_refund_has_its_key_and_only_a_part_has_an_amount() -> None:
    part = platform("mercado_pago").refund(refund(1_050, 12_345, "ARS"))
    assert part.request.url == "https://api.mercadopago.com/v1/payments/1000001/refunds"
    assert (part.request.headers["x-idempotency-key"], part.request.body) == ("c3" * 16, b'{"amount":10.50}')
    assert platform("mercado_pago").refund(refund(12_345, 12_345, "ARS")).request.body == b"{}"
    done = answered('{"id": 9, "status": "approved"}', 201)
    assert part.read(done).state is RefundState.DONE
    assert part.read(answered('{"id": 9, "status": "in_process"}', 201)).state is RefundState.ACCEPTED


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (201, '{"id": 9, "status": "rejected"}', PlatformFault.REFUSED),
        (400, '{"error": "bad_request"}', PlatformFault.REFUSED),
        (404, "{}", PlatformFault.REFUSED),
        (409, "{}", PlatformFault.UNAVAILABLE),
        (423, "{}", PlatformFault.UNAVAILABLE),
    ],
)
def test_a_refund_that_is_not_done(status: int, body: str, fault: PlatformFault) -> None:
    with pytest.raises(PlatformError) as caught:
        platform("mercado_pago").refund(refund(1, 12_345, "ARS")).read(answered(body, status))
    assert caught.value.fault is fault


def test_secrets_are_not_told() -> None:
    assert SECRET not in repr(start())
    assert TOKEN not in repr(start())
