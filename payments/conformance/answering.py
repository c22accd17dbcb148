"""Promises about what a platform's servers are asked, and how their answers are read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError, expect
from ventanilla.payments.conformance.harness import NOW, Bench
from ventanilla.payments.conformance.promises import promise
from ventanilla.payments.contract import (
    Ask,
    Capability,
    NewsStatus,
    PlatformError,
    PlatformFault,
    PlatformResponse,
    RefundOrder,
)

_NONSENSE = (b"", b"\xff\xfe", b"{}", b"[]", b"null", b"[" * 50_000, b"<a>", b"<a/>", b'{"data": 1}', b"0" * 100_000)


@promise(Capability.STATUS)
def a_status_tells_every_payment(bench: Bench) -> None:
    """Asked for a reference, it tells every payment of it and none of another; nothing where nobody paid."""
    other, order = bench.order(), bench.order()
    bench.paid(other)
    bench.forge.follow(bench.start(order))
    status = bench.platform.status
    expect(bench.ask(status(order.reference, None)) == (), "something is told of an order that nobody paid")
    wanted: dict[str, NewsStatus] = {}
    for each in (NewsStatus.FAILED, NewsStatus.PENDING, NewsStatus.CONFIRMED):
        if payment_id := bench.forge.pay(order.reference, each, NOW):
            wanted[payment_id] = each
    found = bench.ask(status(order.reference, None))
    expect({news.payment_id: news.status for news in found} == wanted, f"told {found}, expected {wanted}")
    expect(all((news.reference, news.amount) == (order.reference, order.amount) for news in found), f"told {found}")
    expect(bench.ask(status("nobody0knowsz", None)) == (), "something is told of a reference that nobody knows")


@promise()
def every_question_is_safe_to_send(bench: Bench) -> None:
    """What is asked is asked over https, in one line, and says which method it is."""
    for ask in _asks(bench):
        request = ask.request
        expect(request.url.startswith("https://"), f"{request} is not https")
        expect(request.method in {"GET", "POST", "PUT", "DELETE"}, f"{request} has no method that is known")
        lines = [request.url, *request.headers.keys(), *request.headers.values()]
        expect(all(line.isascii() and line.isprintable() for line in lines), f"{request} is more than one line")


@promise()
def nonsense_is_unreadable(bench: Bench) -> None:
    """Whatever is answered, reading it gives what is hoped for or raises `PlatformError`, and never anything else."""
    for ask in _asks(bench):
        for status in (200, 201, 204, 302, 400, 404, 409, 422):
            for body in _NONSENSE:
                _read(ask, PlatformResponse(status=status, headers={}, body=body))
        whole = bench.forge.answer(ask.request)
        for cut in range(0, len(whole.body), max(1, len(whole.body) // 40)):
            _read(ask, replace(whole, body=whole.body[:cut]))


@promise()
def a_refusal_is_told_apart(bench: Bench) -> None:
    """A client's error that is answered without a word is REFUSED, or nothing is told; nobody asks it for ever."""
    for ask in _asks(bench):
        error = _read(ask, PlatformResponse(status=400, headers={}, body=b""))
        expect(error is None or error.fault is PlatformFault.REFUSED, f"{ask.request}: {error}, expected REFUSED")


@promise(Capability.LISTING)
def a_listing_has_everything_once(bench: Bench) -> None:
    """Page by page it lists what was paid within the time, oldest first, each once, and nothing else."""
    wanted: list[str] = []
    for minute in range(60):
        order, at = bench.order(), NOW + timedelta(minutes=minute)
        bench.forge.follow(bench.start(order))
        payment_id = bench.forge.pay(order.reference, NewsStatus.CONFIRMED, at) or ""
        if 2 <= minute < 58:
            wanted.append(payment_id)
    found: list[str] = []
    after: str | None = None
    for _ in range(100):
        page = bench.ask(bench.platform.listing(NOW + timedelta(minutes=2), NOW + timedelta(minutes=58), after))
        found += [news.payment_id for news in page.news]
        if (after := page.after) is None:
            break
    expect(found == wanted, f"listed {len(found)} payments, expected {len(wanted)} in the order of their time")


def _asks(bench: Bench) -> list[Ask[Any]]:
    """One of everything that the platform asks."""
    order = bench.order()
    payment_id = bench.paid(order) or ""
    refund = RefundOrder(
        key="b2" * 16, reference=order.reference, payment_id=payment_id, paid=order.amount, amount=order.amount
    )
    platform, heard = bench.platform, bench.heard(payment_id)
    started = platform.start(bench.order())
    asks: list[Ask[Any]] = [started] if isinstance(started, Ask) else []
    if heard.hint is not None:
        asks.append(platform.hinted(heard.hint))
    offered = {
        Capability.STATUS: lambda: platform.status(order.reference, None),
        Capability.CANCEL: lambda: platform.cancel(order.reference, None),
        Capability.LISTING: lambda: platform.listing(NOW - timedelta(days=1), NOW, None),
        Capability.REFUND: lambda: platform.refund(refund),
        Capability.REFUND_STATUS: lambda: platform.refund_status(refund),
    }
    return [*asks, *(ask() for capability, ask in offered.items() if bench.has(capability))]


def _read(ask: Ask[Any], response: PlatformResponse) -> PlatformError | None:
    """The error that reading raised; anything but a `PlatformError` breaks the promise."""
    try:
        ask.read(response)
    except PlatformError as error:
        return error
    except Exception as error:
        told = f"{ask.request}: status {response.status}, {response.body[:60]!r}: {type(error).__name__}: {error}"
        raise BrokenPromiseError(told) from error
    return None
