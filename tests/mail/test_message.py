"""A letter's headers: whom it is from and for, however their names are written."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, default

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.mail.sample import MARTA, SENDER, SUR, letter
from ventanilla.mail.message import LONGEST_NAME, message
from ventanilla.mail.plain import line
from ventanilla.mail.transport import Failure, NotSentError
from ventanilla.store.letters import LetterKind
from ventanilla.store.manager import Contact

HEADERS = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
]
NASTY = [
    "Sur\r\nBcc: evil@evil.example",
    "Sur\nSubject: other\n\nbody",
    "Pérez, Marta; evil@evil.example,",
    'Marta "la jefa" <evil@evil.example>',
    "=?utf-8?q?evil=40evil.example?=",
    "\u202egnp.exe\u2066 שלום",
    "ż" * 300,
    "a" * 300,
    "a b " * 75,
    "💧" * 300,
    "(comment) : group;",
    "\\",
    '"',
    "Aguas del Ceibo S.A.P.E.M.",
    " ",
    "\x00\x7f\ud800",
]


def arrived(made: EmailMessage) -> EmailMessage:
    return message_from_string(made.as_bytes(policy=SMTP).decode(), policy=default)


def test_every_header() -> None:
    made = arrived(message(letter(), SUR, SENDER))
    assert made.keys() == HEADERS
    assert str(made["From"]) == "Sur <no-reply@sur.example>"
    assert str(made["Reply-To"]) == "Sur <hola@sur.example>"
    assert str(made["To"]) == "Marta Giménez <marta@vecinos.example>"
    assert made["Subject"] == "Confirme su correo electrónico"
    assert made["Date"].datetime == datetime(2026, 11, 22, 5, 41, tzinfo=UTC)
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["X-Auto-Response-Suppress"] == "All"
    assert made["Content-Language"] == "es"


def test_a_repeat_has_the_same_message_id() -> None:
    first, again = (message(letter(), SUR, SENDER)["Message-ID"] for _ in range(2))
    assert first == again == "<5f0c@sur.example>"


@pytest.mark.parametrize("kind", LetterKind)
def test_text_comes_before_html(kind: LetterKind) -> None:
    made = arrived(message(letter(kind), SUR, SENDER))
    assert [part.get_content_type() for part in made.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert all(len(part) <= 78 for part in made.as_bytes().splitlines())
    assert made.as_bytes().isascii()


def whole(made: EmailMessage, sender_name: str, name: str) -> None:
    """Nothing was added to the headers, and everybody is called what they are called."""
    for_real = arrived(made)
    assert for_real.keys() == HEADERS
    for header, called, address in (("From", sender_name, SENDER), ("To", name, MARTA)):
        (only,) = for_real[header].addresses
        assert only.addr_spec == address
        # Between parts of a long name the standard library's reader keeps a space that the standard takes out.
        assert only.display_name.replace(" ", "") == line(called, LONGEST_NAME).replace(" ", "")


@pytest.mark.parametrize("name", NASTY)
def test_no_name_adds_a_header_or_a_recipient(name: str) -> None:
    manager = msgspec.structs.replace(SUR, name=name)
    whole(message(letter(name="Marta"), manager, SENDER), name, "Marta")
    whole(message(letter(name=name), SUR, SENDER), "Sur", name)


ODD = some.text(some.sampled_from('abz ,;:<>@"\\().[]\r\n\t=?_żółćñ💧\u202e\u200d'), max_size=300)


@given(ODD | some.text(max_size=80), ODD | some.text(max_size=80))
def test_no_text_at_all_does(name: str, sender_name: str) -> None:
    whole(message(letter(name=name), msgspec.structs.replace(SUR, name=sender_name), SENDER), sender_name, name)


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "Marta <a@b.example>"]
)
def test_an_address_that_is_none_is_no_letter(address: str) -> None:
    with pytest.raises(NotSentError) as caught:
        message(letter(recipient=address), SUR, SENDER)
    assert (caught.value.failure, caught.value.permanent) == (Failure.BAD_ADDRESS, True)
    assert "example" not in str(caught.value)


def test_addresses_of_other_scripts() -> None:
    made = message(letter(recipient="żółw@poczta.example", name="Żółw"), SUR, SENDER)
    sent = message_from_string(made.as_bytes(policy=SMTPUTF8).decode(), policy=default)
    assert sent["To"].addresses[0].addr_spec == "żółw@poczta.example"
    made = arrived(message(letter(recipient="marta@ñandú.example"), SUR, SENDER))
    assert made["To"].addresses[0].addr_spec == "marta@xn--and-6ma2c.example"


def test_a_managers_address_that_is_none_takes_no_answers() -> None:
    manager = msgspec.structs.replace(SUR, contact=Contact(email="hola,otra@sur.example"))
    assert message(letter(), manager, SENDER)["Reply-To"] is None
