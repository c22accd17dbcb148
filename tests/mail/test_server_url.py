"""A mail server's address in one line."""

from __future__ import annotations

import pytest

from tests.mail.sample import MARTA, SENDER, letter_to
from tests.smtp import SmtpServer
from ventanilla.mail.server_url import transport_of_url
from ventanilla.store.manager import MailSecurity

STARTTLS, TLS, NONE = MailSecurity.STARTTLS, MailSecurity.TLS, MailSecurity.NONE


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://sur:secret@smtp.sur.example:2587", ("smtp.sur.example", 2587, STARTTLS, "sur", "secret")),
        ("smtp://smtp.sur.example", ("smtp.sur.example", 587, STARTTLS, None, None)),
        ("SMTPS://SMTP.sur.example/", ("smtp.sur.example", 465, TLS, None, None)),
        ("smtp+insecure://localhost:2525", ("localhost", 2525, NONE, None, None)),
        ("smtp+insecure://mail_hog", ("mail_hog", 25, NONE, None, None)),
        ("smtp+insecure://[::1]:2525", ("::1", 2525, NONE, None, None)),
        ("smtp://a%40sur.example:p%2F%3A%40%23%3F@h.example", ("h.example", 587, STARTTLS, "a@sur.example", "p/:@#?")),
    ],
)
def test_an_address_is_read(url: str, expected: tuple[object, ...]) -> None:
    server = transport_of_url(url).server
    assert (server.host, server.port, server.security, server.user, server.password) == expected


WRONG = {
    "mail.sur.example:587": "begins with smtp://, smtps:// or, unencrypted, smtp+insecure://",
    "https://sur:wr9k@sur.example": "begins with smtp://",
    "": "begins with smtp://",
    "smtp://": "names no host",
    "smtp://sur:wr9k@:587": "names no host",
    "smtp://sur:wr9k@h example": "names no host",
    "smtp://sur:wr9k@h.example:none": "its port is a number from 1 to 65535",
    "smtp://sur:wr9k@h.example:0": "its port is a number from 1 to 65535",
    "smtp://sur:wr9k@h.example:70000": "its port is a number from 1 to 65535",
    "smtp://[sur:wr9k": "cannot be read",
    "smtp://sur@h.example": "both are needed",
    "smtp://:wr9k@h.example": "both are needed",
    "smtp://h.example/wr9k": "goes on after the port",
    "smtp://h.example?timeout=wr9k": "goes on after the port",
}


@pytest.mark.parametrize("url", WRONG)
def test_a_wrong_address_is_told_with_its_mend_and_without_a_secret(url: str) -> None:
    with pytest.raises(ValueError, match=r"^the mail server's address ") as caught:
        transport_of_url(url)
    assert WRONG[url] in str(caught.value)
    assert "wr9k" not in f"{caught.value!r}{caught.value.__cause__!r}{caught.value.__context__!r}"


@pytest.mark.anyio
async def test_letters_leave_by_it() -> None:
    async with SmtpServer(login=("sur", "p@ss")).running() as server:
        url = f"smtp+insecure://sur:p%40ss@127.0.0.1:{server.port}"
        async with transport_of_url(url).connected() as connection:
            await connection.send(letter_to(MARTA), sender=SENDER, recipient=MARTA)
    assert len(server.accepted) == 1
