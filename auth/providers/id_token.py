"""The id token: whether it is the provider's, for us, of now, and the answer to what this browser was sent with."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from itertools import chain
from typing import Annotated, Any, Final

import msgspec
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry

from ventanilla.auth.providers.signing_keys import ALGORITHMS, SigningKey, SigningKeys
from ventanilla.auth.providers.trouble import ProviderError, Trouble
from ventanilla.backoffice_adapters.records import Record

LEEWAY_S: Final = 60
"""How far the provider's clock may be from ours."""
_OLDEST_S: Final = 600
"""How long ago it may have been issued: no longer than a visit lasts."""
_LONGEST: Final = 32_768
_LONGEST_SUBJECT: Final = 255
_HASHES: Final = {"EdDSA": hashlib.sha512, "Ed25519": hashlib.sha512}
"""What ``at_hash`` is made with, where it is not SHA-256."""


class Expected(Record):
    """What the token of one visit must say."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None
    algorithms: tuple[str, ...]
    """Those that the provider says it signs with."""

    def __repr__(self) -> str:
        return "Expected(…)"


class Known(msgspec.Struct, frozen=True):
    """Whom a provider knows, as far as it tells. Nothing but the subject is sure to be there."""

    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=_LONGEST_SUBJECT)] = msgspec.field(name="sub")
    email: str | None = None
    email_verified: bool | str | None = None
    given_name: str | None = None
    family_name: str | None = None
    name: str | None = None

    @property
    def verified_email(self) -> str | None:
        """The e-mail, if the provider vouches for it; anything but a plain yes is a no."""
        return self.email if self.email_verified is True else None

    def __repr__(self) -> str:
        return "Known(…)"


class UnknownKeyError(ProviderError):
    """The token was signed with a key that is not among those at hand."""


class _OneAlgorithm(JWSRegistry):
    """Takes the algorithm that the key is for, whatever the token would like."""

    def __init__(self, algorithm: str) -> None:
        super().__init__(algorithms=[algorithm], strict_check_header=False)
        self._only = algorithm

    def get_alg(self, name: str) -> Any:
        """The one algorithm; joserfc's own would warn of EdDSA, whose name is older than Ed25519."""
        if name != self._only:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


def verified(token: str, keys: SigningKeys, expected: Expected, now: datetime) -> Known:
    """Whom the token is of. Raises `UnknownKeyError`, and `ProviderError` for one that is not to be believed."""
    try:
        algorithm, key = _key_of(token, keys, expected)
        decoded = jwt.decode(token, key.key, registry=_OneAlgorithm(algorithm))
        _check(decoded.claims, decoded.header, expected, int(now.timestamp()))
        return msgspec.convert(decoded.claims, Known)
    except (JoseError, msgspec.ValidationError, ValueError, TypeError, LookupError, RecursionError) as error:
        # What is no header or no claim at all fails in the library as it may.
        raise ProviderError(Trouble.BAD_TOKEN, _told(error)) from None


def _told(error: Exception) -> str:
    """Which rule was broken, in the library's fixed words; nothing of the token."""
    return f"{type(error).__name__} {getattr(error, 'claim', '') or ''}".strip()


def _key_of(token: str, keys: SigningKeys, expected: Expected) -> tuple[str, SigningKey]:
    if len(token) > _LONGEST:
        raise ProviderError(Trouble.BAD_TOKEN, "it is too long")
    header = jws.extract_compact(token.encode()).headers()
    algorithm, key_id = header["alg"], header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in expected.algorithms or not isinstance(key_id, str | None):
        raise ProviderError(Trouble.BAD_TOKEN, "its algorithm is not one that this provider signs with")
    if algorithm not in chain.from_iterable(ALGORITHMS.values()):
        raise ProviderError(Trouble.BAD_TOKEN, "its algorithm is none that we believe")
    key = keys.find(key_id, algorithm)
    if key is None:
        raise UnknownKeyError(Trouble.BAD_TOKEN, "no key of that id is for its algorithm")
    return algorithm, key


def _check(claims: dict[str, Any], header: dict[str, Any], expected: Expected, now: int) -> None:
    options = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "nonce": {"essential": True, "value": expected.nonce},
    }
    params = {"nonce": expected.nonce, "client_id": expected.client_id}
    rules: Any = CodeIDToken(claims, header, options, params)  # pyright: ignore[reportArgumentType]  Authlib's own typing wants each option of every claim
    rules.validate(now=now, leeway=LEEWAY_S)
    if claims["iat"] < now - _OLDEST_S - LEEWAY_S:
        raise ProviderError(Trouble.BAD_TOKEN, "it was issued long ago")
    if "at_hash" in claims and expected.access_token is not None:
        _check_access(claims["at_hash"], expected.access_token, header["alg"])


def _check_access(told: Any, access_token: str, algorithm: str) -> None:
    """Whether the access token is the one that came with it. Ours: Authlib's knows no hash for EdDSA."""
    digest = _HASHES.get(algorithm, hashlib.sha256)(access_token.encode()).digest()
    half = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), half):
        raise ProviderError(Trouble.BAD_TOKEN, "the access token is another's")
