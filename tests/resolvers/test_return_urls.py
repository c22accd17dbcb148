"""Where people may be sent back to: registered paths of the portal, however cunningly another place is written."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.till import paid_manager
from ventanilla.auth.actor import GUEST
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.return_urls import ReturnUrl, read
from ventanilla.store.manager import PaymentChoice

HOSTS = ("sur.example", "pagos.sur.example:8443", "127.0.0.1:8001")
PATHS = ("/", "/pagos", "/mi-cuenta/pagos/")
SUR = paid_manager("sur", hosts=HOSTS)
CHOICE = PaymentChoice(platform="till", return_paths=PATHS)


def context(*, secure: bool = True, host: str = "sur.example") -> Context:
    return Context(
        services=cast("Any", None),
        manager=SUR,
        host=host,
        actor=GUEST,
        language="es",
        request_id="test",
        address="192.0.2.1",
        secure=secure,
    )


@pytest.mark.parametrize(
    ("text", "origin", "path"),
    [
        ("/", "https://sur.example", "/"),
        ("/pagos", "https://sur.example", "/pagos"),
        ("/mi-cuenta/pagos/", "https://sur.example", "/mi-cuenta/pagos/"),
        ("https://sur.example/pagos", "https://sur.example", "/pagos"),
        ("https://sur.example:443/pagos", "https://sur.example", "/pagos"),
        ("https://sur.example", "https://sur.example", "/"),
        ("https://pagos.sur.example:8443/", "https://pagos.sur.example:8443", "/"),
    ],
)
def test_registered_paths_of_the_portal(text: str, origin: str, path: str) -> None:
    assert read(context(), CHOICE, text) == ReturnUrl(origin=origin, path=path)


def test_a_portal_without_tls_is_come_back_to_as_it_was_left() -> None:
    plain = context(secure=False, host="127.0.0.1:8001")
    assert read(plain, CHOICE, "/pagos") == ReturnUrl(origin="http://127.0.0.1:8001", path="/pagos")
    assert read(plain, CHOICE, "http://127.0.0.1:8001/") == ReturnUrl(origin="http://127.0.0.1:8001", path="/")
    assert read(context(), CHOICE, "http://sur.example/pagos") is None


ELSEWHERE = [
    *("", " ", "pagos", "//", "//pagos", "///", "//evil.example", "//evil.example/pagos", "/\\evil.example", "\\pagos"),
    *(
        "/\\/evil.example",
        "/%2F/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/pagos\n",
        "/pagos ",
        "/pagos/",
    ),
    *(
        "/pagos?x=1",
        "/pagos#x",
        "/pagos?",
        "/pagos#",
        "/./pagos",
        "/../pagos",
        "/pagos/..",
        "/x/../pagos",
        "/%2e/pagos",
    ),
    *("/pagos/%2e%2e", "/PAGOS", "/pagos;x", "/otra", "https:/pagos", "https:pagos", "https:///pagos", "https://"),
    *("https://evil.example/pagos", "https://norte.example/pagos", "https://sur.example.evil.example/pagos"),
    *("https://evilsur.example/pagos", "https://sur.example@evil.example/pagos", "https://evil.example#@sur.example/"),
    *("https://ana@sur.example/pagos", "https://:@sur.example/pagos", "https://sur.example:8443/pagos"),
    *(
        "https://sur.example:443:443/",
        "https://sur.example:/",
        "https://SUR.example/pagos",
        "https://sur.example./pagos",
    ),
    *("https://sur.example\\@evil.example/pagos", "https://sur.example/pagos?x", "https://sur.example/../pagos"),
    *(
        "https://sur.example//pagos",
        "https://sur.exam\tple/pagos",
        " https://sur.example/pagos",
        "https://[sur.example/",
    ),
    *("javascript:alert(1)", "javascript://sur.example/pagos", "data:text/html,x", "ftp://sur.example/pagos"),
    *("https://ѕur.example/pagos", "/p\u00e1gos", "\u2028/pagos", "/pagos\0", "/" + "a" * 2_000),
]


@pytest.mark.parametrize("text", ELSEWHERE)
def test_elsewhere(text: str) -> None:
    assert read(context(), CHOICE, text) is None


_PIECES = [
    *(
        "/",
        "//",
        "\\",
        "https:",
        "http:",
        "HTTPS:",
        "javascript:",
        "sur.example",
        "evil.example",
        "@",
        ":",
        ":443",
        "%2f",
    ),
    *(
        "pagos",
        "/pagos",
        "..",
        ".",
        "?",
        "#",
        "\t",
        "\r\n",
        " ",
        "\0",
        ";",
        "&",
        "%00",
        "%5c",
        "\u3002",
        "\uff0f",
        "[",
        "]",
    ),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join) | st.text(max_size=60))
def test_whatever_is_taken_leads_to_a_registered_path_of_the_portal(text: str) -> None:
    found = read(context(), CHOICE, text)
    if found is None:
        return
    led = urlsplit(urljoin("https://sur.example/anywhere", text))
    assert found.path in PATHS
    assert found.origin in {f"https://{host}" for host in HOSTS}
    assert (led.scheme, led.hostname, led.username, led.query, led.fragment) == ("https", "sur.example", None, "", "")
    assert led.path in {found.path, ""}
