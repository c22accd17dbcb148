"""Checkouts as their people see them: what is paid, how far it has come, and whether the office has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from ventanilla.backoffice_adapters.contract import ListOrder, Position, Window
from ventanilla.backoffice_adapters.database import Argument, Row, stamp
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import AccountRef, Record, Slice
from ventanilla.store.checkout_terms import CheckoutFees, CheckoutLine, CheckoutTerms
from ventanilla.store.payment_states import RUNNING, CheckoutState
from ventanilla.store.store import Store


class Checkout(Record):
    """An intent to pay, as it stands."""

    id: str
    person_id: str
    state: CheckoutState
    reference: str
    terms: CheckoutTerms
    leads: bool
    """Whether it is known where the payer is to be sent."""
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    payment_key: str | None
    """What its office calls the payment; None as long as it has not booked it."""

    @property
    def settled(self) -> bool:
        """Whether the office has the money in its books."""
        return self.payment_key is not None

    def open_at(self, now: datetime) -> bool:
        """Whether somebody may be sent to pay it."""
        return self.leads and self.state in RUNNING and now < self.expires_at


class CheckoutOrder(ListOrder):
    """How checkouts are sorted: there is one way, so nobody is asked."""

    CREATED_AT_DESC = "CREATED_AT_DESC"


class CheckoutFilter(Record):
    """Whose checkouts are wanted."""

    person_id: str
    accounts: tuple[tuple[str, str], ...] | None = None
    """Only those of an account, by each office and the key that it is known by there; None for all."""


_CHECKOUTS: Final = """
SELECT checkout.id, checkout.person_id, checkout.state, checkout.reference, checkout.platform, checkout.account,
       checkout.currency, checkout.payer_fee_minor, checkout.manager_fee_minor,
       CASE WHEN checkout.redirect IS NULL THEN 0 ELSE 1 END,
       checkout.created_at, checkout.expires_at, checkout.ended_at,
       (SELECT paid.office_payment_key FROM platform_payment paid
        WHERE paid.manager = checkout.manager AND paid.checkout_id = checkout.id AND paid.booking = 'BOOKED'
        ORDER BY paid.booked_at, paid.id LIMIT 1)
FROM checkout WHERE checkout.manager = $1 AND {which} {rest}
"""
_LINES: Final = """
SELECT checkout_id, office, invoice_key, number, title, amount_minor FROM checkout_item
WHERE manager = $1 AND checkout_id IN $2[] ORDER BY checkout_id, position
"""


async def find(store: Store, manager: str, ids: Sequence[str]) -> list[Checkout | None]:
    """The checkouts of these ids; None where the manager has no such one."""
    rows = await store.rows(_CHECKOUTS.format(which="checkout.id IN $2[]", rest=""), [manager, list(set(ids))])
    found = {checkout.id: checkout for checkout in await _told(store, manager, rows)}
    return [found.get(each) for each in ids]


async def listed(
    store: Store, manager: str, where: CheckoutFilter, order: CheckoutOrder, view: Window
) -> Slice[Checkout]:
    """A part of somebody's checkouts; how many there are in all where `view` counts."""
    args: list[Argument] = [manager]
    which = _condition(where, args)
    if view.count:
        ((count,),) = await store.rows(f"SELECT COUNT(*) FROM checkout WHERE manager = $1 AND {which}", args)
        return Slice(items=(), more=False, count=count)
    down = order.descending != view.backwards
    than, way = ("<", "DESC") if down else (">", "ASC")
    if view.start:
        args += [view.start.value, view.start.key]
        which += f" AND (created_at, id) {than} (${len(args) - 1}, ${len(args)})"
    args.append(view.limit + 1)
    rest = f"ORDER BY created_at {way}, id {way} LIMIT ${len(args)}"
    rows = await store.rows(_CHECKOUTS.format(which=which, rest=rest), args)
    items = await _told(store, manager, rows[: view.limit])
    return Slice(items=tuple(reversed(items) if view.backwards else items), more=len(rows) > view.limit)


def position(_order: CheckoutOrder, checkout: Checkout) -> Position:
    """Where a checkout stands in the list."""
    return Position(value=stamp(checkout.created_at), key=checkout.id)


def _condition(where: CheckoutFilter, args: list[Argument]) -> str:
    """What checkouts have to meet; its arguments are added to `args`."""
    args.append(where.person_id)
    found = f"person_id = ${len(args)}"
    if where.accounts is None:
        return found
    names: list[str] = []
    for office, key in where.accounts:
        args += [office, key]
        names.append(f"(office = ${len(args) - 1} AND account_key = ${len(args)})")
    return f"{found} AND ({' OR '.join(names)})"


async def _told(store: Store, manager: str, rows: Sequence[Row]) -> list[Checkout]:
    """The checkouts of some rows, with their lines: one statement for all."""
    lines: dict[str, list[Row]] = {}
    for checkout_id, *line in await store.rows(_LINES, [manager, [row[0] for row in rows]]) if rows else ():
        lines.setdefault(checkout_id, []).append(tuple(line))
    return [_checkout(row, lines) for row in rows]


def _checkout(row: Row, lines: Mapping[str, Sequence[Row]]) -> Checkout:
    checkout_id, person_id, state, reference, *of_terms, leads, created_at, expires_at, ended_at, payment_key = row
    return Checkout(
        id=checkout_id,
        person_id=person_id,
        state=CheckoutState(state),
        reference=reference,
        terms=_terms(of_terms, lines.get(checkout_id, ())),
        leads=bool(leads),
        created_at=datetime.fromisoformat(created_at),
        expires_at=datetime.fromisoformat(expires_at),
        ended_at=datetime.fromisoformat(ended_at) if ended_at else None,
        payment_key=payment_key,
    )


def _terms(told: Sequence[Any], lines: Sequence[Row]) -> CheckoutTerms:
    platform, account, currency, payer, manager = told
    return CheckoutTerms(
        account=msgspec.json.decode(account, type=AccountRef),
        platform=platform,
        lines=tuple(
            CheckoutLine(office=office, invoice_key=key, number=number, title=title, amount=Money(minor, currency))
            for office, key, number, title, minor in lines
        ),
        fees=CheckoutFees(payer=Money(payer, currency), manager=Money(manager, currency)),
    )
