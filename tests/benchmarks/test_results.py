"""What a run found is kept, told and drawn as it was found; the README tells what the file says."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import plot, results
from benchmarks.exports import Export
from benchmarks.parts import Part
from benchmarks.rounds import Burst, Figures, ratio

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FIGURES: Figures = {
    ("home", "ours"): [Burst(cpu_us=cpu, wall_us=900) for cpu in (600, 660, 1_200)],
    ("home", "raw"): [Burst(cpu_us=cpu, wall_us=700) for cpu in (500, 600, 800)],
    ("list", "ours"): [Burst(cpu_us=900, wall_us=1_000)] * 3,
    ("list", "stock"): [Burst(cpu_us=36_000, wall_us=50_000)] * 3,
}
SVG = "{http://www.w3.org/2000/svg}"


def found() -> results.Results:
    return results.merged(
        results.Results(),
        now=NOW,
        rounds=3,
        seconds=1.0,
        documents=results.measured(FIGURES),
        exports=[Export(side="ours", pages=100, cpu_ms=900, wall_ms=1_500, peak_mb=4.2)],
        parts=[Part(name="cost", cpu_us=0.25, how="by itself")],
        versions={"postgresql": "15.9"},
    )


def test_a_ratio_is_the_median_of_the_ratios_of_rounds() -> None:
    assert ratio(FIGURES, "home", "ours", "raw") == (1.2, 1.1, 1.5)


def test_each_side_is_told_against_ours() -> None:
    measured = results.measured(FIGURES)
    assert measured["home"].ratio == {"raw": 1.2}
    assert measured["home"].cpu_us == {"ours": 660, "raw": 600}
    assert measured["list"].ratio == {"stock": 0.025}


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    for name in ("README.md", "METHOD.md"):
        (tmp_path / name).write_text("before\n{}\nold\n{}\nafter\n".format(*results.MARKS), "utf-8")
    results.write(found(), tmp_path)
    assert results.read(tmp_path / "results.json") == found()
    summary, told = ((tmp_path / name).read_text("utf-8") for name in ("README.md", "METHOD.md"))
    assert "| home | 660 | 1.20 | – |\n| list | 900 | – | 0.025 |" in summary
    assert "| home | raw | 600 | 700 | **1.20** | 1.10 – 1.50 |" in told
    assert "| 100 × 1,000 | ours | 900 | 1,500 | 4.2 |" in told
    assert told.startswith("before\n")
    assert told.endswith("\nafter\n")
    assert "old" not in told


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert results.read(tmp_path / "results.json") == results.Results()
    assert results.tables(results.Results()) == "No run was kept yet."


def test_a_later_run_leaves_what_it_did_not_measure() -> None:
    other: Figures = {
        ("home", "ours"): [Burst(cpu_us=700, wall_us=900)],
        ("home", "peer"): [Burst(cpu_us=1_400, wall_us=900)],
    }
    both = results.merged(found(), now=NOW, rounds=1, seconds=1.0, documents=results.measured(other))
    assert both.documents["home"].ratio == {"raw": 1.2, "peer": 0.5}
    assert both.documents["list"] == found().documents["list"]
    assert (both.exports, both.parts) == (found().exports, found().parts)
    assert both.versions["postgresql"] == "15.9"


def test_the_picture_has_a_bar_for_each_side_the_longer_the_dearer(tmp_path: Path) -> None:
    plot.write(found(), tmp_path / "results.svg")
    drawn = ElementTree.fromstring((tmp_path / "results.svg").read_text("utf-8"))  # noqa: S314  drawn just now
    bars = [float(bar.attrib["width"]) for bar in drawn.iter(f"{SVG}rect")]
    assert len(bars) == len(FIGURES)
    assert bars[0] < bars[1]  # raw before ours, in home
    assert bars[3] == max(bars)  # stock, in list
    words = "".join(drawn.itertext())
    assert all(word in words for word in ("home", "list", "raw", "stock", "0.025 ×"))


def test_a_picture_of_nothing_is_one_too() -> None:
    assert ElementTree.fromstring(plot.svg(results.Results())).tag == f"{SVG}svg"  # noqa: S314  drawn just now


@pytest.mark.parametrize(("path", "tell"), [(results.README, results.summary), (results.METHOD, results.tables)])
def test_the_documents_tell_what_the_results_say(path: Path, tell: Callable[[results.Results], str]) -> None:
    told = path.read_text("utf-8")
    assert [told.count(mark) for mark in results.MARKS] == [1, 1]
    assert results.between_marks(told, tell(results.read())) == told, "run make bench, which writes them"
