"""New passwords: what the policy says of one, in words, and a place in the line of those that are hashed."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from ventanilla.auth import passwords
from ventanilla.auth.passwords import MAX_LENGTH
from ventanilla.auth.policy import Violation
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import overloaded
from ventanilla.resolvers.refusals import Param, Refusal, spoken

_WORDS: Final[Mapping[Violation, Mapping[str, str]]] = {
    Violation.TOO_SHORT: {
        "en": "It needs at least {min} characters.",
        "es": "Debe tener al menos {min} caracteres.",
        "pl": "Powinno mieć co najmniej {min} znaków.",
    },
    Violation.TOO_LONG: {
        "en": "It may have at most {max} characters.",
        "es": "Puede tener como máximo {max} caracteres.",
        "pl": "Może mieć najwyżej {max} znaków.",
    },
    Violation.NO_DIGIT: {
        "en": "It needs a digit.",
        "es": "Debe contener un número.",
        "pl": "Powinno zawierać cyfrę.",
    },
    Violation.NO_SYMBOL: {
        "en": "It needs a character that is neither a letter nor a digit.",
        "es": "Debe contener un carácter que no sea letra ni número.",
        "pl": "Powinno zawierać znak, który nie jest literą ani cyfrą.",
    },
    Violation.NO_UPPER: {
        "en": "It needs a capital letter.",
        "es": "Debe contener una letra mayúscula.",
        "pl": "Powinno zawierać wielką literę.",
    },
    Violation.NO_LOWER: {
        "en": "It needs a small letter.",
        "es": "Debe contener una letra minúscula.",
        "pl": "Powinno zawierać małą literę.",
    },
    Violation.REFUSED: {
        "en": "It is one of those that everybody tries first.",
        "es": "Es una de las que cualquiera probaría primero.",
        "pl": "Należy do tych, które każdy sprawdza najpierw.",
    },
    Violation.PERSONAL: {
        "en": "It must not contain your name or your e-mail address.",
        "es": "No debe contener su nombre ni su correo electrónico.",
        "pl": "Nie może zawierać imienia, nazwiska ani adresu e-mail.",
    },
    Violation.REUSED: {
        "en": "You have, or had, this one already.",
        "es": "Es la que ya tiene o tuvo antes.",
        "pl": "To hasło jest lub było już używane.",
    },
}
_CHOOSE: Final[Mapping[str, str]] = {
    "en": "Choose another password.",
    "es": "Elija otra contraseña.",
    "pl": "Prosimy wybrać inne hasło.",
}


def against_policy(context: Context, reason: StrEnum, broken: Sequence[Violation], field: str) -> Refusal:
    """The refusal of the password in an input's `field`, with each rule that it breaks."""
    sentences = [spoken(_CHOOSE, context.language), *(_told(context, violation) for violation in broken)]
    return Refusal(
        reason=reason,
        message=" ".join(sentences),
        path=(field,),
        params=tuple(_params(context, broken)),
    )


def _told(context: Context, violation: Violation) -> str:
    least = context.manager.presentation.password_policy.min_length
    return spoken(_WORDS[violation], context.language).format(min=least, max=MAX_LENGTH)


def _params(context: Context, broken: Sequence[Violation]) -> Iterator[Param]:
    for violation in broken:
        yield Param(key="violation", value=violation.value)
    if Violation.TOO_SHORT in broken:
        yield Param(key="minLength", value=str(context.manager.presentation.password_policy.min_length))
    if Violation.TOO_LONG in broken:
        yield Param(key="maxLength", value=str(MAX_LENGTH))


@contextmanager
def in_line() -> Generator[None]:
    """Hold a place among those whose passwords are hashed; a `Problem` when all are taken."""
    try:
        with passwords.place_in_line():
            yield
    except passwords.BusyError:
        raise overloaded() from None
