"""Refunds: staff let money of a checkout go back; a worker asks the platform, and tells the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from ventanilla.auth.audit import AuditKind, note
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.plugins import RegistryError
from ventanilla.backoffice_adapters.records import Record
from ventanilla.payments.contract import Capability
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.store import listing, refund_requests
from ventanilla.store.payment_lists import RETURNS, ListedReturn
from ventanilla.store.refund_requests import Against, NotRequested, RefundAbility, RefundRequest, Requested
from ventanilla.store.tables import is_id
from ventanilla.store.tenancy import Work

LONGEST_REASON: Final = 200
_LONGEST_KEY: Final = 200


class RefundPaymentReason(StrEnum):
    """Why nothing goes back."""

    NOT_FOUND = "NOT_FOUND"
    NOT_PAID = "NOT_PAID"
    AMOUNT_INVALID = "AMOUNT_INVALID"
    AMOUNT_TOO_LARGE = "AMOUNT_TOO_LARGE"
    REFUND_NOT_SUPPORTED = "REFUND_NOT_SUPPORTED"
    PARTIAL_NOT_SUPPORTED = "PARTIAL_NOT_SUPPORTED"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"


NOT_SUPPORTED: Final[Mapping[str, str]] = {
    "en": "This platform takes no refunds from here. Give the money back in its own panel; the portal learns of it.",
    "es": "Esta plataforma no acepta reembolsos desde aquí. Devuelva el dinero en su propio panel; el portal lo sabrá.",
    "pl": "Ta platforma nie przyjmuje zwrotów stąd. Prosimy zwrócić pieniądze w jej panelu; portal się o tym dowie.",
}
PARTIAL_NOT_SUPPORTED: Final[Mapping[str, str]] = {
    "en": "This platform gives back a whole payment or nothing. Leave the amount out, or use the platform's own panel.",
    "es": "Esta plataforma devuelve el pago entero o nada. Omita el importe, o use el panel de la plataforma.",
    "pl": "Ta platforma zwraca całą wpłatę albo nic. Prosimy nie podawać kwoty lub użyć panelu platformy.",
}
_MESSAGES: Final[Mapping[NotRequested, Mapping[str, str]]] = {
    NotRequested.NOT_FOUND: {
        "en": "There is no such checkout.",
        "es": "No existe ese pago.",
        "pl": "Nie ma takiej płatności.",
    },
    NotRequested.NOT_PAID: {
        "en": "Nothing was paid for this that could be given back. What did not fit is among the stray payments.",
        "es": "No hay nada pagado que se pueda devolver. Lo que no cuadró está entre los pagos por revisar.",
        "pl": "Nie ma wpłaty, którą można zwrócić. To, co się nie zgadzało, jest wśród wpłat do wyjaśnienia.",
    },
    NotRequested.AMOUNT_INVALID: {
        "en": "The amount has to be positive, with no more decimals than the currency has.",
        "es": "El importe debe ser positivo y no tener más decimales que la moneda.",
        "pl": "Kwota musi być dodatnia i nie może mieć więcej miejsc po przecinku niż waluta.",
    },
    NotRequested.AMOUNT_TOO_LARGE: {
        "en": "That is more than is left of the payment.",
        "es": "Es más de lo que queda del pago.",
        "pl": "To więcej, niż zostało z wpłaty.",
    },
    NotRequested.REFUND_NOT_SUPPORTED: NOT_SUPPORTED,
    NotRequested.PARTIAL_NOT_SUPPORTED: PARTIAL_NOT_SUPPORTED,
    NotRequested.IDEMPOTENCY_CONFLICT: {
        "en": "This key was used for something else. Take a new one.",
        "es": "Esta clave ya se usó para otra cosa. Use una nueva.",
        "pl": "Tego klucza użyto do czegoś innego. Prosimy użyć nowego.",
    },
}
_FIELDS: Final = {
    NotRequested.NOT_FOUND: "checkoutId",
    NotRequested.NOT_PAID: "checkoutId",
    NotRequested.AMOUNT_INVALID: "amount",
    NotRequested.AMOUNT_TOO_LARGE: "amount",
    NotRequested.PARTIAL_NOT_SUPPORTED: "amount",
    NotRequested.IDEMPOTENCY_CONFLICT: "idempotencyKey",
}


class Refund(Record):
    """What is to be given back, and why."""

    checkout_id: str
    reason: str
    idempotency_key: str
    amount: str | None = None
    """A plain decimal."""


class RequestedRefund(Record):
    """What came of wanting to give money back."""

    refund: ListedReturn | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.STAFF_ADMIN)
async def refund(context: Context, *, what: Refund) -> RequestedRefund:
    """Let money of a checkout go back, all that is left unless an amount is named; the same key does it once."""
    if not 0 < len(what.idempotency_key) <= _LONGEST_KEY:
        raise invalid_argument(f"`idempotencyKey` has from 1 to {_LONGEST_KEY} characters.")
    wanted = RefundRequest(
        checkout_id=what.checkout_id,
        amount=what.amount,
        reason=one_line("reason", what.reason, LONGEST_REASON),
        person_id=context.person_id,
        key=what.idempotency_key,
    )
    if not is_id(wanted.checkout_id):
        return RequestedRefund(user_errors=[_refusal(context, Against(reason=NotRequested.NOT_FOUND))])
    async with context.services.store.work(context.manager.slug) as work:
        outcome = await refund_requests.request(work, wanted, ability(context), context.now)
        if not isinstance(outcome, Against) and not outcome.again:
            await _note(context, work, outcome)
    if isinstance(outcome, Against):
        return RequestedRefund(user_errors=[_refusal(context, outcome)])
    context.services.wake_worker()
    return RequestedRefund(refund=await _found(context, outcome.row.id))


def ability(context: Context) -> RefundAbility:
    """What the manager's platform can give back when it is asked to."""
    choice = context.manager.payments
    if choice is None:
        return RefundAbility(platform=None)
    try:
        capabilities = context.services.platforms.manifest(choice.platform).capabilities
    except RegistryError:  # it is installed no more, so nothing can be asked of it
        return RefundAbility(platform=None)
    return RefundAbility(
        platform=choice.platform,
        whole=Capability.REFUND in capabilities,
        part=Capability.PARTIAL_REFUND in capabilities,
    )


def one_line(field: str, text: str, longest: int) -> str:
    """What somebody wrote, as one line; a `Problem` for one that is empty, too long, or not to be shown."""
    line = " ".join(text.split())
    if not 0 < len(line) <= longest or not line.isprintable():
        raise invalid_argument(f"`{field}` is a line of 1 to {longest} characters.")
    return line


async def _found(context: Context, return_id: str) -> ListedReturn:
    (found,) = await listing.among(context.services.store, context.manager.slug, RETURNS, "id", [return_id])
    return found


async def _note(context: Context, work: Work, done: Requested) -> None:
    """Write down who let how much go back."""
    checkout = done.checkout
    amount = Money(done.row.amount_minor, checkout.currency)
    await note(
        work,
        AuditKind.REFUND_ASKED,
        context.now,
        actor_id=context.person_id,
        account=(checkout.office, checkout.account_key),
        told={"reference": checkout.reference, "amount": amount.amount, "currency": amount.currency},
    )


def _refusal(context: Context, against: Against) -> Refusal:
    reason = against.reason
    params = {"left": against.left.amount, "currency": against.left.currency} if against.left else {}
    return refused(
        RefundPaymentReason(reason.value), _MESSAGES[reason], context.language, _FIELDS.get(reason), params=params
    )
