"""The manager's own people at work: people, access for many, rules, programs and the look of the portal."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.colleagues import ADMINS, REFUSED, at_work, sure
from tests.browser.conftest import Pages, Portals, checked, sign_in
from ventanilla.gateway.demo.books import wspolnoty

SCREENS = ("people", "access", "access/new", "letters", "payments", "strays", "programs", "policy", "theme")

TYPED_AT_ONCE = """typed => new MutationObserver((_, observer) => {
    const search = document.querySelector('#f-search');
    if (!search) return;
    observer.disconnect();
    search.value = typed;
    search.dispatchEvent(new Event('input', {bubbles: true}));
}).observe(document.querySelector('#picker'), {childList: true})"""


def person_of(page: Page, staff: str, search: str) -> None:
    """Find somebody by typing, and open what is known of them."""
    page.goto(f"{staff}/people")
    page.locator("#search").press_sequentially(search)
    expect(page.locator("#rows a.item")).to_have_count(1)
    page.locator("#rows a.item").click()
    page.wait_for_url(re.compile(r"/staff/people/\w+$"))


@pytest.mark.parametrize("slug", ADMINS)
@pytest.mark.parametrize("width", [390, 1280])
def test_every_screen_of_every_manager(demo: Portals, browser_page: Pages, slug: str, width: int) -> None:
    with at_work(demo, browser_page, slug, width=width) as (page, staff):
        for screen in SCREENS:
            answer = page.goto(f"{staff}/{screen}")
            assert answer
            assert answer.status == 200
            checked(page, f"staff-{slug}-{screen.replace('/', '-')}-{width}")


def test_who_does_not_administer_access_sees_less_and_customers_nothing(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "aguas", email="silvina@aguasdelceibo.example") as (page, staff):
        person_of(page, staff, "marta")
        expect(page.locator("button[value=see_as]")).to_be_visible()
        expect(page.locator("button[value=disable]")).to_have_count(0)
        checked(page, "staff-person-by-colleague")
    with browser_page(tolerated=("404",)) as page:
        sign_in(page, demo, "aguas", "marta@vecinos.example")
        for screen in SCREENS:
            answer = page.goto(f"{demo.portal('aguas')}/staff/{screen}")
            assert answer
            assert answer.status == 404


def test_seeing_the_portal_as_a_customer_until_one_stops(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "aguas") as (page, staff):
        person_of(page, staff, "hector")
        checked(page, "staff-person")
        page.fill("[name=reason]", "Pregunta por su saldo a favor")
        page.click("button[value=see_as]")
        banner = page.locator(".seen-by")
        expect(banner).to_contain_text("Gustavo Etcheverry")
        checked(page, "staff-seeing")

        banner.locator("button[value=stop]").click()
        page.wait_for_url("**/staff/people")
        expect(page.locator("[data-said]")).to_contain_text("Vuelve a ser usted")
        expect(banner).to_have_count(0)


def test_a_person_is_kept_out_and_let_in_again(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "aguas") as (page, staff):
        asked = sure(page)
        person_of(page, staff, "lucia")
        page.click("button[value=disable]")
        expect(page.locator("[data-said]")).to_contain_text("bloqueado")
        expect(page.locator("button[value=see_as]")).to_have_count(0)
        checked(page, "staff-person-disabled")
        page.click("button[value=enable]")
        expect(page.locator("[data-said]")).to_contain_text("otra vez")
        assert len(asked) == 1


def test_a_colleague_is_made_and_sent_back(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "inmobiliaria") as (page, staff):
        asked = sure(page)
        person_of(page, staff, "santiago")
        page.select_option("[name=staffRole]", "STAFF")
        page.click("button[value=role]")
        expect(page.locator(".head .chip")).to_have_text("Personal")
        page.select_option("[name=staffRole]", "CUSTOMER")
        page.click("button[value=role]")
        expect(page.locator(".head .chip")).to_have_count(0)
        assert len(asked) == 2


def test_a_mandate_is_granted_and_ended(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "osiedle", tolerated=REFUSED) as (page, staff):
        asked = sure(page)
        person_of(page, staff, "katarzyna")
        page.get_by_role("link", name="Nadaj lub zakończ mandat").click()
        checked(page, "staff-mandates")
        page.select_option("[name=office]", "wspolnoty")
        page.fill("[name=subjectKey]", "nikt-taki")
        page.click("button[value=grant]")
        expect(page.locator("[name=subjectKey]")).to_have_attribute("aria-invalid", "true")
        page.fill("[name=subjectKey]", wspolnoty.book(date(2026, 11, 15)).communities[0].key)
        page.click("button[value=grant]")
        expect(page.locator("[data-said]")).to_contain_text("nadano")
        checked(page, "staff-mandates-granted")
        page.click("button[value=end]")
        expect(page.locator("[data-said]")).to_contain_text("kończy się dzisiaj")
        assert len(asked) == 1


def test_access_is_prepared_looked_through_sent_and_followed(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "inmobiliaria") as (page, staff):
        asked = sure(page)
        page.goto(f"{staff}/access/new")
        page.check("[name=audience][value=SUPPLIERS]")
        page.click("button[value=preview]")
        expect(page.locator("#preview .figure")).to_be_visible()
        everybody = int(page.locator("#preview .figure").inner_text())
        page.check("[name=filterMode][value=EXCEPT]")
        page.locator("#f-search").press_sequentially("Plomer")  # invited by another test, which may come before
        found = page.locator("#picker .item [name=party]")
        expect(found.first).to_be_visible()
        found.first.click()  # not check(), which presses the next one once this has moved up among the picked
        expect(page.locator(".picked [name=party]")).to_have_count(1)
        page.click("button[value=preview]")
        expect(page.locator("#preview .figure")).to_have_text(str(everybody - 1))
        checked(page, "staff-access-chosen")

        page.click("button[value=generate]")
        page.wait_for_url(re.compile(r"/staff/access/\w+$"))
        expect(page.locator("button[value=send]")).to_be_visible()
        expect(page.locator("#rows .item")).to_have_count(everybody - 1)
        checked(page, "staff-batch-generated")
        page.click("button[value=send]")
        expect(page.locator("progress")).to_be_visible()
        checked(page, "staff-batch-sending")
        expect(page.locator("#status [data-ended]")).to_be_attached()
        checked(page, "staff-batch-sent")
        assert len(asked) == 1
        page.goto(f"{staff}/access")
        expect(page.locator("#rows a.item").first).to_contain_text("Proveedores")
        checked(page, "staff-access-list")


def test_what_arrives_on_the_page_listens_from_its_first_moment(demo: Portals, browser_page: Pages) -> None:
    """Somebody quick, or a slow machine, types before the page has settled: no letter of it is lost."""
    with at_work(demo, browser_page, "inmobiliaria") as (page, staff):
        page.goto(f"{staff}/access/new")
        page.check("[name=audience][value=SUPPLIERS]")
        page.evaluate(TYPED_AT_ONCE, "Plomer")
        page.check("[name=filterMode][value=ONLY]")
        expect(page.locator("#found .item [name=party]")).to_have_count(1)


def test_what_waits_is_held_back(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "aguas") as (page, staff):
        sure(page)
        page.goto(f"{staff}/access/new")
        page.click("button[value=generate]")
        page.locator("button[value=cancel]").click()
        expect(page.locator("[data-said]")).to_contain_text("cancelada")
        expect(page.locator("#status")).to_contain_text("Cancelado")
        checked(page, "staff-batch-cancelled")


def test_nobody_is_left_out_without_being_picked(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "osiedle") as (page, staff):
        page.goto(f"{staff}/access/new")
        page.check("[name=filterMode][value=ONLY]")
        expect(page.locator("#picker")).to_contain_text("Nikogo jeszcze nie wybrano")
        page.click("button[value=preview]")
        expect(page.locator("#preview")).to_contain_text("co najmniej jedną osobę")


def test_password_rules_are_refused_at_their_field_and_kept(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "osiedle", tolerated=REFUSED) as (page, staff):
        page.goto(f"{staff}/policy")
        before = page.locator("[name=minLength]").input_value()
        for wrong in ("2", "dwa"):
            page.fill("[name=minLength]", wrong)
            page.click("button[value=save]")
            expect(page.locator("[name=minLength]")).to_have_attribute("aria-invalid", "true")
            expect(page.locator("[name=minLength]")).to_have_value(wrong)
        page.fill("[name=minLength]", before)
        page.click("button[value=save]")
        expect(page.locator("[data-said]")).to_contain_text("od teraz")


def test_a_program_gets_a_secret_once_another_one_and_ends(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "aguas", tolerated=REFUSED) as (page, staff):
        asked = sure(page)
        page.goto(f"{staff}/programs")
        page.fill("[name=name]", "Contabilidad")
        page.click("button[value=create]")
        expect(page.locator("main .wrong, main [role=alert]").first).to_be_visible()
        page.check("[value='invoices:export']")
        page.click("button[value=create]")
        first = page.locator("#secret").inner_text()
        checked(page, "staff-program-secret")
        page.goto(f"{staff}/programs")
        expect(page.locator("#secret")).to_have_count(0)
        program = page.locator("section.card", has_text="Contabilidad")
        program.locator("summary").click()
        checked(page, "staff-programs")
        program.locator("button[value=rotate]").click()
        expect(page.locator("#secret")).not_to_have_text(first)
        page.goto(f"{staff}/programs")
        page.locator("summary").first.click()
        page.locator("button[value=revoke]").first.click()
        expect(page.locator("[data-said]")).to_contain_text("dado de baja")
        assert len(asked) == 2


def test_a_look_is_tried_mended_and_kept(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "inmobiliaria", width=1280, tolerated=REFUSED) as (page, staff):
        sure(page)
        page.goto(f"{staff}/theme")
        before = page.locator("[name=primary]").input_value()
        page.locator("[name=primary]").fill("#f0f0f0")
        expect(page.locator("button[value=take]")).to_be_visible()
        expect(page.locator("svg[role=img] rect").nth(1)).to_have_attribute("fill", "#f0f0f0")
        checked(page, "staff-theme-failing")
        page.click("button[value=save]")
        expect(page.locator("main [role=alert]").first).to_be_visible()
        page.click("button[value=take]")
        expect(page.locator("button[value=take]")).to_have_count(0)
        page.locator("[name=primary]").fill(before)
        page.click("button[value=save]")
        expect(page.locator("[data-said]")).to_contain_text("desde ahora")
        checked(page, "staff-theme-kept")
