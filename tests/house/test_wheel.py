"""The wheel holds what the rooms hold: nothing less, nothing more."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.house import tree

BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def copied_tree(target: Path) -> Path:
    """A copy of our own files, so that building leaves nothing behind and finds nothing of earlier builds."""
    for path in tree.files():
        copy = target / path.relative_to(tree.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return target


def wheel_content(folder: Path) -> set[str]:
    """The files of a wheel built in `folder`, without those that describe it."""
    program = [sys.executable, "-P", "-c", BUILD, str(folder)]
    built = subprocess.run(program, check=False, capture_output=True, text=True, cwd=folder)
    assert built.returncode == 0, built.stderr
    assert "_Warning" not in built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_is_the_tree(tmp_path: Path) -> None:
    ours = (path.relative_to(tree.ROOT) for path in tree.files())
    expected = {f"ventanilla/{path.as_posix()}" for path in ours if path.parts[0] in tree.rooms()}
    assert wheel_content(copied_tree(tmp_path)) == expected
