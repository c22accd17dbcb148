"""Why something is there for who asks, or not."""

from __future__ import annotations

import strawberry

from ventanilla.schema.enums import Access, AccessReason
from ventanilla.schema.fields import prop


@strawberry.type(description="One reason why something is not there for who asks, or not always.")
class AccessCause:
    """A reason."""

    code: AccessReason = prop("The reason.")
    message: str = prop("A sentence for the person, in the language of the answer.")


@strawberry.type(description="Whether a field is there for who asks.")
class AccessExplanation:
    """What is there, and why not."""

    coordinate: str = prop("The field, as it was named.")
    answer: Access = prop("Whether it is answered.")
    reasons: list[AccessCause] = prop("Why not, or what it depends on; empty where it is answered.")
