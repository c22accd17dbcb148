"""The policy: what a new password must be like, whatever it was before and whoever chooses it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from ventanilla.auth.passwords import MAX_LENGTH, compare, normal
from ventanilla.auth.refused import RefusedPasswords
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store.manager import PasswordPolicy

_SHORTEST_PART: Final = 4
"""Shorter parts of a name stand in too many words by chance."""
_WORDS = re.compile(r"[^\W_]+")
_ACCENTLESS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i"})


class Violation(StrEnum):
    """A rule of the policy that a password breaks."""

    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    NO_DIGIT = "NO_DIGIT"
    NO_SYMBOL = "NO_SYMBOL"
    NO_UPPER = "NO_UPPER"
    NO_LOWER = "NO_LOWER"
    REFUSED = "REFUSED"
    """One of those that everybody tries first, or on the operator's list."""
    PERSONAL = "PERSONAL"
    """It contains the person's name, or the first part of their e-mail."""
    REUSED = "REUSED"
    """It is the present one, or a former one that may not come back."""


class Holder(Record):
    """Whose password it is to be."""

    email: str
    given_name: str
    family_name: str
    hashes: tuple[str, ...] = ()
    """Of the passwords that may not come back: the present one and the former ones."""

    def __repr__(self) -> str:
        return "Holder(…)"


async def violations(
    policy: PasswordPolicy, password: str, holder: Holder, refused: RefusedPasswords
) -> tuple[Violation, ...]:
    """Every rule that `password` breaks; none for a good one. Former ones are compared only with what is else good."""
    text = normal(password)
    broken = [*_of_its_form(policy, text), *_of_its_words(text, holder, refused)]
    if not broken and await _is_reused(password, holder.hashes):
        broken.append(Violation.REUSED)
    return tuple(broken)


def _of_its_form(policy: PasswordPolicy, password: str) -> Iterator[Violation]:
    if len(password) < policy.min_length:
        yield Violation.TOO_SHORT
    if len(password) > MAX_LENGTH:
        yield Violation.TOO_LONG
    if policy.require_digit and not any(map(str.isdigit, password)):
        yield Violation.NO_DIGIT
    if policy.require_symbol and all(map(str.isalnum, password)):
        yield Violation.NO_SYMBOL
    if policy.require_upper and not any(map(str.isupper, password)):
        yield Violation.NO_UPPER
    if policy.require_lower and not any(map(str.islower, password)):
        yield Violation.NO_LOWER


def _of_its_words(password: str, holder: Holder, refused: RefusedPasswords) -> Iterator[Violation]:
    if password in refused:
        yield Violation.REFUSED
    bare = _bare(password)
    if any(part in bare for part in _parts(holder)):
        yield Violation.PERSONAL


def _parts(holder: Holder) -> Iterator[str]:
    """What of the person nobody needs to guess: the words of their names, and the e-mail before its @."""
    told = (holder.email.partition("@")[0], *_WORDS.findall(f"{holder.given_name} {holder.family_name}"))
    return (bare for part in told if len(bare := _bare(part)) >= _SHORTEST_PART)


def _bare(text: str) -> str:
    """Letters as people write them in a hurry: without case and accents."""
    folded = unicodedata.normalize("NFD", normal(text).casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter)).translate(_ACCENTLESS)


async def _is_reused(password: str, hashes: Sequence[str]) -> bool:
    for stored in hashes:
        if (await compare(password, stored)).right:
            return True
    return False
