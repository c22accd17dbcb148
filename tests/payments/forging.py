"""What the other sides of platforms have in common: orders that are known, and payments of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime

from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.contract import NewsStatus


@dataclass
class Paid:
    """A payment at the platform."""

    id: str
    reference: str
    amount: Money
    status: NewsStatus
    at: datetime
    refunds: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def given_back(self) -> int:
        return sum(self.refunds.values())

    def give_back(self, key: str, minor: int) -> bool:
        """Whether it goes back, or went back before under the same key."""
        if key in self.refunds:
            return self.refunds[key] == minor
        if self.status is not NewsStatus.CONFIRMED or minor <= 0 or minor > self.amount.minor - self.given_back:
            return False
        self.refunds[key] = minor
        return True


class Books:
    """What one platform knows."""

    def __init__(self, name: str = "{}") -> None:
        self.orders: dict[str, Money] = {}
        self.cancelled: set[str] = set()
        self.payments: dict[str, Paid] = {}
        self._name = name
        self._numbers = itertools.count(1_000_001)

    def pay(self, reference: str, status: NewsStatus, at: datetime) -> str | None:
        if reference in self.cancelled:
            return None
        number = self._name.format(next(self._numbers))
        self.payments[number] = Paid(number, reference, self.orders[reference], status, at)
        return number

    def of(self, reference: str) -> list[Paid]:
        return [paid for paid in self.payments.values() if paid.reference == reference]
