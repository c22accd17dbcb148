from ipaddress import ip_network

import pytest
from starlette.types import Scope

from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.visit import visit_of

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def scope(*headers: tuple[str, str], peer: str | None = "203.0.113.9", scheme: str = "http") -> Scope:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return {"type": "http", "scheme": scheme, "client": (peer, 1234) if peer else None, "headers": raw}


@pytest.mark.parametrize(
    ("given", "host", "name", "port"),
    [
        ("aguas.example", "aguas.example", "aguas.example", ""),
        ("AGUAS.Example:8000", "aguas.example:8000", "aguas.example", "8000"),
        ("127.0.0.1:8001", "127.0.0.1:8001", "127.0.0.1", "8001"),
        ("localhost", "localhost", "localhost", ""),
        ("[::1]:8000", "[::1]:8000", "[::1]", "8000"),
        ("[::1]", "[::1]", "[::1]", ""),
    ],
)
def test_reads_the_host(given: str, host: str, name: str, port: str) -> None:
    visit = visit_of(scope(("host", given)), ())

    assert (visit.host, visit.name, visit.port) == (host, name, port)


@pytest.mark.parametrize(
    "given",
    ["", ".", "aguas.example.", "aguas..example", "-a.example", "a_b.example", "a b", "a/b", "a@b", "aguas.example:",
     "aguas.example:0x50", "aguas.example:99999", "a.example:80:80", "a,b", "ágúas.example",
     "a" * 64, "a." * 130 + "a"],
)  # fmt: skip
def test_refuses_what_is_no_host(given: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        visit_of(scope(("host", given)), ())

    assert refusal.value.status == 400


def test_refuses_none_and_two_hosts() -> None:
    for headers in ((), (("host", "a.example"), ("host", "a.example"))):
        with pytest.raises(RefusalError):
            visit_of(scope(*headers), ())


FORWARDED = (
    ("host", "inner.example"),
    ("x-forwarded-host", "Outer.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-for", "198.51.100.7"),
    ("forwarded", "for=192.0.2.1;host=evil.example;proto=https"),
)


def test_a_stranger_forwards_nothing() -> None:
    visit = visit_of(scope(*FORWARDED), PROXIES)

    assert (visit.host, visit.address, visit.secure) == ("inner.example", "203.0.113.9", False)


@pytest.mark.parametrize("peer", ["10.1.2.3", "fd00::1"])
def test_a_proxy_is_believed(peer: str) -> None:
    visit = visit_of(scope(*FORWARDED, peer=peer), PROXIES)

    assert (visit.host, visit.address, visit.secure) == ("outer.example", "198.51.100.7", True)


def test_without_proxies_nobody_is_believed() -> None:
    assert visit_of(scope(*FORWARDED, peer="10.1.2.3"), ()).host == "inner.example"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("192.0.2.66, 198.51.100.7", "198.51.100.7"),
        ("192.0.2.66, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("10.9.9.9", "10.9.9.9"),
        ("198.51.100.7, nonsense", "10.1.2.3"),
        ("", "10.1.2.3"),
    ],
)
def test_the_first_stranger_from_the_right_is_the_client(forwarded: str, expected: str) -> None:
    visit = visit_of(scope(("host", "a.example"), ("x-forwarded-for", forwarded), peer="10.1.2.3"), PROXIES)

    assert visit.address == expected


def test_the_nearest_proxy_tells_the_scheme() -> None:
    headers = ("host", "a.example"), ("x-forwarded-proto", "https, http")

    assert not visit_of(scope(*headers, peer="10.1.2.3", scheme="https"), PROXIES).secure


def test_a_transport_without_addresses_is_no_proxy() -> None:
    visit = visit_of(scope(*FORWARDED, peer=None), PROXIES)

    assert (visit.host, visit.address) == ("inner.example", "")
