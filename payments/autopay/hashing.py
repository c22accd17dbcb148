"""Autopay's hash: values in the order of their numbers, joined, with the shared key at the end. It is no HMAC."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from ventanilla.payments.autopay.configuration import HashName

SEPARATOR: Final = "|"
_ALGORITHMS: Final = {HashName.SHA256: hashlib.sha256, HashName.SHA512: hashlib.sha512}


class Hashing:
    """Makes a service's hashes."""

    def __init__(self, name: HashName, shared_key: str) -> None:
        self._algorithm = _ALGORITHMS[name]
        self._shared_key = shared_key

    def of(self, values: Iterable[str]) -> str:
        """The hash of the values, in hexadecimal. What is empty leaves no separator either."""
        joined = SEPARATOR.join([*filter(None, values), self._shared_key])
        return self._algorithm(joined.encode("utf-8", "surrogatepass")).hexdigest()
