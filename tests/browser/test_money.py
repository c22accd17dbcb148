"""What is owed and paid, as people see it on their phones: from the home of an account to its receipt."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Pages, Portals, axe, checked, shot, sign_in, wide
from tests.browser.test_details import interest_segments
from tests.gateway.demo.payer import IN_DEBT
from ventanilla.gateway.demo.people import PASSWORD


class Payer(NamedTuple):
    """Somebody who has something to pay, and what they read there."""

    slug: str
    email: str
    locale: str
    sure: str
    paid: str
    account: str
    """The printed number of an account of theirs."""


LA_ESPIGA = Payer("aguas", "pagos@laespiga.example", "es-AR", "¿Confirma este pago?", "Pagado", "101-00501-5")
JHON = Payer("inmobiliaria", "jhon@inquilinos.example", "es-CO", "¿Confirma este pago?", "Pagado", "CA-0158")
ANDRZEJ = Payer("osiedle", "andrzej@wlasciciele.example", "pl-PL", "Czy na pewno zapłacić?", "Zapłacono", "W1-022-K")
CARLOS = Payer("inmobiliaria", "carlos@propietarios.example", "es-CO", "¿Confirma este pago?", "Pagado", "PR-0172")
GRACIELA = Payer("aguas", "graciela@consorcios.example", "es-AR", "¿Confirma este pago?", "Pagado", "101-00600-5")
MARTA = Payer("aguas", "marta@vecinos.example", "es-AR", "¿Confirma este pago?", "Pagado", "102-00088-2")


def home(page: Page, demo: Portals, payer: Payer) -> str:
    """Sign in and open the payer's account; the address of its home."""
    assert payer.account in IN_DEBT
    sign_in(page, demo, payer.slug, payer.email)
    page.goto(f"{demo.portal(payer.slug)}/accounts?number={payer.account}")
    page.locator("#rows a.item").first.click()
    page.wait_for_url("**/a/*")
    return page.url


def asked_whether_sure(page: Page, payer: Payer) -> None:
    """From the choice of invoices to what would be committed."""
    expect(page.locator("#total b")).to_be_visible()
    page.locator("button[value=review]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(payer.sure)


def led_to_the_platform(page: Page) -> None:
    page.locator("button[value=pay]").click()
    page.wait_for_url("**/pay/*/orders/*")


def amount(page: Page, where: str) -> str:
    return page.locator(where).first.inner_text()


def address(page: Page, link: str) -> str:
    """Where the first link of that kind leads."""
    return page.locator(link).first.evaluate("one => one.href")


@pytest.mark.parametrize("payer", [LA_ESPIGA, JHON, ANDRZEJ], ids=lambda payer: payer.slug)
def test_from_home_to_the_receipt(demo: Portals, browser_page: Pages, payer: Payer) -> None:
    with browser_page(locale=payer.locale) as page:
        start = home(page, demo, payer)
        owed = amount(page, ".panel .figure")
        checked(page, f"money-home-{payer.slug}")

        page.locator(".panel a.button").click()
        expect(page.locator("#total b")).to_be_visible()
        checked(page, f"money-pay-{payer.slug}")
        asked_whether_sure(page, payer)
        total = amount(page, ".sum .all dd")
        assert total in page.locator("button[value=pay]").inner_text()
        checked(page, f"money-sure-{payer.slug}")

        led_to_the_platform(page)
        page.locator("button[value=pay]").click()
        page.wait_for_url("**/return?checkout=*")
        expect(page.locator("[data-ended]")).to_be_attached(timeout=30_000)
        expect(page.locator("#standing h2")).to_have_text(payer.paid)
        assert amount(page, "#standing .figure") == total
        checked(page, f"money-paid-{payer.slug}")

        receipt = page.request.get(address(page, "a[href*='paper=PDF']"))
        assert receipt.headers["content-type"] == "application/pdf"
        page.goto(start)
        assert amount(page, ".panel .figure") != owed


def test_the_total_follows_what_is_ticked_and_nothing_is_added_up_here(demo: Portals, browser_page: Pages) -> None:
    # Who unticks quickly asks anew before the last answer has come: htmx tells the console of what it let go.
    with browser_page(locale="pl-PL", tolerated=("htmx:",)) as page:
        sign_in(page, demo, "osiedle", "zenon@sasiedzi.example")
        page.goto(f"{page.url}/pay")
        total = page.locator("#total b")
        expect(page.locator("#total")).to_contain_text("4 faktury")
        everything = total.inner_text()
        page.locator("input[name=invoice]").nth(0).uncheck()
        expect(page.locator("#total")).to_contain_text("3 faktury")
        expect(total).not_to_have_text(everything)
        for box in page.locator("input[name=invoice]").all():
            box.uncheck()
        expect(page.locator("#total")).to_contain_text("co najmniej jedną")

        page.locator("button[value=review]").click()
        expect(page.get_by_role("alert")).to_contain_text("co najmniej jedną")
        checked(page, "money-pay-nothing")


def test_pressing_pay_twice_makes_one_checkout(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        start = home(page, demo, GRACIELA)
        page.goto(f"{start}/pay")
        asked_whether_sure(page, GRACIELA)
        fields = page.locator("form:has(button[value=pay]) input")
        form = dict(fields.evaluate_all("all => all.map(one => [one.name, one.value])"))
        sent = {**form, "do": "pay"}
        own = {"sec-fetch-site": "same-origin"}
        twice = [page.request.post(page.url, form=sent, headers=own, max_redirects=0) for _ in range(2)]
        assert [each.status for each in twice] == [303, 303]
        assert twice[0].headers["location"] == twice[1].headers["location"]

        page.locator("button[value=pay]").dblclick()
        page.wait_for_url("**/pay/*/orders/*")
        page.goto(f"{start}/payments/online")
        expect(page.locator("#rows a.item")).to_have_count(1)
        checked(page, "money-online")


def test_a_lost_connection_is_said_and_the_same_payment_tried_again(demo: Portals, browser_page: Pages) -> None:
    with browser_page(tolerated=("ERR_FAILED", "htmx:")) as page:
        sign_in(page, demo, "aguas", "marta@vecinos.example")
        page.goto(f"{page.url}/pay")
        asked_whether_sure(page, GRACIELA)
        key = page.locator("[name=key]").input_value()
        page.route("**/pay", lambda route: route.abort())
        page.locator("button[value=pay]").click()
        expect(page.locator("[data-lost]")).to_be_visible()
        checked(page, "money-lost")
        page.unroute("**/pay")
        assert page.locator("[name=key]").input_value() == key
        led_to_the_platform(page)


def test_what_is_being_paid_already_is_led_to(demo: Portals, browser_page: Pages) -> None:
    with browser_page(locale=CARLOS.locale) as page:
        start = home(page, demo, CARLOS)
        page.goto(f"{start}/pay")
        asked_whether_sure(page, CARLOS)
        other = page.context.new_page()
        other.goto(f"{start}/pay")
        asked_whether_sure(other, CARLOS)
        led_to_the_platform(other)

        page.locator("button[value=pay]").click()
        page.wait_for_url("**/return?checkout=*")
        expect(page.get_by_role("status").first).to_contain_text("Ya había un pago")
        expect(page.locator("#standing h2")).to_have_text("Todavía no está pagado")
        axe(page)
        shot(page, "money-running")
        other.goto(f"{start}/pay")
        expect(other.locator("input[name=invoice]")).to_be_disabled()
        checked(other, "money-pay-held")
        other.goto(start)
        expect(other.get_by_role("status")).to_contain_text("en curso")


def test_what_is_not_paid_yet_can_be_taken_back(demo: Portals, browser_page: Pages) -> None:
    with browser_page(locale=ANDRZEJ.locale) as page:
        start = home(page, demo, ANDRZEJ._replace(account="W2-012-M"))
        page.goto(f"{start}/pay")
        held = page.locator("input[name=invoice]:checked").count()
        asked_whether_sure(page, ANDRZEJ)
        led_to_the_platform(page)
        page.goto(f"{start}/payments/online")
        page.locator("#rows a.item").first.click()
        page.once("dialog", lambda dialog: dialog.accept())
        page.locator("button[value=cancel]").click()
        expect(page.locator("#standing h2")).to_have_text("Płatność anulowana")
        checked(page, "money-cancelled")
        page.goto(f"{start}/pay")
        expect(page.locator("input[name=invoice]:checked")).to_have_count(held)


def test_what_may_be_paid_at_this_moment_is_not_taken_back(demo: Portals, browser_page: Pages) -> None:
    with browser_page(tolerated=("422",)) as page:
        start = home(page, demo, GRACIELA._replace(account="101-00601-3"))
        page.goto(f"{start}/pay")
        asked_whether_sure(page, GRACIELA)
        led_to_the_platform(page)
        page.goto(f"{start}/payments/online")
        page.locator("#rows a.item").first.click()
        page.once("dialog", lambda dialog: dialog.accept())
        page.locator("button[value=cancel]").click()
        expect(page.get_by_role("alert")).to_contain_text("no se puede cancelar")
        expect(page.get_by_role("link", name="Seguir en Mercado Pago")).to_be_visible()


def test_what_fails_says_so_and_can_be_paid_anew(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", "norma@vecinos.example")
        start = page.url
        checked(page, "money-home-suspended")
        page.goto(f"{start}/pay")
        asked_whether_sure(page, GRACIELA)
        led_to_the_platform(page)
        page.locator("button[value=fail]").click()
        page.wait_for_url("**/return?checkout=*")
        expect(page.locator("#standing h2")).to_have_text("No se pagó", timeout=30_000)
        checked(page, "money-failed")
        page.get_by_role("link", name="Pagar de nuevo").click()
        expect(page.locator("input[name=invoice]:checked")).to_have_count(2)


def test_a_late_platform_is_waited_for_and_its_word_shows_up_by_itself(demo: Portals, browser_page: Pages) -> None:
    with browser_page(locale=MARTA.locale) as page:
        start = home(page, demo, MARTA)
        page.goto(f"{start}/pay")
        asked_whether_sure(page, MARTA)
        led_to_the_platform(page)
        page.locator("button[value=later]").click()
        page.wait_for_url("**/return?checkout=*")
        page.evaluate("window.sameDocument = true")
        expect(page.locator("#standing h2")).to_have_text("Esperamos la confirmación")
        axe(page)
        wide(page)
        shot(page, "money-pending")
        expect(page.locator("#standing h2")).to_have_text("Pagado", timeout=100_000)
        assert page.evaluate("window.sameDocument")


def test_who_comes_back_signed_out_is_told_to_sign_in_and_led_on(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        page.goto(f"{demo.portal('aguas')}/return?checkout=0123456789abcdef")
        expect(page.get_by_role("heading", level=2)).to_contain_text("Inicie sesión")
        checked(page, "money-signed-out")
        page.locator("main a.button").click()
        page.fill("[name=email]", "marta@vecinos.example")
        page.fill("[name=password]", PASSWORD)
        page.click("button[value=password]")
        page.wait_for_url("**/return?checkout=0123456789abcdef")
        expect(page.get_by_text("Este pago no existe")).to_be_visible()
        checked(page, "money-no-such")


def test_invoices_are_found_opened_and_printed(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", "marta@vecinos.example")
        start = page.url
        page.get_by_role("navigation", name="Lo más usado").get_by_role("link", name="Facturas").click()
        checked(page, "money-invoices")
        page.get_by_role("link", name="Pagadas").click()
        expect(page.locator("#rows .chip").first).to_have_text("Pagada")
        checked(page, "money-invoices-paid")
        number = page.locator("#rows a.bill small").first.inner_text()
        page.get_by_text("Buscar por número").click()
        page.fill("[name=number]", number)
        page.get_by_role("button", name="Buscar").click()
        expect(page.locator("#rows a.bill")).to_have_count(1)
        page.fill("[name=number]", "no-such")
        page.get_by_role("button", name="Buscar").click()
        expect(page.get_by_text("Ninguna factura coincide")).to_be_visible()

        page.goto(f"{start}/invoices?show=paid")
        for link in ("a.side-link", "a[href*='paper=PDF']:not(.side-link)", "a[href*='paper=HTML']"):
            paper = page.request.get(address(page, link))
            assert paper.headers["content-type"].split(";")[0] in {"application/pdf", "text/html"}
            assert "/documents/" in paper.url


@pytest.mark.parametrize("width", [390, 1280])
def test_an_invoice_explains_itself(demo: Portals, browser_page: Pages, width: int) -> None:
    segments = interest_segments(demo, "laura@inquilinos.example", "CA-0147")  # all of the one that is overdue
    with browser_page(width, "dark") as page:
        sign_in(page, demo, "inmobiliaria", "laura@inquilinos.example")
        page.locator("a.bill").first.click()
        page.wait_for_url("**/invoices/*")
        expect(page.get_by_role("heading", name="Intereses por mora")).to_be_visible()
        expect(page.locator("[aria-labelledby=interest] li")).to_have_count(len(segments))
        expect(page.locator("[aria-labelledby=allocations] a.item")).to_have_count(1)
        checked(page, f"money-invoice-{width}")
        page.locator("[aria-labelledby=allocations] a.item").click()
        page.wait_for_url("**/payments/*")
        checked(page, f"money-payment-{width}")
        expect(page.locator("[aria-labelledby=allocations] a.item")).to_have_count(1)


def test_payments_are_filtered_and_printed(demo: Portals, browser_page: Pages) -> None:
    with browser_page(1280) as page:
        sign_in(page, demo, "inmobiliaria", "laura@inquilinos.example")
        page.goto(f"{page.url}/payments")
        checked(page, "money-payments")
        page.get_by_text("Buscar por estado").click()
        page.select_option("[name=status]", "waiting")
        page.get_by_role("button", name="Buscar").click()
        expect(page.locator("#rows .chip")).to_have_text(["En proceso"])
        paper = page.request.get(address(page, "a[href*='paper=PDF']"))
        assert paper.headers["content-type"] == "application/pdf"
        page.fill("[name=from]", "1999-01-01")
        page.fill("[name=to]", "1999-12-31")
        page.get_by_role("button", name="Buscar").click()
        expect(page.get_by_text("Ningún pago coincide")).to_be_visible()


def test_one_who_is_owed_money_is_not_asked_to_pay(demo: Portals, browser_page: Pages) -> None:
    with browser_page(1280) as page:
        sign_in(page, demo, "aguas", "lucia@vecinos.example")
        expect(page.locator(".panel h2")).to_have_text("A favor")
        assert "-" not in amount(page, ".panel .figure")
        expect(page.locator(".panel a.button")).to_have_count(0)
        checked(page, "money-home-credit")
        page.goto(f"{page.url}/pay")
        expect(page.get_by_text("No tiene facturas por pagar")).to_be_visible()
        checked(page, "money-pay-empty")


def test_somebody_elses_things_are_nowhere(demo: Portals, browser_page: Pages) -> None:
    with browser_page(tolerated=("404",)) as page:
        sign_in(page, demo, "inmobiliaria", "laura@inquilinos.example")
        page.locator("a.bill").first.click()
        page.wait_for_url("**/invoices/*")
        invoice = page.url
        kept_apart = page.goto(invoice.replace("/invoices/", "/payments/"))
        assert kept_apart is not None
        assert kept_apart.status == 404
        page.context.clear_cookies()
        sign_in(page, demo, "inmobiliaria", "andres@inquilinos.example")
        answer = page.goto(invoice)
        assert answer is not None
        assert answer.status == 404


def test_without_scripts_it_comes_to_the_question(demo: Portals, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False, locale="pl-PL") as window:
        page = window.new_page()
        sign_in(page, demo, "osiedle", "zenon@sasiedzi.example")
        page.goto(f"{page.url}/pay")
        page.locator("button[value=review]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(ANDRZEJ.sure)
        expect(page.locator("button[value=pay]")).to_be_visible()
