import pytest
from starlette.datastructures import Headers

from ventanilla.gateway.credential import Cookie, Credential, Source, credential_of
from ventanilla.gateway.refusal import RefusalError
from ventanilla.gateway.visit import Visit

COOKIE = Cookie("ventanilla", secure=False)


def headers(*pairs: tuple[str, str]) -> Headers:
    return Headers(raw=[(name.encode(), value.encode()) for name, value in pairs])


def visit(host: str) -> Visit:
    return Visit(host=host, address="", secure=False)


def test_nobody_shows_nothing() -> None:
    assert credential_of(headers(("cookie", "other=1; ventanilla=")), COOKIE) is None


def test_the_cookie_needs_the_guard_header() -> None:
    cookie = ("cookie", "a=1; ventanilla=abc; b=2")

    with pytest.raises(RefusalError) as refusal:
        credential_of(headers(cookie), COOKIE)

    assert (refusal.value.status, refusal.value.code) == (403, "FORBIDDEN")
    assert credential_of(headers(cookie, ("x-ventanilla-request", "1")), COOKIE) == Credential("abc", Source.COOKIE)


def test_a_bearer_goes_before_the_cookie() -> None:
    shown = credential_of(headers(("cookie", "ventanilla=abc"), ("authorization", "bearer  xyz ")), COOKIE)

    assert shown == Credential("xyz", Source.BEARER)


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Basic dXNlcg==", "xyz", "Bearer " + "x" * 513])
def test_other_authorizations_are_refused(value: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        credential_of(headers(("authorization", value)), COOKIE)

    assert (refusal.value.status, refusal.value.code) == (401, "UNAUTHENTICATED")


def test_two_authorizations_are_refused() -> None:
    with pytest.raises(RefusalError):
        credential_of(headers(("authorization", "Bearer a"), ("authorization", "Bearer a")), COOKIE)


def test_a_secure_cookie_is_bound_to_its_host() -> None:
    cookie = Cookie.at(visit("aguas.example"), secure=True)

    assert cookie.written("abc") == "__Host-ventanilla=abc; Path=/; HttpOnly; SameSite=Lax; Secure"


def test_an_insecure_cookie_says_no_more_than_it_can_keep() -> None:
    cookie = Cookie.at(visit("aguas.localhost:8000"), secure=False)

    assert cookie.written("abc") == "ventanilla=abc; Path=/; HttpOnly; SameSite=Lax"
    assert cookie.written("") == "ventanilla=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"


def test_portals_at_ports_of_one_address_keep_their_cookies_apart() -> None:
    assert Cookie.at(visit("127.0.0.1:8001"), secure=False).name == "ventanilla-8001"
