"""The states of paying, and which may follow which: what is not written here does not happen."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CheckoutState(StrEnum):
    """How far an intent to pay has come."""

    CREATED = "CREATED"
    REDIRECTED = "REDIRECTED"
    """The payer was sent to the platform."""
    PENDING = "PENDING"
    """The payer came back, or the platform tells that something is under way. A browser's return leads no further."""
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


RUNNING: Final = frozenset({CheckoutState.CREATED, CheckoutState.REDIRECTED, CheckoutState.PENDING})
"""States in which its documents are held."""
_ENDS: Final = frozenset(CheckoutState) - RUNNING
CHECKOUT_MOVES: Final[Mapping[CheckoutState, frozenset[CheckoutState]]] = {
    CheckoutState.CREATED: frozenset({CheckoutState.REDIRECTED, CheckoutState.PENDING, *_ENDS}),
    CheckoutState.REDIRECTED: frozenset({CheckoutState.PENDING, *_ENDS}),
    CheckoutState.PENDING: _ENDS,
    CheckoutState.SUCCEEDED: frozenset(),
    # Money that comes late is money: a platform may confirm what had failed, run out or been cancelled.
    CheckoutState.FAILED: frozenset({CheckoutState.SUCCEEDED}),
    CheckoutState.EXPIRED: frozenset({CheckoutState.SUCCEEDED}),
    CheckoutState.CANCELLED: frozenset({CheckoutState.SUCCEEDED}),
}


class PlatformEventState(StrEnum):
    """What became of a notification."""

    TAKEN = "TAKEN"
    """What it tells is written down."""
    HINT = "HINT"
    """The platform is to be asked what it is about."""
    PARKED = "PARKED"
    """It is about an order that we do not know, or not yet."""
    LOST = "LOST"
    """Nobody knows what it is about: what money it told of is a stray."""


class Booking(StrEnum):
    """Whether the office is told of money at a platform."""

    NONE = "NONE"
    """It is not ours, or not yet."""
    DUE = "DUE"
    """The office is to be told; perhaps it was, and its answer was lost."""
    BOOKED = "BOOKED"
    REFUSED = "REFUSED"
    """The office does not book it: a stray."""
    REVIEW = "REVIEW"
    """It does not fit: nothing is booked before staff have decided."""
    DISMISSED = "DISMISSED"
    """Staff decided that nothing is booked."""


class PaymentReturnState(StrEnum):
    """How far money that goes back has come."""

    REQUESTED = "REQUESTED"
    """The platform is to be asked; perhaps it was, and its answer was lost."""
    ASKED = "ASKED"
    """The platform took it, and has not done it yet."""
    GIVEN = "GIVEN"
    """The payer has it; the office is to be told."""
    BOOKED = "BOOKED"
    """The office has booked it, or had nothing booked to begin with."""
    REFUSED = "REFUSED"
    """The platform does not do it: nothing has happened."""
    UNBOOKED = "UNBOOKED"
    """The payer has it, and the office does not book it: a stray."""


class StrayKind(StrEnum):
    """Why money does not fit."""

    AMOUNT_MISMATCH = "AMOUNT_MISMATCH"
    """The platform took another amount, or currency, than was ordered."""
    PAID_TWICE = "PAID_TWICE"
    """One order was paid more than once."""
    UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE"
    """Money at the platform of which there is no order."""
    BOOKING_REFUSED = "BOOKING_REFUSED"
    """The office does not book a payment that has come."""
    RETURN_REFUSED = "RETURN_REFUSED"
    """The office does not book that money went back."""
    MISSING_AT_PLATFORM = "MISSING_AT_PLATFORM"
    """The platform knows nothing of a payment that it had confirmed."""
    MISSING_AT_OFFICE = "MISSING_AT_OFFICE"
    """The office knows nothing, or otherwise, of a payment that it had booked."""
    UNKNOWN_AT_OFFICE = "UNKNOWN_AT_OFFICE"
    """The office has a payment under one of our references that we never booked."""


class StrayState(StrEnum):
    """Whether anybody has to look."""

    OPEN = "OPEN"
    RESOLVED = "RESOLVED"


class StrayResolution(StrEnum):
    """How money that did not fit was dealt with."""

    BOOKED = "BOOKED"
    """It is booked at the office as it came."""
    REFUNDED = "REFUNDED"
    DISMISSED = "DISMISSED"
    """It was dealt with elsewhere, as the note says."""
    SETTLED = "SETTLED"
    """It has come right by itself."""
