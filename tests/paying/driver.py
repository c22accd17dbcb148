"""What every step of the machine goes through: it is done, perhaps something fails, and everything is looked at."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.paying import invariants
from tests.paying.bank import NAME, BankAccount, Mood
from tests.paying.bench import SLUGS, Bench, DiedError, Template, opened
from tests.paying.model import Promised, Quote
from tests.paying.portal import Answer, Held, asked, held
from tests.world import NOW
from ventanilla.backoffice_adapters.database import DatabaseUnavailableError
from ventanilla.payments.contract import Capability, News, Notification, Reply
from ventanilla.resolvers import payment_news

T = TypeVar("T")

ACCEPTED, DECLINED = Reply(body=b"yes"), Reply(body=b"no")
HOPS: Final = (*(timedelta(minutes=m) for m in (2, 11, 61)), *(timedelta(hours=h) for h in (25, 25, 73)))
"""How time passes at the end."""
slugs = st.sampled_from(SLUGS)
picks = st.integers(0, 7)
troubles = st.none() | st.tuples(st.integers(1, 6), st.booleans(), st.booleans())
"""The number of the effect that fails, whether it is done all the same, whether the process dies of it."""
Trouble = tuple[int, bool, bool] | None


class Driver(RuleBasedStateMachine):
    """A machine without rules. Whoever runs it sets what stands in the class: all examples share it."""

    runner: asyncio.Runner
    template: Template
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.promised = {slug: Promised() for slug in SLUGS}
        self.quotes: list[Quote] = []
        self.held: dict[str, Held] = {}
        self.delivered: set[tuple[str, int]] = set()
        self.steps = 0
        self.lossy = False
        """Whether what the bank sends at the end is lost for ever: then it has to be asked."""
        self.ended_at = NOW

    def begin(self, abilities: frozenset[Capability], *, takes_time: bool, lossy: bool) -> None:
        """The process starts."""
        self.lossy = lossy
        context = opened(self.template, self.folder / uuid4().hex, abilities)
        self.bench: Bench = self.runner.run(context.__aenter__())
        self.stack.callback(lambda: self.runner.run(context.__aexit__(None, None, None)))
        for account in self.bench.bank.accounts.values():
            account.takes_time = takes_time
        self.held = self.look()

    def teardown(self) -> None:
        """Everybody is well, time passes, and all money arrives."""
        with self.stack:
            if self.held and sys.exc_info()[0] is None:  # it has begun, and nothing has failed
                self._settle()

    # -- how a step is taken

    def do(self, make: Callable[[], Coroutine[Any, Any, T]], trouble: Trouble = None) -> T | None:
        """What a step comes to; None if whoever asked heard nothing, for the process died or something failed."""
        number, done, deadly = trouble or (0, False, False)
        effects = self.bench.trouble
        effects.brew(number, done=done, deadly=deadly)
        result = self.runner.run(self._heard(make))
        if effects.dead:
            result = None
            self.runner.run(self.bench.restart())
        effects.brew(0, done=False, deadly=False)
        return result

    async def _heard(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
        try:
            return await make()
        except (DiedError, DatabaseUnavailableError):
            assert self.bench.trouble.struck, "it failed of itself"
            return None

    def answer(self, slug: str, name: str, query: str, trouble: Trouble = None, **what: Any) -> Answer | None:
        """What somebody is answered; None if nothing is promised."""
        answer = self.do(lambda: asked(self.bench, slug, name, query, **what), trouble)
        may_fail = trouble or self.bench.moods[slug] in {Mood.AWAY, Mood.LOSES}
        assert may_fail or not (answer and answer.failed)
        return None if answer and answer.failed else answer

    def deliver(self, slug: str, number: int, how: str = "", trouble: Trouble = None) -> None:
        """The bank delivers what it told of; as a ``hint``, or ``again`` as news of their own."""
        news = self.account(slug).sent[number]
        hint = news.reference if how == "hint" else None
        notification = Notification(
            event_id=f"{how}{number}", news=() if hint else (news,), hint=hint, accepted=ACCEPTED, declined=DECLINED
        )
        reply = self.do(lambda: self._hear(slug, notification), trouble)
        if reply is not None:
            former = self.promised[slug].events.setdefault(notification.event_id, (notification, reply))
            assert former == (notification, reply), "the same notification is answered otherwise"
            self.delivered |= set() if how else {(slug, number)}

    async def _hear(self, slug: str, notification: Notification) -> Reply:
        return await payment_news.hear(self.bench.store, slug, NAME, notification, self.bench.clock())

    # -- what there is

    def look(self) -> dict[str, Held]:
        """What is held now."""
        return self.runner.run(held(self.bench.store))

    @property
    def today(self) -> date:
        """The managers' local date."""
        return self.bench.clock().astimezone(self.template.managers["sur"].zone).date()

    def account(self, slug: str) -> BankAccount:
        """A manager's account at the bank."""
        return self.bench.bank.accounts[slug]

    def checkouts(self) -> list[tuple[str, Any]]:
        """All checkouts, newest manager's last, with their managers."""
        return [(slug, row) for slug in SLUGS for row in self.held[slug].checkouts]

    def strays(self) -> list[tuple[str, Any]]:
        """All that does not fit, with its manager."""
        return [(slug, row) for slug in SLUGS for row in self.held[slug].strays]

    def orders(self) -> list[tuple[str, str]]:
        """All orders that may be paid, with their managers."""
        accounts = self.bench.bank.accounts
        return [(slug, each) for slug in SLUGS for each in accounts[slug].orders if accounts[slug].is_open(each)]

    def paid(self) -> list[tuple[str, str]]:
        """All payments of which something is left, with their managers."""
        accounts = self.bench.bank.accounts
        return [(slug, each) for slug in SLUGS for each in accounts[slug].payments if accounts[slug].left(each)]

    def sent(self) -> list[tuple[str, int]]:
        """All that the bank has told of, newest of each manager first."""
        return [(slug, number) for slug in SLUGS for number in reversed(range(len(self.account(slug).sent)))]

    # -- what holds

    @invariant()
    def holds(self) -> None:
        """After every step."""
        self.held = self.look()
        invariants.holds(self.bench, self.held, self.promised, self.quotes)
        self._replay(SLUGS[self.steps % 2], self.steps // 2)
        self.steps += 1

    def _replay(self, slug: str, *numbers: int) -> None:
        """I2: notifications that come again change nothing, and are answered as before."""
        events = [*self.promised[slug].events.values()]
        for number in numbers if events else ():
            notification, reply = one(events, number)
            assert self.runner.run(self._hear(slug, notification)) == reply
        now = self.look()
        assert {each: now[each].money() for each in now} == {each: self.held[each].money() for each in now}

    def _settle(self) -> None:
        self.bench.moods.update(dict.fromkeys(SLUGS, Mood.WELL))
        for account in self.bench.bank.accounts.values():
            account.mood, account.takes_time = Mood.WELL, False
        self.ended_at = self.bench.clock.latest
        for hop in HOPS:
            self._everything_is_told()
            self.bench.clock.go(hop)
            self.runner.run(self._nothing_waits())
            if hop in {HOPS[0], HOPS[-1]}:
                self.runner.run(together(*map(self.bench.compare, SLUGS)))
        self.held = self.look()
        invariants.holds(self.bench, self.held, self.promised, self.quotes)
        invariants.ends_well(self.bench, self.held)
        for slug in SLUGS:
            self._replay(slug, *range(len(self.promised[slug].events)))

    def _everything_is_told(self) -> None:
        """What is not lost for ever: of new money for an order, notifications may be."""
        for slug in SLUGS:
            self.account(slug).settle()
            for number, news in enumerate(self.account(slug).sent):
                lost = self.lossy and news.reference in self.account(slug).orders and self._is_new(news)
                if not lost and (slug, number) not in self.delivered:
                    self.deliver(slug, number)

    def _is_new(self, news: News) -> bool:
        """Whether the bank still lists a payment when it is asked what came of late."""
        return news.paid_at is not None and self.ended_at - news.paid_at < timedelta(days=2)

    async def _nothing_waits(self) -> None:
        """Errands run until none has anything to do at this moment."""
        for _ in range(200):
            served = [await self.bench.serve(name, *SLUGS) for name in self.bench.errands()]
            if not any(served):
                return
        raise AssertionError("the worker never comes to an end")


def one(found: Sequence[T], pick: int) -> T:
    """One of some that there are."""
    return found[pick % len(found)]


async def together(*what: Coroutine[Any, Any, T]) -> list[T]:
    """What all of them come to, which run at the same time."""
    return await asyncio.gather(*what)
