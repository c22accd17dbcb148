"""The tree as the house rules see it: our own files, without what tools leave behind."""

import os
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
VENDORED = "vendor"
AROUND = frozenset({"tests", "examples", "benchmarks"})
"""Folders that are no rooms: nothing of them is installed."""


@cache
def ignored_patterns() -> tuple[str, ...]:
    """The patterns of .gitignore; the house keeps to plain names, a leading slash meaning the root only."""
    lines = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    return (".git", *(line.rstrip("/") for line in lines if line and not line.startswith("#")))


def is_ignored(path: Path) -> bool:
    """Whether git leaves `path` (relative to the root) out, or it is somebody's virtual environment."""
    at_root = len(path.parts) == 1 and f"/{path.name}" in ignored_patterns()
    return at_root or any(fnmatch(path.name, pattern) for pattern in ignored_patterns())


def walk(folder: Path) -> Iterator[Path]:
    """Every file below `folder` that is ours. Links are not followed."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path)
        if is_ignored(path.relative_to(ROOT)) or (path / "pyvenv.cfg").exists():
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(path)
        elif entry.is_file(follow_symlinks=False):
            yield path


@cache
def files() -> tuple[Path, ...]:
    """Every file of the tree that we wrote ourselves or brought in."""
    return tuple(walk(ROOT))


def text_of(path: Path) -> str:
    """The text of a file, or nothing where it is not UTF-8."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def our_texts() -> Iterator[tuple[str, str]]:
    """Name and text of each file that we wrote ourselves; the licence texts are others' words."""
    for path in files():
        name = path.relative_to(ROOT)
        if VENDORED not in name.parts and "LICENSE" not in path.name:
            yield name.as_posix(), text_of(path)


def python_texts() -> Iterator[tuple[str, str]]:
    """Name and text of each Python file."""
    return ((name, text) for name, text in our_texts() if name.endswith(".py"))


def rooms() -> list[str]:
    """The folders at the top that are packages of the product."""
    return sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - AROUND)


def top_folders() -> list[str]:
    """The folders at the top that somebody may open: the rooms, tests, examples, benchmarks."""
    names = {path.relative_to(ROOT).parts[0] for path in files() if path.parent != ROOT}
    return sorted(name for name in names if not name.startswith("."))


@cache
def pyproject() -> dict[str, Any]:
    """The project's settings."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
