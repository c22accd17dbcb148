"""The sample's communities, buildings, shares and notices."""

from datetime import datetime, timedelta
from typing import Any

from tests.backoffice_adapters.sample_pen import NOW
from ventanilla.backoffice_adapters.book import BuildingEntry, CommunityEntry, NoticeEntry
from ventanilla.backoffice_adapters.records import AccountRole, Address, Geo, OwnershipShare

_ADDRESS = Address(lines=("ul. „Długa” 7", "klatka A"), locality="Kraków", postal_code="31-147", country="PL")
_SECOND = timedelta(seconds=1)


def communities() -> tuple[CommunityEntry, ...]:
    """One with buildings, one without."""
    return (
        CommunityEntry(key="wm-dluga", name="WM Długa 7–9", address=_ADDRESS, number="6762451234"),
        CommunityEntry(key="wm-new", name="WM Nowa", address=_ADDRESS),
    )


def buildings() -> tuple[BuildingEntry, ...]:
    """Three of one community, two of them of one name; one of none."""
    return (
        BuildingEntry(
            key="d7-b",
            name="Długa 7",
            address=_ADDRESS,
            geo=Geo(latitude=50.0676, longitude=19.9394),
            built_in=1932,
            unit_count=24,
            community="wm-dluga",
        ),
        BuildingEntry(key="d7-a", name="Długa 7", address=_ADDRESS, community="wm-dluga"),
        BuildingEntry(key="z9", name="Aleja 9", address=_ADDRESS, community="wm-dluga"),
        BuildingEntry(key="r1", name="Rynek 1", address=_ADDRESS, built_in=0, unit_count=0),
    )


def ownership_shares() -> tuple[OwnershipShare, ...]:
    """A unit of two owners, one of one, one of none."""
    great = 2**31 - 1
    return (
        OwnershipShare(key="o-2", unit_key="d7-12", owner="Jan Żak", numerator=1, denominator=great),
        OwnershipShare(key="o-1", unit_key="d7-12", owner="Anna Wiśniewska", numerator=543, denominator=10_000),
        OwnershipShare(key="o-3", unit_key="d7-13", owner="Gmina", numerator=great, denominator=great),
    )


def notices() -> tuple[NoticeEntry, ...]:
    """Windows around now, every audience alone and together, and ties of moments."""
    early = NOW - timedelta(days=30)
    return (
        _notice("n-all", early),
        _notice("n-now", NOW),
        _notice("n-soon", NOW + _SECOND),
        _notice("n-ends", early, visible_until=NOW + _SECOND),
        _notice("n-ended", early, visible_until=NOW),
        _notice("n-says", early, community="wm-dluga"),
        _notice("n-flat", NOW - timedelta(days=2), accounts=("flat", "empty")),
        _notice("n-flat-later", NOW + _SECOND, accounts=("flat",)),
        _notice("n-d7-b", NOW - timedelta(days=3), buildings=("d7-b", "r1")),
        _notice("n-dluga", early, community="wm-dluga", communities=("wm-dluga",)),
        _notice("n-owners", early, communities=("wm-dluga",), roles=(AccountRole.OWNER, AccountRole.RESIDENT)),
        _notice("n-tenants", NOW - timedelta(days=1), roles=(AccountRole.TENANT,)),
        _notice("n-both", early, accounts=("flat", "stated"), buildings=("d7-b",), communities=("wm-dluga", "wm-new")),
        _notice("n-nobody", early, accounts=("flat",), buildings=("r1",)),
        _notice("n-new", early, communities=("wm-new",)),
        *(_notice(f"nt-{n:02}", early + timedelta(days=n % 3)) for n in range(14)),
    )


def _notice(key: str, published_from: datetime, **more: Any) -> NoticeEntry:
    body = f"Szanowni Państwo,\n\n„{key}”"
    return NoticeEntry(key=key, title=f"Ogłoszenie {key}", body=body, published_from=published_from, **more)
