"""The page that payers are sent to, and the test bench behind it: what they do there, and what it shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ventanilla.payments.simulators.exchange import UnlikelyRequestError, form_of
from ventanilla.payments.simulators.pages import ErrorPage, Event, OrderLine, OrderPage, OrdersPage, shown
from ventanilla.payments.simulators.records import PaymentState, SimulatedOrder, SimulatedPayment, Telling
from ventanilla.payments.simulators.refused import RefusedError
from ventanilla.payments.simulators.simulator import AT_ONCE, Simulator
from ventanilla.payments.simulators.words import amount_in_words, language_of, moment_in_words, words

_SOON: Final = timedelta(seconds=2)
"""Enough for the browser to be back first."""
_MOST: Final = 50
_TOLD: Final = frozenset({"closed", "gone", "not_done"})


def page_of(simulator: Simulator, order: SimulatedOrder) -> str:
    """The address of an order's page."""
    return f"{simulator.shop.address}/orders/{order.key}"


def error_page(simulator: Simulator, why: str, status: int = 400) -> Response:
    """A page that says why nothing can be paid, without a way back."""
    return shown(ErrorPage(platform=simulator.title, language=simulator.language, why=why), status)


def hosted_routes(simulator: Simulator) -> Sequence[BaseRoute]:
    """The pages of a simulator: the list of orders, and each order's own."""

    async def orders(request: Request) -> Response:
        simulator.settle()
        return shown(_orders_page(simulator, request))

    async def order(request: Request) -> Response:
        simulator.settle()
        found = simulator.memory.order_at(request.path_params["key"])
        return shown(_order_page(simulator, found, request)) if found else error_page(simulator, "404", 404)

    async def act(request: Request) -> Response:
        found = simulator.memory.order_at(request.path_params["key"])
        if found is None:
            return error_page(simulator, "404", 404)
        try:
            return RedirectResponse(await _done(simulator, found, await form_of(request)), 303)
        except UnlikelyRequestError as error:
            return error_page(simulator, str(error))

    return [Route("/", orders), Route("/orders/{key}", order), Route("/orders/{key}", act, methods=["POST"])]


# -- what somebody does ---------------------------------------------------------------------------------------------


async def _done(simulator: Simulator, order: SimulatedOrder, form: dict[str, str]) -> str:
    """Do what the pressed button says; the address to go on to. Raises `UnlikelyRequestError`."""
    here = page_of(simulator, order)
    try:
        telling = Telling(form.get("telling", Telling.ONCE))
    except ValueError:
        raise UnlikelyRequestError("nobody is told in this way") from None
    try:
        payment = _act(simulator, order.reference, form.get("do", ""), telling)
    except RefusedError:
        return f"{here}?told={'not_done' if order.may_be_paid(simulator.clock()) else 'gone'}"
    if telling is Telling.BEFORE_RETURN:
        await simulator.deliver()
    if form["do"] == "close":
        return f"{here}?told=closed"
    return (simulator.back(order, payment) if payment else "") or here


def _act(simulator: Simulator, reference: str, do: str, telling: Telling) -> SimulatedPayment | None:
    """Do it: the payment that the payer comes back with, or None for what is done at the bench."""
    delay = AT_ONCE if telling is Telling.BEFORE_RETURN else _SOON
    match do:
        case "pay" | "close" | "once_more":
            return simulator.pay(reference, telling, delay=delay)
        case "fail":
            return simulator.fail(reference, telling, delay=delay)
        case "later":
            return simulator.later(reference, telling, delay=delay)
        case "refund":
            simulator.refund(reference)
        case "chargeback":
            simulator.chargeback(reference)
        case _:
            raise UnlikelyRequestError("there is no such button")
    return None


# -- what is shown --------------------------------------------------------------------------------------------------


def _language(simulator: Simulator, order: str, request: Request) -> str:
    return language_of(order, request.headers.get("accept-language", ""), simulator.language)


def _order_page(simulator: Simulator, order: SimulatedOrder, request: Request) -> OrderPage:
    language = _language(simulator, order.language, request)
    payments = simulator.memory.payments_of(order.reference)
    payable = order.may_be_paid(simulator.clock())
    told = request.query_params.get("told", "")
    return OrderPage(
        platform=simulator.title,
        language=language,
        shop=simulator.shop.name,
        amount=amount_in_words(order.amount, language),
        facts=tuple(_facts(simulator, order, language)),
        payable=payable,
        paid=any(payment.state is PaymentState.PAID for payment in payments),
        tellings=tuple(Telling),
        actions=tuple(_actions(simulator, payments, payable=payable)),
        events=tuple(_events(simulator, payments, language)),
        waiting=_waiting(simulator, order.reference),
        back=simulator.back(order, payments[-1] if payments else None),
        told=told if told in _TOLD else ("" if payable else "gone"),
    )


def _facts(simulator: Simulator, order: SimulatedOrder, language: str) -> Iterator[tuple[str, str]]:
    if order.description:
        yield "what", order.description
    if order.payer:
        yield "payer", order.payer
    yield "reference", order.reference
    if order.expires_at:
        yield "until", _moment(simulator, order.expires_at, language)


def _actions(simulator: Simulator, payments: Sequence[SimulatedPayment], *, payable: bool) -> Iterator[str]:
    """What the bench offers beside the buttons that everybody sees."""
    if not any(payment.state is PaymentState.PAID for payment in payments):
        return
    if payable:
        yield "once_more"
    yield "refund"
    if simulator.charges_back:
        yield "chargeback"


def _events(simulator: Simulator, payments: Sequence[SimulatedPayment], language: str) -> Iterator[Event]:
    for payment in payments:
        amount = amount_in_words(payment.amount, language)
        at = _moment(simulator, payment.paid_at or payment.changed_at, language)
        yield Event(id=payment.id, what=amount, state=payment.state, at=at)
        for refund in simulator.memory.refunds_of(payment.id):
            state = "given_back" if refund.done_at else "PENDING"
            at = _moment(simulator, refund.done_at or refund.asked_at, language)
            yield Event(id=refund.id, what=f"− {amount_in_words(refund.amount, language)}", state=state, at=at)


def _orders_page(simulator: Simulator, request: Request) -> OrdersPage:
    language = _language(simulator, "", request)
    newest = list(simulator.memory.orders.values())[: -_MOST - 1 : -1]
    return OrdersPage(
        platform=simulator.title,
        language=language,
        orders=tuple(_line(simulator, order, language) for order in newest),
        waiting=len(simulator.memory.notices),
    )


def _line(simulator: Simulator, order: SimulatedOrder, language: str) -> OrderLine:
    texts = words(language)
    states = (texts[payment.state] for payment in simulator.memory.payments_of(order.reference))
    return OrderLine(
        address=page_of(simulator, order),
        reference=order.reference,
        what=order.description,
        amount=amount_in_words(order.amount, language),
        states=", ".join(states),
    )


def _waiting(simulator: Simulator, reference: str) -> int:
    return sum(notice.payment.reference == reference for notice in simulator.memory.notices.values())


def _moment(simulator: Simulator, at: datetime, language: str) -> str:
    return moment_in_words(at, ZoneInfo(simulator.shop.time_zone), language)
