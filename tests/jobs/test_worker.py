"""The worker: it finds what is due, serves managers side by side, and leaves in order."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from tests.jobs.sending import Sending, sending, served, until
from tests.postgres import Line
from tests.smtp import Manner, SmtpServer
from tests.store.letters import NOW, posted, row_of, rows, states
from ventanilla.auth import audit
from ventanilla.jobs.worker import Worker
from ventanilla.store import managers
from ventanilla.store.store import Store
from ventanilla.store.tenancy import Work

pytestmark = pytest.mark.anyio


async def all_sent(post_room: Sending, *slugs: str) -> bool:
    found = [await states(post_room.store, slug) for slug in slugs or ("sur",)]
    return {state for each in found for state in each} == {"SENT"}


async def test_what_was_posted_before_or_elsewhere_leaves(post_room: Sending) -> None:
    await posted(post_room.store, 25)
    async with post_room.working():
        await until(lambda: all_sent(post_room))
        await posted(post_room.store, 3, slug="norte")
        await until(lambda: all_sent(post_room, "norte"))

    assert len(post_room.server.accepted) == len(set(post_room.recipients)) + 3 == 28


async def test_the_bell_wakes_it(post_room: Sending) -> None:
    bell = asyncio.Event()
    worker = Worker(post_room.desk, bell, poll_s=3_600)
    worker.open()
    await asyncio.sleep(0.2)
    await posted(post_room.store)
    bell.set()
    await until(lambda: all_sent(post_room))
    await worker.close()


async def test_a_letter_leaves_when_it_is_due(post_room: Sending) -> None:
    await posted(post_room.store, 1, NOW + timedelta(minutes=5))
    async with post_room.working():
        await asyncio.sleep(0.2)
        assert await states(post_room.store) == ["PENDING"]
        post_room.clock.go(minutes=5)
        await until(lambda: all_sent(post_room))


async def test_a_slow_server_of_one_manager_holds_nobody_else(post_room: Sending) -> None:
    async with SmtpServer(manners=[Manner("MAIL", delay_s=600)]).running() as slow:
        await post_room.serve("norte", port=slow.port)
        await posted(post_room.store, 3, slug="norte")
        await posted(post_room.store, 30, NOW)
        async with post_room.working(grace_s=0.1):
            await until(lambda: all_sent(post_room))
            assert not slow.accepted
    assert sorted(await states(post_room.store, "norte")) == ["PENDING", "PENDING", "SENDING"]


async def test_the_rate_of_a_manager_is_kept(post_room: Sending) -> None:
    await post_room.serve(letters_per_minute=4)
    await posted(post_room.store, 10)
    async with post_room.working(), post_room.working():
        for count in (4, 8, 10):
            await until(lambda: _has(post_room, count))  # noqa: B023  awaited before the next round
            await asyncio.sleep(0.2)
            assert len(post_room.server.accepted) == count
            post_room.clock.go(minutes=1)


class Counting(Store):
    """A store that counts its units of work."""

    works = 0

    def work(self, manager: str | None = None) -> AbstractAsyncContextManager[Work]:
        """As any store does it."""
        self.works += 1
        return super().work(manager)


async def test_while_the_rate_is_used_up_nobody_asks_in_vain(post_room: Sending, store_url: str) -> None:
    counting = Counting(store_url)
    await counting.open()
    await post_room.serve(letters_per_minute=1)
    await posted(post_room.store, 2)
    async with post_room.working(store=counting):
        await until(lambda: _has(post_room, 1))
        await asyncio.sleep(0.5)
    await counting.close()

    assert 3 <= counting.works < 10


async def _has(post_room: Sending, count: int) -> bool:
    return len(post_room.server.accepted) >= count


async def test_two_workers_share_and_nothing_leaves_twice(post_room: Sending) -> None:
    await posted(post_room.store, 45)
    async with post_room.working(), post_room.working():
        await until(lambda: all_sent(post_room))

    assert sorted(post_room.recipients) == sorted({f"r{number}@example.com" for number in range(1, 46)})
    assert {row.tries for row in await rows(post_room.store)} == {1}


async def test_letters_of_a_dead_worker_leave_when_its_lease_is_over(post_room: Sending) -> None:
    (id,) = await posted(post_room.store)
    post_room.server.manners = [Manner("BODY", delay_s=60, times=1)]
    task = asyncio.create_task(post_room.send())
    await until(lambda: _taken(post_room))
    task.cancel()
    await asyncio.wait({task})
    assert (await row_of(post_room.store, id)).state == "SENDING"

    async with post_room.working():
        await asyncio.sleep(0.2)
        assert (await row_of(post_room.store, id)).state == "SENDING"
        post_room.clock.go(minutes=1)
        await until(lambda: all_sent(post_room))
    assert len({each.message["Message-ID"] for each in post_room.server.accepted}) == 1


async def _taken(post_room: Sending) -> bool:
    return bool(post_room.server.accepted)


async def test_closing_lets_the_letter_on_the_line_leave_and_gives_back_the_rest(post_room: Sending) -> None:
    post_room.server.manners = [Manner("BODY", delay_s=0.4)]
    await posted(post_room.store, 10)
    async with post_room.working():
        await until(lambda: _taken(post_room))
    left = len(post_room.server.accepted)
    assert 1 <= left <= 2

    found = await rows(post_room.store)
    assert sorted(row.state for row in found) == ["PENDING"] * (10 - left) + ["SENT"] * left
    assert {(row.tries, row.leased_by, row.due_at) for row in found if row.state == "PENDING"} == {(0, None, NOW)}


async def test_closing_waits_for_nobody_for_long(post_room: Sending) -> None:
    post_room.server.manners = [Manner("DATA", delay_s=60)]
    await posted(post_room.store, 3)
    worker = Worker(post_room.desk)
    worker.open()
    await until(lambda: _talks(post_room))
    begun = time.monotonic()
    await worker.close(grace_s=2)  # as long as it takes to give letters back, on a machine that does much else

    assert time.monotonic() - begun < 30
    assert sorted(await states(post_room.store)) == ["PENDING", "PENDING", "SENDING"]


async def _talks(post_room: Sending) -> bool:
    return "DATA" in post_room.server.heard


async def test_without_a_mail_server_letters_wait_and_it_is_told_once(post_room: Sending) -> None:
    await managers.add(post_room.store, replace(served("sur", 1), mail=None), source="test")
    await posted(post_room.store)
    with capture_logs() as logs:
        async with post_room.working():
            await asyncio.sleep(0.3)

    assert [(line["managers"], line["count"]) for line in logs] == [(["sur"], 1)]
    assert "VENTANILLA_SMTP" in logs[0]["mend"]
    row = (await rows(post_room.store))[0]
    assert (row.state, row.tries, row.due_at) == ("PENDING", 0, NOW)


async def test_what_has_ended_long_ago_is_swept(post_room: Sending) -> None:
    await posted(post_room.store, 1, NOW - timedelta(hours=1), for_nobody=True)
    await posted(post_room.store, 1, for_nobody=True)
    async with post_room.working():
        await until(lambda: _left(post_room, 1))


async def test_what_happened_long_ago_is_swept(post_room: Sending) -> None:
    async with post_room.store.work("sur") as work:
        for at in (NOW - audit.KEPT, NOW):
            await audit.note(work, audit.AuditKind.SIGNED_IN, at, actor_id=None)
    async with post_room.working():
        await until(lambda: _happened(post_room, 1))


async def _happened(post_room: Sending, count: int) -> bool:
    return len(await post_room.store.rows("SELECT id FROM audit_event")) == count


async def _left(post_room: Sending, count: int) -> bool:
    return len(await states(post_room.store)) == count


async def test_a_line_of_the_log_says_what_became_of_a_letter(post_room: Sending) -> None:
    post_room.server.refuse("r1@example.com", "550 5.1.1 nobody here")
    (id,) = await posted(post_room.store, name="Ana Paz")
    with capture_logs() as logs:
        await post_room.send()

    (line,) = logs
    assert line.pop("seconds") >= 0
    assert line == {
        "event": "letter",
        "log_level": "info",
        "manager": "sur",
        "letter": id,
        "kind": "PASSWORD_CHANGED",
        "state": "FAILED",
        "failure": "NO_SUCH_MAILBOX",
        "code": "550 5.1.1",
    }


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)  # SQLite is a file: it does not go away
async def test_a_database_that_is_away_is_told_once_and_waited_for(
    migrated_postgres: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ventanilla.backoffice_adapters.database_postgres._LEAVING_S", 0.2)
    monkeypatch.setattr("ventanilla.store.store.READ_S", 0.2)
    line = Line(migrated_postgres)
    async with sending(store) as post_room, line.laid() as url:
        far = Store(url)
        await far.open()
        with capture_logs() as logs:
            async with post_room.working(store=far):
                await asyncio.sleep(0.2)
                line.cut()
                await asyncio.sleep(1.5)
                await posted(store)
                line.mend()
                await until(lambda: all_sent(post_room))
        await far.close()
    told = [entry["event"] for entry in logs]
    assert told == ["letters wait: the database does not answer", "the database answers again", "letter"]
