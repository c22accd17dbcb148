"""Promises about payment plans: instalments make the plan."""

from __future__ import annotations

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.promises import expect, promise
from ventanilla.backoffice_adapters.money import Money, total
from ventanilla.backoffice_adapters.records import Instalment, InstalmentStatus, PaymentPlan


async def _plans(bench: Bench) -> list[tuple[PaymentPlan, tuple[Instalment, ...]]]:
    """Each plan with its instalments."""
    keys = [entry.key for entry in bench.mine.twin.book.payment_plans]
    plans = await bench.mine.ask("payment_plans_by_key", keys)
    parts = await bench.mine.ask("plan_instalments", keys)
    expect(all(plans) and None not in parts, "payment_plans: a plan of the book is missing")
    return list(zip(plans, parts, strict=True))


def _sum(rows: list[Instalment], plan: PaymentPlan) -> Money:
    return total((row.amount for row in rows), plan.total.currency)


@promise("payment_plans.read", "payment_plans.instalments")
async def instalments_add_up_to_the_plan(bench: Bench) -> None:
    """The instalments of a plan add up to its total, those that are paid to its `paid`; it counts all of them."""
    for plan, parts in await _plans(bench):
        whole, paid = _sum([*parts], plan), [part for part in parts if part.status is InstalmentStatus.PAID]
        expect(whole == plan.total, f"the instalments of {plan.key} add up to {whole}, its total is {plan.total}")
        expect(_sum(paid, plan) == plan.paid, f"{_sum(paid, plan)} of {plan.key} is paid, it says {plan.paid}")
        expect(len(parts) == plan.instalment_count, f"{plan.key} counts {plan.instalment_count} of {len(parts)}")


@promise("payment_plans.read", "payment_plans.instalments")
async def instalments_stand_by_position(bench: Bench) -> None:
    """The instalments of a plan are numbered from 1 and stand in that order; each names its plan and its account."""
    for plan, parts in await _plans(bench):
        positions = [part.position for part in parts]
        expect(positions == [*range(1, len(parts) + 1)], f"the instalments of {plan.key} stand as {positions}")
        owners = {(part.plan_key, part.account_key) for part in parts}
        expect(owners <= {(plan.key, plan.account_key)}, f"the instalments of {plan.key} belong to {owners}")


@promise("payment_plans.instalments")
async def paid_instalments_say_when(bench: Bench) -> None:
    """`paid_at` is there exactly when an instalment is PAID."""
    keys = [entry.key for entry in bench.mine.twin.book.instalments]
    for part in await bench.mine.ask("instalments_by_key", keys):
        paid = part.status is InstalmentStatus.PAID
        expect(paid == (part.paid_at is not None), f"instalment {part.key} is {part.status}, paid at {part.paid_at}")


@promise("payment_plans.read")
async def an_account_has_one_running_plan(bench: Bench) -> None:
    """At most one plan of an account binds: one that waits for its first payment or is active."""
    keys = [entry.key for entry in bench.mine.twin.book.payment_plans]
    running = [plan.account_key for plan in await bench.mine.ask("payment_plans_by_key", keys) if plan.status.runs]
    expect(len(running) == len(set(running)), f"payment_plans: an account has two that bind: {running}")


@promise("payment_plans.read", "invoices.read")
async def plans_cover_invoices_of_their_account(bench: Bench) -> None:
    """Every invoice that a plan covers can be read, and is one of the same account."""
    keys = [entry.key for entry in bench.mine.twin.book.payment_plans]
    for plan in await bench.mine.ask("payment_plans_by_key", keys):
        invoices = await bench.mine.ask("invoices_by_key", plan.invoice_keys)
        owners = {getattr(invoice, "account_key", None) for invoice in invoices}
        expect(owners <= {plan.account_key}, f"payment plan {plan.key} covers invoices of {owners}")
