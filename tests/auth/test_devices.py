"""Browsers that people sign in with: what they are called, when they are told of, how many are remembered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import col, select, update

from tests.store.fresh import manager_named
from ventanilla.auth import devices, people
from ventanilla.auth.caller import Caller
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUR = msgspec.structs.replace(manager_named("sur"), languages=("pl", "es", "en"))
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%s Safari/537.36"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:%s) Gecko/%s Firefox/%s"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS %s like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
    " Mobile/15E148 Safari/604.1"
)
EDGE = CHROME % "130.0.0.0" + " Edg/130.0.0.0"
OPERA = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 OPR/115.0"
SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0"
    " Chrome/122.0.0.0 Mobile Safari/537.36"
)
IPAD = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0 Safari/604.1"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18 Safari/605.1"


@pytest.mark.parametrize(("user_agent", "words"), [
    (CHROME % "130.0.0.0", "Chrome on Windows"),
    (FIREFOX % (("132.0",) * 3), "Firefox on Android"),
    (SAFARI % "18_1", "Safari on iOS"),
    (EDGE, "Edge on Windows"),
    (OPERA, "Opera on Linux"),
    (SAMSUNG, "Samsung Internet on Android"),
    (IPAD, "Chrome on iPadOS"),
    (MAC, "Safari on macOS"),
    ("curl/8.9.1", "curl"),
    ("python-httpx2/2.16", None),
    ("", None),
    (None, None),
])  # fmt: skip
def test_a_browser_in_a_few_words(user_agent: str | None, words: str | None) -> None:
    assert devices.described(user_agent, "en") == words


@pytest.mark.parametrize(("language", "words"), [
    ("es-AR", "Safari en macOS"),
    ("pl", "Safari w systemie macOS"),
    ("uk", "Safari on macOS"),
])  # fmt: skip
def test_in_the_language_of_who_reads_it(language: str, words: str) -> None:
    assert devices.described(MAC, language) == words


@pytest.mark.parametrize(("first", "second", "same"), [
    (CHROME % "130.0.0.0", CHROME % "131.0.6778.85", True),
    (FIREFOX % (("132.0",) * 3), FIREFOX % (("133.0.1",) * 3), True),
    (SAFARI % "18_1", SAFARI % "18_1_1", True),
    (CHROME % "130.0.0.0", EDGE, False),
    (FIREFOX % (("132.0",) * 3), SAFARI % "18_1", False),
    (None, "", True),
])  # fmt: skip
def test_the_next_version_is_the_same_browser(first: str | None, second: str | None, same: bool) -> None:
    assert (devices.digest_of(first) == devices.digest_of(second)) is same


async def person(store: Store, **values: Any) -> str:
    async with store.work("sur") as work:
        added = await people.add_person(
            work, email="ana@example.com", password=None, given_name="Ana", family_name="Ruiz", now=NOW
        )
        await work.exec(update(PersonRow).values(**{"phone": None, **values}))
    return added.id


async def noted(store: Store, agent: str | None, *, now: datetime = NOW, manager: Manager = SUR) -> bool:
    caller = Caller(address="192.0.2.1", host="sur.example:8001", secure=False, user_agent=agent)
    async with store.work("sur") as work:
        ana = (await work.exec(select(PersonRow).where(col(PersonRow.email) == "ana@example.com"))).one()
        return await devices.noted(work, manager, ana, caller, now)


@pytest.mark.anyio
async def test_another_browser_is_told_of_once_and_the_first_of_all_never(store: Store) -> None:
    person_id = await person(store)
    assert not await noted(store, CHROME % "130")
    assert not await noted(store, CHROME % "131")
    assert await noted(store, MAC)
    assert not await noted(store, MAC)
    (letter,) = await store.rows("SELECT kind, recipient, name, language, host, secure, person_id, state FROM letter")
    assert list(letter) == [
        "NEW_DEVICE", "ana@example.com", "Ana Ruiz", "pl", "sur.example:8001", False, person_id, "PENDING"
    ]  # fmt: skip


@pytest.mark.anyio
@pytest.mark.parametrize(("agent", "language", "device", "when"), [
    (MAC, None, "Safari w systemie macOS", "1 marca 2026, 13:00"),
    (MAC, "es", "Safari en macOS", "1 de marzo de 2026, 13:00"),
    (MAC, "en", "Safari on macOS", "March 1, 2026, 1:00 PM"),
    ("script/1", None, "nieznana przeglądarka", "1 marca 2026, 13:00"),
    (None, "es", "un navegador desconocido", "1 de marzo de 2026, 13:00"),
    (MAC, "uk", "Safari w systemie macOS", "1 marca 2026, 13:00"),
])  # fmt: skip
async def test_what_the_letter_tells(
    store: Store, agent: str | None, language: str | None, device: str, when: str
) -> None:
    await person(store, language=language)
    await noted(store, CHROME % "130")
    assert await noted(store, agent)
    ((told,),) = await store.rows("SELECT told FROM letter")
    found = msgspec.json.decode(told)
    assert found == {"device": device, "place": "192.0.2.1", "when": found["when"]}
    assert " ".join(found["when"].split()) == when


@pytest.mark.anyio
async def test_twenty_are_remembered_and_the_one_longest_away_is_forgotten(store: Store) -> None:
    await person(store)
    names = [f"Browser {chr(65 + number)}" for number in range(devices.MOST)]
    for minute, name in enumerate(names):
        await noted(store, name, now=NOW + timedelta(minutes=minute))
    later = NOW + timedelta(hours=1)
    assert not await noted(store, names[0], now=later)
    assert await noted(store, "One too many", now=later)
    assert len(await store.rows("SELECT digest FROM known_device")) == devices.MOST
    assert not await noted(store, names[0], now=later)
    assert not await noted(store, names[2], now=later)
    assert await noted(store, names[1], now=later)
