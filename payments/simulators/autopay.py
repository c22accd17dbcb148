"""Autopay's side: the form that starts, the services that are asked, the notification that wants a signed answer."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from html import escape
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.simulators.courier import Courier
from ventanilla.payments.simulators.exchange import (
    UnlikelyRequestError,
    form_of,
    in_json,
    in_xml,
    is_web_address,
    json_of,
    with_query,
)
from ventanilla.payments.simulators.hosted import error_page, page_of
from ventanilla.payments.simulators.memory import Memory
from ventanilla.payments.simulators.records import (
    Notice,
    PaymentState,
    Sending,
    SimulatedOrder,
    SimulatedPayment,
    SimulatedRefund,
)
from ventanilla.payments.simulators.refused import RefusedError, Why
from ventanilla.payments.simulators.simulator import Shop, Simulator
from ventanilla.payments.wire import FORM

_ZONE: Final = ZoneInfo("Europe/Warsaw")
_START: Final = {
    "ServiceID": 1,
    "OrderID": 2,
    "Amount": 3,
    "Description": 4,
    "GatewayID": 5,
    "Currency": 6,
    "CustomerEmail": 7,
    "Language": 8,
    "CustomerNRB": 9,
    "ValidityTime": 19,
    "CustomerNumber": 20,
    "InvoiceNumber": 21,
    "LinkValidityTime": 34,
    "ReturnURL": 45,
}
"""What a payment may be started with, by the numbers that the hash goes by."""
_AMOUNT: Final = re.compile(r"[0-9]{1,14}\.[0-9]{2}")
_LONGEST: Final = timedelta(days=31)
_USUAL: Final = timedelta(days=6)
_STATUS: Final = {PaymentState.PENDING: "PENDING", PaymentState.FAILED: "FAILURE"}
_DETAILS: Final = {PaymentState.PENDING: "PENDING", PaymentState.FAILED: "REJECTED_BY_USER"}
_GATEWAYS: Final = {"BLIK": "509", "Przelew": "9"}
_REPLY: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>)?\s*<confirmationList>\s*<serviceID>([^<]*)</serviceID>\s*<transactionsConfirmations>\s*"
    rb"<transactionConfirmed>\s*<orderID>([^<]*)</orderID>\s*<confirmation>([^<]*)</confirmation>\s*"
    rb"</transactionConfirmed>\s*</transactionsConfirmations>\s*<hash>([^<]*)</hash>\s*</confirmationList>\s*"
)


class _OutDetails(msgspec.Struct, rename="camel"):
    """A question how far money that goes back has come."""

    service_id: int
    message_id: str
    method: str
    hash: str


class AutopayService(Record):
    """What Autopay gave the manager."""

    service_id: str
    shared_key: str


class AutopaySimulator(Simulator):
    """One service at a simulated Autopay."""

    name = "autopay"
    title = "Autopay"
    language = "pl"
    methods = ("BLIK", "Przelew")
    repeats = (*[timedelta(minutes=3)] * 12, *[timedelta(hours=1)] * 72)
    refund_takes = timedelta(minutes=3)
    tells_pending = True
    tells_returns = False
    gives_parts_back = True
    charges_back = False

    def __init__(
        self, shop: Shop, service: AutopayService, memory: Memory, clock: Callable[[], datetime], courier: Courier
    ) -> None:
        super().__init__(shop, memory, clock, courier)
        self._service = service

    def routes(self) -> Sequence[BaseRoute]:
        """Where people start, and where the manager's server asks."""
        return [
            Route("/payment", self._start, methods=["POST"]),
            Route("/webapi/transactionStatus", self._status, methods=["POST"]),
            Route("/webapi/transactionCancel", self._cancel, methods=["POST"]),
            Route("/settlementapi/transactionRefund", self._refund, methods=["POST"]),
            Route("/settlementapi/outDetails/v2", self._out_details, methods=["POST"]),
        ]

    def sending(self, notice: Notice, order: SimulatedOrder) -> Sending:
        """The notification (ITN): a form with the list of one transaction, in base64."""
        encoded = base64.b64encode(self._listed([notice.payment]).encode()).decode()
        body = urlencode({"transactions": encoded}).encode()
        return Sending(url=self.shop.notify_url, headers={"content-type": FORM}, body=body)

    def is_taken(self, notice: Notice, status: int, body: bytes) -> bool:
        """Whether the reply is CONFIRMED, about this order, and its hash is right."""
        found = _REPLY.fullmatch(body) if status == 200 else None
        if found is None:
            return False
        service_id, order_id, word, told = (part.decode("utf-8", "replace") for part in found.groups())
        meant = (service_id, order_id, word) == (self._service.service_id, notice.payment.reference, "CONFIRMED")
        return meant and compare_digest(told.encode(), self._hash((service_id, order_id, word)).encode())

    def back(self, order: SimulatedOrder, payment: SimulatedPayment | None) -> str:
        """The address of the return, which names the order and nothing of how it stands."""
        fields = {"ServiceID": self._service.service_id, "OrderID": order.reference}
        return with_query(order.return_url, {**fields, "Hash": self._hash(fields.values())})

    def new_payment_id(self, now: datetime) -> str:
        """As Autopay names transactions: capital letters and digits."""
        return f"SIM{len(self.memory.payments) + 1:04}{secrets.token_hex(3).upper()}"

    # -- what is asked ----------------------------------------------------------------------------------------------

    async def _start(self, request: Request) -> Response:
        """Begin to pay: on to the page, or an error page without a way back."""
        try:
            order = self.take(self._order(await form_of(request)))
        except (UnlikelyRequestError, RefusedError) as error:
            return error_page(self, str(error))
        return RedirectResponse(page_of(self, order), 303)

    def _order(self, fields: dict[str, str]) -> SimulatedOrder:
        if unknown := fields.keys() - {*_START, "Hash"}:
            raise UnlikelyRequestError(f"there is no field {min(unknown)}")
        values = sorted((_START[name], value) for name, value in fields.items() if name != "Hash")
        self._check(fields, (value for _, value in values))
        if not re.fullmatch("[A-Za-z0-9_-]{1,32}", fields.get("OrderID", "")):
            raise UnlikelyRequestError("OrderID is not in its form")
        if not is_web_address(fields.get("ReturnURL", "http://none")):
            raise UnlikelyRequestError("ReturnURL is no address")
        now = self.clock()
        return SimulatedOrder(
            reference=fields["OrderID"],
            key=secrets.token_urlsafe(16),
            amount=_amount(fields),
            description=fields.get("Description", ""),
            payer=fields.get("CustomerEmail", ""),
            language=fields.get("Language", "").lower(),
            return_url=fields.get("ReturnURL", ""),
            created_at=now,
            expires_at=_until(fields.get("ValidityTime", ""), now),
        )

    async def _status(self, request: Request) -> Response:
        """All transactions of an order."""
        fields = await self._asked(request, "ServiceID", "OrderID")
        if isinstance(fields, Response):
            return fields
        return in_xml(self._listed(self.memory.payments_of(fields["OrderID"])))

    async def _cancel(self, request: Request) -> Response:
        """Take an order back that nobody has paid."""
        fields = await self._asked(request, "ServiceID", "MessageID", "OrderID")
        if isinstance(fields, Response):
            return fields
        try:
            done = self.cancel(fields["OrderID"])
        except RefusedError:
            word, reason = "NOTCONFIRMED", "TRANSACTION_NOT_FOUND"
        else:
            word, reason = ("CONFIRMED", "CANCELED_FULLY") if done else ("NOTCONFIRMED", "INCORRECT_PAYMENT_STATUS")
        told = {"serviceID": self._service.service_id, "messageID": fields["MessageID"]}
        return in_xml(self._signed("transaction", {**told, "confirmation": word, "reason": reason}))

    async def _refund(self, request: Request) -> Response:
        """Take the order to give money back; it is done later."""
        fields = await self._asked(request, "ServiceID", "MessageID", "RemoteID", "Amount", "Currency")
        if isinstance(fields, Response):
            return fields
        if not re.fullmatch("[A-Za-z0-9]{32}", fields["MessageID"]):
            return _fault("VALIDATION_FAILED")
        try:
            self.give_back(fields["RemoteID"], _amount(fields), fields["MessageID"])
        except UnlikelyRequestError:
            return _fault("INVALID_FORMAT")
        except RefusedError as error:
            return _fault(_FAULTS.get(error.why, "OTHER_ERROR"))
        told = {"serviceID": self._service.service_id, "messageID": fields["MessageID"]}
        return in_xml(self._signed("transactionRefund", told))

    async def _out_details(self, request: Request) -> Response:
        """How far a refund has come."""
        try:
            asked = await json_of(request, _OutDetails)
        except UnlikelyRequestError:
            return in_json({"errorStatus": "INVALID_FORMAT", "errorStatusCode": 2})
        hashed = self._hash((str(asked.service_id), asked.message_id, asked.method))
        known = str(asked.service_id) == self._service.service_id
        if not known or not compare_digest(asked.hash.encode(), hashed.encode()):
            return in_json({"errorStatus": "INVALID_HASH", "errorStatusCode": 7})
        self.settle()
        refund = self.memory.refunds.get(asked.message_id)
        if refund is None or asked.method != "TRANSACTION_REFUND":
            return in_json({"errorStatus": "TRANSACTION_NOT_FOUND", "errorStatusCode": -10})
        return in_json(self._out(refund))

    async def _asked(self, request: Request, *names: str) -> dict[str, str] | Response:
        """The fields of a question, in the order of their numbers; what is answered if it is none."""
        try:
            fields = await form_of(request)
            if {*fields} != {*names, "Hash"} or fields["ServiceID"] != self._service.service_id:
                raise UnlikelyRequestError("these are not its fields")
            self._check(fields, (fields[name] for name in names))
        except UnlikelyRequestError:
            return _fault("INVALID_HASH", 400)
        if "webapi" in request.url.path and request.headers.get("bmheader") != "pay-bm":
            return _fault("VALIDATION_FAILED", 400)
        return fields

    def _out(self, refund: SimulatedRefund) -> dict[str, Any]:
        """How far the refund has come."""
        status, out_id = ("DONE", f"ZWTR_{refund.id}") if refund.done_at else ("PROCESSING", "")
        return {
            "serviceId": int(self._service.service_id),
            "balancePointId": None,
            "messageId": refund.key,
            "status": status,
            "remoteOutId": out_id or None,
            "hash": self._hash((self._service.service_id, refund.key, status, out_id)),
            "errorStatus": None,
        }

    # -- what is written --------------------------------------------------------------------------------------------

    def _hash(self, values: Iterable[str]) -> str:
        return sha256("|".join([*filter(None, values), self._service.shared_key]).encode()).hexdigest()

    def _check(self, fields: Mapping[str, str], values: Iterable[str]) -> None:
        if fields.get("ServiceID") != self._service.service_id:
            raise UnlikelyRequestError("the service is unknown")
        if not compare_digest(fields.get("Hash", "").encode(), self._hash(values).encode()):
            raise UnlikelyRequestError("Hash is not that of the fields")

    def _listed(self, payments: Iterable[SimulatedPayment]) -> str:
        """Transactions with the hash over all of them, one after the other."""
        told = [_transaction(payment) for payment in payments]
        written = "".join(f"<transaction>{_elements(each)}</transaction>" for each in told)
        values = [self._service.service_id, *(value for each in told for value in each.values())]
        return (
            f"<transactionList><serviceID>{self._service.service_id}</serviceID>"
            f"<transactions>{written}</transactions><hash>{self._hash(values)}</hash></transactionList>"
        )

    def _signed(self, name: str, told: Mapping[str, str]) -> str:
        return f"<{name}>{_elements({**told, 'hash': self._hash(told.values())})}</{name}>"


_FAULTS: Final = {
    Why.UNKNOWN: "TRANSACTION_NOT_FOUND",
    Why.ANOTHER: "MESSAGE_ID_NOT_UNIQUE",
    Why.TOO_MUCH: "TRANSACTION_NOT_IN_REFUNDABLE_STATUS",
}


def _fault(name: str, status: int = 200) -> Response:
    return in_xml(f"<error><name>{name}</name><description>{name}</description></error>", status)


def _transaction(payment: SimulatedPayment) -> dict[str, str]:
    """A transaction's elements, in the order of their numbers."""
    return {
        "orderID": payment.reference,
        "remoteID": payment.id,
        "amount": payment.amount.amount,
        "currency": payment.amount.currency,
        "gatewayID": _GATEWAYS[payment.method],
        "paymentDate": f"{(payment.paid_at or payment.created_at).astimezone(_ZONE):%Y%m%d%H%M%S}",
        "paymentStatus": _STATUS.get(payment.state, "SUCCESS"),
        "paymentStatusDetails": _DETAILS.get(payment.state, "AUTHORIZED"),
    }


def _elements(told: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{escape(value, quote=False)}</{name}>" for name, value in told.items())


def _amount(fields: Mapping[str, str]) -> Money:
    text, currency = fields.get("Amount", ""), fields.get("Currency", "PLN")
    if not _AMOUNT.fullmatch(text) or not re.fullmatch("PLN|EUR|GBP|USD", currency):
        raise UnlikelyRequestError("Amount or Currency is not in its form")
    amount = Money.parse(text, currency)
    if not amount:
        raise UnlikelyRequestError("Amount is nothing")
    return amount


def _until(text: str, now: datetime) -> datetime:
    """The end of validity, which is told in local time."""
    if not text:
        return now + _USUAL
    try:
        until = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_ZONE)
    except ValueError:
        raise UnlikelyRequestError("ValidityTime is no moment") from None
    if not now < until <= now + _LONGEST:
        raise UnlikelyRequestError("ValidityTime is past, or too far away")
    return until
