"""Codes of an authenticator (RFC 6238): six digits, another every thirty seconds, made by cryptography's HOTP.

Its TOTP looks at one moment alone and does not tell which step a code is of, and its address writes a space as ``+``,
which authenticators show as it stands: so steps and address are ours.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from typing import Final
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

DIGITS: Final = 6
STEP_S: Final = 30
"""How many seconds a code is shown."""
DRIFT: Final = 1
"""How many steps a clock may be ahead or behind."""
_SECRET_BYTES: Final = 20


def made() -> bytes:
    """A new secret: 160 random bits."""
    return secrets.token_bytes(_SECRET_BYTES)


def base32(secret: bytes) -> str:
    """A secret as people type it into an authenticator: 32 letters and digits."""
    return b32encode(secret).decode()


def code_at(secret: bytes, step: int) -> str:
    """The code of one step."""
    sha1 = SHA1()  # noqa: S303  many authenticators know nothing else, and as HMAC it is sound
    return HOTP(secret, DIGITS, sha1).generate(step).decode()


def step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """The step that `code` is of, at most `DRIFT` away from `now`, the newest of several; None if it is wrong.

    All steps are compared, each in constant time.
    """
    here, shown = int(now.timestamp()) // STEP_S, code.encode(errors="surrogatepass")
    steps = range(here - DRIFT, here + DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), shown)]
    return max(right, default=None)


def address(secret: bytes, *, issuer: str, account: str) -> str:
    """What an authenticator reads from a QR code; `account` tells several of one issuer apart."""
    # A colon ends the issuer, also one that is written as %3A.
    named = quote(" ".join(issuer.replace(":", " ").split()), safe="")
    told = f"secret={base32(secret)}&issuer={named}&algorithm=SHA1&digits={DIGITS}&period={STEP_S}"
    return f"otpauth://totp/{named}:{quote(account, safe='@')}?{told}"
