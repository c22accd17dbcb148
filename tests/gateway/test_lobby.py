from pathlib import Path

import pytest
from starlette.datastructures import Headers

from tests.gateway.conftest import manager
from ventanilla.auth import keys
from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway.credential import Cookie
from ventanilla.gateway.lobby import Lobby, Visitor
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.visit import Visit
from ventanilla.payments.asking import Asking
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.pdf.papers import Papers
from ventanilla.resolvers.context import Services
from ventanilla.resolvers.watching import Watching
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("aguas.example", "aguas"),
        ("AGUAS.example", "aguas"),
        ("aguas.example:8000", "aguas"),
        ("lares.example", "lares"),
        ("127.0.0.1:8001", "aguas"),
        ("127.0.0.1:8002", "lares"),
    ],
)
async def test_the_host_names_the_manager(gateway, host: str, slug: str) -> None:
    response = await gateway.ask("{portal}", "x.example", host=host)

    assert response.json()["data"]["portal"] == slug


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("nobody.example", 421),
        ("evil-aguas.example", 421),
        ("aguas.example.evil.example", 421),
        ("127.0.0.1", 421),
        ("127.0.0.1:8003", 421),
        ("aguas.example.", 400),
        ("aguas.example:", 400),
        ("aguas.example@evil", 400),
    ],
)
async def test_other_hosts_are_nobodys(gateway, host: str, status: int) -> None:
    response = await gateway.ask("{portal}", "x.example", host=host)

    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_forwarded_headers_are_believed_from_proxies_only(start) -> None:
    forwarded = {"x_forwarded_host": "lares.example", "x_forwarded_for": "198.51.100.7", "forwarded": "host=x"}
    async with start(trusted_proxies="10.0.0.0/8") as gateway:
        stranger = await gateway.ask("{portal address}", peer="203.0.113.9", **forwarded)
        proxy = await gateway.ask("{portal address}", peer="10.0.0.1", **forwarded)

    assert stranger.json()["data"] == {"portal": "aguas", "address": "203.0.113.9"}
    assert proxy.json()["data"] == {"portal": "lares", "address": "198.51.100.7"}


async def test_a_bearer_says_who_asks(gateway) -> None:
    response = await gateway.ask("{who}", authorization=f"Bearer {await gateway.token()}")

    assert response.json()["data"]["who"] == "Ana Paz"


async def test_wrong_bearers_are_refused_alike(gateway) -> None:
    good = await gateway.token()
    altered = good[:-1] + ("a" if good[-1] != "a" else "b")
    answers = [
        await gateway.ask("{who}", authorization=f"Bearer {altered}"),
        await gateway.ask("{who}", authorization="Bearer eyJhbGciOiJub25lIn0.e30."),
        await gateway.ask("{who}", "lares.example", authorization=f"Bearer {good}"),
    ]

    assert {(each.status_code, each.text) for each in answers} == {(401, answers[0].text)}
    assert answers[0].json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert answers[0].headers["www-authenticate"] == "Bearer"


async def test_a_token_in_the_address_counts_for_nothing(gateway) -> None:
    token = await gateway.token()
    async with gateway.client() as client:
        response = await client.post(f"/graphql?access_token={token}", json={"query": "{who}"})

    assert response.json()["data"]["who"] is None


async def test_a_cookie_counts_with_the_guard_header_only(gateway) -> None:
    cookie = f"ventanilla={await gateway.token()}"
    bare = await gateway.ask("{who}", cookie=cookie)
    guarded = await gateway.ask("{who}", cookie=cookie, x_ventanilla_request="1")

    assert (bare.status_code, bare.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert guarded.json()["data"]["who"] == "Ana Paz"
    assert "set-cookie" not in guarded.headers


async def test_a_bearer_goes_before_a_cookie(gateway) -> None:
    response = await gateway.ask("{who}", cookie="ventanilla=old", authorization=f"Bearer {await gateway.token()}")

    assert response.json()["data"]["who"] == "Ana Paz"


async def test_a_stale_cookie_is_signed_out_and_cleared(gateway) -> None:
    response = await gateway.ask("{who}", cookie="ventanilla=stale", x_ventanilla_request="1")

    assert response.json()["data"]["who"] is None
    assert response.headers["set-cookie"] == "ventanilla=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"


async def test_signing_in_sets_a_cookie_that_signs_in(gateway) -> None:
    entered = await gateway.ask("mutation { enter }")
    name, _, flags = entered.headers["set-cookie"].partition("; ")
    response = await gateway.ask("{who}", cookie=name, x_ventanilla_request="1")

    assert (name.split("=")[0], flags) == ("ventanilla", "Path=/; HttpOnly; SameSite=Lax")
    assert response.json()["data"]["who"] == "Ana Paz"


async def test_over_https_the_cookie_is_bound_to_its_host(gateway) -> None:
    entered = await gateway.ask("mutation { enter }", scheme="https")

    assert entered.headers["set-cookie"].startswith("__Host-ventanilla=")
    assert entered.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")


async def test_the_setting_outweighs_the_scheme(start) -> None:
    async with start(cookie_secure=True) as gateway:
        assert "; Secure" in (await gateway.ask("mutation { enter }")).headers["set-cookie"]


async def test_signing_out_clears_the_cookie(gateway) -> None:
    left = await gateway.ask("mutation { leave }")

    assert "Max-Age=0" in left.headers["set-cookie"]


async def test_nothing_is_granted_to_other_origins(gateway) -> None:
    async with gateway.client(origin="https://evil.example", access_control_request_method="POST") as client:
        preflight = await client.options("/graphql")

    assert preflight.status_code == 405
    assert not [name for name in preflight.headers if name.startswith("access-control-")]


async def test_a_last_use_that_cannot_be_written_is_no_bug_and_a_context_knows_the_longest_page(tmp_path: Path) -> None:
    registry = Registry.discover()
    services = Services(
        store=Store("postgresql://nobody:nothing@127.0.0.1:1/nowhere"),
        registry=registry,
        offices=Offices(registry, tmp_path, utc_now),
        keys=keys.load(None, tmp_path),
        clock=utc_now,
        papers=Papers(),
        watching=Watching(utc_now),
        platforms=Platforms(PlatformRegistry.discover(()), Asking()),
    )
    visit = Visit(host="aguas.example", address="203.0.113.9", secure=True)
    visitor = Visitor(
        visit=visit,
        manager=manager("aguas", "aguas.example"),
        version=1,
        actor=Actor(person_id="1", session_id="1"),
        cookie=Cookie.at(visit, secure=True),
        stale_cookie=False,
        touch_due=True,
    )

    lobby = Lobby(services, (), None, most_page=7)
    assert lobby.context(visitor, Headers(), "id").most_page == 7
    await lobby.touch(visitor)
    await services.store.close()
