"""One demo for all who only walk through it."""

from collections.abc import Iterator

import pytest

from tests.gateway.demo.process import Demo, free_ports, running


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running(tmp_path_factory.mktemp("walk") / "data", free_ports()) as running_demo:
        yield running_demo
