"""The three ways to a token: a program's own secret, a person's consent, and a refresh token."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from authlib.oauth2.rfc6749 import InvalidRequestError, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from sqlmodel import col, select

from ventanilla.auth.oauth import opaque
from ventanilla.auth.oauth.rows import METHODS, NONE, KnownCode, KnownToken
from ventanilla.auth.oauth.server import Server
from ventanilla.auth.sessions import hash_of
from ventanilla.store.tables import AuthorizationCodeRow, PersonRow, TokenRow

CODE_LIFE: Final = timedelta(seconds=60)
"""How long a code may be exchanged."""
METHOD: Final = "S256"
"""The one PKCE method; with ``plain``, who sees the request has the verifier too."""
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def compare_challenge(verifier: str, challenge: str) -> bool:
    """Whether `verifier` is what `challenge` was made of."""
    made = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(made, challenge.encode())


class Challenged(CodeChallenge):
    """PKCE with S256, of every program: Authlib alone lets a request without a challenge through."""

    SUPPORTED_CODE_CHALLENGE_METHOD = [METHOD]
    CODE_CHALLENGE_METHODS = {METHOD: compare_challenge}

    def validate_code_challenge(self, grant: Any, redirect_uri: object) -> None:
        """Refuse an authorization request without a challenge that can be met."""
        sent = grant.request.parameters
        if sent.get("code_challenge_method") != METHOD:
            raise InvalidRequestError("Send 'code_challenge_method=S256'.")
        if not _CHALLENGE.fullmatch(sent.get("code_challenge", "")):
            raise InvalidRequestError("Send 'code_challenge': 43 characters, the base64url of a SHA-256.")

    def get_authorization_code_challenge(self, authorization_code: KnownCode) -> str:
        """What the verifier must make."""
        return authorization_code.row.challenge

    def get_authorization_code_challenge_method(self, authorization_code: KnownCode) -> str:
        """S256, for there is no other."""
        return METHOD


class CodeGrant(grants.AuthorizationCodeGrant):
    """A person consents, and the program exchanges the code that says so."""

    TOKEN_ENDPOINT_AUTH_METHODS = [*METHODS, NONE]
    server: Any
    request: Any

    def generate_authorization_code(self) -> str:
        """A new code."""
        return secrets.token_urlsafe(32)

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Keep its hash, and what it is for."""
        row = AuthorizationCodeRow(
            code_hash=hash_of(code),
            client_id=request.client.row.id,
            person_id=request.user.id,
            redirect_uri=request.parameters["redirect_uri"],
            scope=request.scope,
            challenge=request.parameters["code_challenge"],
            expires_at=self.server.now + CODE_LIFE,
            family=uuid4().hex,
        )
        self.server.session.add(row)
        self.server.session.flush()

    def query_authorization_code(self, code: str, client: Any) -> KnownCode | None:
        """The code, held until this unit of work is over. One that comes again ends what came of it."""
        known = col(AuthorizationCodeRow.code_hash) == hash_of(code)
        hold_person(self.server, select(AuthorizationCodeRow.person_id).where(known))
        found = select(AuthorizationCodeRow).where(known)
        row = self.server.session.exec(found.with_for_update()).first()
        if row is not None and row.used_at is not None:
            self.server.replayed = True
            self.server.end_family(row.family)
            return None
        fits = row is not None and row.client_id == client.row.id and row.expires_at > self.server.now
        return KnownCode(row) if row is not None and fits else None

    def delete_authorization_code(self, authorization_code: KnownCode) -> None:
        """Use it up; the row stays, to know it again."""
        authorization_code.row.used_at = self.server.now
        self.server.session.flush()

    def authenticate_user(self, authorization_code: KnownCode) -> PersonRow | None:
        """Who consented, unless they are disabled by now."""
        return person_of(self.server, authorization_code.row.person_id)


class RefreshGrant(grants.RefreshTokenGrant):
    """A refresh token is exchanged, once, for another one."""

    TOKEN_ENDPOINT_AUTH_METHODS = [*METHODS, NONE]
    INCLUDE_NEW_REFRESH_TOKEN = True
    server: Any
    request: Any

    def authenticate_refresh_token(self, refresh_token: str) -> Any:
        """The token, held until this unit of work is over. One that comes again ends its family."""
        if not opaque.is_refresh(refresh_token):
            return None
        shown = col(TokenRow.refresh_hash) == hash_of(refresh_token)
        hold_person(self.server, select(TokenRow.person_id).where(shown))
        found = select(TokenRow).where(shown)
        row = self.server.session.exec(found.with_for_update()).first()
        if row is not None and row.rotated_at is not None:
            self.server.replayed = True
            self.server.end_family(row.family)
            return None
        known = None if row is None else KnownToken(row, self.server.now, refresh=True)
        return None if known is None or known.is_expired() or known.is_revoked() else known

    def authenticate_user(self, refresh_token: KnownToken) -> PersonRow | None:
        """Who consented, unless they are disabled by now."""
        return person_of(self.server, refresh_token.row.person_id)

    def revoke_old_credential(self, refresh_token: Any) -> None:
        """Use it up."""
        refresh_token.row.rotated_at = self.server.now
        self.server.session.flush()


def hold_person(server: Server, named: Any) -> None:
    """Let nobody change the person that `named` selects, until this unit of work is over.

    To be called before anything of theirs is held: who changes them holds them first as well, and neither waits for the
    other in a circle.
    """
    person = select(PersonRow.id).where(col(PersonRow.id).in_(named))
    server.session.exec(person.with_for_update(read=True, key_share=True)).first()


def person_of(server: Server, person_id: str | None) -> PersonRow | None:
    """Somebody on whose behalf a program may ask; None for who is disabled."""
    wanted = select(PersonRow).where(col(PersonRow.id) == person_id, col(PersonRow.disabled_at).is_(None))
    return server.session.exec(wanted).first()
