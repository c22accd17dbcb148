"""What the metadata document says, and that it is so."""

from __future__ import annotations

from typing import Any

import pytest
from authlib.oauth2 import rfc8414, rfc9207

from tests.gateway.oauth.programs import Programs
from ventanilla.auth.scopes import SCOPES

pytestmark = pytest.mark.anyio


async def document(programs: Programs, slug: str = "sur") -> dict[str, Any]:
    async with programs.browser(slug) as browser:
        got = await browser.get("/.well-known/oauth-authorization-server")
    assert (got.status_code, got.headers["content-type"]) == (200, "application/json")
    return got.json()


async def test_it_is_in_order_and_of_its_portal(programs: Programs) -> None:
    for slug in ("sur", "norte"):
        told = rfc8414.AuthorizationServerMetadata(await document(programs, slug))
        told.validate(metadata_classes=[rfc9207.AuthorizationServerMetadata])
        assert told["issuer"] == f"https://{slug}.example"
    assert set(told["scopes_supported"]) == set(SCOPES)


async def test_every_endpoint_that_it_names_answers(programs: Programs) -> None:
    told = await document(programs)
    client = await programs.own()
    auth = (client.client.id, client.secret or "")
    answers: dict[str, int] = {}
    async with programs.browser() as browser:
        for name in ("token", "revocation", "introspection"):
            got = await browser.post(told[f"{name}_endpoint"], data={"nothing": "1"}, auth=auth)
            answers[name] = got.status_code
            assert got.json()["error"] == "invalid_request", name
        answers["authorization"] = (await browser.get(told["authorization_endpoint"])).status_code

    assert answers == {"token": 400, "revocation": 400, "introspection": 400, "authorization": 200}


async def test_every_grant_that_it_names_is_known_and_no_other(programs: Programs) -> None:
    told = await document(programs)
    client = await programs.own()
    errors: dict[str, str | None] = {}
    for grant in (
        *told["grant_types_supported"],
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ):
        errors[grant] = (await programs.token({"grant_type": grant}, client)).json().get("error")

    assert {grant for grant, error in errors.items() if error != "unsupported_grant_type"} == set(
        told["grant_types_supported"]
    )
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]


async def test_every_way_to_say_who_one_is_works_where_it_is_named(programs: Programs) -> None:
    told = await document(programs)
    keyed, public = await programs.add(), await programs.add(public=True)
    shown: dict[str, tuple[Any, dict[str, str]]] = {
        "client_secret_basic": (keyed, {}),
        "client_secret_post": (None, {"client_id": keyed.client.id, "client_secret": keyed.secret or ""}),
        "none": (None, {"client_id": public.client.id}),
    }
    for name in ("token", "revocation", "introspection"):
        path = told[f"{name}_endpoint"].removeprefix("https://sur.example")
        form = {"grant_type": "refresh_token", "refresh_token": "x", "token": "x"}
        let_in = {
            way
            for way, (client, said) in shown.items()
            if (await programs.post(path, {**form, **said}, client)).json().get("error") != "invalid_client"
        }
        assert let_in == set(told[f"{name}_endpoint_auth_methods_supported"]), name
