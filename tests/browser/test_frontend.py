"""The single-page example in a real browser: sign in, pay, and watch until it is booked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Pages, Portals, axe, checked, shot
from tests.gateway.demo.process import free_ports, running
from tests.gateway.stock import demo_data
from ventanilla.gateway.demo.people import PASSWORD

MARTA = "marta@vecinos.example"
OFFLINE = "ERR_INTERNET_DISCONNECTED"
BOOKED_MS = 60_000
"""What takes longer will not come any more."""


@pytest.fixture(scope="module")
def demo(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portals]:
    """A demo of its own: what is paid here is owed by nobody elsewhere."""
    data = tmp_path_factory.mktemp("single-page") / "data"
    shutil.copytree(demo_data(shared_folder), data)
    with running(data, free_ports()) as process:
        yield Portals(process)


def open_page(page: Page, demo: Portals, slug: str) -> None:
    """The page, in English as somebody has chosen it."""
    page.context.add_init_script("localStorage.language ??= 'en'")
    page.goto(f"{demo.portal(slug)}/single-page/")
    expect(page.get_by_label("Password", exact=True)).to_be_visible()


def come_in(page: Page, demo: Portals, slug: str, email: str) -> None:
    open_page(page, demo, slug)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello, ")


def account(page: Page, number: str) -> Locator:
    return page.get_by_role("region", name=f"Account {number}")


def choose_all(page: Page, number: str) -> int:
    """Tick all that is pending of an account, and go on to what it costs; how many invoices that is."""
    card = account(page, number)
    expect(card.get_by_role("checkbox").first).to_be_visible()
    boxes = card.get_by_role("checkbox").all()
    for box in boxes:
        box.check()
    card.get_by_role("button", name=re.compile("^Pay ")).click()
    return len(boxes)


def say_yes(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Yes, ")).click()


def to_the_platform(page: Page) -> None:
    """Say yes, and arrive at the simulator's page."""
    say_yes(page)
    expect(page.locator("button[value=pay]")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme", "number"),
    [(390, "light", "101-00123-8"), (1280, "dark", "102-00088-2")],
)
def test_who_pays_finds_the_receipt(
    demo: Portals, browser_page: Pages, width: int, scheme: Literal["light", "dark"], number: str
) -> None:
    name = f"single-page-{width}-{scheme}"
    with browser_page(width, scheme) as page:
        open_page(page, demo, "aguas")
        checked(page, f"{name}-sign-in")
        come_in(page, demo, "aguas", MARTA)
        expect(account(page, number)).to_contain_text("overdue since")
        checked(page, f"{name}-home")

        count = choose_all(page, number)
        rows = page.get_by_role("row")
        expect(rows).to_have_count(count + 4)
        total = rows.last.get_by_role("cell").inner_text()
        checked(page, f"{name}-quote")
        to_the_platform(page)
        page.locator("button[value=pay]").click()

        expect(page.get_by_role("heading", name="Paid")).to_be_visible(timeout=BOOKED_MS)
        expect(page.locator("main")).to_contain_text(total)
        checked(page, f"{name}-paid")
        with page.expect_download() as download:
            page.get_by_role("link", name="Receipt (PDF)").click()
        assert download.value.path().read_bytes().startswith(b"%PDF-")
        page.get_by_role("link", name="Back to my accounts").click()
        expect(account(page, number)).to_contain_text("No invoice is pending.")


def test_are_you_sure_is_asked_with_the_focus_kept(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        come_in(page, demo, "osiedle", "zenon@sasiedzi.example")
        choose_all(page, "01-004-0021")
        pay = page.get_by_role("button", name=re.compile("^Pay "))
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        pay.press("Enter")
        dialog = page.get_by_role("dialog", name="Are you sure?")
        expect(dialog.get_by_role("button", name="No, not now")).to_be_focused()
        expect(dialog).to_contain_text(pay.inner_text().removeprefix("Pay "))
        checked(page, "single-page-sure")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(pay).to_be_focused()


def test_what_the_platform_confirms_is_told_to_a_page_that_waits(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        come_in(page, demo, "inmobiliaria", "laura@inquilinos.example")
        choose_all(page, "CA-0147")
        to_the_platform(page)

        waiting = page.context.new_page()
        waiting.goto(f"{demo.portal('inmobiliaria')}/single-page/")
        waiting.get_by_role("link", name="Look at it").click()
        expect(waiting.get_by_role("heading", name="Not paid yet")).to_be_visible()
        shot(waiting, "single-page-waiting")  # its stream is open: the network is never idle
        axe(waiting)
        page.locator("button[value=pay]").click()
        expect(waiting.get_by_role("heading", name="Paid")).to_be_visible(timeout=BOOKED_MS)
        expect(waiting.get_by_role("status").filter(has_text="Paid")).to_have_count(1)


def test_who_has_not_left_yet_takes_it_back(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        come_in(page, demo, "aguas", "norma@vecinos.example")
        page.route(
            "**/checkouts/*", lambda route: route.abort("aborted")
        )  # who has seen the platform's page may be paying
        choose_all(page, "101-00402-6")
        with page.expect_event("requestfailed", lambda request: "/checkouts/" in request.url):
            say_yes(page)
        expect(page.get_by_role("status")).to_have_text("Taking you to Mercado Pago…")
        page.reload()
        expect(page.get_by_role("alert")).to_be_visible()
        checked(page, "single-page-held")
        page.get_by_role("link", name="See that payment").click()
        page.get_by_role("button", name="Take it back").click()
        page.get_by_role("dialog").get_by_role("button", name="Yes, take it back").click()
        expect(page.get_by_role("heading", name="The payment was taken back")).to_be_visible()
        page.get_by_role("link", name="Back to my accounts").click()
        choose_all(page, "101-00402-6")
        expect(page.get_by_role("row", name=re.compile("^Total"))).to_be_visible()


def test_what_is_refused_is_said(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        open_page(page, demo, "aguas")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("Enter your e-mail address and your password.")
        page.get_by_label("E-mail address").fill("nobody@vecinos.example")
        page.get_by_label("Password", exact=True).fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("wrong")
        checked(page, "single-page-refused")

        come_in(page, demo, "aguas", "norma@vecinos.example")
        page.get_by_role("button", name="Pay the chosen invoices").first.click()
        expect(page.get_by_role("alert")).to_have_text("Choose at least one invoice.")


def test_who_is_offline_is_told_and_goes_on_afterwards(demo: Portals, browser_page: Pages) -> None:
    with browser_page(tolerated=(OFFLINE,)) as page:
        come_in(page, demo, "aguas", "norma@vecinos.example")
        page.context.set_offline(True)
        choose_all(page, "101-00402-6")
        expect(page.get_by_role("alert")).to_contain_text("You are offline.")
        checked(page, "single-page-offline")
        page.context.set_offline(False)
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("row", name=re.compile("^Total"))).to_be_visible()


def test_a_session_that_is_over_is_told_and_leaves_nothing_behind(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        come_in(page, demo, "aguas", "hector@vecinos.example")
        expect(account(page, "101-00207-9")).to_contain_text("In your favour")
        page.context.clear_cookies()
        page.evaluate("location.hash = '#/checkout/nothing'")
        expect(page.get_by_role("status")).to_have_text("Your session is over. Sign in again.")
        expect(page.locator("main")).not_to_contain_text("101-00207-9")


def test_accounts_come_a_page_at_a_time(demo: Portals, browser_page: Pages) -> None:
    with browser_page(1280) as page:
        come_in(page, demo, "aguas", "graciela@consorcios.example")
        cards = page.get_by_role("region")
        expect(cards).to_have_count(12)
        page.get_by_role("button", name="More accounts").click()
        expect(cards).to_have_count(14)
        expect(page.get_by_role("button", name="More accounts")).to_be_hidden()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("Password", exact=True)).to_be_visible()


def test_it_speaks_the_languages_of_its_manager(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        come_in(page, demo, "osiedle", "zenon@sasiedzi.example")
        page.get_by_label("Language").select_option("pl")
        expect(page.get_by_role("heading", level=1)).to_have_text("Dzień dobry, Zenon Adamczyk")
        assert page.evaluate("document.documentElement.lang") == "pl"
        card = page.get_by_role("region", name="Konto 01-004-0021")
        expect(card).to_contain_text(re.compile(r"Do zapłaty\s\d+,\d\d\szł"))
        boxes = card.get_by_role("checkbox")
        boxes.nth(0).check()
        boxes.nth(1).check()
        expect(card.get_by_role("button", name="Zapłać 2 faktury")).to_be_visible()
        checked(page, "single-page-polish")
