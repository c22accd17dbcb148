from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.book import BUSY, NOW, TODAY, ZONE, book
from ventanilla.backoffice_adapters.conformance.twin import TwinAdapter, TwinOffice
from ventanilla.backoffice_adapters.contract import Call, Configuration, Fault, FaultCode, OfficeError, Secret, Setting
from ventanilla.backoffice_adapters.guard import GuardedOffice, OfficeCall
from ventanilla.backoffice_adapters.offices import OfficeDoor, Offices
from ventanilla.backoffice_adapters.plan import OfficePlan, Patience
from ventanilla.backoffice_adapters.plugins import UnknownPluginError
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.backoffice_adapters.registry import Registry

pytestmark = pytest.mark.anyio


class Settings(Configuration):
    token: Secret | None = None
    version: int = 1


class House:
    """What all offices of a test share: how often they opened and closed, and how they behave."""

    def __init__(self) -> None:
        self.opened: list[Setting] = []
        self.closed: list[Setting] = []
        self.fault: Exception | None = None
        self.slow_s = 0.0
        self.forgotten: Any = None
        """The office that refuses its credentials."""
        self.answers = asyncio.Event()
        self.answers.set()

    @property
    def open_now(self) -> int:
        return len(self.opened) - len(self.closed)

    def office(self) -> type[TwinOffice]:
        house = self

        class Counted(TwinOffice):
            async def open(self) -> None:
                house.opened.append(self.setting)
                await asyncio.sleep(house.slow_s)
                if house.fault:
                    raise house.fault
                self.book = book(Licence.RENT, self.setting.currency)

            async def close(self) -> None:
                house.closed.append(self.setting)

            async def accounts(self, call: Call, keys: Any) -> Any:
                await house.answers.wait()
                return await super().accounts(call, keys)

            async def find_accounts(self, call: Call, numbers: Any) -> Any:
                if self is house.forgotten:
                    raise OfficeError(Fault(code=FaultCode.UNAUTHORIZED, detail="who are you?"))
                return await super().find_accounts(call, numbers)

        return Counted


@asynccontextmanager
async def offices_of(house: House, folder: Path, **options: Any) -> AsyncGenerator[Offices]:
    adapter = TwinAdapter(house.office(), configuration=Settings)
    offices = Offices(Registry({"twin": lambda: adapter}), folder, lambda: datetime.now(UTC), **options)
    yield offices
    await offices.close()
    assert house.open_now == 0


def plan(manager: str = "aguas", **changes: Any) -> OfficePlan:
    whole = OfficePlan(
        manager=manager,
        office="comercial",
        adapter="twin",
        licences=frozenset({Licence.RENT}),
        currency="ARS",
        time_zone=ZONE,
        patience=Patience(deadline_s=2),
    )
    return replace(whole, **changes)


NUMBER = next(entry.number for entry in book(Licence.RENT, "ARS").accounts if entry.key == BUSY)


def asking(guard: GuardedOffice, within_s: float = 5) -> Call:
    deadline = time.monotonic() + within_s
    return Call(manager=guard.plan.manager, request_id="r", locale="es", now=NOW, today=TODAY, deadline=deadline)


async def account(guard: GuardedOffice, within_s: float = 5) -> Any:
    (hit,) = await guard.ask("accounts", asking(guard, within_s), [BUSY])
    return hit


def key_or_code(hit: Any) -> str:
    return str(hit.code) if isinstance(hit, Fault) else hit.key


async def until(condition: Any) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.005)


async def test_an_office_opens_with_its_first_question_and_is_shared(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path) as offices:
        first = await offices.get(plan())
        assert not house.opened
        assert await offices.get(plan()) is first
        hits = await asyncio.gather(*(account(first) for _ in range(20)))
        assert {hit.key for hit in hits} == {BUSY}
        assert len(house.opened) == 1


async def test_an_office_is_told_its_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_OF_AGUAS", "hush")
    house = House()
    async with offices_of(house, tmp_path) as offices:
        await account(await offices.get(plan(configuration={"token": "env:TOKEN_OF_AGUAS"})))
        (setting,) = house.opened
    assert (setting.manager, setting.office, setting.currency) == ("aguas", "comercial", "ARS")
    assert setting.configuration == Settings(token="hush")
    assert setting.folder == tmp_path / "aguas" / "comercial"
    assert setting.folder.is_dir()


async def test_managers_have_offices_of_their_own(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path) as offices:
        one, two = await offices.get(plan()), await offices.get(plan("osiedle"))
        await asyncio.gather(account(one), account(two))
        assert {setting.folder.parent.name for setting in house.opened} == {"aguas", "osiedle"}


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "a\0b"])
async def test_a_name_that_would_leave_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    async with offices_of(House(), tmp_path) as offices:
        with pytest.raises(ValueError, match="cannot name a folder"):
            await offices.get(plan(name))


async def test_an_adapter_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    async with offices_of(House(), tmp_path) as offices:
        with pytest.raises(UnknownPluginError):
            await offices.get(plan(adapter="nowhere"))


# -- failing and healing -----------------------------------------------------------------------------------------


async def test_an_office_that_cannot_open_is_a_fault_and_is_closed(tmp_path: Path) -> None:
    house = House()
    house.fault = OfficeError(Fault(code=FaultCode.UNAUTHORIZED, detail="wrong password"))
    async with offices_of(house, tmp_path) as offices:
        guard = await offices.get(plan())
        hits = await asyncio.gather(*(account(guard) for _ in range(9)))
        assert {key_or_code(hit) for hit in hits} == {"unauthorized"}
        assert (len(house.opened), len(house.closed)) == (1, 1)


async def test_a_broken_office_is_left_alone_and_then_heals_by_itself(tmp_path: Path) -> None:
    house = House()
    house.fault = OSError("connection refused")
    async with offices_of(house, tmp_path) as offices:
        guard = await offices.get(plan())
        assert key_or_code(await account(guard)) == "unavailable"
        resting = await account(guard)
        assert 0 < resting.retry_after <= 0.5
        assert len(house.opened) == 1
        house.fault = None
        await asyncio.sleep(resting.retry_after)
        assert key_or_code(await account(guard)) == BUSY


async def test_settings_that_do_not_fit_are_an_office_that_does_not_open(tmp_path: Path) -> None:
    async with offices_of(House(), tmp_path) as offices:
        hit = await account(await offices.get(plan(configuration={"token": "env:NOT_SET_ANYWHERE"})))
        assert key_or_code(hit) == "unavailable"
        assert "env:NOT_SET_ANYWHERE is not set" in hit.detail
        odd = await account(await offices.get(plan(configuration={"versoin": 2})))
        assert "did you mean 'version'" in odd.detail


async def test_an_unexpected_failure_to_open_does_not_tell_what_it_said(tmp_path: Path) -> None:
    house = House()
    house.fault = RuntimeError("password hush")
    async with offices_of(house, tmp_path) as offices:
        hit = await account(await offices.get(plan()))
        assert hit.detail == "RuntimeError while opening"


async def test_a_caller_in_a_hurry_does_not_end_the_opening_for_the_others(tmp_path: Path) -> None:
    house = House()
    house.slow_s = 0.2
    async with offices_of(house, tmp_path) as offices:
        guard = await offices.get(plan())
        hasty, patient = await asyncio.gather(account(guard, 0.05), account(guard))
        assert (key_or_code(hasty), key_or_code(patient)) == ("timeout", BUSY)
        assert len(house.opened) == 1


async def test_what_was_answered_before_a_plan_broke_is_still_served_as_stale(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path, idle_s=0) as offices:
        guard = await offices.get(plan())
        await account(guard)
        await offices.sweep()
        house.fault = OSError("gone")
        hit = await account(guard)
        assert hit.key == BUSY
        assert hit.origin.stale


async def test_an_office_that_forgot_us_closes_when_those_who_have_it_are_done(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path) as offices:
        guard = await offices.get(plan())
        await account(guard)
        house.answers.clear()
        under_way = asyncio.create_task(account(guard))
        await asyncio.sleep(0.01)
        async with guard.opened() as office:
            house.forgotten = office
            (hit,) = await guard.ask("find_accounts", asking(guard), [NUMBER])
        assert key_or_code(hit) == BUSY
        assert (len(house.opened), len(house.closed)) == (2, 0)
        house.answers.set()
        assert (await under_way).key == BUSY
        await until(lambda: len(house.closed) == 1)


async def test_an_office_that_cannot_be_renewed_says_so(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path) as offices:
        guard = await offices.get(plan())
        await account(guard)
        async with guard.opened() as office:
            house.forgotten = office
        house.fault = OfficeError(Fault(code=FaultCode.UNAUTHORIZED, detail="the password has changed"))
        (hit,) = await guard.ask("find_accounts", asking(guard), [NUMBER])
        assert hit == house.fault.fault
        assert len(house.opened) == 2


async def test_closing_waits_for_an_office_that_is_being_let_go(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path) as offices:
        guard = await offices.get(plan(patience=Patience(deadline_s=0.1)))
        await account(guard)
        house.answers.clear()
        under_way = asyncio.create_task(account(guard))
        await asyncio.sleep(0.01)
        async with guard.opened() as office:
            house.forgotten = office
            await guard.ask("find_accounts", asking(guard), [NUMBER])
        await offices.close()
        assert house.open_now == 0
        assert (await under_way).origin.stale


# -- changing, resting, closing ----------------------------------------------------------------------------------


async def test_a_changed_plan_opens_anew_and_closes_the_old_when_its_calls_are_done(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path) as offices:
        old = await offices.get(plan())
        await account(old)
        house.answers.clear()
        under_way = asyncio.create_task(account(old))
        await asyncio.sleep(0.01)
        new = await offices.get(plan(configuration={"version": 2}))
        assert new is not old
        assert not house.closed
        house.answers.set()
        assert (await under_way).key == BUSY
        await until(lambda: len(house.closed) == 1)
        await account(new)
        assert [setting.configuration.version for setting in house.opened] == [1, 2]
        assert house.closed[0].configuration.version == 1


async def test_who_still_holds_the_old_plan_is_answered_and_it_closes_again(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path) as offices:
        old = await offices.get(plan())
        await offices.get(plan(configuration={"version": 2}))
        assert (await account(old)).key == BUSY
        await until(lambda: house.open_now == 0)


async def test_idle_offices_close_and_open_again_when_wanted(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path, idle_s=0) as offices:
        guard = await offices.get(plan())
        await account(guard)
        await offices.sweep()
        assert house.open_now == 0
        assert (await account(guard)).key == BUSY
        assert len(house.opened) == 2


async def test_an_office_at_work_is_not_idle(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path, idle_s=0) as offices:
        guard = await offices.get(plan())
        house.answers.clear()
        under_way = asyncio.create_task(account(guard))
        await until(lambda: house.open_now == 1)
        await offices.sweep()
        assert house.open_now == 1
        house.answers.set()
        assert (await under_way).key == BUSY


async def test_a_busy_day_keeps_offices_open(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path, idle_s=900) as offices:
        await account(await offices.get(plan()))
        await offices.sweep()
        assert house.open_now == 1


async def test_the_sweeper_works_in_the_background_until_closed(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path, idle_s=0.02) as offices:
        offices.start()
        await account(await offices.get(plan()))
        await until(lambda: house.open_now == 0)


async def test_closing_waits_for_calls_under_way_and_then_refuses(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path) as offices:
        guard = await offices.get(plan())
        await account(guard)
        house.answers.clear()
        under_way = asyncio.create_task(account(guard))
        await asyncio.sleep(0.01)
        closing = asyncio.create_task(offices.close())
        await asyncio.sleep(0.01)
        assert not house.closed
        house.answers.set()
        assert (await under_way).key == BUSY
        await closing
        assert house.open_now == 0
        assert (await account(guard)).origin.stale
        assert house.open_now == 0
        with pytest.raises(RuntimeError, match="the process is ending"):
            await offices.get(plan("osiedle"))


async def test_closing_does_not_wait_for_ever(tmp_path: Path) -> None:
    house = House()
    async with offices_of(house, tmp_path) as offices:
        guard = await offices.get(plan(patience=Patience(deadline_s=0.05)))
        house.answers.clear()
        under_way = asyncio.create_task(account(guard))
        await offices.close()
        assert isinstance(await under_way, Fault)


async def test_an_office_being_opened_while_closing_is_closed_too(tmp_path: Path) -> None:
    house = House()
    house.slow_s = 30
    async with offices_of(house, tmp_path) as offices:
        under_way = asyncio.create_task(account(await offices.get(plan())))
        await until(lambda: house.opened)
        await offices.close()
        assert key_or_code(await under_way) == "unavailable"
        assert house.open_now == 0


async def test_a_closed_door_stays_shut() -> None:
    door = OfficeDoor("a/b", lambda: pytest.fail("opened"))
    await door.close(1)
    with pytest.raises(OfficeError, match="closed"):
        await door.take()


async def test_an_office_that_cannot_close_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Stuck(TwinOffice):
        async def close(self) -> None:
            msg = "hush"
            raise RuntimeError(msg)

    offices = Offices(Registry({"twin": lambda: TwinAdapter(Stuck)}), tmp_path, lambda: datetime.now(UTC))
    assert await account(await offices.get(plan())) is None
    await offices.close()
    assert "office aguas/comercial: close raised RuntimeError" in caplog.text
    assert "hush" not in caplog.records[0].getMessage()


async def test_an_office_that_never_ends_closing_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endless(TwinOffice):
        async def close(self) -> None:
            await asyncio.sleep(60)

    monkeypatch.setattr("ventanilla.backoffice_adapters.offices.CLOSING_S", 0.05)
    offices = Offices(Registry({"twin": lambda: TwinAdapter(Endless)}), tmp_path, lambda: datetime.now(UTC))
    assert await account(await offices.get(plan())) is None
    async with asyncio.timeout(5):
        await offices.close()


async def test_an_office_that_wants_to_exit_does_not_end_the_process(tmp_path: Path) -> None:
    class Leaving(TwinOffice):
        async def accounts(self, call: Call, keys: Any) -> Any:
            raise SystemExit

    class Refusing(TwinOffice):
        async def open(self) -> None:
            raise SystemExit

    for office, code in ((Leaving, "protocol"), (Refusing, "unavailable")):
        offices = Offices(
            Registry({"twin": lambda kind=office: TwinAdapter(kind)}), tmp_path, lambda: datetime.now(UTC)
        )
        assert key_or_code(await account(await offices.get(plan()))) == code
        await offices.close()


# -- watching and upkeep -----------------------------------------------------------------------------------------


async def test_every_call_of_every_office_is_observed(tmp_path: Path) -> None:
    calls: list[OfficeCall] = []
    async with offices_of(House(), tmp_path, observe=calls.append) as offices:
        await account(await offices.get(plan()))
        await account(await offices.get(plan("osiedle")))
    assert [(call.manager, call.method, call.subjects) for call in calls] == [
        ("aguas", "accounts", 1),
        ("osiedle", "accounts", 1),
    ]


async def test_the_bare_office_can_be_filled(tmp_path: Path) -> None:
    async with offices_of(House(), tmp_path) as offices:
        guard = await offices.get(plan())
        async with guard.opened() as office:
            assert isinstance(office, TwinOffice)
            await office.fill(replace(book(Licence.RENT, "ARS"), accounts=()))
        assert await account(guard) is None
