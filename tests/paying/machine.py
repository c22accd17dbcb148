"""Paying as a state machine: people, bank, office, staff and worker move in any order, and anything fails.

Each step is checked at once: what a person is answered against a plain model, what is held against the invariants. At
the end everybody is well, time passes, and all money has to have arrived.
"""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.paying.bank import Mood, Paid
from tests.paying.bench import DRAFTS, INVOICES, SLUGS
from tests.paying.buyers import Buyers, people, written
from tests.paying.driver import Trouble, one, picks, slugs, together, troubles
from tests.paying.model import MONEY, RANK, Quote
from tests.paying.portal import BOOK_STRAY, DISMISS_STRAY, REFUND, REFUND_STRAY
from ventanilla.payments.contract import Capability, NewsStatus


class Stage(IntEnum):
    """How far somebody's purchase has come."""

    COMMITTED = 0
    PAID = 1
    TOLD = 2
    BOOKED = 3


SPANS: Final = (
    *(timedelta(seconds=s) for s in (1, 11, 65)), timedelta(minutes=-5), timedelta(minutes=16), timedelta(minutes=61),
    timedelta(hours=25), timedelta(days=3),
)  # fmt: skip
moods = st.sampled_from([Mood.WELL, Mood.WELL, *Mood])
errands = st.sampled_from(["bookings", "bookings", "status", "hints", "refunds"])
amounts = st.sampled_from([0, 0, 0, 1, -100])
"""How much more than ordered is paid, in minor units."""
statuses = st.sampled_from([NewsStatus.CONFIRMED, NewsStatus.CONFIRMED, NewsStatus.PENDING, NewsStatus.FAILED])
parts = st.sampled_from([None, 1, 1_000])
"""How much goes back, in minor units; None for all that is left."""
ALL: Final = frozenset(Capability)
ABILITIES: Final = (ALL, ALL - {Capability.REFUND_STATUS}, ALL - {Capability.CANCEL, Capability.PARTIAL_REFUND})
Purchase = tuple[str, str, int, Stage, int, bool]
"""Manager, person, most invoices, how far it has come, how much more than ordered is paid, whether twice."""
purchases = st.tuples(slugs, people, st.integers(1, 2), st.sampled_from([*Stage]), amounts, st.booleans())


class Paying(Buyers):
    """All who move."""

    @initialize(
        abilities=st.sampled_from(ABILITIES),
        habits=st.tuples(st.booleans(), st.booleans()),
        made=st.lists(purchases, min_size=1, max_size=3),
    )
    def start(self, abilities: frozenset[Capability], habits: tuple[bool, bool], made: list[Purchase]) -> None:
        """Some have paid before, or are about to: else most runs would be over before money moves."""
        takes_time, lossy = habits
        self.begin(abilities, takes_time=takes_time, lossy=lossy)
        for slug, person, most, stage, more, twice in made:
            self.held = self.look()
            if quote := self.quote_open(slug, person, most):
                self.commit(quote, person, quote.id, None)
                self._come_to(quote, stage, more)
                if twice:
                    self._come_to(quote, stage, 0, 1)

    def _come_to(self, quote: Quote, stage: Stage, more: int, number: int = 0) -> None:
        slug = quote.slug
        (checkout,) = [row for row in self.look()[slug].checkouts if row.quote_id == quote.id]
        if stage >= Stage.PAID:
            payment_id = f"p{number}-{checkout.reference}"
            self._paid(slug, checkout.reference, payment_id, quote.total + more, NewsStatus.CONFIRMED)
        if stage >= Stage.TOLD:
            self.deliver(slug, len(self.account(slug).sent) - 1)
        if stage >= Stage.BOOKED:
            self.do(lambda: self.bench.serve("bookings", slug))

    # -- the office

    @rule(slug=slugs, pick=picks)
    def issue(self, slug: str, pick: int) -> None:
        """The office issues an invoice."""
        self.bench.ledgers[slug].move(DRAFTS[pick], "DRAFT", "ISSUED")

    @rule(slug=slugs, pick=st.integers(0, 15))
    def withdraw(self, slug: str, pick: int) -> None:
        """The office cancels an invoice that nobody has paid."""
        self.bench.ledgers[slug].move(INVOICES[pick], "ISSUED", "CANCELLED")

    @rule(slug=slugs, pick=st.integers(0, 15), most=st.sampled_from([1, 1_000_000]))
    def pay_by_transfer(self, slug: str, pick: int, most: int) -> None:
        """Somebody pays past the portal, as far as the office is concerned."""
        self.pay_past_us(slug, INVOICES[pick], most)

    # -- the bank

    @precondition(lambda self: self.orders())
    @rule(pick=picks, number=st.integers(0, 1), more=amounts, status=statuses, told=st.booleans())
    def pay(self, pick: int, number: int, more: int, status: NewsStatus, *, told: bool) -> None:
        """Somebody pays an order at the bank, begins to or fails, once more, or another amount."""
        slug, reference = one(self.orders(), pick)
        ordered = self.account(slug).orders[reference]
        self._paid(slug, reference, f"p{number}-{reference}", ordered + more, status)
        if told and self.account(slug).sent:
            self.deliver(slug, len(self.account(slug).sent) - 1)

    @rule(slug=slugs, pick=picks)
    def pay_astray(self, slug: str, pick: int) -> None:
        """Money comes under a reference that is nobody's, or another manager's."""
        others = [row.reference for other, row in self.checkouts() if other != slug]
        reference = one(["zzzzzzzzzzzzzzzzzzzz", "Rent, flat 3 ✓", *others], pick)
        self._paid(slug, reference, f"x{pick}", 4_321, NewsStatus.CONFIRMED)

    def _paid(self, slug: str, reference: str, payment_id: str, minor: int, status: NewsStatus) -> None:
        account, now = self.account(slug), self.bench.clock()
        known = account.payments.get(payment_id)
        if known is None or RANK[known.status.value] < min(RANK[status.value], MONEY):
            account.pay(Paid(reference, payment_id, minor, "ARS", now), status)

    @precondition(lambda self: self.paid())
    @rule(pick=picks, minor=parts, taken=st.booleans())
    def take_back(self, pick: int, minor: int | None, *, taken: bool) -> None:
        """Somebody refunds a payment in the bank's own panel, or the payer's bank takes it."""
        slug, payment_id = one(self.paid(), pick)
        left = self.account(slug).left(payment_id)
        self.account(slug).give(payment_id, left if taken or minor is None else min(minor, left), taken=taken)

    @precondition(lambda self: any(each.accepted for each in self.bench.bank.accounts.values()))
    @rule()
    def settle_refunds(self) -> None:
        """The bank does the refunds that it had accepted."""
        for account in self.bench.bank.accounts.values():
            account.settle()

    @precondition(lambda self: self.sent())
    @rule(pick=picks, how=st.sampled_from(["", "", "hint", "again"]), trouble=troubles)
    def notify(self, pick: int, how: str, trouble: Trouble) -> None:
        """A notification comes: late, out of order, again, under another name, or as a hint."""
        slug, number = one(self.sent(), pick)
        self.deliver(slug, number, how, trouble)

    # -- the worker, and the world

    @rule(name=errands, mood=moods, trouble=troubles)
    def work(self, name: str, mood: Mood, trouble: Trouble) -> None:
        """A worker runs an errand; whoever it asks is in the mood that they are in."""
        former = {slug: (self.bench.moods[slug], self.account(slug).mood) for slug in SLUGS}
        for slug in SLUGS:
            self.dispose(slug, mood, mood)
        self.do(lambda: self.bench.serve(name, *SLUGS), trouble)
        for slug in SLUGS:
            self.dispose(slug, *former[slug])

    @rule(slug=slugs, name=errands)
    def work_together(self, slug: str, name: str) -> None:
        """Two workers run the same errand at the same moment."""
        self.do(lambda: together(self.bench.serve(name, slug), self.bench.serve(name, slug)))

    @rule(slug=slugs, trouble=troubles)
    def compare(self, slug: str, trouble: Trouble) -> None:
        """A worker compares what is held with what bank and office say."""
        self.do(lambda: self.bench.compare(slug), trouble)

    @rule(slug=slugs, office=moods, bank=moods)
    def change(self, slug: str, office: Mood, bank: Mood) -> None:
        """Office and bank come to be away, to lose answers, to refuse, or to be well."""
        self.dispose(slug, office, bank)

    def dispose(self, slug: str, office: Mood, bank: Mood) -> None:
        """Let a manager's office and bank be in these moods."""
        self.bench.moods[slug], self.account(slug).mood = office, bank

    @rule(span=st.sampled_from(SPANS))
    def wait(self, span: timedelta) -> None:
        """Time passes; or the clock is set back."""
        self.bench.clock.go(span)

    # -- the staff

    @precondition(lambda self: self.checkouts())
    @rule(pick=picks, minor=parts, key=st.integers(0, 3), trouble=troubles)
    def refund(self, pick: int, minor: int | None, key: int, trouble: Trouble) -> None:
        """Staff let money of a checkout go back."""
        slug, checkout = one(self.checkouts(), pick)
        amount = {} if minor is None else {"amount": written(minor)}
        what = {"checkoutId": checkout.id, "reason": "Error", "idempotencyKey": f"r{key}", **amount}
        answer = self.answer(slug, "eva", REFUND, trouble, **what)
        if answer and not answer.reasons:
            self.promised[slug].refunds.add(answer.payload["refund"]["id"])

    @precondition(lambda self: self.strays())
    @rule(pick=picks, how=st.sampled_from(["book", "refund", "dismiss"]), trouble=troubles)
    def decide(self, pick: int, how: str, trouble: Trouble) -> None:
        """Staff decide about money that does not fit."""
        slug, stray = one(self.strays(), pick)
        query, more = {
            "book": (BOOK_STRAY, {}),
            "refund": (REFUND_STRAY, {"reason": "Error"}),
            "dismiss": (DISMISS_STRAY, {"note": "In cash"}),
        }[how]
        answer = self.answer(slug, "eva", query, trouble, id=stray.id, **more)
        if answer and not answer.reasons:
            assert stray.state == "OPEN"
            self.promised[slug].decided.add(stray.id)
