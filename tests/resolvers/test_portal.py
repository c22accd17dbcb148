"""The bootstrap of a portal: everything before anybody has signed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import World, manager, open_world
from ventanilla.backoffice_adapters.records import Licence

pytestmark = pytest.mark.anyio


async def test_a_portal_tells_its_manager(world: World) -> None:
    outcome = await world.ask(
        "sur",
        "{ portal { name slug country locale languages language currency timeZone signInWays"
        " theme { primary onPrimary logoUrl } passwordPolicy { minLength requireDigit history maxAgeDays }"
        " contact { email phone } licences { licence source } } }",
    )
    assert outcome.errors == []
    assert outcome.data == {
        "portal": {
            "name": "Manager sur",
            "slug": "sur",
            "country": "AR",
            "locale": "es-AR",
            "languages": ["es", "en"],
            "language": "es",
            "currency": "ARS",
            "timeZone": "America/Argentina/Buenos_Aires",
            "signInWays": ["PASSWORD"],
            "theme": {"primary": "#1f4e79", "onPrimary": "#ffffff", "logoUrl": None},
            "passwordPolicy": {"minLength": 10, "requireDigit": False, "history": 0, "maxAgeDays": None},
            "contact": {"email": "hola@sur.example", "phone": None},
            "licences": [
                {"licence": "UTILITY", "source": "agua"},
                {"licence": "COMMUNITY", "source": "agua"},
                {"licence": "RENT", "source": "alquiler"},
            ],
        }
    }


async def test_texts_come_in_the_language_asked_for_or_the_nearest(world: World) -> None:
    query = (
        'query ($l: String) { portal { texts(language: $l) { key body } some: texts(keys: ["only", "no"]) { key } } }'
    )
    english = await world.ask("sur", query, l="en")
    assert english.data == {
        "portal": {
            "texts": [{"key": "welcome", "body": "Welcome"}, {"key": "only", "body": "Solo"}],
            "some": [{"key": "only"}],
        }
    }
    spanish = await world.ask("sur", query)
    assert spanish.data is not None
    assert spanish.data["portal"]["texts"][0]["body"] == "Bienvenidos"


async def test_texts_are_told_for_a_hundred_keys_at_most(world: World) -> None:
    query = "query ($keys: [String!]) { portal { texts(keys: $keys) { key } } }"
    enough = await world.ask("sur", query, keys=["only"] * 100)
    assert enough.errors == []
    more = await world.ask("sur", query, keys=["only"] * 101)
    assert [error.extensions["code"] for error in more.errors or []] == ["INVALID_ARGUMENT"]


async def test_capabilities_tell_what_can_be_done_and_why_not(tmp_path: Path) -> None:
    holder = manager(
        "sur",
        licences={Licence.UTILITY: "agua", Licence.MAINTENANCE: "agua"},
        offices={"agua": manager("sur").offices["agua"]},
    )
    async with open_world(tmp_path, holder) as world:
        outcome = await world.ask("sur", "{ portal { capabilities { key licence support source reason } } }")
    assert outcome.errors == []
    assert outcome.data is not None
    found = {(each["licence"], each["key"]): each for each in outcome.data["portal"]["capabilities"]}
    assert found["UTILITY", "invoices.list"]["support"] == "YES"
    assert found["UTILITY", "invoices.list"]["source"] == "agua"
    assert found["RENT", "invoices.list"] == {
        "key": "invoices.list",
        "licence": "RENT",
        "support": "NO",
        "source": None,
        "reason": "LICENCE_MISSING",
    }
    of_maintenance = {"parties.list", "parties.read", "supplier_invoices.list"}
    assert {key for licence, key in found if licence == "MAINTENANCE"} == of_maintenance
    of_all = {key for licence, key in found if licence == "RENT"}
    assert {"accruals.list", "payment_plans.instalments", "interest.read", "enrolments.read", "notices.list"} < of_all
    assert {key for licence, key in found if licence == "UTILITY"} - of_all == {
        "meters.list",
        "meters.read",
        "meter_readings.list",
        "meter_readings.read",
        "meter_readings.changes",
        "utility_settlements.list",
        "utility_settlements.read",
    }
    assert {key for licence, key in found if licence == "COMMUNITY"} - of_all == {
        "communities.read",
        "communities.buildings",
        "communities.finances",
        "communities.arrears",
        "communities.supplier_invoices",
        "shares.read",
    }
