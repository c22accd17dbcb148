"""What is one's own: details, security, sessions, programs, what happened, and the data themselves."""

import json
import re
from contextlib import closing
from datetime import UTC, datetime
from sqlite3 import connect

import pytest
from playwright.sync_api import Page, expect

from tests.authenticator_app import App
from tests.browser.conftest import Pages, Portals, checked, sign_in
from tests.browser.newcomers import PASSWORD, REFUSED, Newcomer, letter
from tests.gateway.demo.walking import EXAMPLES, PORTALS

MARTA = "marta@vecinos.example"
SCREENS = (
    "me",
    "me/security",
    "me/security/second-factor",
    "me/security/passkeys",
    "me/sessions",
    "me/programs",
    "me/activity",
    "me/data",
)


def enter(page: Page, demo: Portals, who: Newcomer) -> None:
    page.goto(f"{demo.portal(who.slug)}/sign-in?next=%2Fme")
    page.fill("[name=email]", who.email)
    page.fill("[name=password]", PASSWORD)
    page.click("button[value=password]")
    page.wait_for_url("**/me")


def grow_old(demo: Portals) -> None:
    """Let every session have begun an hour ago, as its row tells."""
    with closing(connect(demo.demo.data / "gateway.sqlite", timeout=30)) as base, base:
        base.execute(
            "UPDATE session SET created_at = strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', created_at, '-1 hour')"
        )


@pytest.mark.parametrize(
    "who",
    [("aguas", MARTA), ("inmobiliaria", "laura@inquilinos.example"), ("osiedle", "katarzyna@sasiedzi.example")],
)
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_every_screen_stands(demo: Portals, browser_page: Pages, who: tuple[str, str], width: int, scheme: str) -> None:
    slug, email = who
    with browser_page(width, scheme) as page:
        sign_in(page, demo, slug, email)
        for screen in SCREENS:
            page.goto(f"{demo.portal(slug)}/{screen}")
            checked(page, f"{screen.replace('/', '-')}-{slug}-{width}")


def test_details_are_changed_and_what_cannot_be_is_told_at_the_field(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "aguas", "datos@vecinos.example")
    with browser_page(tolerated=(REFUSED,)) as page:
        enter(page, demo, ester)
        expect(page.get_by_text("30111222")).to_be_visible()
        page.fill("[name=givenName]", "Ester María")
        page.select_option("#f-language", "en")
        page.get_by_role("button", name="Guardar", exact=True).click()
        expect(page.get_by_role("status").first).to_have_text("Sus datos quedaron guardados.")
        expect(page.locator("[name=givenName]")).to_have_value("Ester María")
        expect(page.locator("#f-language")).to_have_value("en")
        page.fill("[name=phone]", "12")
        page.get_by_role("button", name="Guardar el teléfono").click()
        expect(page.locator("#h-phone")).to_have_class("wrong")
        expect(page.locator("[name=phone]")).to_have_value("12")
        expect(page.locator("[name=givenName]")).to_have_value("Ester María")
        checked(page, "me-phone-refused")
        page.fill("[name=phone]", "")
        page.get_by_role("button", name="Guardar el teléfono").click()
        expect(page.locator("[name=phone]")).to_have_value("")


def test_another_address_holds_once_its_letter_is_answered(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "aguas", "antes@vecinos.example")
    new = "despues@vecinos.example"
    with browser_page() as page:
        enter(page, demo, ester)
        page.fill("#f-email", new)
        page.get_by_role("button", name="Cambiar el correo", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text(f"Enviamos un mensaje a {new}")
        expect(page.get_by_role("heading", name="Falta confirmar el correo nuevo")).to_be_visible()
        checked(page, "me-pending")
        first = letter(demo, "aguas", new, r"/new-email#(\S+)")
        page.get_by_role("button", name="No cambiar el correo").click()
        expect(page.get_by_role("status").first).to_contain_text(ester.email)
        expect(page.get_by_role("heading", name="Falta confirmar")).to_have_count(0)
        page.fill("#f-email", new)
        page.get_by_role("button", name="Cambiar el correo", exact=True).click()
        expect(page.get_by_role("heading", name="Falta confirmar el correo nuevo")).to_be_visible()
        token = letter(demo, "aguas", new, r"/new-email#(\S+)", but=first)
        page.goto(f"{demo.portal('aguas')}/new-email#{token}")
        expect(page.get_by_role("status").first).to_contain_text(new)


def test_an_old_session_is_begun_anew_and_finds_what_was_wanted(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "aguas", "vieja@vecinos.example")
    with browser_page(tolerated=(REFUSED,)) as page:
        enter(page, demo, ester)
        grow_old(demo)
        page.fill("#f-email", "nueva@vecinos.example")
        page.get_by_role("button", name="Cambiar el correo", exact=True).click()
        page.get_by_role("button", name="Ingresar de nuevo y seguir").click()
        expect(page.get_by_role("status").first).to_contain_text("confirmar que es usted")
        expect(page.locator("[name=email]")).to_have_value(ester.email)
        page.fill("[name=password]", PASSWORD)
        page.click("button[value=password]")
        expect(page.locator("#f-email")).to_have_value("nueva@vecinos.example")
        grow_old(demo)
        page.goto(f"{demo.portal('aguas')}/me/security/second-factor")
        page.get_by_role("button", name="Activar el segundo paso").click()
        page.fill("[name=password]", "otra")
        page.get_by_role("button", name="Activar el segundo paso").click()
        expect(page.locator("#h-password")).to_have_class("wrong")
        checked(page, "second-factor-password")
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Activar el segundo paso").click()
        expect(page.get_by_role("img", name="Código QR")).to_be_visible()
        page.goto(f"{demo.portal('aguas')}/me/data")
        page.on("dialog", lambda dialog: dialog.accept())
        page.fill("#f-email", ester.email)
        page.get_by_role("button", name="Borrar mis datos para siempre").click()
        page.get_by_role("button", name="Ingresar de nuevo y seguir").click()
        page.fill("[name=password]", PASSWORD)
        page.click("button[value=password]")
        page.wait_for_url("**/me/data")


def test_a_second_factor_is_set_up_kept_and_removed(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "osiedle", "skladnik@sasiedzi.example")
    with browser_page(tolerated=(REFUSED,)) as page:
        enter(page, demo, ester)
        page.goto(f"{demo.portal('osiedle')}/me/security")
        page.get_by_role("link", name="Drugi składnik").click()
        page.get_by_role("button", name="Włącz drugi składnik").click()
        expect(page.get_by_role("img", name="Kod QR")).to_be_visible()
        app = App.scan(page.locator("[name=otpauthUri]").get_attribute("value") or "")
        assert app.account == ester.email
        checked(page, "second-factor-begun")
        page.fill("[name=code]", app.wrong(datetime.now(UTC)))
        page.get_by_role("button", name="Potwierdź").click()
        expect(page.locator("#h-code")).to_have_class("wrong")
        expect(page.get_by_role("img", name="Kod QR")).to_be_visible()
        page.fill("[name=code]", app.code(datetime.now(UTC)))
        page.get_by_role("button", name="Potwierdź").click()
        codes = page.locator(".codes li").all_inner_texts()
        assert len(set(codes)) == 10
        checked(page, "second-factor-codes")
        page.get_by_role("link", name="Mam je zapisane").click()
        expect(page.get_by_text("Pozostało 10 kodów zapasowych.")).to_be_visible()
        checked(page, "second-factor-on")
        page.get_by_text("Usuń drugi składnik").first.click()
        page.fill("[name=code]", codes[0])
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Usuń drugi składnik").click()
        expect(page.get_by_role("status").first).to_contain_text("usunięto")
        expect(page.get_by_role("button", name="Włącz drugi składnik")).to_be_visible()


def test_a_passkey_is_made_renamed_and_removed(demo: Portals, browser_page: Pages) -> None:
    portal = f"http://aguas.localhost:{demo.demo.port}"
    with browser_page(tolerated=(REFUSED,)) as page:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.goto(f"{portal}/sign-in?next=%2Fme%2Fsecurity%2Fpasskeys")
        page.evaluate("document.querySelector('[name=email]').value = 'hector@vecinos.example'")
        page.fill("[name=password]", "Ventanilla-demo-2026")
        page.click("button[value=password]")
        page.wait_for_url("**/passkeys")
        page.fill("[name=passkeyName]", "Mi teléfono")
        page.get_by_role("button", name="Agregar una llave de acceso").click()
        expect(page.get_by_role("status").first).to_have_text("Ya puede entrar con Mi teléfono.")
        checked(page, "passkeys-one")
        page.get_by_text("Opciones").click()
        page.locator("[name=name]").fill("Celular")
        page.get_by_role("button", name="Cambiar el nombre").click()
        expect(page.get_by_role("status").first).to_have_text("La llave tiene otro nombre.")
        page.get_by_text("Opciones").click()
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Quitar").click()
        expect(page.get_by_role("status").first).to_contain_text("La llave se quitó")
        expect(page.get_by_text("Celular")).to_have_count(0)


def test_where_no_passkey_can_be_made_it_is_said(demo: Portals, browser_page: Pages) -> None:
    with browser_page(tolerated=(REFUSED,)) as page:
        sign_in(page, demo, "aguas", MARTA)
        page.goto(f"{demo.portal('aguas')}/me/security/passkeys")
        page.fill("[name=passkeyName]", "Mi teléfono")
        page.get_by_role("button", name="Agregar una llave de acceso").click()
        expect(page.get_by_role("alert").first).to_contain_text("llaves de acceso")
        expect(page.locator("[name=passkeyName]")).to_have_value("Mi teléfono")


def test_sessions_are_ended_one_by_one_and_all(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "aguas", "sesiones@vecinos.example")
    ester.token()
    with browser_page() as page:
        enter(page, demo, ester)
        page.goto(f"{demo.portal('aguas')}/me/sessions")
        expect(page.locator(".chip")).to_have_text(["Este dispositivo"])
        page.get_by_role("button", name=re.compile("^Cerrar:")).first.click()
        expect(page.get_by_role("status").first).to_have_text("La sesión se cerró en ese dispositivo.")
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Cerrar sesión en todos lados").click()
        page.wait_for_url("**/sign-in")
        expect(page.get_by_role("status").first).to_have_text("Se cerraron todas sus sesiones.")


def test_who_saw_the_portal_as_they_do_is_told_first(demo: Portals, browser_page: Pages) -> None:
    norma, reason, port = "norma@vecinos.example", "Consulta por el plan de pago", demo.demo.port + PORTALS["aguas"]
    bearer = {"authorization": f"Bearer {demo.demo.token(port, 'silvina@aguasdelceibo.example')}"}
    found = demo.demo.ask(port, '{ staff { people(search: "Quiroga") { nodes { id } } } }', **bearer)["staff"]
    asked = {"personId": found["people"]["nodes"][0]["id"], "reason": reason}
    seen = demo.demo.ask(port, EXAMPLES["see-as"], {"input": asked}, **bearer)["seeAs"]
    assert seen["userErrors"] == []
    with browser_page() as page:
        sign_in(page, demo, "aguas", norma)
        page.goto(f"{demo.portal('aguas')}/me/activity")
        first = page.locator("section").first
        expect(first).to_contain_text(f"Motivo: {reason}")
        expect(first).to_contain_text("Personal de Aguas del Ceibo")
        checked(page, "activity-seen")
        page.get_by_role("link", name="Hecho por otros").click()
        expect(page.locator("#rows > li")).not_to_have_count(0)
        expect(page.get_by_text("Inicio de sesión")).to_have_count(0)
        page.get_by_role("link", name="Ingresos").click()
        expect(page.locator("#rows").get_by_text("Con contraseña").first).to_be_visible()
        expect(page.locator("#rows").get_by_text(reason)).to_have_count(0)
        page.get_by_role("link", name=re.compile("101-00402-6")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Qué pasó con esta cuenta")
        checked(page, "account-activity")


def test_data_are_taken_and_erased(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "aguas", "adios@vecinos.example")
    with browser_page(tolerated=(REFUSED,)) as page:
        enter(page, demo, ester)
        page.goto(f"{demo.portal('aguas')}/me/data")
        with page.expect_download() as taken:
            page.get_by_role("button", name="Descargar mis datos").click()
        assert taken.value.suggested_filename == "personal-data.json"
        assert ester.email in json.dumps(json.loads(taken.value.path().read_text("utf-8")))
        expect(page.get_by_role("button", name="Descargar mis datos")).not_to_have_class(re.compile("is-busy"))
        page.on("dialog", lambda dialog: dialog.accept())
        page.fill("#f-email", "otra@vecinos.example")
        page.get_by_role("button", name="Borrar mis datos para siempre").click()
        expect(page.locator("#h-email")).to_have_class("wrong")
        page.fill("#f-email", ester.email)
        page.get_by_role("button", name="Borrar mis datos para siempre").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sus datos fueron borrados")
        expect(page.get_by_text("Se conserva", exact=True)).to_be_visible()
        checked(page, "data-erased")
        page.goto(f"{demo.portal('aguas')}/me/data")
        expect(page).to_have_url(re.compile("/sign-in"))
