"""Leaves: scalars and enums on their way out, by exactly graphql-core's rules, most of them without a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, Flag
from types import NoneType
from typing import Any, Final

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)

from ventanilla.execution.fields import iso

Complete = Callable[[Any], Any]
_Coerce = Callable[[Any], Any]


class OddError(Exception):
    """Something that the quick way does not know: a null where none may be, an exception, a value of a wrong type."""


NOT_VALUES: Final = (Exception, type(Undefined))
"""What is never a value, wherever it stands."""
_MOST_TYPES: Final = 10_000
"""How many types are remembered: far more than any program has, unless it makes them as it goes."""


class _GoodTypes(dict[type, None]):
    """The types of objects that were met and are values: looking one up is all that most of them cost."""

    def __missing__(self, kind: type) -> None:
        if issubclass(kind, (*NOT_VALUES, NoneType)):
            raise OddError
        if len(self) < _MOST_TYPES:
            self[kind] = None


GOOD_TYPES: Final = _GoodTypes()
"""Looked up by the type of an object; raises `OddError` for a null, an exception, and what is no value."""

_UNLESS: Final[dict[_Coerce, str]] = {
    GraphQLString.coerce_output_value: "type({x}) is not str",
    GraphQLID.coerce_output_value: "type({x}) is not str",
    GraphQLInt.coerce_output_value: "type({x}) is not int or not -2147483648 <= {x} <= 2147483647",
    GraphQLFloat.coerce_output_value: "type({x}) is not float or {x} - {x} != 0.0",
    GraphQLBoolean.coerce_output_value: "{x} is not True and {x} is not False",
    str: "type({x}) is not str",
    iso: "type({x}) is not date",
}
"""By output coercion: when a value is not written as it stands. Only a finite number less itself is zero. A date stays
one: what encodes the answer writes it as `iso` does."""
_PROOFS: Final[dict[_Coerce, str]] = {
    GraphQLString.coerce_output_value: "str",
    GraphQLID.coerce_output_value: "str",
    str: "str",
    iso: "iso",
}
"""By output coercion: what proves that the value of a row is written as it stands (`Shape.leaf`)."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """How the values of one leaf type are completed.

    `unless` is the condition on ``{x}`` under which a value has to be coerced, None if every value has to be. `names`
    are those of the enum's values known so far. `or_null` and `strict` complete one value, or raise for what the exact
    way has to look at; null is such a thing to `strict`. `proof` is what proves that a row's value is complete.
    """

    unless: str | None
    names: dict[Any, str] | None
    or_null: Complete
    strict: Complete
    proof: str | None

    def is_proven(self, proof: str, *, strict: bool) -> bool:
        """Whether a value of which `proof` is told is written as it stands."""
        return self.proof is not None and (proof if strict else proof.rstrip("?")) == self.proof


class Leaves(dict[GraphQLLeafType, Leaf]):
    """The leaf types of one schema, each looked at once."""

    def __missing__(self, kind: GraphQLLeafType) -> Leaf:
        return self.setdefault(kind, _leaf_of(kind))


def _leaf_of(kind: GraphQLLeafType) -> Leaf:
    coerce: _Coerce = kind.coerce_output_value
    names: dict[Any, str] | None = {} if isinstance(kind, GraphQLEnumType) else None
    if names is not None:
        coerce = _remembering(coerce, names)
    or_null, strict = _completed(coerce, strict=False), _completed(coerce, strict=True)
    return Leaf(_UNLESS.get(coerce), names, or_null, strict, _PROOFS.get(coerce))


def _remembering(coerce: _Coerce, names: dict[Any, str]) -> _Coerce:
    """`coerce` that keeps the names of an enum's members, of which there are only so many."""

    def coerced(value: Any) -> Any:
        name = coerce(value)
        if isinstance(value, Enum) and not isinstance(value, Flag):
            names[value] = name
        return name

    return coerced


def _completed(coerce: _Coerce, *, strict: bool) -> Complete:
    def complete(value: Any) -> Any:
        if value is None or value is Undefined:
            if strict:
                raise OddError
            return None
        if isinstance(value, Exception):
            raise OddError
        completed = coerce(value)
        if completed is None or completed is Undefined:
            raise OddError
        return completed

    return complete
