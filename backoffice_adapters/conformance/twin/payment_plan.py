"""The twin's payment plans and their instalments."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.backoffice_adapters.book import InstalmentEntry, PaymentPlanEntry
from ventanilla.backoffice_adapters.conformance.picking import among
from ventanilla.backoffice_adapters.conformance.twin.shelf import Shelf
from ventanilla.backoffice_adapters.contract import Call, Hit, PaymentPlanFilter, PaymentPlanOrder, Window
from ventanilla.backoffice_adapters.records import AccountRef, Instalment, InstalmentStatus, PaymentPlan, Slice


class PaymentPlans(Shelf):
    """Payment plans; total, paid and count are those of their instalments."""

    async def payment_plans(
        self,
        call: Call,
        accounts: Sequence[AccountRef],
        where: PaymentPlanFilter,
        order: PaymentPlanOrder,
        window: Window,
    ) -> list[Hit[Slice[PaymentPlan]]]:
        """A part of each account's plans."""
        rows = [row for row in map(self._plan, self.book.payment_plans) if among(row.status, where.statuses)]
        return self._slices(rows, accounts, order, window)

    async def payment_plans_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[PaymentPlan]]:
        """The plans with these keys."""
        found = {entry.key: self._plan(entry) for entry in self.book.payment_plans}
        return [found.get(key) for key in keys]

    async def plan_instalments(self, call: Call, plans: Sequence[str]) -> list[Hit[tuple[Instalment, ...]]]:
        """The instalments of each plan."""
        known = {entry.key for entry in self.book.payment_plans}
        return [tuple(map(self._instalment, self._parts(key))) if key in known else None for key in plans]

    async def instalments_by_key(self, call: Call, keys: Sequence[str]) -> list[Hit[Instalment]]:
        """The instalments with these keys."""
        found = {entry.key: self._instalment(entry) for entry in self.book.instalments}
        return [found.get(key) for key in keys]

    def _parts(self, plan: str) -> list[InstalmentEntry]:
        """The instalments of one plan, by position."""
        return sorted((row for row in self.book.instalments if row.plan == plan), key=lambda row: row.position)

    def _plan(self, entry: PaymentPlanEntry) -> PaymentPlan:
        parts = self._parts(entry.key)
        return PaymentPlan(
            key=entry.key,
            origin=self._origin,
            account_key=entry.account,
            number=entry.number,
            status=entry.status,
            agreed_on=entry.agreed_on,
            total=self._sum(row.amount for row in parts),
            interest=entry.interest,
            paid=self._sum(row.amount for row in parts if row.status is InstalmentStatus.PAID),
            instalment_count=len(parts),
            invoice_keys=entry.invoices,
        )

    def _instalment(self, entry: InstalmentEntry) -> Instalment:
        return Instalment(
            key=entry.key,
            origin=self._origin,
            account_key=next(plan.account for plan in self.book.payment_plans if plan.key == entry.plan),
            plan_key=entry.plan,
            position=entry.position,
            due_on=entry.due_on,
            amount=entry.amount,
            status=entry.status,
            paid_at=entry.paid_at,
        )
