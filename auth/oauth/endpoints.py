"""What programs do with tokens they have: end them, and ask what they are good for."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from sqlmodel import col, select

from ventanilla.auth.oauth import opaque
from ventanilla.auth.oauth.asked import Asked
from ventanilla.auth.oauth.rows import METHODS, NONE, KnownClient, KnownToken
from ventanilla.auth.oauth.server import Server
from ventanilla.auth.sessions import hash_of
from ventanilla.store.tables import PersonRow, TokenRow


class Revocation(RevocationEndpoint):
    """RFC 7009: either token ends all that came of the same consent."""

    CLIENT_AUTH_METHODS = [*METHODS, NONE]
    server: Server

    def check_params(self, request: Asked, client: KnownClient) -> None:
        """Ask for a token; a hint is not needed, since tokens say what they are."""
        _needs_token(request)

    def query_token(self, token_string: str, token_type_hint: str | None) -> KnownToken | None:
        """The token of that text."""
        return token_of(self.server, token_string)

    def revoke_token(self, token: KnownToken, request: Asked) -> None:
        """End it and its family."""
        self.server.end_family(token.row.family)


class Introspection(IntrospectionEndpoint):
    """RFC 7662: what a token of the program's own is good for; any other is not active."""

    CLIENT_AUTH_METHODS = [*METHODS]
    server: Server

    def check_params(self, request: Asked, client: KnownClient) -> None:
        """Ask for a token."""
        _needs_token(request)

    def query_token(self, token_string: str, token_type_hint: str | None) -> KnownToken | None:
        """The token of that text, unless its person is disabled."""
        known = token_of(self.server, token_string)
        if known is None or known.row.person_id is None:
            return known
        wanted = select(PersonRow.id).where(col(PersonRow.id) == known.row.person_id)
        return known if self.server.session.exec(wanted.where(col(PersonRow.disabled_at).is_(None))).first() else None

    def check_permission(self, token: KnownToken, client: KnownClient, request: Asked) -> bool:
        """Whether it is the program's own."""
        return token.check_client(client)

    def introspect_token(self, token: KnownToken) -> dict[str, Any]:
        """What is told of a token that is good."""
        told: dict[str, Any] = {
            "active": True,
            "scope": token.get_scope(),
            "client_id": token.row.client_id,
            "iat": int(token.row.created_at.timestamp()),
            "exp": int(token.ends_at.timestamp()) if token.ends_at else None,
        }
        if not token.refresh:
            told |= {"token_type": "Bearer"}
        return told if token.row.person_id is None else {**told, "sub": token.row.person_id}


def token_of(server: Server, text: str) -> KnownToken | None:
    """The token that `text` is, access or refresh; None for none of this manager's."""
    if opaque.is_access(text):
        column = col(TokenRow.access_hash)
    elif opaque.is_refresh(text):
        column = col(TokenRow.refresh_hash)
    else:
        return None
    row = server.session.exec(select(TokenRow).where(column == hash_of(text))).first()
    return None if row is None else KnownToken(row, server.now, refresh=opaque.is_refresh(text))


def _needs_token(request: Asked) -> None:
    if "token" not in request.parameters:
        raise InvalidRequestError("Send 'token'.")
