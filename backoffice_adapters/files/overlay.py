"""What was posted and no export shows yet, laid over the snapshot of an export.

A snapshot with its overlay follows from two things alone: the export it was made of, and the journal. A posting is laid
over until the export that is shown holds it: a payment by the program's own key, what was taken back by its time, since
an answer goes before the export that holds what it says. A payment that came back in an export keeps the key that it
was posted under, so that whoever knows it finds it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ventanilla.backoffice_adapters.contract import Fault
from ventanilla.backoffice_adapters.database import Database, Work, stamp
from ventanilla.backoffice_adapters.files.journal import Entry, Journal, Sent
from ventanilla.backoffice_adapters.files.outbox_layout import Outcome
from ventanilla.backoffice_adapters.ledger.journal import came, hold, went
from ventanilla.backoffice_adapters.ledger.posting import post, reverse
from ventanilla.backoffice_adapters.records import (
    NewPayment,
    NewReversal,
    Origin,
    Payment,
    PaymentItem,
    PaymentStatus,
    PostedPayment,
    Record,
)

_log = logging.getLogger(__name__)


class _Paid(NamedTuple):
    """A payment as a snapshot holds it."""

    status: str
    account: str
    minor: int


class Standing(Record):
    """How a snapshot stands to the journal."""

    held: tuple[Entry, ...]
    """What its export holds: it ends."""
    missing: tuple[Entry, ...]
    """What is to be laid over it."""
    spoilt: bool
    """Whether something was laid over it that no longer should be; it is to be made again from its export."""


class Overlay:
    """The postings of one journal, as they are laid over the snapshots of one office."""

    def __init__(self, journal: Journal, book: str, zone: ZoneInfo) -> None:
        self._journal = journal
        self._book = book
        self._zone = zone
        self._told: set[str] = set()

    async def standing(self, database: Database, payments_at: int) -> Standing:
        """Hold a snapshot against the journal; `payments_at` is the time of its export's payments in nanoseconds."""
        live = tuple(self._journal.live.values())
        paid = await self._paid(database, [key for entry in live for key in _keys(entry)])
        posted = await database.rows("SELECT key FROM posting WHERE book = $1", [self._book])
        return _Weighed(paid, {key for (key,) in posted}, payments_at).standing(live)

    async def lay(self, database: Database, entries: Sequence[Entry], origin: Origin) -> None:
        """Lay `entries` over a snapshot, all or none of them."""
        async with database.write() as work:
            await self._rename(work)
            for entry in entries:
                await self._lay(work, entry, origin)

    async def book(self, work: Work, new: NewPayment | NewReversal, key: str, origin: Origin) -> PostedPayment | Fault:
        """Book something posted, `key` being a new payment's own."""
        if isinstance(new, NewPayment):
            return await post(work, self._book, new, origin, self._zone, payment_key=key)
        return await reverse(work, self._book, new, origin)

    async def numbers(self, work: Work, table: str, keys: Collection[str]) -> Mapping[str, str]:
        """The printed numbers of accounts or invoices."""
        asked = f"SELECT key, number FROM {table} WHERE book = $1 AND key IN $2[]"
        return dict(await work.rows(asked, [self._book, list(keys)]))

    async def _rename(self, work: Work) -> None:
        """Let each payment that the program took keep the key that it was posted under."""
        pairs: list[tuple[str, str, str]] = []
        for taken_as, paid in (await self._paid(work, list(self._journal.taken))).items():
            sent = self._journal.entries[self._journal.taken[taken_as]].sent
            if _is_same(paid, sent, ended=sent.key not in self._journal.live):
                pairs.append((self._book, taken_as, sent.answer.payment.key))
            else:
                self._tell(sent, "the export has another payment under the key that it was taken as")
        if pairs:
            numbers = await hold(work, self._book)
            moved = [(*pair, numbers.next()) for pair in pairs]
            await work.many("UPDATE payment SET key = $3, change_number = $4 WHERE book = $1 AND key = $2", moved)
            await work.many("UPDATE allocation SET payment_key = $3 WHERE book = $1 AND payment_key = $2", pairs)
            await came(work, self._book, "payment", [own for _, _, own in pairs])
            await went(work, self._book, "payment", [taken_as for _, taken_as, _ in pairs], numbers)
            await numbers.keep(work, self._book)

    async def _paid(self, database: Database | Work, keys: Sequence[str]) -> dict[str, _Paid]:
        """What a snapshot holds under these payments' keys."""
        rows = await database.rows(
            "SELECT key, status, account_key, amount_minor FROM payment WHERE book = $1 AND key IN $2[]",
            [self._book, keys],
        )
        return {row[0]: _Paid(*row[1:]) for row in rows}

    async def _lay(self, work: Work, entry: Entry, origin: Origin) -> None:
        payment = entry.sent.answer.payment
        if entry.outcome is Outcome.REFUSED:
            await self._lay_refused(work, payment)
            return
        item = entry.sent.item
        answer = await self.book(work, item, payment.key, origin)
        if isinstance(answer, Fault) and isinstance(item, NewPayment):
            # The program may have withdrawn an invoice since; the money is there all the same.
            left = replace(item, items=await self._still_there(work, item))
            answer = await self.book(work, left, payment.key, origin)
        if isinstance(answer, Fault):
            self._tell(entry.sent, f"it cannot be shown over the export: {answer.detail}")

    async def _still_there(self, work: Work, item: NewPayment) -> tuple[PaymentItem, ...]:
        """The items of a payment whose invoices its account still has."""
        rows = await work.rows(
            "SELECT key FROM invoice WHERE book = $1 AND account_key = $2", [self._book, item.account.key]
        )
        return tuple(each for each in item.items if (each.invoice_key,) in rows)

    def _tell(self, sent: Sent, trouble: str) -> None:
        """Tell an operator, once."""
        if sent.key not in self._told:
            self._told.add(sent.key)
            _log.warning("office %s: %s %d: %s", self._book, sent.kind.lower(), sent.lines[0].number, trouble)

    async def _lay_refused(self, work: Work, payment: Payment) -> None:
        numbers = await hold(work, self._book)
        await came(work, self._book, "payment", [payment.key])
        await work.execute(
            """INSERT INTO payment (book, key, account_key, amount_minor, unallocated_minor, currency, paid_at, status,
            method, reference, change_number) VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10)""",
            [self._book, payment.key, payment.account_key, payment.amount.minor, payment.amount.currency,
             stamp(payment.paid_at), PaymentStatus.REVIEW.value, payment.method, payment.reference, numbers.next()],
        )  # fmt: skip
        await numbers.keep(work, self._book)


class _Weighed:
    """What a snapshot holds, as far as the journal knows it."""

    def __init__(self, payments: Mapping[str, _Paid], posted: Collection[str], payments_at: int) -> None:
        self._payments = payments
        self._posted = posted
        self._payments_at = payments_at
        self._over: set[str] = set()
        self._held: list[Entry] = []
        self._missing: list[Entry] = []
        self._spoilt = False

    def standing(self, live: Iterable[Entry]) -> Standing:
        """Weigh each posting, in their order: what is taken back of a payment comes after it."""
        for entry in live:
            if entry.sent.reversal:
                self._weigh_reversal(entry)
            elif entry.outcome is Outcome.REFUSED:
                self._weigh_refused(entry)
            else:
                self._weigh_payment(entry)
        return Standing(held=tuple(self._held), missing=tuple(self._missing), spoilt=self._spoilt)

    def _weigh_payment(self, entry: Entry) -> None:
        own, taken_as = entry.sent.answer.payment.key, entry.answer and entry.answer.payment
        laid = entry.sent.key in self._posted
        in_review = not laid and own in self._payments and self._payments[own].status == PaymentStatus.REVIEW
        exported = self._payments.get(taken_as) if taken_as else None
        renamed = own in self._payments and not laid and not in_review
        if renamed or (exported and _is_same(exported, entry.sent)):
            self._held.append(entry)
            self._spoilt |= laid or in_review
            return
        self._over.add(own)
        self._spoilt |= in_review
        if not laid:
            self._missing.append(entry)

    def _weigh_refused(self, entry: Entry) -> None:
        if entry.sent.key in self._posted:
            self._spoilt = True
        elif entry.sent.answer.payment.key not in self._payments:
            self._missing.append(entry)

    def _weigh_reversal(self, entry: Entry) -> None:
        laid = entry.sent.key in self._posted
        if entry.outcome is Outcome.REFUSED:
            self._spoilt |= laid
        elif entry.outcome is Outcome.TAKEN and self._shown(entry):
            self._held.append(entry)
            self._spoilt |= laid
        elif not laid:
            self._missing.append(entry)

    def _shown(self, entry: Entry) -> bool:
        """Whether the export was written after the answer, and the payment itself stands in it."""
        return entry.answered_at <= self._payments_at and entry.sent.answer.payment.key not in self._over


def _keys(entry: Entry) -> list[str]:
    """The keys under which a posted payment may stand in a snapshot."""
    if entry.sent.reversal:
        return []
    taken_as = entry.answer and entry.answer.payment
    return [entry.sent.answer.payment.key, *([taken_as] if taken_as else [])]


def _is_same(paid: _Paid, sent: Sent, *, ended: bool = False) -> bool:
    """Whether a payment of the export can be the one that was posted; once it was, its amount is the program's."""
    return paid.account == sent.answer.payment.account_key and (ended or paid.minor == sent.amount.minor)
