"""The headers of a request, sorted by name once: a dozen places look something up in them."""

from __future__ import annotations

from typing import Any, Final

from starlette.datastructures import Headers
from starlette.types import Scope

_KEY: Final = "ventanilla.headers"
Raw = list[tuple[bytes, bytes]]


class Sorted(Headers):
    """Headers that are looked up by name without going through all of them."""

    def __init__(self, raw: Raw) -> None:
        super().__init__(raw=raw)
        self.sorted_from = raw
        self._values: dict[str, list[str]] = {}
        for name, value in raw:
            self._values.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))

    def getlist(self, key: str) -> list[str]:
        """All values of one header, in the order they came."""
        return self._values.get(key.lower(), [])

    def get(self, key: str, default: Any = None) -> Any:
        """The first value of one header."""
        values = self._values.get(key.lower())
        return values[0] if values else default

    def __getitem__(self, key: str) -> str:
        return self._values[key.lower()][0]

    def __contains__(self, key: Any) -> bool:
        return key.lower() in self._values


def headers_of(scope: Scope) -> Headers:
    """The headers of one request; they are sorted anew where a scope was given others."""
    known: Sorted | None = scope.get(_KEY)
    if known is None or known.sorted_from is not scope["headers"]:
        known = scope[_KEY] = Sorted(scope["headers"])
    return known
