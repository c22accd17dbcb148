from datetime import date
from pathlib import Path

import pytest

from ventanilla.gateway.demo.keeping import DemoFolder, DemoNote
from ventanilla.gateway.mistake import MistakeError

NOTE = DemoNote(anchor=date(2026, 11, 21), complete=True)


def test_a_new_folder_has_no_note(tmp_path: Path) -> None:
    assert DemoFolder(tmp_path / "new").note() is None


def test_keeps_its_note(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path)
    folder.write(NOTE)

    assert folder.note() == NOTE


def test_a_real_gateways_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "gateway.sqlite").touch()

    with pytest.raises(MistakeError, match="not the demo's"):
        DemoFolder(tmp_path).note()


@pytest.mark.parametrize("theirs", ["secret", "offices", "gateway.sqlite-wal"])
def test_what_somebody_keeps_under_our_names_is_left_alone(tmp_path: Path, theirs: str) -> None:
    (tmp_path / theirs).mkdir()

    with pytest.raises(MistakeError, match=f"{theirs} is not the demo's"):
        DemoFolder(tmp_path).note()


def test_a_damaged_note_is_told(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{")

    with pytest.raises(MistakeError, match="damaged"):
        DemoFolder(tmp_path).note()


def test_clears_its_own_and_nothing_else(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path)
    folder.write(NOTE)
    (tmp_path / "offices" / "aguas").mkdir(parents=True)
    (tmp_path / "gateway.sqlite").touch()
    (tmp_path / "holiday.jpg").touch()
    folder.clear()

    assert {path.name for path in tmp_path.iterdir()} == {"demo.json", "holiday.jpg"}
    assert folder.note() == NOTE


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(MistakeError, match="--data DIR"), DemoFolder(tmp_path / "data").locked():
        pass
