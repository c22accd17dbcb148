"""The fixtures of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.oauth.programs import Programs, opened


@pytest.fixture
async def programs(tmp_path: Path) -> AsyncIterator[Programs]:
    """Two portals with people, and a clock of the test's own."""
    async with opened(tmp_path) as found:
        yield found
