"""The two ceremonies of WebAuthn Level 3: what a browser is asked, and what of its answer is believed.

Nothing here knows people or the store. Options and answers are JSON text, in the forms that
`parseCreationOptionsFromJSON`, `parseRequestOptionsFromJSON` and `toJSON` of a browser have.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from functools import cache
from ipaddress import ip_address
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    encode_cbor,
    options_to_json_dict,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSECRV, COSEKTY, COSEAlgorithmIdentifier, COSEKey
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ventanilla.auth.caller import Caller
from ventanilla.backoffice_adapters.records import Record

_LONGEST: Final = 16_384
"""Characters of an answer: several times what the longest keys take."""
_LONGEST_ID: Final = 1_023
"""Bytes of a credential's id, as the specification has it."""
_ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
_FORMATS: Final = frozenset({AttestationFormat.NONE, AttestationFormat.PACKED})
"""What browsers hand over where no attestation is asked for: none, or one that the passkey signed itself."""
_RSA_BITS: Final = range(2_048, 4_097)
_PORTS: Final = {"https": 443, "http": 80}
_MS: Final = timedelta(milliseconds=1)


class PasskeyHint(StrEnum):
    """Where a passkey is likely to be, as browsers are told it."""

    CLIENT_DEVICE = "client-device"
    HYBRID = "hybrid"
    SECURITY_KEY = "security-key"


class UnbelievableError(ValueError):
    """An answer that no authenticator gave to what was asked here."""


class WrongSignatureError(UnbelievableError):
    """An answer that is whole, but that the holder of the passkey did not sign."""


class Site(Record):
    """Where passkeys are good: at this host, and at no other."""

    rp_id: str
    """The host's name, without its port."""
    origin: str
    """Scheme, name and port, as a browser says them."""


class Owner(Record):
    """Whose passkey it becomes, as their authenticator is to show it."""

    handle: bytes
    """What the authenticator gives back at a sign-in; it says nothing of the person."""
    email: str
    name: str


class Credential(Record):
    """A passkey as its authenticator knows it."""

    id: bytes
    transports: tuple[str, ...] = ()


class Created(Record):
    """A passkey that was made."""

    credential: Credential
    public_key: bytes
    """COSE."""
    sign_count: int
    backed_up: bool


class Asserted(Record):
    """What a passkey tells of itself when it signs."""

    sign_count: int
    backed_up: bool


def site_of(caller: Caller) -> Site | None:
    """The site at which a browser asks; None where browsers have no passkeys.

    That is at a bare network address, and without https, except at localhost.
    """
    name, port = _parted(caller.host)
    if _is_address(name) or not (caller.secure or _is_local(name)):
        return None
    scheme = "https" if caller.secure else "http"
    told = "" if port in {None, _PORTS[scheme]} else f":{port}"
    return Site(rp_id=name, origin=f"{scheme}://{name}{told}")


def creation_options(
    site: Site, portal: str, owner: Owner, challenge: bytes, *, existing: Sequence[Credential], lifetime: timedelta
) -> str:
    """What a browser is to make a passkey with: another one than those that exist, kept where it can be found again."""
    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=portal,
        user_id=owner.handle,
        user_name=owner.email,
        user_display_name=owner.name,
        challenge=challenge,
        timeout=lifetime // _MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(each) for each in existing],
        supported_pub_key_algs=_ALGORITHMS,
    )
    return options_to_json(options)


def request_options(site: Site, challenge: bytes, *, hints: Sequence[PasskeyHint], lifetime: timedelta) -> str:
    """What a browser is to sign with whichever passkey its owner chooses, looked for first where `hints` say."""
    options = generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        timeout=lifetime // _MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return msgspec.json.encode({**options_to_json_dict(options), "hints": [hint.value for hint in hints]}).decode()


def created(site: Site, challenge: bytes, response: str) -> Created:
    """The passkey that was made for `challenge`; `UnbelievableError` for any other answer."""
    _check_length(response)
    try:
        credential = parse_registration_credential_json(response)
        _check_formats(credential)
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
        _check_key(verified.credential_public_key)
    except Exception as error:  # whatever a stranger's bytes do to the library
        raise UnbelievableError from error
    if verified.credential_id != credential.raw_id or len(credential.raw_id) > _LONGEST_ID:
        raise UnbelievableError
    return Created(
        credential=Credential(id=credential.raw_id, transports=_transports(credential)),
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        backed_up=verified.credential_backed_up,
    )


def read_assertion(response: str) -> AuthenticationCredential:
    """Read what a passkey signed, without believing it yet; `UnbelievableError` for what is nothing of the kind."""
    _check_length(response)
    try:
        credential = parse_authentication_credential_json(response)
        if parse_client_data_json(credential.response.client_data_json).cross_origin:
            raise UnbelievableError
    except Exception as error:  # whatever a stranger's bytes do to the library
        raise UnbelievableError from error
    if not credential.response.user_handle:
        raise UnbelievableError
    return credential


def asserted(site: Site, challenge: bytes, credential: AuthenticationCredential, public_key: bytes | None) -> Asserted:
    """What a passkey tells that signed `challenge`; None for the key of a passkey that nobody has.

    Raises `WrongSignatureError` for another's signature, and always where nobody has the passkey, after the same work;
    `UnbelievableError` for what is no answer to what was asked here, whoever signed it. How often the passkey was used
    before is the caller's to compare.
    """
    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=public_key or _nobodys_key(),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:  # whatever a stranger's bytes do to the library
        told = WrongSignatureError if isinstance(error.__context__, InvalidSignature) else UnbelievableError
        raise told from error
    if public_key is None:
        raise WrongSignatureError
    return Asserted(sign_count=verified.new_sign_count, backed_up=verified.credential_backed_up)


def _parted(host: str) -> tuple[str, int | None]:
    name, _, port = host.rpartition(":")
    return (name, int(port)) if name and port.isdecimal() else (host, None)


def _is_local(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _descriptor(credential: Credential) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        id=credential.id,
        transports=[AuthenticatorTransport(each) for each in credential.transports] or None,
    )


def _transports(credential: RegistrationCredential) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.value for each in credential.response.transports or ()))


def _check_length(response: str) -> None:
    if len(response) > _LONGEST:
        raise UnbelievableError


def _check_formats(credential: RegistrationCredential) -> None:
    """Refuse what a browser would not hand over here, before more of it is read."""
    if parse_client_data_json(credential.response.client_data_json).cross_origin:
        raise UnbelievableError
    attestation = parse_attestation_object(credential.response.attestation_object)
    if attestation.fmt not in _FORMATS or attestation.att_stmt.x5c is not None:
        raise UnbelievableError


def _check_key(public_key: bytes) -> None:
    """Refuse a key that nothing could be verified with, or that is too weak, or too large."""
    key = decoded_public_key_to_cryptography(decode_credential_public_key(public_key))
    if isinstance(key, EllipticCurvePublicKey) and not isinstance(key.curve, SECP256R1):
        raise UnbelievableError
    if isinstance(key, RSAPublicKey) and key.key_size not in _RSA_BITS:
        raise UnbelievableError


@cache
def _nobodys_key() -> bytes:
    """A key whose other half was thrown away: passkeys that nobody has are compared with it."""
    point = generate_private_key(SECP256R1()).public_key().public_numbers()
    return encode_cbor(
        {
            COSEKey.KTY.value: COSEKTY.EC2.value,
            COSEKey.ALG.value: COSEAlgorithmIdentifier.ECDSA_SHA_256.value,
            COSEKey.CRV.value: COSECRV.P256.value,
            COSEKey.X.value: point.x.to_bytes(32, "big"),
            COSEKey.Y.value: point.y.to_bytes(32, "big"),
        }
    )
