"""The reading side of `BillingOffice` over the ledger's tables."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.contract import (
    AccountFilter,
    AccrualFilter,
    AccrualOrder,
    Call,
    ChangeWindow,
    ChargeFilter,
    ChargeOrder,
    Hit,
    InvoiceFilter,
    InvoiceOrder,
    NoticeOrder,
    PaymentFilter,
    PaymentOrder,
    PaymentPlanFilter,
    PaymentPlanOrder,
    Window,
)
from ventanilla.backoffice_adapters.ledger.check import plain, well_formed
from ventanilla.backoffice_adapters.ledger.kinds import enrolment, interest, invoice, notice, payment, place
from ventanilla.backoffice_adapters.ledger.kinds.account import ACCOUNTS
from ventanilla.backoffice_adapters.ledger.kinds.accrual import ACCRUALS
from ventanilla.backoffice_adapters.ledger.kinds.charge import CHARGES
from ventanilla.backoffice_adapters.ledger.kinds.invoice import INVOICES
from ventanilla.backoffice_adapters.ledger.kinds.payment import PAYMENTS
from ventanilla.backoffice_adapters.ledger.kinds.payment_plan import INSTALMENTS, OF_PLANS, PAYMENT_PLANS
from ventanilla.backoffice_adapters.ledger.pages import slice_of
from ventanilla.backoffice_adapters.ledger.party import PartyLedger
from ventanilla.backoffice_adapters.ledger.reading import aligned, by_first, formed
from ventanilla.backoffice_adapters.ledger.standing import STANDING, balance
from ventanilla.backoffice_adapters.records import (
    Account,
    AccountRef,
    Accrual,
    Allocation,
    Balance,
    Building,
    Changes,
    Charge,
    Enrolment,
    Instalment,
    InterestAccrual,
    Invoice,
    InvoiceLine,
    Notice,
    Payment,
    PaymentPlan,
    Reader,
    Slice,
)


class BillingLedger(PartyLedger):
    """Accounts and their money. Each method runs one statement, lists two when a count is asked for; changes
    as many for each filter."""

    async def accounts(self, call: Call, keys: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these keys."""
        return await self._accounts(call, "key", formed(keys))

    async def find_accounts(self, call: Call, numbers: Sequence[str]) -> list[Hit[Account]]:
        """The accounts with these printed numbers, compared without spaces and punctuation."""
        return await self._accounts(call, "plain_number", [plain(number) or None for number in numbers])

    async def _accounts(self, call: Call, asked: str, keys: Sequence[str | None]) -> list[Hit[Account]]:
        reader = ACCOUNTS.reader(None)
        columns = ", ".join(reader.columns)
        sql = f"SELECT {asked}, {columns} FROM {ACCOUNTS.table} WHERE book = $1 AND {asked} IN $2[]"
        return await self._single(sql, reader.make, call, keys)

    async def changed_accounts(
        self, call: Call, wheres: Sequence[AccountFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Account]]]:
        """What became of the accounts that each filter finds."""
        return await self._changes(ACCOUNTS, call, wheres, window)

    async def balances(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Balance]]:
        """What each account owes or is owed, what is overdue and what falls due next."""
        origin, today = self._origin(), call.today.isoformat()
        return await self._answers(STANDING, self._keys(accounts), lambda rows: balance(rows, origin, today))

    async def invoices(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: InvoiceFilter,
        order: InvoiceOrder,
        window: Window,
    ) -> list[Hit[Slice[Invoice]]]:
        """A part of each account's invoices."""
        return await self._pages(INVOICES, call, self._keys(accounts), where, order=order, window=window)

    async def invoices_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Invoice]]:
        """The invoices with these keys, DRAFT excepted."""
        return await self._by_key(INVOICES, call, keys)

    async def changed_invoices(
        self, call: Call, wheres: Sequence[InvoiceFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Invoice]]]:
        """What became of the invoices that each filter finds."""
        return await self._changes(INVOICES, call, wheres, window)

    async def invoice_lines(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[InvoiceLine, ...]]]:
        """The lines of each invoice, by position."""
        return await self._several(invoice.LINES, call, formed(invoices))

    async def invoice_allocations(self, call: Call, invoices: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What counts as paid on each invoice, oldest first."""
        return await self._several(payment.OF_INVOICES, call, formed(invoices))

    async def charges(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: ChargeFilter,
        order: ChargeOrder,
        window: Window,
    ) -> list[Hit[Slice[Charge]]]:
        """A part of each account's charges."""
        return await self._pages(CHARGES, call, self._keys(accounts), where, order=order, window=window)

    async def charges_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Charge]]:
        """The charges with these keys."""
        return await self._by_key(CHARGES, call, keys)

    async def changed_charges(
        self, call: Call, wheres: Sequence[ChargeFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Charge]]]:
        """What became of the charges that each filter finds."""
        return await self._changes(CHARGES, call, wheres, window)

    async def payments(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: PaymentFilter,
        order: PaymentOrder,
        window: Window,
    ) -> list[Hit[Slice[Payment]]]:
        """A part of each account's payments."""
        return await self._pages(PAYMENTS, call, self._keys(accounts), where, order=order, window=window)

    async def payments_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Payment]]:
        """The payments with these keys."""
        return await self._by_key(PAYMENTS, call, keys)

    async def changed_payments(
        self, call: Call, wheres: Sequence[PaymentFilter], window: ChangeWindow
    ) -> list[Hit[Changes[Payment]]]:
        """What became of the payments that each filter finds."""
        return await self._changes(PAYMENTS, call, wheres, window)

    async def payment_allocations(self, call: Call, payments: Sequence[str]) -> list[Hit[tuple[Allocation, ...]]]:
        """What each payment was matched with, oldest first, whether or not the payment counts."""
        return await self._several(payment.OF_PAYMENTS, call, formed(payments))

    async def accruals(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: AccrualFilter,
        order: AccrualOrder,
        window: Window,
    ) -> list[Hit[Slice[Accrual]]]:
        """A part of each account's accruals."""
        return await self._pages(ACCRUALS, call, self._keys(accounts), where, order=order, window=window)

    async def accruals_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Accrual]]:
        """The accruals with these keys."""
        return await self._by_key(ACCRUALS, call, keys)

    async def payment_plans(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: PaymentPlanFilter,
        order: PaymentPlanOrder,
        window: Window,
    ) -> list[Hit[Slice[PaymentPlan]]]:
        """A part of each account's payment plans."""
        return await self._pages(PAYMENT_PLANS, call, self._keys(accounts), where, order=order, window=window)

    async def payment_plans_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[PaymentPlan]]:
        """The payment plans with these keys."""
        return await self._by_key(PAYMENT_PLANS, call, keys)

    async def plan_instalments(self, call: Call, plans: Sequence[str]) -> list[Hit[tuple[Instalment, ...]]]:
        """The instalments of each plan, by position."""
        return await self._several(OF_PLANS, call, formed(plans))

    async def instalments_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Instalment]]:
        """The instalments with these keys."""
        return await self._by_key(INSTALMENTS, call, keys)

    async def late_interest(self, call: Call, invoices: Sequence[str]) -> list[Hit[InterestAccrual]]:
        """The late interest of each invoice up to the day of the call, by the book's table of rates."""
        keys, origin = formed(invoices), self._origin()
        found = by_first(await self._asked(interest.LATE, keys))
        table = interest.rates(found.pop("", ()))
        answers = {key: interest.late_interest(rows, table, call.today, origin) for key, rows in found.items()}
        return aligned(answers, keys)

    async def enrolments(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[tuple[Enrolment, ...]]]:
        """One enrolment of each kind for each account."""
        return await self._answers(enrolment.OF_ACCOUNTS, self._keys(accounts), enrolment.enrolments)

    async def buildings(self, call: Call, accounts: Sequence[AccountRef]) -> list[Hit[Building]]:
        """The building that each account's unit is in."""
        return await self._one_each(place.BUILDINGS_OF_ACCOUNTS, call, self._keys(accounts))

    async def notices(
        self, call: Call, readers: Sequence[Reader], order: NoticeOrder, window: Window
    ) -> list[Hit[Slice[Notice]]]:
        """A part of what each reader may see now."""
        parts = [notice.parts_of(self._source, reader) for reader in readers]
        if not any(parts):
            return [None] * len(readers)
        asked, origin = notice.accounts_of(part for mine in parts for part in mine), self._origin()
        counting = notice.counts(self._book, asked, call.now)
        counts = notice.by_part(await self._rows(*counting)) if window.count else None
        found = notice.by_part(await self._rows(*notice.page(self._book, asked, call.now, order, window)))

        def answer(mine: Sequence[notice.Part]) -> Slice[Notice]:
            count = None if counts is None else notice.counted(counts, mine)
            rows = notice.merged(found, mine, order, window)
            return slice_of(rows, lambda part: tuple(notice.notice(row, origin) for row in part), window, count)

        return [answer(mine) if mine else None for mine in parts]

    async def notices_by_key(self, call: Call, keys: Sequence[str], reader: Reader) -> list[Hit[Notice]]:
        """The notices with these keys, as far as the reader may see them now."""
        asked = list({key: None for key in keys if well_formed(key)})
        mine, origin = notice.parts_of(self._source, reader), self._origin()
        if not asked or not mine:
            return [None] * len(keys)
        rows = await self._rows(*notice.by_key(self._book, notice.accounts_of(mine), call.now, asked))
        parts = notice.by_part(rows)
        answers = {row[2]: notice.notice(row, origin) for part in mine for row in parts.get(part, ())}
        return [answers.get(key) for key in keys]
