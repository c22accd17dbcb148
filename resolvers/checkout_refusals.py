"""What the refusals of paying say, in words: by the name of the reason, which several mutations share."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from ventanilla.resolvers.context import Context
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.store.checkout_commits import Against

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "EMPTY": {
        "en": "Choose at least one invoice.",
        "es": "Elija al menos una factura.",
        "pl": "Prosimy wybrać co najmniej jedną fakturę.",
    },
    "DUPLICATE_ITEM": {
        "en": "This invoice stands there twice.",
        "es": "Esta factura está repetida.",
        "pl": "Ta faktura jest wskazana dwa razy.",
    },
    "NOT_FOUND": {
        "en": "There is nothing like that of yours. Begin anew.",
        "es": "No tiene nada así. Empiece de nuevo.",
        "pl": "Nie ma nic takiego na Państwa kontach. Prosimy zacząć od nowa.",
    },
    "INVOICE_NOT_PAYABLE": {
        "en": "This invoice cannot be paid now: it is paid, withdrawn, part of a payment plan, or gives money back.",
        "es": "Esta factura no se puede pagar ahora: está paga, anulada, en un plan de pagos o es a su favor.",
        "pl": "Tej faktury nie można teraz opłacić: jest opłacona, anulowana, rozłożona na raty lub zwraca pieniądze.",
    },
    "NOTHING_OPEN": {
        "en": "Nothing is left to pay of this invoice.",
        "es": "No queda nada por pagar de esta factura.",
        "pl": "Z tej faktury nie pozostało nic do zapłaty.",
    },
    "ACCOUNT_MISMATCH": {
        "en": "This invoice belongs to another account: pay the accounts one by one.",
        "es": "Esta factura es de otra cuenta: pague las cuentas de a una.",
        "pl": "Ta faktura należy do innego konta: prosimy płacić za każde konto osobno.",
    },
    "PAYEE_MISMATCH": {
        "en": "This invoice is kept in other books than the first: pay them separately.",
        "es": "Esta factura se lleva en otros libros que la primera: páguelas por separado.",
        "pl": "Ta faktura jest w innych księgach niż pierwsza: prosimy zapłacić je osobno.",
    },
    "CURRENCY_MISMATCH": {
        "en": "This invoice is in another currency than the first: pay them separately.",
        "es": "Esta factura está en otra moneda que la primera: páguelas por separado.",
        "pl": "Ta faktura jest w innej walucie niż pierwsza: prosimy zapłacić je osobno.",
    },
    "PAYMENT_IN_PROGRESS": {
        "en": "This is being paid at this moment, or was paid and is not booked yet. Wait a little.",
        "es": "Esto se está pagando en este momento, o se pagó y aún no se registró. Espere un poco.",
        "pl": "To jest właśnie opłacane albo zostało opłacone i czeka na zaksięgowanie. Prosimy chwilę zaczekać.",
    },
    "PAYMENTS_NOT_OFFERED": {
        "en": "This cannot be paid through the portal. Pay as the invoice says.",
        "es": "Esto no se puede pagar por el portal. Pague como indica la factura.",
        "pl": "Tego nie można opłacić przez portal. Prosimy zapłacić tak, jak wskazano na fakturze.",
    },
    "AMOUNT_TOO_SMALL": {
        "en": "This is less than can be paid here: choose more.",
        "es": "Es menos de lo que se puede pagar aquí: elija más.",
        "pl": "To mniej, niż można tu zapłacić: prosimy wybrać więcej.",
    },
    "AMOUNT_TOO_LARGE": {
        "en": "This is more than can be paid here at once: choose less.",
        "es": "Es más de lo que se puede pagar aquí de una vez: elija menos.",
        "pl": "To więcej, niż można tu zapłacić naraz: prosimy wybrać mniej.",
    },
    "QUOTE_EXPIRED": {
        "en": "These amounts are not valid any more. Ask for them anew.",
        "es": "Estos importes ya no son válidos. Pídalos de nuevo.",
        "pl": "Te kwoty są już nieaktualne. Prosimy pobrać je ponownie.",
    },
    "QUOTE_USED": {
        "en": "This was confirmed already.",
        "es": "Esto ya fue confirmado.",
        "pl": "To zostało już potwierdzone.",
    },
    "AMOUNT_CHANGED": {
        "en": "What is to be paid has changed. Look at it again before you confirm.",
        "es": "El importe cambió. Revíselo antes de confirmar.",
        "pl": "Kwota do zapłaty się zmieniła. Prosimy sprawdzić ją przed potwierdzeniem.",
    },
    "RETURN_URL_NOT_ALLOWED": {
        "en": "People cannot be sent back there: name one of the paths of this portal that are registered for it.",
        "es": "No se puede volver a esa dirección: indique una de las rutas de este portal registradas para ello.",
        "pl": "Pod ten adres nie można wrócić: prosimy wskazać jedną z zarejestrowanych ścieżek tego portalu.",
    },
    "IDEMPOTENCY_CONFLICT": {
        "en": "This key was used for something else. Take a new one.",
        "es": "Esta clave ya se usó para otra cosa. Use una nueva.",
        "pl": "Tego klucza użyto do czegoś innego. Prosimy użyć nowego.",
    },
    "PLATFORM_UNAVAILABLE": {
        "en": "The payment service does not answer. Try again: nothing is paid twice.",
        "es": "El servicio de pagos no responde. Intente de nuevo: nada se paga dos veces.",
        "pl": "Serwis płatności nie odpowiada. Prosimy spróbować ponownie: nic nie zostanie zapłacone dwa razy.",
    },
    "PLATFORM_REFUSED": {
        "en": "The payment service does not take this payment. Pay as the invoice says.",
        "es": "El servicio de pagos no acepta este pago. Pague como indica la factura.",
        "pl": "Serwis płatności nie przyjmuje tej płatności. Prosimy zapłacić tak, jak wskazano na fakturze.",
    },
    "INVALID_STATE": {
        "en": "This has ended, and cannot be cancelled any more.",
        "es": "Esto ya terminó y no se puede cancelar.",
        "pl": "To już się zakończyło i nie można tego anulować.",
    },
    "PAYMENT_UNDER_WAY": {
        "en": "It may be paid at this moment, so it cannot be cancelled. It ends by itself if nobody pays.",
        "es": "Puede estar pagándose, por eso no se puede cancelar. Termina solo si nadie paga.",
        "pl": "Płatność może być w toku, więc nie można jej anulować. Jeśli nikt nie zapłaci, zakończy się sama.",
    },
}


def told(
    context: Context,
    reason: StrEnum,
    field: str | None = None,
    *,
    retryable: bool = False,
    params: Mapping[str, str] | None = None,
) -> Refusal:
    """The refusal of a mutation about paying, in the caller's language; see `refused`."""
    return refused(reason, _WORDS[reason.value], context.language, field, retryable=retryable, params=params)


def of_other(context: Context, reason: StrEnum, field: str, other: Against) -> Refusal:
    """The refusal because of another checkout, which is named if it is the viewer's own."""
    own = other.checkout_id if other.person_id == context.person_id else None
    passes = reason.value == "PAYMENT_IN_PROGRESS"
    return told(context, reason, field, retryable=passes, params={"checkoutId": own} if own else None)
