"""The closed list of ``errors[].extensions.code``, with where each stands and what a client does about it."""

from __future__ import annotations

from typing import Final

from ventanilla.backoffice_adapters.records import Record
from ventanilla.resolvers.problems import MESSAGES, ProblemCode

REQUEST: Final = "instead of `data`"
FIELD: Final = "beside the `null` of a field"
EITHER: Final = f"{REQUEST}, or {FIELD}"


class Code(Record):
    """One code."""

    code: str
    where: str
    meaning: str
    to_do: str


def _of(code: ProblemCode, where: str, to_do: str) -> Code:
    return Code(code=code.value, where=where, meaning=MESSAGES[code], to_do=to_do)


CODES: Final = (
    _of(
        ProblemCode.UNAUTHENTICATED, EITHER, "Sign in, and ask again. A bearer token that is over is refused with 401."
    ),
    _of(
        ProblemCode.FORBIDDEN,
        EITHER,
        "`message` says which it is: send `X-Ventanilla-Request` beside the cookie; change the password while"
        " `viewer.passwordChangeDue` is true, show the second factor while `viewer.secondFactor.due` is; ask for a"
        " token with the scope that it names. Otherwise the role lacks: leave it out. `explainAccess` tells why.",
    ),
    _of(ProblemCode.INVALID_ARGUMENT, FIELD, "Mend the argument: `message` names it and says what it takes."),
    _of(ProblemCode.NOT_LICENSED, FIELD, "Leave it out at this manager: ask `portal.licences` before."),
    _of(ProblemCode.NOT_SUPPORTED, FIELD, "Leave it out at this manager: ask `portal.capabilities` before."),
    _of(ProblemCode.BACK_OFFICE_UNAVAILABLE, FIELD, "Show the rest. Ask again later if `retryable` is true."),
    _of(ProblemCode.BACK_OFFICE_TIMEOUT, FIELD, "Show the rest. Ask again if `retryable` is true, and for less."),
    _of(ProblemCode.BACK_OFFICE_BAD_ANSWER, FIELD, "Show the rest, and tell the manager: the office has to be mended."),
    _of(
        ProblemCode.OVERLOADED,
        EITHER,
        "Wait `retryAfter` seconds if they are told, and repeat, or ask for less. A mutation without `retryable` may"
        " have been made: look first.",
    ),
    Code(
        code="RATE_LIMITED",
        where=REQUEST,
        meaning="The points of this minute are used up (status 429).",
        to_do="Wait `retryAfter` seconds, and ask for fewer rows at once: `extensions.cost` tells what is left.",
    ),
    Code(
        code="COST_LIMIT",
        where=REQUEST,
        meaning="The document is larger than one request may be: too many levels, fields, aliases or mutations.",
        to_do="Split it, or ask for less: `message` names the limit.",
    ),
    Code(
        code="BAD_REQUEST",
        where=REQUEST,
        meaning="The body, the variables or the operation's name are not what the document or the address takes.",
        to_do="Mend the request: `message` says how.",
    ),
    Code(
        code="PARSE_FAILED",
        where=REQUEST,
        meaning="The document is no GraphQL.",
        to_do="Mend it where `locations` point.",
    ),
    Code(
        code="VALIDATION_FAILED",
        where=REQUEST,
        meaning="The document does not fit the schema.",
        to_do="Mend it where `locations` point; check documents against the schema before you release.",
    ),
    Code(
        code="DOCUMENT_NOT_FOUND",
        where=REQUEST,
        meaning="No document is known under that name, or this manager serves stored documents only.",
        to_do="Send the document beside its name, or ask the manager to store it.",
    ),
    Code(
        code="INTERNAL",
        where=EITHER,
        meaning="A mistake on our side. What it was stands in the log, under `errorId`.",
        to_do="Show that it did not work, and quote `errorId` when you report it.",
    ),
)
