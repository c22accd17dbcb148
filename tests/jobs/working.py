"""A worker as a process of its own, with leases short enough for tests: it is killed while it sends.

``python -P tests/jobs/working.py DATABASE SECRET LEASE`` says ``ready`` and sends until it is ended.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from ventanilla.auth.keys import Keys
from ventanilla.gateway import logs
from ventanilla.jobs.letters import Desk
from ventanilla.jobs.worker import Worker
from ventanilla.mail.post_office import PostOffice
from ventanilla.store.store import Store


async def work(url: str, secret: str, lease_s: float) -> None:
    store = Store(url)
    await store.open()
    desk = Desk(
        store=store,
        keys=Keys(secret),
        clock=lambda: datetime.now(UTC),
        office=PostOffice(),
        lease=timedelta(seconds=lease_s),
    )
    Worker(desk, poll_s=0.2).open()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    logs.configure(as_json=True)
    asyncio.run(work(sys.argv[1], sys.argv[2], float(sys.argv[3])))
