"""Tests that run beside each other keep out of each other's way."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import ports
from tests.house import tree
from tests.turns import Turns, made_once


def test_many_have_a_turn_at_once_and_who_is_alone_waits_for_all_of_them(tmp_path: Path) -> None:
    one, other, alone = (Turns(tmp_path / "turns") for _ in range(3))
    began = threading.Event()

    def by_itself() -> None:
        with alone.taken(alone=True):
            began.set()

    with ThreadPoolExecutor() as threads:
        with one.taken(alone=False), other.taken(alone=False):
            waiting = threads.submit(by_itself)
            assert not began.wait(0.1)
        waiting.result(10)
    assert began.is_set()


def test_while_one_is_alone_nobody_begins(tmp_path: Path) -> None:
    one, alone = (Turns(tmp_path / "turns") for _ in range(2))
    began = threading.Event()

    def beside() -> None:
        with one.taken(alone=False):
            began.set()

    with ThreadPoolExecutor() as threads:
        with alone.taken(alone=True):
            waiting = threads.submit(beside)
            assert not began.wait(0.1)
        waiting.result(10)
    assert began.is_set()


def test_what_all_need_is_made_by_one_and_seen_whole(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        folder.mkdir()
        assert not (tmp_path / "stock").exists()
        (folder / "file").write_text("whole", encoding="utf-8")

    with ThreadPoolExecutor() as threads:
        found = [*threads.map(lambda _: made_once(tmp_path / "stock", make), range(8))]
    assert {(each / "file").read_text("utf-8") for each in found} == {"whole"}
    assert len(made) == 1


def test_what_could_not_be_made_is_made_by_the_next(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "nowhere").touch()

    with pytest.raises(FileNotFoundError):
        made_once(tmp_path / "stock", fail)
    assert made_once(tmp_path / "stock", Path.mkdir).is_dir()


def test_nobody_is_given_the_ports_of_another() -> None:
    program = [
        sys.executable,
        "-P",
        "-c",
        "import sys; sys.path.append('.'); from tests import ports; print(ports.free(4))",
    ]
    mine = {ports.free(4), ports.free()}
    theirs = int(subprocess.check_output(program, cwd=tree.ROOT, text=True))
    assert len({*mine, theirs}) == 3
    assert all(abs(theirs - each) >= 4 for each in mine)
