"""The folder that stands for a mail server in the demo: letters in it are whole, and not too many."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from tests.mail.sample import MARTA, SENDER, SUR, letter, letter_to
from ventanilla.mail.mailbox import MOST, Mailbox, MailboxTransport
from ventanilla.mail.message import message
from ventanilla.mail.transport import Failure, NotSentError
from ventanilla.mail.writing import written
from ventanilla.store.letters import LetterKind

pytestmark = pytest.mark.anyio


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def put(folder: Path, *subjects: str, recipient: str = MARTA, most: int = MOST) -> None:
    async with MailboxTransport(folder, most).connected() as connection:
        for subject in subjects:
            sent = letter_to(MARTA, subject=subject)
            await connection.send(sent, sender=SENDER, recipient=recipient)


async def test_a_letter_is_read_as_it_was_written(tmp_path: Path) -> None:
    told = letter(LetterKind.NEW_DEVICE, recipient="żółw@poczta.example", name="Anna Wiśniewska", language="pl")
    async with MailboxTransport(tmp_path / "a" / "sur").connected() as connection:
        await connection.send(message(told, SUR, SENDER), sender=SENDER, recipient=told.recipient)
    (found,) = await Mailbox(tmp_path / "a" / "sur").letters()
    words = written(told, SUR)
    assert (found.subject, found.text, found.html) == (words.subject, words.text, f"{words.html}\n")
    assert (found.sender, found.recipient) == ("Sur <no-reply@sur.example>", "Anna Wiśniewska <żółw@poczta.example>")
    assert found.at == told.at
    assert await Mailbox(tmp_path / "a" / "sur").letter(found.id) == found


async def test_the_newest_comes_first(tmp_path: Path) -> None:
    await put(tmp_path, *(str(number) for number in range(12)))
    await put(tmp_path, "last")
    found = await Mailbox(tmp_path).letters()
    assert [each.subject for each in found] == ["last", *(str(number) for number in range(11, -1, -1))]


async def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    await put(tmp_path, "1", "2", "3", "4", "5", most=3)
    assert [each.subject for each in await Mailbox(tmp_path).letters()] == ["5", "4", "3"]
    assert len(names(tmp_path)) == 3


async def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    async with anyio.create_task_group() as group:
        for number in range(20):
            group.start_soon(put, tmp_path, str(number))
    assert {each.subject for each in await Mailbox(tmp_path).letters()} == {str(number) for number in range(20)}


async def test_nothing_but_whole_letters_is_read(tmp_path: Path) -> None:
    (tmp_path / f".0000000001-{'0' * 32}").write_text("half a let")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "0000000001-x.eml").write_text("Subject: no")
    assert await Mailbox(tmp_path).letters() == []
    await put(tmp_path, "whole")
    assert len(await Mailbox(tmp_path).letters()) == 1
    assert (tmp_path / "notes.txt").read_text() == "mine"


async def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert await Mailbox(tmp_path / "nowhere").letters() == []


@pytest.mark.parametrize("id", ["../secret", "0000000001-" + "0" * 32, "", "/etc/passwd", "a\x00b"])
async def test_an_id_leads_out_of_the_folder_for_nobody(tmp_path: Path, id: str) -> None:
    (tmp_path / "secret.eml").write_text("Subject: secret")
    assert await Mailbox(tmp_path / "sur").letter(id) is None


async def test_names_of_files_owe_nothing_to_letters(tmp_path: Path) -> None:
    await put(tmp_path, "../../evil")
    (name,) = names(tmp_path)
    assert name.endswith(".eml")
    assert "evil" not in name


async def test_an_address_that_is_none_is_refused_as_a_mail_server_would(tmp_path: Path) -> None:
    with pytest.raises(NotSentError) as caught:
        await put(tmp_path, "a", recipient="nobody")
    assert caught.value.failure is Failure.BAD_ADDRESS
    assert not names(tmp_path)


async def test_what_cannot_be_written_waits(tmp_path: Path) -> None:
    (tmp_path / "sur").write_text("a file where the folder should be")
    with pytest.raises(NotSentError) as caught:
        await put(tmp_path / "sur", "a")
    assert (caught.value.failure, caught.value.permanent) == (Failure.BUSY, False)
