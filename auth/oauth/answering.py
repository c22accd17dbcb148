"""What a program is answered at each endpoint of one manager, and what a person decides there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from sqlmodel import Session, col, delete, or_

from ventanilla.auth import attempts
from ventanilla.auth.attempts import Kind, Try
from ventanilla.auth.oauth import consents
from ventanilla.auth.oauth.asked import Asked, basic_of
from ventanilla.auth.oauth.endpoints import Introspection, Revocation
from ventanilla.auth.oauth.grants import Challenged, CodeGrant, RefreshGrant, person_of
from ventanilla.auth.oauth.server import REFRESH_LIFE, Answer, Server
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.store import Store
from ventanilla.store.tables import AuthorizationCodeRow, TokenRow
from ventanilla.store.tenancy import Work

T = TypeVar("T")


class Place(Record):
    """Where and when it is asked."""

    manager: str
    issuer: str
    """The portal's own address, without a path: ``https://portal.example``."""
    address: str
    """The network address of who asks."""
    now: datetime


class Consent(Record):
    """What a person is asked to consent to."""

    client_id: str
    client: str
    """The program's name."""
    scopes: tuple[str, ...]
    redirect_uri: str
    """Where they are sent back to, whatever they decide."""


class Misled(Record):
    """An authorization request that nobody may be sent back from: no program of this portal, or a wrong address."""


async def token(store: Store, place: Place, asked: Asked) -> Answer:
    """Answer the token endpoint."""
    if "grant_type" not in asked.parameters:
        missing = InvalidRequestError("Send 'grant_type'.")
        return await _answered(store, place, asked, lambda server: server.handle_error_response(asked, missing))
    return await _answered(store, place, asked, lambda server: server.create_token_response(asked))


async def revoke(store: Store, place: Place, asked: Asked) -> Answer:
    """Answer the revocation endpoint."""
    return await _answered(store, place, asked, lambda server: server.create_endpoint_response("revocation", asked))


async def introspect(store: Store, place: Place, asked: Asked) -> Answer:
    """Answer the introspection endpoint."""
    return await _answered(store, place, asked, lambda server: server.create_endpoint_response("introspection", asked))


async def consent(store: Store, place: Place, asked: Asked) -> Consent | Misled | Answer:
    """What a person is to be asked; an answer is a mistake that the program is told of, by way of the browser."""
    async with store.work(place.manager) as work:
        return await _run(work, place, lambda server: _consent(server, asked))


async def decide(store: Store, place: Place, asked: Asked, person_id: str, *, allowed: bool) -> Misled | Answer:
    """Send a person back with a code, of which evidence is kept, or with their refusal."""

    def decided(server: Any) -> Answer:
        person = person_of(server, person_id) if allowed else None
        return server.create_authorization_response(asked, grant_user=person, grant=server.get_consent_grant(asked))

    async with store.work(place.manager) as work:
        found = await _run(work, place, lambda server: _consent(server, asked))
        if not isinstance(found, Consent):
            return found
        answer = await _run(work, place, decided)
        if allowed and answer.error is None:
            await consents.allowed(
                work,
                person_id,
                program_id=found.client_id,
                name=found.client,
                scopes=found.scopes,
                address=place.address,
                now=place.now,
            )
        return answer


def _consent(server: Any, asked: Any) -> Consent | Misled | Answer:
    sent = asked.parameters
    client = server.query_client(sent.get("client_id", ""))
    if client is None or not client.check_redirect_uri(sent.get("redirect_uri", "")):
        return Misled()
    try:
        server.get_consent_grant(asked)
    except OAuth2Error as error:
        return server.handle_error_response(asked, error)
    return Consent(
        client_id=client.row.id,
        client=client.row.name,
        scopes=tuple(asked.scope.split()),
        redirect_uri=sent["redirect_uri"],
    )


def _server(session: Session, place: Place) -> Any:
    """Authlib's server, of whose methods many have no types."""
    server: Any = Server(session, issuer=place.issuer, now=place.now)
    server.register_grant(ClientCredentialsGrant)
    server.register_grant(CodeGrant, [Challenged()])
    server.register_grant(RefreshGrant)
    server.register_endpoint(Revocation)
    server.register_endpoint(Introspection)
    return server


async def _run(work: Work, place: Place, act: Callable[[Any], T]) -> T:
    return await work.run_sync(lambda session: act(_server(cast("Session", session), place)))


async def _answered(store: Store, place: Place, asked: Asked, act: Callable[[Any], Any]) -> Answer:
    """Count the try, then let Authlib answer. A refusal is committed as well: it may have ended a family."""
    tries = await _counted(store, place, asked)
    if not tries[-1].allowed:
        return _too_many(tries[-1].wait(place.now))
    async with store.work(place.manager) as work:
        answer: Answer = await _run(work, place, act)
        if answer.error is None:
            await attempts.succeeded(work, tries)
            await sweep(work, place.now)
        return answer


async def _counted(store: Store, place: Place, asked: Asked) -> list[Try]:
    # The address first: one that is over its limit must not use up the tries of a program elsewhere behind it.
    tries = [await attempts.count(store, place.manager, Kind.CLIENT_AT, place.address, place.now)]
    if tries[-1].allowed:
        who = f"{_claimed(asked)} {attempts.network_of(place.address)}"
        tries.append(await attempts.count(store, place.manager, Kind.CLIENT, who, place.now))
    return tries


def _claimed(asked: Asked) -> str:
    shown = basic_of(asked.authorization) if asked.authorization else None
    return shown.client_id if shown else asked.parameters.get("client_id", "")


def _too_many(seconds: int) -> Answer:
    told = f"Too many requests were refused. Wait {seconds} seconds."
    error = "temporarily_unavailable"
    body = {"error": error, "error_description": told}
    return Answer(status=429, body=body, headers={"Retry-After": str(seconds)}, error=error)


async def sweep(work: Work, now: datetime) -> int:
    """Delete what is over at the manager of `work`: tokens, and codes once nothing that came of them is left."""
    refresh = col(TokenRow.refresh_expires_at)
    over = (col(TokenRow.expires_at) <= now, or_(refresh.is_(None), refresh <= now))
    tokens = await work.exec(delete(TokenRow).where(*over))
    codes = delete(AuthorizationCodeRow).where(col(AuthorizationCodeRow.expires_at) <= now - REFRESH_LIFE)
    return tokens.rowcount + (await work.exec(codes)).rowcount
