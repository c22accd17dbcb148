"""A bench for each platform."""

from collections.abc import AsyncIterator

import pytest

from tests.payments.simulators.bench import PLATFORMS, Bench


@pytest.fixture(params=PLATFORMS)
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Each platform in turn."""
    made = Bench(request.param)
    yield made
    await made.close()


@pytest.fixture
async def autopay() -> AsyncIterator[Bench]:
    made = Bench("autopay")
    yield made
    await made.close()


@pytest.fixture
async def mercado_pago() -> AsyncIterator[Bench]:
    made = Bench("mercado_pago")
    yield made
    await made.close()


@pytest.fixture
async def wompi() -> AsyncIterator[Bench]:
    made = Bench("wompi")
    yield made
    await made.close()
