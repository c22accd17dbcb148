"""What a simulator knew when it ended, it knows when it begins."""

from pathlib import Path

import pytest

from tests.payments.simulators.bench import NOW, PLATFORMS, REFERENCE, Bench
from ventanilla.payments.contract import NewsStatus
from ventanilla.payments.simulators.memory import Memory

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("name", PLATFORMS)
async def test_everything_outlives_the_process(tmp_path: Path, name: str) -> None:
    former = Bench(name, Memory(tmp_path / "payments.sqlite"))
    page = await former.begin()
    former.portal.deaf = True
    former.simulator.pay(REFERENCE)
    former.simulator.later(REFERENCE)
    await former.simulator.deliver()
    await former.close()

    bench = Bench(name, Memory(tmp_path / "payments.sqlite"))
    assert (await bench.browser.get(page)).status_code == 200
    assert [news.status for news in await bench.status()] == [NewsStatus.CONFIRMED, NewsStatus.PENDING]
    bench.clock.move(minutes=30)
    await bench.simulator.deliver()
    assert [news.status for news in await bench.status()] == [NewsStatus.CONFIRMED] * 2
    told = {news.payment_id for news in await bench.told() if news.status is NewsStatus.CONFIRMED}
    assert told == bench.memory.payments.keys()
    await bench.close()


async def test_a_refund_goes_on_after_the_end(tmp_path: Path) -> None:
    former = Bench("autopay", Memory(tmp_path / "payments.sqlite"))
    await former.begin()
    former.simulator.pay(REFERENCE)
    refund = former.simulator.refund(REFERENCE)
    await former.close()

    bench = Bench("autopay", Memory(tmp_path / "payments.sqlite"))
    assert bench.memory.refunds == {refund.key: refund}
    bench.clock.move(minutes=1)
    await bench.simulator.deliver()
    assert not bench.simulator.newest_paid(REFERENCE).left
    assert bench.memory.refunds[refund.key].done_at == NOW.replace(minute=1)
    await bench.close()


async def test_what_the_portal_took_is_forgotten(tmp_path: Path) -> None:
    former = Bench("wompi", Memory(tmp_path / "payments.sqlite"))
    await former.begin()
    former.simulator.pay(REFERENCE)
    await former.simulator.deliver()
    await former.close()

    memory = Memory(tmp_path / "payments.sqlite")
    assert memory.notices == {}
    assert len(memory.payments) == 1
    memory.close()
