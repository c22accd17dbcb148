"""Letting a batch of access leave, what of it is cancelled, and what is tried once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from ventanilla.auth import access_sending
from ventanilla.auth.access_batches import AccessBatch
from ventanilla.auth.access_sending import NotSent
from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.access_batches import found
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused


class SendAccessReason(StrEnum):
    """Why nothing was let leave."""

    NOT_FOUND = "NOT_FOUND"
    NOT_GENERATED = "NOT_GENERATED"
    ALREADY_SENT = "ALREADY_SENT"
    CANCELLED = "CANCELLED"
    NOBODY_INVITED = "NOBODY_INVITED"
    ALREADY_RUNNING = "ALREADY_RUNNING"


class CancelAccessReason(StrEnum):
    """Why nothing was cancelled."""

    NOT_FOUND = "NOT_FOUND"
    NOTHING_PENDING = "NOTHING_PENDING"


class RetryAccessReason(StrEnum):
    """Why nothing is tried once more."""

    NOT_FOUND = "NOT_FOUND"
    NOTHING_FAILED = "NOTHING_FAILED"
    CANCELLED = "CANCELLED"
    ALREADY_RUNNING = "ALREADY_RUNNING"


_MESSAGES: Final[Mapping[NotSent, Mapping[str, str]]] = {
    NotSent.NOT_FOUND: {
        "en": "There is no such run of invitations.",
        "es": "No existe ese envío de invitaciones.",
        "pl": "Nie ma takiej wysyłki zaproszeń.",
    },
    NotSent.NOT_GENERATED: {
        "en": "These invitations are not ready yet, or could not be made.",
        "es": "Estas invitaciones todavía no están listas, o no se pudieron generar.",
        "pl": "Te zaproszenia nie są jeszcze gotowe albo nie udało się ich przygotować.",
    },
    NotSent.ALREADY_SENT: {
        "en": "These invitations were sent already.",
        "es": "Estas invitaciones ya se enviaron.",
        "pl": "Te zaproszenia zostały już wysłane.",
    },
    NotSent.CANCELLED: {
        "en": "These invitations were cancelled. Ask for new ones.",
        "es": "Estas invitaciones se cancelaron. Pida otras.",
        "pl": "Te zaproszenia anulowano. Prosimy przygotować nowe.",
    },
    NotSent.NOBODY_INVITED: {
        "en": "Nobody of these can be sent anything: look at why.",
        "es": "A ninguna de estas personas se le puede enviar nada: vea por qué.",
        "pl": "Do żadnej z tych osób nie można nic wysłać: prosimy sprawdzić, dlaczego.",
    },
    NotSent.ALREADY_RUNNING: {
        "en": "Other invitations are under way. Wait until they have left, or cancel them.",
        "es": "Hay otras invitaciones en curso. Espere a que salgan, o cancélelas.",
        "pl": "Trwa wysyłanie innych zaproszeń. Prosimy zaczekać, aż wyjdą, albo je anulować.",
    },
    NotSent.NOTHING_PENDING: {
        "en": "None of these invitations waits any more.",
        "es": "Ninguna de estas invitaciones está en espera.",
        "pl": "Żadne z tych zaproszeń już nie czeka.",
    },
    NotSent.NOTHING_FAILED: {
        "en": "None of these invitations failed.",
        "es": "Ninguna de estas invitaciones falló.",
        "pl": "Żadne z tych zaproszeń nie zawiodło.",
    },
}


class ChosenBatch(Record):
    """Which batch is meant."""

    batch_id: str


class SentAccess(Record):
    """What came of letting a batch leave."""

    batch: AccessBatch | None = None
    user_errors: Sequence[Refusal] = ()


class CancelledAccess(Record):
    """What came of a cancellation: true at the moment of the answer."""

    batch: AccessBatch | None = None
    cancelled_count: int = 0
    in_flight_count: int = 0
    user_errors: Sequence[Refusal] = ()


class RetriedAccess(Record):
    """What came of trying once more."""

    batch: AccessBatch | None = None
    retried_count: int = 0
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.STAFF_ADMIN)
async def send(context: Context, *, which: ChosenBatch) -> SentAccess:
    """Let the invitations of a batch leave, lot by lot."""
    async with context.services.store.work(context.manager.slug) as work:
        outcome = await access_sending.send(
            work,
            context.manager,
            which.batch_id,
            actor_id=context.person_id,
            caller=context.caller,
            now=context.now,
        )
    if isinstance(outcome, NotSent):
        return SentAccess(user_errors=[_refusal(context, SendAccessReason(outcome.value), outcome)])
    context.services.wake_worker()
    return SentAccess(batch=await found(context, which.batch_id))


@call(scope=Scope.STAFF_ADMIN)
async def cancel(context: Context, *, which: ChosenBatch) -> CancelledAccess:
    """Cancel what of a batch has not left: nothing of it leaves after the answer but what it names in flight."""
    async with context.services.store.work(context.manager.slug) as work:
        outcome = await access_sending.cancel_pending(work, which.batch_id, actor_id=context.person_id, now=context.now)
    if isinstance(outcome, NotSent):
        return CancelledAccess(user_errors=[_refusal(context, CancelAccessReason(outcome.value), outcome)])
    return CancelledAccess(
        batch=await found(context, which.batch_id),
        cancelled_count=outcome.cancelled,
        in_flight_count=outcome.in_flight,
    )


@call(scope=Scope.STAFF_ADMIN)
async def retry(context: Context, *, which: ChosenBatch) -> RetriedAccess:
    """Let the letters of a batch that were given up leave once more."""
    async with context.services.store.work(context.manager.slug) as work:
        outcome = await access_sending.retry_failed(
            work, context.manager, which.batch_id, actor_id=context.person_id, now=context.now
        )
    if isinstance(outcome, NotSent):
        return RetriedAccess(user_errors=[_refusal(context, RetryAccessReason(outcome.value), outcome)])
    context.services.wake_worker()
    return RetriedAccess(batch=await found(context, which.batch_id), retried_count=outcome)


def _refusal(context: Context, reason: StrEnum, why: NotSent) -> Refusal:
    passes = why in (NotSent.NOT_GENERATED, NotSent.ALREADY_RUNNING)
    return refused(reason, _MESSAGES[why], context.language, "batchId", retryable=passes)
