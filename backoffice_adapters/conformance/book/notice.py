"""Notices of the reference books: every window round the moment of the checks, every audience; and who reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import NoticeEntry
from ventanilla.backoffice_adapters.conformance.book.pen import BUSY, CLOSED, CREDIT, EMPTY, LATE, NOW
from ventanilla.backoffice_adapters.records import AccountRef, AccountRole, Reader, ReaderStanding

_EARLY, _LATER = datetime(2026, 4, 1, 12, 30, tzinfo=UTC), datetime(2026, 5, 1, 5, 0, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_TENANT, _OWNER, _HOLDER, _RESIDENT = AccountRole.TENANT, AccountRole.OWNER, AccountRole.HOLDER, AccountRole.RESIDENT
_BODY = "Szanowni Państwo,\n\nod jutra «bez wody». ¡Atención, señores!\n\nZażółć; \"gęślą\" 'jaźń' 100 % <b>"


def notices() -> tuple[NoticeEntry, ...]:
    """Several published at one moment, some at the very moment of the checks."""
    return (*_windows(), *_audiences())


def _windows() -> tuple[NoticeEntry, ...]:
    """Notices for everybody, seen or not by the time alone."""
    return (
        _notice("not01", _EARLY),
        _notice("not02", _EARLY, visible_until=NOW),
        _notice("not03", NOW),
        _notice("not04", NOW + _SECOND),
        _notice("not05", _EARLY, visible_until=NOW + _SECOND, community="com1"),
        _notice("not06", _EARLY, visible_until=NOW - timedelta(days=10)),
        _notice("not07", NOW, visible_until=NOW + timedelta(days=60)),
        _notice("not08", NOW + timedelta(days=20), visible_until=NOW + timedelta(days=30)),
    )


def _audiences() -> tuple[NoticeEntry, ...]:
    """Notices that are told now, seen or not by the accounts of a reader."""
    return (
        _notice("not20", _EARLY, community="com1", communities=("com1",)),
        _notice("not21", _LATER, buildings=("bui1",)),
        _notice("not22", _LATER, accounts=(BUSY,)),
        _notice("not23", _LATER, roles=(_TENANT,)),
        _notice("not24", _EARLY, communities=("com1",), roles=(_OWNER,)),
        _notice("not25", _EARLY, communities=("com2",), roles=(_OWNER,)),
        _notice("not26", _LATER, accounts=(CREDIT, LATE)),
        _notice("not27", _LATER, buildings=("bui2", "bui4")),
        _notice("not28", _EARLY, community="com2", communities=("com2", "com1")),
        _notice("not29", _EARLY, roles=(_HOLDER, _RESIDENT)),
        _notice("not30", _EARLY, communities=("com3",), community="com3"),
        # The account is not in that building: nobody meets both.
        _notice("not31", _EARLY, accounts=(BUSY,), buildings=("bui2",)),
        _notice("not32", _EARLY, accounts=(BUSY,), buildings=("bui1",), communities=("com1",), roles=(_TENANT,)),
        _notice("not33", _EARLY, visible_until=NOW, accounts=(BUSY,)),
        _notice("not34", _LATER, buildings=("bui5",)),
    )


def _notice(key: str, published_from: datetime, **more: Any) -> NoticeEntry:
    return NoticeEntry(key=key, title=f"Aviso Nº {key} – przerwa", body=_BODY, published_from=published_from, **more)


def readers(refs: Iterable[AccountRef]) -> tuple[Reader, ...]:
    """Readers of these accounts. The first has several: in one community as tenant, in another one as owner."""
    known = {ref.key: ref for ref in refs}

    def reader(*standings: tuple[str, AccountRole]) -> Reader:
        held = [(known[key], role) for key, role in standings if key in known]
        return Reader(standings=tuple(ReaderStanding(account=ref, role=role) for ref, role in held))

    several = reader((BUSY, _TENANT), (LATE, _OWNER))
    return (
        several,
        reader((BUSY, _OWNER)),
        reader((BUSY, _OWNER), (BUSY, _RESIDENT)),
        reader((LATE, _HOLDER)),
        reader((CREDIT, _RESIDENT), (EMPTY, _TENANT)),
        reader((EMPTY, _TENANT)),
        reader((CLOSED, _OWNER)),
        elsewhere(several),
        reader(),
        reader((BUSY, _HOLDER)),
    )


def elsewhere(reader: Reader) -> Reader:
    """The same keys and roles at an office that is not this one."""
    moved = (replace(one, account=replace(one.account, office="elsewhere")) for one in reader.standings)
    return Reader(standings=tuple(moved))
