"""What workers do beside sending letters: a new errand is handed to every worker here."""

from __future__ import annotations

from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway.services import utc_now
from ventanilla.jobs.access_generation import Generating
from ventanilla.jobs.bookings import Bookings
from ventanilla.jobs.checkout_status import CheckoutStatus
from ventanilla.jobs.payment_hints import Hints
from ventanilla.jobs.reconciliation import Reconciliation
from ventanilla.jobs.reconciling import Reconciling
from ventanilla.jobs.refunds import Refunding
from ventanilla.jobs.worker import Errand
from ventanilla.payments.platforms import Platforms
from ventanilla.store.store import Store


def errands(store: Store, registry: Registry, offices: Offices, platforms: Platforms) -> list[Errand]:
    """All that a worker does beside sending letters: access for many is generated, platforms' news are understood,
    checkouts are asked about, offices are told of money that came or went back, and all are compared."""
    return [
        Generating(store=store, registry=registry, offices=offices, clock=utc_now),
        Hints(store=store, platforms=platforms, clock=utc_now),
        CheckoutStatus(store=store, platforms=platforms, clock=utc_now),
        Bookings(store=store, offices=offices, clock=utc_now),
        Refunding(store=store, offices=offices, platforms=platforms, clock=utc_now),
        comparing_payments(store, offices, platforms),
    ]


def comparing_payments(store: Store, offices: Offices, platforms: Platforms) -> Reconciliation:
    """The errand that compares what we know of money with what platforms and offices say."""
    return Reconciliation(Reconciling(store=store, offices=offices, platforms=platforms, clock=utc_now))
