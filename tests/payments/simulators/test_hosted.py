"""The page that payers are sent to, as a browser without scripts uses it."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from typing import Any

import httpx2
import pytest

from tests.payments.simulators.bench import HOST, PORTAL, REFERENCE, Bench
from ventanilla.payments.contract import NewsStatus
from ventanilla.payments.simulators.records import Telling
from ventanilla.payments.simulators.words import LANGUAGES, words

pytestmark = pytest.mark.anyio
ENGLISH = {"accept-language": "en"}
RETURN = f"{PORTAL}/checkouts/token/return"


async def press(bench: Bench, page: str, do: str, telling: str = "ONCE") -> httpx2.Response:
    return await bench.browser.post(page, data={"do": do, "telling": telling})


async def statuses(bench: Bench) -> list[NewsStatus]:
    return [news.status for news in await bench.status()]


async def test_says_what_is_paid_how_much_and_for_whom(bench: Bench) -> None:
    page = (await bench.browser.get(await bench.begin(), headers=ENGLISH)).text

    assert "Aguas del Ceibo" in page
    assert "12,345.00" in page
    assert REFERENCE in page
    assert "This is a simulator: no money moves." in page


@pytest.mark.parametrize(
    ("language", "told"), [("es", "no se mueve dinero"), ("pl", "To jest symulator"), ("en", "no money moves")]
)
async def test_speaks_the_payers_language(autopay: Bench, language: str, told: str) -> None:
    page = await autopay.browser.get(await autopay.begin(language=language))

    assert f'<html lang="{language}">' in page.text
    assert told in page.text


@pytest.mark.parametrize(
    ("accepted", "language"), [("pl-PL,pl;q=0.9", "pl"), ("de, en;q=0.5", "en"), ("de", "es"), ("", "es")]
)
async def test_where_the_order_names_no_language_the_browser_does(wompi: Bench, accepted: str, language: str) -> None:
    page = await wompi.browser.get(await wompi.begin(), headers={"accept-language": accepted})
    assert f'<html lang="{language}">' in page.text


def test_every_text_is_there_in_every_language() -> None:
    by_language = [words(language) for language in LANGUAGES]

    assert all(texts.keys() == by_language[0].keys() for texts in by_language)
    assert all(text.strip() for texts in by_language for text in texts.values())
    assert {*Telling} <= by_language[0].keys()


async def test_runs_no_script_and_asks_no_other_host(bench: Bench) -> None:
    page = await bench.browser.get(await bench.begin())
    policy = page.headers["content-security-policy"]
    (style,) = re.findall("<style>(.*?)</style>", page.text, re.DOTALL)

    assert b64encode(sha256(style.encode()).digest()).decode() in policy
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert "src=" not in page.text
    assert policy.endswith(f"form-action 'self' {PORTAL}")
    assert policy.startswith("default-src 'none'; ")


async def test_what_the_order_says_is_text(mercado_pago: Bench) -> None:
    page = await mercado_pago.browser.get(await mercado_pago.begin(description="<b>&</b>\"'"))

    assert "<b>" not in page.text
    assert "<b>&</b>\"'" in unescape(page.text)


@pytest.mark.parametrize(
    ("do", "status"), [("pay", NewsStatus.CONFIRMED), ("fail", NewsStatus.FAILED), ("later", NewsStatus.PENDING)]
)
async def test_leads_back_to_the_portal(bench: Bench, do: str, status: NewsStatus) -> None:
    answer = await press(bench, await bench.begin(), do)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{RETURN}?")
    assert await statuses(bench) == [status]
    assert await bench.simulator.deliver() == []  # the browser is back first


async def test_a_closed_tab_comes_back_to_nobody(bench: Bench) -> None:
    page = await bench.begin()
    answer = await press(bench, page, "close")
    shown = await bench.browser.get(answer.headers["location"], headers=ENGLISH)
    bench.clock.move(seconds=2)
    (delivery,) = await bench.simulator.deliver()

    assert answer.headers["location"].startswith(page)
    assert "Close this tab" in shown.text
    assert delivery.taken
    assert await statuses(bench) == [NewsStatus.CONFIRMED]


async def test_the_portal_is_told_before_the_browser_is_back(bench: Bench) -> None:
    await press(bench, await bench.begin(), "pay", "BEFORE_RETURN")

    assert len(bench.portal.heard) == 1
    assert bench.memory.notices == {}


@pytest.mark.parametrize(
    ("telling", "notices"), [("ONCE", 1), ("TWICE", 2), ("OTHER_AMOUNT", 1), ("OUT_OF_ORDER", 2), ("NEVER", 0)]
)
async def test_the_bench_says_how_the_portal_is_told(bench: Bench, telling: str, notices: int) -> None:
    await press(bench, await bench.begin(), "pay", telling)
    bench.clock.move(seconds=2)

    assert len(await bench.simulator.deliver()) == notices
    (news,) = await bench.status()
    assert (news.amount == bench.order().amount) == (telling != "OTHER_AMOUNT")


async def test_what_is_put_off_ends_as_the_bench_said(bench: Bench) -> None:
    await press(bench, await bench.begin(), "later", "NEVER")
    bench.clock.move(minutes=2)

    assert await bench.simulator.deliver() == []
    assert await statuses(bench) == [NewsStatus.CONFIRMED]


async def test_who_failed_may_try_again_and_who_paid_has_to_want_it(bench: Bench) -> None:
    page = await bench.begin()
    await press(bench, page, "fail")
    assert 'value="pay"' in (await bench.browser.get(page)).text
    await press(bench, page, "pay")
    paid = (await bench.browser.get(page)).text
    assert 'value="pay"' not in paid
    assert 'value="once_more"' in paid
    await press(bench, page, "once_more")

    assert await statuses(bench) == [NewsStatus.FAILED, NewsStatus.CONFIRMED, NewsStatus.CONFIRMED]


async def test_gives_back_and_charges_back(mercado_pago: Bench) -> None:
    page = await mercado_pago.begin()
    await press(mercado_pago, page, "pay")
    await press(mercado_pago, page, "once_more")
    assert (await press(mercado_pago, page, "refund")).headers["location"] == page
    assert (await press(mercado_pago, page, "chargeback")).headers["location"] == page

    # The newest one is what both are about.
    assert await statuses(mercado_pago) == [NewsStatus.CONFIRMED, NewsStatus.REVERSED]
    assert "charged back" in (await mercado_pago.browser.get(page, headers=ENGLISH)).text


async def test_what_is_not_offered_is_said(autopay: Bench) -> None:
    page = await autopay.begin()
    await press(autopay, page, "pay")
    answer = await press(autopay, page, "chargeback")

    assert answer.headers["location"] == f"{page}?told=not_done"
    assert "Not done" in (await autopay.browser.get(answer.headers["location"])).text
    assert await statuses(autopay) == [NewsStatus.CONFIRMED]


async def test_an_order_that_has_run_out_offers_nothing(bench: Bench) -> None:
    page = await bench.begin()
    bench.clock.move(hours=2)
    answer = await press(bench, page, "pay")

    assert answer.headers["location"] == f"{page}?told=gone"
    assert "<button" not in (await bench.browser.get(page)).text
    assert await statuses(bench) == []


@pytest.mark.parametrize("form", [{"do": "steal"}, {}, {"do": "pay", "telling": "LOUDLY"}])
async def test_a_button_that_there_is_not_does_nothing(bench: Bench, form: dict[str, Any]) -> None:
    page = await bench.begin()

    assert (await bench.browser.post(page, data=form)).status_code == 400
    assert await statuses(bench) == []


async def test_an_order_that_there_is_not_has_no_page(bench: Bench) -> None:
    nowhere = f"{bench.shop.address}/orders/nobody"

    assert (await bench.browser.get(nowhere)).status_code == 404
    assert (await press(bench, nowhere, "pay")).status_code == 404
    assert (await bench.browser.get(f"{HOST}/pay/nobody/")).status_code == 404


async def test_lists_orders_and_what_the_portal_has_not_taken(bench: Bench) -> None:
    listing = f"{bench.shop.address}/"
    assert "Nobody has begun to pay." in (await bench.browser.get(listing, headers=ENGLISH)).text
    page = await bench.begin()
    await press(bench, page, "pay")
    shown = (await bench.browser.get(listing, headers=ENGLISH)).text

    assert f'href="{page}"' in shown
    assert "has not taken yet: 1" in shown
