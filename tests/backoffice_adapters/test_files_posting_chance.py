"""Postings, answers, exports and restarts in any order: what is shown is always what was paid."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.backoffice_adapters.osiedle import BOOK, CALL, REF, balance, follows, pay, setting, sure, zl
from tests.backoffice_adapters.rent_program import RentProgram
from ventanilla.backoffice_adapters.contract import PaymentFilter, PaymentOrder, Window
from ventanilla.backoffice_adapters.files import adapter
from ventanilla.backoffice_adapters.files.office import FilesOffice
from ventanilla.backoffice_adapters.files.rows import Row
from ventanilla.backoffice_adapters.records import NewPayment, PaymentStatus

pytestmark = pytest.mark.anyio
STEPS = 60


class Story:
    """Two processes' offices, the program behind them, and what must be seen."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)  # noqa: S311  a story that can be told again
        self.program = RentProgram(folder, BOOK, tidy=seed % 2 == 1)
        self.offices: list[FilesOffice] = []
        self.posted: dict[str, NewPayment] = {}
        self.keys: dict[str, str] = {}
        self.refused: set[str] = set()
        self.unanswered: list[str] = []

    async def opened(self) -> FilesOffice:
        office = adapter.office(setting(self.folder))
        await office.open()
        return office

    async def post(self) -> None:
        key, minor = f"k-{len(self.posted)}", self.chance.randrange(1, 300_00)
        self.posted[key] = pay(key, minor, *([("F2", minor)] if self.chance.random() < 0.5 else []))
        office = self.chance.choice(self.offices)
        (hit,) = sure(await office.post_payments(CALL, [self.posted[key]]))
        assert not hit.replayed
        self.keys[key] = hit.payment.key
        assert await balance(office) == zl(self.left)

    async def post_again(self) -> None:
        if self.posted:
            (hit,) = sure(await self.offices[1].post_payments(CALL, [self.chance.choice([*self.posted.values()])]))
            assert hit.replayed

    async def answer(self) -> None:
        self.unanswered += self.program.fetch()
        now = [key for key in self.unanswered if self.chance.random() < 0.7]
        self.unanswered = [key for key in self.unanswered if key not in now]
        if now:
            self.program.answer(*(self.judged(key) for key in now))

    def judged(self, key: str) -> Row:
        if key not in self.refused and self.chance.random() < 0.3:
            self.refused.add(key)
            self.unanswered.append(key)  # it may be taken yet
            return self.program.refuse(key, "nie teraz")
        self.refused.discard(key)
        return self.program.take(key, f"X-{key}")

    async def export(self) -> None:
        self.program.export()

    async def restart(self) -> None:
        await self.offices[1].close()
        self.offices[1] = await self.opened()

    @property
    def left(self) -> int:
        return 1_234_56 - sum(new.amount.minor for key, new in self.posted.items() if key not in self.refused)

    async def look(self) -> None:
        """See that each payment is there once, and counts unless it was refused."""
        page = Window(limit=1_000)
        for office in self.offices:
            await follows(office, self.folder)
            assert await balance(office) == zl(self.left)
            (found,) = sure(await office.payments(CALL, [REF], PaymentFilter(), PaymentOrder.PAID_AT_DESC, page))
            assert sorted(item.key for item in found.items) == sorted(["W1", *self.keys.values()])
            review = {item.key for item in found.items if item.status is PaymentStatus.REVIEW}
            assert review == {self.keys[key] for key in self.refused}


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path, seed: int) -> None:
    story = Story(tmp_path, seed)
    story.offices = [await story.opened()]
    await story.offices[0].fill(BOOK)
    story.offices.append(await story.opened())
    deeds: list[Callable[[], Awaitable[None]]] = [
        story.post, story.post, story.post_again, story.answer, story.answer, story.export, story.restart, story.look,
    ]  # fmt: skip
    for _ in range(STEPS):
        await story.chance.choice(deeds)()
    story.program.export()
    await story.look()
    story.unanswered += story.program.fetch()
    assert sorted(story.program.orders) == sorted(story.posted)
    for office in story.offices:
        await office.close()
