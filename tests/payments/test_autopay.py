from __future__ import annotations

import base64
import hashlib
import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.payments.autopay_forge import KEY, SERVICE, hashed, posted, xml_of
from tests.payments.messages import NOW, REFERENCE, answered, order, platform, refund
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.autopay.configuration import HashName
from ventanilla.payments.autopay.document import read_document
from ventanilla.payments.autopay.hashing import Hashing
from ventanilla.payments.autopay.transactions import ORDER
from ventanilla.payments.contract import (
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

PAID = {
    "orderID": REFERENCE,
    "remoteID": "96VSD39Z6E",
    "amount": "11.11",
    "currency": "PLN",
    "gatewayID": "509",
    "paymentDate": "20260302160405",
    "paymentStatus": "SUCCESS",
    "paymentStatusDetails": "AUTHORIZED",
}


def hear(incoming: Incoming) -> Notification:
    return platform("autopay").notification(incoming, NOW)


def refused(incoming: Incoming) -> NotVerifiedError:
    with pytest.raises(NotVerifiedError) as caught:
        hear(incoming)
    return caught.value


def the(notification: Notification) -> News:
    (news,) = notification.news
    return news


# -- the hash ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "key", "wanted"),
    [
        (("2", "100", "1.50"), "2test2", "2ab52e6918c6ad3b69a8228a2ab815f11ad58533eeed963dd990df8d8c3709d1"),
        (("2", "100"), "2test2", "254eac9980db56f425acf8a9df715cbd6f56de3c410b05f05016630f7d30a4ed"),
        (
            ("1", "11", "91", "11.11", "PLN", "1", "20010101111111", "SUCCESS", "AUTHORIZED"),
            "1test1",
            "a103bfe581a938e9ad78238cfc674ffafdd6ec70cb6825e7ed5c41787671efe4",
        ),
        (("1", "11", "CONFIRMED"), "1test1", "c1e9888b7d9fb988a4aae0dfbff6d8092fc9581e22e02f335367dd01058f9618"),
    ],
)
def test_the_documentations_hashes(values: tuple[str, ...], key: str, wanted: str) -> None:
    assert Hashing(HashName.SHA256, key).of(values) == wanted


def test_what_is_empty_leaves_no_separator() -> None:
    hashing = Hashing(HashName.SHA256, "k")
    assert hashing.of(("1", "", "2")) == hashing.of(("1", "2"))


def test_the_longer_hash_is_had_by_agreement() -> None:
    assert Hashing(HashName.SHA512, "k").of(("a",)) == hashlib.sha512(b"a|k").hexdigest()


# -- starting ------------------------------------------------------------------------------------------------------


def start(**settings: Any) -> Redirect:
    found = platform("autopay", **settings).start(order(12_345, "PLN"))
    assert isinstance(found, Redirect)
    return found


def test_a_start_is_a_form_in_the_order_of_its_numbers() -> None:
    redirect = start(gateway_id="509")
    assert redirect.url == "https://testpay.autopay.eu/payment"
    *fields, (last, told) = redirect.fields or ()
    assert fields == [
        ("ServiceID", SERVICE),
        ("OrderID", REFERENCE),
        ("Amount", "123.45"),
        ("Description", "Czynsz 3 2026 ul. Lakowa 5"),
        ("GatewayID", "509"),
        ("Currency", "PLN"),
        ("CustomerEmail", "jan@example.com"),
        ("Language", "PL"),
        ("ValidityTime", "2026-03-02 17:04:05"),
        ("ReturnURL", "https://portal.example/checkouts/t0k3n/return"),
    ]
    assert (last, told) == ("Hash", hashed(*(value for _, value in fields)))


def test_what_is_unknown_is_left_out_of_the_form() -> None:
    found = platform("autopay").start(order(12_345, "PLN", email=None, language="uk"))
    assert isinstance(found, Redirect)
    fields = dict(found.fields or ())
    assert {"GatewayID", "CustomerEmail"}.isdisjoint(fields)
    assert fields["Language"] == "EN"


# -- notifications -------------------------------------------------------------------------------------------------


def test_a_notification_tells_a_payment_and_what_it_is_answered() -> None:
    heard = hear(posted(xml_of(PAID)))
    assert the(heard) == News(
        reference=REFERENCE,
        payment_id="96VSD39Z6E",
        status=NewsStatus.CONFIRMED,
        amount=Money(1_111, "PLN"),
        paid_at=datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC),
        method="BLIK",
        detail="AUTHORIZED",
    )
    for reply, word in ((heard.accepted, "CONFIRMED"), (heard.declined, "NOTCONFIRMED")):
        assert (reply.status, reply.media_type) == (200, "application/xml; charset=utf-8")
        root = read_document(reply.body)
        told = root.the("transactionsConfirmations").the("transactionConfirmed")
        assert (root.name, root.value("serviceID")) == ("confirmationList", SERVICE)
        assert (told.value("orderID"), told.value("confirmation")) == (REFERENCE, word)
        assert root.value("hash") == hashed(SERVICE, REFERENCE, word)


def test_summer_dates_are_polands_local_time() -> None:
    told = the(hear(posted(xml_of({**PAID, "paymentDate": "20260702160405"}))))
    assert told.paid_at == datetime(2026, 7, 2, 14, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("SUCCESS", NewsStatus.CONFIRMED),
        ("FAILURE", NewsStatus.FAILED),
        ("PENDING", NewsStatus.PENDING),
        ("ON_HOLD", NewsStatus.PENDING),
    ],
)
def test_a_status_that_is_not_known_is_under_way(word: str, status: NewsStatus) -> None:
    assert the(hear(posted(xml_of({**PAID, "paymentStatus": word})))).status is status


def test_the_same_status_is_one_event_whatever_else_is_added() -> None:
    first = hear(posted(xml_of(PAID)))
    more = hear(posted(xml_of({**PAID, "paymentStatusDetails": "ACCEPTED", "customerNumber": "7"})))
    failed = hear(posted(xml_of({**PAID, "paymentStatus": "FAILURE"})))
    other = hear(posted(xml_of({**PAID, "remoteID": "96VSD39Z6F"})))
    assert first.event_id == more.event_id
    assert len({first.event_id, failed.event_id, other.event_id}) == 3


def test_with_the_commission_on_top_the_amount_is_what_was_ordered() -> None:
    told = posted(xml_of({**PAID, "amount": "12.01", "startAmount": "11.11"}))
    assert the(platform("autopay", payer_commission=True).notification(told, NOW)).amount == Money(1_111, "PLN")
    assert the(hear(told)).amount == Money(1_201, "PLN")


def test_every_element_of_the_documentation_has_its_place() -> None:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in PAID.items())
    values = [*PAID.values(), "127.0.0.1", "c-1", "Title", "Jan", "Kowalski", "PENDING", "NAME", "NRB", "10.00"]
    values += ["AUTO", "h1", "42", "VISA", "10.00", "v1", "v2", "g-1", "s-1"]
    # The document's own order is another than that of the numbers.
    inner += (
        "<schemeTransactionID>s-1</schemeTransactionID><gatewayCustomerID>g-1</gatewayCustomerID>"
        "<cardData><issuer>VISA</issuer><index>42</index></cardData>"
        "<recurringData><clientHash>h1</clientHash><recurringAction>AUTO</recurringAction></recurringData>"
        '<product><params><param name="a" value="v1"/><param name="b" value="v2"/></params>'
        "<subAmount>10.00</subAmount></product><startAmount>10.00</startAmount>"
        "<verificationStatusReasons><verificationStatusReason>NAME</verificationStatusReason>"
        "<verificationStatusReason>NRB</verificationStatusReason></verificationStatusReasons>"
        "<verificationStatus>PENDING</verificationStatus>"
        "<customerData><lName>Kowalski</lName><fName>Jan</fName><nrb></nrb></customerData>"
        "<title>Title</title><customerNumber>c-1</customerNumber><addressIP>127.0.0.1</addressIP>"
    )
    xml = (
        f"<transactionList><serviceID>{SERVICE}</serviceID><transactions><transaction>{inner}</transaction>"
        f"</transactions><hash>{hashed(SERVICE, *values)}</hash></transactionList>"
    )
    assert the(hear(posted(xml.encode()))).payment_id == "96VSD39Z6E"
    assert len(set(ORDER.values())) == len(ORDER)


def test_an_element_without_a_number_is_declined_and_told(caplog: pytest.LogCaptureFixture) -> None:
    error = refused(posted(xml_of({**PAID, "loyaltyPoints": "3"})))
    assert b"<confirmation>NOTCONFIRMED</confirmation>" in error.reply.body
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "loyaltyPoints" in record.getMessage()


def test_what_is_signed_otherwise_is_declined_with_a_signature_of_ours() -> None:
    error = refused(posted(xml_of(PAID, key="another")))
    assert hashed(SERVICE, REFERENCE, "NOTCONFIRMED").encode() in error.reply.body
    assert error.reply.status == 200


@pytest.mark.parametrize(
    "incoming",
    [
        posted(xml_of(PAID, service="903205")),
        posted(xml_of(PAID, PAID)),
        posted(xml_of()),
        posted(b"<transactionList/>"),
        posted(b"not xml"),
        posted(b""),
        posted(xml_of({**PAID, "orderID": "a|b"})),
        Incoming(method="POST", query=(), headers={}, body=b"transactions=%FF"),
        Incoming(method="POST", query=(), headers={}, body=b"transactions=!!!!"),
        Incoming(method="POST", query=(), headers={}, body=b"transactions=YQ==&transactions=YQ=="),
        Incoming(method="GET", query=(), headers={}, body=posted(xml_of(PAID)).body),
    ],
)
def test_what_is_no_notification_gets_no_signature(incoming: Incoming) -> None:
    error = refused(incoming)
    assert error.reply.status == 400
    assert b"hash" not in error.reply.body


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>&undefined;</a>",
        b"<a>" * 20 + b"</a>" * 20,
        b"<a>" + b"<b/>" * 3_000 + b"</a>",
        b'<?xml version="1.0" encoding="UTF-16"?><a/>'.decode().encode("utf-16"),
        b"<a>text<b/></a>",
    ],
)
def test_a_document_leads_nowhere(xml: bytes) -> None:
    assert refused(posted(xml)).reply.status == 400


# -- the hash covers values, not names -----------------------------------------------------------------------------


def forged(told: dict[str, str], told_hash: str) -> Incoming:
    """A document with a hash that somebody got hold of."""
    xml = xml_of(told).decode()
    return posted((xml[: xml.index("<hash>")] + f"<hash>{told_hash}</hash></transactionList>").encode())


def test_the_answer_to_a_forgery_proves_no_payment() -> None:
    """Whoever sends nonsense is answered a signature over their own words: it must not fit a payment."""
    order_id = f"{REFERENCE}|R1|11.11|PLN|1|20260302160405|SUCCESS"
    told = {**PAID, "orderID": order_id}
    assert b"hash" not in refused(posted(xml_of(told, key="unknown"))).reply.body


def test_the_hash_of_a_start_proves_no_payment() -> None:
    """The payer sees the hash of the form, with their own words in it."""
    email = "PLN|1|20260302160405|SUCCESS"
    found = platform("autopay").start(order(1_111, "PLN", email=email))
    assert isinstance(found, Redirect)
    (*fields, (_, told_hash)) = found.fields or ()
    values = [value for _, value in fields[1:]]
    names = ("orderID", "remoteID", "amount", "currency", "gatewayID", "paymentDate", "paymentStatus")
    assert b"NOTCONFIRMED" in refused(forged(dict(zip(names, values, strict=False)), told_hash)).reply.body


def test_a_text_does_not_pass_for_the_amount() -> None:
    genuine, cut = {**PAID, "title": "rent|500.00"}, {**PAID, "title": "rent", "startAmount": "500.00"}
    assert hashed(SERVICE, *genuine.values()) == hashed(SERVICE, *cut.values())
    for told in (genuine, cut):
        assert the(hear(posted(xml_of(told)))).amount == Money(1_111, "PLN")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "11,11"},
        {"amount": "11.1"},
        {"amount": "1e3"},
        {"amount": "-11.11"},
        {"currency": "pln"},
        {"paymentDate": "20261332160405"},
        {"paymentDate": "2026-03-02"},
        {"remoteID": "1.00"},
        {"paymentStatus": ""},
        {"remoteID": ""},
    ],
)
def test_what_is_signed_and_out_of_form_is_declined(wrong: dict[str, str]) -> None:
    assert b"NOTCONFIRMED" in refused(posted(xml_of({**PAID, **wrong}))).reply.body


def test_an_element_that_comes_twice_is_declined() -> None:
    xml = xml_of(PAID).decode().replace("<currency>PLN</currency>", "<currency>PLN</currency><currency>PLN</currency>")
    values = [*PAID.values()]
    values.insert(3, "PLN")
    told = xml[: xml.index("<hash>")] + f"<hash>{hashed(SERVICE, *values)}</hash></transactionList>"
    assert b"NOTCONFIRMED" in refused(posted(told.encode())).reply.body


# -- asking --------------------------------------------------------------------------------------------------------


def test_a_status_is_asked_with_the_header_and_a_hash() -> None:
    request = platform("autopay").status(REFERENCE, None).request
    assert (request.method, request.url) == ("POST", "https://testpay.autopay.eu/webapi/transactionStatus")
    assert request.headers["bmheader"] == "pay-bm"
    wanted = {"ServiceID": SERVICE, "OrderID": REFERENCE, "Hash": hashed(SERVICE, REFERENCE)}
    assert dict(parse_qsl(request.body.decode())) == wanted


def test_a_status_whose_hash_is_another_is_not_believed() -> None:
    ask = platform("autopay").status(REFERENCE, None)
    for body in (xml_of(PAID, key="another"), xml_of(PAID, service="1"), b"<transactionList/>"):
        with pytest.raises(PlatformError) as caught:
            ask.read(answered(body))
        assert caught.value.fault is PlatformFault.UNREADABLE


def test_two_payments_of_one_order_are_told() -> None:
    twice = answered(xml_of(PAID, {**PAID, "remoteID": "OTHER"}))
    found = platform("autopay").status(REFERENCE, None).read(twice)
    assert [news.payment_id for news in found] == ["96VSD39Z6E", "OTHER"]
    assert platform("autopay").status("somebodyelsez", None).read(twice) == ()


@pytest.mark.parametrize(
    ("name", "fault"),
    [("TEMPORARY_DISABLED", PlatformFault.UNAVAILABLE), ("BALANCE_DISABLED", PlatformFault.REFUSED)],
)
def test_a_refund_that_is_refused_says_whether_to_come_again(name: str, fault: PlatformFault) -> None:
    ask = platform("autopay").refund(refund(100, 1_111, "PLN"))
    with pytest.raises(PlatformError, match=name) as caught:
        ask.read(answered(f"<error><statusCode>1</statusCode><name>{name}</name></error>"))
    assert caught.value.fault is fault


def test_a_refund_names_its_amount_and_its_key() -> None:
    order_of_refund = refund(100, 1_111, "PLN", "96VSD39Z6E")
    fields = dict(parse_qsl(platform("autopay").refund(order_of_refund).request.body.decode()))
    values = (SERVICE, order_of_refund.key, "96VSD39Z6E", "1.00", "PLN")
    names = ("ServiceID", "MessageID", "RemoteID", "Amount", "Currency", "Hash")
    assert fields == dict(zip(names, (*values, hashed(*values)), strict=True))


def test_a_receipt_of_another_refund_is_not_believed() -> None:
    told = ("x" * 32, hashed(SERVICE, "x" * 32))
    inner = f"<serviceID>{SERVICE}</serviceID><messageID>{told[0]}</messageID><hash>{told[1]}</hash>"
    xml = f"<transactionRefund>{inner}</transactionRefund>"
    with pytest.raises(PlatformError, match="another refund"):
        platform("autopay").refund(refund(100, 1_111, "PLN")).read(answered(xml))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("NEW", RefundState.ACCEPTED),
        ("FAILED_ATTEMPT_OF_BALANCE_CHANGE", RefundState.ACCEPTED),
        ("DONE", RefundState.DONE),
        ("CANCELED_NO_FUNDS_ON_BALANCE", None),
    ],
)
def test_what_became_of_a_refund(status: str, state: RefundState | None) -> None:
    asked = refund(100, 1_111, "PLN")
    told = hashed(SERVICE, asked.key, status)
    answer = answered(f'{{"messageId": "{asked.key}", "status": "{status}", "remoteOutId": null, "hash": "{told}"}}')
    ask = platform("autopay").refund_status(asked)
    if state is not None:
        assert ask.read(answer).state is state
        return
    with pytest.raises(PlatformError, match=status) as caught:
        ask.read(answer)
    assert caught.value.fault is PlatformFault.REFUSED


def test_a_part_that_is_taken_back_leaves_the_order_payable() -> None:
    ask = platform("autopay").cancel(REFERENCE, None)
    message = dict(parse_qsl(ask.request.body.decode()))["MessageID"]
    told = (SERVICE, message, "CONFIRMED", "CANCELED_PARTIALLY")
    names = ("serviceID", "messageID", "confirmation", "reason", "hash")
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in zip(names, (*told, hashed(*told)), strict=True))
    assert ask.read(answered(f"<transaction>{inner}</transaction>")) is False
    with pytest.raises(PlatformError, match="hash is another"):
        ask.read(answered(f"<transaction>{inner.replace('PARTIALLY', 'FULLY')}</transaction>"))


def test_the_key_is_nowhere_in_what_is_sent() -> None:
    sent = (platform("autopay").refund(refund(1, 1, "PLN")), platform("autopay").status(REFERENCE, None))
    assert all(KEY.encode() not in ask.request.body for ask in sent)
    assert base64.b64encode(KEY.encode()) not in urlencode(list(start().fields or ())).encode()
