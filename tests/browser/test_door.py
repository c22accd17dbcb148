"""Signing in by every way, and out again; what is due first; and that everybody goes on to where they wanted to go."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.authenticator_app import App
from tests.browser.conftest import Pages, Portals, checked, sign_in
from tests.browser.newcomers import PASSWORD, REFUSED, Newcomer, letter

MARTA = "marta@vecinos.example"
TO_ACCOUNTS = "?next=%2Faccounts"
MAKE_PASSKEY = """
async () => {
  const ask = async (query, input) => {
    const headers = { "Content-Type": "application/json", "X-Ventanilla-Request": "test" };
    const body = JSON.stringify({ query, variables: { input } });
    const answer = await fetch("/graphql", { method: "POST", headers, body });
    return Object.values((await answer.json()).data)[0];
  };
  const begun = await ask(
    "mutation ($input: StartPasskeyRegistrationInput!) { startPasskeyRegistration(input: $input) { ticket options } }",
    { name: "Phone" });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(begun.options));
  const response = JSON.stringify((await navigator.credentials.create({ publicKey })).toJSON());
  const made = await ask(
    `mutation ($input: FinishPasskeyRegistrationInput!) {
      finishPasskeyRegistration(input: $input) { passkey { id } } }`,
    { ticket: begun.ticket, response });
  return made.passkey.id;
}
"""


@pytest.mark.parametrize("slug", ["aguas", "inmobiliaria", "osiedle"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_every_managers_door_looks_like_theirs(
    demo: Portals, browser_page: Pages, slug: str, width: int, scheme: str
) -> None:
    with browser_page(width, scheme) as page:
        page.goto(f"{demo.portal(slug)}/accounts")
        expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Faccounts$"))
        checked(page, f"sign-in-{slug}-{width}")


def test_a_wrong_password_is_told_and_the_right_one_leads_on(demo: Portals, browser_page: Pages) -> None:
    with browser_page(tolerated=(REFUSED,)) as page:
        page.goto(f"{demo.portal('aguas')}/sign-in{TO_ACCOUNTS}")
        page.fill("[name=email]", "  HECTOR@vecinos.example ")
        page.fill("[name=password]", "otra")
        page.click("button[value=password]")
        expect(page.get_by_role("alert").first).to_contain_text("contraseña")
        checked(page, "sign-in-refused")
        page.get_by_role("button", name="Mostrar la contraseña").click()
        expect(page.locator("[name=password]")).to_have_attribute("type", "text")
        page.fill("[name=password]", "Ventanilla-demo-2026")
        page.click("button[value=password]")
        page.wait_for_url("**/accounts")
        page.goto(f"{demo.portal('aguas')}/sign-in{TO_ACCOUNTS}")
        page.wait_for_url("**/accounts")


@pytest.mark.parametrize(
    "place", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere(demo: Portals, browser_page: Pages, place: str) -> None:
    with browser_page() as page:
        sign_in(page, demo, "aguas", MARTA)
        page.goto(f"{demo.portal('aguas')}/sign-in?next={place}")
        assert page.url.startswith(demo.portal("aguas"))


def test_a_code_is_asked_for_tried_and_taken(demo: Portals, browser_page: Pages) -> None:
    email = "camila@vecinos.example"
    with browser_page(tolerated=(REFUSED,)) as page:
        page.goto(f"{demo.portal('aguas')}/sign-in{TO_ACCOUNTS}")
        page.fill("[name=email]", email)
        page.get_by_role("button", name="Recibir un código por correo").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Escriba su código")
        expect(page.get_by_role("button", name="Enviar otro")).to_be_disabled()
        expect(page.get_by_role("button", name="Enviar otro")).to_contain_text(re.compile(r"\d+ s"))
        checked(page, "code")
        page.goto(f"{demo.portal('aguas')}/help")
        page.goto(f"{demo.portal('aguas')}/sign-in-code{TO_ACCOUNTS}")
        code = letter(demo, "aguas", email, r"\b(\d{3} ?\d{3})\b")
        page.fill("[name=code]", "000001" if code != "000001" else "000002")
        page.get_by_role("button", name="Ingresar").click()
        expect(page.get_by_text("Le quedan 4 intentos.")).to_be_visible()
        checked(page, "code-refused")
        page.fill("[name=code]", code)
        page.get_by_role("button", name="Ingresar").click()
        page.wait_for_url("**/accounts")


def test_a_code_needs_an_address_first(demo: Portals, browser_page: Pages) -> None:
    with browser_page(tolerated=(REFUSED,)) as page:
        page.goto(f"{demo.portal('osiedle')}/sign-in")
        page.get_by_role("button", name="Wyślij mi kod e-mailem").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Logowanie kodem")
        expect(page.get_by_role("alert")).to_have_count(0)
        checked(page, "code-address")
        page.fill("[name=email]", "nikt@sasiedzi.example")
        page.get_by_role("button", name="Wyślij kod").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Wpisz kod")
        page.get_by_role("button", name="Inny adres").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Logowanie kodem")


def test_the_second_factor_is_shown_before_anything_else(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "osiedle", "kod@sasiedzi.example")
    token = ester.token()
    app = App.scan(ester.ask("start-second-factor", token, password=None)["otpauthUri"])
    codes = ester.ask("confirm-second-factor", token, code=app.code(datetime.now(UTC)))["recoveryCodes"]
    with browser_page(tolerated=(REFUSED,)) as page:
        _enter(page, demo, ester.email)
        expect(page).to_have_url(re.compile(r"/second-factor\?next=%2Fhelp$"))
        checked(page, "second-factor")
        page.goto(f"{demo.portal('osiedle')}/accounts")
        expect(page).to_have_url(re.compile("/second-factor$"))
        page.goto(f"{demo.portal('osiedle')}/second-factor?next=%2Fhelp")
        page.fill("[name=code]", app.wrong(datetime.now(UTC)))
        page.get_by_role("button", name="Dalej").click()
        expect(page.locator("#h-code")).to_contain_text("nieprawidłowy")
        page.fill("[name=code]", app.code(datetime.now(UTC), 1))
        page.get_by_role("button", name="Dalej").click()
        page.wait_for_url("**/help")

    with browser_page() as page:
        _enter(page, demo, ester.email)
        page.get_by_role("link", name="Nie mam aplikacji").click()
        checked(page, "second-factor-recovery")
        page.fill("[name=code]", codes[0])
        page.get_by_role("button", name="Dalej").click()
        page.wait_for_url("**/help")
        expect(page.get_by_role("status").first).to_contain_text("Pozostało 9")


def _enter(page: Page, demo: Portals, email: str) -> None:
    page.goto(f"{demo.portal('osiedle')}/sign-in?next=%2Fhelp")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("button[value=password]")
    page.wait_for_url("**/second-factor*")


def test_a_passkey_signs_in_by_name(demo: Portals, browser_page: Pages) -> None:
    portal = f"http://aguas.localhost:{demo.demo.port}"
    with browser_page() as page:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.goto(f"{portal}/sign-in")
        page.fill("[name=password]", "Ventanilla-demo-2026")
        page.evaluate("document.querySelector('[name=email]').value = 'ruben@vecinos.example'")
        page.click("button[value=password]")
        page.wait_for_url(re.compile("/a/"))
        assert page.evaluate(MAKE_PASSKEY)
        page.goto(f"{portal}/sign-out")
        page.get_by_role("main").get_by_role("button", name="Cerrar sesión").click()
        page.wait_for_url("**/sign-in")
        page.goto(f"{portal}/sign-in{TO_ACCOUNTS}")
        page.get_by_role("button", name="Usar una llave de acceso").click()
        page.wait_for_url("**/accounts")
        page.context.clear_cookies()
        page.goto(f"{portal}/sign-in{TO_ACCOUNTS}")
        page.focus("[name=email]")  # where the browser offers it by itself
        page.wait_for_url("**/accounts")


def test_where_no_passkey_works_it_is_said(demo: Portals, browser_page: Pages) -> None:
    with browser_page() as page:
        page.goto(f"{demo.portal('aguas')}/sign-in")
        page.get_by_role("button", name="Usar una llave de acceso").click()
        expect(page.locator("#passkey-told")).to_contain_text("no funcionan las llaves de acceso")


def test_signing_out_ends_this_session_or_all(demo: Portals, browser_page: Pages) -> None:
    ester = Newcomer(demo, "aguas", "salida@vecinos.example")
    token = ester.token()
    with browser_page() as page:
        page.goto(f"{demo.portal('aguas')}/sign-in")
        page.fill("[name=email]", ester.email)
        page.fill("[name=password]", PASSWORD)
        page.click("button[value=password]")
        page.wait_for_url("**/link")
        page.goto(f"{demo.portal('aguas')}/sign-out")
        checked(page, "sign-out")
        page.check("[name=everywhere]")
        page.get_by_role("main").get_by_role("button", name="Cerrar sesión").click()
        page.wait_for_url("**/sign-in")
        expect(page.get_by_role("status").first).to_contain_text("todos los dispositivos")
        page.goto(f"{demo.portal('aguas')}/sign-out")
        expect(page).to_have_url(re.compile("/sign-in$"))
    ended = demo.demo.ask(ester.port, "{ portal { slug } }")
    assert ended["portal"]["slug"] == "aguas"
    with pytest.raises(AssertionError):
        demo.demo.ask(ester.port, "{ viewer { email } }", authorization=f"Bearer {token}")
