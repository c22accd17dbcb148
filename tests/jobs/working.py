"""A worker as a process of its own, with leases short enough for tests: it is killed while it works.

``python -P tests/jobs/working.py DATABASE SECRET LEASE [OFFICES]`` says ``ready`` and sends until it is ended. With the
folder of the offices it generates access as well, and takes its time for each question.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ventanilla.auth.keys import Keys
from ventanilla.backoffice_adapters.guard import GuardedOffice
from ventanilla.backoffice_adapters.offices import Offices
from ventanilla.backoffice_adapters.plan import OfficePlan
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway import logs
from ventanilla.jobs.access_generation import Generating
from ventanilla.jobs.letters import Desk
from ventanilla.jobs.worker import Errand, Worker
from ventanilla.mail.post_office import PostOffice
from ventanilla.store.store import Store

QUESTION_S = 0.1


def now() -> datetime:
    return datetime.now(UTC)


class Leisurely(Offices):
    """Offices that are asked without haste, so that there is a middle in which somebody can be killed."""

    async def get(self, plan: OfficePlan) -> GuardedOffice:
        """As any offices do it."""
        await asyncio.sleep(QUESTION_S)
        return await super().get(plan)


def errands(store: Store, lease: timedelta, folder: Sequence[str]) -> list[Errand]:
    registry = Registry.discover()
    return [
        Generating(store=store, registry=registry, offices=Leisurely(registry, Path(each), now), clock=now, lease=lease)
        for each in folder
    ]


async def work(url: str, secret: str, lease_s: float, folder: Sequence[str]) -> None:
    store, lease = Store(url), timedelta(seconds=lease_s)
    await store.open()
    desk = Desk(store=store, keys=Keys(secret), clock=now, office=PostOffice(), lease=lease)
    Worker(desk, poll_s=0.2, others=errands(store, lease, folder)).open()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    logs.configure(as_json=True)
    asyncio.run(work(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4:5]))
