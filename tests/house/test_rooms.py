"""Every room stands in every plan: none is forgotten in the packaging, the checkers or the floor plan."""

import ast
import contextlib
import io
import logging.config
import sys

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house import lints, tree

PAGES = (
    *("contract.py", "manifest.py", "questions.py", "answers.py", "book.py", "money.py", "plan.py", "interest.py"),
    *sorted(f"records/{path.name}" for path in (tree.ROOT / "backoffice_adapters" / "records").glob("*.py")),
)
"""What an adapter author builds on."""


def packaged() -> list[str]:
    """The rooms that setup.py packs."""
    module = ast.parse((tree.ROOT / "setup.py").read_text("utf-8"))
    assigned = (node for node in module.body if isinstance(node, ast.Assign))
    (rooms,) = (node.value for node in assigned if ast.unparse(node.targets[0]) == "ROOMS")
    return sorted(ast.literal_eval(rooms))


def contract(key: str, value: object) -> dict[str, list[str]]:
    """The one import contract whose `key` is `value`."""
    (found,) = (each for each in tree.pyproject()["tool"]["importlinter"]["contracts"] if each.get(key) == value)
    return found


def test_every_room_is_packed() -> None:
    assert packaged() == tree.rooms(), "add the folder to ROOMS in setup.py"


def test_every_room_is_type_checked() -> None:
    included = tree.pyproject()["tool"]["pyright"]["include"]
    assert set(tree.rooms()) <= set(included), "add the folder to tool.pyright.include"


def test_every_room_has_its_place_in_the_floor_plan() -> None:
    full_names = {f"ventanilla.{room}" for room in tree.rooms()}
    floors = {name.strip() for layer in contract("type", "layers")["layers"] for name in layer.split("|")}
    assert floors | {"ventanilla.execution"} == full_names, "add the room to the layers in pyproject.toml"
    assert set(tree.pyproject()["tool"]["importlinter"]["root_packages"]) == full_names


def test_the_engine_is_kept_from_every_room() -> None:
    others = {f"ventanilla.{room}" for room in tree.rooms() if room != "execution"}
    assert set(contract("source_modules", ["ventanilla.execution"])["forbidden_modules"]) == others


def test_no_room_is_imported_by_its_bare_name() -> None:
    banned = tree.pyproject()["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    assert set(banned) == set(tree.rooms()), "add the folder to banned-api in pyproject.toml"


@pytest.mark.parametrize("group", ["adapters", "payments"])
def test_every_shipped_plug_in_is_out_of_reach(group: str) -> None:
    shipped = tree.pyproject()["project"]["entry-points"][f"ventanilla.{group}"].values()
    kind = {"adapters": "Adapters", "payments": "Platforms"}[group]
    protected = contract("name", f"{kind} are reached through entry points only")["protected_modules"]
    assert {target.partition(":")[0] for target in shipped} == set(protected)


@pytest.mark.parametrize("room", tree.rooms())
def test_a_room_says_that_it_is_typed(room: str) -> None:
    assert (tree.ROOT / room / "py.typed").exists()


@pytest.mark.parametrize("folder", tree.top_folders())
def test_a_folder_opens_with_a_short_readme(folder: str) -> None:
    readme = tree.ROOT / folder / "README.md"
    assert readme.exists(), "say what is for this folder, what is not, and where to start reading"
    assert len(readme.read_text("utf-8").splitlines()) <= 30


def test_imports_keep_to_the_floor_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree.ROOT)
    # Its set-up of logging would switch off every logger that other tests in this process look at.
    monkeypatch.setattr(logging.config, "dictConfig", lambda _config: None)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        status = lint_imports(no_cache=True, no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, told.getvalue()


@pytest.mark.parametrize("page", PAGES)
def test_the_contract_needs_little(page: str) -> None:
    folder = "ventanilla.backoffice_adapters"
    own = {f"{folder}.{name.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}" for name in PAGES}
    source = (tree.ROOT / "backoffice_adapters" / page).read_text("utf-8")
    foreign = {name for name in lints.imported_modules(source) if name.partition(".")[0] not in sys.stdlib_module_names}
    assert foreign <= own | {"msgspec"}
