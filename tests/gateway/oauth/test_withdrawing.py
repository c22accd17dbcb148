"""People see which programs they let read on their behalf, and end that."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from tests.gateway.oauth.programs import ANA, Programs
from ventanilla.auth import people
from ventanilla.auth.audit import AuditKind
from ventanilla.auth.caller import Caller
from ventanilla.auth.new_passwords import replace
from ventanilla.store.tables import AuditEventRow, ConsentRow, PersonRow

pytestmark = pytest.mark.anyio

QUERIES = Path(__file__).parents[3] / "examples" / "queries"


async def asked(programs: Programs, name: str, email: str = ANA, **given: Any) -> Any:
    """What the one field of an example document answers to somebody who is signed in."""
    context = programs.world.context("sur", await programs.world.actor("sur", email))
    context.now = programs.now
    variables = {"input": given} if given else {}
    outcome = await programs.world.run(context, (QUERIES / f"{name}.graphql").read_text("utf-8"), **variables)
    assert outcome.errors == []
    assert outcome.data is not None
    (answer,) = outcome.data.values()
    return answer


async def withdrawn(programs: Programs, program: str, email: str = ANA) -> list[str]:
    """Why nothing was withdrawn."""
    payload = await asked(programs, "withdraw-consent", email, programId=program)
    return [error["reason"] for error in payload["userErrors"]]


async def noted(programs: Programs) -> list[str]:
    async with programs.world.services.store.work("sur") as work:
        return list((await work.exec(select(AuditEventRow.kind).order_by(col(AuditEventRow.id)))).all())


async def test_a_program_is_listed_with_what_it_may_read(programs: Programs) -> None:
    client, other = await programs.add(), await programs.add(name="Balances")
    assert (await asked(programs, "programs"))["programs"] == []
    allowed = programs.now.isoformat()
    tokens = await programs.consented(client)
    programs.later(minutes=20)
    await programs.refresh(client, tokens["refresh_token"])
    await programs.consented(other, scope="invoices:read accounts:read")
    now = programs.now.isoformat()
    planilla = {"programId": client.client.id, "name": "Planilla", "scopes": ["accounts:read"], "allowedAt": allowed}
    balances = {"programId": other.client.id, "name": "Balances", "scopes": ["accounts:read", "invoices:read"]}
    assert (await asked(programs, "programs"))["programs"] == [
        {**balances, "allowedAt": now, "usedAt": now},
        {**planilla, "usedAt": now},
    ]
    assert (await asked(programs, "programs", "beto@example.org"))["programs"] == []
    programs.later(days=31)
    assert (await asked(programs, "programs"))["programs"] == []
    async with programs.world.services.store.work("sur") as work:
        kept = (await work.exec(select(ConsentRow).order_by(col(ConsentRow.id)))).all()
    assert [(row.kind, row.version) for row in kept] == [("PROGRAM", client.client.id), ("PROGRAM", other.client.id)]


async def test_what_is_withdrawn_ends_at_once_and_nothing_else_does(programs: Programs) -> None:
    client, other = await programs.add(), await programs.add()
    first, second = await programs.consented(client), await programs.consented(client)
    kept = await programs.consented(other)
    unused = await programs.code(client)
    assert await withdrawn(programs, client.client.id, "beto@example.org") == ["NOT_FOUND"]
    assert await withdrawn(programs, client.client.id) == []
    for tokens in (first, second):
        assert not await programs.works(tokens["access_token"])
        assert (await programs.refresh(client, tokens["refresh_token"])).status_code == 400
    assert (await programs.exchange(client, unused)).status_code == 400
    assert await programs.works(kept["access_token"])
    assert [each["programId"] for each in (await asked(programs, "programs"))["programs"]] == [other.client.id]
    assert await withdrawn(programs, client.client.id) == ["NOT_FOUND"]
    assert await noted(programs) == [*[AuditKind.PROGRAM_ALLOWED] * 4, AuditKind.PROGRAM_WITHDRAWN]
    again = await programs.consented(client)
    assert await programs.works(again["access_token"])


async def test_who_refuses_lets_nobody_and_leaves_no_evidence(programs: Programs) -> None:
    client = await programs.add()
    await programs.decide(programs.request(client), await programs.session(), "deny")
    assert await noted(programs) == []
    async with programs.world.services.store.work("sur") as work:
        assert (await work.exec(select(ConsentRow.id))).all() == []


async def test_of_an_exchange_and_a_withdrawal_at_once_no_token_is_left(programs: Programs) -> None:
    client = await programs.add()
    tokens = await programs.consented(client)
    exchanged, gone = await asyncio.gather(
        programs.refresh(client, tokens["refresh_token"]), withdrawn(programs, client.client.id)
    )
    assert gone == []
    left = [tokens["access_token"]]
    if exchanged.status_code == 200:
        left.append(exchanged.json()["access_token"])
    assert [await programs.works(token) for token in left] == [False] * len(left)


async def test_another_password_ends_what_programs_may_do(programs: Programs) -> None:
    client = await programs.add()
    tokens, unused = await programs.consented(client), await programs.code(client)
    own = await programs.own()
    text = await programs.own_token(own)
    manager, caller = programs.world.managers["sur"], Caller(address="192.0.2.1", host="sur.example")
    async with programs.world.services.store.work("sur") as work:
        who = (await work.exec(select(PersonRow.id).where(col(PersonRow.email) == ANA))).one()
        person = await people.held(work, who)
        assert person is not None
        await replace(work, manager, person, "a hash", caller=caller, now=programs.now)
    assert not await programs.works(tokens["access_token"])
    assert (await programs.refresh(client, tokens["refresh_token"])).status_code == 400
    assert (await programs.exchange(client, unused)).status_code == 400
    assert await programs.works(text), "a program of the manager's own is nobody's"
