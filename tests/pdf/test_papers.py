"""The service: papers from processes that know nothing, at most some at once, while the loop goes on."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.pdf.sample import ARGENTINA, invoice, line, paid_invoices, paper, payment, payments, receipt, text_of
from ventanilla.pdf.paper import DocumentFormat, InvoicePaper, Paper
from ventanilla.pdf.papers import Papers, PapersBusyError, Rendered
from ventanilla.pdf.workers import PaperFailedError, PaperTimeoutError

pytestmark = pytest.mark.anyio

sees_processes = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="only Linux shows processes and their environment as files"
)
PDF, HTML = DocumentFormat.PDF, DocumentFormat.HTML
HEAVY = paper(ARGENTINA, *(line(position, 100, quantity="1", unit="m³") for position in range(1, 101)))
HISTORY = payments(ARGENTINA, *(payment(place) for place in range(200)))
INVOICES = paid_invoices(ARGENTINA, invoice(), invoice())
BROKEN = paper(replace(ARGENTINA, primary="no colour, but somebody's secret"))


@pytest.fixture
async def papers() -> AsyncIterator[Papers]:
    made = Papers(workers=2, at_once=2)
    yield made
    await made.close()


def children() -> list[int]:
    """The processes that this one started and that are still there."""
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()]


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


async def started_since(before: list[int]) -> int:
    """The process that was started since there were only those of `before`."""
    for _ in range(500):
        if found := set(children()) - set(before):
            return found.pop()
        await asyncio.sleep(0.01)
    raise AssertionError


async def test_a_paper_comes_in_both_forms_with_its_digest(papers: Papers) -> None:
    pdf, html = await papers.make(paper(), PDF), await papers.make(paper(), HTML)
    assert (pdf.media_type, html.media_type) == ("application/pdf", "text/html")
    assert "Marta Ferreyra" in text_of(pdf.body)
    assert "Marta Ferreyra" in html.body.decode()
    assert pdf.sha256 == sha256(pdf.body).digest()


@pytest.mark.parametrize("form", [PDF, HTML])
@pytest.mark.parametrize("given", [paper(), receipt(), HISTORY, INVOICES], ids=lambda given: type(given).__name__)
async def test_every_process_makes_the_same_bytes(papers: Papers, given: Paper, form: DocumentFormat) -> None:
    made = await asyncio.gather(*(papers.make(given, form) for _ in range(4)))
    assert len({each.sha256 for each in made}) == 1
    assert made[0].media_type == form.media_type


@sees_processes
async def test_nothing_starts_before_it_is_wanted_and_nothing_stays() -> None:
    before = children()
    papers = Papers()
    assert children() == before
    await papers.make(paper(), HTML)
    (pid,) = set(children()) - set(before)
    await papers.close()
    assert pid not in children()


@sees_processes
async def test_a_process_inherits_no_environment(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_SECRET", "a marked secret")
    before = children()
    await papers.make(paper(), HTML)
    (pid,) = set(children()) - set(before)
    assert environment(pid) == b"PYTHONHASHSEED=0\0"


@pytest.mark.parametrize(
    "outward",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "bytearray(2 * 1024 ** 3)",
    ],
)
def test_a_process_cannot_reach_out(outward: str) -> None:
    program = f"from ventanilla.pdf.worker import keep_inside\nkeep_inside()\n{outward}"
    outcome = subprocess.run([sys.executable, "-P", "-c", program], check=False, capture_output=True, text=True)
    assert outcome.stderr.splitlines()[-1].startswith(("PermissionError: papers are made without", "MemoryError"))


async def longest_pause(work: asyncio.Future[list[Rendered]]) -> float:
    """How long the loop was away at most, in seconds, until `work` was done."""
    pauses: list[float] = []
    while not work.done():
        begun = time.perf_counter()
        await asyncio.sleep(0.001)
        pauses.append(time.perf_counter() - begun)
    assert len(await work) == 5
    return max(pauses)


@pytest.mark.alone
async def test_the_loop_goes_on_while_papers_are_made(papers: Papers) -> None:
    await asyncio.gather(papers.make(paper(), PDF), papers.make(paper(), PDF))
    # A busy machine may stop us now and then; a loop that makes papers itself is away each time.
    for _ in range(20):
        work = asyncio.gather(*(papers.make(paper(), PDF) for _ in range(5)))
        if await longest_pause(work) < 0.05:
            return
    pytest.fail("the loop was away each time")


async def test_a_paper_that_takes_too_long_is_given_up_and_the_next_one_made() -> None:
    papers = Papers(workers=1, seconds=0.02)
    with pytest.raises(PaperTimeoutError, match=r"0\.02 s"):
        await papers.make(HEAVY, PDF)
    await papers.close()
    patient = Papers(workers=1)
    assert (await patient.make(paper(), HTML)).body
    await patient.close()


@sees_processes
async def test_a_process_that_dies_takes_one_paper_with_it(papers: Papers) -> None:
    before = children()
    heavy = asyncio.create_task(papers.make(HEAVY, PDF))
    os.kill(await started_since(before), 9)
    with pytest.raises(PaperFailedError):
        await heavy
    assert (await papers.make(paper(), HTML)).body


async def test_who_leaves_in_the_middle_leaves_no_half_answer(papers: Papers) -> None:
    leaving = asyncio.create_task(papers.make(HEAVY, PDF))
    await asyncio.sleep(0.7)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert "Marta" in (await papers.make(paper(), HTML)).body.decode()


async def test_a_fault_of_ours_says_where_and_nothing_of_the_paper(papers: Papers) -> None:
    with pytest.raises(PaperFailedError, match=r"^ColourError at .*printable\.py:\d+$") as caught:
        await papers.make(BROKEN, HTML)
    assert "secret" not in str(caught.value)
    assert (await papers.make(paper(), HTML)).body


async def test_a_manager_has_its_places_and_no_more() -> None:
    papers = Papers(workers=2, most_waiting=1, seconds=120)
    asked = [asyncio.create_task(papers.make(HEAVY, PDF)) for _ in range(4)]
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each).__name__ for each in done] == ["Rendered", "Rendered", "PapersBusyError", "PapersBusyError"]
    assert (await papers.make(paper(), HTML)).body
    await papers.close()


async def test_one_manager_does_not_wait_for_anothers_papers() -> None:
    papers = Papers(workers=2, seconds=120)
    order: list[str] = []

    async def ask(given: InvoicePaper, form: DocumentFormat) -> None:
        await papers.make(given, form)
        order.append(given.letterhead.manager)

    crowd = [asyncio.create_task(ask(HEAVY, PDF)) for _ in range(4)]
    await asyncio.sleep(0)
    await ask(paper(replace(ARGENTINA, manager="other")), HTML)
    assert order.count("aguas") <= 1
    await asyncio.gather(*crowd)
    await papers.close()


async def test_who_waits_too_long_is_sent_away() -> None:
    papers = Papers(workers=2, seconds=1.2)
    long = paper(ARGENTINA, *(line(position, 100) for position in range(1, 301)))
    done = await asyncio.gather(*(papers.make(long, PDF) for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(each, PapersBusyError) for each in done) >= 6
    await papers.close()
