"""A whole visit: from the door of the portal to the provider, and from there back to where one wanted to go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ventanilla.auth import attempts
from ventanilla.auth.attempts import Kind
from ventanilla.auth.providers import exchange, visits
from ventanilla.auth.providers.doors import Doors
from ventanilla.auth.providers.entering import enter
from ventanilla.auth.providers.linking import attach
from ventanilla.auth.providers.reasons import Reason, Refused
from ventanilla.auth.providers.trouble import ProviderError, Trouble
from ventanilla.auth.providers.visits import Secrets, Visit
from ventanilla.auth.signing_in import SignedIn
from ventanilla.backoffice_adapters.records import Record

_DECLINED: Final = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})
"""Errors of a provider that the person, or its own rules for them, brought about."""


class Begun(Record):
    """A visit that has begun."""

    address: str
    """Where the browser goes."""
    browser: str
    """What its cookie holds."""

    def __repr__(self) -> str:
        return "Begun(…)"


class Arrived(Record):
    """A visit that ended well: somebody was signed in, or has linked their account."""

    return_to: str
    signed_in: SignedIn | None = None

    def __repr__(self) -> str:
        return f"Arrived(signed_in={self.signed_in!r})"


async def begin(
    doors: Doors,
    *,
    browser: str | None,
    return_to: str,
    now: datetime,
    person_id: str | None = None,
    accepted_terms: str | None = None,
) -> Begun | Refused:
    """Begin a visit, counted for the network address; `person_id` is who links. Raises `ProviderError`."""
    slug, provider = doors.manager.slug, doors.provider
    counted = await attempts.count(doors.store, slug, Kind.PROVIDER, doors.caller.address, now)
    if not counted.allowed:
        return Refused(reason=Reason.TOO_MANY_ATTEMPTS, return_to=return_to, retry_after=counted.wait(now))
    source = doors.providers.of(provider)
    metadata = await source.metadata.get()
    source.keys.warm()  # while the person is at the provider
    async with doors.store.work(slug) as work:
        shown = await visits.begin(
            work,
            provider.name,
            browser=browser,
            return_to=return_to,
            now=now,
            person_id=person_id,
            accepted_terms=accepted_terms,
        )
    address = exchange.address_of(metadata, provider, shown, redirect_uri=doors.redirect_uri, language=doors.language)
    return Begun(address=address, browser=shown.browser)


async def finish(
    doors: Doors, shown: Secrets, answer: Mapping[str, str], *, person_id: str | None, now: datetime
) -> Arrived | Refused | tuple[Refused, ProviderError]:
    """End the visit that came back with `answer`; `person_id` is who is signed in at the browser.

    A refusal that is the provider's fault comes with what is to be logged. No transaction is open while it is asked.
    """
    async with doors.store.work(doors.manager.slug) as work:
        visit = await visits.end(work, doors.provider.name, shown, now)
    if visit is None:
        return Refused(reason=Reason.VISIT_OVER)
    if visit.person_id is not None and visit.person_id != person_id:
        return Refused(reason=Reason.LINK_OVER, return_to=visit.return_to)
    try:
        outcome = await _settled(doors, shown, answer, visit, now)
    except ProviderError as error:
        reason = Reason.DECLINED if error.trouble is Trouble.REFUSED else Reason.PROVIDER_FAILED
        return Refused(reason=reason, return_to=visit.return_to), error
    if isinstance(outcome, Reason):
        return Refused(reason=outcome, return_to=visit.return_to)
    return Arrived(return_to=visit.return_to, signed_in=outcome)


async def _settled(
    doors: Doors, shown: Secrets, answer: Mapping[str, str], visit: Visit, now: datetime
) -> SignedIn | Reason | None:
    """Who was signed in, None for an account that was linked, or why neither; raises `ProviderError`."""
    if "error" in answer:
        declined = answer["error"] in _DECLINED
        detail = answer["error"] if declined else "it answers with an error"
        raise ProviderError(Trouble.REFUSED if declined else Trouble.BAD_ANSWER, detail)
    known = await exchange.known_by(
        doors.providers.of(doors.provider),
        doors.provider,
        shown,
        answer,
        redirect_uri=doors.redirect_uri,
        now=now,
    )
    if visit.person_id is not None:
        return await attach(doors, known, visit.person_id, now)
    return await enter(doors, known, visit, now)
