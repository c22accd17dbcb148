"""How the demo's managers and the simulators of their platforms find each other."""

from pathlib import Path

import pytest

from ventanilla.gateway.demo import DEMO
from ventanilla.gateway.demo.paying import configured, simulated
from ventanilla.gateway.demo.seed import manager_at
from ventanilla.payments.asking import Asking
from ventanilla.payments.contract import PlatformError
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry
from ventanilla.store.manager import FeeBearer, Manager

PORT = 8000
PLATFORMS = {"aguas": "mercado_pago", "inmobiliaria": "wompi", "osiedle": "autopay"}


def managers(data: Path) -> list[Manager]:
    return [configured(manager_at(demo, PORT + 1 + index), PORT, data) for index, demo in enumerate(DEMO)]


def secrets(data: Path) -> dict[str, str]:
    files = (path for path in (data / "payments").rglob("*") if path.is_file() and "sqlite" not in path.name)
    return {str(path.relative_to(data)): path.read_text() for path in files}


def test_each_manager_is_paid_at_another_platform(tmp_path: Path) -> None:
    chosen = {manager.slug: manager.payments for manager in managers(tmp_path)}

    assert {slug: choice.platform for slug, choice in chosen.items() if choice} == PLATFORMS
    assert chosen["osiedle"]
    assert chosen["osiedle"].fee.bearer is FeeBearer.PAYER


def test_secrets_are_files_that_nobody_else_reads(tmp_path: Path) -> None:
    with simulated(managers(tmp_path), PORT, tmp_path):
        written = secrets(tmp_path)
    assert len(set(written.values())) == len(written) == 6
    for name in written:
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
        assert (tmp_path / name).parent.stat().st_mode & 0o077 == 0

    with simulated(managers(tmp_path), PORT, tmp_path):
        assert secrets(tmp_path) == written


def test_the_settings_fit_once_the_simulators_are_there(tmp_path: Path) -> None:
    found = managers(tmp_path)
    with pytest.raises(PlatformError):
        Platforms(PlatformRegistry.discover(), Asking()).of(found[0])

    with simulated(found, PORT, tmp_path) as simulators:
        platforms = Platforms(PlatformRegistry.discover(), Asking())
        assert all(platforms.of(manager) for manager in found)
    assert [simulator.name for simulator in simulators] == [PLATFORMS[manager.slug] for manager in found]
    assert [simulator.shop.notify_url for simulator in simulators] == [
        f"http://127.0.0.1:{PORT + 1 + index}/payments/{PLATFORMS[manager.slug]}" for index, manager in enumerate(found)
    ]
