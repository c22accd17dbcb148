"""A whole office over the ledger's tables: what is read, what is written, and the one way of filling it."""

from __future__ import annotations

import asyncio

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.database import Dialect
from ventanilla.backoffice_adapters.ledger import journal
from ventanilla.backoffice_adapters.ledger.community import CommunityLedger
from ventanilla.backoffice_adapters.ledger.content import content_of
from ventanilla.backoffice_adapters.ledger.payment import PaymentLedger
from ventanilla.backoffice_adapters.ledger.reading import office_errors
from ventanilla.backoffice_adapters.ledger.utility import UtilityLedger


class Ledger(CommunityLedger, UtilityLedger, PaymentLedger):
    """An office in SQL, bound to one `book`: every method of the contract's billing offices, and `fill`.

    `source` is what its records say they come from, and the only office whose accounts it answers for; `as_of` tells
    how old they are, `zone` what a day is. Each reading method runs one statement, lists two when a count is asked for.
    """

    async def fill(self, book: Book) -> None:
        """Replace everything, also what was posted, with `book` in one transaction; `BookError` if that contradicts
        itself. The journal goes on: what is as it was is no change."""
        content = await asyncio.to_thread(content_of, self._book, book)
        with office_errors():
            async with self._database.write() as work:
                await journal.hold_to_fill(work, self._book, book.currency)
                before = await journal.read(work, self._book)
                tables, last = await asyncio.to_thread(journal.numbered, before, content, self._book)
                for table, rows in tables.items():
                    await work.execute(f"DELETE FROM {table} WHERE book = $1", [self._book])
                    places = ", ".join(f"${place}" for place in range(1, len(rows[0]) + 1)) if rows else ""
                    await work.many(f"INSERT INTO {table} VALUES ({places})", rows)
                await journal.Numbers(last).keep(work, self._book)
            # PostgreSQL plans by statistics, which after a fill describe what was there before, or nothing.
            if self._database.dialect is Dialect.POSTGRESQL:
                await self._database.rows(f"ANALYZE {', '.join(content)}")
