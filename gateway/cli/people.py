"""``ventanilla person``: the people who may sign in at a manager, and who of them works there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ventanilla.gateway.mistake import MistakeError

if TYPE_CHECKING:
    from datetime import datetime

    from ventanilla.auth.actor import StaffRole
    from ventanilla.auth.roster import PersonCard
    from ventanilla.auth.staff import NotDone
    from ventanilla.store.store import Store
    from ventanilla.store.tenancy import Work

people = typer.Typer(help="Add, list and disable people, and say who works for the manager.", no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="The manager's short name.", show_default=False)]
Email = Annotated[str, typer.Argument(help="The e-mail address that they sign in with.", show_default=False)]


class Post(StrEnum):
    """As what somebody works for the manager, or not."""

    STAFF = "STAFF"
    STAFF_ADMIN = "STAFF_ADMIN"
    NONE = "NONE"


@people.command()
def add(
    slug: Slug,
    email: Email,
    name: Annotated[str, typer.Option(help="Given name, a space, family name.", show_default=False)],
    staff: Annotated[Post, typer.Option(help="As what they work for the manager.")] = Post.NONE,
) -> None:
    """Add a person; their address counts as verified, for you say that it is theirs."""
    _within(slug, lambda work, now: _added(work, email, name, staff, now))
    typer.echo(f"{email} is added. They choose their password in the portal: `requestPasswordReset` sends the link.")


@people.command("list")
def list_people(
    slug: Slug, staff: Annotated[bool, typer.Option("--staff", help="Only who works for the manager.")] = False
) -> None:
    """List a manager's people by e-mail, those who are disabled too."""
    found = _reading(slug, staff_only=staff)
    for card in found:
        typer.echo(_line(card))
    if not found:
        typer.echo(f'{slug} has none. Add one with: ventanilla person add {slug} EMAIL --name "Given Family"', err=True)


@people.command("staff")
def set_staff(
    slug: Slug, email: Email, role: Annotated[Post, typer.Argument(help="As what.", show_default=False)]
) -> None:
    """Let a person work for the manager, as something else, or no more."""
    _within(slug, lambda work, now: _employed(work, email, role, now))
    typer.echo(f"{email} works for {slug} no more." if role is Post.NONE else f"{email} is {role} of {slug}.")


@people.command()
def disable(slug: Slug, email: Email) -> None:
    """Let a person in no more, and end their sessions and what programs may do for them, at once."""
    from ventanilla.auth.staff import disable as disable_person  # noqa: PLC0415  only when it runs

    _within(slug, lambda work, now: _changed(work, email, lambda id_: disable_person(work, id_, by=None, now=now)))
    typer.echo(f"{email} is disabled: nothing of theirs is open any more.")


@people.command()
def enable(slug: Slug, email: Email) -> None:
    """Let a person in again who was disabled."""
    from ventanilla.auth.staff import enable as enable_person  # noqa: PLC0415  only when it runs

    _within(slug, lambda work, now: _changed(work, email, lambda id_: enable_person(work, id_, by=None, now=now)))
    typer.echo(f"{email} may sign in again.")


async def _added(work: Work, email: str, name: str, post: Post, now: datetime) -> None:
    from ventanilla.auth.people import add_person  # noqa: PLC0415  only when it runs

    given_name, _, family_name = name.strip().partition(" ")
    await add_person(
        work,
        email=email,
        password=None,
        given_name=given_name,
        family_name=family_name,
        now=now,
        email_verified=True,
    )
    if post is not Post.NONE:
        await _employed(work, email, post, now)


async def _employed(work: Work, email: str, post: Post, now: datetime) -> None:
    from ventanilla.auth.staff import set_role  # noqa: PLC0415  only when it runs

    await _changed(work, email, lambda id_: set_role(work, id_, _role(post), by=None, now=now))


def _role(post: Post) -> StaffRole | None:
    from ventanilla.auth.actor import StaffRole  # noqa: PLC0415  only when it runs

    return None if post is Post.NONE else StaffRole(post.value)


async def _changed(work: Work, email: str, act: Callable[[str], Awaitable[NotDone | None]]) -> None:
    """Do `act` to the person of that address; `MistakeError` where there is none, or it must not be done."""
    from ventanilla.auth.people import with_email  # noqa: PLC0415  only when it runs

    person = await with_email(work, email)
    if person is None:
        raise MistakeError(f"Nobody has {email} here. `ventanilla person list {work.manager}` tells who there is.")
    if await act(person.id):  # the one reason that there is for an operator
        again = f"ventanilla person staff {work.manager} EMAIL STAFF_ADMIN"
        raise MistakeError(f"{email} is the last who administers access. Make somebody else do so first: {again}")


def _within(slug: str, act: Callable[[Work, datetime], Awaitable[None]]) -> None:
    """Do `act` in a unit of work of the manager; `MistakeError` for what cannot be done."""
    from ventanilla.auth.people import PersonError  # noqa: PLC0415  only when it runs
    from ventanilla.gateway.cli.working import within  # noqa: PLC0415  only when it runs

    within(slug, act, PersonError)


def _reading(slug: str, *, staff_only: bool) -> list[PersonCard]:
    from ventanilla.gateway.cli.serving import with_store  # noqa: PLC0415  only when it runs

    return asyncio.run(with_store(lambda store: _read(store, slug, staff_only=staff_only)))


async def _read(store: Store, slug: str, *, staff_only: bool) -> list[PersonCard]:
    from ventanilla.auth import roster  # noqa: PLC0415  only when it runs
    from ventanilla.backoffice_adapters.contract import Window  # noqa: PLC0415  only when it runs
    from ventanilla.gateway.cli.working import known  # noqa: PLC0415  only when it runs

    await known(store, slug)
    where, order = roster.PersonFilter(staff_only=staff_only), roster.PersonOrder.EMAIL_ASC
    found: list[PersonCard] = []
    more = True
    while more:
        start = roster.position(order, found[-1]) if found else None
        part = await roster.people(store, slug, where, order, Window(limit=1_000, start=start))
        found += part.items
        more = part.more
    return found


def _line(card: PersonCard) -> str:
    state = "disabled" if card.disabled_at else card.staff_role or "customer"
    return f"{state:<11} {card.email:<32} {card.name}"
