"""What is held of a person: told whole, and erased."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import update

from tests.world import NOW, PASSWORD, World
from ventanilla.auth import personal_data
from ventanilla.auth.audit import AuditKind, note, note_own
from ventanilla.auth.caller import Caller
from ventanilla.store import letter_leases
from ventanilla.store.letter_queues import sweepable
from ventanilla.store.letters import LetterKind, NewLetter, post, retry, sweep
from ventanilla.store.statements import tenant_classes
from ventanilla.store.tables import AccessBatchRow, AccessInvitationRow, PersonRow, TenantRow

pytestmark = pytest.mark.anyio

TOLD = "{ viewer { personalData } }"
ERASE = """
mutation ($email: String!) {
  eraseMyData(input: {email: $email}) { erasures { category outcome reason } userErrors { reason path message } }
}
"""
NOT_TOLD = {
    *("manager", "host", "sign_in_attempt", "stored_document", "client", "access_batch"),
    *("platform_event", "stray_payment", "reconciliation"),
}
"""Tables of nobody in particular."""
PROVING = {
    *("former_password", "challenge", "authorization_code", "provider_visit"),
    *("second_factor", "recovery_code"),
}
"""What only proves who somebody is, for a while: it ends with the person, and is never told."""


def tables() -> set[str]:
    return {str(vars(kind)["__table__"].name) for kind in tenant_classes()}


def test_no_table_of_people_is_forgotten() -> None:
    assert issubclass(PersonRow, TenantRow)
    assert set(personal_data.tables_of_people()) == tables() - NOT_TOLD - PROVING


async def letter_to(world: World, person: str, recipient: str) -> None:
    letter = NewLetter(
        kind=LetterKind.NEW_DEVICE,
        recipient=recipient,
        language="es",
        host="sur.example",
        secure=True,
        person_id=person,
    )
    async with world.services.store.work("sur") as work:
        await post(work, letter, NOW)


async def test_everything_is_told_and_nothing_that_proves(world: World) -> None:
    person = await world.person("sur", "ana@example.org", [("agua", "1")], PASSWORD)
    await letter_to(world, person, "ana@example.org")
    actor = await world.actor("sur", "ana@example.org")
    outcome = await world.ask("sur", TOLD, actor)
    assert outcome.errors == []
    assert outcome.data is not None
    text = outcome.data["viewer"]["personalData"]
    told = json.loads(text)
    assert told["profile"][0]["given_name"] == "Ana"
    assert [each["number"] for each in told["accounts"]] == ["sur-001"]
    assert len(told["sessions"]) == 1
    assert [each["kind"] for each in told["letters"]] == ["NEW_DEVICE"]
    assert "hash" not in text
    assert "argon2" not in text


async def erased(world: World, email: str, **later: Any) -> Any:
    context = world.context("sur", await world.actor("sur", "ana@example.org"))
    context.now = NOW + timedelta(**later)
    outcome = await world.run(context, ERASE, email=email)
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["eraseMyData"], context


async def test_who_works_here_is_not_erased(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    async with world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).values(staff_role="STAFF_ADMIN"))
    answer, _ = await erased(world, "ana@example.org")
    assert [each["reason"] for each in answer["userErrors"]] == ["WORKS_HERE"]
    assert await world.services.store.rows("SELECT staff_role FROM person") == [("STAFF_ADMIN",)]


async def rows_with(world: World, *words: str) -> list[str]:
    """The tables of a manager that hold any of the words anywhere."""
    found: list[str] = []
    for table in sorted(tables()):
        rows = await world.services.store.rows(f"SELECT * FROM {table} WHERE manager = $1", ["sur"])
        found += [table for row in rows if any(word in str(tuple(row)) for word in words)]
    return found


async def invited(world: World, person: str) -> None:
    """Let a person have come by an invitation."""
    batch = {"created_by": "b" * 32, "idempotency_key": "k", "asked": "{}", "state": "SENT"}
    invitation = {
        "office": "agua",
        "party_key": "7",
        "name": "Ana Paz",
        "email": "ana@example.org",
        "state": "ACCEPTED",
    }
    async with world.services.store.work("sur") as work:
        work.add(AccessBatchRow(id="a" * 32, due_at=NOW, created_at=NOW, **batch))
        await work.flush()
        work.add(AccessInvitationRow(id="c" * 32, batch_id="a" * 32, person_id=person, accepted_at=NOW, **invitation))


async def last_letter_left(world: World) -> str:
    """Let a worker send the one letter that there is; its kind."""
    async with world.services.store.work("sur") as work:
        (letter,) = await letter_leases.claim(work, NOW, "worker", timedelta(minutes=1), 9)
        assert letter.recipient == "ana@example.org"
        assert await letter_leases.sent(work, letter, NOW)
    return letter.kind


async def test_a_last_letter_that_cannot_leave_is_forgotten(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    await erased(world, "ana@example.org")
    store, day = world.services.store, timedelta(hours=24)
    early, late = NOW + day - timedelta(seconds=1), NOW + day
    assert await sweepable(store, early) == []
    assert await sweepable(store, late) == ["sur"]
    async with store.work("sur") as work:
        assert await sweep(work, early) == 0
        assert await sweep(work, late) == 1
    assert await rows_with(world, "ana@example.org") == []


async def test_a_last_letter_that_was_given_up_is_not_sent_again(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    await erased(world, "ana@example.org")
    async with world.services.store.work("sur") as work:
        (letter,) = await letter_leases.claim(work, NOW, "worker", timedelta(minutes=1), 9)
        await letter_leases.failed(work, letter, "REFUSED", "550 5.1.1", NOW)
        assert await retry(work, NOW) == 0
    assert await rows_with(world, "ana@example.org") == []


async def test_who_is_erased_is_found_nowhere(world: World) -> None:
    person = await world.person("sur", "ana@example.org", [("agua", "1")], PASSWORD)
    await world.person("sur", "eva@example.org", [("agua", "1")])
    await letter_to(world, person, "ana@example.org")
    await invited(world, person)
    async with world.services.store.work("sur") as work:
        await note(work, AuditKind.ACCOUNT_LINKED, NOW, actor_id=person, person_id=person, account=("agua", "1"))
        await note_own(
            work, AuditKind.SIGNED_IN, person, NOW, caller=Caller(address="198.51.100.7", host="sur.example")
        )
    answer, context = await erased(world, " Ana@Example.org ")
    assert answer["userErrors"] == []
    outcomes = {each["category"]: (each["outcome"], each["reason"] is None) for each in answer["erasures"]}
    assert outcomes["PROFILE"] == ("ERASED", True)
    assert outcomes["EVENTS"] == ("PSEUDONYMISED", False)
    assert outcomes["OFFICE_RECORDS"] == ("RETAINED", False)
    assert context.reply.session == ""
    assert await rows_with(world, "ana@example.org", "192.0.2.1") == ["letter"], "the last one, until it has left"
    assert await last_letter_left(world) == "DATA_ERASED"
    words = ("ana@example.org", "argon2", "'Ana', 'Paz', None", "198.51.100.7", "192.0.2.1", "Ana Paz")
    assert await rows_with(world, *words) == []
    assert await rows_with(world, person) == ["audit_event", "audit_event"]
    neighbour = await world.ask(
        "sur",
        "{ viewer { defaultAccount { people { name } audit { nodes { kind actor } } } } }",
        await world.actor("sur", "eva@example.org"),
    )
    assert neighbour.data is not None
    account = neighbour.data["viewer"]["defaultAccount"]
    assert account == {"people": [{"name": "Ana Paz"}], "audit": {"nodes": [{"kind": "ACCOUNT_LINKED", "actor": None}]}}


async def test_another_e_mail_or_an_old_sign_in_erases_nobody(world: World) -> None:
    await world.person("sur", "ana@example.org", [("agua", "1")])
    await world.person("sur", "eva@example.org", [])
    answer, _ = await erased(world, "eva@example.org")
    assert [(each["reason"], each["path"]) for each in answer["userErrors"]] == [("EMAIL_DIFFERS", ["email"])]
    answer, _ = await erased(world, "ana@example.org", minutes=15, seconds=1)
    assert [each["reason"] for each in answer["userErrors"]] == ["REAUTHENTICATION_REQUIRED"]
    assert "person" in await rows_with(world, "ana@example.org")
    assert "person" in await rows_with(world, "eva@example.org")


async def test_a_person_of_the_same_address_elsewhere_stays(world: World) -> None:
    await world.person("sur", "ana@example.org", [])
    await world.person("norte", "ana@example.org", [("agua", "1")])
    await erased(world, "ana@example.org")
    assert (await world.actor("norte", "ana@example.org")).links
