"""Our rows as Authlib looks at them: a program, a code, a token."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any, Final

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin

from ventanilla.auth.scopes import ordered
from ventanilla.auth.sessions import hash_of
from ventanilla.store.tables import AuthorizationCodeRow, ClientRow, TokenRow

NO_HASH: Final = "0" * 64
"""What nothing hashes to: compared where there is nothing to compare, so that it takes as long."""
METHODS: Final = ("client_secret_basic", "client_secret_post")
"""How programs with a secret say who they are."""
NONE: Final = "none"
"""How those without one do: they do not."""
FOR_PEOPLE: Final = ("authorization_code", "refresh_token")
"""The grants of programs that act for people."""
OF_ITS_OWN: Final = ("client_credentials",)
"""The grants of programs that act for nobody."""


class KnownClient(ClientMixin):
    """A program that may ask."""

    def __init__(self, row: ClientRow, now: datetime) -> None:
        self.row = row
        self._now = now

    @property
    def public(self) -> bool:
        """Whether it has no secret."""
        return self.row.secret_hash is None

    def get_client_id(self) -> str:
        """What it calls itself by."""
        return self.row.id

    def get_default_redirect_uri(self) -> Any:
        """None: each request says where to."""
        return None

    def get_allowed_scope(self, scope: Any) -> Any:
        """What is asked for, everything if nothing is; None if any of it is not this program's to ask."""
        own = self.row.scope.split()
        wanted: list[str] = scope.split() if scope else own
        return " ".join(ordered(wanted)) if set(wanted) <= set(own) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether it is, to the letter, one that was registered."""
        return redirect_uri in self.row.redirect_uris.split("\n")

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether it is this program's secret, or the former one while that is good."""
        shown = hash_of(client_secret)
        former = self.row.former_secret_hash if self.row.former_until and self.row.former_until > self._now else None
        right = [hmac.compare_digest(shown, kept or NO_HASH) for kept in (self.row.secret_hash, former)]
        return any(right)

    def check_response_type(self, response_type: str) -> bool:
        """Whether codes are for it."""
        return response_type == "code" and bool(self.row.redirect_uris)

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it may get tokens so."""
        return grant_type in (FOR_PEOPLE if self.row.redirect_uris else OF_ITS_OWN)


class KnownCode(AuthorizationCodeMixin):
    """A code that may be exchanged."""

    def __init__(self, row: AuthorizationCodeRow) -> None:
        self.row = row

    def get_redirect_uri(self) -> str:
        """Where it was sent to."""
        return self.row.redirect_uri

    def get_scope(self) -> str:
        """What the person consented to."""
        return self.row.scope


class KnownToken(TokenMixin):
    """An access token and the refresh token that came with it, as one of them was shown."""

    def __init__(self, row: TokenRow, now: datetime, *, refresh: bool) -> None:
        self.row = row
        self.refresh = refresh
        self._now = now

    @property
    def ends_at(self) -> datetime | None:
        """When the token that was shown ends."""
        return self.row.refresh_expires_at if self.refresh else self.row.expires_at

    def check_client(self, client: KnownClient) -> bool:
        """Whether it is that program's."""
        return self.row.client_id == client.row.id

    def get_scope(self) -> str:
        """What a refresh token may be exchanged for, or what an access token is good for."""
        return self.row.granted if self.refresh else self.row.scope

    def is_expired(self) -> bool:
        """Whether its time is over, or it was exchanged."""
        return self.ends_at is None or self.ends_at <= self._now or (self.refresh and self.row.rotated_at is not None)

    def is_revoked(self) -> bool:
        """Whether it was ended."""
        return self.row.revoked_at is not None
