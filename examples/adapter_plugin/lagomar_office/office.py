"""The office: every method takes a list and answers a list of the same length in the same order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lagomar_office.lists import fits, part_of
from lagomar_office.shelf import Content, Shelf, plain
from lagomar_office.supplies import Supply, balance_on, on
from ventanilla.backoffice_adapters.contract import (
    Call,
    Health,
    Hit,
    InvoiceFilter,
    InvoiceOrder,
    OfficeError,
    Setting,
    Window,
)
from ventanilla.backoffice_adapters.records import Account, AccountRef, Balance, Invoice, InvoiceLine, Slice


class LagomarOffice:
    """Answers from a folder of documents. It only reads: the program alone writes."""

    def __init__(self, setting: Setting, folder: str) -> None:
        self.folder = setting.folder / folder
        self._name = setting.office
        self._own = setting.folder
        self._shelf = Shelf(self.folder, setting)

    async def open(self) -> None:
        """Make our own folder where it is missing; one elsewhere must be there, or `OfficeError` says so."""
        if self.folder.is_relative_to(self._own):
            self.folder.mkdir(parents=True, exist_ok=True)
        else:
            await self._content()

    async def close(self) -> None:
        """Nothing is held open."""

    async def health(self) -> Health:
        """Tell whether the documents can be read, and how new the newest is."""
        try:
            content = await self._content()
        except OfficeError as error:
            return Health(ok=False, detail=error.fault.detail)
        return Health(ok=True, as_of=content.as_of)

    async def accounts(self, call: Call, keys: Sequence[str]) -> list[Hit[Account]]:
        """The supplies with these keys."""
        supplies = (await self._content()).supplies
        return [supplies[key].account if key in supplies else None for key in keys]

    async def find_accounts(self, call: Call, numbers: Sequence[str]) -> list[Hit[Account]]:
        """The supplies with these printed numbers."""
        found = (await self._content()).by_number
        return [found[plain(number)].account if plain(number) in found else None for number in numbers]

    async def balances(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Balance]]:
        """What each supply owes."""
        supplies = await self._supplies(accounts)
        return [balance_on(supply, call.today) if supply else None for supply in supplies]

    async def invoices(
        self, call: Call, accounts: Sequence[AccountRef], where: InvoiceFilter, order: InvoiceOrder, window: Window
    ) -> list[Hit[Slice[Invoice]]]:
        """A part of each supply's bills."""
        supplies = await self._supplies(accounts)
        return [part_of(_bills(supply, where, call), order, window) if supply else None for supply in supplies]

    async def invoices_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Invoice]]:
        """The bills with these keys."""
        invoices = (await self._content()).invoices
        return [on(invoices[key], call.today) if key in invoices else None for key in keys]

    async def invoice_lines(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[InvoiceLine, ...]]]:
        """The lines of each bill."""
        lines = (await self._content()).lines
        return [lines.get(key) for key in invoices]

    async def _content(self) -> Content:
        """What the documents say now, read beside the loop that serves everybody else."""
        return await asyncio.to_thread(self._shelf.content)

    async def _supplies(self, accounts: Sequence[AccountRef]) -> list[Supply | None]:
        """The supply of each reference; None for an account that is at home elsewhere."""
        supplies = (await self._content()).supplies
        return [supplies.get(ref.key) if ref.office == self._name else None for ref in accounts]


def _bills(supply: Supply, where: InvoiceFilter, call: Call) -> list[Invoice]:
    return [on(row, call.today) for row in supply.invoices if fits(row, where, call.today)]
