"""A unit of work sees and changes one manager's rows, or refuses."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Select,
    String,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    inspect,
    literal_column,
    select,
    table,
    tablesample,
    text,
    union,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, with_loader_criteria
from sqlmodel import col

from ventanilla.store.platform_events import INSERT
from ventanilla.store.statements import UnboundWorkError, tenant_classes
from ventanilla.store.store import Store
from ventanilla.store.tables import AccountLinkRow, ManagerRow, PersonRow, SessionRow, TenantRow
from ventanilla.store.tenancy import OtherManagerError, Work

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MANAGERS: Any = ManagerRow.__table__
PEOPLE: Any = PersonRow.__table__
LINK = {"office": "main", "account_key": "1", "number": "1", "role": "HOLDER", "created_at": NOW}
ASIDE: Any = {"synchronize_session": False}
"""Rows that this work holds are not looked at: to find them would be another statement."""
COLUMNS = {"id": "x", "email": "x@x", "given_name": "X", "family_name": "X", "created_at": NOW}


def person(key: str, **values: Any) -> PersonRow:
    return PersonRow(**{**COLUMNS, "id": key, "email": f"{key}@example.com", **values})


@pytest.fixture
async def peopled(store: Store) -> Store:
    async with store.work("norte") as work:
        work.add_all([person("n1"), person("n2")])
    async with store.work("sur") as work:
        work.add(person("s1"))
        await work.flush()
        work.add(AccountLinkRow(**LINK, person_id="s1"))
    return store


async def everybody(store: Store) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in await store.rows("SELECT id, manager, given_name FROM person ORDER BY id")]


_LINKED = exists(select(AccountLinkRow.id).where(col(AccountLinkRow.number) != ""))
_HOW_MANY = select(func.count()).select_from(AccountLinkRow).scalar_subquery()
SCOPED: dict[str, tuple[Any, list[Any]]] = {
    "entities": (select(PersonRow.id).order_by(PersonRow.id), [("n1",), ("n2",)]),
    "count": (select(func.count()).select_from(PersonRow), [(2,)]),
    "exists": (select(exists(select(PersonRow.id).where(col(PersonRow.id) == "s1"))), [(False,)]),
    "subquery": (select(ManagerRow.slug).where(col(ManagerRow.slug).in_(select(PersonRow.manager))), [("norte",)]),
    "cte": (select(func.count()).select_from(select(PersonRow.id).cte()), [(2,)]),
    "union": (union(select(PersonRow.id), select(PersonRow.id)).order_by("id"), [("n1",), ("n2",)]),
    "join": (
        select(ManagerRow.slug, PersonRow.id)
        .join(PersonRow, col(PersonRow.id) == "s1", isouter=True)
        .order_by(ManagerRow.slug),
        [("norte", None), ("sur", None)],
    ),
    "two classes": (
        select(PersonRow.id, AccountLinkRow.id)
        .join(AccountLinkRow, col(AccountLinkRow.id) > 0, isouter=True)
        .order_by(PersonRow.id),
        [("n1", None), ("n2", None)],
    ),
    "another class in a condition": (select(PersonRow.id).where(_LINKED), []),
    "another class in a column": (
        select(PersonRow.id, _HOW_MANY.label("links")).order_by(PersonRow.id),
        [("n1", 0), ("n2", 0)],
    ),
    "another class in an order": (
        select(PersonRow.id).order_by(case((_HOW_MANY == 0, PersonRow.id)).desc(), PersonRow.id),
        [("n2",), ("n1",)],
    ),
    "another class in a group": (
        select(func.count()).select_from(PersonRow).having(_HOW_MANY == 0),
        [(2,)],
    ),
    "another class in a join's condition": (select(PersonRow.id).join(ManagerRow, _LINKED), []),
    "another class in a union": (
        union(select(PersonRow.id), select(AccountLinkRow.number)).order_by("id"),
        [("n1",), ("n2",)],
    ),
    "another class in a CTE of a CTE": (
        select(func.count()).select_from(select(select(AccountLinkRow.id).cte("inner_one").c.id).cte("outer_one")),
        [(0,)],
    ),
}


@pytest.mark.parametrize("name", SCOPED)
async def test_every_kind_of_select_is_scoped(peopled: Store, name: str) -> None:
    statement, expected = SCOPED[name]
    async with peopled.work("norte") as work:
        found = await work.exec(statement)
        rows = [tuple(row) if isinstance(row, tuple) or hasattr(row, "_tuple") else (row,) for row in found.all()]
    assert rows == expected


@pytest.mark.parametrize("name", SCOPED)
async def test_without_a_manager_a_tenant_table_is_out_of_reach(peopled: Store, name: str) -> None:
    with pytest.raises(LookupError, match=r"store\.work\(slug\)"):
        async with peopled.work() as work:
            await work.exec(SCOPED[name][0])


async def test_changes_reach_one_manager_only(peopled: Store) -> None:
    async with peopled.work("norte") as work:
        changed = await work.exec(update(PersonRow).values(given_name="Y"))
        gone = await work.exec(delete(PersonRow).where(col(PersonRow.id).in_(["n2", "s1"])))
        assert (changed.rowcount, gone.rowcount) == (2, 1)
    assert await everybody(peopled) == [("n1", "norte", "Y"), ("s1", "sur", "X")]


async def test_changes_are_told_by_what_is_the_managers_as_well(peopled: Store) -> None:
    async with peopled.work("norte") as work:
        counting = update(PersonRow).values(given_name=cast(_HOW_MANY, String))
        counted = await work.exec(counting.execution_options(**ASIDE))
        changed = await work.exec(update(PersonRow).where(_LINKED).values(given_name="Y").execution_options(**ASIDE))
        gone = await work.exec(delete(PersonRow).where(_LINKED).execution_options(**ASIDE))
        assert (counted.rowcount, changed.rowcount, gone.rowcount) == (2, 0, 0)
    assert await everybody(peopled) == [("n1", "norte", "0"), ("n2", "norte", "0"), ("s1", "sur", "X")]


async def test_a_row_of_another_manager_is_not_found_by_its_key(peopled: Store) -> None:
    async with peopled.work("norte") as work:
        assert await work.get(PersonRow, "s1") is None
        assert await work.get(PersonRow, "n1") is not None


async def test_inserts_get_the_manager_of_their_work(peopled: Store) -> None:
    async with peopled.work("sur") as work:
        await work.exec(insert(PersonRow).values(**{**COLUMNS, "id": "s2"}))
    assert ("s2", "sur", "X") in await everybody(peopled)


REFUSED: dict[str, Any] = {
    "text": text("SELECT id FROM person"),
    "core select": select(PEOPLE),
    "core update": update(PEOPLE).values(given_name="Y"),
    "core delete": delete(PEOPLE),
    "core insert": insert(PEOPLE).values(**COLUMNS, manager="norte"),
    "core update that reads a class": update(MANAGERS).values(slug=cast(_HOW_MANY, String)),
    "bare column": select(ManagerRow.slug, PEOPLE.c.id),
    "bare table": select(ManagerRow, PEOPLE),
    "bare subquery": select(ManagerRow.slug).where(col(ManagerRow.slug).in_(select(PEOPLE.c.manager))),
    "bare alias": select(PersonRow.id, PEOPLE.alias().c.id),
    "alias": select(aliased(PersonRow).id),
    "sample": select(tablesample(PersonRow, 100).c.id),
    "text with columns": text("SELECT id FROM person").columns(column("id")),
    "text for a class": select(PersonRow).from_statement(text("SELECT * FROM person")),
    "text as a table": select(text("id")).select_from(text("person")),
    "text in a condition": select(ManagerRow.slug).where(text("EXISTS (SELECT 1 FROM person)")),
    "text as a column": select(literal_column("(SELECT count(*) FROM person)")),
    "text before": select(PersonRow.id).prefix_with(text("(SELECT count(*) FROM person),")),
    "text behind": select(PersonRow.id).suffix_with(text("UNION SELECT id FROM person")),
    "text behind a CTE": select(select(PersonRow.id).cte().suffix_with(text("SEARCH BREADTH FIRST")).c.id),
    "a class before": select(PersonRow.id).prefix_with(_HOW_MANY),
    "table of one's own": select(table("person", column("id")).c.id),
    "criterion that reads": select(PersonRow.id).options(with_loader_criteria(PersonRow, _LINKED)),
    "criterion of another class": select(PersonRow.id).options(
        with_loader_criteria(PersonRow, col(AccountLinkRow.number) != "")
    ),
    "criterion that reads its own class": select(PersonRow.id).options(
        with_loader_criteria(PersonRow, col(PersonRow.id).in_(select(PersonRow.id)))
    ),
    "criterion in words": select(PersonRow.id).options(with_loader_criteria(PersonRow, text("id > ''"))),
    "criterion made later": select(PersonRow.id).options(
        with_loader_criteria(PersonRow, lambda kind: kind.id == "s1")  # type: ignore[arg-type]  # a criterion of it
    ),
    "criterion of managers that reads": select(ManagerRow.slug).options(with_loader_criteria(ManagerRow, _LINKED)),
    "insert that reads": insert(PersonRow).values(**{**COLUMNS, "given_name": cast(_HOW_MANY, String)}),
    "insert that reads and tells": insert(PersonRow).values(**COLUMNS).returning(_HOW_MANY),
    "insert of many that reads": insert(PersonRow).values([{**COLUMNS, "given_name": cast(_HOW_MANY, String)}]),
    "insert elsewhere that reads": insert(ManagerRow).values(slug=cast(_HOW_MANY, String)),
    "insert from a select": insert(PersonRow).from_select(["id"], select(PersonRow.id)),
    "insert in a select": select(insert(PersonRow).values(**COLUMNS).returning(PersonRow.id).cte().c.id),
    "update in a select": select(update(PersonRow).values(given_name="Y").returning(PersonRow.id).cte().c.id),
    "delete beside a select": select(ManagerRow.slug).add_cte(delete(PersonRow).returning(PersonRow.id).cte()),
    "update from another class": update(PersonRow)
    .values(given_name=AccountLinkRow.number)
    .where(col(AccountLinkRow.number) != "")
    .execution_options(**ASIDE),
    "delete by another class": delete(PersonRow).where(col(AccountLinkRow.number) != "").execution_options(**ASIDE),
    "managers by a class": update(ManagerRow)
    .where(col(PersonRow.id) == "s1")
    .values(slug="x")
    .execution_options(**ASIDE),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_scoped_is_refused(peopled: Store, name: str) -> None:
    with pytest.raises(UnboundWorkError):
        async with peopled.work("norte") as work:
            await work.exec(REFUSED[name])
    assert len(await everybody(peopled)) == 3


async def add_foreign(work: Work) -> None:
    work.add(person("n3", manager="sur"))


async def move(work: Work) -> None:
    row = await work.get(PersonRow, "n1")
    assert row
    row.manager = "sur"


async def move_all(work: Work) -> None:
    await work.exec(update(PersonRow).values(manager="sur"))


async def insert_foreign(work: Work) -> None:
    await work.exec(insert(PersonRow), params=[{**COLUMNS, "manager": "sur"}])


async def update_by_key(work: Work) -> None:
    await work.exec(update(PersonRow), params=[{"id": "s1", "given_name": "Y"}])


def upserting(work: Work, by: list[str], **changed: Any) -> Any:
    fresh = INSERT[work.get_bind().dialect.name](PersonRow).values(**{**COLUMNS, "id": "s1"})
    return fresh.on_conflict_do_update(index_elements=by, set_=changed)


async def take_over(work: Work) -> None:
    await work.exec(upserting(work, ["id"], given_name="Y"))


async def give_away(work: Work) -> None:
    await work.exec(upserting(work, ["manager", "email"], manager="sur"))


@pytest.mark.parametrize("act", [add_foreign, move, move_all, insert_foreign, update_by_key, take_over, give_away])
async def test_rows_of_another_manager_are_never_written(
    peopled: Store, act: Callable[[Work], Awaitable[None]]
) -> None:
    before = await everybody(peopled)
    with pytest.raises(OtherManagerError):
        async with peopled.work("norte") as work:
            await act(work)
    assert await everybody(peopled) == before


async def test_a_detached_row_cannot_be_carried_over(peopled: Store) -> None:
    async with peopled.work("sur") as work:
        stray = await work.get(PersonRow, "s1")
    assert stray
    stray.manager = "norte"
    with pytest.raises(OtherManagerError):
        async with peopled.work("norte") as work:
            work.add(stray)


async def test_the_database_refuses_a_link_to_another_managers_person(peopled: Store) -> None:
    link = AccountLinkRow(**LINK, person_id="s1")
    with pytest.raises(IntegrityError):
        async with peopled.work("norte") as work:
            work.add(link)


def test_every_concrete_class_is_known() -> None:
    assert {PersonRow, SessionRow, AccountLinkRow} <= set(tenant_classes())
    assert all(issubclass(kind, TenantRow) and "manager" in kind.__table__.c for kind in tenant_classes())  # type: ignore[attr-defined]  # SQLModel adds the table


@pytest.mark.parametrize("kind", tenant_classes())
def test_no_class_loads_another_by_itself(kind: type[TenantRow]) -> None:
    mapper = inspect(kind)
    assert not mapper.relationships
    assert not mapper.inherits
    assert all(isinstance(column, Column) for each in mapper.column_attrs for column in each.columns)


async def test_managers_and_hosts_need_no_manager(peopled: Store) -> None:
    statement: Select[Any] = select(ManagerRow.slug).order_by(ManagerRow.slug)
    async with peopled.work() as work:
        assert [tuple(row) for row in await work.exec(statement)] == [("norte",), ("sur",)]  # type: ignore[call-overload]  # a plain Select gives rows
