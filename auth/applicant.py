"""Somebody who registers: what they say of themselves, tidied, and what cannot be so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from ventanilla.auth.people import is_email, is_name, normal_email
from ventanilla.backoffice_adapters.records import Record

_PUNCTUATION = re.compile(r"[\s.\-/]+")
_DOCUMENT_TYPE = re.compile(r"[0-9A-Z]{1,20}")
_DOCUMENT_NUMBER = re.compile(r"[0-9A-Z]{3,40}")
_PHONE = re.compile(r"[0-9+() -]{6,40}")
_PHONE_DIGITS: Final = range(6, 21)


class Flaw(StrEnum):
    """What is wrong with a field."""

    FIELD_REQUIRED = "FIELD_REQUIRED"
    FIELD_INVALID = "FIELD_INVALID"


class Applicant(Record):
    """Who registers, in their own words."""

    email: str
    given_name: str
    family_name: str
    document_type: str
    """What kind of identity document it is, as the country calls it."""
    document_number: str
    phone: str
    language: str | None = None
    """What letters are to be written in; None for that of the request."""

    def __repr__(self) -> str:
        return "Applicant(…)"


def plain_document(number: str) -> str:
    """The number of a document as people are found by it: capitals and digits alone."""
    return _PUNCTUATION.sub("", number).upper()


def is_document(number: str) -> bool:
    """Whether a plain `number` could be that of a document."""
    return _DOCUMENT_NUMBER.fullmatch(number) is not None


def tidied(applicant: Applicant) -> Applicant:
    """The same person, written as people are kept: no white space around, documents in capitals and digits alone."""
    return Applicant(
        email=normal_email(applicant.email),
        given_name=applicant.given_name.strip(),
        family_name=applicant.family_name.strip(),
        document_type=_PUNCTUATION.sub("", applicant.document_type).upper(),
        document_number=plain_document(applicant.document_number),
        phone=normal_phone(applicant.phone),
        language=applicant.language,
    )


def flaws_of(applicant: Applicant, languages: Sequence[str]) -> dict[str, Flaw]:
    """The fields of a tidied applicant that cannot be taken, each with what is wrong with it."""
    flaws = {name: Flaw.FIELD_INVALID for name, fits in _judged(applicant) if not fits}
    if applicant.language is not None and applicant.language not in languages:
        flaws["language"] = Flaw.FIELD_INVALID
    return flaws | {name: Flaw.FIELD_REQUIRED for name in flaws if not getattr(applicant, name)}


def _judged(applicant: Applicant) -> Iterator[tuple[str, bool]]:
    yield "email", is_email(applicant.email)
    yield "given_name", is_name(applicant.given_name)
    yield "family_name", is_name(applicant.family_name)
    yield "document_type", _DOCUMENT_TYPE.fullmatch(applicant.document_type) is not None
    yield "document_number", is_document(applicant.document_number)
    yield "phone", is_phone(applicant.phone)


def normal_phone(phone: str) -> str:
    """A telephone number as people are kept with it: as they write it, with single spaces."""
    return " ".join(phone.split())


def is_phone(phone: str) -> bool:
    """Whether a normalised text could be a telephone number."""
    return _PHONE.fullmatch(phone) is not None and sum(map(str.isdigit, phone)) in _PHONE_DIGITS
