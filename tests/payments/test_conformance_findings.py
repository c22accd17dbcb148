"""The kit finds what a plug-in gets wrong: each is ours with one thing spoilt, and the promise that finds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from tests.payments import sides
from ventanilla.backoffice_adapters.manifest import Configuration
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.autopay.configuration import HashName
from ventanilla.payments.conformance.harness import Harness
from ventanilla.payments.conformance.promises import PROMISES
from ventanilla.payments.conformance.verdict import CHAPTERS, Outcome, judge, judge_one
from ventanilla.payments.contract import (
    Ask,
    Capability,
    Incoming,
    Limits,
    NewsStatus,
    Notification,
    NotVerifiedError,
    Order,
    PlatformError,
    PlatformFault,
    PlatformResponse,
    Redirect,
    Refunded,
    RefundOrder,
    RefundState,
    Reply,
)


class Spoilt:
    """A plug-in whose platforms do one thing otherwise."""

    def __init__(self, plugin: Any, otherwise: type | None = None, **said: Any) -> None:
        self.manifest = replace(plugin.manifest, **said)
        self._plugin = plugin
        self._otherwise = otherwise

    def platform(self, setting: Any) -> Any:
        inner = self._plugin.platform(setting)
        return self._otherwise(inner) if self._otherwise else inner


class Around:
    """A platform that passes everything on."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Believing(Around):
    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        try:
            return self.inner.notification(incoming, now)
        except NotVerifiedError:
            return Notification(event_id="anything")


class Crashing(Around):
    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        incoming.body.decode("ascii")
        return self.inner.notification(incoming, now)


class Counting(Around):
    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        return replace(self.inner.notification(incoming, now), event_id=now.isoformat())


class Silent(Around):
    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        return replace(self.inner.notification(incoming, now), accepted=Reply(body=str(now).encode()))


class Merging(Around):
    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        return replace(self.inner.notification(incoming, now), event_id="one")


class Rounding(Around):
    def start(self, order: Order) -> Any:
        return self.inner.start(replace(order, amount=Money(order.amount.minor // 10 * 10, order.amount.currency)))


class Careless(Around):
    def start(self, order: Order) -> Any:
        return Redirect(url=f"http://pay.example/?{order.reference}", fields=())


class Greedy(Around):
    def start(self, order: Order) -> Any:
        return self.inner.start(replace(order, amount=Money(250_000, "PLN")))


class Optimistic(Around):
    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        heard = self.inner.notification(incoming, now)
        return replace(heard, news=tuple(replace(news, status=NewsStatus.CONFIRMED) for news in heard.news))


class Mixing(Around):
    def status(self, reference: str, platform_id: str | None) -> Ask[Any]:
        ask = self.inner.status(reference, platform_id)
        return Ask(ask.request, lambda response: ask.read(response)[:1])


class Brittle(Around):
    def status(self, reference: str, platform_id: str | None) -> Ask[Any]:
        ask = self.inner.status(reference, platform_id)
        return Ask(ask.request, lambda response: (response.body.decode(), ask.read(response))[1])


class Forgetful(Around):
    count = 0

    def refund(self, refund: RefundOrder) -> Ask[Any]:
        Forgetful.count += 1
        return self.inner.refund(replace(refund, key=f"{Forgetful.count:032}"))


class Talkative(Around):
    def __repr__(self) -> str:
        return f"Talkative({self.inner._configuration.shared_key})"


class Loud(Around):
    def status(self, reference: str, platform_id: str | None) -> Ask[Any]:
        ask = self.inner.status(reference, platform_id)
        return Ask(replace(ask.request, url=ask.request.url.replace("https", "http")), ask.read)


class Hasty(Around):
    def cancel(self, reference: str, platform_id: str | None) -> Ask[bool]:
        ask = self.inner.cancel(reference, platform_id)
        return Ask(ask.request, lambda _: True)


class Unfinished(Around):
    def listing(self, since: datetime, until: datetime, after: str | None) -> Ask[Any]:
        ask = self.inner.listing(since, until, after)
        return Ask(ask.request, lambda response: replace(ask.read(response), after=None))


class Restless(Around):
    count = 0

    def start(self, order: Order) -> Any:
        Restless.count += 1
        redirect = self.inner.start(order)
        return replace(redirect, url=f"{redirect.url}&try={Restless.count}")


class Stubborn(Around):
    def status(self, reference: str, platform_id: str | None) -> Ask[Any]:
        def read(response: PlatformResponse) -> Any:
            if response.status >= 400:
                raise PlatformError(PlatformFault.UNAVAILABLE)
            return ask.read(response)

        ask = self.inner.status(reference, platform_id)
        return Ask(ask.request, read)


class Generous(Around):
    def refund(self, refund: RefundOrder) -> Ask[Any]:
        return self.inner.refund(replace(refund, amount=refund.paid))


class Sure(Around):
    def refund_status(self, refund: RefundOrder) -> Ask[Any]:
        return Ask(self.inner.refund_status(refund).request, lambda _: Refunded(state=RefundState.DONE))


class Deaf(Around):
    def status(self, reference: str, platform_id: str | None) -> Ask[Any]:
        def read(response: PlatformResponse) -> Any:
            return tuple(replace(news, status=NewsStatus.CONFIRMED, refunded=None) for news in ask.read(response))

        ask = self.inner.status(reference, platform_id)
        return Ask(ask.request, read)


class NoSecrets(Configuration):
    service_id: str
    shared_key: str
    start_url: str
    service_url: str
    hash: HashName = HashName.SHA256
    gateway_id: str | None = None
    payer_commission: bool = False
    time_zone: str = "Europe/Warsaw"


def named(side: Harness, otherwise: type | None = None, **said: Any) -> Harness:
    return replace(side, plugin=Spoilt(side.plugin, otherwise, **said))


WITHOUT_REFUND = sides.AUTOPAY.plugin.manifest.capabilities - {Capability.REFUND}
FINDINGS: list[tuple[str, Callable[[], Harness]]] = [
    ("the_manifest_is_honest", lambda: named(sides.WOMPI, limits={})),
    ("the_manifest_is_honest", lambda: named(sides.WOMPI, limits={"COP": Limits(least=0)})),
    ("the_manifest_is_honest", lambda: named(sides.WOMPI, limits={"COP": Limits(least=5, most=4)})),
    ("the_manifest_is_honest", lambda: named(sides.AUTOPAY, capabilities=WITHOUT_REFUND)),
    ("what_is_named_is_there_and_nothing_else", lambda: named(sides.WOMPI, capabilities=frozenset(Capability))),
    ("what_is_named_is_there_and_nothing_else", lambda: named(sides.WOMPI, capabilities=frozenset[Capability]())),
    ("whether_forms_are_posted_is_told", lambda: named(sides.AUTOPAY, form_hosts=False)),
    ("secrets_stay_inside", lambda: named(sides.AUTOPAY, Talkative)),
    ("people_are_sent_to_a_safe_address", lambda: named(sides.AUTOPAY, Careless)),
    ("starting_twice_makes_one_order", lambda: named(sides.WOMPI, Restless)),
    ("amounts_arrive_exactly", lambda: named(sides.AUTOPAY, Rounding)),
    ("amounts_arrive_exactly", lambda: named(sides.MERCADO_PAGO, Rounding)),
    ("what_is_not_taken_is_refused", lambda: named(sides.AUTOPAY, Greedy)),
    ("what_is_signed_is_heard", lambda: named(sides.AUTOPAY, Optimistic)),
    ("a_repeat_is_one_event", lambda: named(sides.MERCADO_PAGO, Counting)),
    ("a_repeat_is_one_event", lambda: named(sides.WOMPI, Merging)),
    ("a_repeat_is_one_event", lambda: named(sides.AUTOPAY, Silent)),
    ("nothing_altered_is_heard", lambda: named(sides.AUTOPAY, Believing)),
    ("nothing_else_is_heard", lambda: named(sides.WOMPI, Believing)),
    ("nothing_else_is_heard", lambda: named(sides.MERCADO_PAGO, Crashing)),
    ("another_key_is_refused", lambda: named(sides.WOMPI, Believing)),
    ("another_key_is_refused", lambda: named(sides.AUTOPAY, configuration=NoSecrets)),
    ("a_status_tells_every_payment", lambda: named(sides.WOMPI, Mixing)),
    ("every_question_is_safe_to_send", lambda: named(sides.AUTOPAY, Loud)),
    ("a_refusal_is_told_apart", lambda: named(sides.WOMPI, Stubborn)),
    ("nonsense_is_unreadable", lambda: named(sides.MERCADO_PAGO, Brittle)),
    ("a_listing_has_everything_once", lambda: named(sides.MERCADO_PAGO, Unfinished)),
    ("a_key_gives_back_once", lambda: named(sides.MERCADO_PAGO, Forgetful)),
    ("parts_add_up", lambda: named(sides.AUTOPAY, Generous)),
    ("a_refund_under_way_is_told", lambda: named(sides.AUTOPAY, Sure)),
    ("news_tell_what_went_back", lambda: named(sides.MERCADO_PAGO, Deaf)),
    ("only_what_is_unpaid_is_taken_back", lambda: named(sides.AUTOPAY, Hasty)),
]


@pytest.mark.parametrize(("promise", "harness"), FINDINGS)
def test_finds(promise: str, harness: Callable[[], Harness]) -> None:
    (meant,) = (each for each in PROMISES if each.name == promise)
    verdict = judge_one(meant, harness())
    assert verdict.outcome is Outcome.FAILED, verdict
    assert verdict.reason.startswith("Promised: ")


def test_every_promise_is_broken_by_somebody() -> None:
    assert {name for name, _ in FINDINGS} == {promise.name for promise in PROMISES}


def test_every_promise_is_told_and_each_chapter_has_some() -> None:
    verdicts = judge(sides.AUTOPAY)
    assert {verdict.promise.check.__module__ for verdict in verdicts} == {chapter.__name__ for chapter in CHAPTERS}
    assert all(verdict.promise.text for verdict in verdicts)
    assert [verdict.reason for verdict in verdicts if verdict.outcome is Outcome.NOT_APPLICABLE] == [
        "the manifest does not name LISTING"
    ]
