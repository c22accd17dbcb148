"""What people let programs do, on both databases, where it is ended while a program asks for more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.auth.test_clients import BACK, NOW, PLACE, VERIFIER, added, code, exchanging, somebody
from tests.store.fresh import manager_named
from ventanilla.auth.caller import Caller
from ventanilla.auth.clients import Keyed
from ventanilla.auth.identify import identify
from ventanilla.auth.new_passwords import replace
from ventanilla.auth.oauth import answering, consents
from ventanilla.auth.oauth.server import Answer
from ventanilla.auth.people import held
from ventanilla.store.store import Store

pytestmark = pytest.mark.anyio

NORTE = manager_named("norte")
CALLER = Caller(address="192.0.2.1", host="norte.example")
End = Callable[[Store, Keyed, str], Awaitable[None]]


async def withdrawn(store: Store, client: Keyed, person: str) -> None:
    await consents.withdraw(store, "norte", client.client.id, person_id=person, caller=CALLER, now=NOW)


async def changed(store: Store, _client: Keyed, person: str) -> None:
    async with store.work("norte") as work:
        row = await held(work, person)
        assert row is not None
        await replace(work, NORTE, row, "a hash", caller=CALLER, now=NOW)


async def exchanged(store: Store, client: Keyed, given: str) -> Answer:
    form = {"grant_type": "authorization_code", "code": given, "redirect_uri": BACK, "code_verifier": VERIFIER}
    return await answering.token(store, PLACE, exchanging(client, **form))


async def works(store: Store, answer: Answer) -> bool:
    found = await identify(store, "norte.example", answer.body["access_token"], NOW)
    return found is not None and found.actor.known


@pytest.mark.parametrize("end", [withdrawn, changed])
async def test_no_token_outlives_an_end_at_the_same_moment(store: Store, end: End) -> None:
    client, person = await added(store), await somebody(store)
    for _ in range(6):
        first = await exchanged(store, client, await code(store, client, person))
        given = await code(store, client, person)
        refreshing = exchanging(client, grant_type="refresh_token", refresh_token=first.body["refresh_token"])
        *answers, _ = await asyncio.gather(
            exchanged(store, client, given), answering.token(store, PLACE, refreshing), end(store, client, person)
        )
        assert {answer.status for answer in answers} <= {200, 400}
        alive = [answer for answer in (first, *answers) if answer.status == 200 and await works(store, answer)]
        assert alive == []
        assert await consents.of_person(store, "norte", person, NOW) == []


async def test_a_consent_is_told_once_for_each_program(store: Store) -> None:
    client, other, person = await added(store), await added(store), await somebody(store)
    for each in (client, client, other):
        await exchanged(store, each, await code(store, each, person))
    found = await consents.of_person(store, "norte", person, NOW)
    assert {each.program_id for each in found} == {client.client.id, other.client.id}
    assert {each.scopes for each in found} == {("accounts:read", "invoices:read")}
    assert {each.allowed_at for each in found} == {NOW}
    assert await consents.of_person(store, "sur", person, NOW) == []
