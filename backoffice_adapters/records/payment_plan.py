"""Payment plans: a debt to be paid by instalments."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records.base import Sourced


class PaymentPlanStatus(StrEnum):
    """Where a plan stands. Only the payment of its first instalment makes it ACTIVE."""

    PENDING_FIRST_PAYMENT = "PENDING_FIRST_PAYMENT"
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    LAPSED = "LAPSED"
    BROKEN = "BROKEN"
    CANCELLED = "CANCELLED"

    @property
    def runs(self) -> bool:
        """Whether the plan binds: its invoices are paid through it. An account has at most one such plan."""
        return self in {PaymentPlanStatus.PENDING_FIRST_PAYMENT, PaymentPlanStatus.ACTIVE}


class PaymentPlan(Sourced):
    """An agreement to pay a debt by instalments. What is only offered is no plan yet."""

    account_key: str
    number: str
    status: PaymentPlanStatus
    agreed_on: date
    total: Money
    """Σ instalments: the debt and `interest`."""
    interest: Money
    """What paying later costs: a part of `total`, zero where it costs nothing."""
    paid: Money
    """Σ instalments PAID."""
    instalment_count: int
    invoice_keys: tuple[str, ...]
    """The invoices it covers, all of the same account."""

    @property
    def open(self) -> Money:
        """What is still to be paid through the plan: zero once it binds no more."""
        return self.total - self.paid if self.status.runs else self.total - self.total


class InstalmentStatus(StrEnum):
    """Where an instalment stands; whether it is due is derived from it and the date."""

    SCHEDULED = "SCHEDULED"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


class Instalment(Sourced):
    """One payment of a plan. The schedule was fixed when the plan was made and is never computed anew."""

    account_key: str
    plan_key: str
    position: int
    """1 for the first."""
    due_on: date
    amount: Money
    status: InstalmentStatus
    paid_at: datetime | None = None
    """When it was paid: there exactly when PAID."""

    def overdue_on(self, today: date) -> bool:
        """Whether it should have been paid before the manager's local date `today`."""
        return self.status is InstalmentStatus.SCHEDULED and today > self.due_on
