"""Business refusals: what a mutation answers, as data, when it does not do what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ventanilla.backoffice_adapters.records import Record


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


def spoken(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in English, which every text has."""
    return texts.get(language.partition("-")[0], texts["en"])
