"""Reaching an account: its number is looked up, what was found is shown masked, proved and confirmed.

Anybody can type numbers, so look-ups and proofs are counted before an office is asked, and what a preview shows says
enough to recognise one's own account and little about anybody else's. Its token is good for one person and one account
as it was shown, for a quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import structlog

from ventanilla.auth import account_links, attempts
from ventanilla.auth.account_links import NewLink
from ventanilla.auth.attempts import Kind
from ventanilla.backoffice_adapters.contract import Support
from ventanilla.backoffice_adapters.records import Account, AccountRole, AccountStatus, Licence, Record
from ventanilla.resolvers import masking, proving
from ventanilla.resolvers.access import Scope, call
from ventanilla.resolvers.account_links import name_of, renew
from ventanilla.resolvers.asking import ask, support
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.methods import CAPABILITY_OF
from ventanilla.resolvers.previews import Preview, Previews, shown_of
from ventanilla.resolvers.problems import Problem
from ventanilla.resolvers.refusals import Refusal, refused, wait
from ventanilla.store.manager import LinkProof

LIFETIME: Final = timedelta(minutes=15)
"""How long a preview can be confirmed."""

_LONGEST_NUMBER: Final = 60

_log = structlog.get_logger("ventanilla.account_links")


class LinkReason(StrEnum):
    """Why an account was not found, or not linked."""

    ACCOUNT_NOT_FOUND = "ACCOUNT_NOT_FOUND"
    ALREADY_LINKED = "ALREADY_LINKED"
    PREVIEW_EXPIRED = "PREVIEW_EXPIRED"
    LINK_LIMIT_REACHED = "LINK_LIMIT_REACHED"
    PROOF_REQUIRED = "PROOF_REQUIRED"
    PROOF_WRONG = "PROOF_WRONG"
    PROOF_IMPOSSIBLE = "PROOF_IMPOSSIBLE"
    RATE_LIMITED = "RATE_LIMITED"


_MESSAGES: Final[Mapping[LinkReason, Mapping[str, str]]] = {
    LinkReason.ACCOUNT_NOT_FOUND: {
        "en": "There is no account with this number. Compare it with one of your papers.",
        "es": "No hay ninguna cuenta con este número. Compárelo con alguno de sus comprobantes.",
        "pl": "Nie ma konta o tym numerze. Prosimy porównać go z numerem na dokumencie.",
    },
    LinkReason.ALREADY_LINKED: {
        "en": "You reach this account already.",
        "es": "Esta cuenta ya está vinculada a su usuario.",
        "pl": "To konto jest już powiązane z Państwa profilem.",
    },
    LinkReason.PREVIEW_EXPIRED: {
        "en": "Too much time has passed, or the account has changed. Look its number up again.",
        "es": "Pasó demasiado tiempo o la cuenta cambió. Busque el número otra vez.",
        "pl": "Minęło zbyt wiele czasu lub dane konta się zmieniły. Prosimy ponownie wyszukać numer.",
    },
    LinkReason.LINK_LIMIT_REACHED: {
        "en": "As many people as may reach this account do so already. Please contact us.",
        "es": "Esta cuenta ya tiene la cantidad máxima de personas vinculadas. Comuníquese con nosotros.",
        "pl": "Z tym kontem powiązano już największą dozwoloną liczbę osób. Prosimy o kontakt.",
    },
    LinkReason.PROOF_REQUIRED: {
        "en": "Say what proves that the account is yours.",
        "es": "Indique el dato que prueba que la cuenta es suya.",
        "pl": "Prosimy podać dane potwierdzające, że konto należy do Państwa.",
    },
    LinkReason.PROOF_WRONG: {
        "en": "That does not match this account.",
        "es": "El dato no coincide con el de esta cuenta.",
        "pl": "Podane dane nie zgadzają się z danymi tego konta.",
    },
    LinkReason.PROOF_IMPOSSIBLE: {
        "en": "This account cannot be linked here yet. Please contact us.",
        "es": "Esta cuenta todavía no se puede vincular por este medio. Comuníquese con nosotros.",
        "pl": "Tego konta nie można jeszcze powiązać w ten sposób. Prosimy o kontakt.",
    },
    LinkReason.RATE_LIMITED: {
        "en": "Too many tries. Wait a little and try again.",
        "es": "Demasiados intentos. Espere un momento y vuelva a intentarlo.",
        "pl": "Zbyt wiele prób. Prosimy odczekać chwilę i spróbować ponownie.",
    },
}


class AccountPreview(Record):
    """An account as somebody may see it who only knows its number."""

    token: str
    licence: Licence
    title: str
    masked_holder: str
    masked_address: str | None
    proof: LinkProof
    expires_at: datetime


class LinkStart(Record):
    """The number that somebody typed."""

    number: str


class LinkConfirmation(Record):
    """The preview that somebody confirms, and what they know of the account."""

    token: str
    proof: str | None = None

    def __repr__(self) -> str:
        return "LinkConfirmation(…)"


class Previewed(Record):
    """What came of looking a number up."""

    previews: Sequence[AccountPreview] = ()
    user_errors: Sequence[Refusal] = ()


class Linked(Record):
    """What came of confirming a preview."""

    account: Account | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.PERSON)
async def start(context: Context, *, what: LinkStart) -> Previewed:
    """Look a number up at every office that has accounts; unknown, malformed and closed ones are alike."""
    limits = {Kind.LOOK_UP: context.person_id, Kind.LOOK_UP_AT: context.address}
    if refused := await _over_limit(context, limits):
        return Previewed(user_errors=[refused])
    number = what.number.strip()[:_LONGEST_NUMBER]
    found = [account for account in await _found(context, number) if account.status is not AccountStatus.CLOSED]
    if not found:
        return Previewed(user_errors=[_refusal(context, LinkReason.ACCOUNT_NOT_FOUND, "number")])
    new = [each for each in found if not context.actor.reaches(each.origin.source, each.key)]
    if not new:
        return Previewed(user_errors=[_refusal(context, LinkReason.ALREADY_LINKED, "number")])
    return Previewed(previews=[_preview(context, account) for account in new])


async def _found(context: Context, number: str) -> list[Account]:
    """The accounts with that number, at whichever office; a `Problem` if none was found and not all could be asked."""
    method = "find_accounts"
    homes = sorted(set(context.manager.licences.values()))
    able = [office for office in homes if support(context, office, CAPABILITY_OF[method]) is not Support.NO]
    answers = await ask(context, method, [(office, number) for office in able])
    found = [each for each in answers if isinstance(each, Account)]
    problem = next((each for each in answers if isinstance(each, Problem)), None)
    if problem and not found:
        raise problem
    return found


def _preview(context: Context, account: Account) -> AccountPreview:
    expires_at = context.now + LIFETIME
    seen = Preview(
        person_id=context.person_id,
        office=account.origin.source,
        key=account.key,
        number=account.number,
        shown=shown_of(account),
        expires_at=expires_at,
    )
    return AccountPreview(
        token=_previews(context).make(seen, context.now),
        licence=account.licence,
        title=account.title,
        masked_holder=masking.initials(account.holder.name),
        masked_address=masking.address(account.place.address) if account.place else None,
        proof=context.manager.linking.proof,
        expires_at=expires_at,
    )


@call(scope=Scope.PERSON)
async def confirm(context: Context, *, what: LinkConfirmation) -> Linked:
    """Link the account of a preview, if it is still what was shown, and the proof is right."""
    preview = _previews(context).read(what.token, person_id=context.person_id, now=context.now)
    account = await _shown(context, preview) if preview else None
    if preview is None or account is None:
        return Linked(user_errors=[_refusal(context, LinkReason.PREVIEW_EXPIRED, "token")])
    if refusal := await _unproved(context, account, what.proof):
        return Linked(user_errors=[refusal])
    new = NewLink(
        person_id=context.person_id,
        office=preview.office,
        account_key=preview.key,
        number=account.number,
        role=_role(context),
    )
    async with context.services.store.work(context.manager.slug) as work:
        refused = await account_links.link(work, new, most_people=context.manager.linking.people, now=context.now)
    if refused:
        return Linked(user_errors=[_refusal(context, LinkReason(refused.value))])
    await renew(context)
    return Linked(account=account)


async def _shown(context: Context, preview: Preview) -> Account | None:
    """The account of a preview, if it is still as it was shown."""
    # By its number, as before: that is never answered from what an office said once, and this decides who reaches it.
    (found,) = await ask(context, "find_accounts", [(preview.office, preview.number)])
    if isinstance(found, Problem):
        raise found
    if found is None or found.key != preview.key or found.status is AccountStatus.CLOSED:
        return None
    return found if shown_of(found) == preview.shown else None


async def _unproved(context: Context, account: Account, given: str | None) -> Refusal | None:
    """Why an account is not proved by what was given. Tries are counted, for the person and for the account."""
    kind = context.manager.linking.proof
    if kind is LinkProof.NONE:
        return None
    if not given or not given.strip():
        return _refusal(context, LinkReason.PROOF_REQUIRED, "proof")
    limits = {Kind.PROOF: context.person_id, Kind.PROOF_OF: "/".join(name_of(account))}
    if refused := await _over_limit(context, limits):
        return refused
    right = await proving.answers(context, account)
    if not right:
        return _refusal(context, LinkReason.PROOF_IMPOSSIBLE, "proof")
    return None if proving.proves(kind, given, right) else _refusal(context, LinkReason.PROOF_WRONG, "proof")


async def _over_limit(context: Context, limits: Mapping[Kind, str]) -> Refusal | None:
    """Count one try for each; the refusal of the first that is over its limit."""
    for kind, subject in limits.items():
        tried = await attempts.count(context.services.store, context.manager.slug, kind, subject, context.now)
        if not tried.allowed:
            _log.warning("account links over the limit", manager=context.manager.slug, kind=kind.value)
            return _refusal(context, LinkReason.RATE_LIMITED, retry_after=tried.wait(context.now))
    return None


def _role(context: Context) -> AccountRole:
    linking = context.manager.linking
    return AccountRole.HOLDER if linking.proof is LinkProof.HOLDER_DOCUMENT else linking.role


def _previews(context: Context) -> Previews:
    return Previews(context.services.keys, context.manager.slug)


def _refusal(
    context: Context, reason: LinkReason, field: str | None = None, *, retry_after: int | None = None
) -> Refusal:
    passes, told = reason is LinkReason.RATE_LIMITED, wait(retry_after)
    return refused(reason, _MESSAGES[reason], context.language, field, retryable=passes, params=told)
