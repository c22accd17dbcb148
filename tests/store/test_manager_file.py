"""A manager's file: read whole, or refused with every problem, its key and its mend."""

# ruff: noqa: E501  a table of cases reads best with one case a line

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ventanilla.backoffice_adapters.records import Licence
from ventanilla.store.codes import CURRENCIES, countries
from ventanilla.store.colours import contrast
from ventanilla.store.manager import (
    Contact,
    DocumentMode,
    Linking,
    MailChoice,
    MailSecurity,
    Manager,
    MassAccess,
    OfficeChoice,
    PasswordPolicy,
    Presentation,
    StaffRules,
    Terms,
)
from ventanilla.store.manager_file import ManagerFileError, read_manager
from ventanilla.store.theme import Theme

ANNOTATED = Path(__file__).parents[2] / "examples" / "managers" / "annotated.toml"
GOOD = """
slug = "sur"
name = "Sur"
hosts = ["sur.example"]
country = "AR"
locale = "es-AR"
languages = ["es"]
currency = "ARS"
time_zone = "America/Argentina/Buenos_Aires"
[licences]
RENT = "rents"
MAINTENANCE = "tickets"
[offices.rents]
adapter = "embedded"
[offices.tickets]
adapter = "request_tracker"
[contact]
email = "hola@sur.example"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        path = tmp_path / "sur.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def problems(path: Path) -> list[str]:
    with pytest.raises(ManagerFileError) as caught:
        read_manager(path)
    assert all(line.startswith(f"{path}: ") for line in str(caught.value).splitlines())
    return caught.value.problems


def test_a_manager_may_serve_stored_documents_only(write: Callable[[str], Path]) -> None:
    assert read_manager(write(GOOD)).documents is DocumentMode.ANY
    assert read_manager(write(f'documents = "STORED"\n{GOOD}')).documents is DocumentMode.STORED
    assert problems(write(f'documents = "SOME"\n{GOOD}')) == [
        "documents: 'SOME' does not fit; one of ANY, STORED is needed here"
    ]


def test_the_annotated_example_is_read() -> None:
    manager = read_manager(ANNOTATED)
    assert manager.slug == "osiedle-sloneczne"
    assert manager.licences == {Licence.RENT: "czynsze", Licence.COMMUNITY: "wspolnota"}
    assert manager.offices["czynsze"].configuration == {"database": "env:CZYNSZE_DATABASE"}
    assert manager.text("welcome", "en") == "Welcome to the residents' portal"


def test_the_annotated_example_explains_every_key() -> None:
    text = ANNOTATED.read_text(encoding="utf-8")
    kinds = (
        *(Manager, Linking, MassAccess, StaffRules, OfficeChoice, Contact, MailChoice),
        *(Presentation, Theme, PasswordPolicy, Terms),
    )
    keys = {field.name for kind in kinds for field in msgspec.structs.fields(kind)} - {"presentation"}
    assert not {key for key in keys if not re.search(rf"^({key} =|\[+([a-z.]+\.)?{key}[.\]])", text, re.MULTILINE)}
    assert all(licence in text for licence in Licence)


def test_defaults_fill_what_is_left_out(write: Callable[[str], Path]) -> None:
    manager = read_manager(write(GOOD))
    assert manager.presentation == Presentation()
    assert manager.offices["rents"] == OfficeChoice(adapter="embedded")


def test_a_byte_order_mark_does_no_harm(write: Callable[[str], Path]) -> None:
    assert read_manager(write("\ufeff" + GOOD)).slug == "sur"


REPLACED = {
    "unknown key": ('hosts = ["sur.example"]', 'host = ["sur.example"]', ["host: unknown key 'host'; did you mean 'hosts'?", "hosts: is missing; a list"]),
    "unknown key in a table": ('email = "hola', 'mail = "hola', ["contact.mail: unknown key 'mail'; did you mean 'email'?", "contact.email: is missing"]),
    "currency": ('"ARS"', '"PLZ"', ["currency: 'PLZ' is not an ISO 4217 code; did you mean 'PLN'?"]),
    "currency in small": ('"ARS"', '"ars"', ["currency: 'ars' is not an ISO 4217 code; did you mean 'ARS'?"]),
    "country": ('"AR"', '"XQ"', ["country: 'XQ' is not an ISO 3166 code; write capital letters"]),
    "zone": ("America/Argentina/Buenos_Aires", "Europe/Warszawa", ["time_zone: 'Europe/Warszawa' is not a known time zone; did you mean 'Europe/Warsaw'?"]),
    "zone as a path": ("America/Argentina/Buenos_Aires", "../../etc/passwd", ["time_zone: '../../etc/passwd' is not a known time zone"]),
    "scheme": ("sur.example", "https://sur.example", ["hosts: 'https://sur.example' is not a host name; leave the scheme away"]),
    "path": ('["sur.example"', '["sur.example/a"', ["hosts: 'sur.example/a' is not a host name; leave the path away"]),
    "upper case": ('["sur.example"', '["Sur.example"', ["write it in lower case, 'sur.example'"]),
    "dotted": ('["sur.example"', '["sur.example."', ["write it as portal.example.com"]),
    "twice": ('["sur.example"', '["sur.example", "sur.example"', ["hosts: 'sur.example' stands there 2 times; name it once"]),
    "no hosts": ('["sur.example"]', "[]", ["hosts: is empty; name at least one host"]),
    "undefined office": ('RENT = "rents"', 'RENT = "rent"', ["licences.RENT: office 'rent' is not defined; did you mean 'rents'?", "offices.rents: no licence or route uses it"]),
    "unknown licence": ('RENT = "rents"', 'RENTAL = "rents"', ["licences.RENTAL: 'RENTAL' does not fit; one of RENT, COMMUNITY, UTILITY, MAINTENANCE"]),
    "languages": ('["es"]', "[]", ["languages: is empty"]),
    "malformed language": ('["es"]', '["spanish"]', ["languages: 'spanish' is malformed"]),
    "locale": ('"es-AR"', '"es_AR"', ["locale: 'es_AR' is malformed; write language and country such as es-AR"]),
    "slug": ('slug = "sur"', 'slug = "Sur Ltd"', ["slug: 'Sur Ltd' is not a short name"]),
    "no way to the first passkey": ('slug = "sur"', 'slug = "sur"\nsign_in_ways = ["PASSKEY"]', ["sign_in_ways: PASSKEY alone lets nobody in"]),
    "e-mail": ("hola@sur.example", "hola", ["contact.email: 'hola' is not an e-mail address"]),
    "type": ('name = "Sur"', "name = 3", ["name: 3 does not fit; a text is needed here"]),
    "mail as a text": ('slug = "sur"', 'slug = "sur"\nmail = "smtp"', ["mail: 'smtp' does not fit; a table is needed here"]),
    "table": ("[contact]\nemail", "contact", ["offices.tickets.contact: unknown key 'contact'", "contact: is missing; a table is needed here"]),
    "adapter": ('adapter = "embedded"', "", ["offices.rents.adapter: is missing; a text is needed here"]),
}  # fmt: skip


@pytest.mark.parametrize("name", REPLACED)
def test_a_wrong_value_is_told_with_its_mend(write: Callable[[str], Path], name: str) -> None:
    old, new, expected = REPLACED[name]
    assert old in GOOD
    found = problems(write(GOOD.replace(old, new)))
    assert len(found) == len(expected), found
    for words in expected:
        assert any(words in problem for problem in found), found


MAIL = "[mail]\nhost = 'smtp.sur.example'\n"
ADDED = {
    "people of an account": ("[linking]\npeople = 0", "linking.people: 0 is out of range; give a number from 1 to 100"),
    "a number proves nothing": ("[linking]\nproof = 'NONE'\nrole = 'OWNER'", "linking.role: OWNER is shown the holder's own data"),
    "letters together": ("[mass_access]\nbatch_size = 0", "mass_access.batch_size: 0 is out of range; give a number from 1 to 1000"),
    "from lot to lot": ("[mass_access]\ninterval_s = 0", "mass_access.interval_s: 0 is out of range; give seconds from 1 to 86400"),
    "how long access waits": ("[mass_access]\nvalid_hours = 2161", "mass_access.valid_hours: 2161 is out of range; give hours from 1 to 2160"),
    "manual": ("[mass_access]\nmanual_url = 'ftp://x'", "mass_access.manual_url: 'ftp://x' is no address; write it as https://"),
    "seeing": ("[staff]\nsees_minutes = 61", "staff.sees_minutes: 61 is out of range; give minutes from 1 to 60"),
    "deadline": ("[offices.more]\nadapter = 'x'\ndeadline_s = 61\n[routing]\n'charges.list' = 'more'", "offices.more.deadline_s: 61.0 is out of range; give seconds from 0.1 to 60"),
    "deadline, not a number": ("[offices.more]\nadapter = 'x'\ndeadline_s = nan\n[routing]\n'charges.list' = 'more'", "offices.more.deadline_s: nan is out of range"),
    "concurrency": ("[offices.more]\nadapter = 'x'\nconcurrency = 0\n[routing]\n'charges.list' = 'more'", "offices.more.concurrency: 0 is out of range"),
    "match": ("[offices.more]\nadapter = 'x'\nmatch = 'NAME'\n[routing]\n'charges.list' = 'more'", "offices.more.match: 'NAME' does not fit; one of KEY, NUMBER, UNIT, DOCUMENT"),
    "unused": ("[offices.more]\nadapter = 'x'", "offices.more: no licence or route uses it; name it under licences or routing, or remove it"),
    "capability": ("[routing]\n'invoices.lst' = 'rents'", "routing.invoices.lst: there is no such capability; did you mean 'invoices.list'?"),
    "route": ("[routing]\n'invoices.list' = 'nowhere'", "routing.invoices.list: office 'nowhere' is not defined; add [offices.nowhere]"),
    "home": ("[routing]\n'invoices.list' = 'tickets'", "routing.invoices.list: office 'tickets' holds MAINTENANCE only, which keeps no accounts, so it cannot be a home office"),
    "home of meters": ("[routing]\n'meters.list' = 'tickets'", "routing.meters.list: office 'tickets' holds MAINTENANCE only, which keeps no accounts, so it cannot be a home office"),
    "short password": ("[password_policy]\nmin_length = 7", "password_policy.min_length: 7 is out of range; give a number from 8 to 64"),
    "long password": ("[password_policy]\nmin_length = 65", "password_policy.min_length: 65 is out of range"),
    "old password": ("[password_policy]\nmax_age_days = 3651", "password_policy.max_age_days: 3651 is out of range; give days from 1 to 3650"),
    "former passwords": ("[password_policy]\nhistory = 25", "password_policy.history: 25 is out of range; give a number from 0 to 24"),
    "colour": ("[theme]\nprimary = 'navy'", "theme.primary: 'navy' is not a colour; write six hexadecimal digits"),
    "contrast": ("[theme]\ntext = '#777777'", "theme.text: its contrast with theme.background is 4.47 : 1; at least 4.5 : 1 is needed, which theme.text = '#767676' has"),
    "contrast on dark": ("[theme.dark]\ntext = '#40406f'", "theme.dark.text: its contrast with theme.dark.background is 1.87 : 1; at least 4.5 : 1 is needed, which theme.dark.text = '#797baf' has"),
    "colour on dark": ("[theme.dark]\ntext = 'white'", "theme.dark.text: 'white' is not a colour; write six hexadecimal digits"),
    "number for a colour": ("[theme.dark]\ntext = 3", "theme.dark.text: 3 does not fit; a text is needed here"),
    "dark key": ("[theme.dark]\ntxt = '#ffffff'", "theme.dark.txt: unknown key 'txt'; did you mean 'text'?"),
    "typeface": ("[theme]\ntypeface = 'COMIC'", "theme.typeface: 'COMIC' does not fit; one of SANS, SERIF, ROUNDED is needed here"),
    "corners": ("[theme]\ncorners = 'soft'", "theme.corners: 'soft' does not fit; one of SHARP, SOFT, ROUND is needed here"),
    "text's language": ("[texts.welcome]\nfr = 'Bonjour'", "texts.welcome.fr: is not among languages; add 'fr' there or remove the text"),
    "text": ("[texts.welcome]\nes = 3", "texts.welcome.es: 3 does not fit; a text is needed here"),
    "mail host": ("[mail]\nhost = 'smtp.sur.example:587'", "mail.host: 'smtp.sur.example:587' is not a host name; write it as smtp.example.com, the port as port"),
    "no mail host": ("[mail]\nport = 587", "mail.host: is missing; a text is needed here"),
    "mail port": (f"{MAIL}port = 70000", "mail.port: 70000 is out of range; give a number from 1 to 65535"),
    "mail port as a text": (f"{MAIL}port = '587'", "mail.port: '587' does not fit; a whole number is needed here"),
    "mail security": (f"{MAIL}security = 'SSL'", "mail.security: 'SSL' does not fit; one of STARTTLS, TLS, NONE is needed here"),
    "mail in clear": (f"{MAIL}security = 'NONE'", "mail.security: NONE would send letters to 'smtp.sur.example' for anybody to read; use STARTTLS or TLS"),
    "mail rate": (f"{MAIL}letters_per_minute = 0", "mail.letters_per_minute: 0 is out of range; give a number from 1 to 10000"),
    "mail sender": (f"{MAIL}sender = 'Sur <a@sur.example>'", "mail.sender: 'Sur <a@sur.example>' is not an e-mail address"),
    "mail bounces": (f"{MAIL}bounces = 'a@sur'", "mail.bounces: 'a@sur' is not an e-mail address; write it as name@example.com"),
    "mail user alone": (f"{MAIL}user = 'sur'", "mail.password: is missing beside user; write env:NAME or file:PATH, or leave user out"),
    "mail password alone": (f"{MAIL}password = 'env:SUR'", "mail.user: is missing beside password; name who signs in"),
    "mail key": (f"{MAIL}hots = 'a'", "mail.hots: unknown key 'hots'; did you mean 'host'?"),
    "terms": ("[terms]\nurl = 'https://sur.example/t'", "terms.version: is missing; a text is needed here"),
    "terms without a version": ("[terms]\nversion = ' '", "terms.version: ' ' is no version; write a date or number, at most 60 characters"),
    "terms nowhere": ("[terms]\nversion = '1'\nurl = 'http://sur.example'", "terms.url: 'http://sur.example' cannot be followed; write an https:// address"),
    "terms key": ("[terms]\nversion = '1'\nulr = '/t'", "terms.ulr: unknown key 'ulr'; did you mean 'url'?"),
    "logo": ("[theme]\nlogo_url = 'javascript:x'", "theme.logo_url: 'javascript:x' cannot be shown"),
    "logo elsewhere": ("[theme]\nlogo_url = '//evil.example/x.svg'", "theme.logo_url: '//evil.example/x.svg' cannot be shown"),
}  # fmt: skip


@pytest.mark.parametrize("name", ADDED)
def test_a_wrong_addition_is_told_with_its_mend(write: Callable[[str], Path], name: str) -> None:
    text, words = ADDED[name]
    found = problems(write(f"{GOOD}\n{text}\n"))
    assert len(found) == 1, found
    assert words in found[0]


def test_a_manager_may_have_a_mail_server_of_its_own(write: Callable[[str], Path]) -> None:
    assert read_manager(write(GOOD)).mail is None
    assert read_manager(write(f"{GOOD}{MAIL}")).mail == MailChoice(host="smtp.sur.example")
    here = read_manager(write(f"{GOOD}[mail]\nhost = 'localhost'\nport = 25\nsecurity = 'NONE'")).mail
    assert here == MailChoice(host="localhost", port=25, security=MailSecurity.NONE)


def test_a_password_in_the_file_is_refused_and_not_repeated(write: Callable[[str], Path]) -> None:
    found = problems(write(f"{GOOD}{MAIL}user = 'sur'\npassword = 'wr9k-zz'"))
    assert len(found) == 1
    assert found[0].startswith(
        "mail.password: a secret must not stand in the file; put it in the environment and write"
    )
    assert "wr9k" not in found[0]


def test_every_problem_is_told_at_once(write: Callable[[str], Path]) -> None:
    text = GOOD
    for name in ("currency", "zone", "unknown key", "locale", "type", "adapter", "slug"):
        old, new, _ = REPLACED[name]
        text = text.replace(old, new, 1)
    found = problems(write(text + "[theme]\nprimary = 'navy'\n"))
    keys = {problem.partition(": ")[0] for problem in found}
    expected = {"currency", "time_zone", "host", "hosts", "locale", "name", "offices.rents.adapter", "slug"}
    assert keys == expected | {"theme.primary"}
    assert len(found) == len(keys)


def test_broken_toml_names_line_and_column(write: Callable[[str], Path]) -> None:
    assert re.search(r"is not TOML: .*line 2, column \d+", problems(write("slug = 'a'\nname = \n"))[0])


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in problems(tmp_path / "nowhere.toml")[0]
    path = tmp_path / "latin.toml"
    path.write_bytes(b"name = '\xf3'")
    assert "is not UTF-8 (byte 8)" in problems(path)[0]


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_the_codes_of_the_first_portals_are_known() -> None:
    assert {"PLN", "ARS", "COP", "CLP", "CRC", "EUR"} <= CURRENCIES
    assert {"PL", "AR", "CO", "CL", "ES"} <= countries()
    assert len(countries()) == 249


def test_people_may_have_terms_to_accept(write: Callable[[str], Path]) -> None:
    assert read_manager(write(GOOD)).presentation.terms is None
    found = read_manager(write(f"{GOOD}[terms]\nversion = '2026-01'\nurl = '/terms'")).presentation.terms
    assert found == Terms(version="2026-01", url="/terms")
