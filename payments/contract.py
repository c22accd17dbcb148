"""The contract of a payment platform: the page a plug-in's author reads.

**Pure.** A platform opens no connection, reads no clock, and remembers nothing. What has to be asked of its servers it
writes down as an `Ask`, request and reader of the answer; whoever calls does the asking, and keeps time.

**Money moves by news alone.** `News` comes from a notification whose signature is right, or from an answer of the
platform's own servers. What a browser brings back proves nothing.

**One reference.** `Order.reference` is ours, unique at the manager for ever; whatever comes back names it. One
reference may be paid twice (`News.payment_id` tells the payments apart), and a confirmation may follow a failure:
the gateway decides what either means, a platform only tells.

**Refusals.** What a platform cannot do its manifest does not name; it is not called for it. What goes wrong while its
servers are asked is a `PlatformError`, which says whether asking again may help. No text of theirs reaches anybody.

Everything here needs the standard library and msgspec only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeVar

from ventanilla.backoffice_adapters.manifest import Configuration
from ventanilla.backoffice_adapters.money import Money
from ventanilla.backoffice_adapters.records import Record

T = TypeVar("T")

CONTRACT: Final = (1, 0)
"""(major, minor): majors must be equal; a platform's minor may be older than the gateway's."""
GROUP: Final = "ventanilla.payments"
"""The entry-point group that platforms are found in, ours and anybody else's."""

# -- what is asked of its servers ----------------------------------------------------------------------------------


class PlatformRequest(Record):
    """An HTTP request to a platform's server."""

    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes = b""

    def __repr__(self) -> str:
        return f"PlatformRequest({self.method} {self.url})"  # headers hold credentials


class PlatformResponse(Record):
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes


class PlatformFault(StrEnum):
    """The closed set of what may go wrong while a platform is asked."""

    UNAVAILABLE = "UNAVAILABLE"
    """No answer, or that it cannot answer now; what was asked may have been done. The same may be asked again."""
    REFUSED = "REFUSED"
    """It was understood and not done; asking again does not help."""
    UNREADABLE = "UNREADABLE"
    """The answer is none that we know; what was asked may have been done."""
    UNAUTHORIZED = "UNAUTHORIZED"
    """Our credentials are not taken: the operator has to look."""


class PlatformError(Exception):
    """A platform was asked in vain. `detail` is for the operator's log: a code of theirs, never data of people."""

    def __init__(self, fault: PlatformFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else fault.value)
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Ask(Generic[T]):
    """Something to be asked of a platform's server: what is sent, and how the answer is read."""

    request: PlatformRequest
    read: Callable[[PlatformResponse], T]
    """Raises `PlatformError` for an answer that is not the one hoped for."""


# -- paying ---------------------------------------------------------------------------------------------------------


class Order(Record):
    """What somebody is to pay, in one go."""

    reference: str
    """Ours: 12 to 32 characters of ``a-z0-9`` that begin and end with a letter."""
    amount: Money
    """All that the payer pays, a fee that they bear included. Positive."""
    description: str
    """What it is for, in the payer's language; at most 120 characters."""
    email: str | None
    language: str
    """ISO 639-1: ``es``, ``pl``, ``en``."""
    return_url: str
    """Where the platform sends the browser back to, whatever became of the payment."""
    notify_url: str
    """Where the platform sends notifications to, if it is told so with each order."""
    created_at: datetime
    expires_at: datetime
    """Until when it may be paid."""


class Redirect(Record):
    """Where the payer's browser is sent."""

    url: str
    fields: tuple[tuple[str, str], ...] | None = None
    """None: it follows `url` (GET). Otherwise it posts these to `url` as a form, in this order."""
    platform_id: str | None = None
    """What the platform calls the order, if it has a name of its own for it."""


# -- news -----------------------------------------------------------------------------------------------------------


class NewsStatus(StrEnum):
    """How one payment stands, as the platform tells it."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    """The money is the manager's."""
    FAILED = "FAILED"
    """It was not paid. A confirmation may follow all the same."""
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    """Given back by the manager."""
    REVERSED = "REVERSED"
    """Taken back by the payer's bank or card."""


class News(Record):
    """One payment of one order, as the platform tells it."""

    reference: str
    """`Order.reference`, as it came; it may be nobody's."""
    payment_id: str
    """What the platform calls this payment; at most 120 characters."""
    status: NewsStatus
    amount: Money
    """What was ordered and paid, comparable with `Order.amount`, before refunds."""
    paid_at: datetime | None = None
    refunded: Money | None = None
    """All that was given or taken back by now, where it is known."""
    method: str = ""
    """How it was paid, as people call it: ``BLIK``, ``PSE``, ``Visa``."""
    detail: str = ""
    """The platform's own code for why, for the operator."""


class Incoming(Record):
    """An HTTP request that came from outside: a notification, or a browser that is sent back."""

    method: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes


class Reply(Record):
    """What a notification is answered."""

    status: int = 200
    media_type: str = "text/plain; charset=utf-8"
    body: bytes = b""


class NotVerifiedError(Exception):
    """A notification that is not the platform's, or not whole; `reply` is what it is answered."""

    def __init__(self, why: str, reply: Reply) -> None:
        super().__init__(why)
        self.reply = reply


class Notification(Record):
    """A notification whose signature is right."""

    event_id: str
    """The same whenever this one is sent again, and of no other one; at most 200 characters."""
    news: tuple[News, ...] = ()
    """What it tells; empty where it is only a hint that there is news."""
    hint: str | None = None
    """What `Platform.hinted` takes, where it is only a hint: the platform is asked before anything is believed."""
    accepted: Reply = Reply()
    """The reply once it is written down."""
    declined: Reply = Reply()
    """The reply where its amount or currency is not that of the order: it is written down and set aside."""


# -- giving back ----------------------------------------------------------------------------------------------------


class RefundOrder(Record):
    """What is to be given back of a payment."""

    key: str
    """Ours: 32 characters of ``a-f0-9``; the same whenever the same refund is asked for again."""
    reference: str
    payment_id: str
    paid: Money
    """What was paid."""
    amount: Money
    """What is given back: at most what is left of it."""


class RefundState(StrEnum):
    """What became of a refund that was asked for."""

    DONE = "DONE"
    ACCEPTED = "ACCEPTED"
    """It is under way: news, or asking for it (`Platform.refund_status`), will tell."""


class Refunded(Record):
    """The platform's answer to a refund."""

    state: RefundState
    refund_id: str | None = None


# -- the platform ---------------------------------------------------------------------------------------------------


class Capability(StrEnum):
    """What not every platform can do."""

    STATUS = "STATUS"
    """Tell how the payments of a reference stand, when asked."""
    REFUND = "REFUND"
    PARTIAL_REFUND = "PARTIAL_REFUND"
    REFUND_STATUS = "REFUND_STATUS"
    """Tell how a refund stands that was asked for, where its payment's news do not tell."""
    CANCEL = "CANCEL"
    """Take an order back that nobody has paid."""
    LISTING = "LISTING"
    """List what was paid within a time."""


class Limits(Record):
    """What an order may come to in one currency, in minor units."""

    least: int = 1
    most: int | None = None


class PlatformManifest(Record):
    """What a platform says of itself before anybody uses it."""

    name: str
    title: str
    """What people call it."""
    version: str
    contract: tuple[int, int]
    capabilities: frozenset[Capability]
    limits: Mapping[str, Limits]
    """Currency → what an order may come to; other currencies are not taken."""
    configuration: type[Configuration]
    """The manager's settings with the platform; a field annotated `manifest.Secret` is a secret."""
    form_hosts: bool = False
    """Whether people are sent to it by a form that is posted."""


class PlatformSetting(Record):
    """What a platform is used with."""

    manager: str
    time_zone: str
    """The manager's, as the time-zone database names it."""
    configuration: Any
    """An instance of the manifest's configuration type, its secrets read."""


class Listing(Record):
    """A part of what was paid within a time."""

    news: tuple[News, ...]
    after: str | None = None
    """Where to go on; None at the end."""


class Platform(Protocol):
    """One manager's account with a platform."""

    def start(self, order: Order) -> Redirect | Ask[Redirect]:
        """Where the payer is sent. Asking twice for one reference makes one order.

        Raises `PlatformError` (REFUSED) for an order that it does not take.
        """
        ...

    def notification(self, incoming: Incoming, now: datetime) -> Notification:
        """What a notification says, once it is certain that it is the platform's; raises `NotVerifiedError`."""
        ...

    def hinted(self, hint: str) -> Ask[tuple[News, ...]]:
        """What to ask after a notification that was only a hint."""
        ...

    def status(self, reference: str, platform_id: str | None) -> Ask[tuple[News, ...]]:
        """Ask how all payments of a reference stand; none for an order that nobody began to pay, or that is unknown."""
        ...

    def refund(self, refund: RefundOrder) -> Ask[Refunded]:
        """Give back a payment, or a part of it; asking again with the same key gives back once."""
        ...

    def refund_status(self, refund: RefundOrder) -> Ask[Refunded]:
        """Ask what became of a refund that was ACCEPTED; it reads as `refund` does: REFUSED if it will not be done."""
        ...

    def cancel(self, reference: str, platform_id: str | None) -> Ask[bool]:
        """Take back an order: whether it can no longer be paid."""
        ...

    def listing(self, since: datetime, until: datetime, after: str | None) -> Ask[Listing]:
        """List what was paid from `since` to before `until`, oldest first."""
        ...


class PlatformPlugin(Protocol):
    """What an entry point of the group ``ventanilla.payments`` names: a manifest, and a maker of platforms."""

    @property
    def manifest(self) -> PlatformManifest:
        """What the platform can do, known without settings."""
        ...

    def platform(self, setting: PlatformSetting) -> Platform:
        """Make one for a manager; nothing is touched."""
        ...
