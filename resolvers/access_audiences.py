"""Audiences as the offices know them: read part by part, whole, and as they are now."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Final

from ventanilla.auth.access_audiences import ROLES, AccessAudience, FilterMode
from ventanilla.auth.access_generation import Place
from ventanilla.backoffice_adapters.contract import (
    Call,
    Fault,
    Hit,
    OfficeError,
    PartyFilter,
    PartyOrder,
    Position,
    Support,
    Window,
)
from ventanilla.backoffice_adapters.guard import GuardedOffice
from ventanilla.backoffice_adapters.records import Contractor, Record, Slice
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.resolvers.methods import CAPABILITY_OF
from ventanilla.store.manager import Manager

PAGE: Final = 200
"""How many parties an office is asked for at once, at most."""
_CAPABILITY: Final = CAPABILITY_OF["parties"]
OfficeOf = Callable[[str], Awaitable[GuardedOffice]]
"""One of the manager's offices, by name."""


class Selection(Record):
    """Who of an audience is meant."""

    audience: AccessAudience
    filter_mode: FilterMode = FilterMode.NONE
    parties: tuple[tuple[str, str], ...] = ()
    """The office and the key of each party that was picked."""

    @property
    def left_out(self) -> frozenset[tuple[str, str]]:
        """Who is not meant, whatever they are."""
        return frozenset(self.parties) if self.filter_mode is FilterMode.EXCEPT else frozenset()


class Part(Record):
    """Some of those who are meant, and where to go on."""

    contractors: tuple[Contractor, ...]
    then: Place | None
    """None: those were the last."""


def offices_with_parties(manager: Manager, registry: Registry) -> tuple[str, ...]:
    """The offices that tell whom they know: the one that it is routed to, else each that a licence is held for."""
    route = manager.routing.get(_CAPABILITY)
    names = [route] if route is not None else [name for name in manager.offices if manager.licences_of(name)]
    return tuple(name for name in names if _support(manager, registry, name) is not Support.NO)


def _support(manager: Manager, registry: Registry, name: str) -> Support:
    return registry.get(manager.offices[name].adapter).manifest.capabilities.get(_CAPABILITY, Support.NO)


def first_place(selection: Selection, offices: Sequence[str]) -> Place | None:
    """Where to begin; None where there is nobody to ask for."""
    asked = _asked(selection, offices)
    return Place(office=asked[0]) if asked else None


async def read(office_of: OfficeOf, call: Call, selection: Selection, offices: Sequence[str], place: Place) -> Part:
    """Those who stand at a place of the audience. Raises `OfficeError` where the office did not tell."""
    asked = _asked(selection, offices)
    if place.office not in asked:  # the manager's file has changed meanwhile: what is read again is not written again
        return Part(contractors=(), then=first_place(selection, offices))
    office = await office_of(place.office)
    picks = selection.filter_mode is FilterMode.ONLY
    found, last = await (_picked if picks else _page)(office, call, selection, place)
    following = asked[asked.index(place.office) + 1 :]
    beyond = Place(office=following[0]) if following else None
    return Part(contractors=found, then=Place(office=place.office, after=last) if last else beyond)


async def everybody(
    office_of: OfficeOf, call: Call, selection: Selection, offices: Sequence[str]
) -> AsyncGenerator[tuple[Contractor, ...], None]:
    """All who are meant, part by part. Raises `OfficeError`."""
    place = first_place(selection, offices)
    while place is not None:
        part = await read(office_of, call, selection, offices, place)
        yield part.contractors
        place = part.then


def _asked(selection: Selection, offices: Sequence[str]) -> list[str]:
    if selection.filter_mode is not FilterMode.ONLY:
        return [*offices]
    return [name for name in offices if any(office == name for office, _ in selection.parties)]


_Found = tuple[tuple[Contractor, ...], Position | None]
"""Some parties, and after whom there are more; None where there are not."""


async def _page(office: GuardedOffice, call: Call, selection: Selection, place: Place) -> _Found:
    """A page of an audience, without those who were picked to be left out."""
    window = Window(limit=PAGE, start=place.after)
    (hit,) = await office.ask("parties", call, [PartyFilter(roles=ROLES[selection.audience])], window, fresh=True)
    if isinstance(hit, Fault):
        raise OfficeError(hit)
    page: Slice[Contractor] = hit or Slice(items=(), more=False)
    last = PartyOrder.NAME_ASC.position(page.items[-1]) if page.more and page.items else None
    left = [each for each in page.items if (each.origin.source, each.key) not in selection.left_out]
    return tuple(left), last


async def _picked(office: GuardedOffice, call: Call, selection: Selection, place: Place) -> _Found:
    """Some of those who were picked; who is known there no more is left out."""
    after = place.after.key if place.after else ""
    keys = [key for name, key in sorted(selection.parties) if name == place.office and key > after]
    hits = await office.ask("parties_by_key", call, keys[:PAGE], fresh=True)
    last = Position(value="", key=keys[PAGE - 1]) if len(keys) > PAGE else None
    return tuple(contractor for hit in hits if (contractor := _told(hit))), last


def _told(hit: Hit[Contractor]) -> Contractor | None:
    if isinstance(hit, Fault):
        raise OfficeError(hit)
    return hit
