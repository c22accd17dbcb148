"""The book of `wspolnoty`, the communities of `osiedle`: costs of management, repair fund, media and settlements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.records import Licence, PartyRole, PaymentStatus, TitleKind
from ventanilla.gateway.demo.books import osiedle
from ventanilla.gateway.demo.books import wspolnoty_notices as news
from ventanilla.gateway.demo.books import wspolnoty_parties as parties
from ventanilla.gateway.demo.books import wspolnoty_roster as roster
from ventanilla.gateway.demo.books.accruals import accrue
from ventanilla.gateway.demo.books.bill import Bill, Item, price, priced
from ventanilla.gateway.demo.books.clerk import Clerk
from ventanilla.gateway.demo.books.dates import month_end, month_pl
from ventanilla.gateway.demo.books.habits import settle
from ventanilla.gateway.demo.books.interest_rates import POLAND, enter_rates
from ventanilla.gateway.demo.books.notices import publish
from ventanilla.gateway.demo.books.osiedle import Someone
from ventanilla.gateway.demo.books.parties import introduce
from ventanilla.gateway.demo.books.payment_plans import Terms, agree
from ventanilla.gateway.demo.books.wspolnoty_media import charge_media
from ventanilla.gateway.demo.books.wspolnoty_places import Place, enter_community, share_out
from ventanilla.gateway.demo.books.wspolnoty_roster import Community, Premises
from ventanilla.gateway.demo.books.wspolnoty_suppliers import bill_works

_RISE = Decimal("1.04")
_MANAGEMENT, _FUND = Decimal("3.45"), Decimal("2.60")


def book(anchor: date) -> Book:
    """What the office of the communities knows on `anchor`."""
    clerk = Clerk("wspolnoty", "PLN", osiedle.ZONE, anchor)
    enter_rates(clerk, POLAND)
    found = roster.premises(clerk.luck)
    owners = {owner: osiedle.party(clerk, owner) for owner in dict.fromkeys(each.owner for each in found)}
    places: dict[Community, str] = {}
    for community in roster.COMMUNITIES:
        members = [each for each in found if each.community is community]
        place = enter_community(clerk, community, members)
        _keep_all(clerk, members, place, owners)
        places[community] = place.community
    introduce(clerk, (parties.HYDRAULIK, parties.ZIELEN, *parties.CO_OWNERS))
    bill_works(clerk, places)
    for words in news.TO_ALL:
        publish(clerk, words)
    accrue(clerk)
    return clerk.book()


def _keep_all(clerk: Clerk, members: Sequence[Premises], place: Place, owners: Mapping[Someone, str]) -> None:
    """Keep the premises of one community, share it out among them, elect its board, and tell its news."""
    units = [_keep(clerk, premises, place, owners[premises.owner]) for premises in members]
    share_out(clerk, members, units)
    parties.elect(clerk, members, place.community, owners)
    introduce(clerk, parties.OF_COMMUNITIES.get(members[0].community, ()), place.community)
    for words in news.OF_COMMUNITIES[members[0].community.serial]:
        publish(clerk, words, speaker=place.community, communities=(place.community,))


def _keep(clerk: Clerk, premises: Premises, place: Place, owner: str) -> str:
    """Open both accounts of some premises and bill them; returns the unit's key."""
    building = place.buildings[premises.house]
    unit = clerk.unit(f"Lokal {premises.door}", premises.kind, str(premises.area), building)
    opened = osiedle.months(clerk.anchor)[0] - timedelta(days=30 * clerk.luck.randrange(2, 150))
    costs, media = (
        clerk.account(
            premises.number(licence),
            licence,
            title,
            owner,
            held_as=PartyRole.OWNER,
            place=place.key,
            unit=unit,
            opened_on=opened,
        )
        for licence, title in (
            (Licence.COMMUNITY, "Koszty zarządu i fundusz remontowy"),
            (Licence.UTILITY, "Media: woda, ciepło, odpady"),
        )
    )
    _charge_costs(clerk, premises, costs)
    charge_media(clerk, premises, media)
    for account in (costs, media):
        osiedle.enrol_payer(clerk, account, premises.owner, premises.habit, opened)
    return unit


def _charge_costs(clerk: Clerk, premises: Premises, account: str) -> None:
    bills = [_bill(clerk, premises, account, month) for month in osiedle.months(clerk.anchor)]
    settle(clerk, bills, premises.habit, osiedle.referrer)
    if premises.owner is osiedle.EWA:
        osiedle.pay(clerk, bills[-1:], 4, osiedle.BLIK, amount=120_000)
    if premises.owner is osiedle.KATARZYNA:
        clerk.charge(account, "Dorobienie klucza do furtki", 4_500, clerk.anchor - timedelta(days=7))
        osiedle.pay(clerk, bills[-1:], 1, osiedle.BLIK, amount=bills[-1].total, status=PaymentStatus.FAILED)
        _renovate(clerk, premises, account)


def _bill(clerk: Clerk, premises: Premises, account: str, month: date) -> Bill:
    return clerk.bill(
        account,
        f"Z/{month:%Y/%m}/{premises.code}",
        f"Zaliczka na koszty zarządu i fundusz remontowy, {month_pl(month)}",
        _costs(premises, month),
        issued_on=osiedle.issued_on(month),
        due_on=osiedle.due_on(month),
        period=(month, month_end(month)),
    )


def _costs(premises: Premises, month: date) -> list[Item]:
    rise = _RISE ** (month.year - 2024)
    management = "Zaliczka na koszty zarządu nieruchomością wspólną"
    return [
        priced(management, premises.area, "m²", price(_MANAGEMENT * rise), title=TitleKind.MAINTENANCE_ADVANCE),
        priced("Fundusz remontowy", premises.area, "m²", price(_FUND * rise), title=TitleKind.REPAIR_FUND),
    ]


def _renovate(clerk: Clerk, premises: Premises, account: str) -> None:
    """Bill the part in new balconies that the owners resolved on; it is paid in four instalments without interest."""
    day = clerk.anchor - timedelta(days=76)
    bill = clerk.bill(
        account,
        f"U/{day:%Y/%m}/{premises.code}",
        "Udział w remoncie balkonów, uchwała właścicieli",
        [Item("Udział w remoncie balkonów", 180_002, title=TitleKind.OTHER)],
        issued_on=day,
        due_on=day + timedelta(days=14),
    )
    agreed_on = clerk.anchor - timedelta(days=58)
    terms = Terms(f"UR/{agreed_on:%Y/%m}/{premises.code}", agreed_on, 4, 2, osiedle.TRANSFER)
    agree(clerk, [bill], terms, osiedle.referrer)
