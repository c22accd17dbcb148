"""How an answer is told: as one of the two JSON media types of GraphQL over HTTP, or as one of the streams."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec


class MediaType(StrEnum):
    """The media types of an answer in one piece."""

    GRAPHQL = "application/graphql-response+json"
    """A request error is status 400."""
    JSON = "application/json"
    """A request error is status 200, as before the specification."""


class Stream(StrEnum):
    """The media types of an answer in many pieces."""

    EVENTS = "text/event-stream"
    """Server-sent events, for anything."""
    PARTS = "multipart/mixed"
    """Incremental delivery, for documents with ``@defer`` or ``@stream``."""
    SUBSCRIPTION_PARTS = 'multipart/mixed;subscriptionspec="1.0"'
    """Subscriptions over multipart, for clients that name this version of it."""


class Accepted(msgspec.Struct, frozen=True):
    """What a client takes, in the order of appearance."""

    media: MediaType
    """For an answer in one piece."""
    streams: tuple[Stream, ...]
    prefers_events: bool
    """Whether server-sent events stand before every JSON type: then they are meant for queries too."""


_OF_RANGE: Final = {
    "application/graphql-response+json": MediaType.GRAPHQL,
    "application/json": MediaType.JSON,
    "application/*": MediaType.JSON,
    "*/*": MediaType.JSON,
}
_OLD_PARTS: Final = "deferspec"
"""Names a format of incremental delivery that came before the one spoken here."""
_LONGEST: Final = 1_000
"""How many characters are read: far more than any client needs, and soon done."""


def media_type(accept: str | None) -> MediaType:
    """The media type of an answer in one piece."""
    return accepted(accept).media


def accepted(accept: str | None) -> Accepted:
    """Read an Accept header.

    The order of appearance decides, not the weights; ``q=0`` refuses. What cannot be read, or names nothing of ours,
    is JSON. Who takes a stream and no JSON knows the newer type, and its statuses.
    """
    return _accepted((accept or "")[:_LONGEST])


@lru_cache(maxsize=256)
def _accepted(accept: str) -> Accepted:
    found = [one for item in accept.split(",") if (one := _range(item))]
    streams = tuple(one for one in found if isinstance(one, Stream))
    media = next((one for one in found if isinstance(one, MediaType)), MediaType.GRAPHQL if streams else MediaType.JSON)
    return Accepted(media=media, streams=streams, prefers_events=found[:1] == [Stream.EVENTS])


def _range(item: str) -> MediaType | Stream | None:
    name, *parameters = (part.strip().lower() for part in item.split(";"))
    if any(_refused(parameter) for parameter in parameters):
        return None
    if name == Stream.PARTS:
        return _parts(dict(_pair(parameter) for parameter in parameters))
    return Stream.EVENTS if name == Stream.EVENTS else _OF_RANGE.get(name)


def _parts(parameters: dict[str, str]) -> Stream | None:
    if "subscriptionspec" in parameters:
        return Stream.SUBSCRIPTION_PARTS if parameters["subscriptionspec"] == "1.0" else None
    return None if _OLD_PARTS in parameters else Stream.PARTS


def _pair(parameter: str) -> tuple[str, str]:
    name, _, value = parameter.partition("=")
    return name.strip(), value.strip().strip('"')


def _refused(parameter: str) -> bool:
    name, weight = _pair(parameter)
    return name == "q" and weight.rstrip("0") in {"", "0."} and bool(weight)
