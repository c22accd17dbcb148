"""Answers in parts: what ``@defer`` and ``@stream`` put off, delivered as incremental delivery has it.

The first part has ``data``, ``pending`` and ``hasNext``; later ones have ``incremental``, ``completed``, ``pending``
and ``hasNext``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from inspect import isawaitable
from typing import Any, Final, cast

from graphql import (
    Executor,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    InitialIncrementalExecutionResult,
    SubsequentIncrementalExecutionResult,
)
from graphql.execution.collect_fields import DeferUsage, FieldDetailsList, GroupedFieldSet
from graphql.execution.executor import StreamUsage
from graphql.execution.incremental import IncrementalExecutor, StreamItemQueue
from graphql.execution.incremental.incremental_executor import DeliveryGroupMap
from graphql.pyutils import AwaitableOrValue, Path, RefMap, RefSet

Part = dict[str, Any]
Tell = Callable[[Sequence[GraphQLError]], list[dict[str, Any]]]
"""Turns errors into what a client may know of them."""


class WholeExecutor(Executor[None]):
    """Answers everything at once, as if ``@defer`` and ``@stream`` were not there."""

    def get_stream_usage(self, field_details_list: FieldDetailsList, path: Path) -> StreamUsage | None:
        """No list is streamed."""
        return None


MOST_PUT_OFF: Final = 1_000
"""How many fragments and lists of an answer are put off; what is more comes with its parent."""


class PartsExecutor(IncrementalExecutor):
    """Answers in parts; the rows of a streamed list are completed together, so that they ask as one level does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One for all parts: graphql-core copies the executor for each.
        self._left = [MOST_PUT_OFF]
        self._together: RefMap[GroupedFieldSet, GroupedFieldSet] = RefMap()

    def get_stream_usage(self, field_details_list: FieldDetailsList, path: Path) -> StreamUsage | None:
        """How a list is streamed, if it is."""
        try:
            usage = super().get_stream_usage(field_details_list, path)
        except ValueError:
            msg = "`initialCount` of @stream takes 0 or more."
            raise GraphQLError(msg, _initial_count(field_details_list)) from None
        return usage if usage and self._may_put_off(1) else None

    def execute_collected_subfields(  # noqa: PLR0917  the order is graphql-core's
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path,
        grouped_field_set: GroupedFieldSet,
        new_defer_usages: Sequence[DeferUsage],
        delivery_group_map: DeliveryGroupMap | None,
    ) -> AwaitableOrValue[dict[str, Any]]:
        """The fields of an object, those that are deferred later."""
        if new_defer_usages and not self._may_put_off(len(new_defer_usages)):
            grouped_field_set, new_defer_usages = self._all_together(grouped_field_set, new_defer_usages), ()
        return super().execute_collected_subfields(
            parent_type, source_value, path, grouped_field_set, new_defer_usages, delivery_group_map
        )

    def _may_put_off(self, many: int) -> bool:
        self._left[0] -= many
        return self._left[0] >= 0

    def _all_together(self, fields: GroupedFieldSet, deferred: Sequence[DeferUsage]) -> GroupedFieldSet:
        """`fields` without the deferring that begins here; the same for the same, as plans are remembered by them."""
        known = self._together.get(fields)
        if known is None:
            begun = RefSet(deferred)
            known = self._together[fields] = {
                name: [each._replace(defer_usage=_outside(each.defer_usage, begun)) for each in details]
                for name, details in fields.items()
            }
        return known

    def build_stream_item_queue(  # noqa: PLR0917  the order is graphql-core's
        self,
        initial_index: int,
        stream_path: Path,
        iterator: Iterator[Any] | AsyncIterator[Any],
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        item_type: Any,
        is_async: bool,
    ) -> StreamItemQueue:
        """The rows to come, all begun in one turn of the event loop once they are wanted."""
        rows = cast("Iterator[Any]", iterator)  # no function of ours answers an asynchronous list

        async def produce(queue: StreamItemQueue) -> None:
            for index, item in enumerate(rows, initial_index):
                part: Any = self.create_sub_executor()
                result = part.complete_stream_item(
                    stream_path.add_key(index, None), item, field_details_list, info, item_type
                )
                await queue.push(asyncio.ensure_future(result) if isawaitable(result) else result)

        return StreamItemQueue(produce)


def _outside(usage: DeferUsage | None, begun: RefSet[DeferUsage]) -> DeferUsage | None:
    """The innermost deferring around `usage`, itself included, that is none of those `begun`."""
    while usage is not None and usage in begun:
        usage = usage.parent_defer_usage
    return usage


def _initial_count(field_details_list: FieldDetailsList) -> Any:
    """The value in the document that a wrong ``initialCount`` was given by."""
    directives = field_details_list[0].node.directives or ()
    return [
        argument.value
        for directive in directives
        if directive.name.value == "stream"
        for argument in directive.arguments or ()
        if argument.name.value == "initialCount"
    ]


class Parts:
    """Writes the parts of one answer, and knows what is still owed."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._pending: dict[str, None] = {}

    def first(self, result: InitialIncrementalExecutionResult) -> Part:
        """The part that comes at once."""
        part: Part = {**result.formatted}
        if result.errors:
            part["errors"] = self._tell(result.errors)
        self._keep(part)
        return part

    def later(self, result: SubsequentIncrementalExecutionResult) -> Part:
        """A part that was put off."""
        part: Part = {**result.formatted}
        shown = [*part.get("incremental", ()), *part.get("completed", ())]
        for told, each in zip(shown, [*(result.incremental or ()), *(result.completed or ())], strict=True):
            if each.errors:
                told["errors"] = self._tell(each.errors)
        self._keep(part)
        return part

    def given_up(self, error: GraphQLError) -> Part:
        """The last part, in which all that is still owed fails with `error`."""
        failed = [{"id": each, "errors": self._tell([error])} for each in self._pending]
        return {"completed": failed, "hasNext": False}

    def _keep(self, part: Part) -> None:
        self._pending.update((each["id"], None) for each in part.get("pending", ()))
        for each in part.get("completed", ()):
            self._pending.pop(each["id"], None)
