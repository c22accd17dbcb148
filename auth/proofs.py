"""What proves that somebody reads an address: tokens of links, codes, and the tickets that codes are tried with.

All are derived from a challenge's id under the manager's key, so that they are written nowhere: not in the store, not
in a letter that waits to be sent, not in a log.
"""

from __future__ import annotations

import base64
import hmac
import re
from hashlib import sha256
from typing import Final

from ventanilla.auth.keys import Keys

LINK: Final = "vl_"
"""What the token of a link begins with, so that scanners for leaked secrets know one."""
TICKET: Final = "vt_"
DIGITS: Final = 6
"""How many digits a code has."""
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""What passwords are made of: nothing that is taken for something else on paper."""
_GROUPS: Final = 4
_GROUP: Final = 5
"""Twenty letters of thirty-one are 99 bits."""
_SHOWN = re.compile(r"(?P<prefix>v[lt]_)(?P<id>[0-9a-f]{32})(?P<mac>[A-Za-z0-9_-]{32})")


class Proofs:
    """Makes and reads the proofs of one manager's challenges."""

    def __init__(self, keys: Keys, manager: str) -> None:
        self._key = keys.of(manager, "challenges")

    def __repr__(self) -> str:
        return "Proofs(…)"

    def link(self, kind: str, challenge_id: str) -> str:
        """The token of a link for a challenge of this kind."""
        return f"{LINK}{challenge_id}{self._mac(f'link {kind}', challenge_id)}"

    def read_link(self, kind: str, token: str) -> str | None:
        """The id of the challenge that `token` is the link of; None for what is altered, invented or of another."""
        return self._read(LINK, f"link {kind}", token)

    def ticket(self, challenge_id: str) -> str:
        """What the code of a challenge is tried with: only who asked for the code has it."""
        return f"{TICKET}{challenge_id}{self._mac('ticket', challenge_id)}"

    def read_ticket(self, ticket: str) -> str | None:
        """The id of the challenge that `ticket` was made for; None for what is altered, invented or of another."""
        return self._read(TICKET, "ticket", ticket)

    def code(self, challenge_id: str) -> str:
        """The code of a challenge: six digits."""
        number = int.from_bytes(self._digest("code", challenge_id)[:16], "big")
        return f"{number % 10**DIGITS:0{DIGITS}}"

    def is_code(self, challenge_id: str, code: str) -> bool:
        """Whether `code` is the challenge's; white space does not count. Count the try before."""
        shown = "".join(code.split())
        return hmac.compare_digest(shown.encode(errors="surrogatepass"), self.code(challenge_id).encode())

    def password(self, challenge_id: str) -> str:
        """The password of a challenge, for a letter to tell: four groups of five letters and digits."""
        number = int.from_bytes(self._digest("password", challenge_id), "big")
        letters: list[str] = []
        for _ in range(_GROUPS * _GROUP):
            number, place = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[place])
        return "-".join("".join(letters[at : at + _GROUP]) for at in range(0, len(letters), _GROUP))

    def is_password(self, challenge_id: str, password: str) -> bool:
        """Whether `password` is the challenge's; white space around it does not count. Count the try before."""
        shown = password.strip().encode(errors="surrogatepass")
        return hmac.compare_digest(shown, self.password(challenge_id).encode())

    def signable(self, kind: str, challenge_id: str) -> bytes:
        """What a passkey signs for a challenge of this kind: 32 bytes."""
        return self._digest(f"passkey {kind}", challenge_id)

    def _read(self, prefix: str, purpose: str, shown: str) -> str | None:
        found = _SHOWN.fullmatch(shown.strip())
        if found is None or found["prefix"] != prefix:
            return None
        right = hmac.compare_digest(found["mac"], self._mac(purpose, found["id"]))
        return found["id"] if right else None

    def _mac(self, purpose: str, challenge_id: str) -> str:
        return base64.urlsafe_b64encode(self._digest(purpose, challenge_id)[:24]).decode()

    def _digest(self, purpose: str, challenge_id: str) -> bytes:
        return hmac.digest(self._key, f"{purpose}\n{challenge_id}".encode(), sha256)
