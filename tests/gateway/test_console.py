import json
import re
from pathlib import Path

import pytest
from graphql import parse, validate

from ventanilla.gateway.console import routes
from ventanilla.gateway.console.routes import SignIn
from ventanilla.schema.schema import build

pytestmark = pytest.mark.anyio

FOLDER = Path(routes.__file__).parent


def settings_in(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="settings">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


async def test_each_portal_has_a_page_in_its_own_name(gateway) -> None:
    async with gateway.client("lares.example") as client:
        page, start = await client.get("/graphiql"), await client.get("/")

    assert "Lares &amp; Cía." in page.text
    assert settings_in(page.text)["signIns"] == []
    assert (start.status_code, start.headers["location"]) == (307, "/graphiql")


async def test_nobodys_host_has_no_page(gateway) -> None:
    async with gateway.client("nobody.example") as client:
        assert [(await client.get(path)).status_code for path in ("/", "/graphiql")] == [421, 421]


async def test_every_file_that_the_page_names_is_our_own(gateway) -> None:
    async with gateway.client() as client:
        page = await client.get("/graphiql")
        named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        answers = [await client.get(path) for path in named if path != "data:,"]

    assert len(answers) == 6
    assert not re.findall(r"https?://", page.text)
    assert {each.status_code for each in answers} == {200}
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert answers[0].headers["cache-control"] == "max-age=3600"


async def test_sign_ins_are_offered_where_they_are_given(start) -> None:
    offered = SignIn(label="</script><b>Ana", email="ana@example.com", password="x")
    async with start({"sign_ins": {"aguas": [offered]}}) as gateway, gateway.client() as client:
        page = await client.get("/graphiql")

    assert settings_in(page.text)["signIns"] == [
        {"label": "</script><b>Ana", "email": "ana@example.com", "password": "x"}
    ]


async def test_production_has_no_console_unless_it_is_switched_on(start) -> None:
    for console, status in ((None, 404), (True, 200)):
        settings = {"environment": "production", "secret": "0f3b5d7799aabbccddeeff1234567890", "console": console}
        async with start(**settings) as gateway, gateway.client() as client:
            assert (await client.get("/graphiql")).status_code == status


@pytest.mark.parametrize(
    "document", [routes.VIEWER_QUERY, routes.SIGN_IN, routes.SIGN_OUT, routes.HOME_QUERY.read_text("utf-8")]
)
def test_what_the_console_asks_is_in_the_schema(document: str) -> None:
    assert validate(build(), parse(document)) == []


def test_every_vendored_program_has_its_licence() -> None:
    vendor = FOLDER / "vendor"
    programs = {path.name.split(".")[0] for path in vendor.glob("*.js")}

    fonts = {"fira-code"}  # inside GraphiQL's style sheet, with Roboto, whose licence is this project's own

    assert programs == {"graphiql", "react", "react-dom"}
    assert {path.stem for path in vendor.glob("*.LICENSE")} == programs | fonts
