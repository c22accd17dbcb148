"""The data that everybody is measured with: one manager, a PostgreSQL cluster of its own, kept between runs.

At the host ``bench.localhost`` one utility has 20,000 accounts with 12 invoices of 3 lines each, what was paid of them,
a payment plan of 6 instalments, a meter with readings and enrolments each; besides, 200 accounts with 120 invoices
each, one account with 100,000, and some hundred notices, 10 of which everybody sees. 200 people (``home``) have one
ordinary account each, 200 (``list``) one of the long ones, one person (``export``) has the endless one. Each has a
session, good until the year 2100: its bearer token is what the loads send. The store's tables and the ledger's stand
in one database.

Everything lies in one folder (``.cache/bench/full``) and is made anew when rows or tables change. With
``python -P benchmarks/data.py --serve`` the cluster runs until Ctrl-C and its URL and tokens are told.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any, Final

import asyncpg
import msgspec

ROOT: Final = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from benchmarks import books  # noqa: E402  found only now, behind what is installed
from benchmarks.ending import orderly  # noqa: E402
from benchmarks.progress import clear, say  # noqa: E402
from tests import postgres  # noqa: E402
from ventanilla.auth import people, sessions  # noqa: E402
from ventanilla.backoffice_adapters.database import Database  # noqa: E402
from ventanilla.backoffice_adapters.embedded import schema as ledger  # noqa: E402
from ventanilla.backoffice_adapters.ledger import journal  # noqa: E402
from ventanilla.backoffice_adapters.ledger.content import Content, content_of  # noqa: E402
from ventanilla.backoffice_adapters.records import AccountRole, Record  # noqa: E402
from ventanilla.store import managers  # noqa: E402
from ventanilla.store import migrations as store_tables  # noqa: E402
from ventanilla.store.manager import Manager  # noqa: E402
from ventanilla.store.manager_file import read_manager  # noqa: E402
from ventanilla.store.store import Store  # noqa: E402

HOST: Final = "bench.localhost"
OFFICE: Final = "comercial"
BOOK: Final = f"bench/{OFFICE}"
"""What the ledger's rows begin with: manager and office."""
LEDGER_VARIABLE: Final = "BENCH_LEDGER"
"""The environment variable by which the manager's file finds the ledger."""
_FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
_QUIET = ("autovacuum=off", "shared_buffers=256MB")
_untyped: Any = asyncpg  # it ships no types for its functions


class DataError(Exception):
    """The data cannot be made or served here; the message says what to do."""


class Tokens(Record):
    """Bearer tokens, one of each person."""

    home: tuple[str, ...]
    list: tuple[str, ...]
    export: tuple[str, ...]


class DataSet(Record):
    """Where the data is, and who may ask."""

    url: str
    """``postgresql://…``, of the store and the ledger alike."""
    folder: Path
    """For VENTANILLA_DATA, and logs."""
    tokens: Tokens


class _Done(Record):
    """What is left in the folder once the data is whole."""

    version: str
    tokens: Tokens


@contextmanager
def data_set(folder: Path, size: books.Size = books.FULL) -> Generator[DataSet]:
    """The data in `folder`, made when it is not there; its cluster runs as long as the block. Raises `DataError`."""
    if reason := postgres.missing_reason():
        msg = f"{reason}. Install one and repeat; Debian, Ubuntu: apt install postgresql"
        raise DataError(msg)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with postgres.running(folder, *_QUIET) as url:
            tokens = _tokens(folder / "done.json", url, size)
            yield DataSet(url=url, folder=folder, tokens=tokens)
    except CalledProcessError as error:
        msg = f"{error}: see {folder / 'log'}, or choose a --folder that PostgreSQL's own user may enter"
        raise DataError(msg) from error


def _tokens(done: Path, url: str, size: books.Size) -> Tokens:
    """Those of the people in the database at `url`, which is filled first unless `done` tells that it is."""
    version = version_of(size)
    if _version_in(done) != version:
        done.unlink(missing_ok=True)
        tokens = asyncio.run(_written(postgres.emptied(url), size))
        done.write_bytes(msgspec.json.encode(_Done(version=version, tokens=tokens)))
    return msgspec.json.decode(done.read_bytes(), type=_Done).tokens


def version_of(size: books.Size) -> str:
    """Another text for other rows or other tables."""
    sample = [content_of(BOOK, book) for book in books.books(books.SAMPLE)]
    told = msgspec.json.encode((size, sample, store_tables.HEAD, ledger.HEAD))
    return hashlib.sha256(told).hexdigest()[:16]


def manager() -> Manager:
    """Whose data it is."""
    return read_manager(Path(__file__).with_name("manager.toml"))


def _version_in(done: Path) -> str | None:
    try:
        return msgspec.json.decode(done.read_bytes(), type=_Done).version
    except (FileNotFoundError, msgspec.DecodeError):
        return None


async def _written(url: str, size: books.Size) -> Tokens:
    began = time.monotonic()
    await _write_ledger(url, size)
    tokens = await _write_store(url, size)
    connection = await _untyped.connect(url)
    say("statistics")
    await connection.execute("VACUUM (ANALYZE, FREEZE)")
    await connection.execute("CHECKPOINT")
    await connection.close()
    clear()
    say(f"the data was made in {time.monotonic() - began:.0f} s and is kept for the next run")
    return tokens


async def _write_ledger(url: str, size: books.Size) -> None:
    database = Database(url)
    await database.open()
    await ledger.bring_up_to_date(database)
    await database.close()
    connection = await _untyped.connect(url)
    total, written, matched = size.ordinary * 12 + size.long * 120 + size.endless, 0, 0
    name, changes = journal.new_journal(), 0
    for book in books.books(size):
        content = dict(content_of(BOOK, book))
        content["allocation"] = _moved(content["allocation"], matched)
        matched += len(book.allocations)
        content, changes = journal.numbered(journal.begun(name, changes), content, BOOK)
        for table, rows in content.items():
            await connection.copy_records_to_table(table, records=rows)
        written += len(book.invoices)
        say(f"making the data, once: {written:,} of {total:,} invoices")
    await connection.execute("INSERT INTO book VALUES ($1, $2, $3, $4)", BOOK, books.CURRENCY, name, changes)
    await connection.close()


def _moved(allocations: Sequence[Content], by: int) -> list[Content]:
    """Allocations at places of their own: those of a part count from nought."""
    return [(name, by + place, *rest) for place, (name, _, *rest) in enumerate(allocations)]


async def _write_store(url: str, size: books.Size) -> Tokens:
    say("people and their sessions")
    store, owner = Store(url), manager()
    await store.open()
    try:
        await store.migrate()
        await managers.add(store, owner, source="manager.toml")
        return Tokens(
            home=await _people(store, owner.slug, "home", books.ordinary_keys(size)),
            list=await _people(store, owner.slug, "list", books.long_keys(size)),
            export=await _people(store, owner.slug, "export", [books.endless_key()]),
        )
    finally:
        await store.close()


async def _people(store: Store, slug: str, name: str, keys: Sequence[str]) -> tuple[str, ...]:
    """A person for each account; the tokens of their sessions."""
    tokens: list[str] = []
    # Sessions that begin in the future are never written to while somebody measures.
    async with store.work(slug) as work:
        for key in keys:
            person = await people.add_person(
                work, email=f"{name}-{key}@bench.example", password=None, given_name="Ana", family_name=key, now=_FUTURE
            )
            await people.link_account(
                work,
                person.id,
                office=OFFICE,
                account_key=key,
                number=books.number_of(key),
                role=AccountRole.HOLDER,
                now=_FUTURE,
            )
            tokens.append((await sessions.issue(work, person.id, now=_FUTURE)).token)
    return tuple(tokens)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the data is and how much: what everything takes that needs it."""
    parser.add_argument("--folder", type=Path, help="where the data is kept; else .cache/bench/full or …/small")
    parser.add_argument("--small", action="store_true", help="a small data set, to try things out: no figures of use")


def chosen(given: argparse.Namespace) -> tuple[Path, books.Size]:
    """The folder and the size that `arguments` were given."""
    folder: Path = given.folder or ROOT / ".cache" / "bench" / ("small" if given.small else "full")
    return folder.absolute(), books.SMALL if given.small else books.FULL


def main() -> None:
    """Make the data; with ``--serve`` keep its cluster running, and tell where."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments(parser)
    parser.add_argument("--serve", action="store_true", help="run the cluster until Ctrl-C")
    given = parser.parse_args()
    with orderly(DataError), data_set(*chosen(given)) as found:
        sys.stdout.write(f"{found.url}\ntokens: {found.folder / 'done.json'}\n")
        sys.stdout.flush()
        if given.serve:
            threading.Event().wait()


if __name__ == "__main__":
    main()
