"""What makes up the debt and the place, as people see it: charges, accruals, plans, interest, meters, settlements."""

import re
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Pages, Portals, checked, sign_in
from tests.gateway.demo.walking import Person

MARTA = "marta@vecinos.example"
LUCIA = "lucia@vecinos.example"
NORMA = "norma@vecinos.example"
GRACIELA = "graciela@consorcios.example"
LAURA = "laura@inquilinos.example"
BEATRIZ = "beatriz@propietarios.example"
KATARZYNA = "katarzyna@sasiedzi.example"

each_look = pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
Scheme = Literal["light", "dark"]


def to_account(page: Page, demo: Portals, slug: str, number: str, noun: str) -> None:
    """Open one of the account's pages by its number, as one who follows links would."""
    page.goto(f"{demo.portal(slug)}/accounts")
    page.locator("#rows a.item", has_text=number).first.click()
    page.wait_for_url(re.compile(r"/a/\w+$"))
    page.goto(f"{page.url}/{noun}")


def interest_segments(demo: Portals, email: str, number: str) -> list[dict[str, Any]]:
    """What an account's overdue documents bore, day by day: how many segments there are depends on the day."""
    accruals = Person(demo.demo, "inmobiliaria", email).example("interest", number)["interestAccruals"]["nodes"]
    segments = [segment for accrual in accruals for segment in accrual["segments"]]
    assert len(segments) > 1
    return segments


def text(page: Page) -> str:
    """All that the page says, with plain spaces."""
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def test_charges_wait_for_an_invoice_or_lead_to_it(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", MARTA)
        to_account(page, demo, "aguas", "101-00123-8", "charges")
        expect(page.locator("#rows > li")).to_have_count(1)
        checked(page, "charges")
        page.get_by_role("link", name="Todos").click()
        expect(page.locator("#rows > li")).to_have_count(3)
        page.locator("#rows a.item").click()
        page.wait_for_url(re.compile("/invoices/"))


def test_who_has_no_charges_is_shown_the_way_on(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "inmobiliaria", BEATRIZ)
        to_account(page, demo, "inmobiliaria", "PR-0201", "charges")
        expect(page.locator("#rows")).to_contain_text("No hay nada por facturar")
        checked(page, "charges-none")
        page.get_by_role("link", name="Todos").last.click()
        page.get_by_role("link", name="Facturas").last.click()
        page.wait_for_url(re.compile("/invoices$"))


@each_look
def test_accruals_come_month_by_month_and_never_half_a_month(
    demo: Portals, browser_page: Pages, width: int, scheme: Scheme
) -> None:
    with browser_page(width, scheme) as page:
        sign_in(page, demo, "inmobiliaria", LAURA)
        to_account(page, demo, "inmobiliaria", "CA-0147", "accruals")
        months = page.locator("#rows > section")
        before = months.count()
        assert before > 2
        checked(page, f"accruals-{width}")
        page.get_by_role("link", name="Ver meses anteriores").click()
        expect(months).not_to_have_count(before)
        names = [name.casefold() for name in months.locator("h2").all_inner_texts()]
        assert len(names) == len(set(names))
        assert all(count == 3 for count in [month.locator(".list > li").count() for month in months.all()][:12])


def test_one_month_and_one_title_are_chosen_and_looked_into(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "inmobiliaria", LAURA)
        to_account(page, demo, "inmobiliaria", "CA-0147", "accruals")
        page.get_by_text("Elegir mes o concepto").click()
        page.get_by_label("Mes").select_option(index=2)
        page.get_by_label("Concepto").select_option("RENT")
        page.get_by_role("button", name="Mostrar").click()
        rows = page.locator("#rows a.item")
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("Canon de arrendamiento")
        rows.click()
        page.wait_for_url(re.compile("/accruals/"))
        assert "1 mes a" in text(page)
        checked(page, "accrual")
        page.locator("a.bill").click()
        page.wait_for_url(re.compile("/invoices/"))


def test_an_account_without_accruals_says_so(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", MARTA)
        to_account(page, demo, "aguas", "101-00123-8", "accruals")
        expect(page.locator("#rows")).to_contain_text("no tiene conceptos mensuales")
        checked(page, "accruals-none")
        page.goto(f"{page.url}?month=1999-01&kind=RENT&to=nonsense")
        expect(page.locator("#rows")).to_contain_text("No hay nada de ese mes")


def test_interest_can_be_reckoned_again(demo: Portals, browser_page: Pages) -> None:
    segments = interest_segments(demo, LAURA, "CA-0147")
    with browser_page() as page:
        sign_in(page, demo, "inmobiliaria", LAURA)
        to_account(page, demo, "inmobiliaria", "CA-0147", "interest")
        parts = page.locator("#rows .reckoned")
        expect(parts).to_have_count(len(segments))
        total = 0.0
        for part in parts.all():
            base, rate, days, _, exact = re.split(" [×÷=] ", re.sub(r"\s", " ", part.inner_text()))
            total += number(exact)
            assert number(exact) == pytest.approx(number(base) * number(rate) / 100 * number(days) / 365, abs=1e-5)
        assert number(page.locator("#rows .larger").inner_text()) == pytest.approx(total, abs=0.005)
        page.get_by_text("Cómo se calcula").click()
        checked(page, "interest")


def number(written: str) -> float:
    """What a number written in Spanish is, whatever sign stands beside it."""
    return float(re.sub(r"[^\d,]", "", written).replace(",", "."))


def test_who_owes_nothing_overdue_bears_no_interest(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", LUCIA)
        to_account(page, demo, "aguas", "103-00455-2", "interest")
        expect(page.locator("#rows")).to_contain_text("No hay facturas vencidas")
        checked(page, "interest-none")


@each_look
def test_a_plan_is_followed_instalment_by_instalment(
    demo: Portals, browser_page: Pages, width: int, scheme: Scheme
) -> None:
    with browser_page(width, scheme) as page:
        sign_in(page, demo, "aguas", NORMA)
        to_account(page, demo, "aguas", "101-00402-6", "plans")
        checked(page, f"plans-{width}")
        page.get_by_role("link", name="Plan PP-2026-00402").click()
        expect(page.locator(".timeline > li.done")).to_have_count(3)
        expect(page.locator(".timeline > li[aria-current=step]")).to_contain_text("Cuota 4")
        expect(page.locator("main")).to_contain_text("3 de 6 cuotas pagadas")
        checked(page, f"plan-{width}")
        page.locator("section", has_text="Qué incluye").locator("a.item").first.click()
        page.wait_for_url(re.compile("/invoices/"))


@pytest.mark.parametrize("number", ["101-00602-1", "101-00605-4", "101-00608-8"])
def test_what_became_of_a_plan_is_said(demo: Portals, browser_page: Pages, number: str) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", GRACIELA)
        page.goto(f"{demo.portal('aguas')}/accounts?number={number}")
        page.locator("#rows a.item").first.click()
        page.wait_for_url(re.compile(r"/a/\w+$"))
        page.goto(f"{page.url}/plans")
        page.locator("#rows a.item").first.click()
        expect(page.locator("main .alert")).to_be_visible()
        checked(page, f"plan-of-{number}")


def test_who_has_no_plan_is_told_whom_to_ask(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", LUCIA)
        to_account(page, demo, "aguas", "103-00455-2", "plans")
        expect(page.locator("#rows")).to_contain_text("no tiene planes de pago")
        checked(page, "plans-none")


@each_look
def test_an_exchanged_meter_goes_on_where_the_old_one_ended(
    demo: Portals, browser_page: Pages, width: int, scheme: Scheme
) -> None:
    with browser_page(width, scheme) as page:
        sign_in(page, demo, "aguas", MARTA)
        to_account(page, demo, "aguas", "101-00123-8", "meters")
        expect(page.locator("#rows")).to_contain_text("Lo reemplaza el 26-7856472")
        checked(page, f"meters-{width}")
        page.get_by_role("link", name="26-7856472").first.click()
        chart = page.get_by_role("img", name="Consumo del medidor 26-7856472")
        expect(chart.locator("rect.bar")).to_have_count(14)
        expect(chart.locator("line.exchange")).to_have_count(1)
        expect(chart.locator("rect.estimated")).to_have_count(1)
        expect(page.get_by_role("table").get_by_text("Antes: medidor 02-7033145")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Informar la lectura")
        checked(page, f"meter-{width}")


def test_the_table_tells_what_the_chart_shows(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", LUCIA)
        to_account(page, demo, "aguas", "103-00455-2", "meters")
        expect(page.locator("#rows")).to_contain_text("Por confirmar")
        page.locator("#rows a.item").click()
        expect(page.locator(".alert")).to_contain_text("todavía no cuenta")
        page.wait_for_load_state("networkidle")
        bars = page.locator("svg.bars rect.bar")
        drawn = [float(bar.get_attribute("height") or 0) for bar in bars.all()]
        cells = page.locator("tbody tr td:last-child b").all_inner_texts()
        told = [number(cell.replace("m³", "")) for cell in reversed(cells)]
        assert drawn == [pytest.approx(each / 3, abs=0.01) for each in told]
        expect(page.locator("svg.bars rect.doubted")).to_have_count(1)
        checked(page, "meter-doubted")


def test_a_meter_that_is_read_from_afar_asks_for_nothing(demo: Portals, browser_page: Pages) -> None:
    with browser_page(locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", KATARZYNA)
        to_account(page, demo, "osiedle", "W1-015-M", "meters")
        expect(page.locator("#rows a.item")).to_have_count(3)
        page.get_by_role("link", name="Ogrzewanie").click()
        expect(page.locator("main")).to_contain_text("Licznik jest odczytywany zdalnie")
        expect(page.locator("tbody tr")).to_have_count(24)
        checked(page, "meter-remote")


@each_look
def test_a_settlement_sets_cost_against_advances(
    demo: Portals, browser_page: Pages, width: int, scheme: Scheme
) -> None:
    with browser_page(width, scheme, locale="pl-PL") as page:
        sign_in(page, demo, "osiedle", KATARZYNA)
        to_account(page, demo, "osiedle", "W1-015-M", "settlements")
        expect(page.locator("#rows a.item")).to_have_count(2)
        checked(page, f"settlements-{width}")
        page.locator("#rows a.item").first.click()
        expect(page.locator(".parts > li")).to_have_count(3)
        cost, advances, missing = re.findall(r"([\d ]+,\d\d) zł", text(page).replace("\xa0", " "))[1:4]
        assert f"Media kosztowały {cost.strip()} zł, a zaliczki wyniosły {advances.strip()} zł" in text(page)
        assert number(cost) - number(advances) == pytest.approx(number(missing))
        checked(page, f"settlement-{width}")
        page.locator("a.bill").click()
        page.wait_for_url(re.compile("/invoices/"))


def test_where_nothing_is_settled_yet_it_says_why(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", MARTA)
        to_account(page, demo, "aguas", "101-00123-8", "settlements")
        expect(page.locator("main")).to_contain_text("Todavía no hay liquidaciones")
        checked(page, "settlements-none")


@pytest.mark.parametrize("path", ["meters", "settlements", "accruals", "plans"])
def test_a_thing_of_another_kind_is_not_there(demo: Portals, browser_page: Pages, path: str) -> None:
    with browser_page(tolerated=("404",)) as page:
        sign_in(page, demo, "aguas", MARTA)
        page.goto(f"{demo.portal('aguas')}/accounts")
        account = page.locator("#rows a.item").first.get_attribute("href") or ""
        answer = page.goto(f"{demo.portal('aguas')}/{path}/{account.removeprefix('/a/')}")
        assert answer is not None
        assert answer.status == 404
