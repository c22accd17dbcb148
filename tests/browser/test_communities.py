"""Communities, their boards and suppliers, and the notices, as people see them."""

import re
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Pages, Portals, checked, sign_in
from tests.browser.test_details import to_account
from tests.gateway.demo.walking import EXAMPLES, Person

KATARZYNA = "katarzyna@sasiedzi.example"
ANDRZEJ = "andrzej@wlasciciele.example"
EWA = "ewa@wlasciciele.example"
JAN = "biuro@hydraulikabrda.example"
MARTA = "marta@vecinos.example"
GRACIELA = "graciela@consorcios.example"

each_look = pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
Scheme = Literal["light", "dark"]


@each_look
def test_a_share_is_an_exact_fraction(demo: Portals, browser_page: Pages, width: int, scheme: Scheme) -> None:
    with browser_page(width, scheme, locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", KATARZYNA)
        to_account(page, demo, "osiedle", "W1-015-K", "community")
        shares = page.locator("section", has_text="Udział w nieruchomości").locator("li")
        expect(shares).to_have_count(2)
        expect(shares.first).to_contain_text(re.compile(r"5\s430 / 137\s798"))
        expect(shares.first).to_contain_text("3,94%")
        expect(page.get_by_role("link", name="Mapa: Gdańska 288")).to_be_visible()
        checked(page, f"community-{width}")


def test_where_there_are_no_communities_nothing_is_promised(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", MARTA)
        to_account(page, demo, "aguas", "101-00123-8", "community")
        expect(page.locator("main")).to_contain_text("Esto no está disponible en este portal")
        checked(page, "community-none")


@each_look
def test_the_board_sees_how_its_community_stands(
    demo: Portals, browser_page: Pages, width: int, scheme: Scheme
) -> None:
    (mandate,) = Person(demo.demo, "osiedle", ANDRZEJ).ask(EXAMPLES["board"])["viewer"]["mandates"]
    in_arrears = mandate["community"]["boardArea"]["arrears"]["totalCount"]  # on this day of the month
    with browser_page(width, scheme, locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", ANDRZEJ)
        page.goto(f"{demo.portal('osiedle')}/board")
        expect(page.get_by_role("heading", level=1)).to_have_text("Wspólnota Mieszkaniowa Gdańska 288")
        expect(page.locator(".figures dd")).to_have_count(4)
        rows = page.locator("#rows > li")
        expect(rows).to_have_count(2)
        checked(page, f"board-{width}")
        page.get_by_role("link", name="Zaległości").click()
        expect(rows.first).to_contain_text("Lokal")
        expect(rows).to_have_count(in_arrears)
        checked(page, f"board-arrears-{width}")
        page.get_by_role("link", name="Faktury dostawców").click()
        expect(rows).to_have_count(10)
        expect(page.locator("#rows .chip", has_text="Zapłacona").first).to_be_visible()


def test_a_board_is_closed_to_who_left_it(demo: Portals, browser_page: Pages) -> None:
    with browser_page(locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", ANDRZEJ)
        page.goto(f"{demo.portal('osiedle')}/board")
        community = page.get_by_role("link", name="Zaległości").get_attribute("href")
    with browser_page(locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", EWA)
        page.goto(f"{demo.portal('osiedle')}/board{community}")
        expect(page.locator("main")).to_contain_text("Nie zasiadasz obecnie w żadnym zarządzie")
        expect(page.locator("main")).not_to_contain_text("Lokal")
        checked(page, "board-none")


@each_look
def test_a_supplier_sees_where_each_invoice_stands(
    demo: Portals, browser_page: Pages, width: int, scheme: Scheme
) -> None:
    with browser_page(width, scheme, locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", JAN)
        page.goto(f"{demo.portal('osiedle')}/supplier")
        rows = page.locator("#rows > li")
        expect(rows).to_have_count(6)
        checked(page, f"supplier-{width}")
        page.get_by_role("link", name="Odrzucone").click()
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("Nie zostanie zapłacona")


def test_who_is_no_supplier_is_told_so(demo: Portals, browser_page: Pages) -> None:
    with browser_page(locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", KATARZYNA)
        page.goto(f"{demo.portal('osiedle')}/supplier")
        expect(page.locator("main")).to_contain_text("Ta strona jest dla dostawców")
        checked(page, "supplier-none")


@each_look
def test_notices_are_read(demo: Portals, browser_page: Pages, width: int, scheme: Scheme) -> None:
    with browser_page(width, scheme) as page:
        sign_in(page, demo, "aguas", GRACIELA)
        page.goto(f"{demo.portal('aguas')}/notices")
        rows = page.locator("#rows a.item")
        expect(rows).to_have_count(4)
        checked(page, f"notices-{width}")
        title = rows.first.locator("b").inner_text()
        rows.first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.locator("article p").nth(1)).to_be_visible()
        checked(page, f"notice-{width}")


def test_somebody_without_notices_is_told_where_they_will_come(demo: Portals, browser_page: Pages) -> None:
    with browser_page(locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", JAN)
        page.goto(f"{demo.portal('osiedle')}/notices")
        expect(page.locator("#rows")).to_contain_text("Nowe pojawią się tutaj")
        checked(page, "notices-none")
