"""What a plan is made of: selections, one for each set of fields of one object type, and their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from graphql import FieldNode, GraphQLAbstractType, GraphQLField, GraphQLObjectType
from graphql.execution.collect_fields import FieldDetails

from ventanilla.execution.fields import Batch, Call, Declaration, Shape
from ventanilla.execution.plan.leaves import Leaves
from ventanilla.execution.plan.types import is_list, is_strict, nullable, type_of

MakeRows = Callable[..., list[dict[str, Any]]]
"""`rows(parents, *columns)` makes the level's rows, or raises for anything out of the ordinary."""


def unwritten(*_columns: Any) -> list[dict[str, Any]]:
    """Stands for code that is not needed so far."""
    raise UnwrittenError


class UnwrittenError(Exception):
    """The rows of this selection are written into those of the level above."""


@dataclass(slots=True)
class Selection:
    """What is asked of the objects of one type at one place of the answer: a level once it runs."""

    kind: GraphQLObjectType
    leaves: Leaves
    """Of the schema."""
    fields: Sequence[Field]
    columns: Sequence[Field]
    """The fields whose values are found for all parents before the rows are made, in the order `rows` takes them."""
    awaits: bool
    """Whether anything here or below is awaited."""
    nested: int
    """How deep the blocks of its code are nested."""
    rows: MakeRows = unwritten
    source: str = ""
    """The text of `rows`."""
    shaped: dict[Shape, MakeRows] = field(default_factory=dict["Shape", MakeRows])
    """The same for parents that are rows, by their shape."""
    waiting: Sequence[int] = ()
    """The places of the columns that are awaited."""

    @property
    def is_plain(self) -> bool:
        """Whether its rows are made of nothing but attributes: they can be written into the code of the level above."""
        return not self.columns


@dataclass(slots=True)
class Kinds:
    """What is asked of objects whose types are known at run time only; a type's selection is made when it is met."""

    kind: GraphQLAbstractType
    make: Callable[[GraphQLObjectType], Selection]
    known: dict[str, Selection] = field(default_factory=dict[str, Selection])


@dataclass
class Field:
    """One response key of a selection. `definition` is None for ``__typename``, which its type tells."""

    key: str
    parent: GraphQLObjectType
    details: list[FieldDetails]
    definition: GraphQLField | None
    declared: Declaration | None
    below: Selection | Kinds | None
    is_gathered: bool
    """Whether the objects of all its values are a level of their own; if not, the parent's rows complete it."""
    read: Callable[[Any], Any] | None = None
    """Reads a property of one parent."""
    constant: dict[str, Any] | None = None
    """The arguments, where no variable takes part in them."""
    told: dict[str, Any] = field(default_factory=dict[str, Any])
    """What its function is told beside the arguments."""

    @property
    def nodes(self) -> list[FieldNode]:
        """Where it stands in the document."""
        return [each.node for each in self.details]

    @cached_property
    def is_asked(self) -> bool:
        """Whether a function is awaited for its values."""
        return isinstance(self.declared, Batch | Call)

    @property
    def is_column(self) -> bool:
        """Whether its values are found before the rows are made."""
        return self.definition is not None and (self.read is None or self.is_gathered)

    @cached_property
    def awaits(self) -> bool:
        """Whether finding or completing its values awaits anything; which types will be met is not known before."""
        below = self.below
        return self.is_asked or isinstance(below, Kinds) or (below is not None and below.awaits)

    @cached_property
    def form(self) -> Form:
        """How its values are nested."""
        kind = type_of(self.definition)
        inner = nullable(kind)
        item = nullable(inner.of_type) if is_list(inner) else None
        return Form(is_strict=is_strict(kind), is_list=item is not None, is_deeper=item is not None and is_list(item))


class Form(NamedTuple):
    """How the values of a field are nested."""

    is_strict: bool
    """Null is none of them."""
    is_list: bool
    is_deeper: bool
    """They are lists of lists."""


def sources(selections: Iterable[Selection]) -> Iterable[str]:
    """The code of `selections` and of all below them that has been written so far, a function each."""
    for selection in selections:
        yield selection.source
        for each in selection.columns:
            if isinstance(each.below, Kinds):
                yield from sources(each.below.known.values())
            elif each.below is not None and each.is_gathered:
                yield from sources([each.below])
