"""One portal as a program asks it: pages of what changed, each whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, cast

import httpx2
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportError, TransportQueryError, TransportServerError
from gql.transport.httpx import HTTPXTransport

from ventanilla_export.access import Access
from ventanilla_export.answers import checked_answer, refusal_of
from ventanilla_export.nouns import Noun
from ventanilla_export.nouns.noun import Node
from ventanilla_export.patience import Patience
from ventanilla_export.tokens import Tokens, seconds_of
from ventanilla_export.troubles import (
    FaultError,
    LimitedError,
    RefusedError,
    SignedOutError,
    UnavailableError,
)

_TIMEOUT = httpx2.Timeout(120, connect=10)
"""Seconds. A page of a slow office takes its time; a connection does not."""
_ACCEPT = "application/graphql-response+json, application/json;q=0.9"


@dataclass(frozen=True)
class Page:
    """What changed between two cursors."""

    nodes: list[Node]
    removed: list[str]
    """The ids of what is no longer there."""
    cursor: str
    """How far it reaches: asked with it, the portal goes on, at once or another night."""
    more: bool
    remaining: int | None
    """How many changes come after it, if that was asked."""


@dataclass(frozen=True)
class Ask:
    """Which page of what."""

    noun: Noun
    first: int
    after: str | None = None
    where: Mapping[str, Any] | None = None
    offices: tuple[str, ...] = ()
    """Only what these back offices keep; all for none."""
    counted: bool = False
    """Whether `Page.remaining` is to be told, which costs the portal a question more."""


class Portal:
    """A connection to a portal; use it in a ``with``."""

    def __init__(self, access: Access, patience: Patience) -> None:
        self.url = access.url
        self._patience = patience
        tls = httpx2.create_ssl_context()  # once: it reads all authorities
        self._http = httpx2.Client(timeout=_TIMEOUT, verify=tls)
        self._tokens = Tokens(access, self._http)
        self._transport = HTTPXTransport(
            url=f"{access.url}/graphql",
            json_deserialize=checked_answer,
            timeout=_TIMEOUT,
            verify=tls,
            headers={"accept": _ACCEPT},
        )
        self._client = Client(transport=self._transport)

    def __enter__(self) -> Self:
        self._session = self._client.connect_sync()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close_sync()
        self._http.close()

    def page(self, ask: Ask) -> Page:
        """Answer one page, however often that has to be asked; any `ExportError` if it cannot be had."""
        query = GraphQLRequest(ask.noun.document)
        query.variable_values = {
            "first": ask.first,
            "after": ask.after,
            "filter": ask.where or None,
            "offices": list(ask.offices) or None,
            "counted": ask.counted,
        }
        answer = self._until_answered(lambda: self._answer(query, ask))
        self._patience.calm()
        return _page_of(answer, ask.noun)

    def _until_answered(self, question: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        renewed = False
        while True:
            try:
                return question()
            except FaultError as fault:
                self._patience.fault(fault)
            except LimitedError as limited:
                self._patience.limited(limited)
            except SignedOutError as error:
                if renewed:
                    raise RefusedError("The portal refuses the token that it gave: is the program revoked?") from error
                renewed = True
                self._tokens.forget()

    def _answer(self, query: GraphQLRequest, ask: Ask) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self._tokens.current()}"}
        try:
            return self._session.execute(query, extra_args={"headers": headers})
        except TransportQueryError as error:
            # Whatever came beside the errors has holes in it: it is asked again as a whole, or not taken.
            raise refusal_of(error.errors or [], ask.noun, began=ask.after is None) from error
        except TransportServerError as error:
            raise self._of_status(error) from error
        except TransportError as error:
            raise FaultError(f"the portal cannot be understood or reached ({_clipped(error)})") from error

    def _of_status(self, error: TransportServerError) -> Exception:
        """What an answer that is no GraphQL means: somebody before the portal gave it."""
        status = error.code or 0
        if status == 429:
            headers = cast("httpx2.Headers", self._transport.response_headers)  # pyright: ignore[reportUnknownMemberType]  gql knows either httpx
            return LimitedError(seconds_of(headers.get("retry-after"), 60))
        if status >= 500:
            return FaultError(f"the portal answered {status}")
        return RefusedError(f"The portal answered {status} to GraphQL: {_clipped(error)}. Is something before it?")


def _page_of(answer: Mapping[str, Any], noun: Noun) -> Page:
    try:
        told = answer["export"][noun.field]
        return Page(
            nodes=list(told["nodes"]),
            removed=list(told["removedIds"]),
            cursor=str(told["pageInfo"]["endCursor"]),
            more=bool(told["pageInfo"]["hasNextPage"]),
            remaining=told.get("remaining"),
        )
    except (KeyError, TypeError) as error:
        whole = json.dumps(answer)[:200]
        raise UnavailableError(f"The portal answered nothing that can be read as {noun.name}: {whole}") from error


def _clipped(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
