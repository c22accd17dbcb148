"""A letter as a message: with its headers, ready to be handed to whatever carries it away."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from ventanilla.mail.address import address_of
from ventanilla.mail.letter import Letter
from ventanilla.mail.plain import line
from ventanilla.mail.transport import NotSentError
from ventanilla.mail.writing import written
from ventanilla.store.manager import Manager

LONGEST_NAME: Final = 60


def message(letter: Letter, manager: Manager, sender: str) -> EmailMessage:
    """Write `letter` out and address it, from `sender`; raise `NotSentError` where its address is none."""
    recipient = address_of(letter.recipient)
    words = written(letter, manager)
    made = EmailMessage(policy=SMTP)
    made["From"] = _named(manager.name, sender)
    if answers := _usable(manager.contact.email):
        made["Reply-To"] = _named(manager.name, answers)
    made["To"] = _named(letter.name, recipient)
    made["Subject"] = words.subject
    made["Date"] = letter.at
    made["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(words.text, cte="quoted-printable")
    made.add_alternative(words.html, subtype="html", cte="quoted-printable")
    made["Content-Language"] = words.language  # what sets a content takes headers of its kind away
    return made


def _usable(address: str) -> str | None:
    try:
        return address_of(address)
    except NotSentError:
        return None  # a letter has to leave all the same


def _named(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    shown = line(name, LONGEST_NAME).replace("=?", "= ?")  # else it would be read as the code of another name
    return Address(display_name=shown, username=user, domain=domain)
