"""graphql-transport-ws without a socket: what may be said when."""

import json

import pytest

from ventanilla.gateway.protocol import (
    ClosingError,
    Complete,
    Init,
    Ping,
    Protocol,
    Subscribe,
    complete_message,
    error_message,
    next_message,
    pong_message,
)


def said(**message: object) -> str:
    return json.dumps(message)


def begun() -> Protocol:
    protocol = Protocol()
    protocol.read(said(type="connection_init"))
    protocol.acknowledge()
    return protocol


def subscribing(id: object = "a", **payload: object) -> str:
    return said(type="subscribe", id=id, payload={"query": "{ hello }", **payload})


def test_it_begins_with_an_acknowledged_initialisation() -> None:
    protocol = Protocol()

    assert protocol.read(said(type="connection_init", payload={"authorization": "Bearer x"})) == Init("Bearer x")
    assert json.loads(protocol.acknowledge()) == {"type": "connection_ack"}
    assert protocol.read(subscribing("a" * 128)) == Subscribe("a" * 128, {"query": "{ hello }"})


@pytest.mark.parametrize("payload", [{}, {"payload": None}, {"payload": {}}, {"payload": {"other": 1}}])
def test_nobody_has_to_say_who_they_are(payload: dict[str, object]) -> None:
    assert Protocol().read(said(type="connection_init", **payload)) == Init(None)


MISTAKES = {
    "bytes": None,
    "no JSON": "hello",
    "nothing": "",
    "null": "null",
    "a list": "[]",
    "a number": "42",
    "a text": '"ping"',
    "no type": "{}",
    "an unknown type": said(type="start"),
    "a type that is no text": said(type=["subscribe"]),
    "nested too deep": '{"type": "ping", "payload": {"a": ' + "[" * 100 + "]" * 100 + "}}",
    "nested beyond the parser": "[" * 100_000,
    "an integer too long": '{"type": "ping", "payload": {"a": ' + "9" * 10_000 + "}}",
    "half a character": '{"type": "ping", "payload": {"a": "\\udc00"}}',
    "no id": said(type="subscribe", payload={"query": "{ hello }"}),
    "a number for an id": subscribing(1),
    "null for an id": subscribing(None),
    "an empty id": subscribing(""),
    "an endless id": subscribing("a" * 129),
    "no payload": said(type="subscribe", id="a"),
    "null for a payload": said(type="subscribe", id="a", payload=None),
    "a text for a payload": said(type="subscribe", id="a", payload="{ hello }"),
    "a list for a payload": said(type="subscribe", id="a", payload=[]),
    "a ping's payload that is none": said(type="ping", payload=1),
    "a pong's payload that is none": said(type="pong", payload=[]),
    "the end of no id": said(type="complete"),
    "the end of a number": said(type="complete", id=1),
}


@pytest.mark.parametrize("message", MISTAKES.values(), ids=MISTAKES.keys())
def test_what_is_no_message_closes_the_socket(message: str | None) -> None:
    with pytest.raises(ClosingError) as closing:
        begun().read(message)

    assert closing.value.code == 4400
    assert closing.value.reason


@pytest.mark.parametrize("payload", [[], "Bearer x", 1, {"authorization": 1}, {"authorization": ["Bearer x"]}])
def test_an_initialisation_says_who_it_is_in_an_object(payload: object) -> None:
    with pytest.raises(ClosingError) as closing:
        Protocol().read(said(type="connection_init", payload=payload))

    assert closing.value.code == 4400


def test_an_initialisation_comes_once() -> None:
    for protocol in (begun(), Protocol()):
        protocol.read(said(type="ping"))
    unanswered = Protocol()
    unanswered.read(said(type="connection_init"))
    for protocol in (begun(), unanswered):
        with pytest.raises(ClosingError) as closing:
            protocol.read(said(type="connection_init"))
        assert closing.value.code == 4429


def test_nothing_runs_before_the_acknowledgement() -> None:
    unanswered = Protocol()
    unanswered.read(said(type="connection_init"))
    for protocol in (Protocol(), unanswered):
        with pytest.raises(ClosingError) as closing:
            protocol.read(subscribing())
        assert closing.value.code == 4401


def test_an_id_is_used_once_at_a_time() -> None:
    protocol = begun()
    protocol.read(subscribing("é" * 128))
    with pytest.raises(ClosingError) as closing:
        protocol.read(subscribing("é" * 128))

    assert closing.value.code == 4409


def test_an_id_may_be_used_again_after_either_side_has_ended_it() -> None:
    protocol = begun()
    protocol.read(subscribing())
    assert protocol.read(said(type="complete", id="a")) == Complete("a")
    assert protocol.read(subscribing())
    protocol.ended("a")
    assert protocol.read(subscribing())


def test_the_end_of_what_has_ended_is_no_mistake() -> None:
    assert begun().read(said(type="complete", id="a")) is None


def test_both_sides_may_ask_whether_the_other_is_there() -> None:
    protocol = Protocol()

    assert protocol.read(said(type="ping", payload={"n": 1})) == Ping({"n": 1})
    assert json.loads(pong_message(Ping({"n": 1}))) == {"type": "pong", "payload": {"n": 1}}
    assert json.loads(pong_message(Ping(None))) == {"type": "pong"}
    assert protocol.read(said(type="pong")) is None


def test_what_is_told_of_an_operation() -> None:
    assert json.loads(next_message("a", {"data": {}})) == {"type": "next", "id": "a", "payload": {"data": {}}}
    assert json.loads(error_message("a", [{"message": "x"}])) == {
        "type": "error", "id": "a", "payload": [{"message": "x"}],
    }  # fmt: skip
    assert json.loads(complete_message("a")) == {"type": "complete", "id": "a"}


def test_a_reason_fits_into_its_frame() -> None:
    reason = ClosingError(4400, "é" * 200).reason

    assert len(reason.encode()) <= 123
    assert set(reason) == {"é"}
