"""Enums of what an account owes and pays."""

from __future__ import annotations

from ventanilla.backoffice_adapters.contract import (
    AccrualOrder,
    ChargeOrder,
    InvoiceOrder,
    InvoiceStatusFilter,
    PaymentOrder,
    PaymentPlanOrder,
)
from ventanilla.backoffice_adapters.records import (
    ChargeStatus,
    InstalmentStatus,
    InvoiceKind,
    InvoiceStatus,
    PaymentPlanStatus,
    PaymentStatus,
    TitleKind,
)
from ventanilla.pdf.paper import DocumentFormat
from ventanilla.schema.enums.described import Described

ENUMS = (
    Described(
        InvoiceKind,
        "What kind of debt document it is. Amounts are never negative.",
        INVOICE="It asks for money.",
        CREDIT_NOTE="It gives money back.",
        DEBIT_NOTE="It asks for money beside an earlier invoice.",
    ),
    Described(
        InvoiceStatus,
        "The stored state of an invoice. Whether it is overdue is told by `overdue`.",
        DRAFT="Not issued yet; never shown.",
        ISSUED="Issued, nothing paid.",
        PARTIALLY_PAID="A part is paid.",
        IN_PLAN="Covered by a payment plan; paid through its instalments.",
        PAID="Paid in full.",
        CANCELLED="Withdrawn; nothing is owed.",
    ),
    Described(
        InvoiceStatusFilter,
        "A state of an invoice as people ask for it.",
        OPEN="Stored as ISSUED, overdue or not.",
        PARTIALLY_PAID="A part is paid, overdue or not.",
        OVERDUE="ISSUED or PARTIALLY_PAID, no credit note, and the first due date has passed.",
        IN_PLAN="Covered by a payment plan.",
        PAID="Paid in full.",
        CANCELLED="Withdrawn.",
    ),
    Described(
        InvoiceOrder,
        "How invoices are sorted; equal dates are sorted by the office's key.",
        ISSUED_ON_DESC="Newest first.",
        ISSUED_ON_ASC="Oldest first.",
        DUE_ON_ASC="By first due date, earliest first.",
        DUE_ON_DESC="By first due date, latest first.",
    ),
    Described(
        DocumentFormat,
        "The form of a document. Both say the same.",
        PDF="To print and to keep.",
        HTML="A page for a browser, which screen readers can follow and phones can show.",
    ),
    Described(
        ChargeStatus,
        "Where a charge stands.",
        PENDING="Not invoiced yet.",
        INVOICED="Part of an invoice that is not settled.",
        SETTLED="Its invoice is paid.",
        CANCELLED="Withdrawn.",
    ),
    Described(
        ChargeOrder,
        "How charges are sorted; equal dates are sorted by the office's key.",
        CHARGED_ON_DESC="Newest first.",
        CHARGED_ON_ASC="Oldest first.",
    ),
    Described(
        PaymentStatus,
        "Where a payment stands. Only CONFIRMED and SETTLED count as paid.",
        PENDING="Announced, not confirmed.",
        CONFIRMED="Confirmed by who took it.",
        SETTLED="Arrived at the manager.",
        FAILED="It did not happen.",
        EXPIRED="Nobody paid in time.",
        REVERSED="It was taken back.",
        PARTIALLY_REFUNDED="A part was given back.",
        REFUNDED="All was given back.",
        REVIEW="Amount or currency differ from what was expected; staff look at it.",
    ),
    Described(
        PaymentOrder,
        "How payments are sorted; equal moments are sorted by the office's key.",
        PAID_AT_DESC="Newest first.",
        PAID_AT_ASC="Oldest first.",
    ),
    Described(
        TitleKind,
        "For what an account is charged month by month.",
        RENT="The rent itself.",
        MAINTENANCE_ADVANCE="Upkeep of what is held in common, in advance.",
        UTILITY_ADVANCE="Utilities in advance; a settlement follows.",
        REPAIR_FUND="The fund for repairs.",
        OTHER="Anything else; the description tells.",
    ),
    Described(
        AccrualOrder,
        "How accruals are sorted; those of one month are sorted by the office's key.",
        MONTH_DESC="Latest month first.",
        MONTH_ASC="Earliest month first.",
    ),
    Described(
        PaymentPlanStatus,
        "Where a payment plan stands. Only the payment of its first instalment makes it ACTIVE.",
        PENDING_FIRST_PAYMENT="Agreed; the first instalment is not paid yet.",
        ACTIVE="In force: its invoices are paid through it.",
        COMPLETED="All instalments are paid.",
        LAPSED="The first instalment was not paid in time.",
        BROKEN="Instalments were missed.",
        CANCELLED="Withdrawn.",
    ),
    Described(
        PaymentPlanOrder,
        "How payment plans are sorted; equal dates are sorted by the office's key.",
        AGREED_ON_DESC="Newest first.",
        AGREED_ON_ASC="Oldest first.",
    ),
    Described(
        InstalmentStatus,
        "The stored state of an instalment. Whether it is overdue is told by `overdue`.",
        SCHEDULED="To be paid.",
        PAID="Paid.",
        CANCELLED="Its plan ended before it was paid.",
    ),
)
