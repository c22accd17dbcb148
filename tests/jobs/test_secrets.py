"""What letters prove stands nowhere: in no column, in no file of the database, before they leave and after."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.jobs.sending import Sending
from tests.smtp import Manner
from tests.store.letters import states
from ventanilla.auth.challenges import Challenge
from ventanilla.jobs.letter_proofs import PROOFS
from ventanilla.store.statements import tenant_classes
from ventanilla.store.tables import TenantRow

pytestmark = pytest.mark.anyio


@pytest.fixture
async def proved(post_room: Sending) -> list[Challenge]:
    """Challenges of every kind, whose letters wait: two leave, one is put off."""
    begun: list[Challenge] = []
    for kind, proof in PROOFS.items():
        for number in (1, 2, 3):
            email = f"r{number}@example.com"
            begun.append(await post_room.challenge(proof.challenge, email))
            await post_room.post_proof(kind, begun[-1], recipient=email)
    post_room.server.manners = [Manner("RCPT", "451 4.7.1 later", recipient="r3@example.com")]
    return begun


def secrets_of(post_room: Sending, challenges: Sequence[Challenge]) -> set[str]:
    """What proves each challenge: the secret part of its link and of its ticket, and its code."""
    found: set[str] = set()
    for each in challenges:
        link, ticket = post_room.proofs.link(each.kind, each.id), post_room.proofs.ticket(each.id)
        found |= {link[-32:], ticket[-32:], post_room.proofs.code(each.id), post_room.proofs.password(each.id)}
    return found


async def values(post_room: Sending, kind: type[TenantRow]) -> list[str]:
    columns = list(kind.model_fields)
    name = str(kind.__tablename__)
    return [
        str(value) for row in await post_room.store.rows(f"SELECT {', '.join(columns)} FROM {name}") for value in row
    ]


def held_in(folder: Path) -> bytes:
    """What the database's files hold, the log of its latest writes too."""
    return b"".join((folder / f"store.sqlite{end}").read_bytes() for end in ("", "-wal"))


async def test_no_column_holds_what_proves_anything(post_room: Sending, proved: list[Challenge]) -> None:
    secrets = secrets_of(post_room, proved)
    for _ in range(2):  # as they wait, and once they have left
        held = "\n".join([value for kind in tenant_classes() for value in await values(post_room, kind)])
        assert "r1@example.com" in held
        # Moments and ids have digits too: a code is one that stands by itself.
        codes = set(re.findall(r"(?<![0-9a-f.:-])\d{6}(?![0-9a-f.:-])", held))
        assert not {secret for secret in secrets if len(secret) > 6 and secret in held}
        assert not secrets & codes
        await post_room.send()
    kinds = len(PROOFS)
    assert sorted(await states(post_room.store)) == ["PENDING"] * kinds + ["SENT"] * 2 * kinds


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # of PostgreSQL nobody knows which files are whose
async def test_no_file_of_the_database_holds_it(post_room: Sending, proved: list[Challenge], tmp_path: Path) -> None:
    await post_room.send()
    held = held_in(tmp_path)

    assert b"r1@example.com" in held
    for secret in secrets_of(post_room, proved):
        assert secret.encode() not in held
    told = "".join(str(each.message) for each in post_room.server.accepted).replace("=\n", "")
    assert post_room.proofs.link(proved[0].kind, proved[0].id)[-32:] in told
