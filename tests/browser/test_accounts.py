"""The viewer's accounts, as people see and use them; and the frame that stands around every page."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Pages, Portals, checked, sign_in
from tests.browser.newcomers import PASSWORD as NEW_PASSWORD
from tests.browser.newcomers import Newcomer

MARTA = "marta@vecinos.example"
GRACIELA = "graciela@consorcios.example"


def test_an_account_is_made_the_one_to_open_with_and_let_go(demo: Portals, browser_page: Pages) -> None:
    # Somebody of its own: whoever of the demo lost an account would lack it in the tests that come after.
    vera = Newcomer(demo, "aguas", "vera@vecinos.example")
    token = vera.token()
    (found,) = vera.ask("start-account-link", token, number="101-00311-9")["previews"]
    vera.ask("confirm-account-link", token, token=found["token"])
    with browser_page() as page:
        sign_in(page, demo, "aguas", vera.email, NEW_PASSWORD)
        page.goto(f"{demo.portal('aguas')}/accounts")
        checked(page, "accounts")
        page.get_by_text("Opciones").click()
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("button", name="Desvincular").click()
        expect(page.get_by_text("101-00311-9").first).to_be_visible()

        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Desvincular").click()
        page.wait_for_url(re.compile("/(link|accounts)$"))
        expect(page.get_by_role("status").first).to_contain_text("ya no está vinculada")


def test_a_long_list_is_searched_and_gone_through_in_place(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", GRACIELA)
        page.goto(f"{demo.portal('aguas')}/accounts")
        rows = page.locator("#rows a.item")
        expect(rows).to_have_count(10)
        page.get_by_role("link", name="Ver más").click()
        expect(rows).to_have_count(14)
        number = rows.nth(11).locator("small").first.inner_text().split(" ")[0]

        page.get_by_role("searchbox").fill(number)
        expect(rows).to_have_count(1)
        page.get_by_role("searchbox").fill("999")
        expect(page.get_by_text("Ninguna de sus cuentas")).to_be_visible()
        checked(page, "accounts-none")


def test_the_menu_opens_by_keyboard_and_leads_on(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", MARTA)
        page.goto(f"{demo.portal('aguas')}/accounts")
        page.keyboard.press("Tab")
        expect(page.get_by_text("Ir al contenido")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.get_by_role("button", name="Más").press("Enter")
        expect(page.locator("#more")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#more")).to_be_hidden()


def test_language_and_appearance_are_chosen_and_kept(demo: Portals, browser_page: Pages) -> None:
    with browser_page(1280, locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", "katarzyna@sasiedzi.example")
        page.goto(f"{demo.portal('osiedle')}/accounts")
        expect(page.get_by_role("heading", level=1)).to_have_text("Moje konta")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("My accounts")
        page.get_by_role("button", name="Dark").click()
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
        checked(page, "accounts-dark")


def test_without_scripts_everything_still_leads_somewhere(demo: Portals, browser_page: Pages) -> None:
    with browser_page(scripts=False) as page:
        sign_in(page, demo, "aguas", GRACIELA)
        page.goto(f"{demo.portal('aguas')}/accounts")
        page.get_by_role("link", name="Ver más").click()
        expect(page.locator("#rows a.item")).to_have_count(4)
