"""Our platforms keep every promise, and the kit finds those that do not."""

import pytest

from tests.payments import sides
from ventanilla.payments.conformance.suite import Harness, PlatformConformance


class TestAutopay(PlatformConformance):
    @pytest.fixture
    def harness(self) -> Harness:
        return sides.AUTOPAY


class TestMercadoPago(PlatformConformance):
    @pytest.fixture
    def harness(self) -> Harness:
        return sides.MERCADO_PAGO


class TestWompi(PlatformConformance):
    @pytest.fixture
    def harness(self) -> Harness:
        return sides.WOMPI
