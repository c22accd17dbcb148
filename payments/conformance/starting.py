"""Promises about how a payment begins."""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError, expect
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.conformance.harness import Bench
from ventanilla.payments.conformance.promises import promise
from ventanilla.payments.contract import Ask, NewsStatus, Order, PlatformError, PlatformFault


@promise()
def people_are_sent_to_a_safe_address(bench: Bench) -> None:
    """The redirect leads to an https address with a host, or to this machine, and the platform takes it."""
    redirect = bench.start(bench.order())
    parts = urlsplit(redirect.url)
    local = parts.hostname in {"localhost", "127.0.0.1"}
    expect(parts.hostname and (parts.scheme == "https" or local), f"people are sent to {redirect.url!r}")
    bench.forge.follow(redirect)


@promise()
def starting_twice_makes_one_order(bench: Bench) -> None:
    """Starting one order twice sends the payer to one and the same place, and asks for it in the same words."""
    order = bench.order()
    first, second = bench.platform.start(order), bench.platform.start(order)
    if isinstance(first, Ask) and isinstance(second, Ask):
        expect(first.request == second.request, "the second start asks in other words")
    expect(bench.start(order) == bench.start(order), "the second start leads elsewhere")


@promise()
def amounts_arrive_exactly(bench: Bench) -> None:
    """What is ordered is what the platform is told to take, to the last minor unit, in each of its currencies."""
    for order in _orders(bench):
        payment_id = bench.paid(order)
        expect(payment_id, "no payment is ever CONFIRMED")
        (news,) = bench.told(bench.heard(payment_id or ""))
        expect(news.amount == order.amount, f"{order.amount} was ordered, {news.amount} is told")
        expect(news.reference == order.reference, f"{order.reference} was ordered, {news.reference} is told")
        expect(news.status is NewsStatus.CONFIRMED, f"a payment that was made is {news.status}")


@promise()
def what_is_not_taken_is_refused(bench: Bench) -> None:
    """An order in another currency, or beyond the limits, is REFUSED before anybody is sent anywhere."""
    for currency, limits in bench.manifest.limits.items():
        wrong = [Money(limits.least - 1, currency), Money(-limits.least, currency)]
        wrong += [Money(limits.most + 1, currency)] if limits.most is not None else []
        for amount in (*wrong, Money(limits.least + 1_000_000, "XTS")):
            _expect_refusal(bench, replace(bench.order(), amount=amount))


def _orders(bench: Bench) -> list[Order]:
    """Orders of many an amount, as far as the platform takes them."""
    found: list[Order] = []
    for currency, limits in bench.manifest.limits.items():
        amounts = {limits.least, limits.least + 1, 1_000, 100_010, 199_999, 250_000, 12_345_600}
        inside = (each for each in sorted(amounts) if limits.least <= each <= (limits.most or each))
        orders = [bench.order(Money(each, currency)) for each in inside]
        taken = [order for order in orders if _is_taken(bench, order)]
        expect(taken, f"{currency}: nothing is taken of what the limits allow")
        found += taken
    return found


def _is_taken(bench: Bench, order: Order) -> bool:
    """Whether the platform takes the order; some take whole units only."""
    try:
        bench.platform.start(order)
    except PlatformError as error:
        expect(error.fault is PlatformFault.REFUSED, f"{order.amount}: {error}, expected REFUSED")
        return False
    return True


def _expect_refusal(bench: Bench, order: Order) -> None:
    try:
        bench.platform.start(order)
    except PlatformError as error:
        expect(error.fault is PlatformFault.REFUSED, f"{order.amount}: {error}, expected REFUSED")
        return
    raise BrokenPromiseError(f"{order.amount} is taken, and the limits say no")
