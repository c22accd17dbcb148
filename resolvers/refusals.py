"""Business refusals: what a mutation answers, as data, when it does not do what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from ventanilla.backoffice_adapters.records import Record

_SIGN_IN_ANEW: Final[Mapping[str, str]] = {
    "en": "Sign in once more first: it was more than fifteen minutes ago.",
    "es": "Primero ingrese de nuevo: pasaron más de quince minutos desde la última vez.",
    "pl": "Najpierw prosimy zalogować się ponownie: od ostatniego logowania minęło ponad piętnaście minut.",
}


class Param(Record):
    """A number or name that belongs to a refusal."""

    key: str
    value: str


class Refusal(Record):
    """Why a mutation did nothing. `reason` is a value of the mutation's own enum; `code` is its name."""

    reason: StrEnum
    message: str
    path: tuple[str, ...] | None = None
    retryable: bool = False
    params: tuple[Param, ...] = ()

    @property
    def code(self) -> str:
        """The name of the reason."""
        return self.reason.value


def refused(
    reason: StrEnum,
    texts: Mapping[str, str],
    language: str,
    field: str | None = None,
    *,
    retryable: bool = False,
    params: Mapping[str, str] | None = None,
) -> Refusal:
    """A refusal in the caller's language, of the input's `field` where it is that of one, with `params` by name.

    A field that lies deeper is written with dots: ``items.2.invoiceId``.
    """
    return Refusal(
        reason=reason,
        message=spoken(texts, language),
        path=tuple(field.split(".")) if field else None,
        retryable=retryable,
        params=tuple(Param(key=key, value=value) for key, value in (params or {}).items()),
    )


def sign_in_anew(reason: StrEnum, language: str, field: str | None = None) -> Refusal:
    """The refusal of what only somebody may do who has just signed in."""
    return refused(reason, _SIGN_IN_ANEW, language, field, retryable=True)


def wait(seconds: int | None) -> Mapping[str, str]:
    """What a refusal tells of when to come back, if that is known."""
    return {} if seconds is None else {"retryAfterSeconds": str(seconds)}


def spoken(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in English, which every text has."""
    return texts.get(language.partition("-")[0], texts["en"])
