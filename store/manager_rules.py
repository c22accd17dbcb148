"""What must be true of a manager's settings, beyond their types. Each problem names its key and its mend."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import cache
from itertools import chain

from ventanilla.backoffice_adapters.contract import PROTOCOLS, capabilities_of
from ventanilla.backoffice_adapters.records import AccountRole, Licence
from ventanilla.backoffice_adapters.secrets import is_reference
from ventanilla.store.codes import CURRENCIES, countries, time_zones
from ventanilla.store.manager import (
    LinkProof,
    MailChoice,
    MailSecurity,
    Manager,
    OfficeChoice,
    SignInWay,
)
from ventanilla.store.password_policy import password_policy_problems
from ventanilla.store.payment_rules import payment_problems
from ventanilla.store.provider_rules import provider_problems
from ventanilla.store.theme_rules import theme_problems

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*(:[1-9][0-9]{{0,4}})?")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAILBOX = re.compile(rf"{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})+", re.IGNORECASE)
_VERSION = 60
_CODES = "; write capital letters such as PL and PLN"
_CAPABILITY = "; write noun.verb such as invoices.list, in quotes"


def problems_of(manager: Manager) -> list[str]:
    """Every problem of `manager`, as ``key: what is wrong; what to do``."""
    rules = (
        _identity,
        _hosts,
        _country,
        _languages,
        _linking,
        _mass_access,
        _staff,
        provider_problems,
        _offices,
        _licences,
        _routing,
        _mail,
        payment_problems,
        password_policy_problems,
        _terms,
        theme_problems,
        _texts,
    )
    return list(chain.from_iterable(rule(manager) for rule in rules))


def _identity(manager: Manager) -> Iterator[str]:
    if len(manager.slug) > 40 or not _SLUG.fullmatch(manager.slug):
        yield f"slug: {manager.slug!r} is not a short name; use lower-case letters, digits and hyphens, at most 40"
    if not manager.name.strip():
        yield "name: is empty; write the name that people know the manager by"
    if not _EMAIL.fullmatch(manager.contact.email):
        yield f"contact.email: {manager.contact.email!r} is not an e-mail address; write it as name@example.com"
    if not manager.sign_in_ways:
        yield "sign_in_ways: is empty; name at least one, such as PASSWORD, or leave the key out"
    if set(manager.sign_in_ways) == {SignInWay.PASSKEY}:
        yield "sign_in_ways: PASSKEY alone lets nobody in; who makes one came in another way: add such as EMAIL_CODE"


def _hosts(manager: Manager) -> Iterator[str]:
    if not manager.hosts:
        yield "hosts: is empty; name at least one host that is this manager's portal"
    for host, times in Counter(manager.hosts).items():
        if times > 1:
            yield f"hosts: {host!r} stands there {times} times; name it once"
        if mend := _host_mend(host):
            yield f"hosts: {host!r} is not a host name; {mend}"


def _host_mend(host: str) -> str | None:
    if "://" in host:
        return "leave the scheme away (https://)"
    if "/" in host:
        return "leave the path away"
    if host != host.lower():
        return f"write it in lower case, {host.lower()!r}"
    if len(host) > 253 or not _HOST.fullmatch(host):
        return "write it as portal.example.com, with :port only where the port tells managers apart"
    return None


def _country(manager: Manager) -> Iterator[str]:
    if manager.country not in countries():
        yield f"country: {manager.country!r} is not an ISO 3166 code{_near(manager.country, countries(), _CODES)}"
    if manager.currency not in CURRENCIES:
        yield f"currency: {manager.currency!r} is not an ISO 4217 code{_near(manager.currency, CURRENCIES, _CODES)}"
    if manager.time_zone not in time_zones():
        near = _near(manager.time_zone, time_zones(), "; write region and city such as Europe/Warsaw")
        yield f"time_zone: {manager.time_zone!r} is not a known time zone{near}"


def _languages(manager: Manager) -> Iterator[str]:
    if not _TAG.fullmatch(manager.locale):
        yield f"locale: {manager.locale!r} is malformed; write language and country such as es-AR"
    if not manager.languages:
        yield "languages: is empty; name at least one language, the first is the one fallen back to"
    for language, times in Counter(manager.languages).items():
        if not _TAG.fullmatch(language):
            yield f"languages: {language!r} is malformed; write a language such as es, pl or en"
        if times > 1:
            yield f"languages: {language!r} stands there {times} times; name it once"


def _linking(manager: Manager) -> Iterator[str]:
    linking = manager.linking
    if linking.proof is LinkProof.NONE and linking.role in {AccountRole.HOLDER, AccountRole.OWNER}:
        yield (
            f"linking.role: {linking.role} is shown the holder's own data, and a number alone proves nothing;"
            " ask for a proof, or write RESIDENT or TENANT"
        )
    if not 1 <= linking.people <= 100:
        yield f"linking.people: {linking.people} is out of range; give a number from 1 to 100"


def _mass_access(manager: Manager) -> Iterator[str]:
    access = manager.mass_access
    if not 1 <= access.batch_size <= 1_000:
        yield f"mass_access.batch_size: {access.batch_size} is out of range; give a number from 1 to 1000"
    if not 1 <= access.interval_s <= 86_400:
        yield f"mass_access.interval_s: {access.interval_s} is out of range; give seconds from 1 to 86400 (a day)"
    if not 1 <= access.valid_hours <= 90 * 24:
        yield f"mass_access.valid_hours: {access.valid_hours} is out of range; give hours from 1 to 2160 (90 days)"
    if access.manual_url is not None and not access.manual_url.startswith("https://"):
        yield f"mass_access.manual_url: {access.manual_url!r} is no address; write it as https://…"


def _staff(manager: Manager) -> Iterator[str]:
    if not 1 <= manager.staff.sees_minutes <= 60:
        yield f"staff.sees_minutes: {manager.staff.sees_minutes} is out of range; give minutes from 1 to 60"


def _offices(manager: Manager) -> Iterator[str]:
    used = {*manager.licences.values(), *manager.routing.values()}
    for name, office in manager.offices.items():
        if not _SLUG.fullmatch(name.replace("_", "-")):
            yield f"offices.{name}: is not a short name; use lower-case letters, digits, hyphens and underscores"
        if name not in used:
            yield f"offices.{name}: no licence or route uses it; name it under licences or routing, or remove it"
        yield from _office(f"offices.{name}", office)


def _office(path: str, office: OfficeChoice) -> Iterator[str]:
    if not office.adapter.strip():
        yield f"{path}.adapter: is empty; name the adapter, such as embedded"
    if not 0.1 <= office.deadline_s <= 60:
        yield f"{path}.deadline_s: {office.deadline_s} is out of range; give seconds from 0.1 to 60"
    if not 1 <= office.concurrency <= 1_000:
        yield f"{path}.concurrency: {office.concurrency} is out of range; give a number from 1 to 1000"
    if office.stale_s is not None and not 0 <= office.stale_s <= 31 * 86_400:
        yield f"{path}.stale_s: {office.stale_s} is out of range; give seconds from 0 (never) to 2678400 (31 days)"


def _licences(manager: Manager) -> Iterator[str]:
    if not manager.licences:
        yield f"licences: is empty; hold at least one of {', '.join(Licence)}"
    for licence, office in manager.licences.items():
        if office not in manager.offices:
            yield f"licences.{licence}: {_undefined(office, manager)}"


def _routing(manager: Manager) -> Iterator[str]:
    for capability, office in manager.routing.items():
        path = f"routing.{capability}"
        if capability not in _capabilities():
            yield f"{path}: there is no such capability{_near(capability, _capabilities(), _CAPABILITY)}"
        if office not in manager.offices:
            yield f"{path}: {_undefined(office, manager)}"
        elif capability in _of_accounts() and manager.licences_of(office) == frozenset({Licence.MAINTENANCE}):
            yield (
                f"{path}: office {office!r} holds MAINTENANCE only, which keeps no accounts, so it cannot be a home "
                "office; route to an office for RENT, COMMUNITY or UTILITY"
            )


def _undefined(office: str, manager: Manager) -> str:
    return f"office {office!r} is not defined{_near(office, manager.offices, f'; add [offices.{office}]')}"


@cache
def _capabilities() -> frozenset[str]:
    return frozenset(name for protocol in PROTOCOLS.values() for name in capabilities_of(protocol).values())


@cache
def _of_accounts() -> frozenset[str]:
    """What only offices that keep accounts can do."""
    return _capabilities() - frozenset(capabilities_of(PROTOCOLS[Licence.MAINTENANCE]).values())


def _mail(manager: Manager) -> Iterator[str]:
    if manager.mail is None:
        return
    choice = manager.mail
    if ":" in choice.host or _host_mend(choice.host):
        yield f"mail.host: {choice.host!r} is not a host name; write it as smtp.example.com, the port as port"
    elif choice.security is MailSecurity.NONE and not _is_here(choice.host):
        yield (
            f"mail.security: NONE would send letters to {choice.host!r} for anybody to read; use STARTTLS or TLS, "
            "NONE is for localhost only"
        )
    if not 1 <= choice.port <= 65_535:
        yield f"mail.port: {choice.port} is out of range; give a number from 1 to 65535, such as 587"
    if not 1 <= choice.letters_per_minute <= 10_000:
        yield f"mail.letters_per_minute: {choice.letters_per_minute} is out of range; give a number from 1 to 10000"
    for key, address in (("sender", choice.sender), ("bounces", choice.bounces)):
        if address is not None and not _MAILBOX.fullmatch(address):
            yield f"mail.{key}: {address!r} is not an e-mail address; write it as name@example.com"
    yield from _mail_sign_in(choice)


def _mail_sign_in(choice: MailChoice) -> Iterator[str]:
    if choice.password is not None and not is_reference(choice.password):
        yield (
            "mail.password: a secret must not stand in the file; put it in the environment and write env:NAME here, "
            "or in a file and write file:PATH"
        )
    if choice.user is not None and choice.password is None:
        yield "mail.password: is missing beside user; write env:NAME or file:PATH, or leave user out"
    if choice.password is not None and choice.user is None:
        yield "mail.user: is missing beside password; name who signs in, or leave password out"


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1") or host.endswith(".localhost")


def _terms(manager: Manager) -> Iterator[str]:
    terms = manager.presentation.terms
    if terms is None:
        return
    if not terms.version.strip() or len(terms.version) > _VERSION:
        yield f"terms.version: {terms.version!r} is no version; write a date or number, at most {_VERSION} characters"
    if terms.url is not None and not terms.url.startswith(("https://", "/")):
        yield f"terms.url: {terms.url!r} cannot be followed; write an https:// address or a path from /"


def _texts(manager: Manager) -> Iterator[str]:
    for key, by_language in manager.presentation.texts.items():
        for language in by_language:
            if language not in manager.languages:
                yield f"texts.{key}.{language}: is not among languages; add {language!r} there or remove the text"


def _near(found: str, known: Collection[str], otherwise: str = "") -> str:
    """Suggest what was probably meant, else what to write instead."""
    folded = {each.casefold(): each for each in known}
    near = get_close_matches(found.casefold(), list(folded), n=1, cutoff=0.6)
    return f"; did you mean {folded[near[0]]!r}?" if near else otherwise
