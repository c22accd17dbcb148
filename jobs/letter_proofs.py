"""What a letter of each kind proves or opens: the link or the code in it, made from its challenge as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ventanilla.auth.challenges import Kind
from ventanilla.auth.proofs import Proofs
from ventanilla.backoffice_adapters.records import Record
from ventanilla.mail.letter import Letter
from ventanilla.store.letter_leases import TakenLetter
from ventanilla.store.letters import LetterKind


class Proof(Record):
    """What a letter carries that proves that somebody reads it."""

    challenge: Kind
    path: str | None = None
    """The portal's page that takes the link's token; None where the letter tells a code or a password instead."""
    password: bool = False
    """Whether it tells a password; its link is the portal then."""


PROOFS: Final[Mapping[LetterKind, Proof]] = {
    LetterKind.VERIFY_EMAIL: Proof(challenge=Kind.REGISTER, path="/verify"),
    LetterKind.VERIFY_NEW_EMAIL: Proof(challenge=Kind.NEW_EMAIL, path="/new-email"),
    LetterKind.RESET_PASSWORD: Proof(challenge=Kind.RESET_PASSWORD, path="/reset"),
    LetterKind.SIGN_IN_CODE: Proof(challenge=Kind.SIGN_IN_CODE),
    LetterKind.ACCESS_LINK: Proof(challenge=Kind.ACCESS_LINK, path="/activate"),
    LetterKind.ACCESS_PASSWORD: Proof(challenge=Kind.ACCESS_PASSWORD, password=True),
}
"""Letters of other kinds prove nothing: their link is the portal itself."""


def written_down(letter: TakenLetter, proofs: Proofs) -> Letter:
    """All that a letter says. This is where its secret comes to be, and it is never kept."""
    portal = f"{'https' if letter.secure else 'http'}://{letter.host}"
    link, code = _proved(letter, portal, proofs)
    return Letter(
        id=letter.id,
        kind=letter.kind,
        recipient=letter.recipient,
        name=letter.name,
        language=letter.language,
        portal=portal,
        at=letter.created_at,
        link=link,
        code=code,
        told=letter.told,
    )


def _proved(letter: TakenLetter, portal: str, proofs: Proofs) -> tuple[str | None, str | None]:
    """The link, and the code or the password, of a letter."""
    proof = PROOFS.get(letter.kind)
    if proof is None or letter.challenge_id is None:
        return portal, None
    if proof.password:
        return portal, proofs.password(letter.challenge_id)
    if proof.path is None:
        return None, proofs.code(letter.challenge_id)
    # Behind the hash, where browsers keep it from servers and their logs.
    return f"{portal}{proof.path}#{proofs.link(proof.challenge, letter.challenge_id)}", None
