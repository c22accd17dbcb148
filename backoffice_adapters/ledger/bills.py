"""What a booking changes beside payments: invoices while money comes and goes, and accounts' balances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ventanilla.backoffice_adapters.database import Work
from ventanilla.backoffice_adapters.ledger.journal import Numbers
from ventanilla.backoffice_adapters.ledger.totals import OVERDUE, open_minor
from ventanilla.backoffice_adapters.records import ChargeStatus, InvoiceKind, InvoiceStatus

_INVOICED, _SETTLED = ChargeStatus.INVOICED.value, ChargeStatus.SETTLED.value
_CHARGES = {InvoiceStatus.PAID.value: (_SETTLED, _INVOICED), **dict.fromkeys(OVERDUE, (_INVOICED, _SETTLED))}
"""The state of an invoice → what its charges become that were the other thing."""


@dataclass(slots=True)
class Bill:
    """An invoice while money comes to it or goes from it; amounts in minor units, `due_on` and `paid_at` as texts."""

    key: str
    account: str
    kind: str
    status: str
    due_on: str
    later: int | None
    total: int
    paid: int
    paid_at: str | None

    def open(self, on: str) -> int:
        """What it takes on that day: nothing unless it is ISSUED or PARTIALLY_PAID."""
        if self.status not in OVERDUE or self.kind == InvoiceKind.CREDIT_NOTE:
            return 0
        return open_minor(on, self.status, self.due_on, self.later, self.total, self.paid)

    def take(self, minor: int, on: str, paid_at: str) -> None:
        """Count `minor`, at most what is open on that day, as paid."""
        self.paid += minor
        settled = not self.open(on)
        self.status = InvoiceStatus.PAID.value if settled else InvoiceStatus.PARTIALLY_PAID.value
        self.paid_at = paid_at if settled else None

    def lose(self, minor: int) -> None:
        """Count `minor` as paid no longer. What was cancelled or is in a plan stays so."""
        self.paid -= minor
        if self.status in (*OVERDUE, InvoiceStatus.PAID):
            self.status = InvoiceStatus.PARTIALLY_PAID.value if self.paid else InvoiceStatus.ISSUED.value
            self.paid_at = None


async def bills_of(work: Work, book: str, keys: Iterable[str]) -> dict[str, Bill]:
    """The invoices with these keys, held until the transaction ends."""
    asked = sorted(set(keys))
    if not asked:
        return {}
    rows = await work.rows(
        """SELECT key, account_key, kind, status, due_on, later_minor, total_minor, paid_minor, paid_at FROM invoice
        WHERE book = $1 AND key IN $2[] ORDER BY key FOR UPDATE""",
        [book, asked],
    )
    return {row[0]: Bill(*row) for row in rows}


async def write_bills(work: Work, book: str, bills: Sequence[Bill], numbers: Numbers) -> None:
    """Put what is paid of invoices, and what that makes of them and of their charges, into the tables."""
    await work.many(
        """UPDATE invoice SET paid_minor = $3, status = $4, paid_at = $5, change_number = $6
        WHERE book = $1 AND key = $2""",
        [(book, bill.key, bill.paid, bill.status, bill.paid_at, numbers.next()) for bill in bills],
    )
    becomes = {bill.key: _CHARGES[bill.status] for bill in bills if bill.status in _CHARGES}
    if not becomes:
        return
    # The account leads to the few charges among which an invoice's are.
    charges = await work.rows(
        "SELECT key, invoice_key, status FROM charge WHERE book = $1 AND account_key IN $2[] AND invoice_key IN $3[]",
        [book, sorted({bill.account for bill in bills}), [*becomes]],
    )
    await work.many(
        "UPDATE charge SET status = $3, change_number = $4 WHERE book = $1 AND key = $2",
        [
            (book, key, becomes[invoice][0], numbers.next())
            for key, invoice, status in charges
            if status == becomes[invoice][1]
        ],
    )


async def move_balance(work: Work, book: str, account: str, minor: int) -> None:
    """Add to the office's own figure of what an account owes, where it keeps one."""
    await work.execute(
        """UPDATE account SET stated_minor = stated_minor + $3
        WHERE book = $1 AND key = $2 AND stated_minor IS NOT NULL""",
        [book, account, minor],
    )
