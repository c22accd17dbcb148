"""Libraries that would write what people sent are silent once the gateway's logs are set up."""

import subprocess
import sys

import pytest

from tests.house import tree

SPOKEN = """
import logging
from ventanilla.gateway import logs

logs.configure(as_json=True)
logging.getLogger("{name}").critical("a marked document")
"""


def said_by(name: str) -> str:
    """What a process of its own writes after the logger `name` got a line."""
    program = [sys.executable, "-P", "-c", SPOKEN.format(name=name)]
    return subprocess.run(program, check=True, capture_output=True, text=True, cwd=tree.ROOT).stderr


@pytest.mark.parametrize("name", ["strawberry.execution", "uvicorn.access"])
def test_a_talkative_logger_says_nothing(name: str) -> None:
    assert said_by(name) == ""


def test_our_own_loggers_are_heard() -> None:
    assert "a marked document" in said_by("ventanilla.gateway")
