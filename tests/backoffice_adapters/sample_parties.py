"""The sample's further parties, and what people are beside holding accounts."""

from datetime import date

from tests.backoffice_adapters.sample_pen import TODAY
from ventanilla.backoffice_adapters.book import StandingEntry
from ventanilla.backoffice_adapters.records import Party, PartyKind, PartyRole


def further() -> tuple[Party, ...]:
    """A namesake with the same document, a plumber without any, and somebody who is nothing here."""
    return (
        Party(key="anna2", name="Anna Wiśniewska", document_type="PESEL", document_number="850-101-12345"),
        Party(key="hydraulik", name="hydraulik Jan Żbik", email="jan@example.org"),
        Party(key="ääkköset", name="Ääkköset Oy", kind=PartyKind.COMPANY, document_number="FI 12"),
        Party(key="zenon", name="Zenon Nikt"),
    )


def standings() -> tuple[StandingEntry, ...]:
    """Neither in order nor all in force."""
    board = PartyRole.BOARD_MEMBER
    return (
        StandingEntry(party="hydraulik", role=PartyRole.SUPPLIER),
        StandingEntry(party="anna", role=board, community="wm-dluga", starts_on=date(2020, 1, 1), ends_on=TODAY),
        StandingEntry(party="anna2", role=PartyRole.RESIDENT, account="flat", starts_on=TODAY),
        StandingEntry(party="anna2", role=board, community="wm-new", ends_on=date(2021, 1, 1)),
        StandingEntry(party="ääkköset", role=PartyRole.SUPPLIER, community="wm-new"),
        StandingEntry(party="zenon", role=PartyRole.OWNER, account="ties"),
    )
