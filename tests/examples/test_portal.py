"""The portal's files agree: documents with the schema, words with templates, and nothing with our rooms."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from graphql import GraphQLEnumType, build_schema, parse, validate

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "examples" / "portal"
sys.path.insert(0, str(PORTAL))

from ventanilla_portal import words  # noqa: E402  the portal is a project of its own
from ventanilla_portal.app import POLICY, create_app  # noqa: E402  the portal is a project of its own
from ventanilla_portal.page import Page  # noqa: E402  the portal is a project of its own
from ventanilla_portal.pages import PAGES  # noqa: E402  the portal is a project of its own

pytestmark = pytest.mark.anyio
SCHEMA = build_schema((ROOT / "schema" / "schema.graphql").read_text("utf-8"))
CODE = PORTAL / "ventanilla_portal"
SAID = re.compile(r"""\bt(?:\.has)?\(\s*"([^"]+)"\s*([,)~])""")
SAID_BY_CODE = re.compile(r"""said="(\w+)\"""")
FORMS = {"es": {"one", "other"}, "pl": {"one", "few", "many"}, "en": {"one", "other"}}
"""The plural forms that whole numbers take."""
WORD_FILES = sorted(CODE.rglob("*.toml"))
each_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])


def test_it_knows_nothing_of_the_gateway_but_its_schema() -> None:
    for module in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "ventanilla"], module


@each_page
def test_its_document_is_good_against_the_schema(page: Page) -> None:
    assert validate(SCHEMA, parse(page.document)) == []


@each_page
def test_every_page_has_one_query_and_all_its_files(page: Page) -> None:
    assert len(re.findall(r"^query ", page.document, re.MULTILINE)) == 1
    assert (CODE / "pages" / f"{page.name}.html").is_file()
    assert "...Frame" in page.document


def test_no_two_pages_share_an_address() -> None:
    assert len({page.path for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("file", WORD_FILES, ids=[file.stem for file in WORD_FILES])
def test_everything_is_said_in_every_language(file: Path) -> None:
    for key, entry in words.table(file).items():
        assert set(entry) == set(words.LANGUAGES), (file, key)
        forms = {code: said for code, said in entry.items() if not isinstance(said, str)}
        for code, said in forms.items():
            assert FORMS[code] <= set(said), key
        values = [set(re.findall(r"{(\w+)}", said)) for said in entry.values() if isinstance(said, str)]
        assert all(each == values[0] for each in values), (key, "the languages put in different values")


def test_whatever_the_schema_may_answer_has_words() -> None:
    derived = {"InvoiceStatus.OVERDUE", "InvoiceStatus.OPEN", "InstalmentStatus.OVERDUE"}
    said = words.table(CODE / "frame" / "enums.toml").keys()
    for name in sorted({key.partition(".")[0] for key in said}):
        kind = SCHEMA.type_map[name]
        assert isinstance(kind, GraphQLEnumType), name
        known = {key for key in said - derived if key.startswith(f"{name}.")}
        assert {f"{name}.{value}" for value in kind.values} == known


@each_page
def test_whatever_it_says_has_words(page: Page) -> None:
    known = words.table(page.words_file).keys() | words.shared()[0].keys() | words.shared()[1].keys()
    template = (CODE / "pages" / f"{page.name}.html").read_text("utf-8")
    for key, end in SAID.findall(template):
        assert key in known if end != "~" else any(each.startswith(key) for each in known), key
    module = (CODE / "pages" / f"{page.name}.py").read_text("utf-8")
    assert set(SAID_BY_CODE.findall(module)) <= words.table(page.words_file).keys() | {"done"}
    assert "title" in known


@each_page
def test_nothing_is_said_nowhere(page: Page) -> None:
    files = [(CODE / "pages" / f"{page.name}{ending}").read_text("utf-8") for ending in (".html", ".py")]
    files += [file.read_text("utf-8") for file in (CODE / "pages" / page.name).parent.glob("_*.*")]
    whole = "\n".join(files)
    for key in words.table(page.words_file).keys() - {"title"}:
        group = key.rpartition(".")[0]
        assert key in whole or (group and f'"{group}.' in whole), f"{page.name} never says {key}"


@each_page
def test_templates_hold_no_styles_or_scripts_of_their_own(page: Page) -> None:
    template = (CODE / "pages" / f"{page.name}.html").read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\bsrc=)", template)


class Gateway(httpx2.AsyncBaseTransport):
    """A gateway that answers what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, Mapping[str, Any], Mapping[str, str]]) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        if not self.answers:
            raise httpx2.ConnectError("nobody there")
        status, body, headers = self.answers.pop(0)
        return httpx2.Response(status, json=body, headers=headers)


def browser(gateway: Gateway, **headers: str) -> httpx2.AsyncClient:
    app = create_app("http://gateway/graphql", gateway)
    way = httpx2.ASGITransport(app=app, client=("203.0.113.9", 1))
    return httpx2.AsyncClient(transport=way, base_url="http://portal.example", headers=headers)


OWN = {"sec-fetch-site": "same-origin"}
NOBODY = {"portal": None, "viewer": None}


async def test_the_visitor_is_made_known_to_the_gateway() -> None:
    gateway = Gateway((200, {"data": {"signOut": {"endedSessions": 1}}}, {"set-cookie": "ventanilla=; Max-Age=0"}))
    async with browser(gateway, **OWN, cookie="ventanilla=secret; portal-language=pl") as client:
        answer = await client.post("/sign-out", data={"do": "out"}, headers={"accept-language": "en"})

    (asked,) = gateway.asked
    assert asked.headers["host"] == "portal.example"
    assert asked.headers["x-forwarded-for"] == "203.0.113.9"
    assert asked.headers["x-ventanilla-request"]
    assert asked.headers["accept-language"] == "pl, en"
    assert "ventanilla=secret" in asked.headers["cookie"]
    assert asked.extensions["client"] == ("203.0.113.9", 1)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "ventanilla=; Max-Age=0" in answer.headers.get_list("set-cookie")


async def test_what_one_visitor_is_given_goes_with_nobody_else() -> None:
    given = {"set-cookie": "ventanilla=secret; Path=/"}
    answers = [(200, {"data": {"signOut": {"endedSessions": 1}}}, given) for _ in range(2)]
    gateway = Gateway(*answers)
    app = create_app("http://gateway/graphql", gateway)
    for _ in answers:
        way = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=way, base_url="http://portal.example", headers=OWN) as client:
            answer = await client.post("/sign-out", data={"do": "out"})
            assert "ventanilla=secret; Path=/" in answer.headers.get_list("set-cookie")
    assert not [asked for asked in gateway.asked if "cookie" in asked.headers]


FOREIGN = ({}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "http://other.example"})


@pytest.mark.parametrize("headers", [*FOREIGN, {"origin": "null"}])
async def test_a_form_of_another_page_does_nothing(headers: dict[str, str]) -> None:
    gateway = Gateway()
    async with browser(gateway, cookie="ventanilla=secret") as client:
        answer = await client.post("/sign-out", data={"do": "out"}, headers=headers)
    assert (answer.status_code, gateway.asked) == (403, [])


async def test_a_browser_that_tells_only_the_origin_is_served() -> None:
    gateway = Gateway((200, {"data": {"signOut": {"endedSessions": 0}}}, {}))
    async with browser(gateway, origin="http://portal.example") as client:
        assert (await client.post("/sign-out", data={"do": "out"})).status_code == 303


def refusal(status: int, code: str, **told: int) -> tuple[int, dict[str, Any], dict[str, str]]:
    return status, {"errors": [{"message": "No.", "extensions": {"code": code, **told}}]}, {}


@pytest.mark.parametrize(
    ("answer", "status", "wait"),
    [
        (None, 503, "10"),
        ((502, {"oops": 1}, {}), 503, "10"),
        (refusal(200, "RATE_LIMITED", retryAfter=7), 503, "7"),
        (refusal(429, "RATE_LIMITED", retryAfter=7), 429, "7"),
        (refusal(503, "OVERLOADED"), 503, "5"),
        (refusal(421, "BAD_REQUEST"), 421, None),
    ],
)
async def test_a_gateway_that_does_not_serve_is_told_in_words(answer: Any, status: int, wait: str | None) -> None:
    async with browser(Gateway(*([answer] if answer else [])), **{"accept-language": "pl"}) as client:
        page = await client.get("/sign-in")
    assert (page.status_code, page.headers.get("retry-after")) == (status, wait)
    assert 'lang="pl"' in page.text
    assert page.headers["content-security-policy"] == POLICY


async def test_whoever_changed_something_and_heard_nothing_is_told_to_look_first() -> None:
    async with browser(Gateway(), **OWN, **{"accept-language": "en"}) as client:
        page = await client.post("/sign-out", data={"do": "out"})
    assert (page.status_code, "Before you repeat it" in page.text) == (503, True)


async def test_what_nobody_foresaw_is_said_in_words() -> None:
    gateway = Gateway((200, {"data": {"portal": None, "viewer": None}}, {}))
    way = httpx2.ASGITransport(app=create_app("http://gateway/graphql", gateway), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=way, base_url="http://portal.example") as client:
        page = await client.get("/sign-in", headers={"accept-language": "en"})
    assert (page.status_code, "Something broke on our side" in page.text) == (500, True)


async def test_a_choice_is_kept_and_leads_back_to_this_host_alone() -> None:
    async with browser(Gateway(), **OWN) as client:
        kept = await client.post("/choose", data={"language": "pl", "back": "/accounts?number=1"})
        away = await client.post("/choose", data={"scheme": "dark", "back": "//evil.example/"})
    assert kept.headers["location"] == "/accounts?number=1"
    assert "portal-language=pl" in kept.headers["set-cookie"]
    assert away.headers["location"] == "/"


async def test_what_is_nowhere_is_told_so() -> None:
    async with browser(Gateway()) as client:
        answer = await client.get("/nowhere")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


async def test_a_form_without_end_is_cut_off() -> None:
    async def parts() -> Any:
        for _ in range(20):
            yield b"x" * 8192

    async with browser(Gateway(), **OWN) as client:
        answer = await client.post("/sign-out", content=parts())
    assert answer.status_code == 413


def test_own_files_have_their_licences() -> None:
    static = CODE / "static"
    assert (static / "htmx.LICENSE").read_text("utf-8").startswith("Zero-Clause BSD")
    assert "://" not in (static / "portal.css").read_text("utf-8")


def named_in(file: Path) -> Iterator[str]:
    yield from re.findall(r'<symbol id="([\w-]+)"', file.read_text("utf-8"))


def test_every_picture_that_is_asked_for_is_there() -> None:
    there = set(named_in(CODE / "static" / "icons.svg"))
    for template in CODE.rglob("*.html"):
        text = template.read_text("utf-8")
        asked = re.findall(r'kit\.icon\("([\w-]+)"\)|(?<!\.)\bicon\("([\w-]+)"\)|kit\.empty\("([\w-]+)"', text)
        assert {name for names in asked for name in names if name} <= there, template
    assert set(tomllib.loads((CODE / "frame" / "frame.toml").read_text("utf-8"))["menu"]) <= there
