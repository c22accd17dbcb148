"""What browsers are asked for passkeys, and which of their answers are believed."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.authenticator import HONEST, Algorithm, Authenticator, Flags, Wicked, decoded, encoded
from ventanilla.auth.caller import Caller
from ventanilla.auth.passkey_ceremonies import (
    Asserted,
    Created,
    Credential,
    Owner,
    PasskeyHint,
    Site,
    UnbelievableError,
    WrongSignatureError,
    asserted,
    created,
    creation_options,
    read_assertion,
    request_options,
    site_of,
)

SITE = Site(rp_id="sur.example", origin="https://sur.example")
OWNER = Owner(handle=bytes(range(16)), email="ana@example.com", name="Ana Paz")
CHALLENGE = bytes(range(32))
LIFETIME = timedelta(minutes=5)
CREATION = creation_options(SITE, "Sur", OWNER, CHALLENGE, existing=[], lifetime=LIFETIME)
REQUEST = request_options(SITE, CHALLENGE, hints=[], lifetime=LIFETIME)
SYNCED = HONEST | Flags.BACKUP_ELIGIBLE | Flags.BACKED_UP
WHOEVER_SIGNED = {
    "origin": Wicked(origin="https://sur.example.evil.example"),
    "port": Wicked(origin="https://sur.example:8443"),
    "scheme": Wicked(origin="http://sur.example"),
    "case": Wicked(origin="https://SUR.example"),
    "rp id": Wicked(rp_id="norte.example"),
    "challenge": Wicked(challenge=secrets.token_bytes(32)),
    "unverified": Wicked(flags=Flags.PRESENT),
    "absent": Wicked(flags=Flags.VERIFIED),
    "in a frame": Wicked(cross_origin=True),
}
"""What is wrong in either ceremony, however well it is signed."""


def device(algorithm: Algorithm = Algorithm.ES256) -> Authenticator:
    return Authenticator(SITE.origin, algorithm)


def made(authenticator: Authenticator) -> Created:
    return created(SITE, CHALLENGE, authenticator.create(CREATION))


def told(answer: str, public_key: bytes | None) -> Asserted:
    return asserted(SITE, CHALLENGE, read_assertion(answer), public_key)


@pytest.mark.parametrize(
    ("host", "secure", "site"),
    [
        ("sur.example", True, ("sur.example", "https://sur.example")),
        ("sur.example:443", True, ("sur.example", "https://sur.example")),
        ("sur.example:0443", True, ("sur.example", "https://sur.example")),
        ("sur.example:8443", True, ("sur.example", "https://sur.example:8443")),
        ("localhost", False, ("localhost", "http://localhost")),
        ("localhost:80", False, ("localhost", "http://localhost")),
        ("localhost:443", False, ("localhost", "http://localhost:443")),
        ("aguas.localhost:8000", False, ("aguas.localhost", "http://aguas.localhost:8000")),
        ("sur.example", False, None),
        ("notlocalhost", False, None),
        ("127.0.0.1:8001", False, None),
        ("127.0.0.1", True, None),
        ("[::1]", True, None),
        ("[::1]:8001", True, None),
    ],
)
def test_a_site_is_the_host_as_a_browser_says_it(host: str, secure: bool, site: tuple[str, str] | None) -> None:
    found = site_of(Caller(address="192.0.2.1", host=host, secure=secure))
    assert found == (Site(rp_id=site[0], origin=site[1]) if site else None)


def test_a_browser_is_asked_for_a_passkey_that_can_be_found_again() -> None:
    known = [Credential(id=b"first", transports=("internal", "hybrid")), Credential(id=b"second")]
    asked = json.loads(creation_options(SITE, "Sur", OWNER, CHALLENGE, existing=known, lifetime=LIFETIME))
    assert asked == {
        "rp": {"id": "sur.example", "name": "Sur"},
        "user": {"id": encoded(OWNER.handle), "name": "ana@example.com", "displayName": "Ana Paz"},
        "challenge": encoded(CHALLENGE),
        "pubKeyCredParams": [{"type": "public-key", "alg": each} for each in (-7, -8, -257)],
        "timeout": 300_000,
        "excludeCredentials": [
            {"id": encoded(b"first"), "type": "public-key", "transports": ["internal", "hybrid"]},
            {"id": encoded(b"second"), "type": "public-key"},
        ],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def test_a_browser_is_asked_for_any_passkey_of_the_site() -> None:
    hints = [PasskeyHint.HYBRID, PasskeyHint.SECURITY_KEY]
    assert json.loads(request_options(SITE, CHALLENGE, hints=hints, lifetime=LIFETIME)) == {
        "challenge": encoded(CHALLENGE),
        "timeout": 300_000,
        "rpId": "sur.example",
        "allowCredentials": [],
        "userVerification": "required",
        "hints": ["hybrid", "security-key"],
    }


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("fmt", ["none", "packed"])
def test_a_passkey_is_made_and_signs(algorithm: Algorithm, fmt: str) -> None:
    authenticator = device(algorithm)
    found = created(SITE, CHALLENGE, authenticator.create(CREATION, Wicked(fmt=fmt)))
    (resident,) = authenticator.residents
    assert found.credential == Credential(id=resident.id, transports=("internal", "hybrid"))
    assert (found.sign_count, found.backed_up, resident.handle) == (0, False, OWNER.handle)
    answer = authenticator.get(REQUEST)
    assert read_assertion(answer).response.user_handle == OWNER.handle
    assert told(answer, found.public_key) == Asserted(sign_count=1, backed_up=False)


def test_what_keeps_a_passkey_is_told_by_its_flags() -> None:
    authenticator = device()
    found = created(SITE, CHALLENGE, authenticator.create(CREATION, Wicked(flags=SYNCED)))
    assert found.backed_up
    assert told(authenticator.get(REQUEST, Wicked(flags=SYNCED)), found.public_key).backed_up
    only_eligible = HONEST | Flags.BACKUP_ELIGIBLE
    assert not told(authenticator.get(REQUEST, Wicked(flags=only_eligible)), found.public_key).backed_up


@pytest.mark.parametrize("wicked", WHOEVER_SIGNED.values(), ids=WHOEVER_SIGNED)
def test_no_other_ceremony_makes_a_passkey(wicked: Wicked) -> None:
    for fmt in ("none", "packed"):
        with pytest.raises(UnbelievableError):
            created(SITE, CHALLENGE, device().create(CREATION, replace(wicked, fmt=fmt)))


@pytest.mark.parametrize("wicked", WHOEVER_SIGNED.values(), ids=WHOEVER_SIGNED)
def test_no_other_ceremony_signs_in_whoever_signed(wicked: Wicked) -> None:
    authenticator = device()
    public_key = made(authenticator).public_key
    for known in (public_key, None):
        with pytest.raises(UnbelievableError) as raised:
            told(authenticator.get(REQUEST, wicked), known)
        assert raised.type is UnbelievableError


def test_what_cannot_be_backed_up_is_not() -> None:
    impossible = Wicked(flags=HONEST | Flags.BACKED_UP)
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, device().create(CREATION, impossible))
    authenticator = device()
    public_key = made(authenticator).public_key
    with pytest.raises(UnbelievableError):
        told(authenticator.get(REQUEST, impossible), public_key)


@pytest.mark.parametrize("ceremony", ["webauthn.get", "webauthn.create", "payment.get", ""])
def test_an_answer_to_one_ceremony_is_none_to_the_other(ceremony: str) -> None:
    authenticator = device()
    public_key = made(authenticator).public_key
    if ceremony != "webauthn.create":
        with pytest.raises(UnbelievableError):
            created(SITE, CHALLENGE, authenticator.create(CREATION, Wicked(type=ceremony)))
    if ceremony != "webauthn.get":
        with pytest.raises(UnbelievableError):
            told(authenticator.get(REQUEST, Wicked(type=ceremony)), public_key)


def test_whole_answers_do_not_stand_for_each_other() -> None:
    authenticator = device()
    public_key = made(authenticator).public_key
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, authenticator.get(REQUEST))
    with pytest.raises(UnbelievableError):
        told(authenticator.create(CREATION), public_key)


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("signer", Algorithm)
def test_another_passkeys_signature_is_wrong_as_is_that_of_nobodys(algorithm: Algorithm, signer: Algorithm) -> None:
    public_key = made(device(algorithm)).public_key
    stranger = device(signer)
    stranger.create(CREATION)
    answer = stranger.get(REQUEST)
    if algorithm is signer is Algorithm.RS256:  # the tests make one such key
        answer = stranger.get(REQUEST, Wicked(signature=bytes(256)))
    for known in (public_key, None):
        with pytest.raises(WrongSignatureError):
            told(answer, known)


@pytest.mark.parametrize("signature", [b"", b"\x30\x00", bytes(64), bytes(5_000)])
def test_what_is_no_signature_is_a_wrong_one(signature: bytes) -> None:
    authenticator = device()
    public_key = made(authenticator).public_key
    answer = json.loads(authenticator.get(REQUEST))
    answer["response"]["signature"] = encoded(signature)
    with pytest.raises(WrongSignatureError):
        told(json.dumps(answer), public_key)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData"])
def test_what_was_signed_cannot_be_altered(part: str) -> None:
    authenticator = device()
    public_key = made(authenticator).public_key
    answer = json.loads(authenticator.get(REQUEST))
    signed = bytearray(decoded(answer["response"][part]))
    if part == "authenticatorData":
        signed[-1] ^= 2  # the count
    else:
        signed[-1:] = b', "more": 1}'
    answer["response"][part] = encoded(bytes(signed))
    with pytest.raises(WrongSignatureError):
        told(json.dumps(answer), public_key)


@pytest.mark.parametrize("fmt", ["android-safetynet", "android-key", "apple", "fido-u2f", "tpm", "of mine"])
def test_attestations_that_nobody_asked_for_are_not_read(fmt: str) -> None:
    wicked = Wicked(fmt=fmt, statement={"sig": b"s", "alg": -7, "x5c": [b"c"], "ver": "2.0"})
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, device().create(CREATION, wicked))


@pytest.mark.parametrize(
    ("fmt", "statement"),
    [
        ("none", {"sig": b"s"}),
        ("packed", {"alg": -7, "sig": b"s"}),
        ("packed", {"alg": -8, "sig": b"s"}),
        ("packed", {"alg": -7, "sig": b"s", "x5c": []}),
        ("packed", {"alg": -7, "sig": b"s", "x5c": [b"certificate"]}),
    ],
)
def test_a_statement_that_does_not_hold_is_not_believed(fmt: str, statement: dict[str, Any]) -> None:
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, device().create(CREATION, Wicked(fmt=fmt, statement=statement)))


def p384() -> bytes:
    point = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()
    return cbor2.dumps({1: 2, 3: -7, -1: 2, -2: point.x.to_bytes(48, "big"), -3: point.y.to_bytes(48, "big")})


KEYS = {
    "no point of the curve": cbor2.dumps({1: 2, 3: -7, -1: 1, -2: bytes([7] * 32), -3: bytes([9] * 32)}),
    "another curve": p384(),
    "another algorithm": cbor2.dumps({1: 2, 3: -36, -1: 1, -2: bytes([7] * 32), -3: bytes([9] * 32)}),
    "a weak RSA key": cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * 255, -2: b"\x01\x00\x01"}),
    "a huge RSA key": cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * 513, -2: b"\x01\x00\x01"}),
    "no map": cbor2.dumps([1, 2]),
    "no key": b"",
    "an endless text": b"\x7f",
    "a deep list": b"\x81" * 5_000,
}


@pytest.mark.parametrize("public_key", KEYS.values(), ids=KEYS)
def test_a_key_that_nothing_can_be_verified_with_is_not_kept(public_key: bytes) -> None:
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, device().create(CREATION, Wicked(public_key=public_key)))


def test_a_credential_has_an_id_of_the_length_that_the_specification_allows() -> None:
    assert made(device())
    assert created(SITE, CHALLENGE, device().create(CREATION, Wicked(credential_id=bytes(1_023))))
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, device().create(CREATION, Wicked(credential_id=bytes(1_024))))


def test_the_id_that_is_told_is_the_one_that_was_attested() -> None:
    answer = json.loads(device().create(CREATION))
    answer["id"] = answer["rawId"] = encoded(b"somebody else's")
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, json.dumps(answer))


def test_who_signs_in_must_be_named_by_the_passkey() -> None:
    authenticator = device()
    made(authenticator)
    with pytest.raises(UnbelievableError):
        read_assertion(authenticator.get(REQUEST, Wicked(no_handle=True)))


PARTS = [b"", b"\x00", b"\xff" * 64, b"[" * 9_000, b"null", b"\xa0", b'{"type": []}']
GARBAGE = {
    "nothing": "",
    "no JSON": "passkey",
    "null": "null",
    "a list": "[]",
    "a number": "1e400",
    "an object": "{}",
    "deep": "[" * 16_000,
    "deep objects": '{"a":' * 3_000,
    "NUL and half a letter": '{"id": "\x00\ud800"}',
    "parts of a wrong kind": json.dumps({"id": [], "rawId": {}, "type": None, "response": 7}),
    "no base64": json.dumps(
        {
            "id": "é",
            "rawId": "é",
            "type": "public-key",
            "response": {
                "clientDataJSON": "é",
                "authenticatorData": "a",
                "signature": "a",
                "userHandle": "a",
                "attestationObject": "a",
            },
        }
    ),
    "too long": " " * 16_385,
}


@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_no_answer(text: str) -> None:
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, text)
    with pytest.raises(UnbelievableError):
        read_assertion(text)


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
@pytest.mark.parametrize("data", PARTS)
def test_parts_that_are_garbage_make_no_passkey(part: str, data: bytes) -> None:
    answer = json.loads(device().create(CREATION))
    answer["response"][part] = encoded(data)
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, json.dumps(answer))


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData"])
@pytest.mark.parametrize("data", PARTS)
def test_parts_that_are_garbage_sign_nothing(part: str, data: bytes) -> None:
    authenticator = device()
    public_key = made(authenticator).public_key
    answer = json.loads(authenticator.get(REQUEST))
    answer["response"][part] = encoded(data)
    with pytest.raises(UnbelievableError):
        told(json.dumps(answer), public_key)


def test_an_answer_as_long_as_is_taken_is_taken() -> None:
    answer = device().create(CREATION)
    assert created(SITE, CHALLENGE, answer + " " * (16_384 - len(answer)))
    with pytest.raises(UnbelievableError):
        created(SITE, CHALLENGE, answer + " " * (16_385 - len(answer)))
