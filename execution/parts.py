"""Answers in parts: what ``@defer`` and ``@stream`` put off, delivered as incremental delivery has it.

The first part has ``data``, ``pending`` and ``hasNext``; later ones have ``incremental``, ``completed``, ``pending``
and ``hasNext``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from inspect import isawaitable
from typing import Any, cast

from graphql import (
    Executor,
    GraphQLError,
    GraphQLResolveInfo,
    InitialIncrementalExecutionResult,
    SubsequentIncrementalExecutionResult,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import StreamUsage
from graphql.execution.incremental import IncrementalExecutor, StreamItemQueue
from graphql.pyutils import Path

Part = dict[str, Any]
Tell = Callable[[Sequence[GraphQLError]], list[dict[str, Any]]]
"""Turns errors into what a client may know of them."""


class WholeExecutor(Executor[None]):
    """Answers everything at once, as if ``@defer`` and ``@stream`` were not there."""

    def get_stream_usage(self, field_details_list: FieldDetailsList, path: Path) -> StreamUsage | None:
        """No list is streamed."""
        return None


class PartsExecutor(IncrementalExecutor):
    """Answers in parts; the rows of a streamed list are completed together, so that they ask as one level does."""

    def get_stream_usage(self, field_details_list: FieldDetailsList, path: Path) -> StreamUsage | None:
        """How a list is streamed, if it is."""
        try:
            return super().get_stream_usage(field_details_list, path)
        except ValueError:
            msg = "`initialCount` of @stream takes 0 or more."
            raise GraphQLError(msg, _initial_count(field_details_list)) from None

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
