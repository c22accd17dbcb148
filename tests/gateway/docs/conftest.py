"""The demo that the examples of the guides are asked of: one of their own, since they pay and register programs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.demo.process import Demo, free_ports, running
from tests.gateway.stock import demo_data


@pytest.fixture(scope="module")
def demo(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data = tmp_path_factory.mktemp("docs") / "data"
    shutil.copytree(demo_data(shared_folder), data)
    with running(data, free_ports()) as running_demo:
        yield running_demo
