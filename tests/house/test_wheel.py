"""The wheel holds what the rooms hold, and every licence: nothing less, nothing more."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house import tree

BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def copied_tree(target: Path) -> Path:
    """A copy of our own files, so that building leaves nothing behind and finds nothing of earlier builds."""
    for path in tree.files():
        copy = target / path.relative_to(tree.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return target


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all files of a wheel that is built from a copy of the tree."""
    folder = copied_tree(tmp_path_factory.mktemp("wheel"))
    program = [sys.executable, "-P", "-c", BUILD, str(folder)]
    built = subprocess.run(program, check=False, capture_output=True, text=True, cwd=folder)
    assert built.returncode == 0, built.stderr
    assert "_Warning" not in built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_is_the_tree(packed: set[str]) -> None:
    ours = [path.relative_to(tree.ROOT) for path in tree.files()]
    expected = {f"ventanilla/{path.as_posix()}" for path in ours if path.parts[0] in tree.rooms()}
    cookbook = [path.name for path in ours if path.parts[:2] == ("examples", "queries")]
    expected |= {f"ventanilla/gateway/docs/cookbook/{name}" for name in cookbook}
    assert {name for name in packed if ".dist-info/" not in name} == expected


def test_the_wheel_carries_every_licence_and_the_notice(packed: set[str]) -> None:
    ours = (path.relative_to(tree.ROOT) for path in tree.files() if path.suffix == ".LICENSE")
    expected = {"LICENSE", "NOTICE", *(path.as_posix() for path in ours if path.parts[0] in tree.rooms())}
    assert {name.partition("/licenses/")[2] for name in packed if "/licenses/" in name} == expected
