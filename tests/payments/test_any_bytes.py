"""Whatever comes in from outside, a platform says that it is not verified, and nothing else."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.payments.messages import NOW, platform
from tests.payments.sides import HARNESSES, SECRETS
from ventanilla.payments.contract import Incoming, NotVerifiedError, PlatformError, PlatformResponse

NAMES = sorted(HARNESSES)
HEADERS = ("x-signature", "x-request-id", "x-event-checksum", "content-type")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
TEXT = st.text(max_size=60)
EVENT = st.fixed_dictionaries({}, optional={
    "event": TEXT,
    "data": st.dictionaries(st.sampled_from(("transaction", "a", "")), JSON, max_size=2),
    "signature": st.fixed_dictionaries(
        {"properties": st.lists(st.sampled_from(("transaction.id", "a", ".", "")), max_size=3), "checksum": TEXT}
    ),
    "timestamp": st.integers() | JSON,
})  # fmt: skip
ELEMENT = st.sampled_from(("transactionList", "serviceID", "transactions", "transaction", "orderID", "hash", "a"))
XML = st.recursive(
    st.tuples(ELEMENT, TEXT).map(lambda told: f"<{told[0]}>{told[1]}</{told[0]}>"),
    lambda inner: st.tuples(ELEMENT, st.lists(inner, max_size=4)).map(
        lambda told: f"<{told[0]}>{''.join(told[1])}</{told[0]}>"
    ),
    max_leaves=12,
)


def in_a_form(data: bytes) -> bytes:
    return urlencode({"transactions": base64.b64encode(data).decode()}).encode()


BODIES = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=300).map(in_a_form),
    JSON.map(lambda told: json.dumps(told).encode()),
    EVENT.map(lambda told: json.dumps(told).encode()),
    XML.map(lambda told: in_a_form(told.encode("utf-8", "replace"))),
)
INCOMING = st.builds(
    Incoming,
    method=st.sampled_from(("POST", "GET", "")),
    query=st.lists(st.tuples(st.sampled_from(("data.id", "type", "id", "a")), TEXT), max_size=4).map(tuple),
    headers=st.dictionaries(st.sampled_from(HEADERS), TEXT | st.just("ts=1772463845,v1=" + "0" * 64), max_size=4),
    body=BODIES,
)


@pytest.fixture(scope="module", autouse=True)
def secrets_of_the_module() -> object:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        yield


@pytest.mark.parametrize("name", NAMES)
@given(incoming=INCOMING)
@settings(max_examples=300)
def test_nothing_is_heard_that_nobody_signed(name: str, incoming: Incoming) -> None:
    with pytest.raises(NotVerifiedError) as caught:
        platform(name).notification(incoming, NOW)
    assert caught.value.reply.status in {200, 400, 401}


@pytest.mark.parametrize("name", NAMES)
@given(status=st.integers(200, 499), body=BODIES | XML.map(lambda told: told.encode("utf-8", "replace")))
@settings(max_examples=200)
def test_no_answer_is_more_than_unreadable(name: str, status: int, body: bytes) -> None:
    ask = platform(name).status("a1b2c3d4e5f6z", None)
    try:
        found = ask.read(PlatformResponse(status=status, headers={}, body=body))
    except PlatformError:
        return
    assert found == ()
