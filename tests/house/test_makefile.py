"""What the Makefile does with the variables that people set."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house import tree

NEEDED = ("Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml", "setup.py")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([], '--data "./data"'),
        (["DATA=a folder"], '--data "a folder"'),
        (["DATA="], '--data "./data"'),  # else the demo would keep its secret between the sources
    ],
)
def test_the_demo_gets_a_folder(tmp_path: Path, given: list[str], shown: str) -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    for name in NEEDED:
        shutil.copyfile(tree.ROOT / name, tmp_path / name)
    command = [make, "--dry-run", "run", *given]
    assert shown in subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path).stdout
