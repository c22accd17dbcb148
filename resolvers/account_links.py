"""The accounts that people reach: given up, preferred, and shared with others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from ventanilla.auth import account_links
from ventanilla.auth.account_links import LinkedPerson
from ventanilla.backoffice_adapters.records import Account, AccountRole, EnrolmentKind, Record
from ventanilla.resolvers import masking
from ventanilla.resolvers.access import Scope, batch, call
from ventanilla.resolvers.asking import ask, ask_accounts
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind
from ventanilla.resolvers.problems import Problem
from ventanilla.resolvers.refusals import Refusal, refused


class UnlinkReason(StrEnum):
    """Why no reach was ended, and no account preferred."""

    NOT_LINKED = "NOT_LINKED"


_NOT_LINKED: Final[Mapping[str, str]] = {
    "en": "This account is none of yours.",
    "es": "Esta cuenta no está entre las suyas.",
    "pl": "Tego konta nie ma wśród Państwa kont.",
}


class LinkedAccount(Record):
    """Which of one's accounts is meant."""

    account_id: str


class Unlinked(Record):
    """What came of ending one's reach."""

    still_enrolled: Sequence[EnrolmentKind] = ()
    user_errors: Sequence[Refusal] = ()


class Preferred(Record):
    """What came of choosing the account to see first."""

    account: Account | None = None
    user_errors: Sequence[Refusal] = ()


@call(scope=Scope.REACH)
async def unlink(context: Context, *, which: LinkedAccount) -> Unlinked:
    """End the viewer's reach of an account; what it is enrolled in stays, and is named so that one may think again."""
    account = await _mine(context, which.account_id)
    if account is None:
        return Unlinked(user_errors=[_not_linked(context)])
    enrolled = await _enrolled(context, account)
    async with context.services.store.work(context.manager.slug) as work:
        ended = await account_links.unlink(work, context.person_id, name_of(account), context.now)
    await renew(context)
    return Unlinked(still_enrolled=enrolled) if ended else Unlinked(user_errors=[_not_linked(context)])


@call(scope=Scope.REACH)
async def prefer(context: Context, *, which: LinkedAccount) -> Preferred:
    """Choose the account that the viewer sees first."""
    account = await _mine(context, which.account_id)
    if account is None:
        return Preferred(user_errors=[_not_linked(context)])
    async with context.services.store.work(context.manager.slug) as work:
        chosen = await account_links.prefer(work, context.person_id, name_of(account))
    await renew(context)
    return Preferred(account=account) if chosen else Preferred(user_errors=[_not_linked(context)])


class AccountPerson(Record):
    """Somebody who reaches an account, as the others may see them."""

    name: str
    is_viewer: bool
    role: AccountRole
    since: datetime


@batch(scope=Scope.REACH)
async def people_of_accounts(context: Context, accounts: Sequence[Account]) -> list[list[AccountPerson]]:
    """Who reaches each account; of others only how they are called, and not their whole name."""
    found = await account_links.people_of(context.services.store, context.manager.slug, [*map(name_of, accounts)])
    return [[_person_shown(context, each) for each in people] for people in found]


def _person_shown(context: Context, person: LinkedPerson) -> AccountPerson:
    mine = person.person_id == context.actor.person_id
    return AccountPerson(
        name=person.name if mine else masking.called(person.name),
        is_viewer=mine,
        role=person.role,
        since=person.since,
    )


async def _mine(context: Context, account_id: str) -> Account | None:
    """The account of that id, if it is within the viewer's own reach; raises `Problem`."""
    name = context.ids.read(account_id)
    if name is None or name.kind is not Kind.ACCOUNT or not context.actor.reaches(name.office, name.key):
        return None
    (found,) = await ask(context, "accounts", [(name.office, name.key)])
    if isinstance(found, Problem):
        raise found
    return found


async def _enrolled(context: Context, account: Account) -> list[EnrolmentKind]:
    """What an account is enrolled in; nothing where its office does not tell: that keeps nobody from leaving."""
    (found,) = await ask_accounts(context, "enrolments", [account])
    return [] if found is None or isinstance(found, Problem) else [each.kind for each in found if each.active]


async def renew(context: Context) -> None:
    """Let the rest of the request see what the viewer reaches now."""
    links = await account_links.links_of(context.services.store, context.manager.slug, context.person_id)
    context.actor = replace(context.actor, links=links)


def name_of(account: Account) -> tuple[str, str]:
    """An account's home office, and its key there."""
    return account.origin.source, account.key


def _not_linked(context: Context) -> Refusal:
    return refused(UnlinkReason.NOT_LINKED, _NOT_LINKED, context.language, "accountId")
