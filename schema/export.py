"""Exports: what programs of the manager's own read."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

import strawberry
from strawberry import UNSET

from ventanilla.backoffice_adapters import contract
from ventanilla.execution.fields import Listing
from ventanilla.resolvers import exports
from ventanilla.schema.account import Account
from ventanilla.schema.charge import Charge, ChargeFilter
from ventanilla.schema.enums import AccountStatus
from ventanilla.schema.fields import arg, batch, distinct, prop
from ventanilla.schema.invoice import Invoice, InvoiceFilter
from ventanilla.schema.meter_reading import MeterReading, MeterReadingFilter
from ventanilla.schema.payment import Payment, PaymentFilter

T = TypeVar("T")

_PAGE = Listing(("first",), assumed=exports.MOST_CHANGES)
_First = Annotated[int | None, arg("How many at most, removed ones counted: from 1 to 1000, which it is unless said.")]
_After = Annotated[str | None, arg("The `endCursor` of a page that was told before, now or another night.")]
_Offices = Annotated[
    list[str] | None, arg("Only what these back offices keep, by the names that `source` tells; all unless said.")
]


@strawberry.input(description="Which accounts. An empty list is no condition.")
class AccountFilter:
    """Filter of `Export.accounts`."""

    status: list[AccountStatus] | None = strawberry.field(default=None, description="In any of these states.")

    def record(self) -> contract.AccountFilter:
        """The filter as offices take it."""
        return contract.AccountFilter(statuses=distinct(self.status))


@strawberry.type(description="How to go on with an export.")
class ExportPageInfo:
    """What `after` takes next."""

    end_cursor: str = prop(
        "How far this page reaches. It is there also when nothing was found, and never expires: asked with it later,"
        " with the same filter, what changed since is told. Opaque."
    )
    has_next_page: bool = prop("More is there already: ask again at once.")


@strawberry.type(
    description="A page of an export: what came or changed, in the order of the last changes, and what went. Whatever"
    " changes while pages are read is told again on a later one, as it is then."
)
class Changes(Generic[T]):
    """`InvoiceChanges`, `PaymentChanges` …"""

    nodes: list[T] = prop("What came or changed, as it is now. What a filter does not find any more is not told.")
    removed_ids: list[strawberry.ID] = prop("The ids of what is no longer there, whatever the filter.")
    page_info: ExportPageInfo = prop("How to go on.")
    remaining: int = prop(
        "How many, with removed ones, come after this page. The offices have to count for it: ask only if shown."
    )


@strawberry.type(
    description="Everything of a noun that the manager's back offices keep, one after another, and later what changed"
    " since: read page after page until `hasNextPage` is false, keep the last `endCursor`, and begin with it the next"
    " time. A record stands in it by its last change, once."
    "\n\nWhere one of the offices keeps such things and cannot tell what changed, the field is null with NOT_SUPPORTED,"
    " so that nothing is left out unnoticed; `offices` asks the others alone. Once an office was set up anew, or is"
    " none of the manager's any more, a cursor of before is refused with INVALID_ARGUMENT: begin again without it."
    "\n\nFor programs of the manager's own, by the scopes of their tokens: `invoices:export` opens `invoices`, with"
    " lines, allocations and the account that each belongs to. Who holds an account, its premises and its balance are"
    " told under `accounts:export` alone."
)
class Export:
    """The desk of programs; each noun lays its own on it."""

    @batch(exports.accounts, "Accounts.", listing=_PAGE)
    def accounts(
        self,
        first: _First = UNSET,
        after: _After = UNSET,
        where: Annotated[AccountFilter | None, arg("Which accounts; all unless said.", "filter")] = UNSET,
        offices: _Offices = UNSET,
    ) -> Changes[Account] | None: ...

    @batch(exports.invoices, "Invoices and notes.", listing=_PAGE)
    def invoices(
        self,
        first: _First = UNSET,
        after: _After = UNSET,
        where: Annotated[InvoiceFilter | None, arg("Which invoices; all unless said.", "filter")] = UNSET,
        offices: _Offices = UNSET,
    ) -> Changes[Invoice] | None: ...

    @batch(exports.charges, "Charges.", listing=_PAGE)
    def charges(
        self,
        first: _First = UNSET,
        after: _After = UNSET,
        where: Annotated[ChargeFilter | None, arg("Which charges; all unless said.", "filter")] = UNSET,
        offices: _Offices = UNSET,
    ) -> Changes[Charge] | None: ...

    @batch(exports.payments, "Payments.", listing=_PAGE)
    def payments(
        self,
        first: _First = UNSET,
        after: _After = UNSET,
        where: Annotated[PaymentFilter | None, arg("Which payments; all unless said.", "filter")] = UNSET,
        offices: _Offices = UNSET,
    ) -> Changes[Payment] | None: ...

    @batch(exports.meter_readings, "Readings of meters.", listing=_PAGE)
    def meter_readings(
        self,
        first: _First = UNSET,
        after: _After = UNSET,
        where: Annotated[MeterReadingFilter | None, arg("Which readings; all unless said.", "filter")] = UNSET,
        offices: _Offices = UNSET,
    ) -> Changes[MeterReading] | None: ...
