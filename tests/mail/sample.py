"""Letters and certificates for the tests of mail."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ventanilla.mail.letter import Letter
from ventanilla.store.letters import LetterKind
from ventanilla.store.manager import Contact, Manager

MARTA = "marta@vecinos.example"
SENDER = "no-reply@sur.example"
LINK = "https://sur.example/verify#Zk3v9QmT0b1xY7"
LINKED = (LetterKind.VERIFY_EMAIL, LetterKind.VERIFY_NEW_EMAIL, LetterKind.RESET_PASSWORD, LetterKind.ACCESS_LINK)
CODES = {LetterKind.SIGN_IN_CODE: "482913", LetterKind.ACCESS_PASSWORD: "kv7mp-2xqzt-9nadu-hr4se"}
SUR = Manager(
    slug="sur",
    name="Sur",
    hosts=("sur.example",),
    country="AR",
    locale="es-AR",
    languages=("es", "en"),
    currency="ARS",
    time_zone="America/Argentina/Buenos_Aires",
    licences={},
    offices={},
    contact=Contact(email="hola@sur.example", phone="+54 11 5555", website="https://sur.example"),
)


def letter(kind: LetterKind = LetterKind.VERIFY_EMAIL, **changes: Any) -> Letter:
    """A letter of a kind, with all that such letters tell; `changes` take the place of parts of it."""
    told: dict[str, Any] = {
        "id": "5f0c",
        "kind": kind,
        "recipient": MARTA,
        "language": "es",
        "portal": "https://sur.example",
        "at": datetime(2026, 11, 22, 5, 41, tzinfo=UTC),
        "name": "Marta Giménez",
        "link": LINK if kind in LINKED else "https://sur.example",
        "code": CODES.get(kind),
        "told": {
            "minutes": "60",
            "when": "22 de noviembre, 2:41",
            "device": "Firefox en Linux",
            "place": "190.12.8.44",
        },
    }
    return Letter(**{**told, **changes})


def letter_to(recipient: str, text: str = "Hola\n", subject: str = "Hola") -> EmailMessage:
    """A plain message."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, recipient, subject
    message["Message-ID"] = "<1@sur.example>"
    message.set_content(text, cte="quoted-printable")
    return message


def signed(host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A client's and a server's side of encryption, where the client trusts the server's certificate for `host`."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(host, key).public_bytes(serialization.Encoding.PEM)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "server.pem"
        path.write_bytes(_pem(key) + certificate)
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        theirs.load_cert_chain(path)
    return ssl.create_default_context(cadata=certificate.decode()), theirs


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(host: str, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    number = host.replace(".", "").isdigit()
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(host)) if number else x509.DNSName(host)]), False
        )
        .sign(key, hashes.SHA256())
    )
