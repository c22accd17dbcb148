"""The `files` adapter keeps the contract's promises, with the mapping of a real export."""

import tomllib
from pathlib import Path

import pytest

from ventanilla.backoffice_adapters.conformance.suite import Conformance, Harness
from ventanilla.backoffice_adapters.files import adapter


class TestFiles(Conformance):
    @pytest.fixture(scope="class")
    @classmethod
    def harness(cls) -> Harness:
        mapping = tomllib.loads((Path(__file__).parent / "osiedle_mapping.toml").read_text("utf-8"))
        configuration = mapping["offices"]["czynsze"]["configuration"]
        # The reference book is written in the letters of three countries, which no one-byte encoding holds.
        configuration |= {"encoding": "utf-8", "expected_letters": ""}
        return Harness(adapter=adapter, configuration=configuration, broken=configuration | {"folder": __file__})
