"""The role table: what is written is what was declared, and what is declared is what everybody meets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.every_field import FIELDS, refused
from tests.everybody import everybody
from tests.world import World, manager, open_world
from ventanilla.auth.actor import Actor
from ventanilla.resolvers.problems import ProblemCode
from ventanilla.schema.roles import LET_IN, Asker, Told, table, told
from ventanilla.schema.schema import build
from ventanilla.store.manager import StaffRules

pytestmark = pytest.mark.anyio
COMMITTED = Path(__file__).parents[2] / "schema" / "ROLES.md"
REFUSED = {Told.SIGN_IN: ProblemCode.UNAUTHENTICATED, Told.NO: ProblemCode.FORBIDDEN}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A manager that asks its staff for no second factor."""
    async with open_world(tmp_path, manager("sur", staff=StaffRules(second_factor=False))) as opened:
        yield opened


@pytest.fixture
async def actors(world: World) -> dict[Asker, Actor]:
    return await everybody(world)


def test_the_committed_table_is_the_one_that_holds() -> None:
    assert COMMITTED.read_text("utf-8") == table(build()), (
        "run `ventanilla roles > schema/ROLES.md` and review the difference"
    )


@pytest.mark.parametrize("asker", Asker)
async def test_everybody_meets_what_the_table_says(world: World, actors: dict[Asker, Actor], asker: Asker) -> None:
    met = {each: await refused(world.context("sur", actors[asker]), each) for each in FIELDS}
    said = {each: REFUSED.get(told(declared, asker)) for each, declared in FIELDS.items()}
    assert len(met) > 80
    assert {each: (met[each], said[each]) for each in met if met[each] != said[each]} == {}


def test_everybody_is_kept_out_somewhere() -> None:
    kept_out = {asker for asker in Asker for declared in FIELDS.values() if told(declared, asker) not in LET_IN}
    assert kept_out == {*Asker}


def test_who_asks_in_somebodys_place_changes_nothing() -> None:
    for asker in (Asker.PROGRAM, Asker.PROGRAM_OF_MANAGER, Asker.ONLOOKER):
        opened = {
            each
            for each, declared in FIELDS.items()
            if each.startswith("Mutation.") and told(declared, asker) in LET_IN
        }
        assert opened == ({"Mutation.signOut", "Mutation.stopSeeingAs"} if asker is Asker.ONLOOKER else set())
