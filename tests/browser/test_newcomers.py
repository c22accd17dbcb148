"""People come in for the first time: they register, are invited, find their account; and forget their password."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import Pages, Portals, checked, shot
from tests.browser.newcomers import PASSWORD, REFUSED, Newcomer, letter
from tests.gateway.demo.walking import EXAMPLES, Person

ADMIN = {"aguas": "gustavo@aguasdelceibo.example", "inmobiliaria": "hernan@guayacan.example"}
OF_AN_ACCOUNT = re.compile(r"/a/\w+$")


def enter(page: Page, demo: Portals, slug: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{demo.portal(slug)}/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("button[value=password]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_somebody_registers_links_an_account_and_sees_its_home(demo: Portals, browser_page: Pages) -> None:
    email = "ester@vecinos.example"
    with browser_page(tolerated=(REFUSED,)) as page:
        page.goto(f"{demo.portal('aguas')}/sign-in")
        page.get_by_role("link", name="Crear un usuario").click()
        checked(page, "register")
        page.fill("[name=givenName]", "Ester")
        page.fill("[name=familyName]", "Núñez")
        page.fill("[name=documentNumber]", "30.111.222")
        page.fill("[name=phone]", "12")
        page.fill("[name=email]", email)
        rules = page.locator("#r-password li")
        page.fill("[name=password]", "esternunez")
        expect(rules).to_have_class([re.compile("on"), re.compile("off")])
        page.fill("[name=password]", "esternunez1")
        expect(rules).to_have_class([re.compile("on"), re.compile("on")])
        page.check("[name=acceptedTermsVersion]")
        page.click("button[value=register]")
        expect(page.locator("#h-phone")).to_contain_text("6 a 20 números")
        expect(page.locator("#h-password")).to_contain_text("No debe contener su nombre")
        expect(page.locator("[name=givenName]")).to_have_value("Ester")
        checked(page, "register-refused")

        page.fill("[name=phone]", "+54 343 600 1020")
        page.fill("[name=password]", PASSWORD)
        page.click("button[value=register]")
        expect(page.get_by_role("heading", level=1)).to_have_text("Mire su correo")
        checked(page, "register-sent")
        first = letter(demo, "aguas", email, r"/verify#(\S+)")
        page.get_by_role("button", name="Enviar otra vez").click()
        expect(page.get_by_role("status").first).to_contain_text("Enviamos otro mensaje")
        second = letter(demo, "aguas", email, r"/verify#(\S+)", but=first)

        page.goto(f"{demo.portal('aguas')}/sign-in")
        page.fill("[name=email]", email)
        page.fill("[name=password]", PASSWORD)
        page.click("button[value=password]")
        expect(page.get_by_role("alert").first).to_contain_text("verifique su correo")

        page.goto(f"{demo.portal('aguas')}/verify#{first}")
        expect(page.get_by_role("alert").first).to_contain_text("ya no es válido")
        checked(page, "verify-expired")
        page.goto(f"{demo.portal('aguas')}/help")
        page.goto(f"{demo.portal('aguas')}/verify#{second}")
        page.wait_for_url("**/sign-in")
        expect(page.get_by_role("status").first).to_contain_text(f"{email} quedó confirmado")

        enter(page, demo, "aguas", email)
        expect(page).to_have_url(re.compile("/link$"))
        checked(page, "link-first")
        page.goto(f"{demo.portal('aguas')}/accounts")
        expect(page).to_have_url(re.compile("/link$"))
        page.get_by_role("link", name="Ayuda").click()
        expect(page).to_have_url(re.compile("/help$"))
        page.goto(f"{demo.portal('aguas')}/link")
        page.fill("[name=number]", "999")
        page.get_by_role("button", name="Buscar").click()
        expect(page.locator("#h-number, .alert.bad").first).to_contain_text("No hay ninguna cuenta")
        page.fill("[name=number]", "103 00455 2")
        page.get_by_role("button", name="Buscar").click()
        expect(page.get_by_role("main").get_by_role("heading", level=2)).to_have_text("¿Es esta su cuenta?")
        assert "Albornoz" not in page.content()
        checked(page, "link-preview")
        page.get_by_role("button", name="Sí, vincularla").click()
        page.wait_for_url(OF_AN_ACCOUNT)
        expect(page.get_by_role("status").first).to_contain_text("quedó vinculada")


def test_an_account_is_proved_by_its_holders_document(demo: Portals, browser_page: Pages) -> None:
    query = '{ viewer { accounts(number: "PR-0201") { nodes { holder { documentNumber } } } } }'
    (known,) = Person(demo.demo, "inmobiliaria", "beatriz@propietarios.example").ask(query)["viewer"]["accounts"][
        "nodes"
    ]
    ester = Newcomer(demo, "inmobiliaria", "ester@inquilinos.example")
    with browser_page(1280, tolerated=(REFUSED,)) as page:
        enter(page, demo, "inmobiliaria", ester.email)
        page.fill("[name=number]", "PR0201")
        page.get_by_role("button", name="Buscar").click()
        page.get_by_label("Número de documento del titular").fill("1")
        page.get_by_role("button", name="Sí, vincularla").click()
        expect(page.locator(".wrong")).to_contain_text("no coincide")
        expect(page.get_by_role("main").get_by_role("heading", level=2)).to_have_text("¿Es esta su cuenta?")
        checked(page, "link-proof-refused")
        page.get_by_label("Número de documento del titular").fill(known["holder"]["documentNumber"])
        page.get_by_role("button", name="Sí, vincularla").click()
        page.wait_for_url(OF_AN_ACCOUNT)


def test_who_looks_up_too_many_numbers_is_told_how_long_to_wait(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "osiedle", "ester@sasiedzi.example")
    with browser_page(tolerated=(REFUSED,)) as page:
        enter(page, demo, "osiedle", ester.email)
        for _ in range(11):
            page.fill("[name=number]", "999")
            page.get_by_role("button", name="Wyszukaj").click()
            page.wait_for_load_state()
        expect(page.get_by_role("alert").first).to_contain_text(re.compile(r"Zbyt wiele prób.*za \d+ minut", re.DOTALL))
        checked(page, "link-too-many")


def invited(demo: Portals, slug: str, search: str, email: str, **how: str) -> None:
    """Have one supplier invited by who administers access."""
    admin = Person(demo.demo, slug, ADMIN[slug])
    asked = {"audience": "SUPPLIERS", "filterMode": "NONE", "search": search}
    nodes = admin.ask(EXAMPLES["access-audience"], asked)["staff"]["parties"]["nodes"]
    party = next(each["id"] for each in nodes if each["email"] == email)
    given = {"audience": "SUPPLIERS", "filterMode": "ONLY", "partyIds": [party], "idempotencyKey": email, **how}
    begun = admin.ask(EXAMPLES["generate-access"], {"input": given})["generateAccessInvitations"]
    assert begun["userErrors"] == []
    id = begun["batch"]["id"]
    for _ in range(200):
        if admin.ask(EXAMPLES["access-batch"], {"id": id})["staff"]["accessBatch"]["state"] == "GENERATED":
            break
        time.sleep(0.1)
    sent = admin.ask(EXAMPLES["send-access"], {"input": {"batchId": id}})["sendAccessInvitations"]
    assert sent["userErrors"] == []


def test_who_was_invited_chooses_a_password_and_comes_in(demo: Portals, browser_page: Pages) -> None:
    email = "informes@laboratorioaguas.example"
    invited(demo, "aguas", "Laboratorio", email)
    token = letter(demo, "aguas", email, r"/activate#(\S+)")
    with browser_page(tolerated=(REFUSED,)) as page:
        page.goto(f"{demo.portal('aguas')}/activate")
        expect(page.get_by_text("le falta la parte final")).to_be_visible()
        checked(page, "activate-incomplete")
        page.goto(f"{demo.portal('aguas')}/help")
        page.goto(f"{demo.portal('aguas')}/activate#{token}")
        expect(page.locator("[name=password]")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)
        checked(page, "activate")
        page.fill("[name=password]", "1234567890")
        page.check("[name=acceptedTermsVersion]")
        page.click("button[value=activate]")
        expect(page.locator("#h-password")).to_contain_text("Elija otra contraseña")
        page.fill("[name=password]", "Ventanilla abierta 7")
        page.check("[name=acceptedTermsVersion]")
        page.click("button[value=activate]")
        page.wait_for_url("**/sign-in")
        expect(page.get_by_role("status").first).to_contain_text(f"Ingrese con {email}")
        enter(page, demo, "aguas", email, "Ventanilla abierta 7")
        expect(page).to_have_url(re.compile("/supplier$"))
        page.goto(f"{demo.portal('aguas')}/link")
        expect(page.locator("[name=number]")).to_be_visible()

    with browser_page(tolerated=(REFUSED,)) as page:
        page.goto(f"{demo.portal('aguas')}/activate#{token}")
        expect(page.get_by_role("alert").first).to_contain_text("ya se usó")


def test_a_mailed_password_is_changed_first(demo: Portals, browser_page: Pages) -> None:
    email = "servicio@plomeriapoblado.example"
    invited(demo, "inmobiliaria", "Plomería", email, credentialMode="MAILED_PASSWORD")
    user = letter(demo, "inmobiliaria", email, r"Usuario: (\S+)")
    mailed = letter(demo, "inmobiliaria", email, r"Contraseña: (\S+)")
    with browser_page(tolerated=(REFUSED,)) as page:
        enter(page, demo, "inmobiliaria", user, mailed)
        expect(page).to_have_url(re.compile("/change-password"))
        expect(page.get_by_text("Antes de seguir")).to_be_visible()
        checked(page, "change-password-due")
        page.fill("[name=currentPassword]", "otra")
        page.fill("[name=newPassword]", PASSWORD)
        page.click("button[value=change]")
        expect(page.locator("#h-currentPassword")).to_contain_text("no es correcta")
        page.fill("[name=currentPassword]", mailed)
        page.fill("[name=newPassword]", PASSWORD)
        page.click("button[value=change]")
        page.wait_for_url(lambda url: "/change-password" not in url)
        expect(page.get_by_role("status").first).to_contain_text("quedó cambiada")


def test_a_forgotten_password_is_replaced_by_letter(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "aguas", "olvido@vecinos.example")
    with browser_page(tolerated=(REFUSED,)) as page:
        page.goto(f"{demo.portal('aguas')}/sign-in")
        page.get_by_role("link", name="¿Olvidó su contraseña?").click()
        checked(page, "forgot")
        page.fill("[name=email]", ester.email)
        page.click("button[value=ask]")
        expect(page.get_by_role("heading", level=1)).to_have_text("Mire su correo")
        shot(page, "forgot-sent")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mire su correo")
        token = letter(demo, "aguas", ester.email, r"/reset#(\S+)")

        page.goto(f"{demo.portal('aguas')}/reset#{token}")
        assert token not in page.url
        page.fill("[name=newPassword]", "solo letras aqui")
        page.click("button[value=reset]")
        expect(page.locator("#h-newPassword")).to_contain_text("un número")
        checked(page, "reset-refused")
        page.fill("[name=newPassword]", "Bicicleta azul 79")
        page.click("button[value=reset]")
        page.wait_for_url("**/sign-in")
        enter(page, demo, "aguas", ester.email, "Bicicleta azul 79")

        page.goto(f"{demo.portal('aguas')}/reset#{token}")
        page.fill("[name=newPassword]", "Bicicleta azul 80")
        page.click("button[value=reset]")
        expect(page.get_by_role("alert").first).to_contain_text("ya se usó")
        expect(page.get_by_role("link", name="Pedir otro mensaje")).to_be_visible()


def test_nobody_learns_who_is_registered(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        page.goto(f"{demo.portal('aguas')}/forgot")
        page.fill("[name=email]", "nadie@vecinos.example")
        page.click("button[value=ask]")
        expect(page.get_by_role("heading", level=1)).to_have_text("Mire su correo")
        page.get_by_role("button", name="Usar otro correo").click()
        expect(page.locator("[name=email]")).to_have_value("")


def test_help_is_there_for_everybody(demo: Portals, browser_page: Pages) -> None:
    with browser_page(1280) as page:
        page.goto(f"{demo.portal('inmobiliaria')}/help")
        expect(page.get_by_role("link", name="Manual del portal")).to_be_visible()
        page.get_by_text("Olvidé mi contraseña").click()
        expect(page.get_by_role("main").get_by_role("link", name="«¿Olvidó su contraseña?»")).to_be_visible()
        checked(page, "help")
