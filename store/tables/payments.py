"""Paying: what was quoted and committed, what platforms told, what was booked, and what does not fit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, UniqueConstraint, false, text
from sqlmodel import Field

from ventanilla.store.tables.base import ID, Instant, TenantRow

# The standing reason of the pyright ignores below: SQLModel types `__tablename__` as a declared_attr, and its
# documentation sets it to a plain string.


class CheckoutQuoteRow(TenantRow, table=True):
    """What somebody would pay, as they were told: good for a while, and for one checkout."""

    __tablename__ = "checkout_quote"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "person_id"], ["person.manager", "person.id"], ondelete="CASCADE"),
        Index("ix_checkout_quote_expires_at", "manager", "expires_at"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    person_id: str = Field(max_length=ID)
    told: str = Field(sa_type=Text)
    """The account, lines, fees and total that were told, as JSON."""
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class CheckoutRow(TenantRow, table=True):
    """One intent to pay, frozen as it was committed. It outlives the person: it is evidence of money."""

    __tablename__ = "checkout"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        UniqueConstraint("manager", "id"),
        UniqueConstraint("manager", "reference"),
        UniqueConstraint("manager", "quote_id"),
        UniqueConstraint("manager", "person_id", "idempotency_key"),
        Index("ix_checkout_due", "manager", "state", "due_at"),
        Index("ix_checkout_created_at", "manager", "person_id", "created_at", "id"),
        Index("ix_checkout_account", "manager", "office", "account_key", "created_at"),
        Index("ix_checkout_listed", "manager", "created_at", "id"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    person_id: str = Field(max_length=ID)
    """Who committed it; it refers to nobody's row, for what happened outlives them."""
    quote_id: str = Field(max_length=ID)
    idempotency_key: str = Field(max_length=64)
    """SHA-256 of the client's key, hexadecimal."""
    asked: str = Field(max_length=64)
    """SHA-256 of what was asked under that key, hexadecimal."""
    reference: str = Field(max_length=32)
    """What platform, office and people know it by."""
    platform: str = Field(max_length=40)
    platform_id: str | None = Field(default=None, max_length=120)
    """What the platform calls the order."""
    office: str = Field(max_length=60)
    account: str = Field(sa_type=Text)
    """The account's reference as its office is told of it, as JSON."""
    account_key: str = Field(max_length=120)
    currency: str = Field(max_length=3)
    amount_minor: int = Field(sa_type=BigInteger)
    """Σ of its items."""
    payer_fee_minor: int = Field(sa_type=BigInteger)
    manager_fee_minor: int = Field(sa_type=BigInteger)
    redirect: str | None = Field(default=None, sa_type=Text)
    """Where the payer is sent, as JSON; None as long as the platform was not reached."""
    origin: str = Field(max_length=300)
    """The portal's address that people are sent back to: ``https://host:port``."""
    return_path: str = Field(max_length=500)
    language: str = Field(max_length=12)
    terms_version: str | None = Field(default=None, max_length=60)
    """Which terms of the portal held when it was committed; None where there were none."""
    state: str = Field(max_length=12)
    """A `CheckoutState`."""
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    """Until when it may be paid."""
    redirected_at: datetime | None = Field(default=None, sa_type=Instant)
    returned_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it succeeded, failed, expired or was cancelled."""
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the platform is asked next how it stands, or the lease of who asks ends; None for never again."""
    leased_by: str | None = Field(default=None, max_length=ID)
    tries: int = 0


class CheckoutItemRow(TenantRow, table=True):
    """One document that a checkout pays, as it was when it was committed."""

    __tablename__ = "checkout_item"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        ForeignKeyConstraint(["manager", "checkout_id"], ["checkout.manager", "checkout.id"], ondelete="CASCADE"),
        # One running intent for each document: the database decides between two who commit at once.
        Index(
            "uq_checkout_item_held",
            *("manager", "office", "invoice_key"),
            unique=True,
            sqlite_where=text("held"),
            postgresql_where=text("held"),
        ),
    )

    checkout_id: str = Field(primary_key=True, max_length=ID)
    position: int = Field(primary_key=True)
    office: str = Field(max_length=60)
    invoice_key: str = Field(max_length=120)
    number: str = Field(max_length=120)
    title: str = Field(max_length=250)
    amount_minor: int = Field(sa_type=BigInteger)
    held: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether nobody else may pay it meanwhile: from the commit until the checkout ends in vain, or is booked."""


class PlatformEventRow(TenantRow, table=True):
    """A verified notification, once, however often it comes."""

    __tablename__ = "platform_event"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        UniqueConstraint("manager", "platform", "event_key"),
        Index("ix_platform_event_due", "manager", "state", "due_at"),
        Index("ix_platform_event_received_at", "manager", "received_at"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    platform: str = Field(max_length=40)
    event_key: str = Field(max_length=64)
    """SHA-256 of the platform's event id, hexadecimal."""
    told: str = Field(sa_type=Text)
    """The news that it brought, or the hint, as JSON."""
    state: str = Field(max_length=12)
    """A `PlatformEventState`."""
    received_at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    leased_by: str | None = Field(default=None, max_length=ID)
    tries: int = 0


class PlatformPaymentRow(TenantRow, table=True):
    """Money at a platform: one payment of one order, as last told, and whether its office has booked it."""

    __tablename__ = "platform_payment"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        UniqueConstraint("manager", "id"),
        UniqueConstraint("manager", "platform", "payment_id"),
        ForeignKeyConstraint(["manager", "checkout_id"], ["checkout.manager", "checkout.id"]),
        Index("ix_platform_payment_due", "manager", "booking", "due_at"),
        Index("ix_platform_payment_checkout", "manager", "checkout_id"),
        Index("ix_platform_payment_created_at", "manager", "created_at", "id"),
        Index("ix_platform_payment_booked_at", "manager", "booked_at", "id"),
        Index("ix_platform_payment_paid_at", "manager", "paid_at"),
        Index("ix_platform_payment_reference", "manager", "reference"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    """Random; the key under which the office books it, so that it books it once."""
    checkout_id: str | None = Field(default=None, max_length=ID)
    """None for money of which we know no order."""
    platform: str = Field(max_length=40)
    payment_id: str = Field(max_length=120)
    reference: str = Field(max_length=64)
    status: str = Field(max_length=20)
    """A `NewsStatus`."""
    currency: str = Field(max_length=3)
    amount_minor: int = Field(sa_type=BigInteger)
    refunded_minor: int = Field(default=0, sa_type=BigInteger)
    """What the platform says was given or taken back by now."""
    method: str = Field(default="", max_length=60)
    paid_at: datetime | None = Field(default=None, sa_type=Instant)
    booking: str = Field(max_length=12)
    """A `Booking`: whether the office is to be told, was told, or must not be."""
    office_payment_key: str | None = Field(default=None, max_length=120)
    booked_at: datetime | None = Field(default=None, sa_type=Instant)
    problem: str | None = Field(default=None, max_length=30)
    """Why the office has not booked it: a `FaultCode`."""
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    leased_by: str | None = Field(default=None, max_length=ID)
    tries: int = 0


class PaymentReturnRow(TenantRow, table=True):
    """Money that goes back: a refund that staff ask for, or what a platform tells of its own accord."""

    __tablename__ = "payment_return"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        UniqueConstraint("manager", "id"),
        UniqueConstraint("manager", "requested_by", "idempotency_key"),
        ForeignKeyConstraint(["manager", "platform_payment_id"], ["platform_payment.manager", "platform_payment.id"]),
        Index("ix_payment_return_due", "manager", "state", "due_at"),
        Index("ix_payment_return_payment", "manager", "platform_payment_id"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    """Random; the key under which platform and office do it, so that they do it once."""
    platform_payment_id: str = Field(max_length=ID)
    kind: str = Field(max_length=10)
    """A `ReversalKind`."""
    amount_minor: int = Field(sa_type=BigInteger)
    office_minor: int | None = Field(default=None, sa_type=BigInteger)
    """What the office is to take back for it: less where the payer's fee goes back too. None before it is GIVEN."""
    reason: str = Field(default="", max_length=200)
    requested_by: str | None = Field(default=None, max_length=ID)
    """Who of the staff asked for it; None for what the platform told of its own accord."""
    idempotency_key: str | None = Field(default=None, max_length=64)
    asked: str | None = Field(default=None, max_length=64)
    state: str = Field(max_length=12)
    """A `PaymentReturnState`."""
    refund_id: str | None = Field(default=None, max_length=120)
    problem: str | None = Field(default=None, max_length=30)
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    leased_by: str | None = Field(default=None, max_length=ID)
    tries: int = 0


class StrayPaymentRow(TenantRow, table=True):
    """Money that does not fit: for the staff to look at and to decide about."""

    __tablename__ = "stray_payment"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (
        UniqueConstraint("manager", "kind", "subject"),
        Index("ix_stray_payment_found_at", "manager", "state", "found_at", "id"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    kind: str = Field(max_length=24)
    """A `StrayKind`."""
    subject: str = Field(max_length=200)
    """What it is about, so that it is found once: the id of our row, or office and key of theirs."""
    platform_payment_id: str | None = Field(default=None, max_length=ID)
    checkout_id: str | None = Field(default=None, max_length=ID)
    office: str | None = Field(default=None, max_length=60)
    office_payment_key: str | None = Field(default=None, max_length=120)
    reference: str = Field(default="", max_length=64)
    currency: str = Field(max_length=3)
    amount_minor: int = Field(sa_type=BigInteger)
    expected_minor: int | None = Field(default=None, sa_type=BigInteger)
    """What it ought to have been, where something was expected."""
    state: str = Field(max_length=10)
    """A `StrayState`."""
    resolution: str | None = Field(default=None, max_length=12)
    note: str = Field(default="", max_length=500)
    found_at: datetime = Field(sa_type=Instant)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_by: str | None = Field(default=None, max_length=ID)


class ReconciliationRow(TenantRow, table=True):
    """How far a manager's money has been compared with what its platform and its offices say."""

    __tablename__ = "reconciliation"  # pyright: ignore[reportAssignmentType]  # see above
    __table_args__ = (UniqueConstraint("manager"),)

    id: str = Field(primary_key=True, max_length=ID)
    place: str | None = Field(default=None, sa_type=Text)
    """Where to go on, as JSON; None at the beginning."""
    begun_at: datetime = Field(sa_type=Instant)
    """When this round began."""
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the last whole round ended."""
    due_at: datetime = Field(sa_type=Instant)
    """When to go on, or the lease of who does ends."""
    leased_by: str | None = Field(default=None, max_length=ID)
