"""The premises of an account: the building around them, the community, the shares; and how the account is enrolled."""

from __future__ import annotations

import pytest

from tests.resolvers.answers import accounts, first
from tests.world import World
from ventanilla.backoffice_adapters.records import AccountRole

pytestmark = pytest.mark.anyio


async def test_a_unit_tells_its_building_and_who_owns_it(world: World) -> None:
    found = await first(
        world,
        "unit { label kind areaM2 building { name address { lines country } geo { latitude } builtIn unitCount stale"
        " source { name } } shares { numerator denominator owner } }",
    )
    assert found["unit"] == {
        "label": "1 B",
        "kind": "FLAT",
        "areaM2": "54.30",
        "building": {
            "name": "Torre 1",
            "address": {"lines": ["Mitre 12"], "country": "AR"},
            "geo": None,
            "builtIn": 1998,
            "unitCount": 24,
            "stale": False,
            "source": {"name": "agua"},
        },
        "shares": [
            {"numerator": 7, "denominator": 997, "owner": "Ana Paz"},
            {"numerator": 7, "denominator": 997, "owner": "Luis Paz"},
        ],
    }


@pytest.mark.parametrize("role", AccountRole)
async def test_who_only_lives_there_is_not_told_the_owners_names(world: World, role: AccountRole) -> None:
    await world.person("sur", "luz@example.org", [("agua", "2")], role=role)
    actor = await world.actor("sur", "luz@example.org")
    query = "{ viewer { accounts { nodes { unit { shares { numerator owner } } } } } }"
    outcome = await world.ask("sur", query, actor)
    told = ["Ana Paz", "Luis Paz"] if role in {AccountRole.HOLDER, AccountRole.OWNER} else [None, None]
    assert outcome.errors == []
    assert outcome.data is not None
    assert outcome.data["viewer"]["accounts"]["nodes"][0]["unit"] == {
        "shares": [{"numerator": 7, "owner": name} for name in told]
    }


async def test_a_community_tells_its_buildings(world: World) -> None:
    found = await first(world, "community { name number address { locality } buildings { name } source { name } }")
    assert found["community"] == {
        "name": "sur Consorcio 1",
        "number": "30-1",
        "address": {"locality": "Junín"},
        "buildings": [{"name": "Torre 1"}],
        "source": {"name": "agua"},
    }


async def test_enrolments_are_told_active_or_not(world: World) -> None:
    found = await first(world, "enrolments { kind active since cancelledAt channel }")
    assert found["enrolments"] == [
        {"kind": "E_INVOICE", "active": True, "since": "2026-03-01", "cancelledAt": None, "channel": "Portal"},
        {"kind": "DIRECT_DEBIT", "active": False, "since": None, "cancelledAt": None, "channel": None},
    ]


async def test_all_of_it_costs_one_call_a_field_and_office(world: World) -> None:
    field = "unit { building { name } shares { owner } } community { buildings { name } } enrolments { kind }"
    found, errors = await accounts(world, field, [("agua", "1"), ("agua", "2"), ("alquiler", "1")])
    assert errors == []
    # The rent office serves no licence that knows of communities and shares: there are none, and nobody asks.
    assert [(each["community"], each["unit"]["shares"]) for each in found[2:]] == [(None, None)]
    assert found[2]["unit"]["building"] == {"name": "Torre 1"}
    assert world.counted() == [
        ("agua", "accounts", 2),
        ("agua", "buildings", 2),
        ("agua", "communities", 2),
        ("agua", "community_buildings", 2),
        ("agua", "enrolments", 2),
        ("agua", "ownership_shares", 2),
        ("alquiler", "accounts", 1),
        ("alquiler", "buildings", 1),
        ("alquiler", "enrolments", 1),
    ]
