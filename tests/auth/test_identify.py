"""Who is asking: one statement, and nobody who should not be."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import update

from tests.store.fresh import manager_named
from ventanilla.auth import sessions
from ventanilla.auth.actor import GUEST, Role
from ventanilla.auth.identify import identify
from ventanilla.auth.people import EmailTakenError, PersonError, add_person, link_account
from ventanilla.backoffice_adapters.records import AccountRole
from ventanilla.store import managers
from ventanilla.store.store import Store
from ventanilla.store.tables import PersonRow

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def add(store: Store, slug: str, email: str = "ana@example.com") -> str:
    names = {"given_name": "Ana", "family_name": "Ruiz"}
    async with store.work(slug) as work:
        return (await add_person(work, email=email, password=None, now=NOW, **names)).id


async def token_of(store: Store, slug: str, person_id: str) -> str:
    async with store.work(slug) as work:
        return (await sessions.issue(work, person_id, now=NOW)).token


async def link(store: Store, slug: str, person_id: str, key: str, *, is_default: bool = False) -> int:
    async with store.work(slug) as work:
        return await link_account(
            work,
            person_id,
            office="main",
            account_key=key,
            number=f"N-{key}",
            role=AccountRole.TENANT,
            now=NOW,
            is_default=is_default,
        )


async def defaults(store: Store, token: str) -> list[tuple[str, bool]]:
    who = await identify(store, "sur.example", token, NOW)
    assert who
    return [(each.account_key, each.is_default) for each in who.actor.links]


async def test_a_host_names_its_manager_and_a_stranger_is_a_guest(store: Store) -> None:
    who = await identify(store, "Sur.Example", None, NOW)
    stored = await managers.get(store, "sur")
    assert who
    assert stored
    assert (who.manager, who.version, who.actor, who.touch_due) == ("sur", stored.version, GUEST, False)


@pytest.mark.parametrize(
    "host", ["", "example", "sur.example.", "asur.example", "sur.example.evil", "sur.example\x00", "sür.example", "%"]
)
async def test_a_host_that_is_nobodys_is_none(store: Store, host: str) -> None:
    assert await identify(store, host, None, NOW) is None


async def test_a_port_counts_where_it_tells_managers_apart(store: Store) -> None:
    await managers.add(store, manager_named("uno", "demo.localhost:8001"), source="test")
    await managers.add(store, manager_named("dos", "demo.localhost:8002", "bare.localhost"), source="test")
    hosts = ("demo.localhost:8001", "demo.localhost:8002", "demo.localhost:8003", "demo.localhost", "bare.localhost:99")
    found = [await identify(store, host, None, NOW) for host in hosts]
    assert [each and each.manager for each in found] == ["uno", "dos", None, None, "dos"]


async def test_a_token_tells_the_person_and_their_links(store: Store) -> None:
    person = await add(store, "sur")
    first, second = await link(store, "sur", person, "a"), await link(store, "sur", person, "b")
    who = await identify(store, "sur.example", await token_of(store, "sur", person), NOW)
    assert who
    actor = who.actor
    assert (actor.person_id, actor.email, actor.name) == (person, "ana@example.com", "Ana Ruiz")
    assert actor.roles == {Role.CUSTOMER}
    assert [each.id for each in actor.links] == [first, second]
    assert actor.links[0].number == "N-a"
    assert actor.links[0].role is AccountRole.TENANT
    assert actor.reaches("main", "a")
    assert not actor.reaches("main", "c")


async def test_what_is_due_to_the_password_is_told_with_it(store: Store) -> None:
    person = await add(store, "sur")
    token = await token_of(store, "sur", person)
    who = await identify(store, "sur.example", token, NOW)
    assert who
    assert (who.actor.must_change_password, who.actor.password_set_at) == (False, None)
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(must_change_password=True, password_set_at=NOW))
    who = await identify(store, "sur.example", token, NOW)
    assert who
    assert (who.actor.must_change_password, who.actor.password_set_at) == (True, NOW)


async def test_it_is_one_statement(store: Store) -> None:
    person = await add(store, "sur")
    await link(store, "sur", person, "a")
    token = await token_of(store, "sur", person)
    before = store._database.statements
    await identify(store, "sur.example", token, NOW)
    assert store._database.statements == before + 1


async def test_a_token_of_one_manager_is_none_at_another(store: Store) -> None:
    ours, theirs = await add(store, "sur"), await add(store, "norte")
    token = await token_of(store, "sur", ours)
    await token_of(store, "norte", theirs)
    who = await identify(store, "norte.example", token, NOW)
    assert who
    assert (who.manager, who.actor) == ("norte", GUEST)


async def test_altered_and_invented_tokens_are_like_none(store: Store) -> None:
    token = await token_of(store, "sur", await add(store, "sur"))
    digest = sessions.hash_of(token)
    wrong = [token[:-1], token + "A", token.swapcase(), token[:-1] + ("A" if token[-1] != "A" else "B"), digest, ""]
    wrong += ["vs_" + "é" * 43, "eyJhbGciOiJub25lIn0.e30.", "vs_' OR 1=1 --", "vs_\x00", "\ud800"]
    for each in wrong:
        who = await identify(store, "sur.example", each, NOW)
        assert who
        assert who.actor == GUEST, each


async def test_a_disabled_person_is_a_guest_at_once(store: Store) -> None:
    token = await token_of(store, "sur", await add(store, "sur"))
    async with store.work("sur") as work:
        await work.exec(update(PersonRow).values(disabled_at=NOW))
    who = await identify(store, "sur.example", token, NOW)
    assert who
    assert who.actor == GUEST


@pytest.mark.parametrize(
    ("after", "holds"),
    [(timedelta(0), True), (sessions.IDLE - timedelta(microseconds=1), True), (sessions.IDLE, False)],
)
async def test_an_unused_session_ends(store: Store, after: timedelta, holds: bool) -> None:
    token = await token_of(store, "sur", await add(store, "sur"))
    who = await identify(store, "sur.example", token, NOW + after)
    assert who
    assert who.actor.signed_in is holds


async def test_a_used_session_lives_on_until_its_day_is_over(store: Store) -> None:
    token = await token_of(store, "sur", await add(store, "sur"))
    now = NOW
    while now + timedelta(hours=1) < NOW + sessions.LIFETIME:
        now += timedelta(hours=1)
        who = await identify(store, "sur.example", token, now)
        assert who
        assert who.actor.session_id, now
        await sessions.touch(store, "sur", who.actor.session_id, now)
    over = await identify(store, "sur.example", token, NOW + sessions.LIFETIME)
    assert over
    assert not over.actor.signed_in


async def test_use_is_written_at_most_once_a_minute(store: Store) -> None:
    token = await token_of(store, "sur", await add(store, "sur"))

    async def seen() -> str:
        return (await store.rows("SELECT seen_at FROM session"))[0][0]

    before = await seen()
    soon = await identify(store, "sur.example", token, NOW + timedelta(seconds=59))
    assert soon
    assert soon.actor.session_id
    assert not soon.touch_due
    await sessions.touch(store, "sur", soon.actor.session_id, NOW + timedelta(seconds=59))
    assert await seen() == before
    due = await identify(store, "sur.example", token, NOW + timedelta(seconds=60))
    assert due
    assert due.touch_due
    await sessions.touch(store, "norte", soon.actor.session_id, NOW + timedelta(seconds=60))
    assert await seen() == before
    await sessions.touch(store, "sur", soon.actor.session_id, NOW + timedelta(seconds=60))
    assert await seen() > before


async def test_a_session_that_is_over_is_not_revived(store: Store) -> None:
    token = await token_of(store, "sur", await add(store, "sur"))
    who = await identify(store, "sur.example", token, NOW)
    assert who
    assert who.actor.session_id
    await sessions.touch(store, "sur", who.actor.session_id, NOW + sessions.IDLE)
    later = await identify(store, "sur.example", token, NOW + sessions.IDLE)
    assert later
    assert later.actor == GUEST


async def test_ending_all_may_keep_the_present_one(store: Store) -> None:
    person = await add(store, "sur")
    tokens = [await token_of(store, "sur", person) for _ in range(3)]
    who = await identify(store, "sur.example", tokens[1], NOW)
    assert who
    async with store.work("sur") as work:
        assert await sessions.end_all(work, person, keep=who.actor.session_id) == 2
    found = [await identify(store, "sur.example", token, NOW) for token in tokens]
    assert [each is not None and each.actor.signed_in for each in found] == [False, True, False]


async def test_sessions_that_are_over_are_swept(store: Store) -> None:
    person = await add(store, "sur")
    await token_of(store, "sur", person)
    async with store.work("sur") as work:
        assert await sessions.sweep(work, NOW) == 0
        assert await sessions.sweep(work, NOW + sessions.IDLE) == 1


async def test_an_email_is_one_persons_at_a_manager(store: Store) -> None:
    await add(store, "sur", "José@Example.com")
    await add(store, "norte", "josé@example.com")
    with pytest.raises(EmailTakenError, match="already"):
        await add(store, "sur", " JOSÉ@example.COM ")


@pytest.mark.parametrize("email", ["", "ana", "a@b@c", "a b@c", "a@b\x00", "x@" + "y" * 300, "\ud800@x"])
async def test_what_is_no_email_is_refused(store: Store, email: str) -> None:
    with pytest.raises(PersonError, match=r"name@example\.com"):
        await add(store, "sur", email)


async def test_the_first_link_is_the_default_until_another_is_chosen(store: Store) -> None:
    person = await add(store, "sur")
    token = await token_of(store, "sur", person)
    await link(store, "sur", person, "a")
    await link(store, "sur", person, "b")
    assert await defaults(store, token) == [("a", True), ("b", False)]
    await link(store, "sur", person, "c", is_default=True)
    assert await defaults(store, token) == [("a", False), ("b", False), ("c", True)]


async def test_linking_again_changes_the_link(store: Store) -> None:
    person = await add(store, "sur")
    token = await token_of(store, "sur", person)
    first = await link(store, "sur", person, "a")
    await link(store, "sur", person, "b")
    assert await link(store, "sur", person, "b", is_default=True) != first
    assert await link(store, "sur", person, "a") == first
    assert await defaults(store, token) == [("a", False), ("b", True)]


async def test_another_managers_person_cannot_be_linked(store: Store) -> None:
    person = await add(store, "norte")
    with pytest.raises(PersonError, match="no person"):
        await link(store, "sur", person, "a")
