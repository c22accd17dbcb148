"""The parameters of GraphQL over HTTP, from a JSON body or an address. Whatever is wrong is a `RefusalError`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, cast
from urllib.parse import parse_qsl

import msgspec
import orjson

from ventanilla.gateway.refusal import RefusalError

_MAX_DEPTH: Final = 64
"""Far above how deep a client nests its variables, far below what can recurse behind this."""
_MAX_VALUES: Final = 10_000
"""As many as an operation may have points; to check each against its type takes long and is done in one turn."""
_MAX_ADDRESS: Final = 32 * 1024
"""Bytes behind the question mark: what is longer is a body's business."""
_MAX_PARAMETERS: Final = 32
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_ID: Final = re.compile(r"[A-Za-z0-9._~:-]{1,128}")


class GraphQLRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What one request asks. The document comes as `query`, or is named by `document_id` or `query_hash`."""

    query: str | None = None
    document_id: str | None = None
    """Names a document that the manager has stored, as the appendix on persisted documents says."""
    query_hash: str | None = None
    """SHA-256 of a document in hexadecimal, as automatic persisted queries say; `query` may come with it."""
    operation_name: str | None = None
    variables: dict[str, Any] | None = None


def parse_request(body: bytes) -> GraphQLRequest:
    """Read the parameters from a JSON body; anything else is refused with 400."""
    if not body.strip():
        raise RefusalError(400, "The body is empty: send a JSON object with a query.")
    document = decode(body, "The body")
    if isinstance(document, list):
        raise RefusalError(400, "Batching is not offered: send one operation in a request.")
    if not isinstance(document, dict):
        raise RefusalError(400, "The body must be a JSON object with a query.")
    return request_of(cast("dict[str, Any]", document))


def parse_address(query_string: bytes) -> GraphQLRequest:
    """Read the parameters from what stands behind the question mark: 414 if it is too long, 400 if it is malformed.

    `variables` and `extensions` are JSON there. An empty operationName is like none.
    """
    if len(query_string) > _MAX_ADDRESS:
        raise RefusalError(414, f"The address may have at most {_MAX_ADDRESS} bytes of parameters: send them as POST.")
    document: dict[str, Any] = dict(_pairs(query_string))
    for name in ("variables", "extensions"):
        if name in document:
            document[name] = decode(document[name].encode(), name)
    document["operationName"] = document.get("operationName") or None
    return request_of(document)


def _pairs(query_string: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS
        )
    except ValueError:
        raise RefusalError(400, "The parameters of the address are not URL-encoded UTF-8, or too many.") from None
    if len({name for name, _ in pairs}) < len(pairs):
        raise RefusalError(400, "A parameter stands in the address twice: send each once.")
    return pairs


def decode(text: bytes, name: str) -> object:
    """Read JSON that comes from outside; 400 with `name` in words if it is none, or too deep, or too much."""
    try:
        document = orjson.loads(text)
    except (ValueError, RecursionError):
        raise RefusalError(400, f"{name} is not JSON in UTF-8.") from None
    # Counting brackets is far cheaper than the walk, which an honest request never needs.
    if text.count(b"[") + text.count(b"{") > _MAX_DEPTH and _deeper_than(document, _MAX_DEPTH):
        raise RefusalError(400, f"{name} is nested deeper than {_MAX_DEPTH} levels.")
    if text.count(b",") > _MAX_VALUES and _holds_more_than(document, _MAX_VALUES):
        raise RefusalError(400, f"{name} holds more than {_MAX_VALUES} values: send fewer at once.")
    return document


def _deeper_than(value: Any, levels: int) -> bool:
    level: list[Any] = [value]
    for _ in range(levels):
        level = [child for parent in level for child in _children(parent)]
    return any(isinstance(child, dict | list) for child in level)


def _holds_more_than(value: Any, most: int) -> bool:
    level: list[Any] = [value]
    while level and most >= 0:
        level = [child for parent in level for child in _children(parent)]
        most -= len(level)
    return most < 0


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[Any]", value) if isinstance(value, list) else ()


def request_of(document: dict[str, Any]) -> GraphQLRequest:
    """Read the parameters from a decoded object; 400 if one of them is malformed."""
    name, variables, extensions = document.get("operationName"), document.get("variables"), document.get("extensions")
    if name is not None and not isinstance(name, str):
        raise RefusalError(400, "operationName must be a text or null.")
    if variables is not None and not isinstance(variables, dict):
        raise RefusalError(400, "variables must be an object or null.")
    if extensions is not None and not isinstance(extensions, dict):
        raise RefusalError(400, "extensions must be an object or null.")
    query_hash = _query_hash(cast("dict[str, Any]", extensions or {}))
    document_id = _document_id(document, query_hash)
    return GraphQLRequest(
        query=_query(document, needed=document_id is None and query_hash is None),
        document_id=document_id,
        query_hash=query_hash,
        operation_name=name,
        variables=cast("dict[str, Any] | None", variables),
    )


def _query(document: dict[str, Any], *, needed: bool) -> str | None:
    query = document.get("query")
    if query is None and not needed:
        return None
    if not isinstance(query, str) or not query.strip():
        raise RefusalError(400, "query must be a text that holds a GraphQL document.")
    return query


def _document_id(document: dict[str, Any], query_hash: str | None) -> str | None:
    found = document.get("documentId")
    if found is None:
        return None
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise RefusalError(400, "documentId must be the identifier of a stored document, such as sha256:… in hex.")
    if query_hash is not None or document.get("query") is not None:
        raise RefusalError(400, "Name the document in one way: send documentId without query or persistedQuery.")
    return found


def _query_hash(extensions: dict[str, Any]) -> str | None:
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    told = cast("dict[str, Any]", persisted) if isinstance(persisted, dict) else {}
    found = told.get("sha256Hash")
    if told.get("version") != 1 or not isinstance(found, str) or not _HASH.fullmatch(found):
        raise RefusalError(400, "extensions.persistedQuery must be an object with version 1 and a sha256Hash in hex.")
    return found
