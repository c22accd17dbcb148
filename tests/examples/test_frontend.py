"""The single-page example: what was built is what stands in its sources, and its sources fit the schema."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    Visitor,
    concat_ast,
    parse,
    print_ast,
    validate,
    visit,
)

from tests.turns import made_once
from ventanilla.schema.schema import build

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "examples" / "frontend"
DIST = FRONTEND / "dist"
BUILT = {"LICENSES.txt", "SOURCES", "app.css", "app.js", "index.html"}
LOADED = ("app.css", "app.js", "index.html")
MOST_BYTES = 300_000
GENERATED = "src/graphql-env.d.ts"
BUILD = "run `npm run build` in examples/frontend and commit dist"
DOCUMENT = re.compile(r"\bgraphql\(\s*`([^`]*)`")
ASKING = """import {{ graphql, type ResultOf }} from "./graphql";
const Asked = graphql(`query Asked {{ portal {{ {field} }} }}`);
export const read = ({{ portal }}: ResultOf<typeof Asked>): string => portal.{field};
"""


def text(name: str) -> str:
    return (FRONTEND / name).read_text("utf-8")


def sum_of(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


# -- what was built, without Node -------------------------------------------------------------------------------------


def committed_sums() -> dict[str, str]:
    lines = (DIST / "SOURCES").read_text("utf-8").splitlines()
    return {name: told for told, _, name in (line.partition("  ") for line in lines)}


def test_what_was_built_is_there() -> None:
    assert {path.name for path in DIST.iterdir()} == BUILT
    assert {name.removeprefix("dist/") for name in committed_sums() if name.startswith("dist/")} == BUILT - {"SOURCES"}


def test_it_was_built_of_the_sources_as_they_are() -> None:
    sums = committed_sums()
    inside = (path for folder in ("dist", "src", "tools") for path in (FRONTEND / folder).rglob("*") if path.is_file())
    files = {path.relative_to(FRONTEND).as_posix() for path in inside} - {GENERATED, "dist/SOURCES"}
    files |= {"index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.mjs"}
    assert {name: sum_of(FRONTEND / name) for name in files} == sums, BUILD


def test_it_names_no_host_and_makes_no_code() -> None:
    for name in LOADED:
        built = (DIST / name).read_text("utf-8")
        assert set(re.findall(r"\w+://[^\s\"'`)]*", built)) <= {
            "http://www.w3.org/1998/Math/MathML",
            "http://www.w3.org/1999/xlink",
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/XML/1998/namespace",
        }
        assert re.findall(r"\beval\(|\bnew Function\(|@import|url\(|import\(", built) == []


class Page(HTMLParser):
    """What a page loads, and what a strict policy would not let it do."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.offences: list[str] = []
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag
        named = dict(attrs)
        self.loaded += [value for name in ("src", "href") if (value := named.get(name))]
        self.offences += [name for name in named if name == "style" or name.startswith("on") or name == "http-equiv"]
        self.offences += [tag] if tag in {"style", "base"} or (tag == "script" and "src" not in named) else []

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in in {"script", "style"} and data.strip():
            self.offences.append(data)


def test_its_page_loads_its_own_files_and_nothing_stands_in_it() -> None:
    page = Page((DIST / "index.html").read_text("utf-8"))
    assert page.offences == []
    assert sorted(page.loaded) == ["./app.css", "./app.js", "data:,"]


def test_it_is_small() -> None:
    assert sum((DIST / name).stat().st_size for name in LOADED) < MOST_BYTES


def test_every_program_in_it_has_its_licence() -> None:
    told = set(re.findall(r"^(\S+) \S+ \((?:MIT|ISC)\)$", (DIST / "LICENSES.txt").read_text("utf-8"), re.MULTILINE))
    assert told >= set(json.loads(text("package.json"))["dependencies"])


# -- what it is built of ----------------------------------------------------------------------------------------------


def documents() -> DocumentNode:
    sources = [path for path in (FRONTEND / "src").rglob("*.ts*") if path.name != Path(GENERATED).name]
    found = [document for path in sources for document in DOCUMENT.findall(path.read_text("utf-8"))]
    return concat_ast([parse(each) for each in found])


class Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.names.add(node.name.value)


def whole_operations() -> Iterator[tuple[str, DocumentNode]]:
    """Each operation with the fragments that it needs, as a browser sends it."""
    nodes = documents().definitions
    fragments = {node.name.value: node for node in nodes if isinstance(node, FragmentDefinitionNode)}
    for node in nodes:
        if not isinstance(node, OperationDefinitionNode):
            continue
        assert node.name is not None, "an operation has no name"
        taken: dict[str, FragmentDefinitionNode] = {}
        open_nodes: list[OperationDefinitionNode | FragmentDefinitionNode] = [node]
        while open_nodes:
            spreads = Spreads()
            visit(open_nodes.pop(), spreads)
            new = {name: fragments[name] for name in spreads.names - taken.keys()}
            taken |= new
            open_nodes += new.values()
        yield node.name.value, DocumentNode(definitions=(node, *taken.values()))


def test_everything_it_asks_is_in_the_schema() -> None:
    schema = build()
    asked = dict(whole_operations())
    assert asked.keys() >= {"Portal", "SignIn", "Accounts", "CreateCheckoutQuote", "CreateCheckout", "WatchCheckout"}
    assert {name: validate(schema, document) for name, document in asked.items() if validate(schema, document)} == {}


def test_what_is_built_asks_the_same() -> None:
    built = (DIST / "app.js").read_text("utf-8")
    told = {
        print_ast(parse(each)) for each in re.findall(r"`\s*((?:query|mutation|subscription|fragment) \w[^`]*)`", built)
    }
    assert {print_ast(node) for node in documents().definitions} <= told, BUILD


def test_versions_are_exact_and_the_lock_names_no_host() -> None:
    package, lock = json.loads(text("package.json")), json.loads(text("package-lock.json"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert {version for version in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == set()
    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, each in lock["packages"].items() if name and "integrity" not in each] == []
    assert "://" not in text("package-lock.json")


# -- with Node --------------------------------------------------------------------------------------------------------


def missing(what: str) -> None:
    """Skip, or fail where CI says that it has what is needed."""
    if "node" in os.environ.get("VENTANILLA_REQUIRE", "").split(","):
        pytest.fail(what)
    pytest.skip(what)


def npm(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("npm")
    assert program
    return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def install(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in (".npmrc", "package.json", "package-lock.json"):
        shutil.copy(FRONTEND / name, folder)
    done = npm(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    if done.returncode:
        shutil.rmtree(folder)
        missing(f"the packages of examples/frontend could not be fetched: {done.stderr[-400:]}")


@pytest.fixture(scope="module")
def packages() -> Path:
    """The packages that the lock names, installed once for all runs; only where Node is asked for are they fetched."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        missing("Node.js and npm are not installed")
    folder = ROOT / ".cache" / f"frontend-{sum_of(FRONTEND / 'package-lock.json')[:12]}"
    if not folder.exists() and "node" not in os.environ.get("VENTANILLA_REQUIRE", ""):
        pytest.skip("the packages of examples/frontend are not installed; VENTANILLA_REQUIRE=node fetches them")
    folder.parent.mkdir(exist_ok=True)
    return made_once(folder, install) / "node_modules"


@pytest.fixture
def copy(packages: Path, tmp_path: Path) -> Path:
    """The example in a tree of its own, with the schema where it looks for it, and nothing built."""
    (tmp_path / "schema").mkdir()
    shutil.copy(ROOT / "schema" / "schema.graphql", tmp_path / "schema")
    folder = tmp_path / "examples" / "frontend"
    shutil.copytree(FRONTEND, folder, ignore=shutil.ignore_patterns("node_modules", "dist", Path(GENERATED).name))
    (folder / "node_modules").symlink_to(packages)
    return folder


def test_its_types_hold_and_a_field_that_does_not_exist_is_a_type_error(copy: Path) -> None:
    asking = copy / "src" / "asking.ts"
    asking.write_text(ASKING.format(field="name"), encoding="utf-8")
    right = npm(copy, "run", "check")
    assert right.returncode == 0, right.stdout + right.stderr

    asking.write_text(ASKING.format(field="nickname"), encoding="utf-8")
    typed, checked = npm(copy, "exec", "--no", "tsc"), npm(copy, "exec", "--no", "--", "gql.tada", "check")
    assert typed.returncode != 0
    assert re.search(r"src/asking\.ts\(3,\d+\): error TS", typed.stdout), typed.stdout
    assert checked.returncode != 0
    assert 'Cannot query field "nickname" on type "Portal"' in checked.stdout


def test_who_builds_it_gets_what_is_committed(copy: Path) -> None:
    done = npm(copy, "run", "build")
    assert done.returncode == 0, done.stdout + done.stderr
    built = {path.name: path.read_bytes() for path in (copy / "dist").iterdir()}
    assert built.keys() == BUILT
    assert [name for name, content in built.items() if content != (DIST / name).read_bytes()] == [], BUILD
