"""The types of graphql-core, asked in ways whose answers are typed: its own leave their generics open."""

from __future__ import annotations

from typing import Any, cast

import graphql
from graphql import GraphQLField, GraphQLNamedType

_core = cast("Any", graphql)


def type_of(field: GraphQLField | None) -> Any:
    """The type of a field that there is."""
    return cast("Any", field).type


def named_type(field: GraphQLField) -> GraphQLNamedType:
    """The type of a field without its lists and exclamation marks."""
    return _core.get_named_type(type_of(field))


def is_strict(kind: Any) -> bool:
    """Whether null is no value of `kind`."""
    return _core.is_non_null_type(kind)


def is_list(kind: Any) -> bool:
    """Whether the values of `kind`, which is not strict, are lists."""
    return _core.is_list_type(kind)


def is_leaf(kind: Any) -> bool:
    """Whether the values of `kind`, which is not strict, are scalars or of an enum."""
    return _core.is_leaf_type(kind)


def is_iterable(value: Any) -> bool:
    """Whether `value` can be a list of the answer: texts and mappings cannot."""
    return _core.pyutils.is_iterable(value)


def nullable(kind: Any) -> Any:
    """`kind` without its exclamation mark, if it has one."""
    return kind.of_type if is_strict(kind) else kind
