"""Autopay's side as its documentation describes it, written without a look at ours."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from tests.payments.forging import Books, Paid
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import Incoming, NewsStatus, PlatformRequest, PlatformResponse, Redirect

SERVICE, KEY = "903204", "autopay-shared-key-5d41"
STATUS = {NewsStatus.CONFIRMED: "SUCCESS", NewsStatus.FAILED: "FAILURE", NewsStatus.PENDING: "PENDING"}
WARSAW = ZoneInfo("Europe/Warsaw")


def hashed(*values: str, key: str = KEY) -> str:
    return hashlib.sha256("|".join([*(value for value in values if value), key]).encode()).hexdigest()


def fields_of(paid: Paid) -> dict[str, str]:
    """One transaction, its elements in the order of their numbers."""
    return {
        "orderID": paid.reference,
        "remoteID": paid.id,
        "amount": paid.amount.amount,
        "currency": paid.amount.currency,
        "gatewayID": "509",
        "paymentDate": f"{paid.at.astimezone(WARSAW):%Y%m%d%H%M%S}",
        "paymentStatus": STATUS[paid.status],
        "paymentStatusDetails": "AUTHORIZED" if paid.status is NewsStatus.CONFIRMED else "",
    }


def xml_of(*transactions: dict[str, str], service: str = SERVICE, key: str = KEY) -> bytes:
    values = [value for told in transactions for value in told.values()]
    inner = "".join(
        "<transaction>"
        + "".join(f"<{name}>{value}</{name}>" for name, value in told.items() if value)
        + "</transaction>"
        for told in transactions
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<transactionList>\n  <serviceID>{service}</serviceID>\n'
        f"  <transactions>{inner}</transactions>\n"
        f"  <hash>{hashed(service, *values, key=key)}</hash>\n</transactionList>"
    ).encode()


def posted(xml: bytes) -> Incoming:
    body = urlencode({"transactions": base64.b64encode(xml).decode()}).encode()
    return Incoming(method="POST", query=(), headers={"content-type": "application/x-www-form-urlencoded"}, body=body)


class AutopayForge:
    """The service's pages and servers."""

    def __init__(self) -> None:
        self.books = Books("AP{}")

    def follow(self, redirect: Redirect) -> None:
        fields = dict(redirect.fields or ())
        if redirect.url != "https://testpay.autopay.eu/payment" or fields["ServiceID"] != SERVICE:
            raise ValueError(redirect.url)
        told = fields.pop("Hash")
        if told != hashed(*fields.values()):
            raise ValueError("INVALID_HASH")
        self.books.orders[fields["OrderID"]] = Money.parse(fields["Amount"], fields["Currency"])

    def pay(self, reference: str, status: NewsStatus, at: datetime) -> str | None:
        return self.books.pay(reference, status, at)

    def notification(self, payment_id: str, at: datetime) -> Incoming:
        return posted(xml_of(fields_of(self.books.payments[payment_id])))

    def given_back(self, payment_id: str) -> int:
        return self.books.payments[payment_id].given_back

    def answer(self, request: PlatformRequest) -> PlatformResponse:
        path = request.url.removeprefix("https://testpay.autopay.eu")
        if path == "/settlementapi/outDetails/v2":
            return self._out_details(json.loads(request.body))
        fields = dict(parse_qsl(request.body.decode(), strict_parsing=True))
        told = fields.pop("Hash")
        if told != hashed(*fields.values()) or (path.startswith("/webapi") and request.headers["bmheader"] != "pay-bm"):
            return self._failed("INVALID_HASH")
        answers = {
            "/webapi/transactionStatus": self._status,
            "/webapi/transactionCancel": self._cancel,
            "/settlementapi/transactionRefund": self._refund,
        }
        return answers[path](fields)

    def _status(self, fields: dict[str, str]) -> PlatformResponse:
        found = self.books.of(fields["OrderID"])
        if not found and fields["OrderID"] not in self.books.orders:
            xml = b"<transaction><reason>TRANSACTION_NOT_FOUND</reason></transaction>"
            return PlatformResponse(status=200, headers={}, body=xml)
        return PlatformResponse(status=200, headers={}, body=xml_of(*map(fields_of, found)))

    def _cancel(self, fields: dict[str, str]) -> PlatformResponse:
        waiting = [paid for paid in self.books.of(fields["OrderID"]) if paid.status is NewsStatus.PENDING]
        if not waiting:
            told = "<confirmation>NOTCONFIRMED</confirmation><reason>INCORRECT_PAYMENT_STATUS</reason>"
            return PlatformResponse(status=200, headers={}, body=f"<transaction>{told}</transaction>".encode())
        self.books.cancelled.add(fields["OrderID"])
        told = (SERVICE, fields["MessageID"], "CONFIRMED", "CANCELED_FULLY")
        names = ("serviceID", "messageID", "confirmation", "reason", "hash")
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in zip(names, (*told, hashed(*told)), strict=True))
        return PlatformResponse(status=200, headers={}, body=f"<transaction>{inner}</transaction>".encode())

    def _refund(self, fields: dict[str, str]) -> PlatformResponse:
        paid = self.books.payments[fields["RemoteID"]]
        amount = Money.parse(fields["Amount"], fields["Currency"])
        if not paid.give_back(fields["MessageID"], amount.minor):
            return self._failed("TRANSACTION_ALREADY_REFUNDED")
        told = (SERVICE, fields["MessageID"])
        body = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><transactionRefund>'
            f"<serviceID>{told[0]}</serviceID><messageID>{told[1]}</messageID><hash>{hashed(*told)}</hash>"
            "</transactionRefund>"
        )
        return PlatformResponse(status=200, headers={}, body=body.encode())

    def _out_details(self, asked: dict[str, str]) -> PlatformResponse:
        if asked["hash"] != hashed(str(asked["serviceId"]), asked["messageId"], asked["method"]):
            return self._failed("INVALID_HASH")
        known = any(asked["messageId"] in paid.refunds for paid in self.books.payments.values())
        told = (SERVICE, asked["messageId"], "DONE", "ZWTR_6063048773")
        answer = {"serviceId": int(SERVICE), "messageId": told[1], "status": "DONE", "remoteOutId": told[3]}
        found = {**answer, "hash": hashed(*told), "errorStatus": None}
        lost = {
            "errorStatus": "TRANSACTION_NOT_FOUND",
            "errorStatusCode": -10,
            "errorMessages": "Transaction not found",
        }
        return PlatformResponse(status=200, headers={}, body=json.dumps(found if known else lost).encode())

    def _failed(self, name: str) -> PlatformResponse:
        body = f"<error><statusCode>7</statusCode><name>{name}</name><description>{name}</description></error>"
        return PlatformResponse(status=200, headers={}, body=body.encode())
