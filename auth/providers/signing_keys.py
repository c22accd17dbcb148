"""The keys that a provider signs with, each good for the algorithms of its kind and for no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from ventanilla.backoffice_adapters.records import Record

ALGORITHMS: Final[Mapping[tuple[str, str | None], tuple[str, ...]]] = {
    ("RSA", None): ("RS256",),
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("EdDSA", "Ed25519"),
}
"""Kind of key and curve → what it may sign with. Nothing symmetric: what is published must verify and not sign."""
_MOST: Final = 50
_SHORTEST_N: Final = 340
"""Characters of the modulus of a key of 2048 bits, base64url, less what leading noughts may take."""


class KeySet(Record):
    """The document at ``jwks_uri``."""

    keys: tuple[dict[str, Any], ...]


class SigningKey(Record):
    """A public key and what it may have signed with."""

    key: Any
    """A joserfc `Key`."""
    algorithms: tuple[str, ...]
    id: str | None = None


class SigningKeys(Record):
    """A provider's keys."""

    keys: tuple[SigningKey, ...]

    def find(self, key_id: str | None, algorithm: str) -> SigningKey | None:
        """The key of that id for that algorithm; without an id the only one for it. None where there is none."""
        fit = [key for key in self.keys if algorithm in key.algorithms]
        if key_id is None:
            return fit[0] if len(fit) == 1 else None
        return next((key for key in fit if key.id == key_id), None)


def read_keys(document: KeySet) -> SigningKeys:
    """The keys of a document that verify id tokens; others, which are for something else, are left out."""
    found = [_read(entry) for entry in document.keys[:_MOST]]
    return SigningKeys(keys=tuple(filter(None, found)))


def _read(entry: dict[str, Any]) -> SigningKey | None:
    kind, curve = entry.get("kty"), entry.get("crv")
    algorithms = ALGORITHMS.get((kind, curve)) if isinstance(kind, str) and isinstance(curve, str | None) else None
    if algorithms is None or entry.get("use", "sig") != "sig" or "d" in entry or _is_short(entry):
        return None
    named = entry.get("alg")
    key_id = entry.get("kid")
    fit = tuple(each for each in algorithms if named in (None, each))
    try:
        key: Key = JWKRegistry.import_key(entry)
    except (JoseError, ValueError, TypeError):
        return None
    return SigningKey(key=key, algorithms=fit, id=key_id if isinstance(key_id, str) else None)


def _is_short(entry: dict[str, Any]) -> bool:
    return entry.get("kty") == "RSA" and len(str(entry.get("n", ""))) < _SHORTEST_N
