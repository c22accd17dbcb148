"""Letters leave a gateway: by the server's own worker, by a process for them alone, and what an operator sees of it."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.gateway.conftest import Bell, Start, small_schema
from tests.gateway.demo.process import PROGRAM
from tests.gateway.stock import gateway_data
from tests.jobs.sending import until
from tests.smtp import SmtpServer
from tests.store.letters import posted, rows, states
from ventanilla.gateway.settings import Settings
from ventanilla.mail.mailbox import Mailbox
from ventanilla.resolvers.context import Context, nobody_waits
from ventanilla.store import letter_leases
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio

STRONG = "0f3b5d7799aabbccddeeff1234567890"


def due() -> datetime:
    return datetime.now(UTC)


async def all_sent(store: Store, slug: str = "aguas") -> bool:
    return set(await states(store, slug)) == {"SENT"}


async def test_in_development_letters_are_kept_in_the_data_folder(start: Start, tmp_path: Path) -> None:
    async with start(worker=True) as gateway:
        await posted(gateway.store, 2, due(), "aguas")
        await posted(gateway.store, 1, due(), "lares")
        for slug in ("aguas", "lares"):
            await until(lambda: all_sent(gateway.store, slug))  # noqa: B023  awaited before the next round

    kept = await Mailbox(tmp_path / "mailbox" / "aguas").letters()
    assert sorted(letter.recipient for letter in kept) == ["r1@example.com", "r2@example.com"]
    assert len(await Mailbox(tmp_path / "mailbox" / "lares").letters()) == 1


async def test_letters_leave_by_the_mail_server_of_the_process(start: Start, tmp_path: Path) -> None:
    async with SmtpServer().running() as server:
        address = f"smtp+insecure://127.0.0.1:{server.port}"
        async with start(worker=True, smtp=address, sender="casa@example.org") as gateway:
            await posted(gateway.store, 1, due(), "aguas")
            await until(lambda: all_sent(gateway.store))

    assert [(each.sender, each.recipient) for each in server.accepted] == [("casa@example.org", "r1@example.com")]
    assert not (tmp_path / "mailbox").exists()


async def test_without_a_worker_nothing_is_taken(start: Start) -> None:
    async with start() as gateway:
        await posted(gateway.store, 1, due(), "aguas")
        await asyncio.sleep(0.3)
        assert await states(gateway.store, "aguas") == ["PENDING"]


async def test_in_production_letters_wait_for_a_mail_server_and_the_log_says_so(start: Start, tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with start(worker=True, environment="production", secret=STRONG) as gateway:
            await posted(gateway.store, 1, due(), "aguas")
            await until(lambda: _told(logs))
            assert await states(gateway.store, "aguas") == ["PENDING"]

    assert [line["managers"] for line in logs] == [["aguas", "lares"]]
    assert not (tmp_path / "mailbox").exists()


async def _told(logs: object) -> bool:
    return bool(logs)


class _Posting(Bell):
    """Whoever asks for `change` is written a letter."""

    async def change(self, context: Context) -> str:
        await posted(context.services.store, 1, due(), "aguas")
        assert context.services.wake_worker is not nobody_waits
        context.services.wake_worker()
        return "written"


async def test_who_posts_a_letter_rings(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.gateway.conftest.small_schema", lambda _bell: small_schema(_Posting()))
    async with start(worker=True) as gateway:
        answer = await gateway.ask("mutation { change }")
        assert answer.json()["data"] == {"change": "written"}
        await until(lambda: all_sent(gateway.store))


@pytest.fixture
async def data(shared_folder: Path, tmp_path: Path) -> Path:
    """The folder of a gateway with one manager, ``aguas``."""
    return Path(shutil.copytree(gateway_data(shared_folder), tmp_path / "data"))


@pytest.fixture
async def store(data: Path) -> AsyncIterator[Store]:
    found = Store(Settings(data=data).database)
    await found.open()
    yield found
    await found.close()


@asynccontextmanager
async def running(data: Path, *arguments: str, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of the gateway; it is killed at the end if it still lives."""
    pipe, environment = asyncio.subprocess.PIPE, {"VENTANILLA_DATA": str(data), "PATH": os.environ["PATH"], **variables}
    process = await asyncio.create_subprocess_exec(PROGRAM, *arguments, stdout=pipe, stderr=pipe, env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def told(data: Path, *arguments: str, **variables: str) -> tuple[int | None, str, str]:
    """The status of a command, and what it says."""
    async with running(data, *arguments, **variables) as process:
        out, errors = await process.communicate()
        return process.returncode, out.decode(), errors.decode()


async def test_a_process_of_its_own_sends_until_it_is_told_to_stop(data: Path, store: Store) -> None:
    async with SmtpServer().running() as server:
        address = f"smtp+insecure://127.0.0.1:{server.port}"
        async with running(data, "worker", VENTANILLA_SMTP=address) as process:
            assert process.stdout
            assert process.stderr
            assert await process.stdout.readline() == b"ready to send letters\n"
            (id,) = await posted(store, 1, due(), "aguas", name="Ana Wiśniewska")
            await until(lambda: all_sent(store))
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 15) == 0
            lines = [json.loads(line) for line in (await process.stderr.read()).splitlines()]

    (line,) = lines
    assert (line["event"], line["manager"], line["letter"], line["state"]) == ("letter", "aguas", id, "SENT")
    assert len(server.accepted) == 1
    assert "example" not in str(line)
    assert "Wi" not in str(line)


WRONG = {
    "VENTANILLA_SMTP": ("smtp://ana:hunter2@", "names no host"),
    "VENTANILLA_SENDER": ("nobody", "no-reply@example.com"),
}


@pytest.mark.parametrize(("name", "value", "words"), [(name, *rest) for name, rest in WRONG.items()])
async def test_a_wrong_setting_is_told(data: Path, name: str, value: str, words: str) -> None:
    status, _, errors = await told(data, "worker", **{name: value})

    assert (status, len(errors.splitlines())) == (1, 1)
    assert errors.startswith(f"ventanilla: {name}: ")
    assert words in errors
    assert "hunter2" not in errors


async def test_a_worker_before_migrating_says_what_to_do(tmp_path: Path) -> None:
    status, _, errors = await told(tmp_path, "worker")
    assert (status, "ventanilla migrate" in errors) == (1, True)


async def test_how_letters_fare_is_told_and_what_failed_is_tried_again(data: Path, store: Store) -> None:
    status, out, _ = await told(data, "letters", "aguas")
    assert status == 0
    assert out.startswith("aguas: nothing waits\n")

    now = due()
    await posted(store, 3, now, "aguas")
    async with store.work("aguas") as work:
        one, two = await letter_leases.claim(work, now, "worker", timedelta(minutes=1), 2)
        await letter_leases.failed(work, one, "NO_SUCH_MAILBOX", "550 5.1.1", now)
        await letter_leases.put_off(work, two, "BUSY", None, now=now, due=now + timedelta(minutes=1))
    status, out, errors = await told(data, "letters", "aguas")
    assert status == 0
    assert [line.split() for line in out.splitlines()[1:6]] == [
        ["PENDING", "2"],
        ["SENDING", "0"],
        ["SENT", "0"],
        ["FAILED", "1"],
        ["CANCELLED", "0"],
    ]
    assert out.startswith(f"aguas: oldest due {now.isoformat(timespec='seconds')}\n")
    assert [line.partition(" ")[0] for line in out.splitlines()[6:]] == [two.id, one.id]
    assert "NO_SUCH_MAILBOX (550 5.1.1)" in out
    assert "@example.com" not in out
    assert "--retry" in errors

    status, out, errors = await told(data, "letters", "aguas", "--retry")
    assert (status, errors) == (0, "")
    assert out.startswith("1 of aguas will be tried again.\n")
    assert {row.state for row in await rows(store, "aguas")} == {"PENDING"}


async def test_letters_of_nobody_are_told(data: Path) -> None:
    status, _, errors = await told(data, "letters", "nobody")
    assert (status, "'nobody'" in errors) == (1, True)
