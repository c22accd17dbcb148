"""The manager's own people and other people's money: payments, refunds, what does not fit; and letters that left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.colleagues import REFUSED, at_work, sure
from tests.browser.conftest import Pages, Portals, checked
from tests.gateway.demo.payer import Payer, press

PAYERS = {"aguas": "graciela@consorcios.example", "osiedle": "andrzej@wlasciciele.example"}


def paid(demo: Portals, slug: str, number: str, telling: str) -> str:
    """Somebody pays an account at the platform, which then tells of it so; the reference."""
    payer = Payer(demo.demo, slug, PAYERS[slug], number)
    checkout = payer.commit(payer.quote())
    press(payer.at_the_platform(checkout), "pay", telling)
    return checkout["reference"]


def shown_in_the_end(page: Page, address: str, link: str) -> None:
    """Look again until what a platform told has come, and open it."""
    for _ in range(60):
        page.goto(address)
        if page.locator(link).count():
            break
        page.wait_for_timeout(500)
    page.locator(link).first.click()
    page.wait_for_load_state()


def test_a_payment_is_found_and_a_part_of_it_given_back(demo: Portals, browser_page: Pages) -> None:
    reference = paid(demo, "aguas", "101-00608-8", "ONCE")
    with at_work(demo, browser_page, "aguas", tolerated=REFUSED) as (page, staff):
        asked = sure(page)
        page.goto(f"{staff}/payments")
        checked(page, "staff-payments")
        page.fill("#reference", reference)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**reference={reference}")
        shown_in_the_end(page, f"{page.url}&state=paid", f"#rows a.item:has-text('{reference}')")
        page.fill("[name=reason]", "Pagó de más")
        page.fill("[name=amount]", "100,50")
        checked(page, "staff-payment")
        page.click("button[value=refund]")
        expect(page.locator("[data-said]")).to_contain_text("en marcha")
        expect(page.locator(".timeline")).to_contain_text("100,50")
        checked(page, "staff-payment-refunded")
        page.fill("[name=reason]", "Otra vez")
        page.fill("[name=amount]", "99999999")
        page.click("button[value=refund]")
        expect(page.locator("main .wrong, main [role=alert]").first).to_be_visible()
        assert len(asked) == 2


def test_money_that_does_not_fit_is_cleared_up_with_a_note(demo: Portals, browser_page: Pages) -> None:
    reference = paid(demo, "aguas", "101-00613-8", "OTHER_AMOUNT")
    with at_work(demo, browser_page, "aguas", tolerated=REFUSED) as (page, staff):
        asked = sure(page)
        shown_in_the_end(page, f"{staff}/strays", f"#rows a.item:has-text('{reference}')")
        expect(page.get_by_role("heading", level=1)).to_have_text("Otro importe")
        checked(page, "staff-stray")
        page.fill("[name=note]", "Se acordó por teléfono")
        page.click("button[value=dismiss]")
        expect(page.locator("[data-said]")).to_contain_text("cerrado")
        expect(page.get_by_text("Se acordó por teléfono")).to_be_visible()
        expect(page.locator("button[value=book], button[value=refund], button[value=dismiss]")).to_have_count(0)
        checked(page, "staff-stray-dismissed")
        assert len(asked) == 1


@pytest.mark.parametrize(("number", "decision", "became"), [
    ("W1-022-M", "book", "Zaksięgowana"),
    ("W2-012-K", "refund", "Zwrócona"),
])  # fmt: skip
def test_money_that_does_not_fit_is_booked_or_goes_back(
    demo: Portals, browser_page: Pages, number: str, decision: str, became: str
) -> None:
    reference = paid(demo, "osiedle", number, "OTHER_AMOUNT")
    with at_work(demo, browser_page, "osiedle") as (page, staff):
        asked = sure(page)
        shown_in_the_end(page, f"{staff}/strays", f"#rows a.item:has-text('{reference}')")
        if decision == "refund":
            page.fill("[name=reason]", "Pomyłka w kwocie")
        page.click(f"button[value={decision}]")
        expect(page.locator("[data-said]")).to_be_visible()
        expect(page.locator(".alert.good", has_text=became)).to_be_visible()
        page.goto(f"{staff}/strays?state=RESOLVED")
        expect(page.locator("#rows a.item", has_text=reference)).to_contain_text(became)
        checked(page, f"staff-strays-{decision}")
        assert len(asked) == 1


def test_a_letter_that_left_is_found_by_its_recipient(demo: Portals, browser_page: Pages) -> None:
    with at_work(demo, browser_page, "aguas") as (page, staff):
        with browser_page() as other:
            other.goto(f"{demo.portal('aguas')}/forgot")
            other.fill("[name=email]", "norma@vecinos.example")
            other.locator("main form button[name=do]").click()
            other.wait_for_load_state("networkidle")
        shown = page.locator("#rows .item", has_text="norma@vecinos.example")
        for _ in range(40):
            page.goto(f"{staff}/letters?state=SENT&recipient=norma@vecinos.example")
            if shown.count():
                break
            page.wait_for_timeout(500)
        expect(shown.first).to_contain_text("Otra contraseña")
        checked(page, "staff-letters-sent")
        page.fill("#recipient", "nadie@vecinos.example")
        page.keyboard.press("Enter")
        expect(page.get_by_text("No hay cartas así.")).to_be_visible()
