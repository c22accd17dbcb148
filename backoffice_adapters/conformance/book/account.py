"""Accounts of the reference books, who holds them, and what they are enrolled in."""

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
from ventanilla.backoffice_adapters.records import AccountStatus, EnrolmentKind, Party, PartyKind


def parties() -> tuple[Party, ...]:
    """People and companies of three countries."""
    return (
        Party(key="par1", name="Ana María Ñandú Güemes", document_type="DNI", document_number="28123456"),
        Party(key="par2", name="Zażółć Gęślą-Jaźń", email="zazolc@example.org", phone="+48 601 234 567"),
        Party(key="par3", name="José Ángel Quiñónez Muñoz", document_type="CC", document_number="1020304050"),
        Party(key="par4", name='O\'Higgins & Asociados; "La 14"', kind=PartyKind.COMPANY),
        Party(key="par5", name="Łódzkie Towarzystwo Handlowe Sp. z o.o.", kind=PartyKind.COMPANY, document_type="NIP"),
        Party(key="par6", name="Íñigo Peña", phone="+54 9 11 5555-0000"),
        Party(key="par7", name="Świętosława Żmija-Ćwiek", document_type="PESEL", document_number="02070803628"),
    )


def accounts(pen: Pen) -> tuple[AccountEntry, ...]:
    """One account for each thing that can be odd about an account."""

    def account(key: str, number: str, title: str, **more: Any) -> AccountEntry:
        holder = key.replace("acc", "par")
        return AccountEntry(key=key, number=number, licence=pen.licence, title=title, holder=holder, **more)

    ended = date(2026, 1, 31)
    return (
        account(BUSY, "01-012-0034", "Canon de arrendamiento – piso 3º", unit="uni1", place="pro1"),
        account(CREDIT, "01-012/0035", "Lokal mieszkalny nr 7", unit="uni2", place="pro1"),
        account(EMPTY, "77 0001", "Suministro de agua"),
        account(CLOSED, "77 0002", "Cochera Nº 4", unit="uni4", status=AccountStatus.CLOSED, closed_on=ended),
        account(WEALTHY, "A.100.200", "Local comercial", place="pro2", opened_on=date(2019, 2, 28)),
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
