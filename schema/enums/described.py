"""An enum of the records with the words that the schema has for it."""

from __future__ import annotations

from enum import Enum
from typing import cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition


class UndescribedValueError(Exception):
    """Every value of every enum says what it means."""


class Described:
    """An enum with its description and that of each of its values, by name."""

    def __init__(self, kind: type[Enum], description: str, **values: str) -> None:
        if set(values) != set(kind.__members__):
            msg = f"{kind.__name__}: describe exactly {sorted(kind.__members__)}"
            raise UndescribedValueError(msg)
        self.kind, self.description, self.values = kind, description, values

    def register(self) -> None:
        """Make it a GraphQL enum."""
        strawberry.enum(self.kind, description=self.description)
        definition = cast("StrawberryEnumDefinition", vars(self.kind)["__strawberry_definition__"])
        for value in definition.values:
            value.description = self.values[value.name]
