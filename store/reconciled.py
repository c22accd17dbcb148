"""What is to be compared with offices and platforms, a part at a time: our side of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from ventanilla.backoffice_adapters.database import stamp
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRef, Record
from ventanilla.store.payment_returns import office_share
from ventanilla.store.payment_states import Booking, PaymentReturnState, StrayKind
from ventanilla.store.store import Store


class BookedPayment(Record):
    """A payment that its office has booked, as far as we know."""

    id: str
    booked_at: datetime
    office: str
    account: AccountRef
    reference: str
    office_payment_key: str
    currency: str
    amount_minor: int
    """What the platform took."""
    order_minor: int
    """What was ordered, without the payer's fee, and"""
    fee_minor: int
    """that fee."""
    order_currency: str
    paid_at: datetime | None
    returned_minor: int
    """What the office has taken back of it, as far as we know."""
    returns: int
    """How many refunds and reversals there are of it, whatever became of them."""
    under_way: int
    """How many of them the office may be told of at this moment."""
    missing: int
    """Whether the office was found to miss it before."""

    @property
    def office_minor(self) -> int:
        """What the office has booked."""
        paid, ordered = Money(self.amount_minor, self.currency), Money(self.order_minor, self.order_currency)
        return office_share(paid, ordered, self.fee_minor)


class PaidAccount(Record):
    """An account for which somebody set out to pay."""

    office: str
    account_key: str
    account: AccountRef


class ConfirmedPayment(Record):
    """A payment that the platform has confirmed, as far as we know."""

    id: str
    checkout_id: str | None
    payment_id: str
    reference: str
    platform_id: str | None
    office: str | None
    currency: str
    amount_minor: int


class OpenStray(Record):
    """Something that does not fit, and how what it is about stands now."""

    id: str
    kind: StrayKind
    found_at: datetime
    subject: str
    office: str | None
    office_payment_key: str | None
    reference: str
    booking: Booking | None
    payment_id: str | None
    platform: str | None
    platform_id: str | None
    return_state: PaymentReturnState | None


_BOOKED: Final = """
SELECT one.id, one.booked_at, checkout.office, checkout.account, checkout.reference, one.office_payment_key,
    one.currency, one.amount_minor, checkout.amount_minor, checkout.payer_fee_minor, checkout.currency, one.paid_at,
    (SELECT CAST(COALESCE(SUM(back.office_minor), 0) AS BIGINT) FROM payment_return back
     WHERE back.manager = one.manager AND back.platform_payment_id = one.id AND back.state = 'BOOKED'),
    (SELECT COUNT(*) FROM payment_return back
     WHERE back.manager = one.manager AND back.platform_payment_id = one.id),
    (SELECT COUNT(*) FROM payment_return back
     WHERE back.manager = one.manager AND back.platform_payment_id = one.id AND back.state = 'GIVEN'),
    (SELECT COUNT(*) FROM stray_payment stray
     WHERE stray.manager = one.manager AND stray.kind = 'MISSING_AT_OFFICE' AND stray.subject = one.id)
FROM platform_payment one JOIN checkout ON checkout.manager = one.manager AND checkout.id = one.checkout_id
WHERE one.manager = $1 AND one.booking = 'BOOKED' AND (one.booked_at, one.id) > ($2, $3)
ORDER BY one.booked_at, one.id LIMIT $4
"""
_ACCOUNTS: Final = """
SELECT office, account_key, MAX(account) FROM checkout
WHERE manager = $1 AND created_at >= $2 AND (office, account_key) > ($3, $4)
GROUP BY office, account_key ORDER BY office, account_key LIMIT $5
"""
_CONFIRMED: Final = """
SELECT one.id, one.checkout_id, one.payment_id, one.reference, checkout.platform_id, checkout.office, one.currency,
    one.amount_minor
FROM platform_payment one LEFT JOIN checkout ON checkout.manager = one.manager AND checkout.id = one.checkout_id
WHERE one.manager = $1 AND one.platform = $2 AND one.status = 'CONFIRMED' AND one.paid_at >= $3 AND one.paid_at < $4
ORDER BY one.paid_at, one.id
"""
_OPEN: Final = """
SELECT one.id, one.kind, one.found_at, one.subject, one.office, one.office_payment_key, one.reference,
    payment.booking, payment.payment_id, payment.platform, checkout.platform_id,
    (SELECT back.state FROM payment_return back WHERE back.manager = one.manager AND back.id = one.subject)
FROM stray_payment one
LEFT JOIN platform_payment payment ON payment.manager = one.manager AND payment.id = one.platform_payment_id
LEFT JOIN checkout ON checkout.manager = one.manager AND checkout.id = one.checkout_id
WHERE one.manager = $1 AND one.state = 'OPEN' AND (one.found_at, one.id) > ($2, $3)
ORDER BY one.found_at, one.id LIMIT $4
"""
_KNOWN: Final = """
SELECT payment_id, status, refunded_minor FROM platform_payment
WHERE manager = $1 AND platform = $2 AND payment_id IN $3[]
"""
_OURS: Final = """
SELECT checkout.reference, checkout.id,
    (SELECT COUNT(*) FROM platform_payment one
     WHERE one.manager = checkout.manager AND one.checkout_id = checkout.id AND one.booking = 'DUE')
FROM checkout WHERE checkout.manager = $1 AND checkout.office = $2 AND checkout.reference IN $3[]
"""
_KEYS: Final = """
SELECT one.office_payment_key FROM platform_payment one
JOIN checkout ON checkout.manager = one.manager AND checkout.id = one.checkout_id
WHERE one.manager = $1 AND checkout.office = $2 AND one.office_payment_key IN $3[]
"""


async def booked(store: Store, manager: str, since: datetime, after: Sequence[str], most: int) -> list[BookedPayment]:
    """What offices have booked since a moment, from beyond ``(booked_at, id)``, oldest first."""
    place = tuple(after) or (stamp(since), "")
    rows = await store.rows(_BOOKED, [manager, *place, most])
    return [_booked(row) for row in rows]


def _booked(row: Sequence[object]) -> BookedPayment:
    told = dict(zip(BookedPayment.__struct_encode_fields__, row, strict=True))
    return msgspec.convert({**told, "account": msgspec.json.decode(str(told["account"]))}, BookedPayment)


async def accounts(store: Store, manager: str, since: datetime, after: Sequence[str], most: int) -> list[PaidAccount]:
    """Accounts with a checkout since a moment, from beyond ``(office, key)``."""
    place = tuple(after) or ("", "")
    rows = await store.rows(_ACCOUNTS, [manager, stamp(since), *place, most])
    return [
        PaidAccount(office=office, account_key=key, account=msgspec.json.decode(account, type=AccountRef))
        for office, key, account in rows
    ]


async def confirmed(
    store: Store, manager: str, platform: str, since: datetime, until: datetime
) -> list[ConfirmedPayment]:
    """What a platform has confirmed, as far as we know, and was paid from `since` to before `until`."""
    rows = await store.rows(_CONFIRMED, [manager, platform, stamp(since), stamp(until)])
    fields = ConfirmedPayment.__struct_fields__
    return [ConfirmedPayment(**dict(zip(fields, row, strict=True))) for row in rows]


async def open_strays(store: Store, manager: str, after: Sequence[str], most: int) -> list[OpenStray]:
    """What does not fit yet, from beyond ``(found_at, id)``, oldest first."""
    place = tuple(after) or ("", "")
    rows = await store.rows(_OPEN, [manager, *place, most])
    fields = OpenStray.__struct_encode_fields__
    return [msgspec.convert(dict(zip(fields, row, strict=True)), OpenStray) for row in rows]


async def known(store: Store, manager: str, platform: str, payment_ids: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Of payments that are known: how each stands, and how much of it went back."""
    rows = await store.rows(_KNOWN, [manager, platform, [*payment_ids]]) if payment_ids else []
    return {payment_id: (status, refunded) for payment_id, status, refunded in rows}


async def settled_references(store: Store, manager: str, office: str, references: Sequence[str]) -> dict[str, str]:
    """Reference → checkout, of those references that are ours and of which no office is being told now."""
    rows = await store.rows(_OURS, [manager, office, [*references]]) if references else []
    return {reference: checkout_id for reference, checkout_id, due in rows if not due}


async def keys(store: Store, manager: str, office: str, among: Sequence[str]) -> set[str]:
    """Those of an office's payments that we know it to have booked."""
    rows = await store.rows(_KEYS, [manager, office, [*among]]) if among else []
    return {key for (key,) in rows}
