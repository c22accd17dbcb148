"""Asking for access for many: whom it would be for, and the batch itself, which a worker then generates."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from ventanilla.auth import access_batches, access_invitations, access_invitees
from ventanilla.auth.access_audiences import AccessAudience, FilterMode
from ventanilla.auth.access_batches import AccessBatch, BatchPlan, NotCreated
from ventanilla.auth.access_invitees import InvitationProblem, Invitee, invitee_of
from ventanilla.backoffice_adapters.contract import Fault, OfficeError
from ventanilla.backoffice_adapters.records import Contractor, Record
from ventanilla.resolvers import access_batches as batches
from ventanilla.resolvers.access import Answer, Scope, batch, call
from ventanilla.resolvers.access_audiences import Selection, everybody, offices_with_parties
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.methods import LICENCES_OF
from ventanilla.resolvers.problems import Problem, ProblemCode, invalid_argument, of_fault
from ventanilla.resolvers.refusals import Refusal, refused
from ventanilla.resolvers.staff import Desk
from ventanilla.store.manager import Credential

MOST_PICKED: Final = 1_000
_SAMPLE: Final = 10
_LONGEST_KEY: Final = 200


class GenerateAccessReason(StrEnum):
    """Why no batch was asked for."""

    SELECTION_EMPTY = "SELECTION_EMPTY"
    PERSON_NOT_IN_AUDIENCE = "PERSON_NOT_IN_AUDIENCE"
    AUDIENCE_EMPTY = "AUDIENCE_EMPTY"
    ALREADY_RUNNING = "ALREADY_RUNNING"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"


_MESSAGES: Final[Mapping[GenerateAccessReason, Mapping[str, str]]] = {
    GenerateAccessReason.SELECTION_EMPTY: {
        "en": "Pick at least one person, or choose the whole audience.",
        "es": "Elija al menos a una persona, o a todo el grupo.",
        "pl": "Prosimy wskazać co najmniej jedną osobę albo wybrać całą grupę.",
    },
    GenerateAccessReason.PERSON_NOT_IN_AUDIENCE: {
        "en": "Not everybody who was picked belongs to this audience. Take them out, or choose another audience.",
        "es": "No todas las personas elegidas son de este grupo. Quítelas, o elija otro grupo.",
        "pl": "Nie wszystkie wskazane osoby należą do tej grupy. Prosimy je usunąć albo wybrać inną grupę.",
    },
    GenerateAccessReason.AUDIENCE_EMPTY: {
        "en": "Nobody is left to be given access.",
        "es": "No queda nadie a quien dar acceso.",
        "pl": "Nie ma nikogo, komu można by udostępnić portal.",
    },
    GenerateAccessReason.ALREADY_RUNNING: {
        "en": "Other invitations are under way. Wait until they have left, or cancel them.",
        "es": "Hay otras invitaciones en curso. Espere a que salgan, o cancélelas.",
        "pl": "Trwa wysyłanie innych zaproszeń. Prosimy zaczekać, aż wyjdą, albo je anulować.",
    },
    GenerateAccessReason.IDEMPOTENCY_CONFLICT: {
        "en": "This key was used for something else. Take a new one.",
        "es": "Esta clave ya se usó para otra cosa. Use una nueva.",
        "pl": "Tego klucza użyto do czegoś innego. Prosimy użyć nowego.",
    },
}


class AccessRequest(Record):
    """Whom access is to be given to, and how."""

    audience: AccessAudience
    filter_mode: FilterMode
    party_ids: Sequence[str]
    idempotency_key: str
    credential_mode: Credential | None = None


class RequestedAccess(Record):
    """What came of asking for access."""

    batch: AccessBatch | None = None
    user_errors: Sequence[Refusal] = ()


class Candidate(Record):
    """Somebody whom access would be given to."""

    name: str
    email: str | None
    problem: InvitationProblem | None


class AudiencePreview(Record):
    """Whom access would be given to."""

    total: int
    without_email: int
    already_invited: int
    with_access: int
    sample: Sequence[Candidate]


@batch(scope=Scope.STAFF_ADMIN, method="parties")
async def previews(
    context: Context,
    desks: Sequence[Desk],
    *,
    audience: AccessAudience,
    filter_mode: FilterMode = FilterMode.NONE,
    party_ids: Sequence[str] | None = None,
) -> list[Answer[AudiencePreview]]:
    """Whom access would be given to, as the offices know them now."""
    plan = _plan(context, audience, filter_mode, party_ids or ())
    try:
        invitees, invited = await _foreseen(context, plan)
    except OfficeError as error:
        return [of_fault(error.fault)] * len(desks)
    problems = [each.problem for each in invitees]
    preview = AudiencePreview(
        total=len(invitees),
        without_email=problems.count(InvitationProblem.NO_EMAIL),
        already_invited=invited,
        with_access=problems.count(InvitationProblem.HAS_ACCESS),
        sample=[Candidate(name=each.name, email=each.email, problem=each.problem) for each in invitees[:_SAMPLE]],
    )
    return [preview] * len(desks)


async def _foreseen(context: Context, plan: BatchPlan) -> tuple[list[Invitee], int]:
    """Everybody whom a batch would hold, and how many of them can follow an invitation yet. Raises `OfficeError`."""
    store, slug = context.services.store, context.manager.slug
    people: list[Invitee] = []
    invited = 0
    async for part in everybody(context.office, context.call, _selection(plan), _offices(context)):
        known = [each for one in part if (each := invitee_of(one, plan, context.today))]
        people += await access_invitees.judged(store, slug, known, context.today)
        living = await access_invitations.invited(store, slug, [each.party_key for each in known], context.now)
        invited += sum((each.office, each.party_key) in living for each in known)
    return people, invited


@call(scope=Scope.STAFF_ADMIN, licences=LICENCES_OF["parties"])
async def generate(context: Context, *, what: AccessRequest) -> RequestedAccess:
    """Ask for a batch; the same key and body give the same batch, whatever has become of it."""
    if not 0 < len(what.idempotency_key) <= _LONGEST_KEY:
        raise invalid_argument(f"`idempotencyKey` has from 1 to {_LONGEST_KEY} characters.")
    plan = _plan(context, what.audience, what.filter_mode, what.party_ids, what.credential_mode)
    who, key = context.person_id, what.idempotency_key
    async with context.services.store.work(context.manager.slug) as work:
        known = await access_batches.asked_before(work, plan, created_by=who, key=key)
    if known is None:
        refused = await _unfit(context, plan, what.party_ids)
        if refused:
            return RequestedAccess(user_errors=[refused])
        async with context.services.store.work(context.manager.slug) as work:
            known = await access_batches.create(work, plan, created_by=who, key=key, now=context.now)
        context.services.wake_worker()
    if isinstance(known, NotCreated):
        return RequestedAccess(user_errors=[_refusal(context, GenerateAccessReason(known.value))])
    return RequestedAccess(batch=await batches.found(context, known))


def _plan(
    context: Context,
    audience: AccessAudience,
    filter_mode: FilterMode,
    party_ids: Sequence[str],
    credential: Credential | None = None,
) -> BatchPlan:
    if len(party_ids) > MOST_PICKED:
        raise invalid_argument(f"`partyIds` takes at most {MOST_PICKED} ids; there were {len(party_ids)}.")
    if filter_mode is FilterMode.NONE and party_ids:
        raise invalid_argument("`partyIds` go with `filterMode: ONLY` or `EXCEPT`.")
    rules = context.manager.mass_access
    named = (context.ids.read(each) for each in party_ids)
    picked = {(name.office, name.key) for name in named if name and name.kind is Kind.PARTY}
    return BatchPlan(
        audience=audience,
        filter_mode=filter_mode,
        parties=tuple(sorted(picked)),
        credential=credential or rules.credential,
        user_name=rules.user_name,
        batch_size=rules.batch_size,
        interval_s=rules.interval_s,
    )


def _selection(plan: BatchPlan) -> Selection:
    return Selection(audience=plan.audience, filter_mode=plan.filter_mode, parties=plan.parties)


def _offices(context: Context) -> tuple[str, ...]:
    """The offices that tell whom they know; a `Problem` where none does."""
    offices = offices_with_parties(context.manager, context.services.registry)
    if not offices:
        raise Problem(ProblemCode.NOT_SUPPORTED)
    return offices


async def _unfit(context: Context, plan: BatchPlan, party_ids: Sequence[str]) -> Refusal | None:
    """Why nothing can come of a batch; raises `Problem` where an office does not tell."""
    if plan.filter_mode is not FilterMode.NONE and not party_ids:
        return _refusal(context, GenerateAccessReason.SELECTION_EMPTY, "partyIds")
    try:
        if strangers := await _strangers(context, plan, party_ids):
            reason = GenerateAccessReason.PERSON_NOT_IN_AUDIENCE
            return _refusal(context, reason, "partyIds", {"count": str(strangers)})
        async for part in everybody(context.office, context.call, _selection(plan), _offices(context)):
            if any(invitee_of(each, plan, context.today) for each in part):
                return None
    except OfficeError as error:
        raise of_fault(error.fault) from None
    return _refusal(context, GenerateAccessReason.AUDIENCE_EMPTY)


async def _strangers(context: Context, plan: BatchPlan, party_ids: Sequence[str]) -> int:
    """How many of those who were picked are none of the audience, ids that are none included."""
    offices = _offices(context)
    asked = (_known_at(context, office, [key for name, key in plan.parties if name == office]) for office in offices)
    found = [each for part in await asyncio.gather(*asked) for each in part]
    ours = {(each.origin.source, each.key) for each in found if invitee_of(each, plan, context.today)}
    named = [context.ids.read(each) for each in dict.fromkeys(party_ids)]
    return sum(name is None or (name.office, name.key) not in ours for name in named)


async def _known_at(context: Context, office: str, keys: Sequence[str]) -> list[Contractor]:
    hits = await (await context.office(office)).ask("parties_by_key", context.call, keys, fresh=True) if keys else []
    for hit in hits:
        if isinstance(hit, Fault):
            raise OfficeError(hit)
    return [hit for hit in hits if isinstance(hit, Contractor)]


def _refusal(
    context: Context, reason: GenerateAccessReason, field: str | None = None, params: Mapping[str, str] | None = None
) -> Refusal:
    passes = reason is GenerateAccessReason.ALREADY_RUNNING
    return refused(reason, _MESSAGES[reason], context.language, field, retryable=passes, params=params)
