"""Somebody who walks through the demo, and the documents that they ask."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from tests.gateway.demo.process import Demo
from ventanilla.gateway.console.routes import home_variables
from ventanilla.gateway.demo import DEMO
from ventanilla.store.manager_file import read_manager

EXAMPLES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in (Path(__file__).parents[3] / "examples" / "queries").glob("*.graphql")
}
PORTALS = {demo.slug: index for index, demo in enumerate(DEMO, start=1)}
RESIDENT = {demo.slug: demo.people[0] for demo in DEMO}
VARIABLES = {demo.slug: home_variables(read_manager(demo.toml)) for demo in DEMO}
"""What the console opens the home query with at each portal."""


@cache
def token(demo: Demo, port: int, email: str) -> str:
    """A bearer token of somebody, who signs in once."""
    return demo.token(port, email)


class Person:
    """Somebody signed in at one portal of the demo."""

    def __init__(self, demo: Demo, slug: str, email: str) -> None:
        self.demo, self.port = demo, demo.port + PORTALS[slug]
        self.token = token(demo, self.port, email)

    def ask(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        return self.demo.ask(self.port, query, variables, authorization=f"Bearer {self.token}")

    def accounts(self) -> list[dict[str, Any]]:
        query = "{ viewer { accounts { nodes { id number asOf source { name } balance { amount { amount } } } } } }"
        return self.ask(query)["viewer"]["accounts"]["nodes"]

    def example(self, name: str, number: str) -> Any:
        """What an example document answers of the account with that number."""
        account = next(node["id"] for node in self.accounts() if node["number"] == number)
        return self.ask(EXAMPLES[name], {"account": account})["account"]
