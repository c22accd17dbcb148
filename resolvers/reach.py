"""Reach: which of the caller's accounts a thing hangs on, wherever it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TypeVar

from ventanilla.backoffice_adapters.records import Account
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.accounts import of_links
from ventanilla.resolvers.asking import Document, as_known, ask
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.methods import CAPABILITY_OF, LICENCES_OF
from ventanilla.resolvers.problems import Problem, ProblemCode

D = TypeVar("D", bound=Document)
Name = tuple[str, str]
"""An office, and an account's key there."""
_MONEY = frozenset({"balances", "invoices", "payments", "accruals", "payment_plans", "utility_settlements"})
_LED_TO_BY: Mapping[str, frozenset[str]] = {
    "invoices": _MONEY,
    "payments": _MONEY,
    "meters": frozenset({"meters", "meter_readings"}),
    "meter_readings": frozenset({"meters", "meter_readings"}),
}
"""What leads to things of a noun, where it is more than the noun itself: a plan, say, names invoices of its office."""


_NO_HOME = "This is kept by another back office than its account, which it cannot name."


@batch(scope=Scope.REACH, method="accounts")
async def accounts_of(context: Context, documents: Sequence[Document]) -> list[Answer[Account]]:
    """The account that each document belongs to."""
    if context.actor.of_manager:
        return await _of_anybody(context, documents)
    names = [_owner(document) for document in documents]
    own, elsewhere = _own(context), await _elsewhere(context, documents, set(context.manager.routing.values()))
    found = iter(await ask(context, "accounts", [name for name in names if name in own]))
    return [next(found) if name in own else elsewhere.get(name) for name in names]


async def within(context: Context, method: str, found: Sequence[Answer[D]]) -> list[Answer[D]]:
    """What `method` found, without the documents of accounts that the caller does not reach.

    A `Problem` in place of a document of which it cannot be told, since an account could not be asked for.
    """
    documents = [each for each in found if each is not None and not isinstance(each, Problem)]
    own, elsewhere = _own(context), await _elsewhere(context, documents, _goals(context, method))
    return [
        each if each is None or isinstance(each, Problem) or _owner(each) in own else _judged(each, elsewhere)
        for each in found
    ]


async def accounts_at(context: Context, method: str, office: str) -> list[Answer[Account]]:
    """The caller's accounts for which `office` is the one that is asked `method`."""
    route = context.manager.routing.get(CAPABILITY_OF[method])
    return await of_links(context, [link for link in context.actor.links if (route or link.office) == office])


async def _of_anybody(context: Context, documents: Sequence[Document]) -> list[Answer[Account]]:
    """The account that each document belongs to, whosever it is.

    What another office than the account's own keeps is told under that office's keys, which lead back to no account.
    """
    homes = {home for licence, home in context.manager.licences.items() if licence in LICENCES_OF["accounts"]}
    names = [_owner(document) for document in documents]
    once = [name for name in dict.fromkeys(names) if name[0] in homes]
    found = dict(zip(once, await ask(context, "accounts", once), strict=True))
    return [found[name] if name in found else Problem(ProblemCode.NOT_SUPPORTED, _NO_HOME) for name in names]


def _owner(document: Document) -> Name:
    return document.origin.source, document.account_key


def _own(context: Context) -> Set[Name]:
    return {(link.office, link.account_key) for link in context.actor.links}


def _judged(document: D, elsewhere: Mapping[Name, Account | Problem]) -> Answer[D]:
    account = elsewhere.get(_owner(document))
    return document if isinstance(account, Account) else account


def _goals(context: Context, method: str) -> Set[str]:
    """The offices that some route may have led to for what `method` finds; a route for one thing opens no other."""
    noun, _, _ = CAPABILITY_OF[method].partition(".")
    leading = _LED_TO_BY.get(noun, {noun})
    routes = context.manager.routing.items()
    return {office for capability, office in routes if capability.partition(".")[0] in leading}


async def _elsewhere(
    context: Context, documents: Sequence[Document], goals: Set[str]
) -> Mapping[Name, Account | Problem]:
    """The caller's accounts as those of the `goals` that are not their home know them; asked for only if need be.

    The owner of a document may be any account that could not be asked for.
    """
    names = {_owner(document) for document in documents} - _own(context)
    offices = {office for office, _ in names} & goals
    accounts = await of_links(context, context.actor.links) if offices else []
    problem = next((account for account in accounts if isinstance(account, Problem)), None)
    known: dict[Name, Account | Problem] = {name: problem for name in names if problem and name[0] in offices}
    refs = [
        (as_known(context, account.ref, office), account)
        for account in reversed(accounts)
        if isinstance(account, Account)
        for office in offices
    ]
    return {**known, **{(ref.office, ref.key): account for ref, account in refs if ref.key}}
