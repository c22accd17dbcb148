"""Paying over HTTP: quoted and confirmed with a session, led to the platform and back by nothing but the link."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.middleware import Middleware

from tests.resolvers.paying import CREATE, QUOTE, invoice_id, rows
from tests.till import HOST, Till, paid_manager, platforms
from tests.world import NOW, SCHEMA, World, open_world
from ventanilla.gateway.app import _open
from ventanilla.gateway.application import Application
from ventanilla.gateway.settings import Settings
from ventanilla.gateway.threshold import Threshold
from ventanilla.resolvers import checkout_links
from ventanilla.store import checkouts
from ventanilla.store.payment_states import RUNNING, CheckoutState

pytestmark = pytest.mark.anyio


class Payer:
    """Somebody with a session, and their browser, which follows nothing by itself."""

    def __init__(self, world: World, till: Till, client: httpx2.AsyncClient, token: str) -> None:
        self.world, self.till, self.client, self._token = world, till, client, token

    async def ask(self, query: str, **variables: Any) -> Any:
        headers = {"authorization": f"Bearer {self._token}"}
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        told = answer.json()
        assert "errors" not in told, told
        (found,) = told["data"].values()
        assert found["userErrors"] == []
        return found

    async def pays(self, key: str = "B1") -> Any:
        """A checkout that is confirmed."""
        quote = await self.ask(QUOTE, **{"in": {"items": [{"invoiceId": invoice_id(self.world, key)}]}})
        told = {"quoteId": quote["quote"]["id"], "returnUrl": "/pagos", "idempotencyKey": key}
        return (await self.ask(CREATE, **{"in": told}))["checkout"]

    async def state(self, **changes: Any) -> str:
        """How the only checkout stands, after `changes` to it."""
        ((known,),) = await self.world.services.store.rows("SELECT id FROM checkout WHERE manager = 'sur'")
        async with self.world.services.store.work("sur") as work:
            row, _ = await checkouts.whole(work, known)
            for name, value in changes.items():
                setattr(row, name, value)
            work.add(row)
            return row.state


@asynccontextmanager
async def opened(folder: Path, **terms: Any) -> AsyncIterator[Payer]:
    till = Till()
    managers = (paid_manager("sur", **terms), paid_manager("norte", **terms))
    async with open_world(folder, *managers, platforms=platforms(till)) as world:
        await world.person("sur", "ana@example.org", [("agua", "1")])
        app = Application({}, (), middleware=[Middleware(Threshold)])
        _open(app, Settings(data=folder), world.services, SCHEMA, sign_ins={}, site=None)
        transport = httpx2.ASGITransport(app=app, client=("203.0.113.9", 4711))
        async with httpx2.AsyncClient(transport=transport, base_url="https://sur.example") as client:
            yield Payer(world, till, client, await world.token("sur", "ana@example.org"))


@pytest.fixture
async def ana(tmp_path: Path) -> AsyncIterator[Payer]:
    async with opened(tmp_path) as payer:
        yield payer


async def test_a_payer_is_led_there_and_back(ana: Payer) -> None:
    checkout = await ana.pays()
    there = await ana.client.get(checkout["redirectUrl"])
    assert (there.status_code, there.headers["location"]) == (303, f"{HOST}/pay/{checkout['reference']}")
    assert there.headers["cache-control"] == "no-store"
    assert there.headers["referrer-policy"] == "no-referrer"
    assert await ana.state() == "REDIRECTED"
    (order,) = ana.till.orders.values()
    back = await ana.client.get(order["return"], params={"status": "APPROVED"})
    assert (back.status_code, back.headers["location"]) == (303, f"/pagos?checkout={checkout['id']}")
    assert await ana.state() == "PENDING"
    (row,) = await rows(ana.world)
    assert (row.redirected_at, row.returned_at, row.due_at) == (NOW, NOW, NOW)
    again = await ana.client.get(checkout["redirectUrl"])  # the first way of paying failed: they try another
    assert again.headers["location"] == there.headers["location"]
    assert await ana.state() == "PENDING"


async def test_coming_back_wakes_the_worker_and_nothing_more(tmp_path: Path) -> None:
    async with opened(tmp_path) as ana:
        rung: list[None] = []
        object.__setattr__(ana.world.services, "wake_worker", lambda: rung.append(None))
        url = (await ana.pays())["redirectUrl"]
        assert rung == []
        await ana.client.get(f"{url}/return")
        await ana.client.get(f"{url}/return")
    assert len(rung) == 1


async def test_a_form_is_posted_by_itself_or_by_its_button(tmp_path: Path) -> None:
    async with opened(tmp_path, form=True, name='Sur & "Co"') as ana:
        checkout = await ana.pays()
        page = await ana.client.get(checkout["redirectUrl"], headers={"accept-language": "en"})
        state = await ana.state()
    assert (page.status_code, page.headers["content-type"], state) == (200, "text/html; charset=utf-8", "REDIRECTED")
    assert page.headers["content-language"] == "en"
    policy = page.headers["content-security-policy"]
    assert policy.endswith("; form-action https:")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; ")
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    assert unescape(fields["return"]) == f"https://sur.example{checkout['redirectUrl']}/return"
    assert fields["reference"] == checkout["reference"]
    assert f'<form method="post" action="{HOST}/form"' in page.text
    assert "<button>Go on</button>" in page.text
    assert "Sur &amp; &quot;Co&quot;" in page.text


async def test_the_one_script_of_the_page_is_the_one_that_its_policy_lets_run(tmp_path: Path) -> None:
    async with opened(tmp_path, form=True) as ana:
        page = await ana.client.get((await ana.pays())["redirectUrl"])
    (script,) = re.findall("<script>(.*?)</script>", page.text)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("state", [state for state in CheckoutState if state not in RUNNING])
async def test_what_has_ended_leads_back_into_the_portal(ana: Payer, state: CheckoutState) -> None:
    checkout = await ana.pays()
    await ana.state(state=state.value)
    for address in (checkout["redirectUrl"], f"{checkout['redirectUrl']}/return"):
        answer = await ana.client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/pagos?checkout={checkout['id']}")
    assert await ana.state() == state


async def test_what_is_over_leads_back_before_anybody_has_looked(ana: Payer) -> None:
    checkout = await ana.pays()
    await ana.state(expires_at=NOW)
    answer = await ana.client.get(checkout["redirectUrl"])
    assert answer.headers["location"] == f"/pagos?checkout={checkout['id']}"
    assert await ana.state(expires_at=NOW + timedelta(minutes=1)) == "CREATED"


async def test_wrong_links_are_all_alike(ana: Payer) -> None:
    checkout = await ana.pays()
    token = checkout["redirectUrl"].removeprefix(checkout_links.PATH)
    other = "A" if token[5] != "A" else "B"
    last = {"A": "B", "Q": "R", "g": "h", "w": "x"}.get(token[-1], "A")
    keys = ana.world.services.keys
    wrong = [
        token[:5] + other + token[6:],
        token[:-1] + last,  # the same bytes, in another spelling
        f"{token}=",
        token[:-1],
        checkout["id"],
        checkout_links.path(keys, "norte", checkout["id"]).removeprefix(checkout_links.PATH),
        checkout_links.path(keys, "sur", "0" * 32).removeprefix(checkout_links.PATH),
        "%C3%B1",
        "x",
    ]
    answers = [await ana.client.get(f"{checkout_links.PATH}{each}{rest}") for each in wrong for rest in ("", "/return")]
    told = {(answer.status_code, answer.text, len(answer.headers)) for answer in answers}
    assert len(told) == 1
    assert answers[0].status_code == 404
    elsewhere = await ana.client.get(f"https://norte.example{checkout['redirectUrl']}")
    assert (elsewhere.status_code, elsewhere.text) == (404, answers[0].text)
    assert await ana.state() == "CREATED"


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
async def test_whoever_only_looks_has_not_left(ana: Payer, method: str) -> None:
    checkout = await ana.pays()
    for address in (checkout["redirectUrl"], f"{checkout['redirectUrl']}/return"):
        assert (await ana.client.request(method, address)).status_code == 405
    assert await ana.state() == "CREATED"


async def test_the_link_needs_no_session_and_minds_none(ana: Payer) -> None:
    checkout = await ana.pays()
    headers = {"authorization": "Bearer nobody", "cookie": "ventanilla=nobody"}
    assert (await ana.client.get(checkout["redirectUrl"], headers=headers)).status_code == 303
