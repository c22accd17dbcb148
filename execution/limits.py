"""Limits: what a document may ask for, measured before it is validated, in time linear in its length.

A fragment is measured once and its figures are used at each spread, so fragments that double at every level cost
nothing extra: they are counted, not expanded. Numbers stop growing at `MOST`, far above every limit. A document need
not be valid yet: what the schema does not know counts as one plain field, and fragments that spread each other in a
circle, which validation refuses, are cut where the circle closes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
)

MOST: Final = 10**9
"""Where counting stops."""


class LimitError(Exception):
    """The document asks for more than one request may; the message says which limit, and what it was."""

    def __init__(self, name: str, limit: int, found: int) -> None:
        shown = f"more than {MOST}" if found >= MOST else str(found)
        super().__init__(f"The document has {shown} {name}; one request may have {limit}. Ask for less at once.")
        self.name = name


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one document may hold. Introspection is exempt from depth: tools ask for it 15 levels deep."""

    operations: int = 5
    name: int = 128
    """Characters of a response name or a label: it stands before every row, and in the path of every error."""
    depth: int = 12
    """Levels of fields, the root's being the first."""
    fields: int = 500
    """Of one operation, after its fragments are put in place."""
    aliases: int = 30
    directives: int = 50
    mutations: int = 5
    """Root fields of a mutation."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection set amounts to, its fragments put in place."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    roots: int = 0
    name: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            max(self.depth, other.depth),
            min(self.fields + other.fields, MOST),
            min(self.aliases + other.aliases, MOST),
            min(self.directives + other.directives, MOST),
            min(self.roots + other.roots, MOST),
            max(self.name, other.name),
        )


_NOTHING: Final = Size()


@dataclass(slots=True)
class _Measure:
    """One walk over one document."""

    fragments: Mapping[str, FragmentDefinitionNode]
    known: dict[str, Size] = field(default_factory=dict[str, Size])

    def selections(self, chosen: SelectionSetNode | None) -> Size:
        """What a selection set amounts to."""
        size = _NOTHING
        for node in chosen.selections if chosen else ():
            size = size + self._selection(node)
        return size

    def _selection(self, node: Any) -> Size:
        match node:
            case FieldNode():
                return self._field(node)
            case InlineFragmentNode():
                return self.selections(node.selection_set) + _directives(node)
            case FragmentSpreadNode():
                return self.fragment(node.name.value) + _directives(node)
            case _:
                return _NOTHING

    def _field(self, node: FieldNode) -> Size:
        below = self.selections(node.selection_set) + _directives(node)
        return Size(
            depth=0 if node.name.value.startswith("__") else below.depth + 1,
            fields=min(below.fields + 1, MOST),
            aliases=min(below.aliases + (node.alias is not None), MOST),
            directives=below.directives,
            roots=1,
            name=max(below.name, len((node.alias or node.name).value)),
        )

    def fragment(self, name: str) -> Size:
        """What a fragment amounts to; nothing if there is none of that name."""
        found = self.known.get(name)
        if found is None:
            self.known[name] = _NOTHING  # a circle is cut here
            definition = self.fragments.get(name)
            found = self.selections(definition.selection_set) + _directives(definition) if definition else _NOTHING
            self.known[name] = found
        return found


def _directives(node: Any) -> Size:
    """The directives of a node, and the longest text among their arguments: a label stands in the answer."""
    texts = [
        argument.value.value
        for directive in node.directives or ()
        for argument in directive.arguments or ()
        if isinstance(argument.value, StringValueNode)
    ]
    return Size(directives=len(node.directives or ()), name=max(map(len, texts), default=0))


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The fragments that `document` defines, by name."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}


def check(document: DocumentNode, limits: Limits) -> None:
    """Raise `LimitError` for the first limit that `document`, or an operation or fragment of it, exceeds.

    Fragments that no operation spreads are measured too: validation looks at them all the same.
    """
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    _within("operations", len(operations), limits.operations)
    measure = _Measure(fragments_of(document))
    for operation in operations:
        size = measure.selections(operation.selection_set) + _directives(operation)
        _all_within(size, limits)
        if operation.operation is OperationType.MUTATION:
            _within("mutations", size.roots, limits.mutations)
    for name in measure.fragments.keys() - measure.known.keys():
        _all_within(measure.fragment(name), limits)


def _all_within(size: Size, limits: Limits) -> None:
    for name in ("depth", "fields", "aliases", "directives", "name"):
        _within(_WORDS[name], getattr(size, name), getattr(limits, name))


_WORDS: Final = {each.name: each.name for each in fields(Size)} | {"depth": "levels", "name": "characters in a name"}


def _within(name: str, found: int, limit: int) -> None:
    if found > limit:
        raise LimitError(name, limit, found)
