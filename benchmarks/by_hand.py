"""What somebody would write who has no schema: one function for one page, over the same offices."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson
import writing

from ventanilla.auth.identify import identify
from ventanilla.backoffice_adapters.contract import (
    AccrualFilter,
    AccrualOrder,
    ChargeFilter,
    ChargeOrder,
    InvoiceFilter,
    InvoiceOrder,
    InvoiceStatusFilter,
    MeterFilter,
    MeterOrder,
    MeterReadingFilter,
    MeterReadingOrder,
    NoticeOrder,
    PaymentFilter,
    PaymentOrder,
    PaymentPlanFilter,
    PaymentPlanOrder,
    Position,
    UtilitySettlementFilter,
    UtilitySettlementOrder,
    Window,
)
from ventanilla.backoffice_adapters.records import (
    Account,
    AccountRef,
    ChargeStatus,
    Invoice,
    MeterStatus,
    PaymentPlanStatus,
    Reader,
    Slice,
    Standing,
)
from ventanilla.resolvers.context import Context, Services
from ventanilla.store import managers

HOST = "aguas.localhost"
OFFICE = "comercial"
ACCOUNTS = 12
UNPAID = InvoiceFilter(statuses=(InvoiceStatusFilter.OPEN, InvoiceStatusFilter.PARTIALLY_PAID))
OVERDUE = InvoiceFilter(statuses=(InvoiceStatusFilter.OVERDUE,))
PENDING = ChargeFilter(statuses=(ChargeStatus.PENDING,))
RUNNING = PaymentPlanFilter(statuses=(PaymentPlanStatus.PENDING_FIRST_PAYMENT, PaymentPlanStatus.ACTIVE))


class NotComparableError(Exception):
    """There is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Home:
    """What the office answered: a list for each account, and what hangs on those."""

    balances: Sequence[Any]
    invoices: Sequence[Slice[Any]]
    charges: Sequence[Slice[Any]]
    payments: Sequence[Slice[Any]]
    buildings: Sequence[Any]
    enrolments: Sequence[Any]
    accruals: Sequence[Slice[Any]]
    plans: Sequence[Slice[Any]]
    overdue: Sequence[Slice[Any]]
    meters: Sequence[Slice[Any]]
    settlements: Sequence[Slice[Any]]


class Visit:
    """One visit of a signed-in person to the office."""

    def __init__(self, context: Context, office: Any) -> None:
        self.context = context
        self._office = office

    async def ask(self, method: str, subjects: Sequence[Any], *arguments: Any) -> Sequence[Any]:
        """Ask the office, through its guard."""
        return await self._office.ask(method, self.context.call, subjects, *arguments)

    async def by_key(self, method: str, keys: Sequence[str], *arguments: Any) -> dict[str, Any]:
        """Ask the office for what hangs on records: their key → the answer."""
        return dict(zip(keys, await self.ask(method, keys, *arguments), strict=True))

    async def home(self, refs: Sequence[AccountRef]) -> Home:
        """Ask everything that is asked of accounts."""
        by_due, by_month = InvoiceOrder.DUE_ON_ASC, AccrualOrder.MONTH_DESC
        active, settled = MeterFilter(statuses=(MeterStatus.ACTIVE,)), UtilitySettlementOrder.SETTLED_ON_DESC
        answers = await asyncio.gather(
            self.ask("balances", refs),
            self.ask("invoices", refs, UNPAID, by_due, Window(limit=12)),
            self.ask("charges", refs, PENDING, ChargeOrder.CHARGED_ON_DESC, Window(limit=5)),
            self.ask("payments", refs, PaymentFilter(), PaymentOrder.PAID_AT_DESC, Window(limit=5)),
            self.ask("buildings", refs),
            self.ask("enrolments", refs),
            self.ask("accruals", refs, AccrualFilter(), by_month, Window(limit=4)),
            self.ask("payment_plans", refs, RUNNING, PaymentPlanOrder.AGREED_ON_DESC, Window(limit=1)),
            self.ask("invoices", refs, OVERDUE, by_due, Window(limit=3)),
            self.ask("meters", refs, active, MeterOrder.INSTALLED_ON_DESC, Window(limit=3)),
            self.ask("utility_settlements", refs, UtilitySettlementFilter(), settled, Window(limit=1)),
        )
        return Home(*answers)

    async def notices(self) -> Slice[Any]:
        """What the person is told."""
        standings = tuple(
            Standing(account=AccountRef(office=link.office, key=link.account_key, number=link.number), role=link.role)
            for link in self.context.actor.links
        )
        newest = NoticeOrder.PUBLISHED_FROM_DESC
        (told,) = await self.ask("notices", [Reader(standings=standings)], newest, Window(limit=5))
        return told


class ByHand:
    """The home page."""

    def __init__(self, services: Services, token: str) -> None:
        self._services = services
        self._token = token

    async def __call__(self) -> bytes:
        """Answer the page."""
        visit = await self._visit()
        links = visit.context.actor.links[:ACCOUNTS]
        accounts = await visit.ask("accounts", [link.account_key for link in links])
        home, notices = await asyncio.gather(visit.home([account.ref for account in accounts]), visit.notices())
        page = {
            "portal": writing.portal(visit.context),
            "viewer": {
                "name": visit.context.actor.name,
                "onboardingState": "READY",
                "notices": {"nodes": writing.notices(visit.context, notices)},
                "accounts": {
                    "totalCount": len(visit.context.actor.links),
                    "pageInfo": self._page_info(visit.context),
                    "nodes": await self._accounts(visit, accounts, home),
                },
            },
        }
        return orjson.dumps({"data": page})

    async def _accounts(self, visit: Visit, accounts: Sequence[Account], home: Home) -> list[dict[str, Any]]:
        numbers, parts, interest, readings = await asyncio.gather(
            visit.by_key("invoices_by_key", [due.invoice_key for each in home.balances for due in each.next_due]),
            visit.by_key("plan_instalments", _keys(home.plans)),
            visit.by_key("late_interest", _keys(home.overdue)),
            visit.by_key(
                "meter_readings",
                _keys(home.meters),
                MeterReadingFilter(),
                MeterReadingOrder.READ_ON_DESC,
                Window(limit=1),
            ),
        )
        context = visit.context
        return [
            {
                **writing.account(identity, account, home.buildings[at]),
                "balance": writing.balance(home.balances[at], numbers),
                "pending": writing.invoices(context, home.invoices[at]),
                "charges": {"nodes": writing.charges(context, home.charges[at])},
                "payments": {"nodes": writing.payments(context, home.payments[at])},
                "enrolments": [writing.enrolment(each) for each in home.enrolments[at]],
                "accruals": {"nodes": writing.accruals(context, home.accruals[at])},
                "paymentPlans": {"nodes": writing.plans(context, home.plans[at], parts)},
                "interestAccruals": {"nodes": writing.interest(home.overdue[at], interest)},
                "meters": {"nodes": writing.meters(context, home.meters[at], readings)},
                "utilitySettlements": {"nodes": writing.settlements(context, home.settlements[at])},
            }
            for at, (identity, account) in enumerate(zip(writing.ids(context, accounts), accounts, strict=True))
        ]

    def _page_info(self, context: Context) -> dict[str, Any]:
        links = context.actor.links
        last = links[:ACCOUNTS][-1]
        end = Position(value=f"{last.id:020}", key=last.account_key)
        return {"hasNextPage": len(links) > ACCOUNTS, "endCursor": context.cursors.make("LINKED", end)}

    async def _visit(self) -> Visit:
        services = self._services
        now = services.clock()
        found = await identify(services.store, HOST, self._token, now)
        stored = await managers.get(services.store, found.manager, found.version) if found else None
        if found is None or stored is None:
            raise NotComparableError(f"nobody serves {HOST}")
        context = Context(
            services=services,
            manager=stored.manager,
            host=HOST,
            actor=found.actor,
            language="es",
            request_id="bench",
            address="192.0.2.1",
        )
        return Visit(context, await context.office(OFFICE))


class ListByHand(ByHand):
    """The same for the long list."""

    async def __call__(self) -> bytes:
        """Answer the list."""
        visit = await self._visit()
        accounts = await visit.ask("accounts", [visit.context.actor.links[0].account_key])
        refs, newest = [account.ref for account in accounts], InvoiceOrder.ISSUED_ON_DESC
        (listed,) = await visit.ask("invoices", refs, InvoiceFilter(), newest, Window(limit=100))
        found: tuple[Invoice, ...] = listed.items
        lines = await visit.ask("invoice_lines", [invoice.key for invoice in found])
        account = {"invoices": {"nodes": writing.with_lines(visit.context, found, lines)}}
        return orjson.dumps({"data": {"viewer": {"accounts": {"nodes": [account]}}}})


def _keys(parts: Sequence[Slice[Any]]) -> list[str]:
    return [each.key for each in chain.from_iterable(part.items for part in parts)]
