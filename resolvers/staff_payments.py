"""Checkouts, payments and what goes back of them, as the staff sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ventanilla.backoffice_adapters.contract import FaultCode, ListOrder, Window
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Slice
from ventanilla.payments.contract import NewsStatus, PlatformFault
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.connections import BatchList, Connection
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.reads import Wanted, reads
from ventanilla.resolvers.refusals import spoken
from ventanilla.resolvers.staff import Desk
from ventanilla.store import listing
from ventanilla.store.listing import Listing, MomentFilter
from ventanilla.store.payment_lists import CHECKOUTS, PAYMENTS, RETURNS, ListedCheckout, ListedPayment, ListedReturn
from ventanilla.store.payment_returns import GONE
from ventanilla.store.payment_states import Booking, CheckoutState
from ventanilla.store.stray_lists import ListedStray
from ventanilla.store.tables import is_id


class MoneyOrder(ListOrder):
    """How checkouts and payments are sorted."""

    CREATED_AT_DESC = "CREATED_AT_DESC"
    CREATED_AT_ASC = "CREATED_AT_ASC"


_LATER: Final[Mapping[str, str]] = {
    "en": "There was no answer that could be used. It is asked again.",
    "es": "No hubo una respuesta que se pudiera usar. Se vuelve a preguntar.",
    "pl": "Nie było odpowiedzi, której można użyć. Pytanie zostanie ponowione.",
}
_SETTINGS: Final[Mapping[str, str]] = {
    "en": "We are not let in. The settings here are to be mended; it is asked again.",
    "es": "No se nos permite el acceso. Hay que corregir la configuración; se vuelve a preguntar.",
    "pl": "Nie mamy dostępu. Trzeba poprawić ustawienia; pytanie zostanie ponowione.",
}
_NEVER: Final[Mapping[str, str]] = {
    "en": "It was refused, and is not asked again.",
    "es": "Fue rechazado, y no se vuelve a preguntar.",
    "pl": "Odmówiono i pytanie nie zostanie ponowione.",
}
_WHY: Final[Mapping[str, Mapping[str, str]]] = {
    **dict.fromkeys((PlatformFault.UNAUTHORIZED, FaultCode.UNAUTHORIZED, FaultCode.FORBIDDEN), _SETTINGS),
    PlatformFault.REFUSED: _NEVER,
    **dict.fromkeys((FaultCode.INVALID, FaultCode.NOT_FOUND, FaultCode.CONFLICT, FaultCode.UNSUPPORTED), _NEVER),
}


def _list(of: Listing[Any]) -> BatchList:
    """Make the function that answers a part of one of the manager's lists, whole: there are few columns."""

    async def listed(
        context: Context,
        _method: str,
        desks: Sequence[Desk],
        where: MomentFilter,
        order: MoneyOrder,
        view: Window,
        *,
        wanted: Wanted = None,
    ) -> list[Answer[Slice[Any]]]:
        found = await listing.part(context.services.store, context.manager.slug, of, order, view, where=where)
        return [found] * len(desks)

    source = connections.Source(of.kind.__name__, listed, of.position)
    return connections.parts(source, MoneyOrder.CREATED_AT_DESC, MomentFilter())


_checkouts, _payments = _list(CHECKOUTS), _list(PAYMENTS)


@batch(scope=Scope.STAFF)
async def checkouts(
    context: Context,
    desks: Sequence[Desk],
    *,
    reference: str | None = None,
    states: Sequence[CheckoutState] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    **page: Any,
) -> Sequence[Answer[Connection[ListedCheckout]]]:
    """A part of what people set out to pay."""
    where = MomentFilter(
        equal=(("reference", reference),), among=(("state", tuple(states or ())),), since=since, until=until
    )
    return await _checkouts(context, desks, where=where, **page)


@batch(scope=Scope.STAFF)
async def payments(
    context: Context,
    desks: Sequence[Desk],
    *,
    reference: str | None = None,
    statuses: Sequence[NewsStatus] | None = None,
    bookings: Sequence[Booking] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    **page: Any,
) -> Sequence[Answer[Connection[ListedPayment]]]:
    """A part of the money at platforms."""
    among = (("status", tuple(statuses or ())), ("booking", tuple(bookings or ())))
    where = MomentFilter(equal=(("reference", reference),), among=among, since=since, until=until)
    return await _payments(context, desks, where=where, **page)


@batch(scope=Scope.STAFF)
async def checkout_by_id(context: Context, desks: Sequence[Desk], *, id: str) -> list[ListedCheckout | None]:
    """One checkout, or None."""
    return [(await _by_ids(context, CHECKOUTS, [id])).get(id)] * len(desks)


@batch(scope=Scope.STAFF)
async def payments_of_checkouts(context: Context, checkouts: Sequence[ListedCheckout]) -> list[list[ListedPayment]]:
    """All payments of each checkout, oldest first."""
    found = await _among(context, PAYMENTS, "checkout_id", [each.id for each in checkouts])
    return [[payment for payment in found if payment.checkout_id == each.id] for each in checkouts]


@reads("checkout_id")
@batch(scope=Scope.STAFF)
async def checkouts_of_payments(
    context: Context, payments: Sequence[ListedPayment | ListedStray]
) -> list[ListedCheckout | None]:
    """What each was ordered for; None where that is not known."""
    found = await _by_ids(context, CHECKOUTS, [each.checkout_id for each in payments])
    return [found.get(each.checkout_id or "") for each in payments]


@reads("platform_payment_id")
@batch(scope=Scope.STAFF)
async def payments_of_strays(context: Context, strays: Sequence[ListedStray]) -> list[ListedPayment | None]:
    """The payment that each is about; None for what is an office's alone."""
    found = await _by_ids(context, PAYMENTS, [each.platform_payment_id for each in strays])
    return [found.get(each.platform_payment_id or "") for each in strays]


@reads("id")
@batch(scope=Scope.STAFF)
async def returns_of_payments(context: Context, payments: Sequence[ListedPayment]) -> list[list[ListedReturn]]:
    """What goes back of each, oldest first."""
    return await _returns(context, payments)


@reads("id", "currency")
@batch(scope=Scope.STAFF)
async def refunded(context: Context, payments: Sequence[ListedPayment]) -> list[Money]:
    """What the payer of each has back."""
    returns = await _returns(context, payments)
    return [
        Money(sum(row.amount_minor for row in rows if row.state.value in GONE), each.currency)
        for each, rows in zip(payments, returns, strict=True)
    ]


@reads("problem")
def why(context: Context, rows: Sequence[ListedPayment | ListedReturn]) -> list[str | None]:
    """Why each is not done, in words."""
    return [row.problem and spoken(_WHY.get(row.problem, _LATER), context.language) for row in rows]


async def _returns(context: Context, payments: Sequence[ListedPayment]) -> list[list[ListedReturn]]:
    found = await _among(context, RETURNS, "platform_payment_id", [each.id for each in payments])
    return [[row for row in found if row.platform_payment_id == each.id] for each in payments]


async def _among(context: Context, of: Listing[Any], column: str, values: Sequence[str]) -> list[Any]:
    return await listing.among(context.services.store, context.manager.slug, of, column, values)


async def _by_ids(context: Context, of: Listing[Any], ids: Sequence[str | None]) -> dict[str, Any]:
    found = await _among(context, of, "id", [each for each in ids if each and is_id(each)])
    return {each.id: each for each in found}
