"""The manual says all that the schema says, and nothing that is not so."""

import json
import re
from functools import cache
from html import unescape

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    is_leaf_type,
    parse,
    validate,
)

from ventanilla.auth.scopes import SCOPES
from ventanilla.execution.cost import Cost
from ventanilla.execution.limits import Limits, check
from ventanilla.gateway import budget, errors, persisted
from ventanilla.gateway.demo import DEMO
from ventanilla.gateway.docs.atlas import Atlas
from ventanilla.gateway.docs.codes import CODES
from ventanilla.gateway.docs.cookbook import prices, recipes
from ventanilla.gateway.docs.guides import Placeholders, guides
from ventanilla.gateway.docs.pages import Pages
from ventanilla.gateway.docs.views import Desk
from ventanilla.resolvers import narrowed
from ventanilla.resolvers.capabilities import Capability
from ventanilla.resolvers.problems import ProblemCode
from ventanilla.schema.schema import build, sdl
from ventanilla.store.manager_file import read_manager

SCHEMA = build()
ATLAS = Atlas(SCHEMA)
PAGES = Pages(SCHEMA, console=True)
ORIGIN = "https://aguas.example"


def desk(*capabilities: Capability) -> Desk:
    return Desk(
        manager=read_manager(DEMO[0].toml),
        version=1,
        capabilities=capabilities,
        placeholders=Placeholders(origin=ORIGIN),
    )


@cache
def page(path: str) -> str:
    made = PAGES.make(desk(), path)
    assert made is not None, path
    return made.text


def html_pages() -> dict[str, str]:
    return {path: page(path) for path in PAGES.paths() if "." not in path}


def anchors(text: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', text)


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


def sentence(description: str) -> str:
    """The first words of a description, without its marks."""
    return " ".join(description.replace("`", "").split())[:60]


@pytest.mark.parametrize("name", ATLAS.types)
def test_every_coordinate_of_a_type_is_described(name: str) -> None:
    kind, text = ATLAS.types[name], page(f"types/{name}")
    described = {"": kind.description}
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        described |= {key: field.description for key, field in kind.fields.items()}
        described |= {
            f"{key}.{of}": arg.description for key, field in kind.fields.items() for of, arg in field.args.items()
        }
    if isinstance(kind, GraphQLInputObjectType):
        described |= {key: field.description for key, field in kind.fields.items()}
    if isinstance(kind, GraphQLEnumType):
        described |= {key: value.description for key, value in kind.values.items()}
    found, told = anchors(text), words(text)
    assert len(set(found)) == len(found)
    assert described.keys() - {""} <= set(found)
    assert [key for key, each in described.items() if not each or sentence(each) not in told] == []


@pytest.mark.parametrize("name", ATLAS.mutations)
def test_every_reason_of_a_mutation_is_explained(name: str) -> None:
    text, reason = page(f"mutations/{name}"), ATLAS.reasons(name)
    for key, value in (reason.values if reason else {}).items():
        assert key in anchors(text)
        assert value.description
        assert sentence(value.description) in words(text)


def test_only_what_cannot_refuse_has_no_reasons() -> None:
    silent = {name for name in ATLAS.mutations if ATLAS.reasons(name) is None}
    assert silent == {"signOut", "retryLetters", "cancelLetters", "stopSeeingAs"} & silent


def test_every_mutation_is_under_a_noun() -> None:
    names = [name for found in ATLAS.mutations_by_noun.values() for name in found]
    assert sorted(names) == sorted(ATLAS.mutations)
    assert "other" not in ATLAS.mutations_by_noun
    assert all(f'href="/docs/mutations/{name}"' in page("mutations") for name in names)


def test_the_list_of_codes_is_closed() -> None:
    codes = {
        errors.INTERNAL,
        persisted.NOT_FOUND,
        budget.RATE_LIMITED,
        *errors._CODE_OF_STAGE.values(),
        *(code.value for code in ProblemCode),
    }
    assert {each.code for each in CODES} == codes
    assert len(CODES) == len(codes)
    assert codes <= set(anchors(page("errors")))


def test_every_field_has_a_document_that_can_be_asked() -> None:
    missing = []
    for kind in ATLAS.types.values():
        for name in ATLAS.fields(kind):
            ready = PAGES._views.ready.document(kind, name)
            if ready is None:
                missing.append(f"{kind.name}.{name}")
                continue
            document = parse(ready.query)
            assert validate(SCHEMA, document) == [], ready.query
            check(document, Limits())
            assert re.search(rf"\b{name}\b", ready.query)
    assert missing == []


def own_points(kind: str, name: str) -> int:
    """What a field costs of an object that is one step from the root, with nothing asked of what it answers."""
    leaf = is_leaf_type(ATLAS.types[re.sub(r"[\[\]!]", "", str(ATLAS.fields(ATLAS.types[kind])[name].type))])
    path = {"Viewer": "viewer", "Portal": "portal", "Staff": "staff", "Account": 'account(id: "x")'}[kind]
    return Cost(SCHEMA, parse(f"{{ {path} {{ {name} {'' if leaf else '{ __typename }'} }} }}")).of(None, {}) - 1


@pytest.mark.parametrize("kind", ["Viewer", "Portal", "Staff", "Account"])
def test_points_are_those_that_are_billed(kind: str) -> None:
    fields = ATLAS.fields(ATLAS.types[kind])
    said = {name: PAGES._views.field(ATLAS.types[kind], name, desk()).points.least for name in fields}
    assert said == {name: own_points(kind, name) for name in fields}
    assert any(said.values())


def test_rows_cost_what_is_said() -> None:
    connection = PAGES._views.field(ATLAS.types["AccountConnection"], "nodes", desk()).points
    without, with_rows = (
        Cost(SCHEMA, parse(f"{{ viewer {{ accounts(first: 7) {{ {body} }} }} }}")).of(None, {})
        for body in ("__typename", "nodes { id }")
    )
    assert with_rows - without == 7 * connection.least


def test_every_link_leads_to_a_page_and_a_place() -> None:
    pages = html_pages()
    places = {path: set(anchors(text)) for path, text in pages.items()}
    broken = []
    for path, text in pages.items():
        for link in set(re.findall(r'href="((?:/docs|#)[^"]*)"', text)):
            target, _, anchor = unescape(link).partition("#")
            at = target.removeprefix("/docs").strip("/") if target else path
            if at.startswith("files/") or (at in PAGES.paths() and at not in pages):
                continue
            if at not in pages or (anchor and anchor not in places[at]):
                broken.append((path, link))
    assert broken == []


def test_what_is_searched_is_there() -> None:
    pages = html_pages()
    for name, _kind, path, about in json.loads(page("search.json")):
        at, _, anchor = path.partition("#")
        assert at in pages, (name, path)
        assert not anchor or anchor in anchors(pages[at]), path
        assert isinstance(about, str)


def test_no_page_holds_a_style_or_a_script_of_its_own() -> None:
    for path, text in html_pages().items():
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path
        assert re.findall(r"<script([^>]*)>", text) == [' src="/docs/files/docs.js" defer'], path
        assert not re.search(r'src="(?!/docs/files/)|<link[^>]*href="(?!/docs/|data:,)', text), path


def test_examples_speak_of_the_host_that_is_looked_at() -> None:
    shown = "".join(page(f"guides/{name}") for name in guides())
    assert ORIGIN in words(shown)
    assert "127.0.0.1:8001" not in shown
    assert "Ventanilla-demo" not in shown
    assert "vecinos.example" not in shown


def test_what_this_manager_answers_stands_beside_what_is_needed() -> None:
    told = [
        Capability(key="invoices.list", licence="UTILITY", support="EMULATED", source="comercial", reason=None),
        Capability(key="invoices.list", licence="RENT", support="NO", source=None, reason="LICENCE_MISSING"),
    ]  # type: ignore[arg-type]  enums are texts
    made = PAGES.make(desk(*told), "types/Account")
    assert made
    (section,) = re.findall(r'<section class="field" id="invoices".*?</section>', made.text, re.DOTALL)
    said = words(section)
    assert "invoices.list emulated UTILITY, by comercial" in said
    assert "no RENT: LICENCE_MISSING" in said
    assert "Who customer" in said
    assert "Programs invoices:read" in said
    assert "Points 1, and 1 for each row: 20" in said


def test_scopes_stand_as_they_are_declared() -> None:
    assert all(f"<code>{name}</code>" in page("access") for name in SCOPES)
    text = page("types/Viewer")
    assert narrowed.PROFILE in text


def test_a_mutation_is_for_no_program() -> None:
    assert "Programs none" in words(page("mutations/createCheckout"))


def test_each_document_of_the_cookbook_has_its_price() -> None:
    assert len(recipes()) > 50
    for recipe in recipes().values():
        assert recipe.about, recipe.name
        found = prices(SCHEMA, recipe)
        assert found, recipe.name
        cost = Cost(SCHEMA, parse(recipe.query))
        assert [max(1, cost.of(None, each.variables)) for each in found] == [each.points for each in found]
        assert f"<b>{found[0].points}</b>" in page(f"cookbook/{recipe.name}")


def test_the_schema_can_be_taken_along() -> None:
    assert page("schema.graphql") == sdl(SCHEMA)
    assert {kind["name"] for kind in json.loads(page("schema.json"))["data"]["__schema"]["types"]} >= ATLAS.types.keys()


@pytest.mark.parametrize(
    "path", ["types/Nobody", "types/", "types", "mutations/Nothing", "guides/..", "cookbook/x", "x", "types/__Schema"]
)
def test_what_is_not_there_has_no_page(path: str) -> None:
    assert PAGES.make(desk(), path) is None
