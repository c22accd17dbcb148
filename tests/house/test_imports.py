"""Every module can be imported on this Python, without a warning and without looking at the tree from outside."""

import subprocess
import sys

from tests.house import tree

IMPORT_ALL = """
import importlib, sys
failed = []
for name in sys.stdin.read().split():
    try:
        importlib.import_module(name)
    except Exception as error:
        failed.append(f"{name}: {error!r}")
sys.exit("\\n".join(failed) or None)
"""
DRIVEN = {"env.py"}
"""What alembic runs within a migration; it cannot be imported by itself."""


def modules() -> list[str]:
    """The full name of every module in a room."""
    found = (path.relative_to(tree.ROOT) for path in tree.files() if path.suffix == ".py" and path.name not in DRIVEN)
    return [
        ".".join(("ventanilla", *path.with_suffix("").parts)).removesuffix(".__init__")
        for path in found
        if path.parts[0] in tree.rooms()
    ]


def test_every_module_can_be_imported() -> None:
    program = [sys.executable, "-P", "-W", "error", "-c", IMPORT_ALL]
    outcome = subprocess.run(
        program, input="\n".join(modules()), check=False, capture_output=True, text=True, cwd=tree.ROOT
    )
    assert outcome.returncode == 0, outcome.stderr
