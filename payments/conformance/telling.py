"""Promises about notifications: those that are the platform's are heard, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError, expect
from ventanilla.payments.conformance.harness import NOW, Bench
from ventanilla.payments.conformance.promises import promise
from ventanilla.payments.contract import Incoming, News, NewsStatus, Notification, NotVerifiedError

_STATUSES = (NewsStatus.PENDING, NewsStatus.CONFIRMED, NewsStatus.FAILED)


@promise()
def what_is_signed_is_heard(bench: Bench) -> None:
    """A notification that is the platform's tells of the payment it is about, whatever became of it."""
    for status in _STATUSES:
        order = bench.order()
        payment_id = bench.paid(order, status)
        if payment_id is None:
            continue
        (news,) = bench.told(bench.heard(payment_id))
        expect((news.reference, news.payment_id) == (order.reference, payment_id), f"{status}: told of {news}")
        expect(news.status is status, f"a payment that is {status} is told as {news.status}")
        expect(news.amount == order.amount, f"{order.amount} was ordered, {news.amount} is told")


@promise()
def a_repeat_is_one_event(bench: Bench) -> None:
    """The same notification has the same `event_id` and the same reply, however often it comes; another has another."""
    ids: set[str] = set()
    for _ in range(3):
        incoming = bench.forge.notification(bench.paid(bench.order()) or "", NOW)
        first = bench.platform.notification(incoming, NOW)
        again = bench.platform.notification(incoming, NOW + timedelta(hours=30))
        expect(first == again, f"told first {first}, and thirty hours later {again}")
        expect(1 <= len(first.event_id) <= 200, f"an event_id of {len(first.event_id)} characters")
        expect(first.event_id not in ids, f"two notifications have the event_id {first.event_id!r}")
        ids.add(first.event_id)


@promise()
def nothing_altered_is_heard(bench: Bench) -> None:
    """With any one byte altered, in its body, its address or its headers, it is refused, or tells exactly the same."""
    incoming = bench.forge.notification(bench.paid(bench.order()) or "", NOW)
    heard = bench.platform.notification(incoming, NOW)
    told = bench.told(heard)
    for other in _altered(incoming):
        found = _heard(bench, other)
        if found is not None and _said(found) != _said(heard):
            expect(found.hint is not None, f"it tells {found.news} once altered to {other}")
            expect(_agree(bench.told(found), told), f"it is about something else once altered to {other}")


@promise()
def nothing_else_is_heard(bench: Bench) -> None:
    """What is empty, cut, endless, of another encoding, or unsigned raises `NotVerifiedError` and nothing else."""
    incoming = bench.forge.notification(bench.paid(bench.order()) or "", NOW)
    body, nothing = incoming.body, Incoming(method="POST", query=(), headers={}, body=b"")
    others = [
        nothing,
        replace(nothing, body=body[: len(body) // 2]) if body else nothing,
        replace(nothing, headers=dict.fromkeys(incoming.headers, "�\x00")),
        replace(incoming, query=(), headers={}, body=b"\xff\xfe\x00" + body),
        replace(nothing, body=b"a" * 5_000_000),
        replace(nothing, body=b"[" * 100_000),
        replace(nothing, body=b'{"a":' * 50_000),
        replace(incoming, method="GET", query=(), headers={}, body=b""),
    ]
    for other in others:
        expect(_heard(bench, other) is None, f"a notification of {len(other.body)} bytes is heard that nobody signed")
    if len(body) > 2:
        for cut in range(0, len(body), max(1, len(body) // 50)):
            found = _heard(bench, replace(incoming, body=body[:cut]))
            expect(found is None or found.hint is not None, f"it is heard when it is cut after {cut} bytes")


@promise()
def another_key_is_refused(bench: Bench) -> None:
    """What is signed with other secrets is refused: another manager's notification is nobody's here."""
    incoming = bench.forge.notification(bench.paid(bench.order()) or "", NOW)
    fields = {name: f"{value}x" for name, value in bench.secrets().items()}
    expect(fields, "the configuration has no field of the type `Secret`")
    setting = replace(bench.setting, configuration=replace(bench.configuration, **fields))
    try:
        bench.plugin.platform(setting).notification(incoming, NOW)
    except NotVerifiedError:
        return
    raise BrokenPromiseError("it is heard with other secrets")


def _heard(bench: Bench, incoming: Incoming) -> Notification | None:
    """What is made of it; None if it is refused, with a reply."""
    try:
        return bench.platform.notification(incoming, NOW)
    except NotVerifiedError as error:
        expect(100 <= error.reply.status <= 599, f"it is answered the status {error.reply.status}")
        return None


def _said(notification: Notification) -> tuple[object, ...]:
    return notification.event_id, notification.news, notification.hint


def _agree(found: tuple[News, ...], told: tuple[News, ...]) -> bool:
    """Whether nothing is told that was not told before."""
    return all(each in told for each in found)


def _altered(incoming: Incoming) -> Iterator[Incoming]:
    """Every request that differs in one character of what was sent."""
    for at in range(len(incoming.body)):
        for bit in (0x01, 0x20):
            other = bytes([incoming.body[at] ^ bit])
            yield replace(incoming, body=incoming.body[:at] + other + incoming.body[at + 1 :])
    for name, value in incoming.headers.items():
        for other in _letters(value):
            yield replace(incoming, headers={**incoming.headers, name: other})
    for place, (name, value) in enumerate(incoming.query):
        for other in _letters(value):
            query = (*incoming.query[:place], (name, other), *incoming.query[place + 1 :])
            yield replace(incoming, query=query)


def _letters(text: str) -> Iterator[str]:
    for at, letter in enumerate(text):
        yield f"{text[:at]}{chr(ord(letter) ^ 1)}{text[at + 1 :]}"
