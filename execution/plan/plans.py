"""Plans of a document: made when an operation first runs, one for each choice of what is skipped and included."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode, get_variable_values
from graphql.execution.values import VariableValues

from ventanilla.execution.limits import fragments_of
from ventanilla.execution.plan.compilable import Check, OddDocumentError
from ventanilla.execution.plan.compiling import Compiling
from ventanilla.execution.plan.exact import FaultError
from ventanilla.execution.plan.leaves import Leaves
from ventanilla.execution.plan.levels import Run
from ventanilla.execution.plan.tree import Selection, sources

MOST_CHOICES: Final = 8
"""How many plans one operation may have; the one that was not used for longest makes room."""
MOST_COERCION_ERRORS: Final = 3
"""How many errors of variables one answer tells."""
_FIELD_BYTES: Final = 1_300
"""About what a compiled field takes in memory, its code included."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled operation."""

    operation: OperationDefinitionNode
    roots: Sequence[Selection]
    compiling: Compiling

    @property
    def source(self) -> str:
        """The code that was written for it, as far as it has been needed: to be read."""
        return "\n\n".join(sources(self.roots))

    @property
    def size(self) -> int:
        """About how many bytes it takes in memory. It grows while types are met that an interface may be."""
        return _FIELD_BYTES * self.compiling.written

    async def run(self, run: Run, root: Any = None) -> ExecutionResult:
        """Execute it; one root after another, and none after one that nulls everything."""
        data: dict[str, Any] = {}
        faults: list[FaultError] = []
        for selection in self.roots:
            done = await run.level(selection, [root])
            (row,) = done.rows
            if isinstance(row, FaultError):
                return ExecutionResult(None, [*(fault.told() for fault in faults), row.told()])
            data.update(row)
            faults.extend(done.faults.get(0, ()))
        return ExecutionResult(data, [fault.told() for fault in faults] or None)


_NO_VARIABLES: Final = VariableValues({}, {})


class Ready(msgspec.Struct, frozen=True):
    """A plan and the variables to run it with."""

    plan: Plan
    variables: VariableValues


@dataclass(slots=True)
class _Operation:
    """An operation that can be compiled, the names of the variables that choose, and its plans by their values."""

    node: OperationDefinitionNode
    switches: Sequence[str]
    plans: OrderedDict[tuple[bool, ...], Plan] = field(default_factory=OrderedDict[tuple[bool, ...], Plan])


class Plans:
    """The plans of one document, which is valid."""

    def __init__(self, schema: GraphQLSchema, leaves: Leaves, document: DocumentNode) -> None:
        self._schema, self._leaves = schema, leaves
        self._fragments = fragments_of(document)
        nodes = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        self._nodes = {node.name.value if node.name else None: node for node in nodes}
        self._operations: dict[str | None, _Operation | None] = {}

    @property
    def size(self) -> int:
        """About how many bytes they take in memory, so far."""
        known = [operation for operation in self._operations.values() if operation]
        return sum(plan.size for operation in known for plan in operation.plans.values())

    def ready(self, name: str | None, variables: Mapping[str, Any] | None) -> Ready | None:
        """The plan of the operation called `name` (None: the only one) and its variables.

        None if graphql-core has to execute it, or to say what is wrong with the name or the variables.
        """
        operation = self._operation(name)
        if operation is None:
            return None
        declared = operation.node.variable_definitions
        if not declared:
            return self._ready(operation, (), _NO_VARIABLES)
        coerced = get_variable_values(self._schema, declared, dict(variables or {}), MOST_COERCION_ERRORS)
        if isinstance(coerced, list):
            return None
        chosen: tuple[Any, ...] = tuple(coerced.coerced.get(switch) for switch in operation.switches)
        if not all(isinstance(each, bool) for each in chosen):
            return None
        return self._ready(operation, chosen, coerced)

    def _ready(self, operation: _Operation, chosen: tuple[bool, ...], variables: VariableValues) -> Ready | None:
        try:
            return Ready(self._plan(operation, chosen), variables)
        except RecursionError:  # graphql-core says so in an error of its own
            return None

    def _operation(self, name: str | None) -> _Operation | None:
        if name is None and len(self._nodes) == 1:
            name = next(iter(self._nodes))
        if name not in self._operations and name in self._nodes:
            self._operations[name] = self._checked(self._nodes[name])
        return self._operations.get(name)

    def _checked(self, node: OperationDefinitionNode) -> _Operation | None:
        check = Check(self._schema, self._fragments)
        try:
            check.operation(node)
        except (OddDocumentError, RecursionError):
            return None
        return _Operation(node, sorted(check.switches))

    def _plan(self, operation: _Operation, chosen: tuple[bool, ...]) -> Plan:
        plan = operation.plans.get(chosen)
        if plan is not None:
            operation.plans.move_to_end(chosen)
            return plan
        switches = dict(zip(operation.switches, chosen, strict=True))
        compiling = Compiling(self._schema, self._leaves, self._fragments, operation.node, switches)
        plan = operation.plans[chosen] = Plan(operation.node, compiling.roots(), compiling)
        if len(operation.plans) > MOST_CHOICES:
            operation.plans.popitem(last=False)
        return plan
