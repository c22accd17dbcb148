"""What the documents tell people to do can be done."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.house import tree
from ventanilla.gateway import budget, errors, persisted
from ventanilla.gateway.cli.commands import app
from ventanilla.gateway.demo import DEMO
from ventanilla.gateway.demo.people import PASSWORD
from ventanilla.resolvers.problems import ProblemCode

DOCUMENTS = [path for path in tree.files() if path.suffix == ".md"]
NAMES = [path.relative_to(tree.ROOT).as_posix() for path in DOCUMENTS]
EXAMPLES = [path for path in tree.files() if path.suffix == ".toml" and "examples" in path.parts]
PROGRAM = re.compile(r"(?:^|`)(?:\.venv/bin/)?ventanilla ([a-z][a-z ]*)", re.MULTILINE)
COMMAND = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)
LINK = re.compile(r"\]\((?!\w+:|#|/docs/)([^)#\s]+)")
"""What leads to another file. Guides of the manual lead to its pages, and tests/gateway/docs follows them."""


def targets() -> set[str]:
    """What the Makefile explains that it can make."""
    return set(re.findall(r"^([a-z]+):.*## ", (tree.ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_every_command_is_a_target(document: Path) -> None:
    assert set(COMMAND.findall(document.read_text("utf-8"))) <= targets()


def is_command(words: str) -> bool:
    """Whether the command line knows what begins with `words`; after a whole command its arguments follow."""
    found: Any = typer.main.get_command(app)
    for word in words.split():
        if not hasattr(found, "commands"):
            return True
        found = found.commands.get(word)
    return found is not None and not hasattr(found, "commands")


def test_every_command_of_the_program_exists() -> None:
    texts = [(path.name, path.read_text("utf-8")) for path in (*DOCUMENTS, *EXAMPLES)]
    told = [(name, words) for name, text in texts for words in PROGRAM.findall(text)]
    assert len(told) > 8
    assert [(name, words) for name, words in told if not is_command(words)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_every_link_leads_somewhere(document: Path) -> None:
    linked = LINK.findall(document.read_text("utf-8"))
    assert [link for link in linked if not (document.parent / link).exists()] == []


def test_the_readme_names_the_two_commands() -> None:
    alone = {line for line in (tree.ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("make ")}
    assert {"make run", "make test"} <= alone


def test_ci_runs_the_command_of_the_readme() -> None:
    (command,) = re.findall(r'^TEST_COMMAND="(.+)"$', (tree.ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert command in (tree.ROOT / "README.md").read_text("utf-8").splitlines()


def test_the_readme_signs_in_somebody_of_the_demo() -> None:
    readme = (tree.ROOT / "README.md").read_text("utf-8")
    (email,) = re.findall(r'"email": "([^"]+)"', readme)
    assert email == DEMO[0].people[0].email
    assert f'"password": "{PASSWORD}"' in readme


def test_the_readme_explains_every_code_of_an_error() -> None:
    readme = (tree.ROOT / "README.md").read_text("utf-8")
    codes = {
        errors.INTERNAL,
        persisted.NOT_FOUND,
        budget.RATE_LIMITED,
        *errors._CODE_OF_STAGE.values(),
        *(code.value for code in ProblemCode),
    }
    assert {code for code in codes if f"`{code}`" not in readme} == set()


def test_the_readme_names_every_portal() -> None:
    readme = (tree.ROOT / "README.md").read_text("utf-8")
    for port, manager in enumerate(DEMO, 8001):
        assert f"| <http://{manager.slug}.localhost:8000> | <http://127.0.0.1:{port}> |" in readme
