"""Documents: parsed, measured and validated once, remembered within bounds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    TokenKind,
    parse,
    specified_rules,
    validate,
)

from ventanilla.execution.cost import Cost
from ventanilla.execution.limits import Limits, check
from ventanilla.execution.plan.leaves import Leaves
from ventanilla.execution.plan.plans import Plans

MOST_ERRORS = 3
"""How many validation errors one answer tells: enough to mend, too few to map the schema by."""
_TOKEN_BYTES: Final = 400
"""About what one token takes in memory once it is parsed; in the text it takes a few bytes."""
_ONCE: Final = 10
_ONCE_BYTES: Final = 4
"""Which part of the documents, and of their bytes, may be of those that were asked for once."""
_LATER: Final = ("defer", "stream")
"""The directives that put off parts of an answer."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that may be run: parsed, within limits, valid against the schema. `digest` names it in logs.

    `size` is about how many bytes it takes in memory, without its plans. `incremental` documents ask for parts of their
    answer later.
    """

    document: DocumentNode
    operations: Mapping[str | None, OperationDefinitionNode]
    """By their names; the only one of a document also stands under None."""
    digest: str
    size: int
    cost: Cost
    incremental: bool
    plans: Plans


class InvalidDocumentError(Exception):
    """The document does not fit the schema; `errors` say where."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(f"{len(errors)} validation errors")
        self.errors = errors


class _Shelf:
    """Documents by their texts within bounds, the one that was not used for longest out first."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._known: OrderedDict[str, Prepared] = OrderedDict()
        self._weights: dict[str, int] = {}
        """What each, by its digest, takes with its plans."""
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._known)

    def find(self, text: str) -> Prepared | None:
        """The document of `text`, which counts as used."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
        return known

    def keep(self, text: str, prepared: Prepared) -> None:
        """Remember a document that is not remembered."""
        self._known[text] = prepared
        self._weights[prepared.digest] = 0
        self.weigh(prepared)

    def take(self, text: str) -> Prepared | None:
        """Forget the document of `text`, if there is one."""
        known = self._known.pop(text, None)
        if known is not None:
            self._bytes -= self._weights.pop(known.digest)
        return known

    def weigh(self, prepared: Prepared) -> None:
        """Count what a document has come to take with its plans, as long as it is remembered."""
        before = self._weights.get(prepared.digest)
        if before is None or (after := prepared.size + prepared.plans.size) == before:
            return
        self._weights[prepared.digest] = after
        self._bytes += after - before
        while len(self._known) > self._most or self._bytes > self._most_bytes:
            _, forgotten = self._known.popitem(last=False)
            self._bytes -= self._weights.pop(forgotten.digest)


class Documents:
    """Turns texts into prepared documents and remembers the valid ones.

    What was asked for once has a small shelf; what is asked for again goes to the large one. So a flood of documents
    that nobody repeats displaces none that somebody does, and holds little memory. Invalid texts are not remembered:
    they cost their sender's turn only.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        most: int,
        most_bytes: int,
        max_tokens: int,
        limits: Limits,
        introspection: bool,
        hide_suggestions: bool,
    ) -> None:
        self._schema = schema
        self._max_tokens, self._limits = max_tokens, limits
        self._hide_suggestions = hide_suggestions
        self._rules: Collection[type[ASTValidationRule]] = (
            specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        )
        self._leaves = Leaves()
        few = max(1, most // _ONCE)
        self._once = _Shelf(few, most_bytes // _ONCE_BYTES)
        self._again = _Shelf(most - few, most_bytes - most_bytes // _ONCE_BYTES)

    def __len__(self) -> int:
        return len(self._once) + len(self._again)

    def prepare(self, text: str) -> Prepared:
        """The prepared document of `text`; raises `GraphQLSyntaxError`, `LimitError` or `InvalidDocumentError`."""
        if known := self._again.find(text):
            return known
        if repeated := self._once.take(text):
            self._again.keep(text, repeated)
            return repeated
        prepared = self._check(text)
        self._once.keep(text, prepared)
        return prepared

    def weigh(self, prepared: Prepared) -> None:
        """Count what a document has come to take with its plans, as long as it is remembered."""
        self._once.weigh(prepared)
        self._again.weigh(prepared)

    def _check(self, text: str) -> Prepared:
        document = parse(text, max_tokens=self._max_tokens)
        check(document, self._limits)
        errors = validate(
            self._schema, document, self._rules, max_errors=MOST_ERRORS, hide_suggestions=self._hide_suggestions
        )
        if errors:
            raise InvalidDocumentError(errors[:MOST_ERRORS])
        raw = text.encode(errors="surrogatepass")
        size = len(raw) + _TOKEN_BYTES * document.token_count
        return Prepared(
            document=document,
            operations=_operations_of(document),
            digest=sha256(raw).hexdigest(),
            size=size,
            cost=Cost(self._schema, document),
            incremental=_is_incremental(document),
            plans=Plans(self._schema, self._leaves, document),
        )


def _operations_of(document: DocumentNode) -> dict[str | None, OperationDefinitionNode]:
    nodes = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    named: dict[str | None, OperationDefinitionNode] = {node.name.value: node for node in nodes if node.name}
    return {**named, None: nodes[0]} if len(nodes) == 1 else named


def _is_incremental(document: DocumentNode) -> bool:
    """Whether ``@defer`` or ``@stream`` stand anywhere in it."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        after = token.next
        if token.kind is TokenKind.AT and after is not None and after.value in _LATER:
            return True
        token = after
    return False
