"""Accounts of the reference books, and what they are enrolled in."""

from __future__ import annotations

from datetime import date
from typing import Any

from ventanilla.backoffice_adapters.book import AccountEntry, EnrolmentEntry
from ventanilla.backoffice_adapters.conformance.book.pen import (
    BUSY,
    CLOSED,
    CREDIT,
    EMPTY,
    LATE,
    STATED,
    WEALTHY,
    Pen,
    noon,
)
from ventanilla.backoffice_adapters.records import AccountStatus, EnrolmentKind, PartyRole


def accounts(pen: Pen) -> tuple[AccountEntry, ...]:
    """One account for each thing that can be odd about an account."""

    def account(key: str, number: str, title: str, **more: Any) -> AccountEntry:
        holder = key.replace("acc", "par")
        return AccountEntry(key=key, number=number, licence=pen.licence, title=title, holder=holder, **more)

    ended, tenant, owner = date(2026, 1, 31), PartyRole.TENANT, PartyRole.OWNER
    begun = date(2019, 2, 28)
    return (
        account(BUSY, "01-012-0034", "Canon de arrendamiento – piso 3º", unit="uni1", place="pro1", holder_as=tenant),
        account(CREDIT, "01-012/0035", "Lokal mieszkalny nr 7", unit="uni2", place="pro1", holder_as=owner),
        account(EMPTY, "77 0001", "Suministro de agua"),
        account(
            CLOSED,
            "77 0002",
            "Cochera Nº 4",
            unit="uni4",
            status=AccountStatus.CLOSED,
            closed_on=ended,
            holder_as=tenant,
        ),
        account(WEALTHY, "A.100.200", "Local comercial", unit="uni6", place="pro2", opened_on=begun, holder_as=owner),
        account(
            STATED, "A.100.201", "Garaż", unit="uni5", status=AccountStatus.SUSPENDED, stated_balance=pen.money(-12_345)
        ),
        account(LATE, "A.100.202", "Mieszkanie własnościowe", unit="uni3"),
    )


def enrolments() -> tuple[EnrolmentEntry, ...]:
    """Begun, ended, begun again; the second kind before the first; the accounts left out are in nothing."""
    paper, debit = EnrolmentKind.E_INVOICE, EnrolmentKind.DIRECT_DEBIT
    begun, ended = date(2025, 3, 1), noon(date(2026, 2, 28))
    return (
        EnrolmentEntry(account=BUSY, kind=debit, active=False, cancelled_at=ended, channel="Oficina"),
        EnrolmentEntry(account=BUSY, kind=paper, active=True, since=begun, channel="Portal"),
        EnrolmentEntry(
            account=CREDIT,
            kind=paper,
            active=True,
            since=date(2026, 3, 1),
            cancelled_at=ended,
            channel="telefon – Łódź",
        ),
        EnrolmentEntry(account=WEALTHY, kind=debit, active=True, since=begun),
        EnrolmentEntry(account=LATE, kind=paper, active=False),
    )
