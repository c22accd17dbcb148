"""People who pay: they ask, confirm, compete, leave for the bank, come back, and change their minds."""

from __future__ import annotations

from collections.abc import Coroutine
from hashlib import sha256
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.paying.bank import Mood
from tests.paying.bench import INVOICES, REACH
from tests.paying.driver import Driver, Trouble, one, picks, slugs, together, troubles
from tests.paying.model import Quote, lines_of, not_committed, not_quoted
from tests.paying.portal import CANCEL, COMMIT, QUOTE, Answer, asked
from ventanilla.backoffice_adapters.money import Money
from ventanilla.resolvers import checkout_links, checkout_visits

people = st.sampled_from([*REACH])
keys = st.sampled_from(["k1", "k2", "k3"])
"""What clients call what they ask for; each person has theirs."""
afterwards = st.sampled_from(["they confirm", "they confirm", "the price changes", "they wait"])


class Buyers(Driver):
    """What they do; each answer is held against the model."""

    @rule(slug=slugs, person=people, chosen=st.lists(st.integers(0, 15), max_size=3))
    def ask(self, slug: str, person: str, chosen: list[int]) -> None:
        """Somebody wants to know what some invoices cost: their own, paid, foreign ones, one twice."""
        self.quote(slug, person, [INVOICES[pick] for pick in chosen])

    @rule(slug=slugs, person=people, most=st.integers(1, 3), then=afterwards, trouble=troubles)
    def buy(self, slug: str, person: str, most: int, then: str, trouble: Trouble) -> None:
        """Somebody pays what is open of their first account, or some of it; or too late; or thinks about it."""
        quote = self.quote_open(slug, person, most)
        if quote and then == "the price changes":
            self.pay_past_us(slug, quote.lines[0][0], 1)
        if quote and then != "they wait":
            self.commit(quote, person, quote.id, trouble)

    @precondition(lambda self: self.quotes)
    @rule(pick=picks, person=st.none() | people, key=keys, meanwhile=st.booleans(), trouble=troubles)
    def confirm(self, pick: int, person: str | None, key: str, meanwhile: bool, trouble: Trouble) -> None:
        """Somebody confirms a quote, usually theirs, under a key that may be used; a price may have changed."""
        quote = one(self.quotes[::-1], pick)
        if meanwhile:
            self.pay_past_us(quote.slug, quote.lines[0][0], 1)
        self.commit(quote, person or quote.person, key, trouble)

    @precondition(lambda self: self.quotes)
    @rule(first=picks, second=picks)
    def compete(self, first: int, second: int) -> None:
        """Two people confirm at the same moment; or one does so twice."""
        both = [one(self.quotes[::-1], pick) for pick in (first, second)]
        if any(self._before(each, each.person, each.id) is not None for each in both):
            return
        free = [not self._not_committed(each, each.person) for each in both]
        answers = self.do(lambda: together(*(self._committing(each, each.person, each.id) for each in both))) or []
        won = {answer.payload["checkout"]["id"] for answer in answers if answer.payload.get("checkout")}
        if all(self.bench.moods[each.slug] in {Mood.WELL, Mood.REFUSES} for each in both):
            assert len(won) == (any(free) if _share(*both) else sum(free))
        for each, answer in zip(both, answers, strict=True):
            if answer.payload.get("checkout"):
                self._is_committed(each, answer)

    @precondition(lambda self: self.checkouts())
    @rule(pick=picks, back=st.booleans(), trouble=troubles)
    def visit(self, pick: int, back: bool, trouble: Trouble) -> None:
        """A browser follows the link of a checkout, or comes back from the bank: no money moves."""
        slug, checkout = one(self.checkouts(), pick)
        services = self.bench.world.services
        token = checkout_links.path(services.keys, slug, checkout.id).removeprefix(checkout_links.PATH)
        follow = checkout_visits.come_back if back else checkout_visits.leave
        self.do(lambda: follow(services, slug, token), trouble)
        now = self.look()[slug]
        assert now.money()[1:] == self.held[slug].money()[1:]
        assert now.checkout(checkout.id).state in {checkout.state, "PENDING" if back else "REDIRECTED"}

    @precondition(lambda self: self.checkouts())
    @rule(pick=picks, trouble=troubles)
    def cancel(self, pick: int, trouble: Trouble) -> None:
        """Somebody does not want to pay any more."""
        slug, checkout = one(self.checkouts(), pick)
        answer = self.answer(slug, self.bench.name_of(slug, checkout.person_id), CANCEL, trouble, id=checkout.id)
        if answer and not answer.reasons:
            assert answer.payload["checkout"]["status"] == "CANCELLED"
            self.promised[slug].cancelled.add(checkout.id)

    # -- quoting

    def pay_past_us(self, slug: str, invoice: str, most: int) -> None:
        """Let somebody pay so much of an invoice by transfer, as far as it is open."""
        bill = self.bench.ledgers[slug].books().bills[invoice]
        if minor := min(most, bill.open(self.today)):
            self.do(lambda: self.bench.transfer(slug, bill.account, bill.key, minor))

    def quote_open(self, slug: str, person: str, most: int) -> Quote | None:
        """What somebody is told that so many invoices cost which are open and nobody is paying."""
        books, documents = self.bench.ledgers[slug].books(), self.held[slug].documents
        mine = [each for each in books.bills.values() if each.account == REACH[person][0] and each.key not in documents]
        return self.quote(slug, person, [each.key for each in mine if each.open(self.today)][:most])

    def quote(self, slug: str, person: str, keys: list[str]) -> Quote | None:
        """What somebody is told that invoices cost; None where they are not told."""
        books = self.bench.ledgers[slug].books()
        against = not_quoted(books, self.held[slug].documents, person, keys, self.today)
        ids = [{"invoiceId": self.bench.invoice_id(slug, key)} for key in keys]
        answer = self.answer(slug, person, QUOTE, items=ids)
        assert answer is None or answer.reasons == against
        if answer is None or against:
            return None
        told = answer.payload["quote"]
        quote = Quote(told["id"], slug, person, lines_of(books, keys, self.today), self.bench.clock())
        assert [each["amount"]["amount"] for each in told["lines"]] == [written(minor) for _, minor in quote.lines]
        assert told["total"]["amount"] == written(quote.total)
        self.quotes.append(quote)
        return quote

    # -- committing

    def commit(self, quote: Quote, person: str, key: str, trouble: Trouble) -> None:
        """Confirm a quote; what is answered is what the model says, unless nothing is."""
        before = self._before(quote, person, key)
        against = self._not_committed(quote, person) if before is None else before
        answer = self.answer(quote.slug, person, COMMIT, trouble, **_confirmed(quote, key))
        if answer and against:
            assert answer.reasons == against
        elif answer:
            self._is_committed(quote, answer)

    def _before(self, quote: Quote, person: str, key: str) -> frozenset[str] | None:
        """What a used key, or a used quote, has against it; empty where it goes on, None where both are new."""
        own = self.bench.person_id(quote.slug, person)
        digest = sha256(key.encode()).hexdigest()
        for row in self.held[quote.slug].checkouts:
            if (row.person_id, row.idempotency_key) == (own, digest):
                return frozenset(() if row.quote_id == quote.id else {"IDEMPOTENCY_CONFLICT"})
        used = any(row.quote_id == quote.id for row in self.held[quote.slug].checkouts)
        return frozenset({"QUOTE_USED"}) if used and quote.person == person else None

    def _not_committed(self, quote: Quote, person: str) -> frozenset[str]:
        books, moment = self.bench.ledgers[quote.slug].books(), (self.bench.clock(), self.today)
        return not_committed(books, self.held[quote.slug].documents, quote, person, moment)

    def _committing(self, quote: Quote, person: str, key: str) -> Coroutine[Any, Any, Answer]:
        return asked(self.bench, quote.slug, person, COMMIT, **_confirmed(quote, key))

    def _is_committed(self, quote: Quote, answer: Answer) -> None:
        """What was answered is the quote's checkout, and the bank has the order unless it is said to lack it."""
        checkout = answer.payload["checkout"]
        assert checkout["total"]["amount"] == written(quote.total)
        assert answer.reasons <= {"PLATFORM_UNAVAILABLE", "PLATFORM_REFUSED"}
        if checkout["redirectUrl"]:
            assert self.account(quote.slug).orders[checkout["reference"]] == quote.total
        self.promised[quote.slug].checkouts[checkout["id"]] = checkout["reference"], quote.total


def _share(first: Quote, second: Quote) -> bool:
    """Whether two quotes are of one invoice."""
    same = {key for key, _ in first.lines} & {key for key, _ in second.lines}
    return first.slug == second.slug and bool(same)


def _confirmed(quote: Quote, key: str) -> dict[str, str]:
    return {"quoteId": quote.id, "returnUrl": "/pagos", "idempotencyKey": key}


def written(minor: int) -> str:
    """An amount as people write it."""
    return Money(minor, "ARS").amount
