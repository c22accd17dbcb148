"""Filters as the command line takes them: ``status=OPEN,OVERDUE``, ``issuedFrom=2026-01-01``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ventanilla_export.nouns import Noun
from ventanilla_export.troubles import RefusedError


def where_of(noun: Noun, given: Sequence[str]) -> dict[str, Any]:
    """The filter as GraphQL takes it; which values there are, the portal knows."""
    where: dict[str, Any] = {}
    for text in given:
        key, sign, value = text.partition("=")
        if key not in noun.filters or not sign or not value:
            keys = ", ".join(f"{name}=…" for name in noun.filters)
            raise RefusedError(f"--filter {text!r} is none of {noun.name}. There are: {keys}")
        if noun.filters[key]:
            where.setdefault(key, []).extend(value.split(","))
        elif key in where:
            raise RefusedError(f"--filter {key}=… is given twice, and takes one value")
        else:
            where[key] = value
    return where
