"""Headers that are sorted once say what Starlette's say, and are sorted anew where a scope was given others."""

from typing import Any

import pytest
from starlette.datastructures import Headers

from ventanilla.gateway.heads import headers_of

RAW = [
    (b"host", b"a.example"),
    (b"accept", b"text/html"),
    (b"accept", b"*/*"),
    (b"x-name", "Jos\u00e9".encode("latin-1")),
]


def scope() -> dict[str, Any]:
    return {"type": "http", "headers": list(RAW)}


@pytest.mark.parametrize("name", ["host", "Host", "ACCEPT", "x-name", "missing"])
def test_a_look_up_finds_what_starlettes_finds(name: str) -> None:
    ours, theirs = headers_of(scope()), Headers(raw=list(RAW))
    assert (ours.getlist(name), ours.get(name), name in ours) == (
        theirs.getlist(name),
        theirs.get(name),
        name in theirs,
    )
    assert (ours.items(), len(ours)) == (theirs.items(), len(theirs))


def test_they_are_sorted_once_for_a_request_and_anew_for_other_headers() -> None:
    asked = scope()
    first = headers_of(asked)
    assert headers_of(asked) is first
    later = {**asked, "headers": [*asked["headers"], (b"authorization", b"Bearer x")]}
    assert headers_of(later).get("authorization") == "Bearer x"
    assert headers_of(asked).get("authorization") is None
