"""The engine: a document, its variables and a context in; data and errors out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    execute,  # pyright: ignore[reportUnknownVariableType]  graphql-core leaves its context type open
)

from ventanilla.execution.binding import bind
from ventanilla.execution.documents import Documents, InvalidDocumentError, Prepared
from ventanilla.execution.limits import LimitError, Limits
from ventanilla.execution.loading import Frame


class Stage(StrEnum):
    """How far a request came: what its errors are about."""

    PARSE = "PARSE"
    VALIDATE = "VALIDATE"
    LIMIT = "LIMIT"
    """It asks for more than one request may."""
    REQUEST = "REQUEST"
    """The document is good, the operation name or the variables are not."""
    EXECUTE = "EXECUTE"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request. Before EXECUTE there is no data, and the errors have no path."""

    stage: Stage
    data: dict[str, Any] | None = None
    errors: list[GraphQLError] = field(default_factory=list[GraphQLError])


MOST_POINTS = 10_000
"""What one operation may cost, unless the engine is told otherwise (`cost.py` says what a point is)."""


class Engine:
    """Runs documents of one schema. The schema's fields carry declarations (`fields.py`), which are bound here."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        documents: int = 1_000,
        document_bytes: int = 32_000_000,
        max_tokens: int = 2_000,
        limits: Limits | None = None,
        most_points: int = MOST_POINTS,
        introspection: bool = True,
        hide_suggestions: bool = False,
    ) -> None:
        bind(schema)
        self._schema = schema
        self._hide_suggestions = hide_suggestions
        self.most_points = most_points
        self.documents = Documents(
            schema,
            most=documents,
            most_bytes=document_bytes,
            max_tokens=max_tokens,
            limits=limits or Limits(),
            introspection=introspection,
            hide_suggestions=hide_suggestions,
        )

    def prepare(self, query: str) -> Prepared | Outcome:
        """The document of `query`, ready to run, or why it is refused."""
        try:
            return self.documents.prepare(query)
        except GraphQLSyntaxError as error:
            return Outcome(Stage.PARSE, errors=[error])
        except InvalidDocumentError as error:
            return Outcome(Stage.VALIDATE, errors=error.errors)
        except LimitError as error:
            return Outcome(Stage.LIMIT, errors=[GraphQLError(str(error))])
        except RecursionError:
            return Outcome(Stage.PARSE, errors=[GraphQLError("The document is nested too deeply.")])

    def cost(self, prepared: Prepared, operation_name: str | None, variables: dict[str, Any] | None) -> int:
        """The points of one operation with these variables."""
        return prepared.cost.of(operation_name, variables or {})

    async def run(
        self, prepared: Prepared, operation_name: str | None, variables: dict[str, Any] | None, context: Any
    ) -> Outcome:
        """Execute one operation of `prepared`, unless it costs more than one request may."""
        cost = self.cost(prepared, operation_name, variables)
        if cost > self.most_points:
            return Outcome(Stage.LIMIT, errors=[GraphQLError(str(LimitError("points", self.most_points, cost)))])
        frame = Frame(context)
        try:
            result = await self._execute(prepared, operation_name, variables, frame)
        finally:
            frame.cancel()
        errors = result.errors or []
        stage = Stage.EXECUTE if result.data is not None or any(error.path for error in errors) else Stage.REQUEST
        return Outcome(stage, result.data, errors)

    async def _execute(
        self, prepared: Prepared, operation_name: str | None, variables: dict[str, Any] | None, frame: Frame
    ) -> ExecutionResult:
        answer = execute(
            self._schema,
            prepared.document,
            context_value=frame,
            variable_values=variables,
            operation_name=operation_name,
            hide_suggestions=self._hide_suggestions,
            max_coercion_errors=3,
        )
        return answer if isinstance(answer, ExecutionResult) else await answer
