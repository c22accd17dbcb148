"""Data folders that take long to write: written once for a whole run, and copied by whoever needs one."""

import signal
import subprocess
from pathlib import Path

from tests.gateway.demo.process import PROGRAM, free_ports, running
from tests.turns import made_once

MANAGER = Path(__file__).parents[2] / "gateway" / "demo" / "managers" / "aguas.toml"


def gateway_data(shared: Path) -> Path:
    """The folder of a gateway that has its tables and one manager, `aguas`."""
    return made_once(shared / "gateway", _write_gateway)


def demo_data(shared: Path) -> Path:
    """The folder of a demo that has run, and ended as it should."""
    return made_once(shared / "demo", _write_demo)


def _write_gateway(folder: Path) -> None:
    variables = {"VENTANILLA_DATA": str(folder), "PATH": "/usr/bin:/bin"}
    for arguments in (["migrate"], ["manager", "add", MANAGER]):
        subprocess.run([PROGRAM, *arguments], env=variables, check=True, capture_output=True, timeout=60)


def _write_demo(folder: Path) -> None:
    with running(folder, free_ports()) as demo:
        assert demo.stop(signal.SIGTERM) == 0
