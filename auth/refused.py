"""Passwords that nobody may have: those that everybody tries first, and an operator's own list."""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

_COMMON = Path(__file__).with_name("common_passwords.txt")
_SHORTEST = 8
"""No policy lets a shorter password pass, so there is no need to remember one."""


class RefusedListError(ValueError):
    """An operator's list cannot be used; the message names the file and what to do."""


class RefusedPasswords:
    """A set of passwords, by eight bytes of each: a hundred thousand take less than a megabyte.

    Letter case and ways of composing a letter do not count. The most common passwords are always in it.
    """

    def __init__(self, lines: Iterable[str] = ()) -> None:
        own = {_digest(line.strip()) for line in lines if len(line.strip()) >= _SHORTEST}
        self._digests = array("Q", sorted(own | _common()))

    def __contains__(self, password: str) -> bool:
        """Whether it is refused."""
        digest = _digest(password)
        place = bisect_left(self._digests, digest)
        return self._digests[place : place + 1] == array("Q", [digest])

    def __len__(self) -> int:
        """How many there are."""
        return len(self._digests)

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return len(self._digests) * self._digests.itemsize

    @classmethod
    def load(cls, path: Path | None) -> RefusedPasswords:
        """The most common ones and those in the file at `path`, one a line, UTF-8; blank lines do not count.

        Raises `RefusedListError` for a file that cannot be read.
        """
        if path is None:
            return cls()
        try:
            with path.open(encoding="utf-8-sig") as lines:
                return cls(lines)
        except OSError as error:
            msg = f"{path} cannot be read ({error.strerror}): check the path and who may read it"
        except UnicodeDecodeError:
            msg = f"{path} is not UTF-8: save it as UTF-8 text with one password a line"
        raise RefusedListError(msg)


@cache
def _common() -> frozenset[int]:
    return frozenset(map(_digest, _COMMON.read_text("utf-8").split()))


def _digest(password: str) -> int:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", password).casefold())
    return int.from_bytes(blake2b(folded.encode(errors="surrogatepass"), digest_size=8).digest(), "big")
