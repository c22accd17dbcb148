"""Promises about money that goes back, and orders that are taken back."""

from __future__ import annotations

from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError, expect
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.conformance.harness import NOW, Bench
from ventanilla.payments.conformance.promises import promise
from ventanilla.payments.contract import (
    Capability,
    NewsStatus,
    Order,
    PlatformError,
    PlatformFault,
    RefundOrder,
    RefundState,
)


@promise(Capability.REFUND)
def a_key_gives_back_once(bench: Bench) -> None:
    """Asked twice with one key, the whole goes back once; another key after that is REFUSED."""
    order = bench.order()
    payment_id = bench.paid(order) or ""
    first = bench.ask(bench.platform.refund(_refund("1", order, payment_id, order.amount)))
    again = bench.ask(bench.platform.refund(_refund("1", order, payment_id, order.amount)))
    expect(first == again, f"answered {first}, and again {again}")
    given = bench.forge.given_back(payment_id)
    expect(given == order.amount.minor, f"{given} minor units went back of {order.amount.minor}")
    _expect_refusal(bench, _refund("2", order, payment_id, order.amount))
    expect(bench.forge.given_back(payment_id) == given, "more went back than was paid")


@promise(Capability.PARTIAL_REFUND)
def parts_add_up(bench: Bench) -> None:
    """Parts go back to the last minor unit, each under its key, until all is gone, and not beyond."""
    order = bench.order(Money(bench.manifest.limits[bench.currency()].least + 250_000, bench.currency()))
    payment_id = bench.paid(order) or ""
    left = order.amount.minor
    for key, part in (("1", 100_100), ("2", 50_000), ("3", left - 150_100)):
        bench.ask(bench.platform.refund(_refund(key, order, payment_id, Money(part, order.amount.currency))))
        left -= part
        given = order.amount.minor - bench.forge.given_back(payment_id)
        expect(given == left, f"{given} minor units are left, expected {left}")
    _expect_refusal(bench, _refund("4", order, payment_id, Money(100, order.amount.currency)))


@promise(Capability.REFUND_STATUS)
def a_refund_under_way_is_told(bench: Bench) -> None:
    """What became of a refund is told under its key; of one that nobody asked for nothing is told as done."""
    order = bench.order()
    payment_id = bench.paid(order) or ""
    refund = _refund("1", order, payment_id, order.amount)
    bench.ask(bench.platform.refund(refund))
    told = bench.ask(bench.platform.refund_status(refund))
    expect(told.state in RefundState, f"told {told}")
    try:
        other = bench.ask(bench.platform.refund_status(_refund("9", order, payment_id, order.amount)))
    except PlatformError:
        return
    expect(other.state is not RefundState.DONE, "a refund that nobody asked for is told as done")


@promise(Capability.REFUND, Capability.STATUS)
def news_tell_what_went_back(bench: Bench) -> None:
    """Where a payment's own news tell of refunds, they tell how much; what was paid stays what it was."""
    order = bench.order()
    payment_id = bench.paid(order) or ""
    bench.ask(bench.platform.refund(_refund("1", order, payment_id, order.amount)))
    (news,) = bench.ask(bench.platform.status(order.reference, None))
    expect(news.amount == order.amount, f"{order.amount} was paid, {news.amount} is told")
    if news.status is not NewsStatus.CONFIRMED:
        expect(news.status is NewsStatus.REFUNDED, f"it all went back, and is told as {news.status}")
        expect(news.refunded == order.amount, f"{order.amount} went back, {news.refunded} is told")
    else:
        expect(bench.has(Capability.REFUND_STATUS), "nothing tells what became of a refund")


@promise(Capability.CANCEL)
def only_what_is_unpaid_is_taken_back(bench: Bench) -> None:
    """An order that waits for its payment can be taken back; one that is paid cannot."""
    waiting, paid = bench.order(), bench.order()
    bench.paid(waiting, NewsStatus.PENDING)
    bench.paid(paid)
    expect(bench.ask(bench.platform.cancel(waiting.reference, None)) is True, "a waiting order is not taken back")
    expect(bench.ask(bench.platform.cancel(paid.reference, None)) is False, "a paid order is taken back")
    gone = bench.forge.pay(waiting.reference, NewsStatus.CONFIRMED, NOW)
    expect(gone is None, "an order that was taken back is paid")


def _refund(key: str, order: Order, payment_id: str, amount: Money) -> RefundOrder:
    return RefundOrder(key=key * 32, reference=order.reference, payment_id=payment_id, paid=order.amount, amount=amount)


def _expect_refusal(bench: Bench, refund: RefundOrder) -> None:
    try:
        bench.ask(bench.platform.refund(refund))
    except PlatformError as error:
        expect(error.fault is PlatformFault.REFUSED, f"a refund beyond what is left: {error}, expected REFUSED")
        return
    raise BrokenPromiseError("more is given back than is left")
