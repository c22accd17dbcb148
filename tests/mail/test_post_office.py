"""Which way a manager's letters take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.mail.sample import MARTA, SUR, letter_to
from tests.smtp import SmtpServer
from ventanilla.mail.mailbox import Mailbox, MailboxTransport
from ventanilla.mail.post_office import PostOffice, Route
from ventanilla.mail.smtp import SmtpTransport
from ventanilla.mail.transport import Failure, NotSentError
from ventanilla.store.manager import MailChoice, MailSecurity, Manager

pytestmark = pytest.mark.anyio


def sur(**changes: Any) -> Manager:
    told: dict[str, Any] = {"host": "smtp.sur.example", **changes}
    hosts = ("portal.sur.example:8001", "sur.example")
    return msgspec.structs.replace(SUR, hosts=hosts, mail=MailChoice(**told))


async def send(route: Route) -> None:
    async with route.transport.connected() as connection:
        await connection.send(letter_to(MARTA), sender=route.bounces, recipient=MARTA)


async def refusal(route: Route) -> NotSentError:
    with pytest.raises(NotSentError) as caught:
        await send(route)
    return caught.value


def test_a_manager_has_a_mail_server_of_its_own() -> None:
    route = PostOffice().of(sur(sender="portal@sur.example", bounces="back@sur.example", letters_per_minute=12))
    assert (route.sender, route.bounces, route.letters_per_minute) == ("portal@sur.example", "back@sur.example", 12)
    assert isinstance(route.transport, SmtpTransport)
    server = route.transport.server
    assert (server.host, server.port, server.security) == ("smtp.sur.example", 587, MailSecurity.STARTTLS)
    assert server.name == "portal.sur.example"


def test_what_is_left_out_is_made_of_the_first_host() -> None:
    route = PostOffice().of(sur())
    assert (route.sender, route.bounces) == ("no-reply@portal.sur.example", "no-reply@portal.sur.example")
    assert PostOffice().of(sur(sender="a@sur.example")).bounces == "a@sur.example"


async def test_its_letters_leave_by_it_signed_in() -> None:
    async with SmtpServer(login=("sur", "contraseña")).running() as server:
        told = {"host": "localhost", "port": server.port, "security": MailSecurity.NONE, "user": "sur"}
        office = PostOffice(environ={"SUR_MAIL": "contraseña"})
        # What signs in without encryption is this machine's own affair.
        await send(office.of(sur(**told, password="env:SUR_MAIL", bounces="back@sur.example")))
    assert [each.sender for each in server.accepted] == ["back@sur.example"]


async def test_a_secret_that_is_missing_holds_letters_back_and_is_named(tmp_path: Path) -> None:
    office = PostOffice(environ={"EMPTY": ""})
    for reference, why in (
        ("env:SUR_MAIL", "env:SUR_MAIL is not set; set the environment variable 'SUR_MAIL' and start again"),
        ("env:EMPTY", "env:EMPTY is empty; give it a value"),
        (f"file:{tmp_path}/none", "cannot be read (No such file or directory); check the path and who may read it"),
    ):
        failure = await refusal(office.of(sur(user="sur", password=reference)))
        assert (failure.failure, failure.permanent) == (Failure.REFUSED_US, False)
        assert failure.mend is not None
        assert failure.mend.endswith(why)
        assert failure.mend in str(failure)


def test_a_secret_is_read_anew_for_each_batch(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    office = PostOffice()
    for value in ("one", "two"):
        secret.write_text(f"{value}\n")
        transport = office.of(sur(user="sur", password=f"file:{secret}")).transport
        assert isinstance(transport, SmtpTransport)
        assert transport.server.password == value


async def test_others_take_the_way_of_the_process(tmp_path: Path) -> None:
    office = PostOffice(lambda slug: MailboxTransport(tmp_path / slug))
    route = office.of(SUR)
    assert (route.sender, route.bounces, route.letters_per_minute) == (
        "no-reply@sur.example",
        "no-reply@sur.example",
        600,
    )
    await send(route)
    assert len(await Mailbox(tmp_path / "sur").letters()) == 1


def test_the_process_may_have_a_sender_of_its_own(tmp_path: Path) -> None:
    route = PostOffice(lambda slug: MailboxTransport(tmp_path / slug), "mail@host.example", 6).of(SUR)
    assert (route.sender, route.bounces, route.letters_per_minute) == ("mail@host.example", "mail@host.example", 6)


async def test_without_any_mail_server_letters_wait() -> None:
    failure = await refusal(PostOffice().of(SUR))
    assert (failure.failure, failure.permanent) == (Failure.REFUSED_US, False)
    assert failure.mend == "manager 'sur' has no mail server, nor has this process; add [mail] to the manager's file"
