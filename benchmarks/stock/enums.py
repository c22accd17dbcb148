"""The enums, as the schema names them."""

from __future__ import annotations

from enum import StrEnum

import strawberry


@strawberry.enum
class AccountStatus(StrEnum):
    """Whether an account still runs."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


@strawberry.enum
class BalanceSide(StrEnum):
    """Who owes whom."""

    DEBT = "DEBT"
    CREDIT = "CREDIT"
    SETTLED = "SETTLED"


@strawberry.enum
class EnrolmentKind(StrEnum):
    """What an account can be enrolled in."""

    E_INVOICE = "E_INVOICE"
    DIRECT_DEBIT = "DIRECT_DEBIT"


@strawberry.enum
class InvoiceStatus(StrEnum):
    """The stored state of an invoice."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    IN_PLAN = "IN_PLAN"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


@strawberry.enum
class InvoiceOrder(StrEnum):
    """How invoices are sorted."""

    ISSUED_ON_DESC = "ISSUED_ON_DESC"
    ISSUED_ON_ASC = "ISSUED_ON_ASC"
    DUE_ON_ASC = "DUE_ON_ASC"
    DUE_ON_DESC = "DUE_ON_DESC"


@strawberry.enum
class PaymentPlanStatus(StrEnum):
    """Where a payment plan stands."""

    PENDING_FIRST_PAYMENT = "PENDING_FIRST_PAYMENT"
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    LAPSED = "LAPSED"
    BROKEN = "BROKEN"
    CANCELLED = "CANCELLED"


@strawberry.enum
class PaymentPlanOrder(StrEnum):
    """How payment plans are sorted."""

    AGREED_ON_DESC = "AGREED_ON_DESC"
    AGREED_ON_ASC = "AGREED_ON_ASC"


@strawberry.enum
class InstalmentStatus(StrEnum):
    """Whether an instalment is paid."""

    SCHEDULED = "SCHEDULED"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


@strawberry.enum
class NoticeOrder(StrEnum):
    """How notices are sorted."""

    PUBLISHED_FROM_DESC = "PUBLISHED_FROM_DESC"
    PUBLISHED_FROM_ASC = "PUBLISHED_FROM_ASC"
