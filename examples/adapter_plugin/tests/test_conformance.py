"""Every promise of the contract, asked of this adapter."""

import pytest
from lagomar_office import adapter
from lagomar_office.writing import adapt, fill

from ventanilla.backoffice_adapters.conformance.suite import Conformance, Harness
from ventanilla.backoffice_adapters.records import Licence


class TestLagomar(Conformance):
    """One test for each promise."""

    @pytest.fixture(scope="class")
    @classmethod
    def harness(cls) -> Harness:
        """How the office is opened and filled."""
        return Harness(
            adapter=adapter,
            licence=Licence.UTILITY,
            currency="UYU",
            fill=fill,
            insert=fill,
            adapt=adapt,
            broken={"folder": "/nowhere/suministros"},
        )
