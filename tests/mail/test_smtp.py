"""How letters leave by SMTP, and what becomes of them when the server will not have them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from tests.mail.sample import MARTA, SENDER, letter_to, signed
from tests.ports import free
from tests.smtp import Manner, SmtpServer
from ventanilla.mail.smtp import SmtpServer as Address
from ventanilla.mail.smtp import SmtpTransport
from ventanilla.mail.transport import Connection, Failure, NotSentError
from ventanilla.store.manager import MailSecurity

pytestmark = pytest.mark.anyio


def to(server: SmtpServer, **changes: Any) -> SmtpTransport:
    told: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "security": MailSecurity.NONE, **changes}
    return SmtpTransport(Address(**told))


@asynccontextmanager
async def talking(*manners: Manner, **changes: Any) -> AsyncGenerator[tuple[SmtpServer, Connection]]:
    async with SmtpServer(manners=[*manners]).running() as server, to(server, **changes).connected() as connection:
        yield server, connection


async def send(connection: Connection, recipient: str = MARTA) -> None:
    await connection.send(letter_to(recipient), sender=SENDER, recipient=recipient)


async def refusal(connection: Connection, recipient: str = MARTA) -> tuple[Failure, bool, str | None]:
    with pytest.raises(NotSentError) as caught:
        await send(connection, recipient)
    return caught.value.failure, caught.value.permanent, caught.value.code


async def not_connected(transport: SmtpTransport) -> tuple[Failure, bool, str | None]:
    with pytest.raises(NotSentError) as caught:
        async with transport.connected():
            pass
    return caught.value.failure, caught.value.permanent, caught.value.code


async def test_a_batch_leaves_on_one_connection() -> None:
    async with SmtpServer().running() as server, to(server, name="sur.example").connected() as connection:
        for number in range(3):
            await send(connection, f"marta{number}@vecinos.example")
    assert server.connections == 1
    assert [each.recipient for each in server.accepted] == [f"marta{number}@vecinos.example" for number in range(3)]
    assert {each.sender for each in server.accepted} == {SENDER}
    assert [server.heard[0], server.heard[-1]] == ["EHLO sur.example", "QUIT"]


async def test_what_was_written_is_what_arrives() -> None:
    message = letter_to(MARTA, text="¿Qué tal?\n.punto\n..dos\nżółć ₡\n", subject="Añade żółć ✓")
    async with SmtpServer().running() as server, to(server).connected() as connection:
        await connection.send(message, sender=SENDER, recipient=MARTA)
    arrived = server.accepted[0].message
    assert arrived.get_content() == message.get_content()
    assert arrived["Subject"] == "Añade żółć ✓"
    assert server.accepted[0].raw.isascii()


REFUSED = {
    "greylisted": ("RCPT", "450 4.2.0 greylisted, come back", (Failure.BUSY, False, "450 4.2.0")),
    "busy": ("RCPT", "451 4.3.0 later", (Failure.BUSY, False, "451 4.3.0")),
    "full disk": ("MAIL", "452 4.3.1 no space", (Failure.BUSY, False, "452 4.3.1")),
    "full mailbox, for now": ("RCPT", "452 4.2.2 over quota", (Failure.MAILBOX_FULL, False, "452 4.2.2")),
    "full mailbox": ("RCPT", "552 5.2.2 over quota", (Failure.MAILBOX_FULL, True, "552 5.2.2")),
    "full mailbox, plainly": ("RCPT", "552 over quota", (Failure.MAILBOX_FULL, True, "552")),
    "too long": ("BODY", "552 5.3.4 too big", (Failure.REFUSED, True, "552 5.3.4")),
    "nobody": ("RCPT", "550 5.1.1 no such user", (Failure.NO_SUCH_MAILBOX, True, "550 5.1.1")),
    "nobody, plainly": ("RCPT", "550 no", (Failure.NO_SUCH_MAILBOX, True, "550")),
    "switched off": ("RCPT", "550 5.2.1 disabled", (Failure.NO_SUCH_MAILBOX, True, "550 5.2.1")),
    "malformed": ("RCPT", "501 5.1.3 syntax", (Failure.BAD_ADDRESS, True, "501 5.1.3")),
    "relaying": ("RCPT", "550 5.7.1 relaying denied", (Failure.REFUSED, True, "550 5.7.1")),
    "spam": ("BODY", "554 5.7.1 looks like spam", (Failure.REFUSED, True, "554 5.7.1")),
    "spam, plainly": ("BODY", "550 looks like spam", (Failure.REFUSED, True, "550")),
    "no data": ("DATA", "451 4.3.0 not now", (Failure.BUSY, False, "451 4.3.0")),
    "sender": ("MAIL", "550 5.1.8 no such sender", (Failure.REFUSED_US, False, "550 5.1.8")),
    "sender, told at the recipient": ("RCPT", "553 5.1.8 no such sender", (Failure.REFUSED_US, False, "553 5.1.8")),
    "sign in": ("MAIL", "530 5.7.0 sign in first", (Failure.REFUSED_US, False, "530 5.7.0")),
    "encrypt": ("RCPT", "538 5.7.11 encrypt first", (Failure.REFUSED_US, False, "538 5.7.11")),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refusal_is_one_of_our_failures_and_the_connection_goes_on(name: str) -> None:
    step, answer, expected = REFUSED[name]
    async with talking(Manner(step, answer, times=1)) as (server, connection):
        assert await refusal(connection) == expected
        await send(connection)
    assert len(server.accepted) == server.connections == 1


async def test_no_word_of_the_server_is_kept() -> None:
    server = SmtpServer()
    server.refuse(MARTA, "550 5.1.1 <marta@vecinos.example> is dead")
    async with server.running(), to(server).connected() as connection:
        with pytest.raises(NotSentError) as caught:
            await send(connection)
    error = caught.value
    assert "marta" not in f"{error!r}{error}{error.args}"
    assert error.__cause__ is None
    assert error.__suppress_context__


async def test_one_bad_recipient_does_not_stop_the_others() -> None:
    server = SmtpServer()
    server.refuse("b@vecinos.example", "550 5.1.1 no")
    async with server.running(), to(server).connected() as connection:
        await send(connection, "a@vecinos.example")
        assert (await refusal(connection, "b@vecinos.example"))[0] is Failure.NO_SUCH_MAILBOX
        await send(connection, "c@vecinos.example")
    assert [each.recipient for each in server.accepted] == ["a@vecinos.example", "c@vecinos.example"]


async def test_a_server_that_closes_is_not_asked_again_on_this_connection() -> None:
    manner = Manner("RCPT", "421 4.3.2 shutting down", hangs_up=True, times=1)
    async with talking(manner) as (server, connection):
        assert await refusal(connection) == (Failure.BUSY, False, "421 4.3.2")
        assert await refusal(connection) == (Failure.UNREACHABLE, False, None)
        async with to(server).connected() as another:
            await send(another)
    assert len(server.accepted) == 1


async def test_closing_once_the_letter_is_there_is_told_as_such() -> None:
    async with talking(Manner("BODY", "421 4.3.2 shutting down")) as (_, connection):
        assert await refusal(connection) == (Failure.BUSY, False, "421 4.3.2")
        assert await refusal(connection) == (Failure.UNREACHABLE, False, None)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
async def test_a_connection_lost_before_the_letter_is_unreachable(step: str) -> None:
    async with talking(Manner(step, hangs_up=True)) as (server, connection):
        assert await refusal(connection) == (Failure.UNREACHABLE, False, None)
    assert not server.accepted


@pytest.mark.parametrize(("step", "taken"), [("MIDDLE", 0), ("BODY", 1)])
async def test_from_the_letter_on_nobody_knows_whether_it_was_taken(step: str, taken: int) -> None:
    async with talking(Manner(step, hangs_up=True)) as (server, connection):
        assert await refusal(connection) == (Failure.UNKNOWN, False, None)
        assert await refusal(connection) == (Failure.UNREACHABLE, False, None)
    assert len(server.accepted) == taken


@pytest.mark.alone
async def test_a_server_that_is_slow_to_answer_is_given_up() -> None:
    async with talking(Manner("RCPT", delay_s=60, times=1), command_s=0.2) as (_, connection):
        assert await refusal(connection) == (Failure.TIMEOUT, False, None)
        assert await refusal(connection) == (Failure.UNREACHABLE, False, None)


@pytest.mark.alone
async def test_a_slow_answer_to_the_letter_itself_leaves_it_unknown() -> None:
    async with talking(Manner("BODY", delay_s=60), command_s=0.2) as (server, connection):
        assert await refusal(connection) == (Failure.UNKNOWN, False, None)
    assert len(server.accepted) == 1


async def test_whoever_is_cancelled_in_the_middle_leaves_no_answer_behind() -> None:
    async with talking(Manner("RCPT", delay_s=60, times=1)) as (_, connection):
        with anyio.move_on_after(0.1) as scope:
            await send(connection)
        assert scope.cancelled_caught
        assert await refusal(connection) == (Failure.UNREACHABLE, False, None)


async def test_nobody_listening() -> None:
    assert await not_connected(to(SmtpServer(port=free()))) == (Failure.UNREACHABLE, False, None)


CONNECTING = {
    "busy": (Manner("CONNECT", "421 4.7.0 too many connections", hangs_up=True), Failure.BUSY, "421 4.7.0"),
    "unwanted": (Manner("CONNECT", "554 5.7.1 we do not talk to you"), Failure.REFUSED_US, "554 5.7.1"),
    "silent": (Manner("CONNECT", delay_s=60), Failure.TIMEOUT, None),
    "gone": (Manner("CONNECT", hangs_up=True), Failure.UNREACHABLE, None),
    "not SMTP": (Manner("CONNECT", "HTTP/1.1 400 Bad Request"), Failure.UNREACHABLE, None),
    "no hello": (Manner("EHLO", "550 5.7.1 who are you"), Failure.REFUSED_US, "550 5.7.1"),
    "slow hello": (Manner("EHLO", delay_s=60), Failure.TIMEOUT, None),
}


@pytest.mark.alone
@pytest.mark.parametrize("name", CONNECTING)
async def test_a_server_that_will_not_begin(name: str) -> None:
    manner, failure, code = CONNECTING[name]
    manners = [Manner(manner.step, manner.answer, delay_s=manner.delay_s, hangs_up=manner.hangs_up)]
    async with SmtpServer(manners=manners).running() as server:
        assert await not_connected(to(server, connect_s=0.3, command_s=0.3)) == (failure, False, code)


async def test_signing_in() -> None:
    async with SmtpServer(login=("sur", "contraseña")).running() as server:
        async with to(server, user="sur", password="contraseña").connected() as connection:
            await send(connection)
        refused = await not_connected(to(server, user="sur", password="wrong"))
        async with to(server).connected() as connection:
            assert await refusal(connection) == (Failure.REFUSED_US, False, "530 5.7.0")
    assert refused == (Failure.REFUSED_US, False, "535 5.7.8")
    assert len(server.accepted) == 1


async def test_a_server_that_asks_for_no_sign_in_is_not_told_the_password() -> None:
    async with SmtpServer().running() as server:
        refused = await not_connected(to(server, user="sur", password="contraseña"))
    assert refused == (Failure.REFUSED_US, False, None)
    assert server.heard == ["EHLO [127.0.0.1]"]


async def test_letters_leave_encrypted() -> None:
    ours, theirs = signed("127.0.0.1")
    for security in (MailSecurity.STARTTLS, MailSecurity.TLS):
        server = SmtpServer(login=("sur", "secret"), tls=theirs, implicit_tls=security is MailSecurity.TLS)
        async with server.running():
            told = Address(host="127.0.0.1", port=server.port, security=security, user="sur", password="secret")
            async with SmtpTransport(told, ours).connected() as connection:
                await send(connection)
        assert len(server.accepted) == 1, security


async def test_nothing_leaves_where_the_server_cannot_encrypt() -> None:
    async with SmtpServer().running() as server:
        refused = await not_connected(to(server, security=MailSecurity.STARTTLS, user="sur", password="secret"))
    assert refused == (Failure.REFUSED_US, False, None)
    assert server.heard == ["EHLO [127.0.0.1]"]


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
async def test_a_certificate_that_nobody_vouches_for_is_refused(security: MailSecurity) -> None:
    _, theirs = signed("127.0.0.1")
    async with SmtpServer(tls=theirs, implicit_tls=security is MailSecurity.TLS).running() as server:
        assert await not_connected(to(server, security=security)) == (Failure.REFUSED_US, False, None)


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
async def test_a_certificate_of_another_host_is_refused(security: MailSecurity) -> None:
    ours, theirs = signed("mail.other.example")
    async with SmtpServer(tls=theirs, implicit_tls=security is MailSecurity.TLS).running() as server:
        told = Address(host="127.0.0.1", port=server.port, security=security)
        assert await not_connected(SmtpTransport(told, ours)) == (Failure.REFUSED_US, False, None)


async def test_addresses_of_other_scripts() -> None:
    async with SmtpServer().running() as server, to(server).connected() as connection:
        await send(connection, "żółw@poczta.example")
        await send(connection, "marta@ñandú.example")
    assert [each.recipient for each in server.accepted] == ["żółw@poczta.example", "marta@xn--and-6ma2c.example"]
    assert [each.options for each in server.accepted] == ["SMTPUTF8", ""]


@pytest.mark.parametrize("address", ["o'brien+x@b.example", "a!#$%&*/=?^_`{|}~-@b.example", "=a=@b.example"])
async def test_odd_addresses_arrive_as_they_are(address: str) -> None:
    async with talking() as (server, connection):
        await send(connection, address)
    assert server.accepted[0].recipient == address


async def test_addresses_of_other_scripts_need_a_server_that_knows_them() -> None:
    async with SmtpServer(extensions=()).running() as server, to(server).connected() as connection:
        assert await refusal(connection, "żółw@poczta.example") == (Failure.BAD_ADDRESS, True, None)
        await send(connection)


@pytest.mark.parametrize("address", ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "<a@b.example>", "a"])
async def test_what_is_no_address_never_reaches_the_server(address: str) -> None:
    async with SmtpServer().running() as server, to(server).connected() as connection:
        with pytest.raises(NotSentError) as caught:
            await connection.send(letter_to(MARTA), sender=SENDER, recipient=address)
    assert (caught.value.failure, caught.value.permanent) == (Failure.BAD_ADDRESS, True)
    assert not any("RCPT" in line for line in server.heard)


def test_a_server_shows_no_password() -> None:
    told = Address(host="h.example", port=587, security=MailSecurity.TLS, user="sur", password="wr9k")
    assert "wr9k" not in f"{told!r}{told}{SmtpTransport(told)!r}"
