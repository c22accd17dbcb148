"""The authorization server of one manager, for one request, in one unit of work.

Authlib's server is synchronous. It runs inside `Work.run_sync`, so what it reads and writes is awaited as everything
else is: no thread, no second kind of session, and the manager's scope on every statement.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer, InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from msgspec.structs import replace
from sqlmodel import Session, col, select, update

from ventanilla.auth.oauth import opaque
from ventanilla.auth.oauth.asked import Asked, Credentials, basic_of
from ventanilla.auth.oauth.rows import NONE, KnownClient
from ventanilla.auth.scopes import SCOPES
from ventanilla.auth.sessions import hash_of
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.tables import ClientRow, TokenRow

ACCESS_LIFE: Final = timedelta(minutes=15)
"""How long an access token is good."""
REFRESH_LIFE: Final = timedelta(days=30)
"""How long a refresh token may be exchanged; what it is exchanged for begins anew."""
_USED_EVERY: Final = timedelta(minutes=1)
_REALM: Final = 'Basic realm="programs", charset="UTF-8"'
_TOLD: Final = {
    "unsupported_grant_type": "Send 'grant_type' as one of those that the metadata document lists.",
    "invalid_grant": "The refresh token is not good here, or not any more: begin again with a person's consent.",
}
"""What to do about a refusal that Authlib says no more of than its code."""


class Answer(Record):
    """What a program is answered."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = {}
    error: str | None = None
    """The code of a refusal."""
    client_id: str | None = None
    """The program, once it is known to be one."""
    replayed: bool = False
    """Whether a code or refresh token came a second time, which ended everything that came of it."""

    def __repr__(self) -> str:
        return f"Answer(status={self.status}, error={self.error!r})"


def _access(**_: object) -> str:
    return opaque.made(opaque.ACCESS)


def _refresh(**_: object) -> str:
    return opaque.made(opaque.REFRESH)


def _seconds(_client: object, _grant_type: object) -> int:
    return int(ACCESS_LIFE.total_seconds())


class Server(AuthorizationServer):
    """Authlib's server over one unit of work."""

    def __init__(self, session: Session, *, issuer: str, now: datetime) -> None:
        super().__init__(scopes_supported=list(SCOPES))
        self.session = session
        self.now = now
        self.replayed = False
        self._issuer = issuer
        self._client_id: str | None = None
        self.register_token_generator("default", BearerTokenGenerator(_access, _refresh, _seconds))

    def query_client(self, client_id: str) -> Any:
        """The program of that id, unless it was revoked."""
        found = select(ClientRow).where(col(ClientRow.id) == client_id, col(ClientRow.disabled_at).is_(None))
        row = self.session.exec(found).first()
        return None if row is None else KnownClient(row, self.now)

    def get_authorization_grant(self, request: Any) -> Any:
        """The grant that is asked for; a program whose address to send back to is not proved must not come here."""
        if request.parameters.get("response_type") != "code":
            told = "Send 'response_type=code'."
            where = request.parameters["redirect_uri"]
            raise OAuth2Error(told, error="unsupported_response_type", redirect_uri=where)
        return super().get_authorization_grant(request)

    def authenticate_client(self, request: Any, methods: Collection[str], endpoint: str = "token") -> KnownClient:
        """The program that asks. Unknown, revoked and wrong are alike; a public one only where `methods` has NONE."""
        shown = credentials_of(request)
        client = self.query_client(shown.client_id) if shown else None
        right = client or KnownClient(ClientRow(id="", name="", scope="", created_at=self.now), self.now)
        proved = right.check_client_secret(shown.secret or "") if shown else False
        if shown and client and client.public:
            proved = shown.secret is None and NONE in methods
        if client is None or not proved:
            raise InvalidClientError("Unknown client, or wrong secret.", status_code=401)
        self._client_id = client.row.id
        return client

    def save_token(self, token: Any, request: Any) -> None:
        """Keep the hashes of new tokens."""
        origin = request.authorization_code or request.refresh_token
        refresh: str | None = token.get("refresh_token")
        row = TokenRow(
            id=uuid4().hex,
            family=origin.row.family if origin else uuid4().hex,
            client_id=request.client.row.id,
            person_id=request.user.id if request.user else None,
            scope=token["scope"],
            granted=origin.get_scope() if origin else token["scope"],
            access_hash=hash_of(token["access_token"]),
            refresh_hash=hash_of(refresh) if refresh else None,
            created_at=self.now,
            expires_at=self.now + ACCESS_LIFE,
            refresh_expires_at=self.now + REFRESH_LIFE if refresh else None,
        )
        self.session.add(row)
        self.session.flush()
        self._note_use(request.client.row)

    def end_family(self, family: str) -> None:
        """End all tokens that came of one consent."""
        alive = (col(TokenRow.family) == family, col(TokenRow.revoked_at).is_(None))
        ending = update(TokenRow).where(*alive).values(revoked_at=self.now)
        # A statement does not see what an exchange that it waited for has added: the next one does.
        while self.session.exec(ending).rowcount:
            pass

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody: what happened is in the answer."""

    def create_oauth2_request(self, request: Any) -> Asked:
        """The request, which is Authlib's already."""
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Answer:
        """The answer, and in what a browser carries back also who says so (RFC 9207)."""
        told: dict[str, str] = dict(headers)
        told.pop("Content-Type", None)
        if location := told.get("Location"):
            told["Location"] = add_params_to_uri(location, [("iss", self._issuer)])
        return Answer(
            status=303 if location else status,  # after a POST, the browser must not send it again
            body=body or {},
            headers=told,
            client_id=self._client_id,
            replayed=self.replayed,
        )

    def handle_error_response(self, request: Any, error: Any) -> Answer:
        """What a refusal is answered with; in a redirect it keeps the state."""
        error.state = request.payload.state if error.redirect_uri else None
        error.description = error.description or _TOLD.get(error.error, "")
        told: Any = super().handle_error_response(request, error)
        realm = {"WWW-Authenticate": _REALM} if told.status == 401 else {}
        return replace(told, headers={**told.headers, **realm}, error=error.error)

    def _note_use(self, client: ClientRow) -> None:
        if client.used_at is None or client.used_at <= self.now - _USED_EVERY:
            client.used_at = self.now
            self.session.flush()


def credentials_of(request: Asked) -> Credentials | None:
    """Who a program says it is, by header or by form, and not by both; None for nobody."""
    posted, secret = request.parameters.get("client_id"), request.parameters.get("client_secret")
    if request.authorization is None:
        return None if posted is None else Credentials(client_id=posted, secret=secret)
    shown = basic_of(request.authorization)
    if secret is not None or (shown and posted not in {None, shown.client_id}):
        raise InvalidRequestError("Say who you are once: by the Authorization header, or in the body.")
    return shown
