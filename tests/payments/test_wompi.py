from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from msgspec.structs import replace

from tests.payments.messages import NOW, REFERENCE, answered, order, platform
from tests.payments.wompi_forge import EVENTS, INTEGRITY, PUBLIC, event
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import (
    Incoming,
    News,
    NewsStatus,
    Notification,
    NotVerifiedError,
    PlatformError,
    PlatformFault,
    Redirect,
)
from ventanilla.payments.wompi.signing import signed

STAMP = int(NOW.timestamp())
TRANSACTION: dict[str, Any] = {
    "id": "1234-1610641025-49201",
    "amount_in_cents": 4_490_000,
    "reference": REFERENCE,
    "customer_email": "juan@example.com",
    "currency": "COP",
    "payment_method_type": "NEQUI",
    "status": "APPROVED",
    "finalized_at": "2026-03-02T15:04:05.000Z",
}


def hear(incoming: Incoming, now: datetime = NOW) -> Notification:
    return platform("wompi").notification(incoming, now)


def is_refused(incoming: Incoming, now: datetime = NOW) -> bool:
    with pytest.raises(NotVerifiedError) as caught:
        hear(incoming, now)
    return caught.value.reply.status == 401


def altered(incoming: Incoming, **changes: Any) -> Incoming:
    """The same event, with other values and the checksum that it had."""
    return replace(incoming, body=json.dumps({**json.loads(incoming.body), **changes}).encode())


# -- signatures ----------------------------------------------------------------------------------------------------

INTEGRITY_SECRET = "prod_integrity_Z5mMke9x0k8gpErbDqwrJXMqsI6SFli6"
EVENTS_SECRET = "prod_events_OcHnIzeBl5socpwByQ4hA52Em3USQ93Z"


def test_the_documentations_integrity_signature() -> None:
    told = signed(("sk8-438k4-xmxm392-sn2m", "2490000", "COP"), INTEGRITY_SECRET)
    assert told == "37c8407747e595535433ef8f6a811d853cd943046624a0ec04662b17bbf33bf5"
    assert not told.startswith("3a4bd1f3"), "what notes of others print for the same string is wrong"


def test_nothing_between_the_values_means_that_digits_may_move() -> None:
    """Why references end with a letter, and why amount and reference are compared with our own."""
    moved = signed(("sk8-438k4-xmxm392-sn2m24", "90000", "COP"), INTEGRITY_SECRET)
    assert moved == signed(("sk8-438k4-xmxm392-sn2m", "2490000", "COP"), INTEGRITY_SECRET)


def test_the_documentations_event_and_that_its_printed_checksum_is_wrong() -> None:
    told = signed(("1234-1610641025-49201", "APPROVED", "4490000", "1530291411"), EVENTS_SECRET)
    assert told == "5a18ec5e8fdb7df463e9f94774cba8f583ba21bd04a09ceff2ea68a4bc0aefbe"
    assert not told.upper().startswith("3476DDA5")


# -- starting ------------------------------------------------------------------------------------------------------


def start(minor: int = 4_490_000, **other: Any) -> dict[str, str]:
    found = platform("wompi").start(order(minor, "COP", **other))
    assert isinstance(found, Redirect)
    assert found.url.startswith("https://checkout.wompi.co/p/?")
    return dict(parse_qsl(urlsplit(found.url).query, strict_parsing=True))


def test_a_start_is_an_address_with_everything_signed() -> None:
    joined = f"{REFERENCE}4490000COP2026-03-02T16:04:05.000Z{INTEGRITY}"
    assert start() == {
        "public-key": PUBLIC,
        "currency": "COP",
        "amount-in-cents": "4490000",
        "reference": REFERENCE,
        "signature:integrity": sha256(joined.encode()).hexdigest(),
        "redirect-url": "https://portal.example/checkouts/t0k3n/return",
        "expiration-time": "2026-03-02T16:04:05.000Z",
        "customer-data:email": "jan@example.com",
    }
    assert "customer-data:email" not in start(email=None)


def test_a_reference_that_ends_with_a_digit_is_refused() -> None:
    with pytest.raises(PlatformError, match="must end with a letter"):
        start(reference="a1b2c3d4e5f60")


def test_less_than_pse_takes_is_refused() -> None:
    assert start(150_000)["amount-in-cents"] == "150000"
    with pytest.raises(PlatformError) as caught:
        start(149_999)
    assert caught.value.fault is PlatformFault.REFUSED


# -- events --------------------------------------------------------------------------------------------------------


def test_an_event_is_a_hint_of_its_transaction() -> None:
    heard = hear(event(TRANSACTION, STAMP))
    assert (heard.hint, heard.news) == ("1234-1610641025-49201", ())
    assert heard.accepted.status == 200


@pytest.mark.parametrize("write", [str.upper, str.lower, str.swapcase])
def test_large_and_small_letters_are_one(write: Any) -> None:
    incoming = event(TRANSACTION, STAMP)
    told = json.loads(incoming.body)["signature"]
    other = altered(incoming, signature={**told, "checksum": write(told["checksum"])})
    assert hear(replace(other, headers={"x-event-checksum": write(told["checksum"])})) == hear(incoming)


def test_the_header_may_be_missing_and_must_not_differ() -> None:
    incoming = event(TRANSACTION, STAMP)
    assert hear(replace(incoming, headers={})) == hear(incoming)
    assert is_refused(replace(incoming, headers={"x-event-checksum": "0" * 64}))


def test_what_is_not_signed_changes_nothing() -> None:
    """The reference is not: it is asked for."""
    incoming = event(TRANSACTION, STAMP)
    other = altered(incoming, data={"transaction": {**TRANSACTION, "reference": "somebodyelsez", "currency": "USD"}})
    assert hear(other) == hear(incoming)


def test_what_moves_from_the_amount_to_the_moment_is_out_of_time() -> None:
    """Shifted by a digit the checksum still fits, and the event is another: its moment is years away."""
    told = {**TRANSACTION, "amount_in_cents": int(f"4490000{str(STAMP)[0]}")}
    moved = altered(event(TRANSACTION, STAMP), data={"transaction": told}, timestamp=int(str(STAMP)[1:]))
    with pytest.raises(NotVerifiedError, match="its moment is another"):
        hear(moved)


@pytest.mark.parametrize("change", [{"id": "1-2-3"}, {"status": "DECLINED"}, {"amount_in_cents": 1}])
def test_what_is_signed_is_not_altered(change: dict[str, Any]) -> None:
    assert is_refused(altered(event(TRANSACTION, STAMP), data={"transaction": {**TRANSACTION, **change}}))


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=27, minutes=30), timedelta(days=7)])
def test_what_is_repeated_for_days_is_still_heard(late: timedelta) -> None:
    assert hear(event(TRANSACTION, STAMP), NOW + late).hint


@pytest.mark.parametrize("off", [timedelta(days=8), -timedelta(minutes=6)])
def test_what_is_older_or_comes_before_its_time_is_refused(off: timedelta) -> None:
    assert is_refused(event(TRANSACTION, STAMP), NOW + off)


def test_the_secret_of_the_sandbox_is_another() -> None:
    assert is_refused(event(TRANSACTION, STAMP, secret=f"{EVENTS}x"))


def test_an_event_about_something_else_is_heard_and_left() -> None:
    values = {"token": {"id": "nequi_1", "status": "APPROVED"}}
    checksum = signed(("nequi_1", str(STAMP)), EVENTS)
    told = {"event": "nequi_token.updated", "data": values, "timestamp": STAMP}
    body = {**told, "signature": {"properties": ["token.id"], "checksum": checksum}}
    heard = hear(Incoming(method="POST", query=(), headers={}, body=json.dumps(body).encode()))
    assert (heard.hint, heard.news) == (None, ())


@pytest.mark.parametrize(
    "properties",
    [["transaction.nothing"], ["transaction"], [""], ["transaction.id.x"], ["a" * 1_000], ["transaction.id"] * 21],
)
def test_properties_that_lead_nowhere_are_refused(properties: list[str]) -> None:
    incoming = event(TRANSACTION, STAMP)
    signature = {"properties": properties, "checksum": "0" * 64}
    assert is_refused(altered(incoming, signature=signature))


def test_no_properties_sign_nothing() -> None:
    """A checksum over the moment alone would be the same for every event of a second."""
    signature = {"properties": [], "checksum": signed((str(STAMP),), EVENTS)}
    assert hear(altered(replace(event(TRANSACTION, STAMP), headers={}), signature=signature)).hint is None


# -- transactions --------------------------------------------------------------------------------------------------


def read(**changes: Any) -> News:
    answer = answered(json.dumps({"data": {**TRANSACTION, **changes}}))
    (news,) = platform("wompi").hinted("1-2").read(answer)
    return news


def test_a_transaction_is_told_in_cents() -> None:
    assert read() == News(
        reference=REFERENCE,
        payment_id="1234-1610641025-49201",
        status=NewsStatus.CONFIRMED,
        amount=Money(4_490_000, "COP"),
        paid_at=datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC),
        method="Nequi",
        detail="APPROVED",
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("PENDING", NewsStatus.PENDING),
        ("DECLINED", NewsStatus.FAILED),
        ("ERROR", NewsStatus.FAILED),
        ("VOIDED", NewsStatus.REFUNDED),
        ("INVENTED", NewsStatus.PENDING),
    ],
)
def test_what_a_status_means(word: str, status: NewsStatus) -> None:
    news = read(status=word)
    assert news.status is status
    assert news.refunded == (news.amount if status is NewsStatus.REFUNDED else None)


@pytest.mark.parametrize(
    "wrong",
    [{"amount_in_cents": 1.5}, {"amount_in_cents": -1}, {"amount_in_cents": 10**15}, {"currency": "USD"}, {"id": 1}],
)
def test_what_no_transaction_holds_is_unreadable(wrong: dict[str, Any]) -> None:
    with pytest.raises(PlatformError) as caught:
        read(**wrong)
    assert caught.value.fault is PlatformFault.UNREADABLE


def test_a_reference_is_asked_with_the_private_key_and_an_id_with_the_public_one() -> None:
    by_reference, by_id = platform("wompi").status(REFERENCE, None).request, platform("wompi").hinted("1-2").request
    assert by_reference.url == f"https://sandbox.wompi.co/v1/transactions?reference={REFERENCE}"
    assert by_reference.headers["authorization"].startswith("Bearer prv_test_")
    assert by_id.url == "https://sandbox.wompi.co/v1/transactions/1-2"
    assert by_id.headers["authorization"] == f"Bearer {PUBLIC}"


def test_declined_and_then_approved_are_two_payments_of_one_reference() -> None:
    told = [{**TRANSACTION, "id": "1-1-1", "status": "DECLINED"}, TRANSACTION, {**TRANSACTION, "reference": "otherz"}]
    found = platform("wompi").status(REFERENCE, None).read(answered(json.dumps({"data": told})))
    assert [news.status for news in found] == [NewsStatus.FAILED, NewsStatus.CONFIRMED]


def test_what_is_not_there_tells_nothing() -> None:
    assert platform("wompi").hinted("1-2").read(answered("{}", 404)) == ()
    assert platform("wompi").status(REFERENCE, None).read(answered("{}", 404)) == ()


@pytest.mark.parametrize("hint", ["../merchants", "1?x", "", "a/b", "é"])
def test_a_hint_leads_nowhere_else(hint: str) -> None:
    with pytest.raises(PlatformError, match="no transaction has such an id"):
        platform("wompi").hinted(hint)
