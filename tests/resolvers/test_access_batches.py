"""Access for many: whom it would be for, what is refused, what becomes of each, and what of it leaves."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, update

from tests.access import crowd, motley
from tests.world import NOW, World, manager, open_world
from ventanilla.auth import access_batches
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.backoffice_adapters.contract import Fault, FaultCode, OfficeError
from ventanilla.backoffice_adapters.records import Licence
from ventanilla.jobs.access_generation import Generating
from ventanilla.resolvers.access_batches import changes
from ventanilla.resolvers.problems import Problem
from ventanilla.store.manager import Credential, MassAccess, OfficeChoice, UserName
from ventanilla.store.tables import LetterRow, PersonRow

pytestmark = pytest.mark.anyio

COUNTS = "counts { total pending sending sent failed cancelled skipped accepted }"
GENERATE = f"""
mutation($in: GenerateAccessInvitationsInput!) {{
  generateAccessInvitations(input: $in) {{
    batch {{ id state audience filterMode credentialMode batchSize intervalSeconds problem createdBy {COUNTS} }}
    userErrors {{ reason code path retryable params {{ key value }} }}
  }}
}}"""
SEND = """
mutation($id: ID!) {
  sendAccessInvitations(input: {batchId: $id}) {
    batch { state nextRunAt counts { pending total } } userErrors { reason path }
  }
}"""
CANCEL = """
mutation($id: ID!) {
  cancelPendingInvitations(input: {batchId: $id}) {
    cancelledCount inFlightCount batch { state counts { pending cancelled } } userErrors { reason }
  }
}"""
RETRY = """
mutation($id: ID!) {
  retryFailedInvitations(input: {batchId: $id}) { retriedCount userErrors { reason } }
}"""
LOOK = """
query($id: ID!, $states: [InvitationState!]) {
  staff { accessBatch(id: $id) {
    state problem counts { total pending sending sent failed cancelled skipped accepted }
    invitations(first: 50, states: $states) {
      totalCount nodes { name email userName state problem failure tries dueAt acceptedAt }
    }
  } }
}"""
PREVIEW = """
query($audience: AccessAudience!, $mode: FilterMode!, $ids: [ID!]) {
  staff { accessAudiencePreview(audience: $audience, filterMode: $mode, partyIds: $ids) {
    total withoutEmail alreadyInvited withAccess sample { name email problem }
  } }
}"""
PARTIES = """
query($search: String, $roles: [PartyRole!], $first: Int, $after: String) {
  staff { parties(search: $search, roles: $roles, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id name documentNumber standings { role accountNumber communityName } }
  } }
}"""
ONE = {
    "licences": {Licence.UTILITY: "agua", Licence.COMMUNITY: "agua"},
    "offices": {"agua": OfficeChoice(adapter="embedded")},
}


class Room:
    """A world with somebody who administers access, and a worker that does as it is told."""

    def __init__(self, world: World, admin: Actor) -> None:
        self.world, self.admin = world, admin
        services = world.services
        self.errand = Generating(
            store=services.store, registry=services.registry, offices=services.offices, clock=services.clock
        )

    async def ask(self, query: str, **variables: Any) -> Any:
        outcome = await self.world.ask("sur", query, self.admin, **variables)
        assert not outcome.errors, outcome.errors
        assert outcome.data
        return next(iter(outcome.data.values()))

    async def generate(self, audience: str = "TENANTS_AND_OWNERS", key: str = "one", **more: Any) -> Any:
        return await self.ask(GENERATE, **{"in": {"audience": audience, "idempotencyKey": key, **more}})

    async def work(self) -> None:
        await self.errand.serve(self.world.managers["sur"], lambda: False)

    async def ready(self, audience: str = "TENANTS_AND_OWNERS", key: str = "one", **more: Any) -> str:
        """The id of a batch that is generated."""
        batch = (await self.generate(audience, key, **more))["batch"]
        await self.work()
        return batch["id"]

    async def look(self, id: str, states: list[str] | None = None) -> Any:
        return (await self.ask(LOOK, id=id, states=states))["accessBatch"]

    async def party(self, name: str) -> str:
        return (await self.ask(PARTIES, search=name))["parties"]["nodes"][0]["id"]


def refused(answer: Any) -> list[str]:
    return [each["reason"] for each in answer["userErrors"]]


@pytest.fixture
async def room(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Room]:
    """With the motley book, or what the test says of the manager's rules."""
    rules: dict[str, Any] = {**getattr(request, "param", {})}
    book = crowd(rules.pop("crowd")) if "crowd" in rules else motley()
    chosen = manager("sur", mass_access=MassAccess(**{"batch_size": 2, "interval_s": 60, **rules}), **ONE)
    async with open_world(tmp_path, chosen, books={("sur", "agua"): book}) as world:
        yield Room(world, await world.staff("sur", "admin@example.com", StaffRole.STAFF_ADMIN))


async def test_a_batch_is_generated_and_says_who_is_sent_nothing_and_why(room: Room) -> None:
    asked = (await room.generate())["batch"]
    assert (asked["state"], asked["counts"]["total"], asked["createdBy"]) == ("GENERATING", 0, "Ana Paz")
    assert (asked["batchSize"], asked["intervalSeconds"], asked["credentialMode"]) == (2, 60, "ACTIVATION_LINK")
    await room.work()

    batch = await room.look(asked["id"])
    assert (batch["state"], batch["counts"]["pending"], batch["counts"]["skipped"]) == ("GENERATED", 2, 3)
    told = {each["name"]: (each["state"], each["problem"]) for each in batch["invitations"]["nodes"]}
    assert told == {
        "Persona 0001": ("PENDING", None),
        "Persona 0002": ("SKIPPED", "NO_EMAIL"),
        "Persona 0003": ("SKIPPED", "EMAIL_INVALID"),
        "Persona 0004": ("PENDING", None),
        "Persona 0005": ("SKIPPED", "SHARED_EMAIL"),
    }
    assert batch["invitations"]["totalCount"] == 5
    skipped = (await room.look(asked["id"], ["SKIPPED"]))["invitations"]
    assert (skipped["totalCount"], len(skipped["nodes"])) == (3, 3)


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        ("TENANTS_ONLY", {"Persona 0001", "Persona 0002", "Persona 0003"}),
        ("OWNERS_ONLY", {"Persona 0001", "Persona 0004", "Persona 0005"}),
        ("SUPPLIERS", {"Plomería Sur"}),
        ("BOARD_MEMBERS", {"Vocal"}),
    ],
)
async def test_an_audience_is_who_is_that_today(room: Room, audience: str, names: set[str]) -> None:
    batch = await room.look(await room.ready(audience))
    assert {each["name"] for each in batch["invitations"]["nodes"]} == names


@pytest.mark.parametrize("room", [{"user_name": UserName.DOCUMENT, "crowd": 3}], indirect=True)
async def test_documents_are_user_names_in_capitals_and_digits(room: Room) -> None:
    batch = await room.look(await room.ready())
    assert [each["userName"] for each in batch["invitations"]["nodes"]] == ["10000001", "10000002", "10000003"]


async def test_people_are_picked_in_and_out(room: Room) -> None:
    one, four, supplier = [await room.party(name) for name in ("Persona 0001", "0004", "Plomería")]
    only = await room.look(await room.ready(filterMode="ONLY", partyIds=[four]))
    assert [each["name"] for each in only["invitations"]["nodes"]] == ["Persona 0004"]
    rest = await room.look(await room.ready(key="two", filterMode="EXCEPT", partyIds=[one, four]))
    assert [each["name"] for each in rest["invitations"]["nodes"]] == [f"Persona 000{n}" for n in (2, 3, 5)]

    assert refused(await room.generate(key="three", filterMode="ONLY")) == ["SELECTION_EMPTY"]
    stranger = await room.generate(key="three", filterMode="ONLY", partyIds=[one, supplier, "nonsense"])
    assert refused(stranger) == ["PERSON_NOT_IN_AUDIENCE"]
    assert stranger["userErrors"][0]["params"] == [{"key": "count", "value": "2"}]
    nobody = await room.generate("SUPPLIERS", "three", filterMode="EXCEPT", partyIds=[supplier])
    assert refused(nobody) == ["AUDIENCE_EMPTY"]


async def test_the_same_key_replays_and_another_body_is_a_conflict(room: Room) -> None:
    answers = await asyncio.gather(*(room.generate() for _ in range(5)))
    assert len({each["batch"]["id"] for each in answers}) == 1
    assert refused(await room.generate("SUPPLIERS")) == ["IDEMPOTENCY_CONFLICT"]
    again = await room.generate(key="other")
    assert refused(again) == ["ALREADY_RUNNING"]
    assert again["userErrors"][0]["retryable"] is True
    await room.work()
    assert (await room.generate())["batch"]["state"] == "GENERATED"


async def test_a_batch_leaves_lot_by_lot_and_is_sent_once(room: Room) -> None:
    rows = room.world.services.store.rows
    id = await room.ready()
    sent = await room.ask(SEND, id=id)
    assert sent["batch"] == {
        "state": "SENDING",
        "nextRunAt": "2026-11-15T12:00:00+00:00",
        "counts": {"pending": 2, "total": 5},
    }
    assert refused(await room.ask(SEND, id=id)) == ["ALREADY_SENT"]
    assert refused(await room.generate(key="other")) == ["ALREADY_RUNNING"]
    letters = await rows("SELECT kind, recipient, due_at, told, batch_id FROM letter ORDER BY recipient")
    assert [(row[0], row[1], row[3], row[4]) for row in letters] == [
        ("ACCESS_LINK", "p1@example.com", '{"days":"14"}', id),
        ("ACCESS_LINK", "p4@example.com", '{"days":"14"}', id),
    ]


@pytest.mark.parametrize("room", [{"crowd": 5, "valid_hours": 5}], indirect=True)
async def test_what_a_letter_proves_is_good_from_when_it_is_due(room: Room) -> None:
    await room.ask(SEND, id=await room.ready())
    found = await room.world.services.store.rows(
        "SELECT letter.due_at, challenge.expires_at FROM letter JOIN challenge ON challenge.id = letter.challenge_id"
        " ORDER BY letter.due_at, letter.recipient"
    )
    assert [(due[11:16], until[11:16]) for due, until in found] == [
        *[("12:00", "17:00")] * 2,
        *[("12:01", "17:01")] * 2,
        ("12:02", "17:02"),
    ]


async def test_what_waits_is_cancelled_and_one_may_start_again(room: Room) -> None:
    first = (await room.generate())["batch"]["id"]
    early = await room.ask(CANCEL, id=first)
    assert (early["cancelledCount"], early["inFlightCount"], early["batch"]["state"]) == (0, 0, "CANCELLED")
    await room.work()
    assert (await room.look(first))["state"] == "CANCELLED"

    ready = await room.ready(key="two")
    whole = await room.ask(CANCEL, id=ready)
    assert (whole["cancelledCount"], whole["batch"]["counts"]) == (2, {"pending": 0, "cancelled": 2})
    assert refused(await room.ask(SEND, id=ready)) == ["CANCELLED"]
    assert refused(await room.ask(CANCEL, id=ready)) == ["NOTHING_PENDING"]

    going = await room.ready(key="three")
    await room.ask(SEND, id=going)
    left = await room.ask(CANCEL, id=going)
    assert (left["cancelledCount"], left["inFlightCount"]) == (2, 0)
    assert left["batch"] == {"state": "CANCELLED", "counts": {"pending": 0, "cancelled": 2}}
    assert refused(await room.ask(RETRY, id=going)) == ["CANCELLED"]
    assert [row[0] for row in await room.world.services.store.rows("SELECT state FROM letter")] == ["CANCELLED"] * 2
    assert (await room.look(await room.ready(key="four")))["state"] == "GENERATED"


async def test_a_preview_says_what_a_batch_would(room: Room) -> None:
    variables = {"audience": "TENANTS_AND_OWNERS", "mode": "NONE"}
    preview = (await room.ask(PREVIEW, **variables))["accessAudiencePreview"]
    assert {name: preview[name] for name in ("total", "withoutEmail", "alreadyInvited", "withAccess")} == {
        "total": 5,
        "withoutEmail": 1,
        "alreadyInvited": 0,
        "withAccess": 0,
    }
    assert preview["sample"][1] == {"name": "Persona 0002", "email": None, "problem": "NO_EMAIL"}
    await room.world.person("sur", "p4@example.com", [("agua", "A4")])
    await room.ask(SEND, id=await room.ready())
    preview = (await room.ask(PREVIEW, **variables))["accessAudiencePreview"]
    assert (preview["alreadyInvited"], preview["withAccess"]) == (
        2,
        1,
    )  # who shares an address with somebody who is here is asked all the same


async def test_parties_are_found_by_name_and_document(room: Room) -> None:
    def names(answer: Any) -> list[str]:
        return [each["name"] for each in answer["parties"]["nodes"]]

    first = (await room.ask(PARTIES, first=3))["parties"]
    assert first["totalCount"] == 8
    rest = await room.ask(PARTIES, first=10, after=first["pageInfo"]["endCursor"])
    assert names({"parties": first}) + names(rest) == [
        *(f"Persona 000{number}" for number in range(1, 6)),
        "Plomería Sur",
        "Vocal",
        "Vocal anterior",
    ]
    assert names(await room.ask(PARTIES, search="10000004")) == ["Persona 0004"]
    assert names(await room.ask(PARTIES, roles=["SUPPLIER"])) == ["Plomería Sur"]


async def test_who_does_not_administer_access_gives_none(room: Room) -> None:
    clerk = await room.world.staff("sur", "clerk@example.com")
    id = await room.ready()
    for query, variables in (
        (GENERATE, {"in": {"audience": "SUPPLIERS", "idempotencyKey": "x"}}),
        (SEND, {"id": id}),
        (CANCEL, {"id": id}),
        (RETRY, {"id": id}),
    ):
        outcome = await room.world.ask("sur", query, clerk, **variables)
        assert [(error.extensions or {})["code"] for error in outcome.errors or ()] == ["FORBIDDEN"]
    seen = await room.world.ask("sur", LOOK, clerk, id=id)
    assert seen.data
    assert seen.data["staff"]["accessBatch"]["state"] == "GENERATED"


@pytest.mark.parametrize("id", ["nonsense", "0" * 32])
async def test_a_batch_that_is_none_is_not_found(room: Room, id: str) -> None:
    assert await room.look(id) is None
    assert [refused(await room.ask(query, id=id)) for query in (SEND, CANCEL, RETRY)] == [["NOT_FOUND"]] * 3


async def test_of_a_batch_that_is_none_there_is_one_event(room: Room) -> None:
    context = room.world.context("sur", room.admin)
    assert [event async for event in changes(context, id="0" * 32)] == [None]
    await room.world.person("sur", "p9@example.com", [])
    customer = await room.world.actor("sur", "p9@example.com")
    with pytest.raises(Problem, match="work for the manager"):
        changes(room.world.context("sur", customer), id="0" * 32)


@pytest.mark.parametrize("room", [{"credential": Credential.MAILED_PASSWORD}], indirect=True)
async def test_who_is_here_already_is_sent_a_link_instead_of_a_password(room: Room) -> None:
    await room.world.person("sur", "p4@example.com", [])
    await room.ask(SEND, id=await room.ready())
    kinds = await room.world.services.store.rows("SELECT kind FROM letter ORDER BY recipient")
    assert [kind for (kind,) in kinds] == ["ACCESS_PASSWORD", "ACCESS_LINK"]


async def finish(room: Room, **values: Any) -> None:
    """Let all letters end, as a worker would."""
    async with room.world.services.store.work("sur") as work:
        await work.exec(update(LetterRow).values(**values))


async def test_what_failed_says_why_and_leaves_once_more(room: Room) -> None:
    id = await room.ready()
    await room.ask(SEND, id=id)
    assert refused(await room.ask(RETRY, id=id)) == ["NOTHING_FAILED"]
    await finish(room, state="FAILED", failure="NO_SUCH_MAILBOX", failure_code="550 5.1.1", tries=1)
    batch = await room.look(id, ["FAILED"])
    assert (batch["state"], batch["counts"]["failed"]) == ("SENT", 2)
    assert {each["failure"] for each in batch["invitations"]["nodes"]} == {
        "No existe esa casilla: la dirección es incorrecta o ya no se usa."
    }
    again = await room.ask(RETRY, id=id)
    assert (again["retriedCount"], again["userErrors"]) == (2, [])
    assert (await room.look(id))["counts"]["pending"] == 2


async def test_who_reaches_all_of_it_or_was_shut_out_is_sent_nothing(room: Room) -> None:
    await room.world.person("sur", "p4@example.com", [("agua", "A4")])
    await room.world.person("sur", "p1@example.com", [("agua", "A1")])
    async with room.world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).where(col(PersonRow.email) == "p1@example.com").values(disabled_at=NOW))
    batch = await room.look(await room.ready())
    told = {each["name"]: each["problem"] for each in batch["invitations"]["nodes"]}
    assert (told["Persona 0001"], told["Persona 0004"], told["Persona 0005"]) == ("SHUT_OUT", "HAS_ACCESS", None)


@pytest.mark.parametrize("room", [{"user_name": UserName.DOCUMENT}], indirect=True)
async def test_a_document_that_somebody_has_is_nobody_elses(room: Room) -> None:
    await room.world.person("sur", "other@example.com", [])
    async with room.world.services.store.work("sur") as work:
        other = update(PersonRow).where(col(PersonRow.email) == "other@example.com")
        await work.exec(other.values(user_name="10000001"))
    batch = await room.look(await room.ready())
    told = {each["name"]: each["problem"] for each in batch["invitations"]["nodes"]}
    assert (told["Persona 0001"], told["Persona 0004"]) == ("DUPLICATE_DOCUMENT", None)


async def test_an_office_that_does_not_answer_fails_the_batch_and_it_can_be_asked_for_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = (await room.generate())["batch"]["id"]

    async def down(*_: Any, **__: Any) -> Any:
        raise OfficeError(Fault(code=FaultCode.UNAVAILABLE, detail="hunter2"))

    with monkeypatch.context() as patch:
        patch.setattr("ventanilla.jobs.access_generation.read", down)
        await room.work()
    batch = await room.look(id)
    assert (batch["state"], batch["counts"]["total"]) == ("FAILED", 0)
    assert batch["problem"] == "El sistema de gestión no respondió. Vuelva a pedirlo."
    assert (await room.look(await room.ready(key="two")))["state"] == "GENERATED"


async def test_batches_are_listed_and_forgotten_in_the_end(room: Room) -> None:
    ids = [await room.ready(key=str(number)) for number in range(3)]
    query = "{ staff { accessBatches(first: 2) { totalCount nodes { id } pageInfo { hasNextPage } } } }"
    found = (await room.ask(query))["accessBatches"]
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (3, True)
    assert {each["id"] for each in found["nodes"]} < set(ids)
    await room.ask(SEND, id=ids[0])
    store = room.world.services.store
    assert await access_batches.sweepable(store, NOW + access_batches.KEPT - timedelta(seconds=1)) == []
    assert await access_batches.sweepable(store, NOW + access_batches.KEPT) == ["sur"]
    async with store.work("sur") as work:
        assert await access_batches.sweep(work, NOW + access_batches.KEPT) == 3
    for table in ("access_batch", "access_invitation", "letter"):
        assert (await store.rows(f"SELECT COUNT(*) FROM {table}"))[0][0] == 0


@pytest.mark.parametrize("room", [{"crowd": 5_000, "batch_size": 1_000, "interval_s": 1}], indirect=True)
async def test_five_thousand_are_let_leave_in_one_transaction(room: Room) -> None:
    id = await room.ready()
    assert (await room.ask(SEND, id=id))["batch"]["counts"] == {"pending": 5_000, "total": 5_000}
    due = await room.world.services.store.rows("SELECT due_at, COUNT(*) FROM letter GROUP BY due_at ORDER BY due_at")
    assert [count for _, count in due] == [1_000] * 5
