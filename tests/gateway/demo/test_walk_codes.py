"""Somebody signs in with a code that they read in the demo's mailbox, and ends a session from another device."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import httpx2

from tests.gateway.demo.process import TLS, Demo
from tests.gateway.demo.walking import EXAMPLES, PORTALS

SLUG, EMAIL = "inmobiliaria", "andres@inquilinos.example"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"


def ask(demo: Demo, name: str, given: dict[str, Any] | None = None, **headers: str) -> Any:
    """What the one field of an example answered."""
    (answer,) = demo.ask(demo.port + PORTALS[SLUG], EXAMPLES[name], {"input": given}, **headers).values()
    return answer


def page(demo: Demo, path: str) -> str:
    return httpx2.get(f"http://127.0.0.1:{demo.port + PORTALS[SLUG]}{path}", verify=TLS).text


def newest(demo: Demo, subject: str) -> str:
    """The page of the newest letter, once it is the one with that subject, to our person."""
    row = re.compile(r'href="(/mailbox/\d[^"]+)"[^>]*><span class="subject">(.*?)</span><span class="to">(.*?)</span>')
    for _ in range(100):
        for path, about, to in row.findall(page(demo, "/mailbox"))[:1]:
            if about == subject and EMAIL in to:
                return page(demo, path)
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


def test_a_code_from_the_mailbox_signs_in_and_a_session_is_ended_elsewhere(demo: Demo) -> None:
    phone = enter(demo, **{"user-agent": PHONE, "accept-language": "en"})
    desk = {"authorization": f"Bearer {demo.token(demo.port + PORTALS[SLUG], EMAIL)}"}
    told = html.unescape(newest(demo, "Nuevo ingreso en su cuenta"))
    assert "un navegador desconocido" in told
    assert "127.0.0.1" in told
    sessions = ask(demo, "sessions", **phone)["sessions"]
    assert [(each["device"], each["current"]) for each in sessions] == [(None, False), ("Firefox on Android", True)]
    ended = ask(demo, "end-session", {"id": sessions[1]["id"]}, **desk)
    assert ended == {"endedSessions": 1, "userErrors": []}
    answer = httpx2.post(
        f"http://127.0.0.1:{demo.port + PORTALS[SLUG]}/graphql",
        json={"query": "{ portal { name } }"},
        headers=phone,
        verify=TLS,
    )
    assert answer.status_code == 401
