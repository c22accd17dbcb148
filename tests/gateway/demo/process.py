"""The demo as its own process, as people start it."""

import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests import ports
from ventanilla.gateway.demo.people import PASSWORD

PROGRAM = Path(sys.executable).with_name("ventanilla")
PORTS = 4
PATIENCE_S = 30
"""For one answer: a machine that is busy with other tests hashes passwords slowly."""
TLS = ssl.create_default_context()
"""Nothing here is encrypted; a client that is given none would read all authorities anew for each request."""


def free_ports() -> int:
    """The first of the ports in a row that a demo takes."""
    return ports.free(PORTS)


class Demo:
    def __init__(self, data: Path, port: int) -> None:
        self.port = port
        self.data = data
        command = [PROGRAM, "demo", "--port", str(port), "--data", str(data)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.printed = self._read()

    def _read(self) -> str:
        assert self.process.stdout
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("ready"):
                break
        return "".join(lines)

    def get(self, host: str, path: str = "/") -> httpx2.Response:
        return httpx2.get(f"http://127.0.0.1:{self.port}{path}", headers={"host": host}, verify=TLS, timeout=PATIENCE_S)

    def ask(self, port: int, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Any:
        """The data that a document answers at one of the ports; an answer with errors fails the test."""
        body = {"query": query, "variables": variables or {}}
        answer = httpx2.post(
            f"http://127.0.0.1:{port}/graphql", json=body, headers=headers, verify=TLS, timeout=PATIENCE_S
        )
        assert answer.status_code == 200
        assert "errors" not in answer.json(), answer.json()["errors"]
        return answer.json()["data"]

    def token(self, port: int, email: str) -> str:
        """A bearer token of somebody of the demo."""
        query = "mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }"
        credentials = {"email": email, "password": PASSWORD, "delivery": "BEARER"}
        return self.ask(port, query, {"input": credentials})["signIn"]["session"]["accessToken"]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(15)


@contextmanager
def running(data: Path, port: int) -> Iterator[Demo]:
    demo = Demo(data, port)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.process.kill()
        demo.process.communicate()
