"""Reach: which of the caller's accounts a thing hangs on, wherever it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TypeVar

from ventanilla.backoffice_adapters.records import Account
from ventanilla.resolvers.access import Answer, Scope, batch
from ventanilla.resolvers.accounts import of_links
from ventanilla.resolvers.asking import Document, as_known, ask
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.methods import CAPABILITY_OF
from ventanilla.resolvers.problems import Problem

D = TypeVar("D", bound=Document)
Name = tuple[str, str]
"""An office, and an account's key there."""


@batch(scope=Scope.REACH, method="accounts")
async def accounts_of(context: Context, documents: Sequence[Document]) -> list[Answer[Account]]:
    """The account that each document belongs to."""
    names = [_owner(document) for document in documents]
    own, elsewhere = _own(context), await _elsewhere(context, documents)
    found = iter(await ask(context, "accounts", [name for name in names if name in own]))
    return [next(found) if name in own else elsewhere.get(name) for name in names]


async def within(context: Context, found: Sequence[Answer[D]]) -> list[Answer[D]]:
    """What was found, without the documents of accounts that the caller does not reach."""
    documents = [each for each in found if each is not None and not isinstance(each, Problem)]
    own, elsewhere = _own(context), await _elsewhere(context, documents)
    return [
        each if each is None or isinstance(each, Problem) or _owner(each) in own or _owner(each) in elsewhere else None
        for each in found
    ]


async def accounts_at(context: Context, method: str, office: str) -> list[Answer[Account]]:
    """The caller's accounts for which `office` is the one that is asked `method`."""
    route = context.manager.routing.get(CAPABILITY_OF[method])
    return await of_links(context, [link for link in context.actor.links if (route or link.office) == office])


def _owner(document: Document) -> Name:
    return document.origin.source, document.account_key


def _own(context: Context) -> Set[Name]:
    return {(link.office, link.account_key) for link in context.actor.links}


async def _elsewhere(context: Context, documents: Sequence[Document]) -> Mapping[Name, Account]:
    """The caller's accounts as offices that are not their home know them; they are asked for only if need be."""
    names = {_owner(document) for document in documents} - _own(context)
    offices = {office for office, _ in names} & set(context.manager.routing.values())
    accounts = await of_links(context, context.actor.links) if offices else []
    known: dict[Name, Account] = {}
    for account in accounts:
        if isinstance(account, Account):
            for office in offices:
                ref = as_known(context, account.ref, office)
                if ref.key:
                    known.setdefault((office, ref.key), account)
    return known
