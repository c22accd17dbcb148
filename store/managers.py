"""The managers that this gateway serves, and the hosts they are served at."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from ventanilla.backoffice_adapters.records import Record, Slice
from ventanilla.store.engine import StoreError
from ventanilla.store.manager import Manager, Presentation
from ventanilla.store.store import Store
from ventanilla.store.tables import HostRow, ManagerRow
from ventanilla.store.tenancy import Work

_REMEMBERED = 1_024


class HostTakenError(ValueError):
    """A host already is another manager's portal; `taken` maps each such host to the slug of that manager."""

    def __init__(self, taken: dict[str, str]) -> None:
        listed = ", ".join(f"{host} (of {slug})" for host, slug in sorted(taken.items()))
        super().__init__(f"a host belongs to one manager: {listed}. Remove it there first, or choose another")
        self.taken = taken


class UnknownManagerError(LookupError):
    """No manager has this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"no manager is served as {slug!r}; `ventanilla manager list` shows those that are")


class StoredManager(Record):
    """A manager as the store holds it."""

    manager: Manager
    version: int
    """Another number after each change, and never one that was used before, also after a removal."""
    source: str
    """Where its operator keys came from."""


# Versions never come again, so what is remembered cannot be stale, and stores of one process may share it.
_known: OrderedDict[tuple[str, int], StoredManager] = OrderedDict()


async def add(store: Store, manager: Manager, *, source: str, reset_presentation: bool = False) -> StoredManager:
    """Add `manager`, or bring a known one to what its file says now; an unchanged one keeps its version.

    Operator keys always follow the file. `presentation` belongs to the manager's staff once it was added: it stays
    as it is unless `reset_presentation`. Raises `HostTakenError`, and then changes nothing.
    """
    try:
        return await _add(store, manager, source, reset_presentation)
    except IntegrityError:
        # Somebody added the same host or manager between our look and our write: now it can be seen.
        return await _add(store, manager, source, reset_presentation)


async def _add(store: Store, manager: Manager, source: str, reset_presentation: bool) -> StoredManager:
    async with store.work() as work:
        await _refuse_taken(work, manager)
        row = await work.get(ManagerRow, manager.slug, with_for_update=True)
        if row is None:
            row = ManagerRow(slug=manager.slug, version=secrets.randbits(48), body="", source=source)
            work.add(row)
        elif not reset_presentation:
            manager = msgspec.structs.replace(manager, presentation=_decoded(row.slug, row.body).presentation)
        _write(row, manager, source)
        await work.flush()
        await _set_hosts(work, manager)
        return StoredManager(manager=manager, version=row.version, source=source)


def _write(row: ManagerRow, manager: Manager, source: str) -> None:
    """Let a row that is held hold `manager`; under another version, unless it is as it was."""
    body = msgspec.json.encode(manager, order="deterministic").decode()
    if (body, source) != (row.body, row.source):
        row.body, row.source = body, source
        renew(row)


def renew(row: ManagerRow) -> None:
    """Give a manager that is held another version, so that all who remember it look again."""
    # By chance, so that a database that was set back to an earlier day does not come to the same number again.
    row.version += 1 + secrets.randbits(32)


async def held(work: Work) -> ManagerRow:
    """The row of the manager of `work`, which nobody else changes until `work` ends. Raises `UnknownManagerError`."""
    # The key is not changed: people and letters, whose rows point at this one, need not wait.
    row = await work.get(ManagerRow, work.manager, with_for_update={"key_share": True})
    if row is None:
        raise UnknownManagerError(work.manager)
    return row


async def present(work: Work, change: Callable[[Presentation], Presentation]) -> tuple[Presentation, Presentation]:
    """Present the manager of `work` as `change` makes it of what it is now; what it was, and what it is.

    It holds from the next request on, in every process. Raises `UnknownManagerError`.
    """
    row = await held(work)
    manager = _decoded(row.slug, row.body)
    changed = msgspec.structs.replace(manager, presentation=change(manager.presentation))
    if changed != manager:
        _write(row, changed, row.source)
    return manager.presentation, changed.presentation


async def _refuse_taken(work: Work, manager: Manager) -> None:
    others = select(HostRow).where(col(HostRow.name).in_(manager.hosts), col(HostRow.manager) != manager.slug)
    if taken := {row.name: row.manager for row in await work.exec(others)}:
        raise HostTakenError(taken)


async def _set_hosts(work: Work, manager: Manager) -> None:
    ours = set(await work.exec(select(HostRow.name).where(col(HostRow.manager) == manager.slug)))
    gone = ours.difference(manager.hosts)
    await work.exec(delete(HostRow).where(col(HostRow.manager) == manager.slug, col(HostRow.name).in_(gone)))
    work.add_all(HostRow(name=name, manager=manager.slug) for name in manager.hosts if name not in ours)


async def get(store: Store, slug: str, version: int | None = None) -> StoredManager | None:
    """The manager with this slug; None if there is none.

    With the `version` that `identify` has just read, a manager that this process remembers costs no statement.
    """
    if version is not None and (known := _remembered(slug, version)):
        return known
    rows = await store.rows("SELECT slug, version, body, source FROM manager WHERE slug = $1", [slug])
    return _stored(*rows[0]) if rows else None


async def listing(store: Store, *, after: str = "", limit: int = 100) -> Slice[StoredManager]:
    """The first `limit` managers after slug `after`, by slug; the last one's slug begins the next part."""
    sql = "SELECT slug, version, body, source FROM manager WHERE slug > $1 ORDER BY slug LIMIT $2"
    rows = await store.rows(sql, [after, limit + 1])
    return Slice(items=tuple(_stored(*row) for row in rows[:limit]), more=len(rows) > limit)


async def remove(store: Store, slug: str) -> bool:
    """Remove a manager with its hosts, people, sessions and links; whether there was one."""
    async with store.work() as work:
        row = await work.get(ManagerRow, slug)
        if row is not None:
            await work.delete(row)
        return row is not None


def _stored(slug: str, version: int, body: str, source: str) -> StoredManager:
    if known := _remembered(slug, version):
        return known
    found = StoredManager(manager=_decoded(slug, body), version=version, source=source)
    _known[slug, version] = found
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)
    return found


def _remembered(slug: str, version: int) -> StoredManager | None:
    found = _known.get((slug, version))
    if found:
        _known.move_to_end((slug, version))
    return found


def _decoded(slug: str, body: str) -> Manager:
    try:
        return msgspec.json.decode(body, type=Manager)
    except msgspec.ValidationError as error:
        msg = f"manager {slug!r} was stored in another shape ({error}): remove it and add its file again"
        raise StoreError(msg) from error
