"""``ventanilla payments``: the money of a manager that does not fit, compared anew, and one reference in full."""

from __future__ import annotations

from typing import Annotated

import typer

payments = typer.Typer(help="Look at a manager's payments, and at those that do not fit.", no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="The manager's short name.", show_default=False)]


@payments.command()
def strays(
    slug: Slug,
    every: Annotated[bool, typer.Option("--all", help="Also those that were dealt with.")] = False,
) -> None:
    """List what does not fit, oldest first."""
    from ventanilla.gateway.cli.payment_lists import tell_strays  # noqa: PLC0415  only when it runs

    tell_strays(slug, every=every)


@payments.command()
def reconcile(slug: Slug) -> None:
    """Compare a manager's payments with platform and offices now, and tell what does not fit; status 1 if anything."""
    from ventanilla.gateway.cli.payment_lists import compare, tell_strays  # noqa: PLC0415  only when it runs

    compare(slug)
    if tell_strays(slug):
        raise typer.Exit(1)


@payments.command()
def show(
    slug: Slug,
    reference: Annotated[str, typer.Argument(help="What it was paid under.", show_default=False)],
) -> None:
    """Tell all that is known of a reference: the checkout, its payments, what goes back, what does not fit."""
    from ventanilla.gateway.cli.payment_lists import tell_reference  # noqa: PLC0415  only when it runs

    tell_reference(slug, reference)
