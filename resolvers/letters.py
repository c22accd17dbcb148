"""Letters as the staff sees them: which wait, which were sent, and why some were not. What they say is never told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ventanilla.auth.audit import AuditKind, note
from ventanilla.auth.people import normal_email
from ventanilla.backoffice_adapters.contract import Window
from ventanilla.backoffice_adapters.records import Record, Slice
from ventanilla.mail.transport import Failure
from ventanilla.resolvers import connections
from ventanilla.resolvers.access import Answer, Scope, batch, call
from ventanilla.resolvers.connections import Connection
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.problems import invalid_argument
from ventanilla.resolvers.reads import Wanted, reads
from ventanilla.resolvers.refusals import spoken
from ventanilla.resolvers.staff import Desk
from ventanilla.store import letter_lists, letter_queues
from ventanilla.store import letters as posted
from ventanilla.store.letter_lists import LetterFilter, LetterOrder, ListedLetter
from ventanilla.store.letters import LetterKind, LetterState
from ventanilla.store.tables import is_id
from ventanilla.store.tenancy import Work

MOST_IDS: Final = 500
_WHY: Final[Mapping[Failure, Mapping[str, str]]] = {
    Failure.UNREACHABLE: {
        "en": "The mail server could not be reached.",
        "es": "No se pudo llegar al servidor de correo.",
        "pl": "Nie udało się połączyć z serwerem poczty.",
    },
    Failure.TIMEOUT: {
        "en": "The mail server did not answer in time.",
        "es": "El servidor de correo no respondió a tiempo.",
        "pl": "Serwer poczty nie odpowiedział na czas.",
    },
    Failure.REFUSED_US: {
        "en": "The mail server does not let us send. Its settings here are to be mended first.",
        "es": "El servidor de correo no nos permite enviar. Primero hay que corregir su configuración aquí.",
        "pl": "Serwer poczty nie pozwala nam wysyłać. Najpierw trzeba poprawić jego ustawienia.",
    },
    Failure.BUSY: {
        "en": "The mail server has put us off for now.",
        "es": "El servidor de correo pidió esperar.",
        "pl": "Serwer poczty odłożył przyjęcie wiadomości.",
    },
    Failure.NO_SUCH_MAILBOX: {
        "en": "There is no such mailbox: the address is wrong, or is used no more.",
        "es": "No existe esa casilla: la dirección es incorrecta o ya no se usa.",
        "pl": "Nie ma takiej skrzynki: adres jest błędny lub już nieużywany.",
    },
    Failure.MAILBOX_FULL: {
        "en": "The mailbox of the recipient is full.",
        "es": "La casilla del destinatario está llena.",
        "pl": "Skrzynka odbiorcy jest pełna.",
    },
    Failure.REFUSED: {
        "en": "The mail server of the recipient did not take this letter.",
        "es": "El servidor de correo del destinatario no aceptó este mensaje.",
        "pl": "Serwer poczty odbiorcy nie przyjął tej wiadomości.",
    },
    Failure.BAD_ADDRESS: {
        "en": "Nothing can be sent to this address: it is to be corrected.",
        "es": "No se puede enviar nada a esta dirección: hay que corregirla.",
        "pl": "Na ten adres nie można nic wysłać: trzeba go poprawić.",
    },
    Failure.UNKNOWN: {
        "en": "Nobody knows whether it was taken: the connection broke.",
        "es": "No se sabe si fue aceptado: se cortó la conexión.",
        "pl": "Nie wiadomo, czy wiadomość przyjęto: połączenie zostało przerwane.",
    },
}


class LetterCounts(Record):
    """How many letters are in each state."""

    pending: int
    sending: int
    sent: int
    failed: int
    cancelled: int
    oldest_due_at: datetime | None


class ChosenLetters(Record):
    """Which letters are meant: those of the ids, or all that failed."""

    ids: Sequence[str] | None = None
    all_failed: bool = False


class RetriedLetters(Record):
    """How many letters will be sent again."""

    retried: int


class CancelledLetters(Record):
    """What a cancellation has reached."""

    cancelled: int
    in_flight: int


@batch(scope=Scope.STAFF)
async def counts(context: Context, desks: Sequence[Desk]) -> list[LetterCounts]:
    """How the manager's letters stand, but for those for nobody."""
    found = await letter_queues.queue(context.services.store, context.manager.slug)
    told = {state.value.lower(): found.counts.get(state, 0) for state in LetterState if state is not LetterState.VOID}
    return [LetterCounts(**told, oldest_due_at=found.oldest_due)] * len(desks)


async def _listed(
    context: Context,
    _method: str,
    desks: Sequence[Desk],
    where: LetterFilter,
    order: LetterOrder,
    view: Window,
    *,
    wanted: Wanted = None,
) -> list[Answer[Slice[ListedLetter]]]:
    """A part of the manager's letters, whole: there are few columns."""
    found = await letter_lists.letters(context.services.store, context.manager.slug, where, order, view)
    return [found] * len(desks)


_parts = connections.parts(
    connections.Source("letters", _listed, letter_lists.position), LetterOrder.CREATED_AT_DESC, LetterFilter()
)


@batch(scope=Scope.STAFF)
async def of_desks(
    context: Context,
    desks: Sequence[Desk],
    *,
    state: LetterState | None = None,
    kind: LetterKind | None = None,
    recipient: str | None = None,
    **page: Any,
) -> Sequence[Answer[Connection[ListedLetter]]]:
    """A part of the manager's letters, but for those for nobody."""
    address = None if recipient is None else normal_email(recipient)
    where = LetterFilter(state=state, kind=kind, recipient=address)
    return await _parts(context, desks, where=where, **page)


@reads("failure")
def why(context: Context, letters: Sequence[ListedLetter]) -> list[str | None]:
    """Why the last try of each failed, in words."""
    return [each.failure and spoken(_WHY[Failure(each.failure)], context.language) for each in letters]


@call(scope=Scope.STAFF)
async def retry(context: Context, *, which: ChosenLetters) -> RetriedLetters:
    """Let letters be sent once more that were given up; what else the ids name stays as it is."""
    if (which.ids is None) != which.all_failed:
        raise invalid_argument("Name letters by `ids`, or say `allFailed`: one of both.")
    ids = None if which.ids is None else _checked(which.ids)
    async with context.services.store.work(context.manager.slug) as work:
        retried = await posted.retry(work, context.now, ids=ids)
        await _note(context, work, AuditKind.LETTERS_RETRIED, retried)
    if retried:
        context.services.wake_worker()
    return RetriedLetters(retried=retried)


@call(scope=Scope.STAFF_ADMIN)
async def cancel(context: Context, *, which: ChosenLetters) -> CancelledLetters:
    """Let letters that wait leave no more; of those in a worker's hands only what is leaving at this moment does."""
    ids = _checked(which.ids or ())
    async with context.services.store.work(context.manager.slug) as work:
        found = await posted.cancel(work, context.now, ids=ids)
        await _note(context, work, AuditKind.LETTERS_CANCELLED, found.cancelled)
    return CancelledLetters(cancelled=found.cancelled, in_flight=found.in_flight)


async def _note(context: Context, work: Work, kind: AuditKind, letters: int) -> None:
    """Write down who did it to how many letters, if to any."""
    actor = context.actor.person_id
    if letters:
        await note(work, kind, context.now, actor_id=actor, person_id=actor, told={"letters": str(letters)})


def _checked(ids: Sequence[str]) -> list[str]:
    """Those that could be ids; a `Problem` for too many at once."""
    if len(ids) > MOST_IDS:
        raise invalid_argument(f"`ids` takes at most {MOST_IDS} ids at once; there were {len(ids)}.")
    return [each for each in ids if is_id(each)]
