"""Strays: money that does not fit, as the staff sees it, and what they decide about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from ventanilla.auth.audit import AuditKind, note
from ventanilla.backoffice_adapters.contract import ListOrder, Window
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record, Slice
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch, call
from ventanilla.resolvers.connections import Connection
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.reads import Wanted
from ventanilla.resolvers.refunds import LONGEST_REASON, NOT_SUPPORTED, PARTIAL_NOT_SUPPORTED, ability, one_line
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.resolvers.staff import Desk
from ventanilla.store import listing, stray_decisions
from ventanilla.store.listing import MomentFilter
from ventanilla.store.payment_states import StrayKind, StrayState
from ventanilla.store.stray_decisions import Decision, NotDecided
from ventanilla.store.stray_lists import STRAYS, ListedStray
from ventanilla.store.tables import is_id
from ventanilla.store.tenancy import Work

LONGEST_NOTE: Final = 500


class StrayOrder(ListOrder):
    """How strays are sorted."""

    FOUND_AT_DESC = "FOUND_AT_DESC"
    FOUND_AT_ASC = "FOUND_AT_ASC"


class BookStrayReason(StrEnum):
    """Why nothing is booked."""

    NOT_FOUND = "NOT_FOUND"
    ALREADY_RESOLVED = "ALREADY_RESOLVED"
    NOT_BOOKABLE = "NOT_BOOKABLE"


class RefundStrayReason(StrEnum):
    """Why nothing goes back."""

    NOT_FOUND = "NOT_FOUND"
    ALREADY_RESOLVED = "ALREADY_RESOLVED"
    NOT_REFUNDABLE = "NOT_REFUNDABLE"
    REFUND_NOT_SUPPORTED = "REFUND_NOT_SUPPORTED"
    PARTIAL_NOT_SUPPORTED = "PARTIAL_NOT_SUPPORTED"


class DismissStrayReason(StrEnum):
    """Why it is open yet."""

    NOT_FOUND = "NOT_FOUND"
    ALREADY_RESOLVED = "ALREADY_RESOLVED"


_MESSAGES: Final[Mapping[NotDecided, Mapping[str, str]]] = {
    NotDecided.NOT_FOUND: {
        "en": "There is no such stray payment.",
        "es": "No existe ese pago por revisar.",
        "pl": "Nie ma takiej wpłaty do wyjaśnienia.",
    },
    NotDecided.ALREADY_RESOLVED: {
        "en": "Somebody has dealt with this already.",
        "es": "Alguien ya se ocupó de esto.",
        "pl": "Ktoś już się tym zajął.",
    },
    NotDecided.NOT_BOOKABLE: {
        "en": "There is nothing here that the back office could be told of. Give the money back, or book it there by"
        " hand and dismiss this.",
        "es": "No hay nada que se pueda registrar en el sistema de gestión. Devuelva el dinero, o regístrelo allí a"
        " mano y descarte este aviso.",
        "pl": "Nie ma tu niczego, co można przekazać do systemu biura. Prosimy zwrócić pieniądze albo zaksięgować je"
        " tam ręcznie i odrzucić to zgłoszenie.",
    },
    NotDecided.NOT_REFUNDABLE: {
        "en": "Nothing of this can be given back: it is no money that came, or all of it goes back already.",
        "es": "De esto no se puede devolver nada: no es dinero que haya entrado, o ya se está devolviendo todo.",
        "pl": "Nie ma tu czego zwracać: to nie jest wpłata albo całość już wraca.",
    },
    NotDecided.REFUND_NOT_SUPPORTED: NOT_SUPPORTED,
    NotDecided.PARTIAL_NOT_SUPPORTED: PARTIAL_NOT_SUPPORTED,
}


class ChosenStray(Record):
    """Which stray is meant."""

    id: str


class StrayRefund(Record):
    """Which stray is given back, and why."""

    id: str
    reason: str


class StrayDismissal(Record):
    """Which stray was dealt with elsewhere, and how."""

    id: str
    note: str


class DecidedStray(Record):
    """What came of a decision."""

    stray: ListedStray | None = None
    user_errors: Sequence[Refusal] = ()


async def _listed(
    context: Context,
    _method: str,
    desks: Sequence[Desk],
    where: MomentFilter,
    order: StrayOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[ListedStray]]]:
    """A part of the manager's strays, whole: there are few columns."""
    found = await listing.part(context.services.store, context.manager.slug, STRAYS, order, view, where=where)
    return [found] * len(desks)


_parts = connections.parts(
    connections.Source("strays", _listed, STRAYS.position), StrayOrder.FOUND_AT_DESC, MomentFilter()
)


@batch(scope=Scope.STAFF)
async def of_desks(
    context: Context,
    desks: Sequence[Desk],
    *,
    state: StrayState | None = None,
    kinds: Sequence[StrayKind] | None = None,
    reference: str | None = None,
    **page: Any,
) -> Sequence[Answer[Connection[ListedStray]]]:
    """A part of the money that does not fit."""
    where = MomentFilter(equal=(("state", state), ("reference", reference)), among=(("kind", tuple(kinds or ())),))
    return await _parts(context, desks, where=where, **page)


@batch(scope=Scope.STAFF)
async def by_id(context: Context, desks: Sequence[Desk], *, id: str) -> list[ListedStray | None]:
    """One stray, or None."""
    return [await _found(context, id)] * len(desks)


@call(scope=Scope.STAFF_ADMIN)
async def book(context: Context, *, which: ChosenStray) -> DecidedStray:
    """Let the office be told of it as it came."""

    async def act(work: Work) -> Decision | NotDecided:
        return await stray_decisions.book(work, which.id, by=context.person_id, now=context.now)

    return await _decided(context, which.id, act, BookStrayReason, AuditKind.STRAY_BOOKED)


@call(scope=Scope.STAFF_ADMIN)
async def refund(context: Context, *, which: StrayRefund) -> DecidedStray:
    """Give back what is left of it."""
    reason = one_line("reason", which.reason, LONGEST_REASON)

    async def act(work: Work) -> Decision | NotDecided:
        can = ability(context)
        return await stray_decisions.refund(work, which.id, can, reason, by=context.person_id, now=context.now)

    return await _decided(context, which.id, act, RefundStrayReason, AuditKind.STRAY_REFUNDED)


@call(scope=Scope.STAFF_ADMIN)
async def dismiss(context: Context, *, which: StrayDismissal) -> DecidedStray:
    """Take it that it was dealt with elsewhere."""
    said = one_line("note", which.note, LONGEST_NOTE)

    async def act(work: Work) -> Decision | NotDecided:
        return await stray_decisions.dismiss(work, which.id, said, by=context.person_id, now=context.now)

    return await _decided(context, which.id, act, DismissStrayReason, AuditKind.STRAY_DISMISSED)


async def _decided(
    context: Context,
    stray_id: str,
    act: Callable[[Work], Awaitable[Decision | NotDecided]],
    reasons: type[StrEnum],
    kind: AuditKind,
) -> DecidedStray:
    """Do what was decided, and write down who did."""
    outcome: Decision | NotDecided = NotDecided.NOT_FOUND
    if is_id(stray_id):
        async with context.services.store.work(context.manager.slug) as work:
            outcome = await act(work)
            if isinstance(outcome, Decision):
                await _note(context, work, outcome, kind)
    if isinstance(outcome, NotDecided):
        field = "id" if outcome is NotDecided.NOT_FOUND else None
        return DecidedStray(user_errors=[refused(reasons(outcome.value), _MESSAGES[outcome], context.language, field)])
    context.services.wake_worker()
    return DecidedStray(stray=await _found(context, stray_id))


async def _note(context: Context, work: Work, decision: Decision, kind: AuditKind) -> None:
    stray, checkout = decision.stray, decision.checkout
    amount = Money(stray.amount_minor, stray.currency)
    told = {"reference": stray.reference, "amount": amount.amount, "currency": amount.currency, "kind": stray.kind}
    account = (checkout.office, checkout.account_key) if checkout else None
    # Of money that is nobody's account's who did it can read, and nobody else.
    person = None if account else context.person_id
    await note(work, kind, context.now, actor_id=context.person_id, person_id=person, account=account, told=told)


async def _found(context: Context, stray_id: str) -> ListedStray | None:
    if not is_id(stray_id):
        return None
    found = await listing.among(context.services.store, context.manager.slug, STRAYS, "id", [stray_id])
    return found[0] if found else None
