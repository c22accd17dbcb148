"""``ventanilla person``: who is added, listed, let in, and works for a manager."""

import shutil
from pathlib import Path

import pytest

from tests.gateway.stock import gateway_data
from tests.gateway.test_cli import Run, one_line, run

__all__ = ["run"]


@pytest.fixture(autouse=True)
def with_manager(shared_folder: Path, tmp_path: Path) -> None:
    """There are tables and the manager `aguas`."""
    shutil.copytree(gateway_data(shared_folder), tmp_path / "data")


def listed(run: Run, *options: str) -> list[list[str]]:
    return [line.split(maxsplit=2) for line in run("person", "list", "aguas", *options).stdout.splitlines()]


def test_people_are_added_employed_disabled_and_let_in_again(run: Run) -> None:
    assert "person add" in run("person", "list", "aguas", "--staff").stderr
    before = listed(run)
    added = run("person", "add", "aguas", " Eva@Aguas.example", "--name", "Eva Ríos", "--staff", "STAFF_ADMIN")
    assert added.returncode == 0, added.stderr
    assert "requestPasswordReset" in added.stdout
    assert run("person", "add", "aguas", "ivo@aguas.example", "--name", "Ivo Gil Paz").returncode == 0

    assert listed(run, "--staff") == [["STAFF_ADMIN", "eva@aguas.example", "Eva Ríos"]]
    added_since = [line for line in listed(run) if line not in before]
    assert added_since == [
        ["STAFF_ADMIN", "eva@aguas.example", "Eva Ríos"],
        ["customer", "ivo@aguas.example", "Ivo Gil Paz"],
    ]

    assert "is STAFF of aguas" in run("person", "staff", "aguas", "ivo@aguas.example", "STAFF").stdout
    assert len(listed(run, "--staff")) == 2
    assert "is disabled" in run("person", "disable", "aguas", "ivo@aguas.example").stdout
    assert listed(run, "--staff")[1][0] == "disabled"
    assert "may sign in again" in run("person", "enable", "aguas", "IVO@aguas.example").stdout
    assert "no more" in run("person", "staff", "aguas", "ivo@aguas.example", "NONE").stdout
    assert len(listed(run, "--staff")) == 1


def test_the_last_who_administers_access_stays(run: Run) -> None:
    assert run("person", "add", "aguas", "eva@aguas.example", "--name", "Eva Ríos", "--staff", "STAFF_ADMIN").stdout
    for command in (("staff", "aguas", "eva@aguas.example", "NONE"), ("disable", "aguas", "eva@aguas.example")):
        assert "is the last who administers access" in one_line(run("person", *command))
    assert listed(run, "--staff")[0][0] == "STAFF_ADMIN"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "aguas", "eva", "--name", "Eva Ríos"), "is not an e-mail address"),
        (("add", "aguas", "eva@aguas.example", "--name", "Eva"), "a family name are needed"),
        (("add", "nobody", "eva@aguas.example", "--name", "Eva Ríos"), "nobody"),
        (("list", "nobody"), "nobody"),
        (("disable", "aguas", "zoe@aguas.example"), "Nobody has zoe@aguas.example here"),
        (("enable", "aguas", "zoe@aguas.example"), "Nobody has zoe@aguas.example here"),
        (("staff", "aguas", "zoe@aguas.example", "STAFF"), "Nobody has zoe@aguas.example here"),
    ],
)
def test_what_cannot_be_is_one_line(run: Run, arguments: tuple[str, ...], told: str) -> None:
    assert told in one_line(run("person", *arguments))


def test_an_address_belongs_to_one_person(run: Run) -> None:
    for told in ("", "is somebody's e-mail"):
        added = run("person", "add", "aguas", "eva@aguas.example", "--name", "Eva Ríos", "--staff", "STAFF")
        assert told in added.stderr
    assert len(listed(run, "--staff")) == 1
