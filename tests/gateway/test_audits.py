"""The public audits of GraphQL over HTTP, against the demo as its own process."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.gateway.demo import process
from tests.gateway.stock import demo_data

FOLDER = Path(__file__).parents[2] / ".cache" / "audits"
"""Where `.ci/run` puts the package: nothing else needs it."""
SCRIPT = Path(__file__).with_name("audits.mjs")


def node() -> str:
    """Node.js with the audits beside it, or a skip with its reason."""
    found = shutil.which("node")
    missing = "no Node.js is installed" if found is None else "the audits are not installed; .ci/run does that"
    if found and (FOLDER / "node_modules" / "graphql-http").is_dir():
        return found
    if "node" in os.environ.get("VENTANILLA_REQUIRE", "").split(","):
        pytest.fail(missing)
    pytest.skip(missing)


def test_every_public_audit_passes_without_a_remark(shared_folder: Path, tmp_path: Path) -> None:
    program = node()
    data = tmp_path / "data"
    shutil.copytree(demo_data(shared_folder), data)
    with process.running(data, process.free_ports()) as demo:
        command = [program, str(SCRIPT), str(FOLDER), f"http://127.0.0.1:{demo.port + 1}/graphql"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert result.stdout == "61 audits: 61 ok, 0 notice, 0 warn, 0 error\n"
    assert (result.returncode, result.stderr) == (0, "")
