"""Access for two thousand, over HTTP and SMTP, by workers that are killed: nobody is lost, and nobody asked twice.

The gateway answers in this process; workers are processes of their own, on the same database and the same offices.
"""

import asyncio
import random
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import col, delete, update

from tests.access import crowd, motley
from tests.gateway.live import begun
from tests.gateway.raw import Served, served
from tests.jobs.processes import workers
from tests.jobs.sending import SECRET, until
from tests.resolvers.test_access_batches import CANCEL, GENERATE, LOOK, ONE, SEND
from tests.smtp import SmtpServer
from tests.store.fresh import migrated_postgres, migrated_sqlite, store_url
from tests.world import manager
from ventanilla.auth import people
from ventanilla.backoffice_adapters.book import Book, Fillable
from ventanilla.backoffice_adapters.contract import Setting
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway.app import create_app
from ventanilla.gateway.services import utc_now
from ventanilla.gateway.settings import Settings
from ventanilla.schema.schema import build
from ventanilla.store import managers
from ventanilla.store.manager import Credential, MailChoice, MailSecurity, Manager, MassAccess, StaffRules, UserName
from ventanilla.store.store import Store
from ventanilla.store.tables import ManagerRow, PersonRow

__all__ = ["migrated_postgres", "migrated_sqlite", "store_url"]

pytestmark = pytest.mark.anyio

SCHEMA = build()
PARTIES, PICKED_OUT = 2_100, 100
LEASE_S = 3.0
ADMIN, PASSWORD = "admin@example.com", "una ventanilla abierta"
SIGN_IN = """
mutation($in: SignInInput!) { signIn(input: $in) { session { accessToken } userErrors { reason } } }"""
PAGE = "query($after: String) { staff { parties(first: 100, after: $after) { nodes { id name } } } }"
ACTIVATE = """
mutation($in: ActivateAccessInput!) { activateAccess(input: $in) { email existing userErrors { reason } } }"""
WATCH = 'subscription { accessBatch(id: "%s") { state counts { pending sent } } }'
ACCOUNTS = "{ viewer { accounts { nodes { number } } } }"


class Town:
    """A manager with an office full of people, its gateway, its workers and the mail server that takes the letters."""

    def __init__(self, folder: Path, url: str, server: SmtpServer, running: Served, store: Store) -> None:
        self.folder, self.url, self.server, self.running, self.store = folder, url, server, running, store
        self.log = folder / "log"
        address = f"http://127.0.0.1:{running.port}"
        self.client = httpx2.AsyncClient(base_url=address, headers={"host": "sur.example"}, timeout=60, trust_env=False)

    async def ask(self, query: str, token: str | None = None, **variables: Any) -> Any:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = (
            await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        ).json()
        assert "errors" not in answer, answer
        return next(iter(answer["data"].values()))

    async def sign_in(self, name: str = ADMIN, password: str = PASSWORD) -> str:
        asked = {"email": name, "password": password, "delivery": "BEARER"}
        entered = await self.ask(SIGN_IN, **{"in": asked})
        assert entered["session"], entered
        return entered["session"]["accessToken"]

    @asynccontextmanager
    async def working(self, count: int = 1) -> AsyncIterator[list[Process]]:
        async with workers(self.url, self.log, count, lease_s=LEASE_S, offices=self.folder / "offices") as found:
            yield found

    async def state(self, id: str) -> str:
        return (await self.store.rows("SELECT state FROM access_batch WHERE id = $1", [id]))[0][0]

    async def written(self) -> int:
        return (await self.store.rows("SELECT COUNT(*) FROM access_invitation"))[0][0]

    async def ready(self, token: str, audience: str = "TENANTS_ONLY", **more: Any) -> str:
        """The id of a batch that a worker has generated."""
        asked = {"audience": audience, "idempotencyKey": "one", **more}
        id = (await self.ask(GENERATE, token, **{"in": asked}))["batch"]["id"]
        await until(lambda: self._is(id, "GENERATED"))
        return id

    async def _is(self, id: str, state: str) -> bool:
        return await self.state(id) == state

    async def letters(self) -> dict[str, int]:
        """How many letters are in each state."""
        return dict(await self.store.rows("SELECT state, COUNT(*) FROM letter GROUP BY state"))

    async def has(self, count: int) -> bool:
        return len(self.server.accepted) >= count

    def text(self, recipient: str) -> str:
        """What the letter to somebody says, however it was wrapped."""
        (letter,) = (each for each in self.server.accepted if each.recipient == recipient)
        body = letter.message.get_body(("plain",))
        assert body
        return body.get_content()

    def refuse_secrets(self) -> None:
        """The log names nobody and nothing that is in a letter."""
        told = self.log.read_text("utf-8")
        for secret in ("@example.com", "Persona", "vl_", "/activate", "Traceback", "10000001"):
            assert secret not in told


def at(server: SmtpServer, **rules: Any) -> Manager:
    mail = MailChoice(host="127.0.0.1", port=server.port, security=MailSecurity.NONE, letters_per_minute=1_000_000)
    pace = MassAccess(**{"batch_size": 1_000, "interval_s": 1, **rules})
    return manager("sur", mass_access=pace, mail=mail, staff=StaffRules(second_factor=False), **ONE)


async def fill(owner: Manager, folder: Path, book: Book) -> None:
    registry, name = Registry.discover(), "agua"
    place = folder / "offices" / owner.slug / name
    place.mkdir(parents=True)
    office = registry.get("embedded").office(
        Setting(
            manager=owner.slug,
            office=name,
            licences=owner.licences_of(name),
            currency=owner.currency,
            time_zone=owner.time_zone,
            configuration=registry.configure("embedded", {}),
            folder=place,
            clock=utc_now,
        )
    )
    await office.open()
    assert isinstance(office, Fillable)
    await office.fill(book)
    await office.close()


@asynccontextmanager
async def town(folder: Path, url: str, book: Book, **rules: Any) -> AsyncGenerator[Town]:
    settings = Settings(data=folder, database_url=url, secret=SECRET, worker=False, points_per_caller=10_000_000)
    store = Store(settings.database)
    await store.open()
    try:
        await store.migrate()
        async with store.work() as work:
            await work.exec(delete(ManagerRow))
        async with SmtpServer().running() as server:
            owner = at(server, **rules)
            await managers.add(store, owner, source="test")
            await fill(owner, folder, book)
            async with store.work("sur") as work:
                person = await people.add_person(
                    work,
                    email=ADMIN,
                    password=PASSWORD,
                    given_name="Ana",
                    family_name="Paz",
                    now=utc_now(),
                    email_verified=True,
                )
                admin = update(PersonRow).where(col(PersonRow.id) == person.id)
                await work.exec(admin.values(staff_role="STAFF_ADMIN"))
            app = create_app(settings, SCHEMA)
            async with app.router.lifespan_context(app), served(app) as running:
                found = Town(folder, url, server, running, store)
                yield found
                await found.client.aclose()
    finally:
        await store.close()


async def started(town: Town, stack: AsyncExitStack) -> Process:
    """One more worker, which lives as long as the stack, or until it dies."""
    (worker,) = await stack.enter_async_context(town.working())
    return worker


async def died(worker: Process) -> None:
    worker.kill()
    await worker.wait()


async def test_two_thousand_by_workers_that_die(store_url: str, tmp_path: Path) -> None:
    """One worker on SQLite, two on PostgreSQL: two are killed, and in the middle the rest is cancelled."""
    count = 2 if store_url.startswith("postgresql") else 1
    chance = random.Random(20261122)  # noqa: S311  when somebody dies is no secret
    async with town(tmp_path, store_url, crowd(PARTIES)) as found:
        token = await found.sign_in()
        out = [each["id"] for each in (await found.ask(PAGE, token))["parties"]["nodes"]]
        async with found.working(count):
            id = await found.ready(token, filterMode="EXCEPT", partyIds=out)
        assert (await found.ask(SEND, token, id=id))["batch"]["counts"] == {"pending": 2_000, "total": 2_000}

        async with AsyncExitStack() as stack:
            alive = [await started(found, stack) for _ in range(count)]
            for _ in range(2):
                target = len(found.server.accepted) + chance.randint(60, 120)
                await until(lambda: found.has(target))  # noqa: B023  awaited before the next round
                await died(alive.pop(0))
                alive.append(await started(found, stack))
            target = len(found.server.accepted) + 80
            await until(lambda: found.has(target))
            cancelled = await found.ask(CANCEL, token, id=id)
            by_then = len(found.server.accepted)
            await until(lambda: _is_over(found))
            await asyncio.sleep(0.5)

        letters = found.server.accepted
        assert len(letters) - by_then <= cancelled["inFlightCount"] <= 20 * count * 3
        states = await found.letters()
        assert set(states) == {"SENT", "CANCELLED"}
        recalled = states["CANCELLED"] - cancelled["cancelledCount"]
        assert 0 <= recalled <= cancelled["inFlightCount"]
        assert cancelled["cancelledCount"] > 500
        assert sum(states.values()) == 2_000
        await _refuse_losses(found, deaths=2)
        found.refuse_secrets()
        assert (await found.ask(LOOK, token, id=id))["accessBatch"]["state"] == "CANCELLED"


async def _is_over(town: Town) -> bool:
    return not {"PENDING", "SENDING"} & set(await town.letters())


async def _refuse_losses(town: Town, deaths: int) -> None:
    """Who has a letter that was SENT has it, who was cancelled has none; who has it twice can tell.

    Of each worker that died one letter may have left that nobody knows of: it comes twice, or was recalled by then.
    """
    rows = await town.store.rows("SELECT recipient, state FROM letter")
    pairs = {(each.recipient, str(each.message["Message-ID"])) for each in town.server.accepted}
    reached = {recipient for recipient, _ in pairs}
    assert len(reached) == len(pairs)
    sent = {recipient for recipient, state in rows if state == "SENT"}
    assert sent <= reached
    assert len(town.server.accepted) - len(pairs) + len(reached - sent) <= deaths


async def test_a_worker_that_dies_while_it_generates_is_followed_by_another(store_url: str, tmp_path: Path) -> None:
    async with town(tmp_path, store_url, crowd(PARTIES)) as found:
        token = await found.sign_in()
        asked = {"audience": "TENANTS_ONLY", "idempotencyKey": "one"}
        answers = await asyncio.gather(*(found.ask(GENERATE, token, **{"in": asked}) for _ in range(5)))
        (id,) = {each["batch"]["id"] for each in answers}
        for _ in range(2):
            before = await found.written()
            async with found.working() as (worker,):
                await until(lambda: _more(found, before))  # noqa: B023  awaited before the next round
                await died(worker)
            assert before < await found.written() < PARTIES
            assert await found.state(id) == "GENERATING"
        async with found.working():
            await until(lambda: found._is(id, "GENERATED"))
        keys = [row[0] for row in await found.store.rows("SELECT party_key FROM access_invitation")]
        assert len(keys) == len(set(keys)) == PARTIES
        assert (await found.store.rows("SELECT COUNT(*) FROM access_batch"))[0][0] == 1
        found.refuse_secrets()


async def _more(town: Town, before: int) -> bool:
    return await town.written() > before


async def test_who_follows_their_letter_is_in(store_url: str, tmp_path: Path) -> None:
    async with town(tmp_path, store_url, motley()) as found:
        token = await found.sign_in()
        async with found.working():
            id = await found.ready(token, "TENANTS_AND_OWNERS")
            async with begun(found.running, "sur.example", authorization=f"Bearer {token}") as socket:
                await socket.ask("watch", WATCH % id)
                assert (await _heard(socket))["state"] == "GENERATED"
                await found.ask(SEND, token, id=id)
                while (news := await _heard(socket))["state"] != "SENT":
                    assert news["state"] == "SENDING"
                assert news["counts"] == {"pending": 0, "sent": 2}
        link = "".join(found.text("p1@example.com").split()).partition("/activate#")[2][:67]
        asked = {"token": link, "password": PASSWORD}
        both = await asyncio.gather(*(found.ask(ACTIVATE, **{"in": asked}) for _ in range(2)))
        assert sorted(each["email"] or "" for each in both) == ["", "p1@example.com"]
        viewer = await found.ask(ACCOUNTS, await found.sign_in("p1@example.com"))
        assert {each["number"] for each in viewer["accounts"]["nodes"]} == {"00-1", "00-4"}
        assert (await found.ask(LOOK, token, id=id))["accessBatch"]["counts"]["accepted"] == 1


async def _heard(socket: Any) -> Any:
    message = await socket.hear()
    assert message["type"] == "next", message
    return message["payload"]["data"]["accessBatch"]


async def test_a_password_that_was_mailed_lets_in_to_be_changed(store_url: str, tmp_path: Path) -> None:
    rules = {"credential": Credential.MAILED_PASSWORD, "user_name": UserName.DOCUMENT}
    async with town(tmp_path, store_url, crowd(2), **rules) as found:
        token = await found.sign_in()
        async with found.working():
            id = await found.ready(token)
            await found.ask(SEND, token, id=id)
            await until(lambda: found.has(2))
            await until(lambda: _is_over(found))
        text = found.text("p1@example.com")
        password = text.partition("Contraseña: ")[2].split()[0]
        assert "Usuario: 10000001" in text
        first = await found.sign_in("10.000.001", password)
        denied = await found.client.post(
            "/graphql", json={"query": ACCOUNTS}, headers={"authorization": f"Bearer {first}"}
        )
        assert (await found.ask("{ viewer { passwordChangeDue } }", first))["passwordChangeDue"] is True
        assert denied.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        change = "mutation($in: ChangePasswordInput!) { changePassword(input: $in) { userErrors { reason } } }"
        asked = {"currentPassword": password, "newPassword": PASSWORD}
        assert (await found.ask(change, first, **{"in": asked}))["userErrors"] == []
        again = await found.ask(SIGN_IN, **{"in": {"email": "10000001", "password": password, "delivery": "BEARER"}})
        assert again["userErrors"] == [{"reason": "INVALID_CREDENTIALS"}]
        viewer = await found.ask(ACCOUNTS, await found.sign_in("10000001"))
        assert viewer["accounts"]["nodes"] == [{"number": "00-1"}]
        found.refuse_secrets()
        assert password not in found.log.read_text("utf-8")
