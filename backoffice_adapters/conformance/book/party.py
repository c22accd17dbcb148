"""Parties of the reference books, and what they are beside holding accounts."""

from __future__ import annotations

from datetime import date, timedelta

from ventanilla.backoffice_adapters.book import StandingEntry
from ventanilla.backoffice_adapters.conformance.book.pen import BUSY, CLOSED, CREDIT, LATE, TODAY
from ventanilla.backoffice_adapters.contract import PartyFilter
from ventanilla.backoffice_adapters.records import Party, PartyKind, PartyRole

NOBODY = PartyFilter(text="nobody of this name")
"""Finds nobody."""
TEXTS = (
    "ana maría", "ANA MARÍA", "ana maria", "n\u0303andú", "ÑANDÚ", "strasse", "STRASSE", "straße", "Łódź", "łódzkie",
    "  íñigo peña ", "peña  ", " ", "", "jaźń", "-", ".", '"la 14"', "o'h", "1020304050", "1.020.304.050",
    " 10 20 30 40 50 ", "102030405", "x12ñ", "X-12/Ñ", "%", "_", "Ñ%", "\\", "' OR 1=1 --", "\0", "\ud800", "🏠",
    "a" * 60_000,
)  # fmt: skip
"""What people type to find somebody, and what breaks naive code."""


def filters() -> tuple[PartyFilter, ...]:
    """Everybody first; then some, and nobody."""
    suppliers = (PartyRole.SUPPLIER,)
    return (
        PartyFilter(),
        PartyFilter(roles=(PartyRole.TENANT, PartyRole.OWNER)),
        PartyFilter(text="ana maría"),
        PartyFilter(roles=suppliers, text="strasse"),
        PartyFilter(roles=suppliers),
        NOBODY,
    )


def parties() -> tuple[Party, ...]:
    """People and companies of three countries: holders, two of one name, two of one document, some who hold nothing."""
    return (
        Party(key="par1", name="Ana María Ñandú Güemes", document_type="DNI", document_number="28123456"),
        Party(key="par2", name="Zażółć Gęślą-Jaźń", email="zazolc@example.org", phone="+48 601 234 567"),
        Party(key="par3", name="José Ángel Quiñónez Muñoz", document_type="CC", document_number="1020304050"),
        Party(key="par4", name='O\'Higgins & Asociados; "La 14"', kind=PartyKind.COMPANY),
        Party(key="par5", name="Łódzkie Towarzystwo Handlowe Sp. z o.o.", kind=PartyKind.COMPANY, document_type="NIP"),
        Party(key="par6", name="Íñigo Peña", phone="+54 9 11 5555-0000"),
        Party(key="par7", name="Świętosława Żmija-Ćwiek", document_type="PESEL", document_number="02070803628"),
        Party(key="par8", name="Nikt Taki", email="nikt@example.org"),
        Party(key="par9", name="Íñigo Peña", document_type="CC", document_number="1.020.304.050"),
        Party(key="par10", name="ana maría ñandú güemes", document_number="-- --"),
        Party(key="par11", name="Straße & Söhne GmbH", kind=PartyKind.COMPANY, document_number="X-12/Ñ"),
    )


def standings() -> tuple[StandingEntry, ...]:
    """In every role, out of order; ended, ending today, begun today, to come, without days, and to what is closed."""
    begun, ended, yesterday = date(2024, 2, 29), date(2025, 12, 31), TODAY - timedelta(days=1)
    board, supplier = PartyRole.BOARD_MEMBER, PartyRole.SUPPLIER
    return (
        StandingEntry(party="par1", role=board, community="com2", starts_on=TODAY),
        StandingEntry(party="par1", role=board, community="com1", starts_on=begun, ends_on=TODAY),
        StandingEntry(party="par1", role=board, community="com1", starts_on=date(2020, 1, 1), ends_on=yesterday),
        StandingEntry(party="par1", role=PartyRole.RESIDENT, account=LATE),
        StandingEntry(party="par1", role=PartyRole.OWNER, account=BUSY, ends_on=yesterday),
        StandingEntry(party="par3", role=PartyRole.OWNER, account=BUSY, starts_on=begun, ends_on=ended),
        StandingEntry(party="par2", role=PartyRole.RESIDENT, account=BUSY, starts_on=begun),
        StandingEntry(party="par5", role=PartyRole.TENANT, account=CREDIT, starts_on=date(2027, 1, 1)),
        StandingEntry(party="par6", role=PartyRole.HOLDER, account=CREDIT),
        StandingEntry(party="par4", role=PartyRole.RESIDENT, account=CLOSED),
        StandingEntry(party="par9", role=board, community="com2", starts_on=date(2027, 1, 1)),
        StandingEntry(party="par10", role=supplier),
        StandingEntry(party="par11", role=supplier, community="com1", starts_on=begun),
        StandingEntry(party="par11", role=supplier, ends_on=ended),
    )
