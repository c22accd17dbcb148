"""Letters about signing in, as they are posted: to whom, in which language, and where their links lead."""

from __future__ import annotations

from collections.abc import Mapping

from ventanilla.auth.caller import Caller
from ventanilla.auth.challenges import Challenge
from ventanilla.store.letters import LetterKind, NewLetter
from ventanilla.store.manager import Manager
from ventanilla.store.tables import PersonRow


def language_of(person: PersonRow | None, manager: Manager) -> str:
    """The language that a person's letters are written in: theirs if the manager has it, else the manager's first."""
    wished = person.language if person else None
    return wished if wished in manager.languages else manager.languages[0]


def letter_to(
    person: PersonRow | None,
    kind: LetterKind,
    manager: Manager,
    caller: Caller,
    *,
    told: Mapping[str, str],
    challenge: Challenge | None = None,
) -> NewLetter:
    """A letter to a person, or the one for nobody that takes the same work: it is about the address of `challenge`.

    Raises ValueError where there is neither.
    """
    recipient = person.email if person else challenge.email if challenge else None
    if recipient is None:
        msg = "a letter for nobody needs the challenge that it would have been about"
        raise ValueError(msg)
    return NewLetter(
        kind=kind,
        recipient=recipient,
        language=language_of(person, manager),
        host=caller.host,
        secure=caller.secure,
        name=f"{person.given_name} {person.family_name}".strip() if person else "",
        person_id=person.id if person else None,
        challenge_id=challenge.id if challenge else None,
        told=told,
        for_nobody=person is None,
    )
