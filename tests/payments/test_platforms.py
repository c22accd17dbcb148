from __future__ import annotations

import logging
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from tests.payments.sides import AUTOPAY, HARNESSES, WOMPI
from tests.world import manager
from ventanilla.payments.asking import Asking
from ventanilla.payments.contract import Ask, PlatformError, PlatformFault, PlatformRequest
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.store.manager import Manager, PaymentChoice


def paying(slug: str = "sur", **choice: Any) -> Manager:
    given = {"platform": "autopay", "configuration": dict(AUTOPAY.configuration), **choice}
    return replace(manager(slug), payments=PaymentChoice(**given))


@pytest.fixture
def platforms() -> Platforms:
    offers = {name: lambda harness=harness: harness.plugin for name, harness in HARNESSES.items()}
    return Platforms(
        PlatformRegistry(offers), Asking(httpx2.MockTransport(lambda _: httpx2.Response(200, content=b"hi")))
    )


def test_where_nobody_pays_there_is_no_platform(platforms: Platforms) -> None:
    assert platforms.of(replace(manager("sur"), payments=None)) is None


def test_a_platform_is_made_once_for_a_manager_and_again_for_other_settings(platforms: Platforms) -> None:
    first = platforms.of(paying())
    assert first is platforms.of(paying())
    assert first is not platforms.of(paying("norte"))
    other = platforms.of(paying(configuration={**AUTOPAY.configuration, "service_id": "7"}))
    assert other is not first
    assert platforms.of(paying(platform="wompi", configuration=dict(WOMPI.configuration))) is not other


def test_what_a_manager_has_left_is_theirs_no_more(platforms: Platforms) -> None:
    assert platforms.at(paying(), "autopay") is platforms.of(paying())
    assert platforms.at(paying(), "wompi") is None
    assert platforms.at(replace(manager("sur"), payments=None), "autopay") is None


def test_a_manifest_is_told_by_name(platforms: Platforms) -> None:
    assert platforms.manifest("wompi").title == "Wompi"


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"platform": "payu"}, "no platform is called 'payu'"),
        ({"configuration": {**AUTOPAY.configuration, "shared_key": "env:NOT_SET_ANYWHERE"}}, "NOT_SET_ANYWHERE"),
        ({"configuration": {}}, "'service_id': is missing"),
    ],
)
def test_settings_that_do_not_serve_are_the_operators_matter(
    platforms: Platforms, choice: dict[str, Any], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(PlatformError) as caught:
        platforms.of(paying(**choice))
    assert caught.value.fault is PlatformFault.UNAUTHORIZED
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage().startswith("manager sur cannot be paid: ")
    assert words in record.getMessage()


@pytest.mark.anyio
async def test_it_asks(platforms: Platforms) -> None:
    ask = Ask(PlatformRequest(method="GET", url="https://platform.example/"), lambda response: response.body)
    assert await platforms.ask(ask) == b"hi"
    await platforms.close()
