"""``ventanilla payments``: what does not fit, compared anew, and one reference in full."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.stock import gateway_data
from tests.gateway.test_cli import Run, one_line, run
from tests.orders import NOW, REFERENCE, news, ordered
from ventanilla.resolvers.payment_news import take
from ventanilla.store.store import Store

__all__ = ["run"]


@pytest.fixture(autouse=True)
def with_manager(shared_folder: Path, tmp_path: Path) -> None:
    """There are tables and the manager `aguas`."""
    shutil.copytree(gateway_data(shared_folder), tmp_path / "data")


@pytest.fixture
def wrong(tmp_path: Path) -> None:
    """A checkout was paid twice."""

    async def pay(store: Store) -> None:
        await ordered(store, "aguas")
        async with store.work("aguas") as work:
            await take(work, "till", [news()], NOW)
            await take(work, "till", [news(payment_id="p2")], NOW + timedelta(seconds=1))

    within(tmp_path, pay)


def within(folder: Path, act: Callable[[Store], Any]) -> None:
    async def do() -> None:
        (path,) = (folder / "data").glob("*.sqlite")
        store = Store(f"sqlite://{path}")
        await store.open()
        await act(store)
        await store.close()

    asyncio.run(do())


def test_where_all_fits_it_says_so(run: Run) -> None:
    for command in ("strays", "reconcile"):
        told = run("payments", command, "aguas")
        assert (told.returncode, told.stdout) == (0, "")
        assert "nothing waits for a decision" in told.stderr


@pytest.mark.usefixtures("wrong")
def test_what_does_not_fit_is_listed_and_comparing_finds_it_again(run: Run) -> None:
    listed = run("payments", "strays", "aguas")
    assert listed.returncode == 0
    assert "PAID_TWICE" in listed.stdout
    assert f"{REFERENCE} 705.00 ARS, expected 705.00 ARS, agua" in listed.stdout
    compared = run("payments", "reconcile", "aguas")
    assert (compared.returncode, compared.stdout) == (1, listed.stdout)


@pytest.mark.usefixtures("wrong")
def test_a_reference_is_told_in_full(run: Run) -> None:
    told = run("payments", "show", "aguas", REFERENCE).stdout.splitlines()
    assert [line.split()[0] for line in told] == ["checkout", "payment", "payment", "stray"]
    assert "SUCCEEDED  700.00 ARS + 5.00 ARS fee, account aguas-001 at agua" in told[0]
    assert "CONFIRMED  705.00 ARS, p1 at till 2026-11-15T12:00:00+00:00; office: DUE" in told[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("strays", "nobody"), "nobody"),
        (("reconcile", "nobody"), "nobody"),
        (("show", "aguas", "rnothing"), "knows nothing of the reference 'rnothing'"),
    ],
)
def test_what_is_not_there_is_one_line(run: Run, arguments: tuple[str, ...], told: str) -> None:
    assert told in one_line(run("payments", *arguments))
