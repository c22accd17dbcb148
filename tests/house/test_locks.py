"""The locks are pinned, hashed, free of hosts, and agree with each other, pyproject.toml and what is installed."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import tree

RUN = "requirements.txt"
DEV = "requirements-dev.txt"
LOCKS = [RUN, DEV]
MEND = "run: make lock"


def entries(lock: str) -> dict[str, str]:
    """Package name → its whole entry, continued lines joined."""
    text = (tree.ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    return {re.split(r"[=<>~! ;@]", line, maxsplit=1)[0]: line for line in text.splitlines() if line.strip()}


def pin(entry: str) -> Requirement:
    """The requirement of an entry, without its hashes."""
    return Requirement(entry.partition(" --hash")[0].strip())


def version(requirement: Requirement) -> str:
    """The one version that a pinned requirement allows."""
    (only,) = requirement.specifier
    assert only.operator == "=="
    return only.version


def applies(requirement: Requirement, extras: frozenset[str] = frozenset()) -> bool:
    """Whether the requirement's marker holds on this machine, with any of `extras` asked for."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def declared(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for: the roots that `lock` was compiled from."""
    settings = tree.pyproject()
    project = settings["project"]
    texts: list[str] = [*project["dependencies"], *settings["build-system"]["requires"]]
    if lock == DEV:
        texts += project["optional-dependencies"]["dev"]
    return [Requirement(text) for text in texts]


def needed(lock: str) -> Iterator[str]:
    """Every package that the roots of `lock` lead to on this machine, told by what is installed."""
    waiting = declared(lock)
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        yield name
        children = [Requirement(text) for text in distribution(name).requires or []]
        waiting.extend(child for child in children if applies(child, extras))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    text = (tree.ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock: str) -> None:
    for name, entry in entries(lock).items():
        assert canonicalize_name(name) == name
        assert version(pin(entry))
        assert re.search(r" --hash=sha256:[0-9a-f]{64}\b", entry), name


def test_tests_run_on_the_versions_that_production_runs_on() -> None:
    development = entries(DEV)
    different = {name for name, entry in entries(RUN).items() if development.get(name) != entry}
    assert different == set(), MEND


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_fits_what_the_project_declares(lock: str) -> None:
    pinned = entries(lock)
    for requirement in declared(lock):
        entry = pinned.get(canonicalize_name(requirement.name))
        assert entry, f"{requirement.name} is not locked; {MEND}"
        assert requirement.specifier.contains(version(pin(entry))), f"{requirement}; {MEND}"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_exactly_what_the_declared_packages_lead_to(lock: str) -> None:
    locked = {name for name, entry in entries(lock).items() if applies(pin(entry))}
    try:
        assert set(needed(lock)) == locked, MEND
    except PackageNotFoundError as missing:
        pytest.fail(f"{missing}: the environment is older than pyproject.toml. {MEND}, then make test")


def test_what_is_installed_is_what_is_locked() -> None:
    pins = {name: pin(entry) for name, entry in entries(DEV).items()}
    installed = {name: distribution(name).version for name, requirement in pins.items() if applies(requirement)}
    assert installed == {name: version(pins[name]) for name in installed}, "run: make clean test"
