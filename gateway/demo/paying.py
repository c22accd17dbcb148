"""Paying in the demo: each manager's platform is a simulator at the start page's host, and no money moves."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from starlette.types import ASGIApp, Receive, Scope, Send

from ventanilla.gateway.services import utc_now
from ventanilla.payments.simulators.app import PATH, app_of
from ventanilla.payments.simulators.autopay import AutopayService, AutopaySimulator
from ventanilla.payments.simulators.courier import Courier
from ventanilla.payments.simulators.memory import Memory
from ventanilla.payments.simulators.mercado_pago import MercadoPagoApplication, MercadoPagoSimulator
from ventanilla.payments.simulators.simulator import Shop, Simulator
from ventanilla.payments.simulators.wompi import WompiMerchant, WompiSimulator
from ventanilla.store.manager import Manager

FOLDER: Final = "payments"
"""Where in the demo's folder secrets and payments lie."""
_HASTE: Final = 60
_SERVICE_ID: Final = "900001"
_PUBLIC_KEY: Final = "pub_test_demo"
_SECRETS: Final = {
    "autopay": ("shared_key",),
    "mercado_pago": ("access_token", "webhook_secret"),
    "wompi": ("private_key", "integrity_secret", "events_secret"),
}
"""Platform → what of its settings is secret."""


def configured(manager: Manager, port: int, data: Path) -> Manager:
    """The manager with the settings of its simulator, in the place of those that a real platform would need."""
    choice = manager.payments
    if choice is None:
        return manager
    hidden = {name: f"file:{_secret(data, choice.platform, name)}" for name in _SECRETS[choice.platform]}
    open_ones = _settings(choice.platform, pages_at(manager, port), f"http://127.0.0.1:{port}{PATH}/{choice.platform}")
    return replace(manager, payments=replace(choice, configuration={**open_ones, **hidden}))


def pages_at(manager: Manager, port: int) -> str:
    """Where browsers find the simulator of the manager's platform; empty where nobody pays."""
    return f"http://localhost:{port}{PATH}/{manager.payments.platform}" if manager.payments else ""


@contextmanager
def simulated(managers: Sequence[Manager], port: int, data: Path) -> Generator[list[Simulator]]:
    """The simulators of the managers' platforms, which know what they knew when they were last closed."""
    with ExitStack() as opened:
        simulators: list[Simulator] = []
        for manager in managers:
            if manager.payments:
                memory = Memory(_kept(data, manager.payments.platform, "payments.sqlite"))
                opened.callback(memory.close)
                simulators.append(_simulator(manager, port, data, memory))
        yield simulators


class Front:
    """The hosts that belong to no manager: `page`, and the simulators beside it."""

    def __init__(self, page: ASGIApp, simulators: Sequence[Simulator]) -> None:
        self._page = page
        self._simulators = app_of(simulators)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request to its application."""
        app = self._simulators if scope["path"].startswith(f"{PATH}/") else self._page
        await app(scope, receive, send)


def _settings(platform: str, pages: str, services: str) -> dict[str, str]:
    """What of a platform's settings is no secret: `pages` are for browsers, `services` for this process."""
    match platform:
        case "autopay":
            return {"service_id": _SERVICE_ID, "start_url": f"{pages}/payment", "service_url": services}
        case "mercado_pago":
            return {"api_url": services}
        case _:
            return {"public_key": _PUBLIC_KEY, "checkout_url": f"{pages}/p/", "api_url": f"{services}/v1"}


def _simulator(manager: Manager, port: int, data: Path, memory: Memory) -> Simulator:
    platform = manager.payments.platform if manager.payments else ""
    shop = Shop(
        name=manager.name,
        address=pages_at(manager, port),
        notify_url=f"http://{manager.hosts[-1]}/payments/{platform}",
        time_zone=manager.time_zone,
        haste=_HASTE,
    )
    told = {name: _made(_kept(data, platform, name)) for name in _SECRETS[platform]}
    match platform:
        case "autopay":
            service = AutopayService(service_id=_SERVICE_ID, **told)
            return AutopaySimulator(shop, service, memory, utc_now, Courier())
        case "mercado_pago":
            return MercadoPagoSimulator(shop, MercadoPagoApplication(**told), memory, utc_now, Courier())
        case _:
            merchant = WompiMerchant(public_key=_PUBLIC_KEY, **told)
            return WompiSimulator(shop, merchant, memory, utc_now, Courier())


def _secret(data: Path, platform: str, name: str) -> Path:
    return data / FOLDER / platform / name


def _kept(data: Path, platform: str, name: str) -> Path:
    """A file of the simulator's, in a folder that nobody else looks into."""
    path = _secret(data, platform, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _made(path: Path) -> str:
    """The secret in the file, which is written if it is not there."""
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(24), encoding="ascii")
        draft.replace(path)
    return path.read_text(encoding="ascii")
