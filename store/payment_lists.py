"""Checkouts, payments and returns as the staff sees them. Nobody's secrets are in them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRef, Record, ReversalKind
from ventanilla.store.listing import Listing
from ventanilla.store.payment_states import Booking, CheckoutState, PaymentReturnState


class ListedCheckout(Record):
    """An intent to pay."""

    id: str
    reference: str
    platform: str
    office: str
    account: str
    """The account's reference, as JSON."""
    currency: str
    amount_minor: int
    payer_fee_minor: int
    manager_fee_minor: int
    state: CheckoutState
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    @property
    def account_number(self) -> str:
        """The number printed on papers."""
        return number_of(self.account) or ""

    @property
    def amount(self) -> Money:
        """What its documents come to."""
        return Money(self.amount_minor, self.currency)

    @property
    def payer_fee(self) -> Money:
        """What the payer bears of the platform's fee."""
        return Money(self.payer_fee_minor, self.currency)

    @property
    def manager_fee(self) -> Money:
        """What the manager bears of it."""
        return Money(self.manager_fee_minor, self.currency)


class ListedPayment(Record):
    """Money at a platform."""

    id: str
    checkout_id: str | None
    platform: str
    payment_id: str
    reference: str
    status: str
    """A `NewsStatus` of `payments`."""
    currency: str
    amount_minor: int
    method: str
    account: str | None
    booking: Booking
    problem: str | None
    """Why the office has not booked it: a `FaultCode`."""
    office_payment_key: str | None
    paid_at: datetime | None
    booked_at: datetime | None
    created_at: datetime

    @property
    def account_number(self) -> str | None:
        """The number printed on papers; None for money of which we know no order."""
        return number_of(self.account)

    @property
    def amount(self) -> Money:
        """What was paid."""
        return Money(self.amount_minor, self.currency)


class ListedReturn(Record):
    """Money that goes back."""

    id: str
    platform_payment_id: str
    kind: ReversalKind
    currency: str
    amount_minor: int
    reason: str
    state: PaymentReturnState
    problem: str | None
    """Why it is not done: a `PlatformFault` of `payments`, or a `FaultCode`."""
    given_name: str | None
    """Of who of the staff asked for it."""
    family_name: str | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def amount(self) -> Money:
        """How much."""
        return Money(self.amount_minor, self.currency)

    @property
    def requested_by(self) -> str | None:
        """How who asked for it is called now; None where nobody of the staff did."""
        return name_of(self.given_name, self.family_name)


def number_of(account: str | None) -> str | None:
    """The printed number in an account's reference; None without one."""
    return msgspec.json.decode(account, type=AccountRef).number if account else None


def name_of(given: str | None, family: str | None) -> str | None:
    """How somebody is called; None where nobody knows any more."""
    return None if given is None else f"{given} {family}".strip()


OF_CHECKOUT: Final = "LEFT JOIN checkout ON checkout.manager = one.manager AND checkout.id = one.checkout_id"
NAMES: Final = {"given_name": "person.given_name", "family_name": "person.family_name"}
CHECKOUTS: Final = Listing(kind=ListedCheckout, tables="checkout one", moment="created_at")
PAYMENTS: Final = Listing(
    kind=ListedPayment,
    tables=f"platform_payment one {OF_CHECKOUT}",
    moment="created_at",
    columns={"account": "checkout.account"},
)
RETURNS: Final = Listing(
    kind=ListedReturn,
    tables="payment_return one"
    " JOIN platform_payment payment ON payment.manager = one.manager AND payment.id = one.platform_payment_id"
    " LEFT JOIN person ON person.manager = one.manager AND person.id = one.requested_by",
    moment="created_at",
    columns={"currency": "payment.currency", **NAMES},
)
