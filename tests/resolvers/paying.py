"""Quoting and committing, as a portal's front end asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import select

from tests.world import World
from ventanilla.auth.actor import Actor
from ventanilla.resolvers.context import Context
from ventanilla.resolvers.ids import Kind
from ventanilla.store.tables import CheckoutRow

MONEY = "{ amount currency }"
LINES = f"lines {{ number title amount {MONEY} invoice {{ number }} }}"
PRICE = f"subtotal {MONEY} total {MONEY} fees {{ payer {MONEY} manager {MONEY} }}"
ERRORS = "userErrors { reason code path message retryable params { key value } }"
QUOTE = f"""
mutation ($in: CreateCheckoutQuoteInput!) {{
  createCheckoutQuote(input: $in) {{
    quote {{ id account {{ number }} {LINES} {PRICE} expiresAt warnings }} {ERRORS}
  }}
}}"""
FIELDS = f"""
id status reference account {{ number }} {LINES} {PRICE} platform redirectUrl createdAt expiresAt endedAt settled
payment {{ reference }}"""
CREATE = f"""
mutation ($in: CreateCheckoutInput!) {{
  createCheckout(input: $in) {{ checkout {{ {FIELDS} }} {ERRORS} }}
}}"""
CANCEL = f"""
mutation ($id: ID!) {{
  cancelCheckout(input: {{id: $id}}) {{ checkout {{ id status endedAt }} {ERRORS} }}
}}"""
LOOK = f"query ($id: ID!) {{ checkout(id: $id) {{ {FIELDS} }} }}"


def invoice_id(world: World, key: str, office: str = "agua", slug: str = "sur") -> str:
    """The id of an invoice."""
    return world.context(slug).ids.column(Kind.INVOICE, office, [key])[0]


async def answered(context: Context, world: World, query: str, **variables: Any) -> Any:
    """What the only field of a document answers."""
    outcome = await world.run(context, query, **variables)
    assert outcome.errors == [], [error.original_error for error in outcome.errors]
    assert outcome.data is not None
    (answer,) = outcome.data.values()
    return answer


async def quoted(world: World, actor: Actor, *keys: str, slug: str = "sur", context: Context | None = None) -> Any:
    """What came of quoting invoices of the water office."""
    items = [{"invoiceId": invoice_id(world, key, slug=slug)} for key in keys]
    return await answered(context or world.context(slug, actor), world, QUOTE, **{"in": {"items": items}})


async def quote_id(world: World, actor: Actor, *keys: str, slug: str = "sur") -> str:
    """The id of a quote that there is."""
    found = await quoted(world, actor, *keys, slug=slug)
    assert found["userErrors"] == []
    return found["quote"]["id"]


async def committed(
    world: World,
    actor: Actor,
    quote: str,
    key: str = "k1",
    *,
    back: str = "/pagos",
    slug: str = "sur",
    context: Context | None = None,
) -> Any:
    """What came of committing a quote."""
    told = {"quoteId": quote, "returnUrl": back, "idempotencyKey": key}
    return await answered(context or world.context(slug, actor), world, CREATE, **{"in": told})


async def paid(world: World, actor: Actor, *keys: str, slug: str = "sur") -> Any:
    """The checkout of some invoices."""
    found = await committed(world, actor, await quote_id(world, actor, *keys, slug=slug), "-".join(keys), slug=slug)
    assert found["userErrors"] == []
    return found["checkout"]


def reasons(answer: Any) -> list[tuple[str, list[str] | None]]:
    """The reason and path of each refusal."""
    return [(each["reason"], each["path"]) for each in answer["userErrors"]]


def params(answer: Any, at: int = 0) -> dict[str, str]:
    """What a refusal tells beside its reason."""
    return {each["key"]: each["value"] for each in answer["userErrors"][at]["params"]}


async def rows(world: World, slug: str = "sur") -> Sequence[CheckoutRow]:
    """All checkouts of a manager, oldest first."""
    async with world.services.store.work(slug) as work:
        return (await work.exec(select(CheckoutRow).order_by("created_at"))).all()
