"""Programs as they are registered, on both databases; and who wins when a token comes many times at once."""

import asyncio
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlmodel import select

from ventanilla.auth import clients, people
from ventanilla.auth.clients import ClientError, Keyed, is_redirect
from ventanilla.auth.identify import identify
from ventanilla.auth.oauth import answering
from ventanilla.auth.oauth.answering import Place
from ventanilla.auth.oauth.asked import Asked
from ventanilla.auth.oauth.server import Answer
from ventanilla.auth.scopes import SCOPES
from ventanilla.auth.sessions import hash_of
from ventanilla.store.store import Store
from ventanilla.store.tables import ClientRow

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
BACK = "https://program.example/back"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PLACE = Place(manager="norte", issuer="https://norte.example", address="192.0.2.1", now=NOW)


async def added(store: Store, *, redirects: tuple[str, ...] = (BACK,), public: bool = False) -> Keyed:
    async with store.work("norte") as work:
        return await clients.add(
            work,
            name="Planilla",
            scopes=["invoices:read", "accounts:read"],
            redirect_uris=redirects,
            public=public,
            now=NOW,
        )


async def test_a_program_is_registered_listed_and_revoked(store: Store) -> None:
    keyed, public = await added(store), await added(store, public=True)
    assert keyed.secret
    assert keyed.secret.startswith("vc_")
    assert public.secret is None
    async with store.work("norte") as work:
        rows = {row.id: row for row in (await work.exec(select(ClientRow))).all()}
        listed = await clients.listing(work)
        await clients.revoke(work, keyed.client.id, now=NOW)
        again = await clients.listing(work)

    assert rows[keyed.client.id].secret_hash == hash_of(keyed.secret)
    assert {each.id: each.public for each in listed} == {keyed.client.id: False, public.client.id: True}
    assert listed[0].scopes == ("accounts:read", "invoices:read")
    assert listed[0].redirect_uris == (BACK,)
    assert {each.id: each.disabled_at for each in again} == {keyed.client.id: NOW, public.client.id: None}
    async with store.work("sur") as work:
        assert await clients.listing(work) == []
        with pytest.raises(ClientError, match="has no client"):
            await clients.revoke(work, public.client.id, now=NOW)


async def test_what_cannot_be_changed_is_told(store: Store) -> None:
    public = await added(store, public=True)
    async with store.work("norte") as work:
        with pytest.raises(ClientError, match="public client"):
            await clients.rotate(work, public.client.id, now=NOW)
        await clients.revoke(work, public.client.id, now=NOW)
        with pytest.raises(ClientError, match="was revoked"):
            await clients.revoke(work, public.client.id, now=NOW)
        with pytest.raises(ClientError, match="has no client"):
            await clients.rotate(work, "f" * 32, now=NOW)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"scopes": ["accounts:read", "accounts:write"]}, "no such scope: accounts:write; scopes are accounts:read"),
        ({"scopes": []}, "needs a scope"),
        (
            {"scopes": ["invoices:read", "payments:export", "invoices:export"]},
            "invoices:export, payments:export: this is for programs of the manager's own",
        ),
        ({"name": "  "}, "needs a name"),
        ({"name": "two\nlines"}, "needs a name"),
        ({"name": "x" * 121}, "needs a name"),
        ({"public": True, "redirect_uris": ()}, "a public client acts for people"),
        ({"redirect_uris": ("http://program.example/",)}, "is no redirect URI"),
        ({"redirect_uris": tuple(f"https://program.example/{number}" for number in range(21))}, "at most 20"),
    ],
)
async def test_what_cannot_be_registered_is_told(store: Store, asked: dict[str, object], told: str) -> None:
    given: dict[str, object] = {"name": "Planilla", "scopes": ["accounts:read"], "redirect_uris": (BACK,), **asked}
    async with store.work("norte") as work:
        with pytest.raises(ClientError, match=told):
            await clients.add(work, now=NOW, **given)  # type: ignore[arg-type]  wrong on purpose


@pytest.mark.parametrize(
    ("uri", "right"),
    [
        ("https://program.example", True),
        ("https://program.example:8443/back?kept=%20", True),
        ("http://localhost:8123/back", True),
        ("http://127.0.0.1/", True),
        ("http://program.example/", False),
        ("http://localhost.example/", False),
        ("http://127.0.0.1.example/", False),
        ("https://user@program.example/", False),
        ("https://program.example/#part", False),
        ("https://program.example/\\evil.example", False),
        ("https://program.example/ x", False),
        ("https://program.example/\n", False),
        ("https://program.example:0/", False),
        ("https://program.example:x/", False),
        ("https:///back", False),
        ("https://;script-src", False),
        ("https://[::1]/", False),
        ("//program.example/", False),
        ("javascript:alert(1)", False),
        ("program:/back", False),
        ("", False),
    ],
)
def test_where_people_may_be_sent(uri: str, right: bool) -> None:
    assert is_redirect(uri) is right


def test_every_scope_is_told_in_every_language_of_the_page() -> None:
    assert {language for texts in SCOPES.values() for language in texts} == {"en", "es", "pl"}
    assert all(len(texts) == 3 and all(texts.values()) for texts in SCOPES.values())


async def somebody(store: Store) -> str:
    async with store.work("norte") as work:
        person = await people.add_person(
            work, email="ana@example.org", password=None, given_name="Ana", family_name="Paz", now=NOW
        )
    return person.id


async def code(store: Store, client: Keyed, person_id: str) -> str:
    request = {
        "response_type": "code",
        "client_id": client.client.id,
        "redirect_uri": BACK,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    answer = await answering.decide(store, PLACE, Asked(request, method="GET"), person_id, allowed=True)
    assert isinstance(answer, Answer)
    return answer.headers["Location"].partition("code=")[2].partition("&")[0]


def exchanging(client: Keyed, **form: str) -> Asked:
    said = {"client_id": client.client.id, "client_secret": client.secret or ""}
    return Asked({**form, **said})


async def test_of_many_exchanges_at_once_one_wins_and_its_tokens_end(store: Store) -> None:
    client = await added(store)
    given = await code(store, client, await somebody(store))
    form = {"grant_type": "authorization_code", "code": given, "redirect_uri": BACK, "code_verifier": VERIFIER}
    answers = await asyncio.gather(*(answering.token(store, PLACE, exchanging(client, **form)) for _ in range(8)))

    won = [each for each in answers if each.status == 200]
    assert [len(won), sum(each.replayed for each in answers)] == [1, 7]
    found = await identify(store, "norte.example", won[0].body["access_token"], NOW)
    assert found
    assert not found.actor.known


async def test_of_many_refreshes_at_once_one_wins_and_the_family_ends(store: Store) -> None:
    client = await added(store)
    given = await code(store, client, await somebody(store))
    form = {"grant_type": "authorization_code", "code": given, "redirect_uri": BACK, "code_verifier": VERIFIER}
    first = await answering.token(store, PLACE, exchanging(client, **form))
    asked = exchanging(client, grant_type="refresh_token", refresh_token=first.body["refresh_token"])
    answers = await asyncio.gather(*(answering.token(store, PLACE, asked) for _ in range(20)))

    won = [each for each in answers if each.status == 200]
    assert [len(won), sum(each.replayed for each in answers)] == [1, 19]
    for token in (first.body["access_token"], won[0].body["access_token"]):
        found = await identify(store, "norte.example", token, NOW)
        assert found
        assert not found.actor.known


async def test_a_token_stands_for_its_program_until_it_ends(store: Store) -> None:
    client = await added(store, redirects=())
    given = await answering.token(store, PLACE, exchanging(client, grant_type="client_credentials"))
    token = given.body["access_token"]
    found = await identify(store, "norte.example", token, NOW)
    late = await identify(store, "norte.example", token, NOW + timedelta(minutes=15))
    elsewhere = await identify(store, "sur.example", token, NOW)

    assert found
    assert (found.actor.client_id, found.actor.person_id) == (client.client.id, None)
    assert found.actor.scopes == {"accounts:read", "invoices:read"}
    assert [each and each.actor.known for each in (late, elsewhere)] == [False, False]


async def test_an_end_reaches_what_an_exchange_at_the_same_moment_makes(store: Store) -> None:
    client = await added(store)
    person = await somebody(store)
    for _ in range(10):
        form = {"code": await code(store, client, person), "redirect_uri": BACK, "code_verifier": VERIFIER}
        got = await answering.token(store, PLACE, exchanging(client, grant_type="authorization_code", **form))
        refresh = got.body["refresh_token"]
        asked = exchanging(client, grant_type="refresh_token", refresh_token=refresh)
        exchanged, ended = await asyncio.gather(
            answering.token(store, PLACE, asked), answering.revoke(store, PLACE, exchanging(client, token=refresh))
        )
        assert ended.status == 200
        if exchanged.status == 200:
            found = await identify(store, "norte.example", exchanged.body["access_token"], NOW)
            assert found
            assert not found.actor.known
