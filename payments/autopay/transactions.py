"""A list of transactions, as notifications and statuses tell it: what is in it, in which order it is hashed, and what
of it is believed.

The hash covers values and no names, so a value could pass for its neighbour's. What decides is held to forms that
admit one reading alone, and none of them a separator: else a hash that Autopay or we made of something else (a form
to start with, an answer) would prove a payment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from ventanilla.payments.autopay.document import Node
from ventanilla.payments.autopay.hashing import Hashing
from ventanilla.payments.contract import News, NewsStatus
from ventanilla.payments.wire import UnlikelyError, is_same, money

ORDER: Final = {
    "orderID": 2,
    "remoteID": 3,
    "amount": 5,
    "currency": 6,
    "gatewayID": 7,
    "paymentDate": 8,
    "paymentStatus": 9,
    "paymentStatusDetails": 10,
    "addressIP": 11,
    "customerNumber": 13,
    "title": 21,
    "customerData/fName": 22,
    "customerData/lName": 23,
    "customerData/streetName": 24,
    "customerData/streetHouseNo": 25,
    "customerData/streetStaircaseNo": 26,
    "customerData/streetPremiseNo": 27,
    "customerData/postalCode": 28,
    "customerData/city": 29,
    "customerData/nrb": 30,
    "customerData/senderData": 31,
    "verificationStatus": 32,
    "verificationStatusReasons/verificationStatusReason": 33,
    "startAmount": 60,
    "recurringData/recurringAction": 70,
    "recurringData/clientHash": 71,
    "recurringData/expirationDate": 72,
    "cardData/index": 73,
    "cardData/validityYear": 74,
    "cardData/validityMonth": 75,
    "cardData/issuer": 76,
    "cardData/bin": 77,
    "cardData/mask": 78,
    "product/subAmount": 90,
    "product/params/param": 91,
    "gatewayCustomerID": 100,
    "schemeTransactionID": 101,
}
"""Element → its number in the documentation, by which values are hashed; the service's own is 1."""
_LISTS: Final = frozenset({"verificationStatusReasons/verificationStatusReason", "product/params/param"})
"""Elements that may come more than once. A parameter's value is an attribute."""
_HOLDERS: Final = frozenset(path.rpartition("/")[0] for path in ORDER if "/" in path) | {"product"}
"""Elements that only hold others; empty, they say nothing."""
_AROUND: Final = frozenset({"serviceID", "transactions", "hash"})
_AMOUNT: Final = r"[0-9]{1,14}\.[0-9]{2}"
_FORMS: Final = {
    "orderID": r"[!-{}~]{1,32}",
    "remoteID": r"[A-Za-z0-9_-]{1,20}",
    "amount": _AMOUNT,
    "currency": r"[A-Z]{3}",
    "gatewayID": r"[0-9]{1,5}",
    "paymentDate": r"[0-9]{14}",
    "paymentStatus": r"[A-Z_]{1,32}",
    "paymentStatusDetails": r"[ -{}~]{1,64}",
    "startAmount": _AMOUNT,
}
_NEEDED: Final = ("orderID", "remoteID", "amount", "currency", "paymentStatus")
_STATUSES: Final = {"SUCCESS": NewsStatus.CONFIRMED, "FAILURE": NewsStatus.FAILED}
"""Whatever else there is, or will be, is under way."""
_METHODS: Final = {"509": "BLIK", "1500": "Karta"}


class Reading(NamedTuple):
    """How a service's transactions are meant."""

    hashing: Hashing
    zone: ZoneInfo
    payer_commission: bool
    """Whether `amount` is more than what was ordered, which is `startAmount` then. Otherwise that is not believed: a
    text before it might have been cut in two."""


class Transactions:
    """A list of transactions as it came; nothing of it is believed before it `is_signed`."""

    def __init__(self, root: Node) -> None:
        """Take the document apart; raises `UnlikelyError`."""
        if root.name != "transactionList":
            raise UnlikelyError("it is no list of transactions")
        self.service_id = root.value("serviceID")
        self._hash = root.value("hash")
        nodes = root.the("transactions").children
        self._told = [list(_leaves(node)) for node in nodes]
        others = [node.name for node in root.children if node.name not in _AROUND]
        others += [node.name for node in nodes if node.name != "transaction"]
        self.unknown = [*others, *(path for told in self._told for path, _ in told if path not in ORDER)]
        """Elements that have no number: nobody knows where they stand in the hash."""

    def order_ids(self) -> list[str]:
        """What the orders are called, by transaction; empty where one has no name that could be one."""
        found = [dict(told).get("orderID", "") for told in self._told]
        return [name if re.fullmatch(_FORMS["orderID"], name) else "" for name in found]

    def is_signed(self, hashing: Hashing) -> bool:
        """Whether the hash is that of the values, in the order of their numbers, one transaction after the other."""
        if self.unknown:
            return False
        ordered = (value for told in self._told for _, value in sorted(told, key=lambda each: ORDER[each[0]]))
        return is_same(self._hash, hashing.of([self.service_id, *ordered]))

    def news(self, reading: Reading) -> tuple[News, ...]:
        """What is told; raises `UnlikelyError` for values that are not in their forms."""
        return tuple(_news(_checked(told), reading) for told in self._told)


def _leaves(node: Node, above: str = "") -> Iterator[tuple[str, str]]:
    """Path and value of every element that holds no other, in the order of the document."""
    for child in node.children:
        path = f"{above}{child.name}"
        if child.children:
            yield from _leaves(child, f"{path}/")
        elif path not in _HOLDERS or child.text.strip():
            yield path, child.attributes.get("value", "") if child.name == "param" else child.text


def _checked(told: list[tuple[str, str]]) -> dict[str, str]:
    single = [path for path, _ in told if path not in _LISTS]
    if len(set(single)) != len(single):
        raise UnlikelyError("an element comes twice")
    values = {path: value for path, value in told if value}
    for name, form in _FORMS.items():
        if name in values and not re.fullmatch(form, values[name]):
            raise UnlikelyError(f"{name} is not in its form")
    if missing := [name for name in _NEEDED if name not in values]:
        raise UnlikelyError(f"{missing[0]} is missing")
    return values


def _news(values: dict[str, str], reading: Reading) -> News:
    ordered = values.get("startAmount") if reading.payer_commission else None
    return News(
        reference=values["orderID"],
        payment_id=values["remoteID"],
        status=_STATUSES.get(values["paymentStatus"], NewsStatus.PENDING),
        amount=money(Decimal(ordered or values["amount"]), values["currency"]),
        paid_at=_moment(values.get("paymentDate", ""), reading.zone),
        method=_METHODS.get(values.get("gatewayID", ""), "Autopay"),
        detail=values.get("paymentStatusDetails", ""),
    )


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnlikelyError("paymentDate is no moment") from None
