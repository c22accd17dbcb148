"""The fault matrix of an office in another place, through sockets and through the whole schema."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.backoffice_adapters import proxy as manners
from tests.backoffice_adapters.proxy import FaultProxy, Manner, proxied
from tests.backoffice_adapters.remote import RemoteAdapter, Server, message, served
from tests.world import NOW, World, book, open_world
from ventanilla.auth.actor import Actor
from ventanilla.backoffice_adapters.conformance.twin import TwinOffice
from ventanilla.backoffice_adapters.contract import Fault, FaultCode, Setting
from ventanilla.backoffice_adapters.guard import GuardedOffice
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.records import AccountRef, Licence
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.execution.engine import Outcome
from ventanilla.store.manager import OfficeChoice

pytestmark = [pytest.mark.anyio, pytest.mark.alone]

DEADLINE_S = 0.6
SLACK_S = 0.4
"""What a busy machine may take beside."""
TRUE_AT = NOW - timedelta(hours=1)
REF = AccountRef(office="alquiler", key="1", number="sur-001")
HOME = "{ portal { name } viewer { accounts { nodes { number stale asOf balance { stale amount { amount } } } } } }"
FAULTS = {
    FaultCode.UNAVAILABLE: "BACK_OFFICE_UNAVAILABLE",
    FaultCode.THROTTLED: "BACK_OFFICE_UNAVAILABLE",
    FaultCode.UNAUTHORIZED: "BACK_OFFICE_UNAVAILABLE",
    FaultCode.TIMEOUT: "BACK_OFFICE_TIMEOUT",
    FaultCode.PROTOCOL: "BACK_OFFICE_BAD_ANSWER",
}


@dataclasses.dataclass
class Town:
    """A world in which the rent office of ``sur`` is somewhere else, behind a proxy."""

    world: World
    server: Server
    proxy: FaultProxy
    actor: Actor
    neighbour: Actor

    async def guard(self) -> GuardedOffice:
        return await self.world.context("sur").office("alquiler")

    async def balance(self, *, fresh: bool = True) -> Any:
        """What the office says of one account now; the memory only if it may be asked."""
        call = self.world.context("sur").call
        (hit,) = await (await self.guard()).ask("balances", call, [REF], fresh=fresh)
        return hit

    async def home(self) -> Outcome:
        return await self.world.ask("sur", HOME, self.actor)

    async def reached(self, asking: Any) -> tuple[Any, int, float]:
        """What `asking` gave, how many connections it made, and how many seconds it took."""
        calls, begun = self.proxy.calls, time.monotonic()
        given = await asking
        return given, self.proxy.calls - calls, time.monotonic() - begun

    async def recovered_s(self) -> float:
        """Seconds until the office answers freshly."""
        begun = time.monotonic()
        while isinstance(await self.balance(), Fault):
            assert time.monotonic() - begun < 5, "not back to normal in time"
            await asyncio.sleep(0.02)
        return time.monotonic() - begun


def setting(folder: Path) -> Setting:
    return Setting(
        manager="sur",
        office="alquiler",
        licences=frozenset({Licence.RENT}),
        currency="ARS",
        time_zone="America/Argentina/Buenos_Aires",
        configuration=None,
        folder=folder,
        clock=lambda: TRUE_AT,
    )


@asynccontextmanager
async def furnished(world: World, folder: Path, deadline_s: float = DEADLINE_S) -> AsyncGenerator[Town]:
    twin = TwinOffice(setting(folder))
    await twin.fill(book("sur", Licence.RENT))
    async with served(twin) as server, proxied(server.port) as proxy:
        sur = world.managers["sur"]
        remote = OfficeChoice(adapter="remote", configuration={"port": proxy.port}, deadline_s=deadline_s)
        world.managers["sur"] = msgspec.structs.replace(sur, offices={**sur.offices, "alquiler": remote})
        known = Registry.discover()
        registry = Registry({"embedded": lambda: known.get("embedded"), "remote": RemoteAdapter})
        offices = Offices(registry, folder / "offices", lambda: NOW, observe=world.calls.append)
        world.services = dataclasses.replace(world.services, registry=registry, offices=offices)
        for slug in ("sur", "norte"):
            await world.person(slug, "ana@example.org", [("agua", "1"), ("alquiler", "1")])
        actors = [await world.actor(slug, "ana@example.org") for slug in ("sur", "norte")]
        yield Town(world, server, proxy, *actors)
        await offices.close()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_world(tmp_path) as world, furnished(world, tmp_path) as made:
        yield made


def nodes(outcome: Outcome) -> list[Any]:
    assert outcome.data is not None
    return outcome.data["viewer"]["accounts"]["nodes"]


def codes(outcome: Outcome) -> set[Any]:
    return {(error.extensions or {})["code"] for error in outcome.errors}


async def refused(town: Town) -> None:
    town.proxy.refuse()


def treated(manner: Manner) -> Callable[[Town], Any]:
    async def begin(town: Town) -> None:
        town.proxy.manner = manner

    return begin


async def heal(town: Town) -> None:
    town.proxy.manner = manners.passed_on
    town.proxy.refuse()
    await town.proxy.listen()


OK = "HTTP/1.1 200 OK"
HTML = message(OK, b"<html><body>ORA-00942: we are being rebuilt</body></html>")
DRIP = manners.dripping(pieces=10, pause_s=DEADLINE_S / 5)
ROWS = {
    "refuses connections": (refused, FaultCode.UNAVAILABLE, 0),
    "swallows everything": (treated(manners.swallowed), FaultCode.TIMEOUT, 1),
    "drips past the deadline": (treated(DRIP), FaultCode.TIMEOUT, 1),
    "answers when nobody waits": (treated(manners.delayed(DEADLINE_S * 1.5)), FaultCode.TIMEOUT, 1),
    "500": (treated(manners.status("500 Internal Server Error")), FaultCode.UNAVAILABLE, 3),
    "503": (treated(manners.status("503 Service Unavailable")), FaultCode.UNAVAILABLE, 3),
    "503, later": (treated(manners.status("503 Busy", Retry_After="1")), FaultCode.UNAVAILABLE, 1),
    "429, later": (treated(manners.status("429 Too Many", Retry_After="1")), FaultCode.THROTTLED, 1),
    "401": (treated(manners.status("401 Unauthorized")), FaultCode.UNAUTHORIZED, 2),
    "HTML": (treated(manners.answering(HTML)), FaultCode.PROTOCOL, 1),
    "garbage": (treated(manners.answering(b"\x00\xff\r\n\r\n" * 9)), FaultCode.PROTOCOL, 1),
    "an empty object": (treated(manners.answering(message(OK, b"{}"))), FaultCode.PROTOCOL, 1),
    "too few positions": (treated(manners.answering(message(OK, b'{"hits": []}'))), FaultCode.PROTOCOL, 1),
    "cut in the middle": (treated(manners.cut), FaultCode.PROTOCOL, 1),
}


@pytest.mark.parametrize(("begin", "code", "tries"), ROWS.values(), ids=list(ROWS))
async def test_each_fault_is_typed_in_time_and_over_when_it_ends(
    town: Town, begin: Callable[[Town], Any], code: FaultCode, tries: int
) -> None:
    before = await town.balance()
    await begin(town)
    fault, calls, seconds = await town.reached(town.balance())
    assert fault.code is code
    assert calls == tries
    assert seconds < DEADLINE_S + SLACK_S
    assert (fault.retry_after is not None) == (code in {FaultCode.UNAVAILABLE, FaultCode.THROTTLED})
    await heal(town)
    assert await town.recovered_s() < 5
    assert await town.balance() == before


@pytest.mark.parametrize(("begin", "code"), [row[:2] for row in ROWS.values()], ids=list(ROWS))
async def test_the_rest_of_the_page_and_the_neighbours_go_on(
    town: Town, begin: Callable[[Town], Any], code: FaultCode
) -> None:
    await begin(town)
    (first, second), (_, neighbours) = (nodes(each) for each in await asyncio.gather(town.home(), _next_door(town)))
    assert first["balance"]["stale"] is False
    assert second is None
    assert neighbours["balance"]["stale"] is False
    outcome = await town.home()
    assert (outcome.data or {})["portal"] == {"name": "Manager sur"}
    assert codes(outcome) <= {FAULTS[code], "BACK_OFFICE_UNAVAILABLE"}  # unavailable once it is left alone
    assert "ORA-" not in str(outcome.errors)


async def _next_door(town: Town) -> Outcome:
    return await town.world.ask("norte", HOME, town.neighbour)


@pytest.mark.parametrize(("begin", "code"), [row[:2] for row in ROWS.values()], ids=list(ROWS))
async def test_what_was_said_last_is_shown_with_its_date(
    town: Town, begin: Callable[[Town], Any], code: FaultCode
) -> None:
    whole = nodes(await town.home())
    assert [node["stale"] for node in whole] == [False, False]
    await begin(town)
    outcome = await town.home()
    if code is FaultCode.UNAUTHORIZED:  # what we may no longer see is not shown
        assert (nodes(outcome)[1], codes(outcome)) == (None, {"BACK_OFFICE_UNAVAILABLE"})
        return
    assert not outcome.errors
    fresh, old = nodes(outcome)
    assert fresh == whole[0]
    assert (old["stale"], old["balance"]["stale"]) == (True, True)
    assert old["asOf"] == whole[1]["asOf"] == TRUE_AT.isoformat()
    assert old["balance"]["amount"] == whole[1]["balance"]["amount"]


# -- asking again ------------------------------------------------------------------------------------------------


async def test_a_fault_of_a_moment_is_not_noticed(town: Town) -> None:
    before = await town.balance()
    town.proxy.manner = manners.first(2, manners.status("502 Bad Gateway"))
    assert await town.reached(town.balance()) == (before, 3, pytest.approx(0.3, abs=0.3))


async def test_an_office_that_says_when_is_asked_then_and_not_before(town: Town) -> None:
    before = await town.balance()
    town.proxy.manner = manners.first(1, manners.status("429 Too Many Requests", Retry_After="0.1"))
    hit, calls, seconds = await town.reached(town.balance())
    assert (hit, calls) == (before, 2)
    assert seconds >= 0.1


async def test_an_office_that_forgot_us_is_opened_anew_once(town: Town) -> None:
    before = await town.balance()
    town.server.forget()
    hits = await asyncio.gather(*(town.balance() for _ in range(8)))
    assert hits == [before] * 8
    assert town.server.sign_ins == 2


async def test_wrong_credentials_do_not_sign_in_again_and_again(town: Town) -> None:
    await town.balance()
    for _ in range(5):
        town.server.forget()
        await town.balance()
    assert town.server.sign_ins == 2


async def test_a_request_that_is_delivered_twice_is_one_answer(town: Town) -> None:
    before = await town.balance()
    town.server.asked.clear()
    town.proxy.manner = manners.twice
    assert await town.reached(town.balance()) == (before, 1, pytest.approx(0, abs=DEADLINE_S))
    assert town.server.asked == ["balances"] * 2


async def test_a_body_that_drips_in_time_is_taken_whole(town: Town) -> None:
    before = await town.balance()
    town.proxy.manner = manners.dripping(pieces=4, pause_s=0.02)
    assert await town.balance() == before


# -- the others --------------------------------------------------------------------------------------------------


async def test_a_third_of_slow_calls_delays_nobody_else(tmp_path: Path) -> None:
    slowness_ends = asyncio.Event()
    async with open_world(tmp_path) as world, furnished(world, tmp_path, deadline_s=30) as town:
        await town.balance()
        town.proxy.manner = manners.held(slowness_ends, every=3)
        asked = [asyncio.create_task(town.balance()) for _ in range(12)]
        async with asyncio.timeout(25):
            await _next_door(town)
            for quick in islice(asyncio.as_completed(asked), 8):
                await quick
        slowness_ends.set()
        hits = await asyncio.gather(*asked)
    assert not any(isinstance(hit, Fault) for hit in hits)


async def test_while_everything_is_swallowed_few_calls_are_under_way(town: Town) -> None:
    await town.balance()
    town.proxy.manner = manners.swallowed
    hits, calls, seconds = await town.reached(asyncio.gather(*(town.balance() for _ in range(200))))
    assert all(isinstance(hit, Fault) for hit in hits)
    assert calls <= (await town.guard()).plan.patience.concurrency + 4  # whose places were free before the fifth failed
    assert seconds < DEADLINE_S + 2 * SLACK_S
    _, calls, seconds = await town.reached(town.balance())
    assert calls <= 1
    assert (await town.balance()).code is FaultCode.UNAVAILABLE
