"""The deadline: no operation, part or event takes longer, and who is cut off is told what that means."""

from __future__ import annotations

from typing import Final

from graphql import GraphQLError, OperationType

DEADLINE_S: Final = 20.0
"""An answer later than this is of no use to a browser."""


class LateError(Exception):
    """The time is up: what was under way is cancelled, nothing of it is answered.

    `repeatable` tells whether asking again does no harm: a change may have been made before it was cut off.
    """

    def __init__(self, seconds: float, operation: OperationType) -> None:
        self.repeatable = operation is not OperationType.MUTATION
        more = "Ask for less at once, or try again." if self.repeatable else _UNKNOWN
        super().__init__(f"This took longer than the {seconds:g} seconds that one operation may take. {more}")


_UNKNOWN: Final = "Whether the change was made is not known: read it again before you repeat it."


def told(late: LateError) -> GraphQLError:
    """The error of an answer that came too late; it has no path, because no field is at fault."""
    return GraphQLError(str(late), original_error=late)
