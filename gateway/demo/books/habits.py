"""How people pay: early, on the day, late, in part, or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ventanilla.gateway.demo.books.bill import Bill
from ventanilla.gateway.demo.books.clerk import Clerk

Referrer = Callable[[Clerk, str, Bill, date], str]
"""Invents the reference that a payment by this method, of this bill, on this day would carry."""


@dataclass(frozen=True, slots=True)
class Habit:
    """By which methods somebody pays, how many days after (or before) the due date, and what is left unpaid."""

    methods: tuple[str, ...]
    days: tuple[int, int] = (-5, 0)
    owes: int = 0
    """How many of the newest documents past their due date are unpaid."""
    part: int = 0
    """Percent that was paid on the oldest of those."""


def settle(clerk: Clerk, bills: Sequence[Bill], habit: Habit, referrer: Referrer) -> None:
    """Pay `bills` of one account, oldest first, as `habit` says; what would be paid after the anchor stays open."""

    def pay(bill: Bill, day: date, amount: int) -> None:
        method = clerk.luck.choice(habit.methods)
        reference = referrer(clerk, method, bill, day)
        clerk.pay(bill.account, amount, day, method=method, reference=reference, bills=[bill])

    past = [bill for bill in bills if bill.due_on < clerk.anchor]
    unpaid = past[len(past) - min(habit.owes, len(past)) :]
    for bill in bills:
        day = max(bill.issued_on, bill.due_on + timedelta(days=clerk.luck.randint(*habit.days)))
        if bill not in unpaid and day <= clerk.anchor:
            pay(bill, day, bill.wanted(day))
    if unpaid and habit.part:
        pay(unpaid[0], unpaid[0].due_on, unpaid[0].total * habit.part // 1_000_000 * 10_000)
