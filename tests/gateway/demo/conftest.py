"""One demo for all who only walk through it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.demo.process import Demo, free_ports, running
from tests.gateway.stock import demo_data


@pytest.fixture(scope="session")
def demo(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data = tmp_path_factory.mktemp("walk") / "data"
    shutil.copytree(demo_data(shared_folder), data)
    with running(data, free_ports()) as running_demo:
        yield running_demo
