"""Another password policy, on both databases: whole, for every process, and nothing that a file undoes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from msgspec.structs import asdict, replace

from tests.auth.access import invitee, sent
from tests.auth.access import manager as inviting
from tests.auth.spying import proofs
from tests.store.fresh import manager_named
from ventanilla.auth import policy_change
from ventanilla.auth.access_activation import Activated, Activation, Lacking, activate
from ventanilla.auth.applicant import Flaw
from ventanilla.auth.caller import Caller
from ventanilla.auth.identify import identify
from ventanilla.auth.people import add_person
from ventanilla.auth.policy import Violation
from ventanilla.auth.policy_change import PolicyChange
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.store import managers
from ventanilla.store.manager import PasswordPolicy, Presentation
from ventanilla.store.managers import StoredManager, UnknownManagerError
from ventanilla.store.store import Store
from ventanilla.store.theme import Theme

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CALLER = Caller(address="192.0.2.1", host="sur.example")
EVA = "e" * 32
LAX = PasswordPolicy(min_length=8, max_age_days=90)
STRICT = PasswordPolicy(
    min_length=20,
    require_digit=True,
    require_symbol=True,
    require_upper=True,
    require_lower=True,
    history=24,
)


async def update(store: Store, slug: str = "sur", by: str = EVA, **values: Any) -> Any:
    return await policy_change.update(store, slug, PolicyChange(**values), person_id=by, caller=CALLER, now=NOW)


async def served(store: Store, slug: str = "sur") -> StoredManager:
    """The manager as the next request gets it."""
    found = await identify(store, f"{slug}.example", None, NOW)
    assert found
    stored = await managers.get(store, found.manager, found.version)
    assert stored
    return stored


async def policy(store: Store, slug: str = "sur") -> PasswordPolicy:
    return (await served(store, slug)).manager.presentation.password_policy


async def events(store: Store) -> list[tuple[str, str, str, dict[str, str]]]:
    rows = await store.rows("SELECT kind, actor_id, person_id, told FROM audit_event ORDER BY id")
    return [(*row[:3], msgspec.json.decode(row[3])) for row in rows]


async def test_it_holds_from_the_next_request_on_and_at_one_manager(store: Store) -> None:
    before, other = await served(store), await served(store, "norte")
    changed = await update(store, min_length=12, max_age_days=90)
    assert changed == PasswordPolicy(min_length=12, max_age_days=90) == await policy(store)
    after = await served(store)
    assert after.version != before.version
    assert replace(after.manager, presentation=Presentation()) == before.manager
    assert await served(store, "norte") == other
    assert await update(store, max_age_days=None) == PasswordPolicy(min_length=12) == await policy(store)


async def test_it_is_written_down_who_changed_what(store: Store) -> None:
    await update(store, min_length=12, require_digit=True, history=0)
    await update(store, max_age_days=30)
    await update(store, by="i" * 32, max_age_days=None, require_digit=False)
    here = {"address": "192.0.2.1"}
    assert await events(store) == [
        ("PASSWORD_POLICY_CHANGED", who, who, {"from": before, "to": after, **here})
        for who, before, after in (
            (EVA, "minLength=10 requireDigit=false", "minLength=12 requireDigit=true"),
            (EVA, "maxAgeDays=null", "maxAgeDays=30"),
            ("i" * 32, "requireDigit=true maxAgeDays=30", "requireDigit=false maxAgeDays=null"),
        )
    ]


@pytest.mark.parametrize("values", [{}, asdict(PasswordPolicy()), {"max_age_days": None}])
async def test_what_changes_nothing_leaves_no_trace(store: Store, values: dict[str, Any]) -> None:
    before = await served(store)
    assert await update(store, **values) == PasswordPolicy()
    assert await served(store) is before
    assert await events(store) == []


@pytest.mark.parametrize(
    ("values", "flaws"),
    [
        ({"min_length": 7}, {"min_length": Flaw.FIELD_INVALID}),
        ({"min_length": 65}, {"min_length": Flaw.FIELD_INVALID}),
        ({"max_age_days": 0}, {"max_age_days": Flaw.FIELD_INVALID}),
        ({"max_age_days": 3_651}, {"max_age_days": Flaw.FIELD_INVALID}),
        ({"history": -1}, {"history": Flaw.FIELD_INVALID}),
        ({"history": 25}, {"history": Flaw.FIELD_INVALID}),
        (
            {"min_length": None, "require_lower": None, "history": None},
            dict.fromkeys(("min_length", "require_lower", "history"), Flaw.FIELD_REQUIRED),
        ),
    ],
)
async def test_what_cannot_be_is_told_and_nothing_is_changed(
    store: Store, values: dict[str, Any], flaws: dict[str, Flaw]
) -> None:
    before = await served(store)
    assert await update(store, **{"require_digit": True, **values}) == flaws
    assert await served(store) is before
    assert await events(store) == []


@pytest.mark.parametrize(
    "values",
    [{"min_length": 8, "max_age_days": 1, "history": 0}, {"min_length": 64, "max_age_days": 3_650, "history": 24}],
)
async def test_the_bounds_themselves_can_be(store: Store, values: dict[str, int]) -> None:
    assert await update(store, **values) == PasswordPolicy(**values) == await policy(store)


async def test_of_two_admins_at_once_the_last_one_wins_as_a_whole(store: Store) -> None:
    for _ in range(10):
        told = await asyncio.gather(update(store, **asdict(LAX)), update(store, **asdict(STRICT)))
        assert told == [LAX, STRICT]
        assert await policy(store) in (LAX, STRICT)
    found = [each[3] for each in await events(store)]
    assert all(each["to"] == then["from"] for each, then in pairwise(found[1:]))


async def test_what_one_leaves_out_another_changes_at_the_same_time(store: Store) -> None:
    for least in range(11, 21):
        await asyncio.gather(
            update(store, min_length=least), update(store, history=least), update(store, max_age_days=least)
        )
        assert await policy(store) == PasswordPolicy(min_length=least, history=least, max_age_days=least)
    assert len(await events(store)) == 30


async def test_the_file_does_not_undo_it(store: Store) -> None:
    await update(store, min_length=12)
    file = replace(
        manager_named("sur"),
        name="Otro",
        presentation=Presentation(theme=Theme(primary="#000000"), password_policy=LAX),
    )
    added, _ = await asyncio.gather(managers.add(store, file, source="test"), update(store, history=3))
    assert added.manager.presentation.password_policy.min_length == 12
    found = (await served(store)).manager
    assert found == replace(file, presentation=Presentation(password_policy=PasswordPolicy(min_length=12, history=3)))


async def test_a_person_may_be_added_while_it_is_changed(store: Store) -> None:
    """Their row points at the manager's, which is held for as long."""
    async with store.work("sur") as work:
        await managers.present(work, lambda shown: replace(shown, password_policy=LAX))
        if "postgresql" in repr(store):  # on SQLite units queue
            async with asyncio.timeout(5), store.work("sur") as other:
                names = {"given_name": "Ana", "family_name": "Paz"}
                await add_person(other, email="a@b.example", password=None, now=NOW, **names)
    assert await policy(store) == LAX


async def test_a_manager_that_is_gone_is_told(store: Store) -> None:
    with pytest.raises(UnknownManagerError, match="manager list"):
        await update(store, "nobody", min_length=12)


async def test_who_is_invited_chooses_by_the_new_one(store: Store) -> None:
    await update(store, require_digit=True)
    sur = replace(inviting(), presentation=(await served(store)).manager.presentation)
    (challenge,) = await sent(store, sur, invitee(), now=NOW)

    async def follow(password: str) -> Any:
        activation = Activation(token=proofs().link("ACCESS_LINK", challenge), password=password, accepted_terms=None)
        words = RefusedPasswords()
        return await activate(store, sur, proofs(), activation, refused=words, caller=CALLER, language="pl", now=NOW)

    lacking = await follow("una ventanilla abierta")
    assert isinstance(lacking, Lacking)
    assert lacking.violations == (Violation.NO_DIGIT,)
    assert isinstance(await follow("1 ventanilla abierta"), Activated)
