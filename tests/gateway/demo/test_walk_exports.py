"""A program of the manager's own exports everything: example documents over the wire, page after page."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from typing import Any

import httpx2
import pytest

from tests.gateway.demo.process import PROGRAM, TLS, Demo
from tests.gateway.demo.test_walk_examples import amount, total
from tests.gateway.demo.walking import EXAMPLES, PORTALS, RESIDENT, Person
from ventanilla.auth.scopes import EXPORTS

KEPT = [
    *((name, slug) for name in ("accounts", "invoices", "payments") for slug in PORTALS),
    *(("charges", "aguas"), ("readings", "aguas"), ("readings", "osiedle")),
]
"""What each manager keeps of what can be exported."""


@cache
def bearer(demo: Demo, slug: str) -> str:
    """A token of a program that the command line registers, while the demo runs."""
    scopes = [word for scope in sorted(EXPORTS) for word in ("--scope", scope)]
    command = [PROGRAM, "client", "add", slug, "Contabilidad", *scopes]
    variables = {**os.environ, "VENTANILLA_DATA": str(demo.data)}
    added = subprocess.run(command, env=variables, capture_output=True, text=True, check=True, timeout=60)
    told = dict(line.split() for line in added.stdout.splitlines())
    form = {"grant_type": "client_credentials", "client_id": told["client_id"], "client_secret": told["client_secret"]}
    address = f"http://127.0.0.1:{demo.port + PORTALS[slug]}/oauth/token"
    return httpx2.post(address, data=form, verify=TLS).json()["access_token"]


def page(demo: Demo, name: str, slug: str, **variables: Any) -> dict[str, Any]:
    """A page of what an example exports."""
    headers = {"authorization": f"Bearer {bearer(demo, slug)}"}
    data = demo.ask(demo.port + PORTALS[slug], EXAMPLES[f"export-{name}"], variables, **headers)
    (found,) = data["export"].values()
    return found


def everything(demo: Demo, name: str, slug: str, first: int = 1000) -> list[dict[str, Any]]:
    """All that an example exports."""
    pages = [page(demo, name, slug, first=first)]
    while pages[-1]["pageInfo"]["hasNextPage"]:
        pages.append(page(demo, name, slug, first=first, after=pages[-1]["pageInfo"]["endCursor"]))
    assert [each["removedIds"] for each in pages] == [[]] * len(pages)
    assert pages[-1]["remaining"] == 0
    last = page(demo, name, slug, after=pages[-1]["pageInfo"]["endCursor"])
    assert (last["nodes"], last["pageInfo"]["hasNextPage"]) == ([], False)
    return [node for each in pages for node in each["nodes"]]


@pytest.mark.parametrize(("name", "slug"), KEPT)
def test_everything_is_exported_once_whatever_the_page(demo: Demo, name: str, slug: str) -> None:
    whole = everything(demo, name, slug)
    assert whole
    assert len({node["id"] for node in whole}) == len(whole)
    first = min(900, max(1, len(whole) // 3))
    assert sorted(node["id"] for node in everything(demo, name, slug, first)) == sorted(node["id"] for node in whole)


@pytest.mark.parametrize("slug", PORTALS)
def test_what_is_exported_is_what_people_see(demo: Demo, slug: str) -> None:
    resident = Person(demo, slug, RESIDENT[slug].email)
    theirs = {each["id"]: each for each in resident.accounts()}
    accounts = {node["id"]: node for node in everything(demo, "accounts", slug)}
    assert theirs.keys() <= accounts.keys()
    assert {key: amount(each["balance"]["amount"]) for key, each in theirs.items()} == {
        key: amount(accounts[key]["balance"]["amount"]) for key in theirs
    }
    query = "{ viewer { accounts { nodes { invoices(first: 100) { nodes { id number } } } } } }"
    seen = {
        invoice["id"]: invoice["number"]
        for each in resident.ask(query)["viewer"]["accounts"]["nodes"]
        for invoice in each["invoices"]["nodes"]
    }
    exported = {node["id"]: node["number"] for node in everything(demo, "invoices", slug)}
    assert seen
    assert seen.items() <= exported.items()


@pytest.mark.parametrize("slug", PORTALS)
def test_what_is_exported_adds_up(demo: Demo, slug: str) -> None:
    numbers = {node["id"]: node["number"] for node in everything(demo, "accounts", slug)}
    invoices = everything(demo, "invoices", slug)
    for node in invoices:
        assert total(node["lines"]) == amount(node["total"])
        assert total(node["allocations"]) == amount(node["paid"])
        assert numbers[node["account"]["id"]] == node["account"]["number"]
    for node in everything(demo, "payments", slug):
        assert numbers[node["account"]["id"]] == node["account"]["number"]
        assert {part["invoice"]["id"] for part in node["allocations"]} <= {invoice["id"] for invoice in invoices}


def test_a_filter_exports_what_it_finds(demo: Demo) -> None:
    found = page(demo, "invoices", "aguas", filter={"status": ["PAID"]})["nodes"]
    assert found
    assert {node["status"] for node in found} == {"PAID"}
