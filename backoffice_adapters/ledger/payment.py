"""The writing side of `BillingOffice` over the ledger's tables: payments, and what is taken back of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from ventanilla.backoffice_adapters.contract import Call, Fault, FaultCode, Hit
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError, Work
from ventanilla.backoffice_adapters.ledger.posting import post, reverse
from ventanilla.backoffice_adapters.ledger.reading import LedgerReader, unavailable
from ventanilla.backoffice_adapters.records import NewPayment, NewReversal, PostedPayment

N = TypeVar("N", NewPayment, NewReversal)


class PaymentLedger(LedgerReader):
    """Each item is booked in a transaction of its own."""

    async def post_payments(self, call: Call, payments: Sequence[NewPayment]) -> list[Hit[PostedPayment]]:
        """Book each payment exactly once under its key."""
        origin = self._origin()
        return await self._each(payments, lambda work, new: post(work, self._book, new, origin, self._zone))

    async def reverse_payments(self, call: Call, reversals: Sequence[NewReversal]) -> list[Hit[PostedPayment]]:
        """Take back all or a part of each payment, exactly once under its key."""
        origin = self._origin()
        return await self._each(reversals, lambda work, new: reverse(work, self._book, new, origin))

    async def _each(
        self, items: Sequence[N], booking: Callable[[Work, N], Awaitable[PostedPayment | Fault]]
    ) -> list[Hit[PostedPayment]]:
        """What became of each item; once the database is out of reach, the rest is not tried."""
        hits: list[Hit[PostedPayment]] = []
        for item in items:
            try:
                hits.append(await self._booked(item, booking))
            except DatabaseUnavailableError as error:
                gone = unavailable(error)
                if not hits:
                    raise gone from error
                return hits + [gone.fault] * (len(items) - len(hits))
        return hits

    async def _booked(
        self, item: N, booking: Callable[[Work, N], Awaitable[PostedPayment | Fault]]
    ) -> PostedPayment | Fault:
        answer: PostedPayment | Fault | None = None
        try:
            async with self._database.write() as work:
                answer = await booking(work, item)
        except DatabaseUnavailableError as error:
            if answer is None:  # what failed before the commit never was
                raise
            if isinstance(answer, PostedPayment) and not answer.replayed:
                return Fault(code=FaultCode.OUTCOME_UNKNOWN, detail=f"no answer to the commit: {error}")
        return answer
