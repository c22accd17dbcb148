"""The second factor through the schema, and what is open while it is to be shown."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlmodel import col, update

from tests.authenticator_app import App
from tests.resolvers.answers import codes as problem_codes
from tests.resolvers.test_passwords import ANA, BEHIND, CHANGE, CHANGED
from tests.resolvers.test_registration import ERRORS, codes, told
from tests.world import NOW, PASSWORD, World
from ventanilla.auth.actor import Actor, StaffRole
from ventanilla.resolvers.access import DECLARED, Scope, refusal
from ventanilla.store.manager import StaffRules
from ventanilla.store.tables import PersonRow, SessionRow

pytestmark = pytest.mark.anyio

START = "mutation ($in: StartSecondFactorInput!) { startSecondFactor(input: $in) { otpauthUri secret expiresAt %s } }"
CONFIRM = (
    "mutation ($in: ConfirmSecondFactorInput!) { confirmSecondFactor(input: $in)"
    " { viewer { secondFactor { setUpAt recoveryCodesLeft due } } recoveryCodes %s } }"
)
SHOW = (
    "mutation ($in: ShowSecondFactorInput!) { showSecondFactor(input: $in)"
    " { viewer { onboardingState secondFactor { due } accounts { nodes { number } } } %s } }"
)
REMOVE = (
    "mutation ($in: RemoveSecondFactorInput!) { removeSecondFactor(input: $in)"
    " { viewer { secondFactor { setUpAt } } %s } }"
)
RESET = (
    "mutation ($in: ResetSecondFactorInput!) { resetSecondFactor(input: $in)"
    " { person { id secondFactorAt } endedSessions %s } }"
)
FOUND = "{ viewer { email onboardingState secondFactor { setUpAt recoveryCodesLeft due } } }"


async def ask(world: World, query: str, actor: Actor, **given: Any) -> dict[str, Any]:
    return told(await world.ask("sur", query % ERRORS, actor, **{"in": given}))


async def set_up(world: World, actor: Actor) -> tuple[App, list[str]]:
    """Set one up with the code before this moment's; the authenticator, and the recovery codes."""
    app = App.scan((await ask(world, START, actor))["otpauthUri"])
    confirmed = await ask(world, CONFIRM, actor, code=app.code(NOW, -1))
    assert confirmed["userErrors"] == []
    return app, confirmed["recoveryCodes"]


async def ana(world: World) -> Actor:
    await world.person("sur", ANA, [("agua", "1")], PASSWORD)
    return await world.actor("sur", ANA)


async def test_somebody_sets_one_up_shows_it_and_gives_it_up(world: World) -> None:
    actor = await ana(world)
    offered = await ask(world, START, actor)
    assert offered["expiresAt"] == "2026-11-15T12:15:00+00:00"
    app = App.scan(offered["otpauthUri"])
    assert (app.issuer, app.account) == ("Manager sur", ANA)
    confirmed = await ask(world, CONFIRM, actor, code=app.code(NOW, -1))
    assert len(confirmed["recoveryCodes"]) == 10
    standing = {"setUpAt": "2026-11-15T12:00:00+00:00", "recoveryCodesLeft": 10, "due": False}
    assert confirmed["viewer"]["secondFactor"] == standing

    other = await world.actor("sur", ANA)
    found = await world.ask("sur", FOUND, other)
    due = {"email": ANA, "onboardingState": "NEEDS_SECOND_FACTOR", "secondFactor": {**standing, "due": True}}
    assert (found.data, found.errors) == ({"viewer": due}, [])
    shown = (await ask(world, SHOW, other, code=app.code(NOW)))["viewer"]
    assert shown["onboardingState"] == "READY"
    assert shown["secondFactor"] == {"due": False}
    assert shown["accounts"] == {"nodes": [{"number": "sur-001"}]}

    removed = await ask(world, REMOVE, actor, code=confirmed["recoveryCodes"][0])
    assert removed == {"viewer": {"secondFactor": {"setUpAt": None}}, "userErrors": []}


async def test_refusals_name_what_to_mend(world: World) -> None:
    actor = await ana(world)
    assert codes(await ask(world, CONFIRM, actor, code="123456")) == [("NOT_STARTED", None)]
    assert codes(await ask(world, SHOW, actor, code="123456")) == [("NOT_SET_UP", None)]
    app, (recovery, *_) = await set_up(world, actor)
    wrong = await ask(world, SHOW, actor, code=app.wrong(NOW))
    assert (wrong["viewer"], codes(wrong)) == (None, [("CODE_INVALID", ["code"])])
    for code in (recovery, app.code(NOW)):
        assert (await ask(world, SHOW, actor, code=code))["userErrors"] == []
        assert codes(await ask(world, REMOVE, actor, code=code)) == [("CODE_USED", ["code"])]
    for _ in range(4):
        await ask(world, SHOW, actor, code=app.wrong(NOW))
    (late,) = (await ask(world, SHOW, actor, code=app.code(NOW, 1)))["userErrors"]
    assert (late["code"], late["retryable"]) == ("TOO_MANY_ATTEMPTS", True)
    assert late["params"] == [{"key": "retryAfterSeconds", "value": "900"}]


async def test_who_signed_in_long_ago_gives_their_password(world: World) -> None:
    actor = await ana(world)
    async with world.services.store.work("sur") as work:
        await work.exec(update(SessionRow).values(created_at=NOW.replace(hour=9)))
    assert codes(await ask(world, START, actor)) == [("REAUTHENTICATION_REQUIRED", ["password"])]
    assert codes(await ask(world, START, actor, password="wrong")) == [("INVALID_CREDENTIALS", ["password"])]
    assert (await ask(world, START, actor, password=PASSWORD))["secret"]


async def test_a_request_tries_one_code(world: World) -> None:
    actor = await ana(world)
    app, _ = await set_up(world, actor)
    tries = " ".join(
        't%d: showSecondFactor(input: {code: "%s"}) { userErrors { code } }' % (number, code)
        for number, code in enumerate([app.wrong(NOW), app.code(NOW)])
    )
    outcome = await world.ask("sur", "mutation { %s }" % tries, await world.actor("sur", ANA))
    assert outcome.data is not None
    found = [payload["userErrors"][0]["code"] for payload in outcome.data.values()]
    assert found == ["CODE_INVALID", "TOO_MANY_ATTEMPTS"]


async def test_nobody_signed_in_has_none(world: World) -> None:
    for query, field in ((START, "startSecondFactor"), (SHOW, "showSecondFactor"), (RESET, "resetSecondFactor")):
        given: Any = {"id": "x"} if query == RESET else {} if query == START else {"code": "123456"}
        outcome = await world.ask("sur", query % ERRORS, **{"in": given})
        assert problem_codes(outcome) == [(field, "UNAUTHENTICATED")]


# -- while it is to be shown -------------------------------------------------------------------------------------------


async def due(world: World) -> tuple[Actor, Actor]:
    """Ana in a session that has shown her second factor, and in one that has not."""
    actor = await ana(world)
    await set_up(world, actor)
    shown = msgspec.structs.replace(actor, second_factor_at=NOW, second_factor_shown=True)
    return shown, await world.actor("sur", ANA)


async def test_every_declared_function_is_shut_but_those_that_lead_on(world: World) -> None:
    _, closed = await due(world)
    context = world.context("sur", msgspec.structs.replace(closed, staff_role=StaffRole.STAFF_ADMIN))
    open_ = {name for name, declared in DECLARED.items() if not refusal(context, declared)}
    anybody = {name for name, each in DECLARED.items() if each.scope is Scope.PUBLIC}
    assert open_ - anybody == {
        *("second_factor.show", "second_factor.of_viewers"),
        *("viewer.onboarding_states", "viewer_mandates.roles"),
    }


@pytest.mark.parametrize("query", BEHIND)
async def test_nothing_of_an_account_is_told(world: World, query: str) -> None:
    open_, closed = await due(world)
    found = await world.ask("sur", "{ viewer { accounts { nodes { id } } } }", open_)
    assert found.data is not None
    variables = {"id": found.data["viewer"]["accounts"]["nodes"][0]["id"]} if "$id" in query else {}
    world.calls.clear()
    outcome = await world.ask("sur", query, closed, **variables)
    assert problem_codes(outcome) == [(BEHIND[query], "FORBIDDEN")]
    assert "Show your second factor first: `showSecondFactor`." in outcome.errors[0].message
    assert world.counted() == []


OWN = {
    "{ viewer { sessions { address } } }": "viewer.sessions",
    "{ viewer { passkeys { id } } }": "viewer.passkeys",
    "{ viewer { personalData } }": "viewer.personalData",
    'mutation { endSession(input: {id: "x"}) { endedSessions } }': "endSession",
    'mutation { eraseMyData(input: {email: "ana@example.org"}) { userErrors { code } } }': "eraseMyData",
    "mutation { startSecondFactor(input: {}) { secret } }": "startSecondFactor",
    'mutation { confirmSecondFactor(input: {code: "1"}) { recoveryCodes } }': "confirmSecondFactor",
    'mutation { removeSecondFactor(input: {code: "1"}) { userErrors { code } } }': "removeSecondFactor",
    'mutation { startPasskeyRegistration(input: {name: "x"}) { ticket } }': "startPasskeyRegistration",
    'mutation { startIdentityLink(input: {provider: "x"}) { url } }': "startIdentityLink",
}


@pytest.mark.parametrize("query", OWN)
async def test_nor_is_anything_of_their_own_told_or_changed(world: World, query: str) -> None:
    _, closed = await due(world)
    assert problem_codes(await world.ask("sur", query, closed)) == [(OWN[query], "FORBIDDEN")]


async def test_nor_is_the_password_changed_by_who_knows_it_alone(world: World) -> None:
    _, closed = await due(world)
    outcome = await world.ask("sur", CHANGE, closed, **{"in": CHANGED})
    assert problem_codes(outcome) == [("changePassword", "FORBIDDEN")]
    assert "showSecondFactor" in outcome.errors[0].message


async def test_who_is_to_show_it_can_always_leave(world: World) -> None:
    _, closed = await due(world)
    outcome = await world.ask("sur", "mutation { signOut { endedSessions } }", closed)
    assert outcome.data == {"signOut": {"endedSessions": 1}}


async def test_it_comes_before_a_password_that_is_to_be_changed(world: World) -> None:
    app, _ = await set_up(world, await ana(world))
    async with world.services.store.work("sur") as work:
        await work.exec(update(PersonRow).values(must_change_password=True))
    actor = await world.actor("sur", ANA)
    assert problem_codes(await world.ask("sur", CHANGE, actor, **{"in": CHANGED})) == [("changePassword", "FORBIDDEN")]
    show = "mutation ($in: ShowSecondFactorInput!) { showSecondFactor(input: $in) { viewer { onboardingState } %s } }"
    context = world.context("sur", actor)
    shown = told(await world.run(context, show % ERRORS, **{"in": {"code": app.code(NOW)}}))
    assert shown["viewer"] == {"onboardingState": "NEEDS_PASSWORD"}
    assert told(await world.ask("sur", CHANGE, context.actor, **{"in": CHANGED}))["userErrors"] == []


# -- the staff ---------------------------------------------------------------------------------------------------------

DESK = "{ staff { __typename } }"


async def clerk(world: World, role: StaffRole = StaffRole.STAFF_ADMIN) -> Actor:
    """Somebody of the staff in a session that has shown nothing."""
    await world.person("sur", "eva@example.org", [])
    async with world.services.store.work("sur") as work:
        await work.exec(
            update(PersonRow).where(col(PersonRow.email) == "eva@example.org").values(staff_role=role.value)
        )
    return await world.actor("sur", "eva@example.org")


async def state(world: World, actor: Actor) -> str:
    outcome = await world.ask("sur", "{ viewer { onboardingState } }", actor)
    assert outcome.data is not None
    return outcome.data["viewer"]["onboardingState"]


async def test_the_staff_needs_one_where_the_manager_says_so(world: World) -> None:
    eva = await clerk(world)
    outcome = await world.ask("sur", DESK, eva)
    assert problem_codes(outcome) == [("staff", "FORBIDDEN")]
    assert "Set up a second factor first" in outcome.errors[0].message
    assert await state(world, eva) == "NEEDS_SECOND_FACTOR"
    app, _ = await set_up(world, eva)
    later = await world.actor("sur", "eva@example.org")
    assert problem_codes(await world.ask("sur", DESK, later)) == [("staff", "FORBIDDEN")]
    context = world.context("sur", later)
    assert told(await world.run(context, SHOW % ERRORS, **{"in": {"code": app.code(NOW)}}))["userErrors"] == []
    assert (await world.ask("sur", DESK, context.actor)).errors == []


async def test_who_gives_it_up_is_no_staff_until_there_is_another(world: World) -> None:
    eva = await clerk(world)
    app, _ = await set_up(world, eva)
    context = world.context("sur", msgspec.structs.replace(eva, second_factor_at=NOW, second_factor_shown=True))
    assert (await world.ask("sur", DESK, context.actor)).errors == []
    assert told(await world.run(context, REMOVE % ERRORS, **{"in": {"code": app.code(NOW)}}))["userErrors"] == []
    for actor in (context.actor, await world.actor("sur", "eva@example.org")):
        assert problem_codes(await world.ask("sur", DESK, actor)) == [("staff", "FORBIDDEN")]


async def test_the_staff_needs_none_where_the_manager_wants_none(world: World) -> None:
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], staff=StaffRules(second_factor=False))
    eva = await clerk(world)
    assert (await world.ask("sur", DESK, eva)).errors == []
    assert await state(world, eva) != "NEEDS_SECOND_FACTOR"
    await set_up(world, eva)
    later = await world.actor("sur", "eva@example.org")
    assert problem_codes(await world.ask("sur", DESK, later)) == [("staff", "FORBIDDEN")]


async def test_an_admin_takes_one_away_from_who_has_lost_it(world: World) -> None:
    actor = await ana(world)
    await set_up(world, actor)
    eva = await world.staff("sur", "eva@example.org", StaffRole.STAFF_ADMIN)
    assert actor.person_id
    assert eva.person_id
    done = await ask(world, RESET, eva, id=actor.person_id)
    assert done == {
        "person": {"id": actor.person_id, "secondFactorAt": None},
        "endedSessions": 1,
        "userErrors": [],
    }
    for id, reason in ((actor.person_id, "NOT_SET_UP"), ("nobody", "NOT_FOUND"), (eva.person_id, "ONESELF")):
        path = None if reason == "NOT_SET_UP" else ["id"]
        assert codes(await ask(world, RESET, eva, id=id)) == [(reason, path)]


async def test_and_nobody_else_of_the_staff_does(world: World) -> None:
    actor = await ana(world)
    for asker in (actor, await world.staff("sur", "eva@example.org")):
        outcome = await world.ask("sur", RESET % ERRORS, asker, **{"in": {"id": actor.person_id}})
        assert problem_codes(outcome) == [("resetSecondFactor", "FORBIDDEN")]
