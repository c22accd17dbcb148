"""Which of the two JSON media types of GraphQL over HTTP an answer takes."""

from __future__ import annotations

from enum import StrEnum


class MediaType(StrEnum):
    """The media types of an answer."""

    GRAPHQL = "application/graphql-response+json"
    """A request error is status 400."""
    JSON = "application/json"
    """A request error is status 200, as before the specification."""


_OF_RANGE = {
    "application/graphql-response+json": MediaType.GRAPHQL,
    "application/json": MediaType.JSON,
    "application/*": MediaType.JSON,
    "*/*": MediaType.JSON,
}


def media_type(accept: str | None) -> MediaType:
    """Pick by the first range of `accept` that names one of ours and is not refused with ``q=0``.

    The order of appearance decides, not the weights. What cannot be read, or names nothing of ours, is JSON.
    """
    for item in (accept or "").split(","):
        name, *parameters = item.split(";")
        chosen = _OF_RANGE.get(name.strip().lower())
        if chosen and not any(_refused(parameter) for parameter in parameters):
            return chosen
    return MediaType.JSON


def _refused(parameter: str) -> bool:
    name, _, weight = parameter.partition("=")
    return name.strip().lower() == "q" and weight.strip().rstrip("0") in {"", "0."} and bool(weight.strip())
