"""A plug-in of somebody else's: found by its entry point, green in the kit by one command, red when it has a bug."""

import shutil
from pathlib import Path

import pytest

from tests.examples.projects import Installed, installed

TRIAL = ("adapter", "check", "lagomar", "--config", "lagomar.conformance.toml")
BUG = ("asked - invoice.paid", "asked")
"""What a bill leaves open, and the same by somebody who forgot that a part of it is paid."""


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return installed("adapter_plugin", tmp_path_factory.mktemp("lagomar"))


@pytest.fixture(scope="module")
def broken(plugin: Installed, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The same with one bug."""
    home = tmp_path_factory.mktemp("broken")
    shutil.copytree(plugin.home.parent, home, dirs_exist_ok=True)
    source = home / "site" / "lagomar_office" / "supplies.py"
    text = source.read_text("utf-8")
    assert text.count(BUG[0]) == 1
    source.write_text(text.replace(*BUG), encoding="utf-8")
    return Installed(home)


def test_it_is_listed(plugin: Installed) -> None:
    lines = plugin.run("ventanilla", "adapter", "list").stdout.splitlines()
    assert "lagomar 1.0.0: Cooperativa de agua Lagomar (JSON documents) (UTILITY)" in lines


def test_its_library_is_not_hidden_by_our_folder(plugin: Installed) -> None:
    program = "import lagomar_office, schema, ventanilla.schema as ours; print(schema.Schema, ours.__name__)"
    done = plugin.run("python", "-P", "-c", program)
    assert done.stdout == "<class 'schema.Schema'> ventanilla.schema\n", done.stderr


def test_its_suite_is_green_by_one_command(plugin: Installed) -> None:
    done = plugin.run("pytest", "-q", "-rs")
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
    assert "the manifest says NO to charges.list" in done.stdout


def test_its_trial_is_green(plugin: Installed) -> None:
    done = plugin.run("ventanilla", *TRIAL, "--scratch")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 failed" in done.stdout
    assert "\npassed          known_keys_give_their_records\n" in done.stdout


def test_nothing_is_filled_unasked(plugin: Installed, tmp_path: Path) -> None:
    trial = tmp_path / "real.conformance.toml"
    documents = tmp_path / "suministros"
    documents.mkdir()
    settings = f'fill = "lagomar_office.writing:fill"\n[configuration]\nfolder = "{documents}"\n'
    trial.write_text(settings, encoding="utf-8")
    done = plugin.run("ventanilla", "adapter", "check", "lagomar", "--config", str(trial))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "malformed_keys_are_none\n" in done.stdout
    assert "--scratch" in done.stdout.splitlines()[-1]
    assert list(documents.iterdir()) == []


def test_two_managers_in_one_place_are_told(plugin: Installed, tmp_path: Path) -> None:
    trial = tmp_path / "shared.conformance.toml"
    (tmp_path / "suministros").mkdir()
    place = f'"{tmp_path}/suministros"'
    text = (plugin.home / "lagomar.conformance.toml").read_text("utf-8")
    trial.write_text(text.replace('"suministros"', place), encoding="utf-8")
    done = plugin.run("ventanilla", "adapter", "check", "lagomar", "--config", str(trial), "--scratch")
    assert done.returncode == 1
    assert "(`other_configuration`)" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_office_that_cannot_be_filled_is_told(plugin: Installed, tmp_path: Path) -> None:
    trial = tmp_path / "unfilled.conformance.toml"
    trial.write_text('adapter = "lagomar"\nscratch = true\n', encoding="utf-8")
    done = plugin.run("pytest", "-q", "-x", "--rootdir", str(tmp_path), str(trial))
    assert done.returncode == 1
    assert "LagomarOffice has no `fill(book)`; name a function that fills it (`fill`)" in done.stdout
    assert "During handling" not in done.stdout


def test_its_manager_is_in_order(plugin: Installed) -> None:
    assert "is in order" in plugin.run("ventanilla", "manager", "check", "manager.toml").stdout


def test_a_bug_is_told_by_the_command(broken: Installed) -> None:
    done = broken.run("ventanilla", *TRIAL, "--scratch")
    assert done.returncode == 1
    assert "\nFAILED          balances_add_up\n" in done.stdout
    assert "Begin with the first that failed, known_keys_give_their_records" in done.stdout


def test_a_bug_is_told_by_pytest_from_the_class_and_from_the_trial_file(broken: Installed) -> None:
    done = broken.run("pytest", "-q", "-k", "open_follows_the_due_date", "tests", "lagomar.conformance.toml")
    assert done.returncode == 1
    for told in (
        "Promised: Until the first due date the total is asked for",
        "of 'inv02': answer.open is Money(",
        "'UYU'), expected Money(",
        "Asked by: ventanilla.backoffice_adapters.conformance.money.open_follows_the_due_date_in_force",
    ):
        assert done.stdout.count(told) >= 2, done.stdout  # a CI run repeats them in the summary
    assert "Traceback" not in done.stdout
    assert "During handling" not in done.stdout
