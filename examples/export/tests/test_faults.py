"""What a portal may do wrong, and what comes of it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from running import Program
from test_csv import rows_of
from twin import CLIENT, SECRET, Fault, Twin, refused
from ventanilla_export.access import Access, origin_of
from ventanilla_export.nouns import NOUNS, NounName
from ventanilla_export.patience import MOST_REFUSALS, Patience
from ventanilla_export.portal import Ask, Page, Portal
from ventanilla_export.telling import Silence
from ventanilla_export.tokens import Tokens
from ventanilla_export.troubles import ExportError, FaultError, RefusedError, UnavailableError

LAST = {"endCursor": "x", "hasNextPage": False}
PARTIAL: dict[str, Any] = {"export": {"invoices": {"nodes": [], "removedIds": [], "pageInfo": LAST}}}
PASSING = {
    "too many": refused("RATE_LIMITED", status=429, retryAfter=7),
    "too many, told by a proxy": Fault(429, text="slow down", headers={"retry-after": "7"}),
    "overloaded": refused("OVERLOADED", retryable=True),
    "an office that is down": refused("BACK_OFFICE_UNAVAILABLE", retryable=True, retryAfter=7),
    "a part": refused("BACK_OFFICE_TIMEOUT", data=PARTIAL),
    "an empty answer": Fault(json={"data": None}),
    "a list": Fault(json=[]),
    "a page of a proxy": Fault(text="<h1>Back soon</h1>"),
    "a proxy without its server": Fault(502, text="<h1>Bad gateway</h1>"),
    "half an answer": Fault(cut=True),
}


class Paused:
    """A sleep that takes no time, and knows how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        """Note it."""
        self.seconds.append(seconds)


def asked(twin: Twin, sleep: Callable[[float], None], limit_s: float = 600) -> Page:
    """One page of invoices."""
    with Portal(Access(twin.url, CLIENT, SECRET), Patience(limit_s, Silence(), sleep)) as portal:
        return portal.page(Ask(NOUNS[NounName.INVOICES], first=10))


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_passes_is_waited_for(fault: Fault, twin: Twin) -> None:
    """And the page is asked again as a whole."""
    twin.fill("invoices", 3)
    twin.faults.extend([fault, fault])
    paused = Paused()
    assert len(asked(twin, paused).nodes) == 3
    assert len(paused.seconds) == 2
    told = fault.headers or "retryAfter" in str(fault.json)
    assert all(seconds >= 7 if told else 0.5 <= seconds <= 2 for seconds in paused.seconds)


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (refused("FORBIDDEN"), 2, "invoices:export"),
        (refused("VALIDATION_FAILED", status=400), 2, "VALIDATION_FAILED"),
        (refused("INVALID_ARGUMENT"), 2, "INVALID_ARGUMENT"),
        (refused("INTERNAL", errorId="e1"), 1, "errorId e1"),
        (refused("BACK_OFFICE_BAD_ANSWER", data=PARTIAL), 1, "BACK_OFFICE_BAD_ANSWER"),
        (Fault(json={"data": {"export": None}}), 1, "nothing that can be read as invoices"),
        (Fault(404, text="<h1>Not here</h1>"), 2, "404"),
    ],
)
def test_what_does_not_pass_is_told(fault: Fault, status: int, told: str, twin: Twin) -> None:
    """At once, with the status of its kind."""
    twin.faults.append(fault)
    with pytest.raises(ExportError, match=told) as caught:
        asked(twin, _never)
    assert caught.value.status == status


def _never(seconds: float) -> None:
    pytest.fail(f"waited {seconds} s for what does not pass")


def test_patience_ends(twin: Twin) -> None:
    """Pauses grow to a minute, and end with the limit."""
    twin.faults.extend([refused("OVERLOADED")] * 40)
    paused = Paused()
    with pytest.raises(UnavailableError, match="Given up after"):
        asked(twin, paused)
    assert 500 < sum(paused.seconds) <= 600
    assert max(paused.seconds) <= 60


def test_too_many_questions_for_ever(twin: Twin) -> None:
    """A page that costs more than there ever is."""
    twin.faults.extend([refused("RATE_LIMITED", retryAfter=60)] * 40)
    paused = Paused()
    with pytest.raises(UnavailableError, match="--page-size"):
        asked(twin, paused)
    assert paused.seconds == [60] * MOST_REFUSALS


def test_a_portal_that_is_not_there() -> None:
    """Nobody listens: it is waited for, as long as was said."""
    paused = Paused()
    access = Access("http://127.0.0.1:1", CLIENT, SECRET)
    patience = Patience(5, Silence(), paused)
    with Portal(access, patience) as portal, pytest.raises(UnavailableError, match="cannot be reached"):
        portal.page(Ask(NOUNS[NounName.INVOICES], first=10))
    assert paused.seconds


def test_a_token_that_ended_is_renewed_once(twin: Twin) -> None:
    """The page is asked again with another."""
    twin.fill("invoices", 1)
    portal = Portal(Access(twin.url, CLIENT, SECRET), Patience(0, Silence(), _never))
    with portal:
        portal.page(Ask(NOUNS[NounName.INVOICES], first=10))
        twin.tokens.clear()
        assert len(portal.page(Ask(NOUNS[NounName.INVOICES], first=10)).nodes) == 1
    assert twin.tokens_given == 2


def test_a_program_that_was_revoked_is_told(twin: Twin) -> None:
    """New tokens that are refused as well."""
    twin.faults.extend([refused("UNAUTHENTICATED", status=401)] * 2)
    with pytest.raises(RefusedError, match="revoked"):
        asked(twin, _never)


def test_tokens_are_renewed_before_they_end(twin: Twin) -> None:
    """A minute before, so that none ends on its way."""
    now = [0.0]
    with httpx2.Client() as http:
        tokens = Tokens(Access(twin.url, CLIENT, SECRET), http, lambda: now[0])
        first = tokens.current()
        now[0] = 839
        assert tokens.current() == first
        now[0] = 840
        assert tokens.current() != first


def test_a_token_endpoint_that_falters(twin: Twin) -> None:
    """It is waited for like the rest."""
    twin.token_faults.extend([Fault(503), Fault(429, json={"error": "x"}, headers={"retry-after": "9"})])
    paused = Paused()
    asked(twin, paused)
    assert paused.seconds[1:] == [9]


def test_a_wrong_secret(twin: Twin) -> None:
    """It is not tried again."""
    access = Access(twin.url, CLIENT, "another")
    patience = Patience(600, Silence(), _never)
    with Portal(access, patience) as portal, pytest.raises(RefusedError, match="--secret-file"):
        portal.page(Ask(NOUNS[NounName.INVOICES], first=10))


def test_the_secret_goes_to_the_portal_alone(twin: Twin) -> None:
    """A portal that says it is another gets none."""
    address, twin.url = twin.url, "http://other.example"
    with httpx2.Client() as http, pytest.raises(RefusedError, match=r"other\.example"):
        Tokens(Access(address, CLIENT, SECRET), http).current()
    assert twin.tokens_given == 0


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("portal.example", "no address"),
        ("https://user:word@portal.example", "no address"),
        ("https://portal.example/en/home", "without a path"),
        ("http://portal.example", "https only"),
    ],
)
def test_a_wrong_address_is_told(url: str, told: str) -> None:
    """With what is to be done."""
    with pytest.raises(RefusedError, match=told):
        origin_of(url)


@pytest.mark.parametrize("url", ["https://Portal.example/", "https://portal.example/graphql"])
def test_an_address_may_be_that_of_graphql(url: str) -> None:
    """Both are the portal's."""
    assert origin_of(url) == "https://portal.example"


def test_a_secret_file_that_is_empty(twin: Twin, program: Program, tmp_path: Path) -> None:
    """It is told before anything is asked."""
    program.secret.write_text("\n", encoding="utf-8")
    done = program.run("csv", "charges", str(tmp_path / "c.csv"))
    assert (done.status, "--secret-file" in done.err) == (2, True)
    assert twin.tokens_given == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_stopped_goes_on(number: signal.Signals, twin: Twin, program: Program, tmp_path: Path) -> None:
    """Ctrl-C and SIGTERM end in order, say how to go on, and leave no half of a file."""
    twin.fill("invoices", 50)
    out = tmp_path / "i.csv"
    running: list[Any] = []
    twin.before_page = lambda page: running[0].send_signal(number) if page == 3 else None
    started = program.start("csv", "invoices", str(out), "--page-size", "10")
    running.append(started.process)
    done = started.ended()
    assert done.status == 130
    assert done.err.endswith("i.csv.work: the same command goes on from there.\n")
    assert not out.exists()
    twin.asked.clear()
    assert program.run("csv", "invoices", str(out), "--page-size", "10").status == 0
    assert len(rows_of(out)) == 50
    assert twin.asked[0]["after"] is not None


def test_a_told_wait_counts_as_waiting() -> None:
    """An office that asks for more time than there is."""
    patience = Patience(10, Silence(), _never)
    with pytest.raises(UnavailableError):
        patience.fault(FaultError("down", wait=11))
