"""An authenticator in software, and the browser that speaks with it: honest unless a test says otherwise.

It takes options and gives answers as JSON text, as a browser's `parse…OptionsFromJSON` and `toJSON` have them.
Nothing of the library that the product verifies with is used, so that both would have to be wrong alike.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from functools import cache
from typing import Any, TypeVar

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

T = TypeVar("T")
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


class Algorithm(IntEnum):
    """COSE's numbers of what our authenticator signs with."""

    ES256 = -7
    EDDSA = -8
    RS256 = -257


class Flags(IntFlag):
    """What an authenticator says of a ceremony."""

    PRESENT = 0x01
    VERIFIED = 0x04
    BACKUP_ELIGIBLE = 0x08
    BACKED_UP = 0x10
    ATTESTED = 0x40


HONEST = Flags.PRESENT | Flags.VERIFIED


@dataclass
class Resident:
    """A credential that the authenticator keeps, with whom it is for."""

    id: bytes
    rp_id: str
    handle: bytes
    key: PrivateKey
    algorithm: Algorithm
    count: int = 0


@dataclass
class Wicked:
    """What is not as it should be. Nothing, unless it is said."""

    origin: str | None = None
    rp_id: str | None = None
    challenge: bytes | None = None
    type: str | None = None
    flags: Flags = HONEST
    count: int | None = None
    cross_origin: bool = False
    handle: bytes | None = None
    no_handle: bool = False
    """No user handle at all, as of a credential that nobody can find."""
    signature: bytes | None = None
    fmt: str = "none"
    statement: Mapping[str, Any] = field(default_factory=dict[str, Any])
    public_key: bytes | None = None
    """COSE: what is told in place of the real key."""
    credential_id: bytes | None = None


TRUE = Wicked()


@dataclass
class Authenticator:
    """Keeps resident credentials and signs with them, at the page that `origin` says."""

    origin: str
    algorithm: Algorithm = Algorithm.ES256
    counts: bool = True
    """Whether it counts its signatures; those that several devices share do not."""
    residents: list[Resident] = field(default_factory=list[Resident])

    def create(self, options: str, wicked: Wicked = TRUE) -> str:
        """Make a credential as the creation options ask."""
        asked = json.loads(options)
        assert self.algorithm in [each["alg"] for each in asked["pubKeyCredParams"]]
        excluded = {decoded(each["id"]) for each in asked["excludeCredentials"]}
        assert not excluded & {each.id for each in self.residents}, "InvalidStateError: it has one already"
        made = Resident(
            id=either(wicked.credential_id, secrets.token_bytes(32)),
            rp_id=asked["rp"]["id"],
            handle=decoded(asked["user"]["id"]),
            key=_key(self.algorithm),
            algorithm=self.algorithm,
        )
        self.residents.append(made)
        client = self._client_data("webauthn.create", asked["challenge"], wicked)
        attested = bytes(16) + len(made.id).to_bytes(2, "big") + made.id + either(wicked.public_key, _cose(made.key))
        data = self._data(made, wicked, Flags.ATTESTED) + attested
        statement = dict(wicked.statement)
        if wicked.fmt == "packed" and not statement:
            statement = {"alg": int(made.algorithm), "sig": _signature(made.key, data, client)}
        attestation = cbor2.dumps({"fmt": wicked.fmt, "attStmt": statement, "authData": data})
        response = {"attestationObject": encoded(attestation), "transports": ["internal", "hybrid"]}
        return _answer(made.id, client, response)

    def get(self, options: str, wicked: Wicked = TRUE) -> str:
        """Sign with the newest resident credential of the place that the request options name."""
        asked = json.loads(options)
        found = [each for each in self.residents if each.rp_id == asked["rpId"]][-1]
        found.count += self.counts
        client = self._client_data("webauthn.get", asked["challenge"], wicked)
        data = self._data(found, wicked)
        response = {
            "authenticatorData": encoded(data),
            "signature": encoded(either(wicked.signature, _signature(found.key, data, client))),
            "userHandle": None if wicked.no_handle else encoded(either(wicked.handle, found.handle)),
        }
        return _answer(either(wicked.credential_id, found.id), client, response)

    def _client_data(self, type_: str, challenge: str, wicked: Wicked) -> bytes:
        told = {
            "type": either(wicked.type, type_),
            "challenge": encoded(either(wicked.challenge, decoded(challenge))),
            "origin": either(wicked.origin, self.origin),
            "crossOrigin": wicked.cross_origin,
        }
        return json.dumps(told).encode()

    def _data(self, resident: Resident, wicked: Wicked, *more: Flags) -> bytes:
        place = hashlib.sha256(either(wicked.rp_id, resident.rp_id).encode()).digest()
        return (
            place + sum(more, wicked.flags).to_bytes(1, "big") + either(wicked.count, resident.count).to_bytes(4, "big")
        )


def either(wicked: T | None, honest: T) -> T:
    """What is not as it should be, if something is."""
    return honest if wicked is None else wicked


def encoded(data: bytes) -> str:
    """base64url as WebAuthn has it, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What base64url without padding says."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _answer(credential_id: bytes, client: bytes, response: dict[str, Any]) -> str:
    name = encoded(credential_id)
    told = {"clientDataJSON": encoded(client), **response}
    return json.dumps(
        {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": told,
        }
    )


def _key(algorithm: Algorithm) -> PrivateKey:
    if algorithm is Algorithm.ES256:
        return ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate() if algorithm is Algorithm.EDDSA else _rsa()


@cache
def _rsa() -> rsa.RSAPrivateKey:
    """One for the whole run: making it takes long."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def _cose(key: PrivateKey) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return cbor2.dumps({1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")})
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()})
    point = key.public_key().public_numbers()
    return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})


def _signature(key: PrivateKey, data: bytes, client: bytes) -> bytes:
    signed = data + hashlib.sha256(client).digest()
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), SHA256())
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(signed)
    return key.sign(signed, ec.ECDSA(SHA256()))
