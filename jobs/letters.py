"""Letters leave: those of one manager that are due, a batch at a time over one connection.

A letter is renewed right before it is sent, and what became of it is committed right after, each in a transaction of
its own. So whoever is killed costs at most one repeat, of the letter that was on the line; it has the same Message-ID.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final
from uuid import uuid4

import structlog

from ventanilla.auth import challenges
from ventanilla.auth.challenges import Challenge
from ventanilla.auth.keys import Keys
from ventanilla.auth.proofs import Proofs
from ventanilla.backoffice_adapters.contract import Clock
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.backoffice_adapters.guard import report
from ventanilla.jobs.letter_proofs import PROOFS, written_down
from ventanilla.mail.message import message
from ventanilla.mail.post_office import PostOffice, Route
from ventanilla.mail.transport import Connection, Failure, NotSentError
from ventanilla.store import letter_leases
from ventanilla.store.letter_leases import TakenLetter
from ventanilla.store.letters import LetterState
from ventanilla.store.manager import Manager
from ventanilla.store.store import Store
from ventanilla.store.tenancy import Work

BATCH: Final = 20
"""How many letters are taken at once, and sent over one connection."""
LEASE: Final = timedelta(minutes=1)
"""How long letters stay with a worker that says nothing more: that long are those of a dead one delayed."""
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(minutes=30)
GIVEN_UP_AFTER: Final = timedelta(hours=24)
"""How old a letter is when it is tried for the last time."""
_OTHERS: Final = timedelta(seconds=1)
"""How long to leave letters alone that were due and that other workers have taken by now."""
_SENDING_SHARE: Final = 0.75
"""How much of the lease sending one letter may take: no other worker may find it while it is on the line."""
_BATCH_SHARE: Final = 0.5
"""How much of a lease may have passed on a connection when the last letter of a batch is begun."""
_COMMIT_TRIES: Final = 6
"""How often it is tried to say what became of a letter while the database is away: for about 6 s."""

_log = structlog.get_logger("ventanilla.letters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What sending letters takes."""

    store: Store
    keys: Keys
    clock: Clock
    office: PostOffice
    serves_all: bool = True
    """Whether managers without a mail server of their own have one of the process; else their letters wait."""
    lease: timedelta = LEASE

    def serves(self, manager: Manager) -> bool:
        """Whether there is a mail server for this manager's letters."""
        return self.serves_all or manager.mail is not None


def pause(tries: int) -> timedelta:
    """How long a letter waits after so many tries: a minute, then twice as long each time, half an hour at most."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 10))


async def send_due(desk: Desk, manager: Manager, stopping: Callable[[], bool]) -> datetime | None:
    """Send a batch of the manager's letters that are due, or as many until `stopping`.

    Returns when to look at this manager again; None: whenever a letter is due. Raises `DatabaseUnavailableError`; what
    is taken by then is somebody else's once its lease is over.
    """
    route = desk.office.of(manager)
    async with desk.store.work(manager.slug) as work:
        now = desk.clock()
        room = await letter_leases.room(work, now, route.letters_per_minute)
        if not room.free:
            return room.opens_at
        most = min(BATCH, room.free)
        letters = await letter_leases.claim(work, now, uuid4().hex, desk.lease, most)
    if not letters:
        return now + _OTHERS
    await _Batch(desk, manager, route, letters).send(stopping)
    return None


class _Batch:
    """Letters that were taken together, and the connection they leave by."""

    def __init__(self, desk: Desk, manager: Manager, route: Route, letters: list[TakenLetter]) -> None:
        self._desk = desk
        self._manager = manager
        self._route = route
        self._proofs = Proofs(desk.keys, manager.slug)
        self._left = deque(letters)

    async def send(self, stopping: Callable[[], bool]) -> None:
        """Send one after another; what is not tried is given back."""
        try:
            async with self._route.transport.connected() as connection:
                until = self._desk.clock() + self._desk.lease * _BATCH_SHARE  # however long it took to connect
                while self._left and not stopping() and self._desk.clock() <= until:
                    failure = await self._send_one(connection, self._left.popleft())
                    if failure and _ends_connection(failure):
                        break
        except NotSentError as failure:
            await self._wait_for(failure)
        finally:
            await self._give_back()

    async def _send_one(self, connection: Connection, letter: TakenLetter) -> NotSentError | None:
        """Send a letter if it still may leave; why it was not taken, if so."""
        begun = time.monotonic()
        if not await self._may_leave(letter):
            return None
        failure = await self._hand_over(connection, letter)
        state = await self._commit(letter, failure)
        self._tell(letter, state, failure, time.monotonic() - begun)
        if failure and failure.failure in (Failure.TIMEOUT, Failure.REFUSED_US):
            await self._wait_for(failure)
        return failure

    async def _may_leave(self, letter: TakenLetter) -> bool:
        """Whether a letter is still ours and still says something; then its lease begins anew."""
        now = self._desk.clock()
        async with self._desk.store.work(self._manager.slug) as work:
            if await _is_over(work, letter, now):
                dropped = await letter_leases.dropped(work, letter, now)
            else:
                return await letter_leases.renewed(work, letter, now, self._desk.lease)
        if dropped:
            self._tell(letter, LetterState.CANCELLED, None, 0)
        return False

    async def _hand_over(self, connection: Connection, letter: TakenLetter) -> NotSentError | None:
        try:
            async with asyncio.timeout(self._desk.lease.total_seconds() * _SENDING_SHARE):
                written = self._message(letter)
                if not letter.for_nobody:
                    await connection.send(written, sender=self._route.bounces, recipient=letter.recipient)
        except NotSentError as failure:
            return failure
        except TimeoutError:
            return NotSentError(Failure.TIMEOUT)
        except Exception as error:  # noqa: BLE001  one letter that cannot be written must not stop the others
            report("sending a letter", error)
            return NotSentError(Failure.UNKNOWN)
        return None

    def _message(self, letter: TakenLetter) -> EmailMessage:
        return message(written_down(letter, self._proofs), self._manager, self._route.sender)

    async def _commit(self, letter: TakenLetter, failure: NotSentError | None) -> LetterState:
        """Say what became of a letter. A letter that has left is worth some patience: untold, it would leave again."""
        for tries in range(_COMMIT_TRIES):
            with suppress(DatabaseUnavailableError):
                return await self._commit_once(letter, failure)
            await asyncio.sleep(0.1 * 2**tries)
        return await self._commit_once(letter, failure)

    async def _commit_once(self, letter: TakenLetter, failure: NotSentError | None) -> LetterState:
        async with self._desk.store.work(self._manager.slug) as work:
            return await _decide(work, letter, failure, self._desk.clock())

    async def _wait_for(self, failure: NotSentError) -> None:
        """The mail server lets nothing through: let all that waits wait for a minute, and count no try for it."""
        now = self._desk.clock()
        async with self._desk.store.work(self._manager.slug) as work:
            await self._give_up_old(work, failure, now)
            await letter_leases.give_back(work, self._left, now)
            held = await letter_leases.hold(work, now + FIRST_PAUSE)
        self._left.clear()
        _log.warning(
            "letters wait for the mail server",
            manager=self._manager.slug,
            letters=held,
            failure=failure.failure,
            code=failure.code,
            mend=failure.mend,
        )

    async def _give_up_old(self, work: Work, failure: NotSentError, now: datetime) -> None:
        for letter in [each for each in self._left if _is_old(each, now + FIRST_PAUSE)]:
            self._left.remove(letter)
            if await letter_leases.failed(work, letter, failure.failure, failure.code, now):
                self._tell(letter, LetterState.FAILED, failure, 0)

    async def _give_back(self) -> None:
        if self._left:
            async with self._desk.store.work(self._manager.slug) as work:
                await letter_leases.give_back(work, self._left, self._desk.clock())

    def _tell(self, letter: TakenLetter, state: LetterState, failure: NotSentError | None, seconds: float) -> None:
        _log.info(
            "letter",
            manager=self._manager.slug,
            letter=letter.id,
            kind=letter.kind,
            state=state,
            failure=failure and failure.failure,
            code=failure and failure.code,
            seconds=round(seconds, 3),
        )


async def _is_over(work: Work, letter: TakenLetter, now: datetime) -> bool:
    """Whether what a letter proves cannot be proved any more."""
    proof = PROOFS.get(letter.kind)
    if proof is None:
        return False
    if letter.challenge_id is None:
        return True
    return not isinstance(await challenges.find(work, proof.challenge, letter.challenge_id, now), Challenge)


async def _decide(work: Work, letter: TakenLetter, failure: NotSentError | None, now: datetime) -> LetterState:
    """Write down what became of a letter that was tried."""
    if letter.for_nobody:
        await letter_leases.thrown_away(work, letter, now)
        return LetterState.VOID
    if failure is None:
        await letter_leases.sent(work, letter, now)
        return LetterState.SENT
    due = now + pause(letter.tries)
    if failure.permanent or _is_old(letter, due):
        await letter_leases.failed(work, letter, failure.failure, failure.code, now)
        return LetterState.FAILED
    await letter_leases.put_off(work, letter, failure.failure, failure.code, now=now, due=due)
    return LetterState.PENDING


def _is_old(letter: TakenLetter, due: datetime) -> bool:
    return due - letter.created_at > GIVEN_UP_AFTER


def _ends_connection(failure: NotSentError) -> bool:
    """Whether nothing more can be hoped for from the connection that this was heard on."""
    lost = (Failure.UNREACHABLE, Failure.TIMEOUT, Failure.UNKNOWN, Failure.REFUSED_US)
    return failure.failure in lost or (failure.code or "").startswith("421")
