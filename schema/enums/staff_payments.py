"""Enums of money as the staff sees it: what does not fit, what goes back, and why something was not done."""

from __future__ import annotations

from ventanilla.backoffice_adapters.records import ReversalKind
from ventanilla.payments.contract import NewsStatus
from ventanilla.resolvers.refunds import RefundPaymentReason
from ventanilla.resolvers.staff_payments import MoneyOrder
from ventanilla.resolvers.strays import BookStrayReason, DismissStrayReason, RefundStrayReason, StrayOrder
from ventanilla.schema.enums.described import Described
from ventanilla.store.payment_states import Booking, PaymentReturnState, StrayKind, StrayResolution, StrayState

_NO_STRAY = "The manager has no stray payment of that id."
_RESOLVED = "Somebody has dealt with it already, or it has come right by itself."
_NO_REFUND = "The platform takes no refunds from here: the money is given back in its own panel, and the portal learns"
_NO_PART = "The platform gives back a whole payment or nothing."

ENUMS = (
    Described(
        NewsStatus,
        "How a payment stands at its platform.",
        PENDING="It is under way.",
        CONFIRMED="The money is the manager's.",
        FAILED="It was not paid. A confirmation may follow all the same.",
        PARTIALLY_REFUNDED="A part of it was given back by the manager.",
        REFUNDED="All of it was given back by the manager.",
        REVERSED="It was taken back by the payer's bank or card.",
    ),
    Described(
        Booking,
        "Whether the office has money in its books.",
        NONE="There is nothing to be booked, or not yet.",
        DUE="The office is being told.",
        BOOKED="It has.",
        REFUSED="It does not book it: look among the stray payments.",
        REVIEW="It does not fit: nothing is booked before the staff has decided.",
        DISMISSED="The staff decided that nothing is booked.",
    ),
    Described(
        ReversalKind,
        "Who takes money back.",
        REFUND="The manager gives it back.",
        REVERSAL="The payer's bank takes it back.",
    ),
    Described(
        PaymentReturnState,
        "How far money that goes back has come.",
        REQUESTED="The platform is being asked.",
        ASKED="The platform has taken it on, and has not done it yet.",
        GIVEN="The payer has it; the office is being told.",
        BOOKED="The office has booked it, or had nothing booked to begin with.",
        REFUSED="The platform does not do it: nothing has happened.",
        UNBOOKED="The payer has it, and the office does not book it: look among the stray payments.",
    ),
    Described(
        StrayKind,
        "Why money does not fit.",
        AMOUNT_MISMATCH="The platform took another amount, or currency, than was ordered.",
        PAID_TWICE="One checkout was paid more than once.",
        UNKNOWN_REFERENCE="Money at the platform of which no order is known.",
        BOOKING_REFUSED="The office does not book a payment that has come.",
        RETURN_REFUSED="The office does not book that money went back.",
        MISSING_AT_PLATFORM="The platform knows nothing of a payment that it had confirmed.",
        MISSING_AT_OFFICE="The office knows nothing, or otherwise, of a payment that it had booked.",
        UNKNOWN_AT_OFFICE="The office has a payment under a reference of the portal that the portal never booked.",
    ),
    Described(StrayState, "Whether anybody has to look.", OPEN="Yes.", RESOLVED="No: it was dealt with."),
    Described(
        StrayResolution,
        "How money that did not fit was dealt with.",
        BOOKED="It was let be booked as it came.",
        REFUNDED="It was given back, or is being.",
        DISMISSED="It was dealt with elsewhere, as the note says.",
        SETTLED="It has come right by itself.",
    ),
    Described(StrayOrder, "How strays are sorted.", FOUND_AT_DESC="Newest first.", FOUND_AT_ASC="Oldest first."),
    Described(
        MoneyOrder,
        "How checkouts and payments are sorted.",
        CREATED_AT_DESC="Newest first.",
        CREATED_AT_ASC="Oldest first.",
    ),
    Described(
        RefundPaymentReason,
        "Why nothing goes back.",
        NOT_FOUND="The manager has no checkout of that id.",
        NOT_PAID="Nothing was paid that could be given back; what does not fit is decided about as a stray payment.",
        AMOUNT_INVALID="It is not positive, or has more decimals than the currency.",
        AMOUNT_TOO_LARGE="It is more than is left: the parameter `left` says how much that is, in `currency`.",
        REFUND_NOT_SUPPORTED=f"{_NO_REFUND} of it.",
        PARTIAL_NOT_SUPPORTED=_NO_PART,
        IDEMPOTENCY_CONFLICT="The key was used for another refund.",
    ),
    Described(
        BookStrayReason,
        "Why nothing is booked.",
        NOT_FOUND=_NO_STRAY,
        ALREADY_RESOLVED=_RESOLVED,
        NOT_BOOKABLE="There is no account that it could be booked for, or nothing to be booked.",
    ),
    Described(
        RefundStrayReason,
        "Why nothing goes back.",
        NOT_FOUND=_NO_STRAY,
        ALREADY_RESOLVED=_RESOLVED,
        NOT_REFUNDABLE="It is no money that has come, or all of it goes back already.",
        REFUND_NOT_SUPPORTED=f"{_NO_REFUND} of it.",
        PARTIAL_NOT_SUPPORTED=_NO_PART,
    ),
    Described(DismissStrayReason, "Why it is open yet.", NOT_FOUND=_NO_STRAY, ALREADY_RESOLVED=_RESOLVED),
)
