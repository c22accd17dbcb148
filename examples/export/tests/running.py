"""The program as people run it: in a process of its own, or in this one where nothing is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from twin import CLIENT
from typer.testing import CliRunner
from ventanilla_export.cli import app


@dataclass(frozen=True)
class Done:
    """What a run left."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Program:
    """The command line, asking one portal from one folder."""

    url: str
    secret: Path
    home: Path

    def arguments(self, command: str, *words: str) -> list[str]:
        """The words of a call."""
        access = ["--url", self.url, "--client", CLIENT, "--secret-file", str(self.secret)]
        return [command, *access, *words]

    def run(self, command: str, *words: str) -> Done:
        """Run it here."""
        found = CliRunner().invoke(app, self.arguments(command, *words))
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return Done(found.exit_code, found.stdout, found.stderr)

    def start(self, command: str, *words: str, driver: tuple[str, ...] = ("-m", "ventanilla_export")) -> Started:
        """Run it in a process of its own; `driver` is what Python runs."""
        words = (sys.executable, "-W", "error", "-P", *driver, *self.arguments(command, *words))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return Started(
            subprocess.Popen(  # noqa: S603  the program under test
                words, cwd=self.home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )


class Started:
    """A process that was started."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ended(self) -> Done:
        """Wait for it."""
        out, err = self.process.communicate(timeout=120)
        return Done(self.process.returncode, out, err)
