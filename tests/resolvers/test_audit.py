"""What happened to a person, for themselves to read: one event for each cause, and nothing that proves anything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.resolvers import letters
from tests.resolvers.test_passkeys import Portal
from tests.resolvers.test_profile import asked, change
from tests.resolvers.test_reach import id_of
from tests.world import NOW, PASSWORD, World, manager
from ventanilla.auth import audit
from ventanilla.auth.actor import GUEST, Actor
from ventanilla.auth.audit import AuditKind, note
from ventanilla.auth.identify import identify
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind
from ventanilla.store.manager import Presentation, Terms
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

ANA, NEW = "ana@example.org", "ana@new.example"
AGENT = "Mozilla/5.0 (Android 15; Mobile) Firefox/140.0"
LIST = """
query ($first: Int, $after: String, $order: AuditOrder!) {
  viewer {
    audit(first: $first, after: $after, order: $order) {
      totalCount nodes { kind actor byViewer details { key value } } pageInfo { hasNextPage endCursor }
    }
  }
}
"""


async def told(world: World, actor: Actor, **arguments: Any) -> Any:
    outcome = await world.ask("sur", LIST, actor, **{"order": "AT_ASC", **arguments})
    assert outcome.errors == []
    assert outcome.data is not None
    return outcome.data["viewer"]["audit"]


async def events(world: World, actor: Actor) -> list[tuple[str, dict[str, str]]]:
    """Kind and details of all that happened, oldest first."""
    nodes = (await told(world, actor))["nodes"]
    return [(node["kind"], {each["key"]: each["value"] for each in node["details"]}) for node in nodes]


class Browser:
    """Somebody at ``sur`` with a telephone."""

    def __init__(self, world: World, actor: Actor = GUEST) -> None:
        self.world, self.actor = world, actor

    def context(self) -> Context:
        context = self.world.context("sur", self.actor)
        context.user_agent = AGENT
        return context

    async def do(self, mutation: str, **given: Any) -> Any:
        """What a mutation answers that is named with its input's type and the fields wanted of its payload."""
        name, kind, fields = mutation.split(" ", 2)
        document = "mutation ($in: %s!) { %s(input: $in) { %s userErrors { reason } } }" % (kind, name, fields)
        outcome = await self.world.run(self.context(), document, **{"in": given})
        assert outcome.errors == []
        assert outcome.data is not None
        assert outcome.data[name].get("userErrors", []) == []
        return outcome.data[name]

    async def enter(self, password: str, email: str = ANA) -> None:
        given = {"email": email, "password": password, "delivery": "BEARER"}
        entered = await self.do("signIn SignInInput session { accessToken }", **given)
        found = await identify(self.world.services.store, "sur.example", entered["session"]["accessToken"], NOW)
        assert found is not None
        self.actor = found.actor


HERE = {"address": "192.0.2.1", "browser": "Firefox", "system": "Android"}


async def test_each_cause_is_one_event(world: World) -> None:
    await world.person("sur", ANA, [("agua", "1")], PASSWORD)
    browser = Browser(world)
    await browser.enter(PASSWORD)
    other = await world.actor("sur", ANA)
    await browser.do("endSession EndSessionInput endedSessions", id=other.session_id)
    await browser.do("updateProfile UpdateProfileInput profile { phone }", givenName="Anabel", language="en")
    await browser.do("updateProfile UpdateProfileInput profile { phone }", givenName="Anabel")
    await browser.do("updateContact UpdateContactInput state", phone="343 555 0142")
    await browser.do("updateContact UpdateContactInput state", email=NEW)
    await browser.do("confirmNewEmail ConfirmNewEmailInput email", token=await letters.token(world, "sur", NEW))
    changed = "otra contraseña bien larga"
    browser.actor = msgspec.structs.replace(browser.actor, email=NEW)
    passwords = {"currentPassword": PASSWORD, "newPassword": changed}
    await browser.do("changePassword ChangePasswordInput endedSessions", **passwords)
    await browser.do("requestPasswordReset RequestPasswordResetInput expiresAt", email=NEW)
    reset = {
        "token": await letters.token(world, "sur", NEW, "RESET_PASSWORD"),
        "newPassword": "una tercera, más larga aún",
    }
    await browser.do("resetPassword ResetPasswordInput endedSessions", **reset)
    await browser.enter("una tercera, más larga aún", NEW)
    outcome = await world.run(browser.context(), "mutation { signOut { endedSessions } }")
    assert outcome.data == {"signOut": {"endedSessions": 1}}

    ana = await world.actor("sur", NEW)
    masked = {"from": "a•••@example.org", "to": "a•••@new.example"}
    assert await events(world, ana) == [
        ("SIGNED_IN", {"way": "PASSWORD", **HERE}),
        ("SESSION_ENDED", HERE),
        ("PROFILE_CHANGED", {"fields": "given_name language", **HERE}),
        ("PROFILE_CHANGED", {"fields": "phone", **HERE}),
        ("EMAIL_CHANGED", {**masked, **HERE}),
        ("PASSWORD_CHANGED", HERE),
        ("PASSWORD_RESET", HERE),
        ("SIGNED_IN", {"way": "PASSWORD", **HERE}),
        ("SIGNED_OUT", {"sessions": "1", **HERE}),
    ]
    assert {node["actor"] for node in (await told(world, ana))["nodes"]} == {"Anabel Paz"}
    held = "\n".join(str(row) for row in await world.services.store.rows("SELECT * FROM audit_event"))
    secrets = (PASSWORD, changed, reset["token"], reset["newPassword"], NEW, ANA)
    assert [secret for secret in secrets if secret in held] == []


async def test_an_account_that_was_given_up_is_told_by_its_number(world: World) -> None:
    await world.person("sur", ANA, [("agua", "1")])
    ana = await world.actor("sur", ANA)
    await Browser(world, ana).do(
        "unlinkAccount UnlinkAccountInput stillEnrolled", accountId=id_of(world, "sur", Kind.ACCOUNT, "1")
    )
    assert await events(world, ana) == [("ACCOUNT_UNLINKED", {"number": "sur-001"})]


async def test_passkeys_and_terms(world: World) -> None:
    presented = Presentation(terms=Terms(version="2026-11"))
    world.managers["sur"] = manager("sur", presentation=presented)
    form = {
        "email": ANA,
        "password": PASSWORD,
        "givenName": "Ana",
        "familyName": "Paz",
        "documentType": "DNI",
        "documentNumber": "20.123.456",
        "phone": "+54 343 555 0142",
        "acceptedTermsVersion": "2026-11",
    }
    browser = Browser(world)
    await browser.do("register RegisterInput expiresAt", **form)
    await browser.do("verifyEmail VerifyEmailInput email", token=await letters.token(world, "sur", ANA))
    ana = await world.actor("sur", ANA)
    portal = Portal(world)
    made = await portal.registered(ana)
    entered = await portal.ask("finish-passkey-sign-in", GUEST, **await portal.signed())
    assert entered["userErrors"] == []
    assert (await portal.ask("remove-passkey", ana, id=made["id"]))["userErrors"] == []
    assert ("PASSKEY_ADDED", "PENDING") in await letters.kinds(world, "sur")
    here = {"address": "192.0.2.1"}
    assert await events(world, ana) == [
        ("TERMS_ACCEPTED", {"version": "2026-11"}),
        ("PASSKEY_ADDED", {"name": "Teléfono", **here}),
        ("SIGNED_IN", {"way": "PASSKEY", **here}),
        ("PASSKEY_REMOVED", {"name": "Teléfono", **here}),
    ]


async def test_what_happened_is_read_page_by_page_and_never_anothers(world: World) -> None:
    person = await world.person("sur", ANA, [])
    eva = await world.person("sur", "eva@example.org", [])
    async with world.services.store.work("sur") as work:
        for concerned in (person, eva, person):
            await note(work, AuditKind.SIGNED_IN, NOW, actor_id=concerned, person_id=concerned)
    ana = await world.actor("sur", ANA)
    page = await told(world, ana, first=1)
    assert (page["totalCount"], len(page["nodes"]), page["pageInfo"]["hasNextPage"]) == (2, 1, True)
    rest = await told(world, ana, first=5, after=page["pageInfo"]["endCursor"])
    assert (len(rest["nodes"]), rest["pageInfo"]["hasNextPage"]) == (1, False)


async def test_the_staff_is_told_as_such_and_by_no_name(world: World) -> None:
    person = await world.person("sur", ANA, [])
    staff = await world.person("sur", "eva@example.org", [])
    async with world.services.store.work("sur") as work:
        found = await work.get(PersonRow, staff)
        assert found is not None
        found.staff_role = "STAFF"
        await note(work, AuditKind.PROFILE_CHANGED, NOW, actor_id=staff, person_id=person)
        await note(work, AuditKind.PROFILE_CHANGED, NOW, actor_id=None, person_id=person)
    nodes = (await told(world, await world.actor("sur", ANA)))["nodes"]
    assert [(node["actor"], node["byViewer"]) for node in nodes] == [
        ("Personal de Manager sur", False),
        (None, False),
    ]


async def test_what_is_older_than_two_years_is_swept(world: World) -> None:
    person = await world.person("sur", ANA, [])
    store = world.services.store
    async with store.work("sur") as work:
        for days in (0, 729, 730, 900):
            at = NOW - timedelta(days=days)
            await note(work, AuditKind.SIGNED_IN, at, actor_id=person, person_id=person)
    assert await audit.sweepable(store, NOW) == ["sur"]
    async with store.work("norte") as work:
        assert await audit.sweep(work, NOW) == 0
    async with store.work("sur") as work:
        assert await audit.sweep(work, NOW) == 2
    assert await audit.sweepable(store, NOW) == []


async def test_the_list_is_asked_for_as_the_example_says(world: World) -> None:
    await world.person("sur", ANA, [])
    assert (await asked(world, "my-audit", await world.actor("sur", ANA), after=None))["audit"]["nodes"] == []
    payload = await change(world, "withdraw-consent", await world.actor("sur", ANA), programId="nothing")
    assert [error["reason"] for error in payload["userErrors"]] == ["NOT_FOUND"]


FILTERED = """
query ($filter: AuditFilter, $first: Int, $after: String) {
  viewer {
    audit(filter: $filter, first: $first, after: $after, order: AT_ASC) {
      totalCount nodes { kind } pageInfo { endCursor }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ({}, ["SIGNED_IN", "SEEN_AS", "SEEING_ENDED", "SIGNED_OUT"]),
        ({"byViewer": True}, ["SIGNED_IN", "SIGNED_OUT"]),
        ({"byViewer": False}, ["SEEN_AS", "SEEING_ENDED"]),
        ({"kind": ["SEEN_AS", "SIGNED_IN", "SEEN_AS"]}, ["SIGNED_IN", "SEEN_AS"]),
        ({"kind": ["SIGNED_IN"], "byViewer": False}, []),
        ({"kind": []}, ["SIGNED_IN", "SEEN_AS", "SEEING_ENDED", "SIGNED_OUT"]),
    ],
)
async def test_only_what_is_wanted_is_listed_and_counted(
    world: World, wanted: dict[str, Any], kinds: list[str]
) -> None:
    person = await world.person("sur", ANA, [("agua", "1")], PASSWORD)
    staff = await world.person("sur", "staff@example.org", [])
    ana = await world.actor("sur", ANA)
    for kind, actor_id in (("SIGNED_IN", person), ("SEEN_AS", staff), ("SEEING_ENDED", None), ("SIGNED_OUT", person)):
        async with world.services.store.work("sur") as work:
            await note(work, AuditKind(kind), NOW, actor_id=actor_id, person_id=person)
    found: list[str] = []
    after = None
    while True:
        outcome = await world.ask("sur", FILTERED, ana, filter=wanted, first=1, after=after)
        assert outcome.errors == []
        assert outcome.data is not None
        part = outcome.data["viewer"]["audit"]
        assert part["totalCount"] == len(kinds)
        if not part["nodes"]:
            break
        found += [node["kind"] for node in part["nodes"]]
        after = part["pageInfo"]["endCursor"]
    assert found == kinds


async def test_whoever_has_a_password_is_told_since_when(world: World) -> None:
    await world.person("sur", ANA, [], PASSWORD)
    await world.person("sur", "none@example.org", [])
    for email, since in ((ANA, NOW.isoformat()), ("none@example.org", None)):
        outcome = await world.ask("sur", "{ viewer { passwordSetAt } }", await world.actor("sur", email))
        assert outcome.data == {"viewer": {"passwordSetAt": since}}
