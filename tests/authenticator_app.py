"""An authenticator: the program on a telephone that reads a secret once and shows six digits ever after.

It is written from RFC 6238 and RFC 4226 alone, so that it finds out what our side gets wrong.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from base64 import b32decode
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit


def hotp(secret: bytes, counter: int, digits: int = 6) -> str:
    digest = hmac.new(secret, struct.pack(">Q", counter), hashlib.sha1).digest()
    (number,) = struct.unpack_from(">I", digest, digest[19] & 15)
    return str((number & 0x7FFFFFFF) % 10**digits).zfill(digits)


@dataclass(frozen=True)
class App:
    """What an authenticator keeps of one address."""

    issuer: str
    account: str
    secret: bytes

    @classmethod
    def scan(cls, address: str) -> App:
        """Read the address of a QR code; what many authenticators do not know is an error."""
        parts = urlsplit(address)
        told = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
        issuer, _, account = unquote(parts.path.removeprefix("/")).partition(":")
        assert (parts.scheme, parts.netloc, issuer) == ("otpauth", "totp", told["issuer"])
        assert (told["algorithm"], told["digits"], told["period"]) == ("SHA1", "6", "30")
        assert "+" not in parts.query, "which authenticators show as it stands"
        return cls(issuer, account, b32decode(told["secret"]))

    def code(self, now: datetime, steps: int = 0) -> str:
        """What it shows at a moment, or so many steps later."""
        return hotp(self.secret, int(now.timestamp()) // 30 + steps)

    def wrong(self, now: datetime) -> str:
        """Six digits that are no code of these minutes."""
        right = {self.code(now, steps) for steps in range(-3, 4)}
        return next(code for code in map("{:06}".format, range(10)) if code not in right)
