"""What people do with the demo, over the wire: read their home page, fail to read another's, replace an export."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.gateway.demo.process import Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS, RESIDENT, VARIABLES, Person
from tests.pdf.sample import text_of
from ventanilla.gateway.demo import DEMO
from ventanilla.gateway.demo.people import PASSWORD

HOME = EXAMPLES["home"]
NODE = "query ($id: ID!) { node(id: $id) { id } account(id: $id) { id } }"


@pytest.mark.parametrize("slug", PORTALS)
def test_the_home_query_answers_each_typical_resident(demo: Demo, slug: str) -> None:
    home = Person(demo, slug, RESIDENT[slug].email).ask(HOME, VARIABLES[slug])
    nodes = home["viewer"]["accounts"]["nodes"]
    assert [node["number"] for node in nodes] == [holding.number for holding in RESIDENT[slug].accounts]
    assert all(node["balance"] and node["pending"] and node["charges"] and node["payments"] for node in nodes)
    assert any(node["balance"]["overdue"]["documentCount"] for node in nodes)
    assert any(node["balance"]["nextDue"] for node in nodes)
    assert any(node["payments"]["nodes"] for node in nodes)
    assert any(node["interestAccruals"]["nodes"] for node in nodes)
    assert any(node["paymentPlans"]["nodes"] for node in nodes)
    assert all([each["kind"] for each in node["enrolments"]] == ["E_INVOICE", "DIRECT_DEBIT"] for node in nodes)
    assert home["viewer"]["notices"]["nodes"]


def test_a_home_page_shows_what_the_licences_of_its_manager_are_for(demo: Demo) -> None:
    def shown(slug: str) -> dict[str, int]:
        """How many accounts of the typical resident show something of each."""
        home = Person(demo, slug, RESIDENT[slug].email).ask(HOME, VARIABLES[slug])
        nodes = home["viewer"]["accounts"]["nodes"]
        lists = ("accruals", "meters", "utilitySettlements")
        counts = {noun: sum(bool(node.get(noun) and node[noun]["nodes"]) for node in nodes) for noun in lists}
        counts["building"] = sum(bool(node["unit"]["building"]) for node in nodes)
        counts["shares"] = sum(bool(node["unit"].get("shares")) for node in nodes)
        counts["community"] = sum(bool(node.get("community")) for node in nodes)
        return counts

    none = {"accruals": 0, "meters": 0, "utilitySettlements": 0, "building": 0, "shares": 0, "community": 0}
    assert VARIABLES["aguas"] == {"utility": True, "community": False}
    assert shown("aguas") == {**none, "meters": 2}
    assert shown("inmobiliaria") == {**none, "accruals": 1, "building": 1}
    assert shown("osiedle") == {
        "accruals": 3, "meters": 1, "utilitySettlements": 1, "building": 3, "shares": 2, "community": 2,
    }  # fmt: skip


@pytest.mark.parametrize("slug", PORTALS)
def test_the_portal_query_answers_anybody(demo: Demo, slug: str) -> None:
    portal = demo.ask(demo.port + PORTALS[slug], EXAMPLES["portal"])["portal"]
    assert portal["slug"] == slug
    assert portal["signInWays"] == ["PASSWORD", "EMAIL_CODE", "PASSKEY"]
    assert {each["support"] for each in portal["capabilities"]} >= {"YES"}
    assert all((each["support"] == "NO") == bool(each["reason"]) for each in portal["capabilities"])


def test_the_sign_in_example_begins_a_session_or_says_why_not(demo: Demo) -> None:
    person = RESIDENT["aguas"]
    credentials = {"email": person.email, "password": PASSWORD, "delivery": "BEARER"}
    begun = demo.ask(demo.port + PORTALS["aguas"], EXAMPLES["sign-in"], {"input": credentials})["signIn"]
    assert begun["session"]["accessToken"]
    assert begun["viewer"]["name"] == person.name
    assert begun["userErrors"] == []

    wrong = {"email": "nobody@vecinos.example", "password": PASSWORD}
    refused = demo.ask(demo.port + PORTALS["aguas"], EXAMPLES["sign-in"], {"input": wrong})["signIn"]
    assert (refused["session"], refused["viewer"]) == (None, None)
    assert [each["reason"] for each in refused["userErrors"]] == ["INVALID_CREDENTIALS"]


@pytest.mark.parametrize("noun", ["invoices", "payments"])
@pytest.mark.parametrize("slug", PORTALS)
def test_the_example_of_a_list_walks_it_page_by_page(demo: Demo, slug: str, noun: str) -> None:
    person = Person(demo, slug, RESIDENT[slug].email)
    account = person.accounts()[0]["id"]
    whole = f"query ($id: ID!) {{ account(id: $id) {{ {noun}(first: 100) {{ totalCount nodes {{ id }} }} }} }}"
    wanted = person.ask(whole, {"id": account})["account"][noun]
    assert wanted["totalCount"] == len(wanted["nodes"]) > 4

    walked: list[str] = []
    variables: dict[str, Any] = {"account": account, "first": 4}
    while True:
        page = person.ask(EXAMPLES[noun], variables)["account"][noun]
        walked += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        variables["after"] = page["pageInfo"]["endCursor"]
    assert walked == [node["id"] for node in wanted["nodes"]]


@pytest.mark.parametrize("slug", PORTALS)
def test_a_resident_downloads_the_paper_of_an_invoice(demo: Demo, slug: str) -> None:
    person = Person(demo, slug, RESIDENT[slug].email)
    query = "query ($id: ID!) { account(id: $id) { invoices(first: 1) { nodes { document { url mediaType } } } } }"
    found = person.ask(query, {"id": person.accounts()[0]["id"]})["account"]["invoices"]["nodes"][0]["document"]
    address = f"http://127.0.0.1:{person.port}{found['url']}"
    mine = httpx2.get(address, headers={"authorization": f"Bearer {person.token}"}, timeout=20)
    assert (mine.status_code, mine.headers["content-type"]) == (200, found["mediaType"])
    assert mine.content.startswith(b"%PDF-")
    assert httpx2.get(address).status_code == 404


@pytest.mark.parametrize("slug", PORTALS)
def test_a_resident_downloads_the_papers_of_payments(demo: Demo, slug: str) -> None:
    person = Person(demo, slug, RESIDENT[slug].email)
    number = person.accounts()[0]["number"]
    found = person.example("papers", number)
    receipts = {each["status"]: each["receipt"] for each in found["payments"]["nodes"]}
    assert all(bool(told) == (status in {"CONFIRMED", "SETTLED"}) for status, told in receipts.items())
    for told in (found["paymentHistory"], found["paidInvoiceHistory"], next(filter(None, receipts.values()))):
        address = f"http://127.0.0.1:{person.port}{told['url']}"
        mine = httpx2.get(address, headers={"authorization": f"Bearer {person.token}"}, timeout=20)
        assert mine.status_code == 200
        assert number in text_of(mine.content)
        assert httpx2.get(address).status_code == 404


@pytest.mark.parametrize("slug", PORTALS)
def test_strange_ids_answer_null_all_alike(demo: Demo, slug: str) -> None:
    mine = Person(demo, slug, RESIDENT[slug].email)
    own = mine.accounts()[0]["id"]
    neighbour = next(
        node["id"]
        for person in next(each for each in DEMO if each.slug == slug).people[1:]
        for node in Person(demo, slug, person.email).accounts()
        if node["number"] not in {holding.number for holding in RESIDENT[slug].accounts}
    )
    elsewhere = next(each for each in PORTALS if each != slug)
    foreign = Person(demo, elsewhere, RESIDENT[elsewhere].email).accounts()[0]["id"]
    assert mine.ask(NODE, {"id": own}) == {"node": {"id": own}, "account": {"id": own}}
    for strange in (neighbour, foreign, "malformed", "0" * 32):
        assert mine.ask(NODE, {"id": strange}) == {"node": None, "account": None}
    assert demo.ask(mine.port, NODE, {"id": own}) == {"node": None, "account": None}


def test_a_token_of_one_portal_is_refused_at_another(demo: Demo) -> None:
    token = Person(demo, "aguas", RESIDENT["aguas"].email).token
    answer = httpx2.post(
        f"http://127.0.0.1:{demo.port + PORTALS['osiedle']}/graphql",
        json={"query": "{ viewer { name } }"},
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def until(ask: Callable[[], Any], satisfied: Callable[[Any], bool], seconds: float = 20) -> Any:
    """Ask until the answer satisfies; the last answer in any case."""
    deadline = time.monotonic() + seconds
    while not satisfied(answer := ask()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return answer


def test_a_replaced_export_shows_new_balances_and_a_broken_one_changes_nothing(demo: Demo) -> None:
    person = Person(demo, "osiedle", RESIDENT["osiedle"].email)
    office = demo.data / "offices" / "osiedle" / "czynsze"
    accounts = office / "export" / "konta.csv"

    def rented() -> dict[str, Any]:
        return next(node for node in person.accounts() if node["source"]["name"] == "czynsze")

    before = rented()
    shown = before["balance"]["amount"]["amount"]
    written = f";-{shown.replace('.', ',')};".encode("cp1250")
    content = accounts.read_bytes()
    assert content.count(written) == 1
    accounts.write_bytes(content.replace(written, b";-1 234,56;"))
    # The account and its balance are two questions, and the export may be taken between them.
    after = until(rented, lambda node: node["asOf"] > before["asOf"] and node["balance"]["amount"]["amount"] != shown)
    assert after["balance"]["amount"]["amount"] == "1234.56"
    assert after["asOf"] > before["asOf"]

    accounts.write_bytes(accounts.read_bytes() + "żółć;to nie jest konto\r\n".encode("cp1250"))
    reasons = until(lambda: list(office.glob("quarantine/*/REASON.txt")), bool)
    assert "konta.csv, row" in reasons[0].read_text(encoding="utf-8")
    assert rented() == after

    accounts.write_bytes(content)
    assert until(rented, lambda node: node["balance"] == before["balance"])["balance"] == before["balance"]


def chromium() -> str:
    """The browser, or a skip with its reason."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and "chromium" in os.environ.get("VENTANILLA_REQUIRE", "").split(","):
        pytest.fail("no Chromium is installed")
    if found is None:
        pytest.skip("no Chromium is installed")
    return found


def rendered(address: str, profile: Path) -> str:
    """The page as it stands after its scripts have run, in a browser that reaches nothing but this machine."""
    switches = ("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync")
    quiet = ("disable-background-networking", "disable-component-update", "virtual-time-budget=15000", "dump-dom")
    command = [chromium(), *(f"--{each}" for each in (*switches, *quiet)), f"--user-data-dir={profile}", address]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.mark.parametrize("slug", PORTALS)
def test_the_console_signs_a_person_in_and_knows_the_home_query(demo: Demo, slug: str, tmp_path: Path) -> None:
    person = RESIDENT[slug]
    page = rendered(f"http://127.0.0.1:{demo.port + PORTALS[slug]}/graphiql#{person.email}", tmp_path)
    assert f'id="viewer">{person.name}</' in page
    assert "graphiql-execute-button" in page
    assert "onboardingState" in page
    assert page.count('cm-variable">"utility"<') == page.count('cm-variable">"community"<') == 1


def test_the_start_page_lists_every_portal_in_a_browser(demo: Demo, tmp_path: Path) -> None:
    page = rendered(f"http://localhost:{demo.port}/", tmp_path)
    for index, each in enumerate(DEMO, start=1):
        assert f"127.0.0.1:{demo.port + index}" in page
        assert all(person.email in page for person in each.everybody)
