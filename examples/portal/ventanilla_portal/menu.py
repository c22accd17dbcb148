"""What may be chosen: only what this manager can do, and what the viewer may."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ventanilla_portal.visit import Visit

Data = Mapping[str, Any]
STAFF: Final = frozenset({"STAFF", "STAFF_ADMIN"})


@dataclass(frozen=True, slots=True)
class Item:
    """One way to go on."""

    key: str
    """Its words (``menu.key``) and its picture."""
    path: str
    """Where it leads; ``{account}`` is the account in use."""
    capability: str | None = None
    """What an office must be able to do for it."""
    role: str | None = None
    """Who must be asking for it."""
    licence: str | None = None
    """What the account in use must be of."""


MAIN: Final = (
    Item("home", "/a/{account}"),
    Item("pay", "/a/{account}/pay", "invoices.list"),
    Item("invoices", "/a/{account}/invoices", "invoices.list"),
    Item("payments", "/a/{account}/payments", "payments.list"),
    Item("accruals", "/a/{account}/accruals", "accruals.list"),
    Item("charges", "/a/{account}/charges", "charges.list"),
    Item("plans", "/a/{account}/plans", "payment_plans.list"),
    Item("interest", "/a/{account}/interest", "interest.read"),
    Item("meters", "/a/{account}/meters", "meters.list", licence="UTILITY"),
    Item("settlements", "/a/{account}/settlements", "utility_settlements.list", licence="UTILITY"),
    Item("community", "/a/{account}/community", "communities.read", licence="COMMUNITY"),
)
"""What belongs to the account in use: the main functions."""
BESIDE: Final = (
    Item("notices", "/notices", "notices.list"),
    Item("board", "/board", role="BOARD_MEMBER"),
    Item("supplier", "/supplier", role="SUPPLIER"),
    Item("accounts", "/accounts"),
    Item("help", "/help"),
)
"""The extras."""
ME: Final = (
    Item("profile", "/me"),
    Item("security", "/me/security"),
    Item("sessions", "/me/sessions"),
    Item("programs", "/me/programs"),
    Item("activity", "/me/activity"),
    Item("data", "/me/data"),
)
"""What is the viewer's own."""
STAFF_ITEMS: Final = (
    Item("staff_people", "/staff/people", role="STAFF"),
    Item("staff_access", "/staff/access", role="STAFF_ADMIN"),
    Item("staff_letters", "/staff/letters", role="STAFF"),
    Item("staff_payments", "/staff/payments", role="STAFF"),
    Item("staff_strays", "/staff/strays", role="STAFF"),
    Item("staff_programs", "/staff/programs", role="STAFF_ADMIN"),
    Item("staff_policy", "/staff/policy", role="STAFF_ADMIN"),
    Item("staff_theme", "/staff/theme", role="STAFF_ADMIN"),
)
"""The staff's side."""
AT_HAND: Final = frozenset({"home", "pay", "invoices", "payments"})
"""What a phone shows at the bottom; the rest is behind "more"."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An item as it stands on a page."""

    key: str
    path: str
    current: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """All that may be chosen on a page."""

    main: Sequence[Choice] = ()
    beside: Sequence[Choice] = ()
    me: Sequence[Choice] = ()
    staff: Sequence[Choice] = ()

    @property
    def at_hand(self) -> list[Choice]:
        """What a phone shows at the bottom."""
        return [choice for choice in self.main if choice.key in AT_HAND] or list(self.staff[:4])


def of(data: Data, visit: Visit) -> Menu:
    """The menu of a page; empty for who has not signed in, or has something to do first."""
    viewer = data["viewer"]
    if viewer is None:
        return Menu()
    ready = viewer["onboardingState"] == "READY" or STAFF & set(viewer["roles"])
    shown = _shown(data, visit)
    return Menu(
        main=shown(MAIN) if ready else (),
        beside=shown(BESIDE) if ready else (),
        me=shown(ME),
        staff=shown(STAFF_ITEMS),
    )


def account_in_use(data: Data) -> Mapping[str, Any] | None:
    """The account that a page is of, or the one thing that it shows, else the viewer's default, else their first."""
    shown = (data, *(each for each in data.values() if isinstance(each, Mapping)))
    if own := next((each["account"] for each in shown if "licence" in (each.get("account") or ())), None):
        return own
    viewer = data["viewer"] or {}
    nodes = (viewer.get("accounts") or {}).get("nodes") or ()
    return viewer.get("defaultAccount") or next((node for node in nodes if node), None)


def _shown(data: Data, visit: Visit) -> Callable[[Sequence[Item]], list[Choice]]:
    account = account_in_use(data)
    roles = set(data["viewer"]["roles"])
    can = {each["key"] for each in data["portal"]["capabilities"] if each["support"] != "NO"}
    here = visit.request.url.path

    def fits(item: Item) -> bool:
        return (
            (account is not None or "{account}" not in item.path)
            and (item.capability is None or item.capability in can)
            and (item.role is None or item.role in roles or (item.role == "STAFF" and "STAFF_ADMIN" in roles))
            and (item.licence is None or (account is not None and account["licence"] == item.licence))
        )

    def choices(items: Sequence[Item]) -> list[Choice]:
        paths = [(item, item.path.format(account=account["id"] if account else "")) for item in items if fits(item)]
        return [Choice(item.key, path, _leads_to(item, path, here)) for item, path in paths]

    return choices


def _leads_to(item: Item, path: str, here: str) -> bool:
    """Whether the page `here` is the one at `path`, or what one gets to from there."""
    below = path != "/me" and item.key != "home" and here.startswith(f"{path}/")
    return here == path or below or here.startswith(f"/{item.key}/")
