"""What people and staff ask of the portal, and what it holds of money, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

from tests.paying.bench import Bench
from ventanilla.store.store import Store

_ERRORS: Final = "userErrors { reason }"
QUOTE: Final = f"""
mutation ($in: CreateCheckoutQuoteInput!) {{
  createCheckoutQuote(input: $in) {{
    quote {{ id total {{ amount }} lines {{ number amount {{ amount }} }} }} {_ERRORS}
  }}
}}"""
COMMIT: Final = f"""
mutation ($in: CreateCheckoutInput!) {{
  createCheckout(input: $in) {{ checkout {{ id reference redirectUrl total {{ amount }} }} {_ERRORS} }}
}}"""
CANCEL: Final = f"""
mutation ($in: CancelCheckoutInput!) {{ cancelCheckout(input: $in) {{ checkout {{ id status }} {_ERRORS} }} }}"""
REFUND: Final = f"""
mutation ($in: RefundPaymentInput!) {{ refundPayment(input: $in) {{ refund {{ id }} {_ERRORS} }} }}"""
BOOK_STRAY: Final = f"""
mutation ($in: BookStrayPaymentInput!) {{ bookStrayPayment(input: $in) {{ stray {{ id state }} {_ERRORS} }} }}"""
REFUND_STRAY: Final = f"""
mutation ($in: RefundStrayPaymentInput!) {{ refundStrayPayment(input: $in) {{ stray {{ id state }} {_ERRORS} }} }}"""
DISMISS_STRAY: Final = f"""
mutation ($in: DismissStrayPaymentInput!) {{ dismissStrayPayment(input: $in) {{ stray {{ id state }} {_ERRORS} }} }}"""

_COLUMNS: Final = {
    "checkout": "id person_id quote_id idempotency_key reference platform office account_key currency amount_minor"
    " payer_fee_minor redirect state expires_at due_at leased_by",
    "checkout_item": "checkout_id position office invoice_key amount_minor held",
    "platform_event": "id platform event_key told state received_at due_at leased_by",
    "platform_payment": "id checkout_id platform payment_id reference status currency amount_minor refunded_minor"
    " booking office_payment_key booked_at due_at leased_by",
    "payment_return": "id platform_payment_id kind amount_minor office_minor requested_by idempotency_key state due_at"
    " leased_by tries",
    "stray_payment": "id kind subject platform_payment_id checkout_id office office_payment_key reference currency"
    " amount_minor state resolution",
}


@dataclass(frozen=True)
class Answer:
    """What a mutation answered, to somebody who heard it."""

    reasons: frozenset[str]
    payload: dict[str, Any]
    failed: bool
    """Whether it was an error, so that nothing was promised."""


async def asked(bench: Bench, slug: str, name: str, query: str, **what: Any) -> Answer:
    """Ask as one of a manager's people."""
    outcome = await bench.world.ask(slug, query, bench.template.actors[slug, name], **{"in": what})
    payload: dict[str, Any] = next(iter((outcome.data or {"": None}).values())) or {}
    reasons = frozenset(each["reason"] for each in payload.get("userErrors", ()))
    return Answer(reasons, payload, failed=bool(outcome.errors))


@dataclass(frozen=True)
class Held:
    """What one manager's portal holds."""

    checkouts: list[Any]
    items: list[Any]
    events: list[Any]
    payments: list[Any]
    returns: list[Any]
    strays: list[Any]

    def checkout(self, id: str | None) -> Any:
        """The checkout of this id; None for none."""
        return next((row for row in self.checkouts if row.id == id), None)

    def payment(self, id: str | None) -> Any:
        """The payment of this id; None for none."""
        return next((row for row in self.payments if row.id == id), None)

    def items_of(self, checkout_id: str) -> list[Any]:
        """What a checkout pays, in order."""
        return sorted((row for row in self.items if row.checkout_id == checkout_id), key=lambda row: row.position)

    def payments_of(self, checkout_id: str) -> list[Any]:
        """All money that came for a checkout."""
        return [row for row in self.payments if row.checkout_id == checkout_id]

    def returns_of(self, payment_id: str) -> list[Any]:
        """What goes back of a payment."""
        return [row for row in self.returns if row.platform_payment_id == payment_id]

    def strays_of(self, payment_id: str) -> list[Any]:
        """What does not fit about a payment."""
        return [row for row in self.strays if row.platform_payment_id == payment_id]

    def booked_by_staff(self, payment_id: str) -> bool:
        """Whether staff let a payment be booked, though it did not fit."""
        return any(each.resolution == "BOOKED" for each in self.strays_of(payment_id))

    @property
    def documents(self) -> dict[str, str]:
        """Invoices that nobody else may pay → the checkout that holds them."""
        return {row.invoice_key: row.checkout_id for row in self.items if row.held}

    def money(self) -> tuple[object, ...]:
        """All that says where money is, without who looks at it next."""
        return (
            sorted((row.id, row.state) for row in self.checkouts),
            sorted((row.id, row.status, row.booking, row.refunded_minor, row.amount_minor) for row in self.payments),
            sorted((row.id, row.state, row.amount_minor) for row in self.returns),
            sorted((row.id, row.state) for row in self.strays),
            sorted(self.documents.items()),
            len(self.events),
        )


async def held(store: Store) -> dict[str, Held]:
    """What every manager's portal holds, by slug."""
    tables = [await _rows(store, table, columns.split()) for table, columns in _COLUMNS.items()]
    slugs = [slug for (slug,) in await store.rows("SELECT slug FROM manager")]
    return {slug: Held(*([row for row in rows if row.manager == slug] for rows in tables)) for slug in slugs}


async def _rows(store: Store, table: str, columns: list[str]) -> list[Any]:
    names = ["manager", *columns]
    found = await store.rows(f"SELECT {', '.join(names)} FROM {table}")
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in found]
