"""Registration through the schema: from the form to the first sign-in."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.resolvers import letters
from tests.world import PASSWORD, World, manager
from ventanilla.auth.passwords import MOST_WAITING, place_in_line
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.execution.engine import Outcome
from ventanilla.resolvers.asked import _BAD_TOKENS, _TOO_MANY, NO_EMAIL
from ventanilla.resolvers.new_passwords import _CHOOSE, _WORDS
from ventanilla.resolvers.passwords import _WRONG
from ventanilla.resolvers.registration import _INVALID, _REQUIRED, _TAKEN, _TERMS
from ventanilla.store.manager import PasswordPolicy, Presentation, Terms

pytestmark = pytest.mark.anyio

ERRORS = "userErrors { code reason message path retryable params { key value } }"
REGISTER = "mutation ($in: RegisterInput!) { register(input: $in) { maskedEmail expiresAt %s } }" % ERRORS
RESEND = (
    "mutation ($in: ResendVerificationInput!) { resendVerification(input: $in) { maskedEmail expiresAt %s } }" % ERRORS
)
VERIFY = "mutation ($in: VerifyEmailInput!) { verifyEmail(input: $in) { email %s } }" % ERRORS
ENTER = (
    "mutation ($in: SignInInput!) { signIn(input: $in) { viewer { name onboardingState passwordChangeDue }"
    " userErrors { code } } }"
)
FORM: dict[str, Any] = {
    "email": " Bruno@Example.org",
    "password": PASSWORD,
    "givenName": "Bruno",
    "familyName": "Díaz",
    "documentType": "DNI",
    "documentNumber": "20.123.456",
    "phone": "+54 343 555 0142",
}


def told(outcome: Outcome) -> dict[str, Any]:
    """What the one mutation of a document answered."""
    assert outcome.errors == []
    assert outcome.data is not None
    (payload,) = outcome.data.values()
    return payload


def codes(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    return [(each["code"], each["path"]) for each in payload["userErrors"]]


async def test_from_the_form_to_the_first_sign_in(world: World) -> None:
    rung: list[None] = []
    world.services = replace(world.services, wake_worker=lambda: rung.append(None))
    asked = told(await world.ask("sur", REGISTER, **{"in": FORM}))
    assert asked == {"maskedEmail": "b•••@example.org", "expiresAt": "2026-11-16T12:00:00+00:00", "userErrors": []}
    assert len(rung) == 1
    credentials = {"email": "bruno@example.org", "password": PASSWORD}
    early = told(await world.ask("sur", ENTER, **{"in": credentials}))
    assert early["userErrors"] == [{"code": "EMAIL_NOT_VERIFIED"}]

    link = await letters.token(world, "sur", "bruno@example.org")
    verified = told(await world.ask("sur", VERIFY, **{"in": {"token": f" {link} "}}))
    assert verified == {"email": "bruno@example.org", "userErrors": []}
    entered = told(await world.ask("sur", ENTER, **{"in": credentials}))
    assert entered["viewer"] == {
        "name": "Bruno Díaz",
        "onboardingState": "NEEDS_ACCOUNT",
        "passwordChangeDue": False,
    }
    again = told(await world.ask("sur", VERIFY, **{"in": {"token": link}}))
    assert codes(again) == [("TOKEN_USED", ["token"])]


async def test_a_letter_that_did_not_come_is_sent_anew(world: World) -> None:
    await world.ask("sur", REGISTER, **{"in": FORM})
    first = await letters.token(world, "sur", "bruno@example.org")
    again = told(await world.ask("sur", RESEND, **{"in": {"email": "bruno@example.org"}}))
    assert again == {"maskedEmail": "b•••@example.org", "expiresAt": "2026-11-16T12:00:00+00:00", "userErrors": []}
    assert codes(told(await world.ask("sur", VERIFY, **{"in": {"token": first}}))) == [("TOKEN_EXPIRED", ["token"])]
    nobody = told(await world.ask("sur", RESEND, **{"in": {"email": "nobody"}}))
    assert codes(nobody) == [("FIELD_INVALID", ["email"])]
    assert nobody["maskedEmail"] is None


async def test_each_refusal_names_its_field_and_its_numbers(world: World) -> None:
    policy = PasswordPolicy(min_length=12, require_digit=True)
    terms = Presentation(password_policy=policy, terms=Terms(version="2026-11"))
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], presentation=terms)
    form = {**FORM, "password": "bruno", "phone": "", "documentNumber": "?", "acceptedTermsVersion": "2025-01"}
    refused = told(await world.ask("sur", REGISTER, **{"in": form}))
    assert (refused["maskedEmail"], refused["expiresAt"]) == (None, None)
    assert codes(refused) == [
        ("FIELD_INVALID", ["documentNumber"]),
        ("FIELD_REQUIRED", ["phone"]),
        ("PASSWORD_POLICY", ["password"]),
        ("TERMS_VERSION_STALE", ["acceptedTermsVersion"]),
    ]
    assert [each["code"] for each in refused["userErrors"]] == [each["reason"] for each in refused["userErrors"]]
    assert refused["userErrors"][2]["params"] == [
        {"key": "violation", "value": "TOO_SHORT"},
        {"key": "violation", "value": "NO_DIGIT"},
        {"key": "violation", "value": "PERSONAL"},
        {"key": "minLength", "value": "12"},
    ]
    assert "12 caracteres" in refused["userErrors"][2]["message"]
    assert refused["userErrors"][3]["params"] == [{"key": "version", "value": "2026-11"}]
    assert await letters.kinds(world, "sur") == []


async def test_terms_that_nobody_accepted_and_too_many_letters(world: World) -> None:
    presented = Presentation(terms=Terms(version="2026-11"))
    world.managers["sur"] = msgspec.structs.replace(world.managers["sur"], presentation=presented)
    assert codes(told(await world.ask("sur", REGISTER, **{"in": FORM}))) == [
        ("TERMS_NOT_ACCEPTED", ["acceptedTermsVersion"])
    ]
    for _ in range(5):
        assert told(await world.ask("sur", RESEND, **{"in": {"email": "bruno@example.org"}}))["userErrors"] == []
    form = {**FORM, "acceptedTermsVersion": "2026-11"}
    for mutation, given in ((REGISTER, form), (RESEND, {"email": "bruno@example.org"})):
        (late,) = told(await world.ask("sur", mutation, **{"in": given}))["userErrors"]
        assert (late["code"], late["retryable"], late["path"]) == ("RATE_LIMITED", True, None)
        assert late["params"] == [{"key": "retryAfterSeconds", "value": "900"}]


async def test_an_operators_list_refuses_passwords(world: World) -> None:
    world.services = replace(world.services, refused=RefusedPasswords([PASSWORD]))
    (refused,) = told(await world.ask("sur", REGISTER, **{"in": FORM}))["userErrors"]
    assert refused["params"] == [{"key": "violation", "value": "REFUSED"}]


async def test_what_is_no_link_of_this_portal_is_told(world: World) -> None:
    await world.ask("sur", REGISTER, **{"in": FORM})
    link = await letters.token(world, "sur", "bruno@example.org")
    for slug, token in (("norte", link), ("sur", link[:-1]), ("sur", ""), ("sur", "\x00" * 400)):
        assert codes(told(await world.ask(slug, VERIFY, **{"in": {"token": token}}))) == [("TOKEN_INVALID", ["token"])]
    await world.person("sur", "bruno@example.org", [])
    assert codes(told(await world.ask("sur", VERIFY, **{"in": {"token": link}}))) == [("EMAIL_TAKEN", None)]


async def test_when_too_many_passwords_are_hashed_nothing_is_counted(world: World) -> None:
    with ExitStack() as taken:
        for _ in range(MOST_WAITING):
            taken.enter_context(place_in_line())
        outcome = await world.ask("sur", REGISTER, **{"in": FORM})
    assert outcome.errors[0].extensions == {"code": "OVERLOADED", "retryable": True, "retryAfter": 2}
    assert await world.services.store.rows("SELECT kind FROM sign_in_attempt") == []


def test_every_refusal_is_spoken_in_every_language() -> None:
    of_links = (*_BAD_TOKENS.values(), _TOO_MANY, NO_EMAIL)
    of_passwords = (*_WORDS.values(), _CHOOSE, _WRONG)
    for texts in (*of_passwords, *of_links, *_INVALID.values(), *_TERMS.values(), _REQUIRED, _TAKEN):
        assert set(texts) == {"en", "es", "pl"}
        assert len(set(texts.values())) == 3


async def test_the_terms_are_told_before_anybody_registers(world: World, tmp_path: Path) -> None:
    query = "{ portal { terms { version url body } } }"
    assert (await world.ask("sur", query)).data == {"portal": {"terms": None}}
    presented = Presentation(
        terms=Terms(version="2026-11", url="/terms"),
        texts={"terms": {"es": "Cuide su contraseña.", "en": "Take care."}},
    )
    world.managers["sur"] = manager("sur", presentation=presented)
    outcome = await world.run(world.context("sur", language="en"), query)
    assert outcome.data == {"portal": {"terms": {"version": "2026-11", "url": "/terms", "body": "Take care."}}}
    world.managers["sur"] = manager("sur", presentation=Presentation(terms=Terms(version="1")))
    assert (await world.ask("sur", query)).data == {"portal": {"terms": {"version": "1", "url": None, "body": None}}}
