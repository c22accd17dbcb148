"""How mutations tell that they did nothing."""

from __future__ import annotations

import strawberry

from ventanilla.schema.fields import prop


@strawberry.type(description="A number or name that belongs to a message.")
class KeyValue:
    """One parameter."""

    key: str = prop("Its name; the message of each reason says which there are: `retryAfterSeconds`.")
    value: str = prop("Its value, as text.")


@strawberry.interface(description="Why a mutation did not do what was asked. It is data, not an error: show `message`.")
class UserError:
    """A business refusal."""

    code: str = prop("The name of `reason`, for clients that treat all mutations alike.")
    message: str = prop("A sentence for the person, in the language of the answer.")
    path: list[str] | None = prop(
        "Which part of the input: names of its fields, places in lists as numbers; null for the whole."
    )
    retryable: bool = prop("Whether the same request may succeed later.")
    params: list[KeyValue] = prop("Numbers that belong to the message.")
