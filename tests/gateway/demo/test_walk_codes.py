"""Somebody signs in with a code that they read in the demo's mailbox, and ends a session from another device."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import httpx2

from tests.gateway.demo.process import TLS, Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS
from ventanilla.gateway.demo.people import PASSWORD

SLUG, EMAIL = "inmobiliaria", "andres@inquilinos.example"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"


def ask(demo: Demo, name: str, given: dict[str, Any] | None = None, **headers: str) -> Any:
    """What the one field of an example answered."""
    (answer,) = demo.ask(demo.port + PORTALS[SLUG], EXAMPLES[name], {"input": given}, **headers).values()
    return answer


def page(demo: Demo, path: str) -> str:
    return httpx2.get(f"http://127.0.0.1:{demo.port + PORTALS[SLUG]}{path}", verify=TLS).text


def newest(demo: Demo, subject: str, words: str = "") -> str:
    """The page of the newest letter, once it is the one with that subject and those words, to our person."""
    row = re.compile(r'href="(/mailbox/\d[^"]+)"[^>]*><span class="subject">(.*?)</span><span class="to">(.*?)</span>')
    for _ in range(100):
        for path, about, to in row.findall(page(demo, "/mailbox"))[:1]:
            if about == subject and EMAIL in to and words in (found := html.unescape(page(demo, path))):
                return found
        time.sleep(0.1)
    raise AssertionError(f"no letter came about {subject}")


def enter(demo: Demo, **headers: str) -> dict[str, str]:
    """Sign in with a code; the headers of whoever is signed in now."""
    asked = ask(demo, "request-sign-in-code", {"email": EMAIL})
    assert asked["userErrors"] == []
    letter = newest(demo, "Su código para ingresar")
    (code,) = re.findall(r'<pre id="value-0"[^>]*>(\d{6})</pre>', letter)
    assert asked["ticket"] not in letter
    entered = ask(demo, "sign-in-with-code", {"ticket": asked["ticket"], "code": code, "delivery": "BEARER"}, **headers)
    assert entered["userErrors"] == []
    return {"authorization": f"Bearer {entered['session']['accessToken']}", **headers}


def knocked(demo: Demo) -> dict[str, str]:
    """Sign in with the password, from something that nobody knows."""
    given = {"email": EMAIL, "password": PASSWORD, "delivery": "BEARER"}
    entered = ask(demo, "sign-in", given, **{"user-agent": "Walker/1"})
    return {"authorization": f"Bearer {entered['session']['accessToken']}"}


def test_a_code_from_the_mailbox_signs_in_and_a_session_is_ended_elsewhere(demo: Demo) -> None:
    phone = enter(demo, **{"user-agent": PHONE, "accept-language": "en"})
    desk = knocked(demo)
    assert "127.0.0.1" in newest(demo, "Nuevo ingreso en su cuenta", "un navegador desconocido")
    sessions = ask(demo, "sessions", **phone)["sessions"]
    (mine,) = [each for each in sessions if each["current"]]
    assert mine["device"] == "Firefox on Android"
    assert None in [each["device"] for each in sessions]
    ended = ask(demo, "end-session", {"id": mine["id"]}, **desk)
    assert ended == {"endedSessions": 1, "userErrors": []}
    answer = httpx2.post(
        f"http://127.0.0.1:{demo.port + PORTALS[SLUG]}/graphql",
        json={"query": "{ portal { name } }"},
        headers=phone,
        verify=TLS,
    )
    assert answer.status_code == 401
