"""Projects of somebody else's, copied out of ``examples`` and installed beside the packages that run these tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
BIN = Path(sys.executable).parent


class Installed:
    """A project in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home / "project"
        self.site = home / "site"

    @property
    def variables(self) -> dict[str, str]:
        """What its programs find around them."""
        found = {**os.environ, "PYTHONPATH": str(self.site), "VENTANILLA_DATA": str(self.home / "data")}
        found.pop("PYTEST_ADDOPTS", None)
        return found

    def run(self, program: str, *arguments: str, timeout: int = 120) -> subprocess.CompletedProcess[str]:
        command = [str(BIN / program), *arguments]
        return subprocess.run(
            command, cwd=self.home, env=self.variables, capture_output=True, text=True, timeout=timeout, check=False
        )


def installed(name: str, home: Path) -> Installed:
    """Install a copy of an example, without the network."""
    project = Installed(home)
    shutil.copytree(EXAMPLES / name, project.home, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    offline = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    done = project.run("python", "-P", "-m", "pip", "install", *offline, "--target", str(project.site), ".")
    assert done.returncode == 0, done.stderr
    return project
