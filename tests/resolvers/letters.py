"""Letters that were posted, and the tokens that stand in them."""

from __future__ import annotations

from tests.world import World
from ventanilla.auth.proofs import Proofs

_NEWEST = """
SELECT challenge.kind, challenge.id FROM letter JOIN challenge ON challenge.id = letter.challenge_id
WHERE letter.manager = $1 AND letter.recipient = $2 AND challenge.replaced_at IS NULL AND NOT letter.for_nobody
ORDER BY challenge.created_at DESC
"""


async def token(world: World, slug: str, email: str, wanted: str | None = None) -> str:
    """The token of the link in the newest letter to an address, or in the newest that proves what is `wanted`."""
    rows = await world.services.store.rows(_NEWEST, [slug, email])
    kind, challenge = next((kind, challenge) for kind, challenge in rows if wanted in {None, kind})
    return Proofs(world.services.keys, slug).link(kind, challenge)


async def kinds(world: World, slug: str) -> list[tuple[str, str]]:
    """Kind and state of all letters of a manager, sorted; those for nobody are called so."""
    rows = await world.services.store.rows("SELECT kind, state, for_nobody FROM letter WHERE manager = $1", [slug])
    return sorted((kind, "FOR_NOBODY" if for_nobody else state) for kind, state, for_nobody in rows)
