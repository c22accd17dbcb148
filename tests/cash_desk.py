"""A payment platform in this process that gives money back: its plug-in, and the server that its questions go to.

The server keeps what was paid and given back, does each refund once under its key, and fails in the ways of servers.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx2
import msgspec

from tests.orders import NOW, PLATFORM
from ventanilla.backoffice_adapters.manifest import Configuration
from ventanilla.backoffice_adapters.money import Money
from ventanilla.payments.asking import Asking
from ventanilla.payments.contract import (
    CONTRACT,
    Ask,
    Capability,
    Incoming,
    Limits,
    Listing,
    News,
    NewsStatus,
    Notification,
    NotVerifiedError,
    Order,
    Platform,
    PlatformError,
    PlatformFault,
    PlatformManifest,
    PlatformRequest,
    PlatformResponse,
    PlatformSetting,
    Redirect,
    Refunded,
    RefundOrder,
    RefundState,
    Reply,
)
from ventanilla.payments.platforms import Platforms
from ventanilla.payments.registry import PlatformRegistry

_URL = "https://cash.example"
_PART = 2
"""How many payments one part of its list has."""
ALL = frozenset(Capability) - {Capability.CANCEL, Capability.REFUND_STATUS}


class CashDeskConfiguration(Configuration):
    """It needs no settings."""


@dataclass
class CashDesk(httpx2.AsyncBaseTransport):
    """What the platform's servers know, and how they fare."""

    payments: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """By the platform's id of each."""
    refunds: dict[str, int] = field(default_factory=dict[str, int])
    """What was given back under each key, in minor units."""
    accepted: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    """Key → the payment, and how much of it, of what is to be given back yet."""
    asked: list[str] = field(default_factory=list[str])
    """What was asked, in order."""
    away: bool = False
    """No question reaches it."""
    loses: int = 0
    """So many answers are lost on the way, though what was asked is done."""
    refuses: bool = False
    """It gives nothing back."""
    tells_all: bool = False
    """Asked about one order it tells of all."""
    takes_time: bool = False
    """It accepts refunds, and does them when `settle` says."""

    def paid(self, news: News) -> None:
        """Somebody has paid, as the news of it tell."""
        self.payments[news.payment_id] = {
            "reference": news.reference,
            "payment_id": news.payment_id,
            "status": news.status.value,
            "minor": news.amount.minor,
            "currency": news.amount.currency,
            "refunded": 0,
            "paid_at": (news.paid_at or NOW).isoformat(),
        }

    def give(self, payment_id: str, minor: int) -> None:
        """Give so much back, as somebody can do in its own panel too."""
        paid = self.payments[payment_id]
        paid["refunded"] += minor
        whole = paid["refunded"] == paid["minor"]
        paid["status"] = (NewsStatus.REFUNDED if whole else NewsStatus.PARTIALLY_REFUNDED).value

    def settle(self) -> None:
        """Do the refunds that were accepted."""
        for key, (payment_id, minor) in self.accepted.items():
            self.refunds[key] = minor
            self.give(payment_id, minor)
        self.accepted.clear()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a question, or fail."""
        if self.away:
            raise httpx2.ConnectError("away")
        path, told = request.url.path[1:], json.loads(request.content)
        self.asked.append(path)
        answer = getattr(self, f"_{path}")(told)
        if self.loses:
            self.loses -= 1
            raise httpx2.ReadTimeout("lost")
        return httpx2.Response(200, stream=httpx2.ByteStream(json.dumps(answer).encode()))

    def _refund(self, told: dict[str, Any]) -> dict[str, Any]:
        key, minor, payment = told["key"], told["minor"], self.payments.get(told["payment_id"])
        if key in self.refunds or key in self.accepted:
            return self._refund_status(told)
        if self.refuses or payment is None or payment["minor"] - payment["refunded"] < minor:
            return {"state": "REFUSED"}
        self.accepted[key] = (told["payment_id"], minor)
        if not self.takes_time:
            self.settle()
        return self._refund_status(told)

    def _refund_status(self, told: dict[str, Any]) -> dict[str, Any]:
        if told["key"] in self.accepted:
            return {"state": "ACCEPTED"}
        return {"state": "DONE" if told["key"] in self.refunds else "REFUSED"}

    def _payment(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        return [paid for paid in self.payments.values() if paid["payment_id"] == told["payment_id"]]

    def _status(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        return [paid for paid in self.payments.values() if self.tells_all or paid["reference"] == told["reference"]]

    def _listing(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        found = [paid for paid in self.payments.values() if told["since"] <= paid["paid_at"] < told["until"]]
        return sorted(found, key=lambda paid: (paid["paid_at"], paid["payment_id"]))


class CashDeskAccount(Platform):
    """A manager's account there: pure, as of any platform."""

    def start(self, order: Order) -> Redirect | Ask[Redirect]:
        """Send people there, without asking."""
        return Redirect(url=f"{_URL}/pay/{order.reference}")

    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        """What `notified` wrote, if nothing of it was changed since."""
        if not hmac.compare_digest(incoming.headers.get("x-signature", ""), _signature(incoming.body)):
            raise NotVerifiedError("the signature is wrong", Reply(status=400, body=b"who are you?"))
        return msgspec.json.decode(incoming.body, type=Notification)

    def hinted(self, hint: str) -> Ask[tuple[News, ...]]:
        """Ask about one payment."""
        return Ask(_request("payment", payment_id=hint), _news)

    def status(self, reference: str, platform_id: str | None) -> Ask[tuple[News, ...]]:
        """Ask for the payments of a reference."""
        return Ask(_request("status", reference=reference), _news)

    def refund(self, refund: RefundOrder) -> Ask[Refunded]:
        """Ask for a refund, under its key."""
        asked = {"key": refund.key, "payment_id": refund.payment_id, "minor": refund.amount.minor}
        return Ask(_request("refund", **asked), _refunded)

    def refund_status(self, refund: RefundOrder) -> Ask[Refunded]:
        """Ask what became of a refund."""
        return Ask(_request("refund_status", key=refund.key), _refunded)

    def cancel(self, reference: str, platform_id: str | None) -> Ask[bool]:
        """It cancels nothing."""
        raise PlatformError(PlatformFault.REFUSED)

    def listing(self, since: datetime, until: datetime, after: str | None) -> Ask[Listing]:
        """Ask for a part of what was paid."""
        start = int(after or 0)

        def read(answer: PlatformResponse) -> Listing:
            found = _news(answer)
            more = str(start + _PART) if len(found) > start + _PART else None
            return Listing(news=found[start : start + _PART], after=more)

        return Ask(_request("listing", since=since.isoformat(), until=until.isoformat()), read)


def notified(event_id: str, *news: News, hint: str | None = None) -> tuple[bytes, dict[str, str]]:
    """A notification's body and headers, as it sends them."""
    accepted, declined = Reply(body=b"accepted"), Reply(body=b"declined")
    told = Notification(event_id=event_id, news=news, hint=hint, accepted=accepted, declined=declined)
    body = msgspec.json.encode(told)
    return body, {"x-signature": _signature(body), "content-type": "application/json"}


def _signature(body: bytes) -> str:
    return hmac.digest(b"the cash desk's", body, "sha256").hex()


def _request(path: str, **told: Any) -> PlatformRequest:
    return PlatformRequest(method="POST", url=f"{_URL}/{path}", body=json.dumps(told).encode())


def _news(answer: PlatformResponse) -> tuple[News, ...]:
    return tuple(
        News(
            reference=each["reference"],
            payment_id=each["payment_id"],
            status=NewsStatus(each["status"]),
            amount=Money(each["minor"], each["currency"]),
            refunded=Money(each["refunded"], each["currency"]),
            paid_at=datetime.fromisoformat(each["paid_at"]),
        )
        for each in json.loads(answer.body)
    )


def _refunded(answer: PlatformResponse) -> Refunded:
    state = json.loads(answer.body)["state"]
    if state == "REFUSED":
        raise PlatformError(PlatformFault.REFUSED, "REFUSED")
    return Refunded(state=RefundState(state))


@dataclass
class CashDeskPlugin:
    """What an entry point would name."""

    capabilities: frozenset[Capability]

    @property
    def manifest(self) -> PlatformManifest:
        """What it can do."""
        return PlatformManifest(
            name=PLATFORM,
            title="Cash desk",
            version="1",
            contract=CONTRACT,
            capabilities=self.capabilities,
            limits={"ARS": Limits()},
            configuration=CashDeskConfiguration,
        )

    def platform(self, setting: PlatformSetting) -> Platform:
        """Make one for a manager."""
        return CashDeskAccount()


def platforms(server: CashDesk, capabilities: frozenset[Capability] = ALL) -> Platforms:
    """The platforms of an installation that has this one alone."""
    return Platforms(PlatformRegistry({PLATFORM: lambda: CashDeskPlugin(capabilities)}), Asking(server))
