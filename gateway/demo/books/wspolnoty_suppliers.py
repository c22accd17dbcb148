"""What suppliers of `wspolnoty` billed the communities and the manager: in every state, newest bills to be approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ventanilla.backoffice_adapters.book import SupplierInvoiceEntry
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import SupplierInvoiceStatus
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import month_pl, shift
from ventanilla.gateway.demo.books.parties import Known
from ventanilla.gateway.demo.books.wspolnoty_parties import DZWIGI, HYDRAULIK, ZIELEN
from ventanilla.gateway.demo.books.wspolnoty_roster import BYDGOSKA, GDANSKA, KUJAWSKA, Community

_TO_APPROVE, _APPROVED = SupplierInvoiceStatus.TO_APPROVE, SupplierInvoiceStatus.APPROVED
_PAID, _REJECTED = SupplierInvoiceStatus.PAID, SupplierInvoiceStatus.REJECTED
_MONTHS: Final = 8
_TERMS: Final = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Job:
    """Something that was done once: for how many grosze, billed so many days before the anchor."""

    supplier: Known
    title: str
    minor: int
    ago: int
    status: SupplierInvoiceStatus


_CLEANING: Final[Mapping[Community, int]] = {GDANSKA: 164_820, BYDGOSKA: 288_450, KUJAWSKA: 141_300}
"""What a month of cleaning costs."""
_JOBS: Final[Mapping[Community | None, tuple[Job, ...]]] = {
    GDANSKA: (
        Job(HYDRAULIK, "Wymiana pionu wody zimnej, klatka A", 1_284_012, 6, _TO_APPROVE),
        Job(HYDRAULIK, "Usunięcie awarii kanalizacji w piwnicy", 86_400, 41, _PAID),
    ),
    BYDGOSKA: (
        Job(DZWIGI, "Konserwacja dźwigów, kwartał", 246_000, 12, _APPROVED),
        Job(DZWIGI, "Konserwacja dźwigów, kwartał", 246_000, 103, _PAID),
        Job(HYDRAULIK, "Przegląd węzła cieplnego", 73_800, 33, _PAID),
        Job(HYDRAULIK, "Przegląd węzła cieplnego, wystawiono po raz drugi", 73_800, 31, _REJECTED),
    ),
    KUJAWSKA: (Job(HYDRAULIK, "Wymiana zaworów podpionowych", 412_560, 9, _APPROVED),),
    None: (Job(HYDRAULIK, "Dyżur pogotowia technicznego, kwartał", 135_000, 52, _PAID),),
}
"""Single jobs; None is done for the manager itself."""


def bill_works(clerk: Clerk, communities: Mapping[Community, str]) -> None:
    """Enter what suppliers billed; `communities` are known by key."""
    for community, key in communities.items():
        for back in range(_MONTHS):
            _clean(clerk, _CLEANING[community], key, back)
    for billed, jobs in _JOBS.items():
        for job in jobs:
            day = clerk.anchor - timedelta(days=job.ago)
            _enter(clerk, job, day, communities[billed] if billed else None)


def _clean(clerk: Clerk, minor: int, community: str, back: int) -> None:
    """Bill a month of cleaning when it is over; the newest bill waits, the one before is approved."""
    day = shift(clerk.anchor.replace(day=1), -back)
    status = (_TO_APPROVE, _APPROVED)[back] if back < 2 else _PAID
    title = f"Sprzątanie i pielęgnacja zieleni, {month_pl(shift(day, -1))}"
    _enter(clerk, Job(ZIELEN, title, minor, 0, status), day, community)


def _enter(clerk: Clerk, job: Job, issued_on: date, community: str | None) -> None:
    key = clerk.key("d")
    due_on = issued_on + _TERMS
    clerk.enter(
        SupplierInvoiceEntry(
            key=key,
            number=f"FV/{issued_on:%Y/%m}/{key[1:]}",
            supplier=clerk.named(job.supplier.name),
            community=community,
            title=job.title,
            amount=Money(job.minor, clerk.currency),
            issued_on=issued_on,
            due_on=due_on,
            status=job.status,
            paid_on=min(due_on - timedelta(days=2), clerk.anchor) if job.status is _PAID else None,
        )
    )
