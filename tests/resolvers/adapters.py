"""Embedded offices that can do less, or answer otherwise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from ventanilla.backoffice_adapters.book import Book, Fillable
from ventanilla.backoffice_adapters.contract import Adapter, Office, Setting, Support
from ventanilla.backoffice_adapters.registry import Registry

Change = Callable[[list[Any]], list[Any]]
"""From what an office answered to what it is made to answer."""


class Fewer:
    """The adapter `whole`, whose manifest says NO to some capabilities."""

    def __init__(self, whole: Adapter, without: tuple[str, ...]) -> None:
        capabilities = {**whole.manifest.capabilities, **dict.fromkeys(without, Support.NO)}
        self.manifest = replace(whole.manifest, name="fewer", capabilities=capabilities)
        self.office = whole.office


class Altered:
    """The adapter `whole`, whose offices change their answers."""

    def __init__(self, whole: Adapter, changes: dict[str, Change]) -> None:
        self.manifest = replace(whole.manifest, name="altered")
        self._whole, self._changes = whole, changes

    def office(self, setting: Setting) -> Any:
        return AlteredOffice(self._whole.office(setting), self._changes)


class AlteredOffice:
    """An office with changes to the answers of some of its methods."""

    def __init__(self, office: Office, changes: dict[str, Change]) -> None:
        self._office, self._changes = office, changes

    async def fill(self, book: Book) -> None:
        # Written out, for a protocol is not looked for behind `__getattr__`.
        assert isinstance(self._office, Fillable)
        await self._office.fill(book)

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Awaitable[list[Any]]] = getattr(self._office, name)
        change = self._changes.get(name)
        if change is None:
            return method

        async def changed(*args: Any) -> list[Any]:
            return change(await method(*args))

        return changed


def fewer(*without: str) -> Registry:
    """A registry of two adapters: ``embedded``, and ``fewer``, the same `without` some capabilities."""
    whole = Registry.discover().get("embedded")
    return Registry({"embedded": lambda: whole, "fewer": lambda: Fewer(whole, without)})


def altered(**changes: Change) -> Registry:
    """A registry of two adapters: ``embedded``, and ``altered``, the same with changed answers, by method."""
    whole = Registry.discover().get("embedded")
    return Registry({"embedded": lambda: whole, "altered": lambda: Altered(whole, changes)})
