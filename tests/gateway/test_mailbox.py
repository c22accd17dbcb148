"""The mailbox page: what a portal wrote to people, in the demo and in development, and nowhere else."""

from __future__ import annotations

import html
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from graphql import parse, validate

from tests.gateway.conftest import Gateway, Start
from ventanilla.gateway.console.routes import SignIn
from ventanilla.gateway.mailbox import page
from ventanilla.gateway.mailbox.steps import DOCUMENTS, steps_of
from ventanilla.mail.mailbox import MailboxTransport
from ventanilla.schema.schema import build

pytestmark = pytest.mark.anyio

TOKEN = "vl_" + "0123456789abcdef" * 2 + "AbCdEfGhIjKlMnOpQrStUvWxYz012_-9"
SECRET = "0f3b5d7799aabbccddeeff1234567890"
NASTY = '<script>alert(1)</script> & "quotes"'


async def put(
    folder: Path, subject: str, text: str = "Hello", markup: str = "<p>Hello</p>", to: str = "ana@example.com"
) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "Aguas <no-reply@aguas.example>", to
    message["Date"] = "Sun, 22 Nov 2026 12:30:00 +0000"
    message.set_content(text)
    message.add_alternative(markup, subtype="html")
    async with MailboxTransport(folder).connected() as connection:
        await connection.send(message, sender="no-reply@aguas.example", recipient=to)


async def newest(gateway: Gateway) -> str:
    """The address of the first letter of the list."""
    async with gateway.client() as client:
        listed = (await client.get("/mailbox")).text
    return re.findall(r'href="(/mailbox/\d[^"]+)"', listed)[0]


async def test_letters_are_listed_newest_first_each_portals_own(gateway: Gateway, tmp_path: Path) -> None:
    await put(tmp_path / "mailbox" / "aguas", "First")
    await put(tmp_path / "mailbox" / "aguas", NASTY)
    await put(tmp_path / "mailbox" / "lares", "Of Lares")
    async with gateway.client() as client, gateway.client("lares.example") as other:
        ours, theirs = (await client.get("/mailbox")).text, (await other.get("/mailbox")).text
    assert re.findall(r'<span class="subject">(.*?)</span>', ours) == [html.escape(NASTY), "First"]
    assert re.findall(r'<span class="subject">(.*?)</span>', theirs) == ["Of Lares"]
    assert '<time datetime="2026-11-22T09:30:00-03:00">22 Nov 2026, 09:30</time>' in ours
    assert ours.count("ana@example.com") == 2


async def test_an_open_letter_runs_nothing_and_tells_what_to_go_on_with(gateway: Gateway, tmp_path: Path) -> None:
    text = f"Confirm: http://aguas.example/verify#{TOKEN}\n\nYour code:\n\n  123456\n\nCall 5550142"
    await put(tmp_path / "mailbox" / "aguas", "Confirm", text, f"<b>{NASTY}</b>")
    async with gateway.client() as client:
        answer = await client.get(await newest(gateway))
    (frame,) = re.findall(r"<iframe.*?>", answer.text, re.DOTALL)
    assert " sandbox " in frame
    assert html.unescape(re.findall(r'srcdoc="(.*?)"', frame, re.DOTALL)[0]).strip() == f"<b>{NASTY}</b>"
    assert "<script>alert" not in answer.text
    assert re.findall(r'<pre id="value-\d" tabindex="0">(.*?)</pre>', answer.text) == [TOKEN, "123456"]
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert 'aria-current="page"' in answer.text


async def test_without_letters_it_says_how_to_get_one(start: Start) -> None:
    offered = SignIn(label="Ana", email="ana@example.com", password="x")
    async with start({"sign_ins": {"aguas": [offered]}}) as gateway, gateway.client() as client:
        found = (await client.get("/mailbox")).text
    (document,) = re.findall(r'<pre id="ask"[^>]*>(.*?)</pre>', found, re.DOTALL)
    assert 'email: "ana@example.com"' in html.unescape(document)
    assert validate(build(), parse(html.unescape(document))) == []


@pytest.mark.parametrize("id", ["0000000009-" + "0" * 32, "nonsense", "..%2Flares%2F0000000001-x", "%00"])
async def test_a_letter_that_is_not_there_is_told_so(gateway: Gateway, tmp_path: Path, id: str) -> None:
    await put(tmp_path / "mailbox" / "lares", "Of Lares")
    async with gateway.client() as client:
        answer = await client.get(f"/mailbox/{id}")
    assert answer.status_code == 404
    assert "Of Lares" not in answer.text


async def test_another_portals_letter_is_not_there(gateway: Gateway, tmp_path: Path) -> None:
    await put(tmp_path / "mailbox" / "aguas", "Of Aguas")
    address = await newest(gateway)
    async with gateway.client() as client, gateway.client("lares.example") as other:
        assert [(await each.get(address)).status_code for each in (client, other)] == [200, 404]


async def test_who_has_the_newest_letter_is_not_sent_the_list_again(gateway: Gateway, tmp_path: Path) -> None:
    async with gateway.client() as client:
        tags = [(await client.get("/mailbox")).headers["etag"]]
        await put(tmp_path / "mailbox" / "aguas", "First")
        tags.append((await client.get("/mailbox", headers={"if-none-match": tags[0]})).headers["etag"])
        unchanged = await client.get("/mailbox", headers={"if-none-match": tags[1]})
    assert tags[0] != tags[1]
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_a_long_list_ends_with_the_fiftieth(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ventanilla.gateway.mailbox.routes.MOST", 3)
    for number in range(5):
        await put(tmp_path / "mailbox" / "aguas", f"Letter {number}")
    async with gateway.client() as client:
        found = (await client.get("/mailbox")).text
    assert re.findall(r'<span class="subject">(.*?)</span>', found) == ["Letter 4", "Letter 3", "Letter 2"]
    assert page.MOST == 50


async def test_every_file_that_the_page_names_is_our_own(gateway: Gateway, tmp_path: Path) -> None:
    await put(tmp_path / "mailbox" / "aguas", "First")
    async with gateway.client() as client:
        found = await client.get("/mailbox")
        named = re.findall(r'(?:src|href)="([^"]+)"', found.text)
        answers = [await client.get(each) for each in named if each != "data:,"]
    assert {"/mailbox/files/mailbox.js", "/mailbox/files/mailbox.css", "/graphiql"} <= set(named)
    assert {each.status_code for each in answers} == {200}
    assert not re.findall(r"https?://", found.text)


async def test_nobodys_host_has_no_mailbox(gateway: Gateway) -> None:
    async with gateway.client("nobody.example") as client:
        assert (await client.get("/mailbox")).status_code == 421


@pytest.mark.parametrize(
    "settings", [{"environment": "production", "secret": SECRET}, {"smtp": "smtp+insecure://127.0.0.1:25999"}]
)
async def test_where_letters_leave_there_is_no_mailbox(start: Start, settings: dict[str, str]) -> None:
    async with start(**settings, console=True) as gateway, gateway.client() as client:
        assert (await client.get("/mailbox")).status_code == 404
        assert (await client.get("/mailbox/files/mailbox.js")).status_code == 404
        assert "/mailbox" not in (await client.get("/graphiql")).text


async def test_the_console_leads_to_the_mailbox(gateway: Gateway) -> None:
    async with gateway.client() as client:
        assert '<a href="/mailbox">' in (await client.get("/graphiql")).text


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_what_a_letter_is_gone_on_with_is_in_the_schema(document: str) -> None:
    assert validate(build(), parse(document)) == []


@pytest.mark.parametrize(("text", "found"), [
    ("", []),
    (f"http://a.example:8001/reset#{TOKEN}", [("Token", TOKEN)]),
    (f"<http://a.example/verify#{TOKEN}>\nagain: http://a.example/verify#{TOKEN}.", [("Token", TOKEN)]),
    (f"http://a.example/elsewhere#{TOKEN}", [("Token", TOKEN)]),
    ("123456", [("Code", "123456")]),
    ("Call 555014, or 123 456", []),
    ("1234567\n12345", []),
    ("http://a.example/verify#vt_123", []),
])  # fmt: skip
def test_what_is_found_in_a_text(text: str, found: list[tuple[str, str]]) -> None:
    steps = steps_of(text)
    assert [(step.name, step.value) for step in steps] == found
    assert all(step.value in (step.document or step.value) for step in steps)
    assert not any(step.value in repr(step) for step in steps)
