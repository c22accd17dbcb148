"""What is asked of Autopay's servers: how an order stands, to take it back, to give its money back."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from ventanilla.payments.autopay.configuration import AutopayConfiguration
from ventanilla.payments.autopay.confirming import CONFIRMED
from ventanilla.payments.autopay.document import Node, read_document
from ventanilla.payments.autopay.transactions import Reading, Transactions
from ventanilla.payments.contract import (
    Ask,
    News,
    PlatformError,
    PlatformFault,
    PlatformRequest,
    PlatformResponse,
    Refunded,
    RefundOrder,
    RefundState,
)
from ventanilla.payments.wire import FORM, JSON, UnlikelyError, asking, form, is_same, json, read_json, refuse_failure

_NOT_FOUND: Final = "TRANSACTION_NOT_FOUND"
_LATER: Final = frozenset({"TEMPORARY_DISABLED", "EXTERNAL_REFUND_ERROR", "ON_DEMAND_ERROR", "OTHER_ERROR"})
"""Codes after which the same may be asked again."""


class _OutDetails(msgspec.Struct, rename="camel"):
    """What the settlement of a refund looks like."""

    message_id: str = ""
    status: str = ""
    remote_out_id: str | None = None
    hash: str = ""
    error_status: str | None = None


class Asks:
    """Writes the questions of one service, and reads the answers."""

    def __init__(self, configuration: AutopayConfiguration, reading: Reading) -> None:
        self._service_id = configuration.service_id
        self._url = configuration.service_url.rstrip("/")
        self._hashing = reading.hashing
        self._reading = reading

    def status(self, reference: str) -> Ask[tuple[News, ...]]:
        """How all payments of an order stand."""

        def read(response: PlatformResponse) -> tuple[News, ...]:
            root = _document(response)
            if root.name != "transactionList":
                return _none_or_raise(response, root)
            told = Transactions(root)
            if told.service_id != self._service_id or not told.is_signed(self._hashing):
                raise PlatformError(PlatformFault.UNREADABLE, "the answer's hash is another")
            return tuple(news for news in told.news(self._reading) if news.reference == reference)

        return asking(self._posted("/webapi/transactionStatus", {"OrderID": reference}), read)

    def cancel(self, reference: str) -> Ask[bool]:
        """Take back what is not paid yet. An order that nobody has begun to pay can still be paid afterwards."""
        message_id = hashlib.sha256(f"cancel {reference}".encode()).hexdigest()[:32]

        def read(response: PlatformResponse) -> bool:
            root = _document(response)
            word, reason = root.value("confirmation"), root.value("reason")
            if word != CONFIRMED:
                if reason in _LATER or not word:
                    raise PlatformError(PlatformFault.UNAVAILABLE, _code(root))
                return False
            self._check(root.value("hash"), (root.value("serviceID"), root.value("messageID"), word, reason))
            return reason == "CANCELED_FULLY"

        return asking(self._posted("/webapi/transactionCancel", {"MessageID": message_id, "OrderID": reference}), read)

    def refund(self, refund: RefundOrder) -> Ask[Refunded]:
        """Give back: Autopay takes the order for it, and carries it out within half an hour."""
        fields = {
            "MessageID": refund.key,
            "RemoteID": refund.payment_id,
            "Amount": refund.amount.amount,  # the documentation says two things of what happens without it
            "Currency": refund.amount.currency,
        }

        def read(response: PlatformResponse) -> Refunded:
            root = _document(response)
            if root.name != "transactionRefund":
                raise _refused(response, _code(root))
            self._check(root.value("hash"), (root.value("serviceID"), root.value("messageID")))
            if root.value("messageID") != refund.key:
                raise PlatformError(PlatformFault.UNREADABLE, "the answer is about another refund")
            return Refunded(state=RefundState.ACCEPTED, refund_id=refund.key)

        return asking(self._posted("/settlementapi/transactionRefund", fields), read)

    def refund_status(self, refund: RefundOrder) -> Ask[Refunded]:
        """What became of a refund that Autopay took the order for."""
        method = "TRANSACTION_REFUND"
        asked = {
            "serviceId": int(self._service_id),
            "messageId": refund.key,
            "method": method,
            "hash": self._hashing.of((self._service_id, refund.key, method)),
        }

        def read(response: PlatformResponse) -> Refunded:
            refuse_failure(response)
            told = read_json(response, _OutDetails)
            if told.error_status:
                raise _refused(response, told.error_status)
            out_id = told.remote_out_id or ""
            self._check(told.hash, (self._service_id, told.message_id, told.status, out_id))
            return _settled(told.status, out_id)

        request = PlatformRequest(
            method="POST",
            url=f"{self._url}/settlementapi/outDetails/v2",
            headers={"content-type": JSON},
            body=json(asked),
        )
        return asking(request, read)

    def _posted(self, path: str, fields: dict[str, str]) -> PlatformRequest:
        """A form whose fields stand in the order of their numbers, the service's own before them."""
        all_fields = {"ServiceID": self._service_id, **fields}
        all_fields["Hash"] = self._hashing.of(all_fields.values())
        headers = {"content-type": FORM, "bmheader": "pay-bm"}
        return PlatformRequest(method="POST", url=f"{self._url}{path}", headers=headers, body=form(all_fields.items()))

    def _check(self, told: str, values: tuple[str, ...]) -> None:
        if not is_same(told, self._hashing.of(values)):
            raise PlatformError(PlatformFault.UNREADABLE, "the answer's hash is another")


def _document(response: PlatformResponse) -> Node:
    try:
        return read_document(response.body)
    except UnlikelyError:
        refuse_failure(response)
        raise PlatformError(PlatformFault.UNREADABLE, f"status {response.status}, no XML") from None


def _code(root: Node) -> str:
    """Autopay's word for why not."""
    return root.value("reason") or root.value("name") or root.value("errorStatus") or "no reason given"


def _none_or_raise(response: PlatformResponse, root: Node) -> tuple[News, ...]:
    if _code(root) == _NOT_FOUND:
        return ()
    raise _refused(response, _code(root))


def _refused(response: PlatformResponse, code: str) -> PlatformError:
    return PlatformError(
        PlatformFault.UNAVAILABLE if code in _LATER else PlatformFault.REFUSED, f"status {response.status} {code[:80]}"
    )


def _settled(status: str, out_id: str) -> Refunded:
    if status.startswith("CANCELED"):
        raise PlatformError(PlatformFault.REFUSED, status[:80])
    state = RefundState.DONE if status == "DONE" else RefundState.ACCEPTED
    return Refunded(state=state, refund_id=out_id or None)
