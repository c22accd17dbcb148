"""Whom a notice is for, as the scopes that it is found by."""

from __future__ import annotations

from collections.abc import Iterator

from ventanilla.backoffice_adapters.book import Book, NoticeEntry
from ventanilla.backoffice_adapters.records import Record

Scope = tuple[str, str]
"""ACCOUNT, BUILDING, COMMUNITY or EVERYBODY, and the key of which; everybody has none."""


class _Place(Record):
    """Where an account is."""

    building: str | None
    community: str | None


def audience_of(book: Book) -> Iterator[tuple[str, str, str, str]]:
    """Scope, its key, role and notice key: a notice is for who stands in the scope as the role, an empty one is any."""
    places = _places(book)
    for notice in book.notices:
        for scope, key in _scopes(notice, places):
            for role in {*notice.roles} or {""}:
                yield scope, key, str(role), notice.key


def _places(book: Book) -> dict[str, _Place]:
    buildings = {unit.key: unit.building_key for unit in book.units}
    communities = {building.key: building.community for building in book.buildings}
    found: dict[str, _Place] = {}
    for account in book.accounts:
        building = account.unit and buildings[account.unit]
        found[account.key] = _Place(building=building, community=building and communities[building])
    return found


def _scopes(notice: NoticeEntry, places: dict[str, _Place]) -> set[Scope]:
    """One kind of condition stands as it is; several are met by few accounts, which are named one by one."""
    given = [
        (scope, keys)
        for scope, keys in (
            ("ACCOUNT", notice.accounts),
            ("BUILDING", notice.buildings),
            ("COMMUNITY", notice.communities),
        )
        if keys
    ]
    if not given:
        return {("EVERYBODY", "")}
    if len(given) == 1:
        [(scope, keys)] = given
        return {(scope, key) for key in keys}
    return {("ACCOUNT", account) for account, place in places.items() if _meets(notice, account, place)}


def _meets(notice: NoticeEntry, account: str, place: _Place) -> bool:
    conditions = (
        (notice.accounts, account),
        (notice.buildings, place.building),
        (notice.communities, place.community),
    )
    return all(found in keys for keys, found in conditions if keys)
