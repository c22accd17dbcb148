"""The kit as a pytest plug-in and from a trial file: what it collects, what it refuses, what it leaves alone."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ventanilla.backoffice_adapters.conformance.bench import open_bench
from ventanilla.backoffice_adapters.conformance.suite import Harness
from ventanilla.backoffice_adapters.conformance.trial import Trial, TrialError, read_trial
from ventanilla.backoffice_adapters.conformance.twin import TwinAdapter, TwinOffice
from ventanilla.backoffice_adapters.conformance.verdict import Outcome, judge
from ventanilla.backoffice_adapters.contract import Call, Hit
from ventanilla.backoffice_adapters.plugins import ConfigurationError
from ventanilla.backoffice_adapters.records import Account, Licence
from ventanilla.backoffice_adapters.registry import Registry

SETTLED = {"the_manifest_is_honest", "nothing_asked_is_nothing_answered", "malformed_keys_are_none"}
"""Promises that hold of any office, whatever it holds."""


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Python 3.12.0 to 3.12.3 take the numbered placeholder ?1 for a named one.
    wrong = r"ignore:Binding \d+ \('\?\d+'\) is a named parameter:DeprecationWarning"
    (folder / "pytest.ini").write_text(f"[pytest]\nfilterwarnings =\n    error\n    {wrong}\n", encoding="utf-8")
    program = [sys.executable, "-P", "-m", "pytest", "-rs", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def written(folder: Path, text: str) -> Path:
    path = folder / "own.conformance.toml"
    path.write_text(text, encoding="utf-8")
    return path


# -- pytest ------------------------------------------------------------------------------------------------------


def test_a_trial_file_is_collected_and_nothing_is_filled(tmp_path: Path) -> None:
    written(tmp_path, 'adapter = "embedded"')
    done = run_pytest(tmp_path, "-v")
    assert done.returncode == 0, done.stdout
    assert all(f"::{name} PASSED" in done.stdout for name in SETTLED)
    assert "the office does not hold the reference book" in done.stdout
    assert "::balances_add_up SKIPPED" in done.stdout


def test_a_scratch_office_is_asked_for_everything(tmp_path: Path) -> None:
    written(tmp_path, 'adapter = "embedded"\nlicence = "COMMUNITY"\nscratch = true')
    done = run_pytest(tmp_path, "-v", "-k", "balances_add_up or rows_that_come")
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_a_wrong_trial_file_is_told_without_a_traceback(tmp_path: Path) -> None:
    written(tmp_path, 'adapter = "embeded"')
    done = run_pytest(tmp_path)
    assert done.returncode == 2, done.stdout
    assert "no adapter is called 'embeded'" in done.stdout
    assert "Traceback" not in done.stdout


def test_an_office_that_does_not_open_is_told(tmp_path: Path) -> None:
    written(tmp_path, 'adapter = "embedded"\n[configuration]\ndatabase = "env:NOT_SET_ANYWHERE"\n')
    done = run_pytest(tmp_path, "-x")
    assert done.returncode == 1, done.stdout
    assert "cannot be opened" in done.stdout
    assert "NOT_SET_ANYWHERE" in done.stdout
    assert "Traceback" not in done.stdout


def test_who_does_not_use_the_kit_loads_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[a]\n", encoding="utf-8")
    test = "import sys\ndef test_it():\n    names = [name for name in sys.modules if 'conformance.' in name]\n"
    test += "    assert names == ['ventanilla.backoffice_adapters.conformance.plugin']\n"
    (tmp_path / "test_own.py").write_text(test, encoding="utf-8")
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_command_needs_no_pytest() -> None:
    program = "import sys; sys.modules['pytest'] = None; import ventanilla.gateway.cli.trial"
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# -- trial files -------------------------------------------------------------------------------------------------


def test_a_trial_takes_the_licence_of_the_manifest() -> None:
    registry = Registry({"twin": lambda: TwinAdapter(licences=frozenset({Licence.UTILITY}))})
    assert Trial(adapter="twin").harness(registry).licence is Licence.UTILITY
    with pytest.raises(TrialError, match="does not serve RENT; its manifest says: UTILITY"):
        Trial(adapter="twin", licence=Licence.RENT).harness(registry)


def test_a_trial_without_an_adapter_is_told() -> None:
    with pytest.raises(TrialError, match="adapter: is missing"):
        Trial().harness(Registry({"twin": TwinAdapter}))


def test_settings_are_checked_before_anything_opens() -> None:
    registry = Registry({"twin": TwinAdapter})
    with pytest.raises(ConfigurationError, match="'folder'"):
        Trial(adapter="twin", configuration={"folder": "x"}).harness(registry)


@pytest.mark.parametrize("name", ["nowhere:fill", "json:fill", "json", "json:decoder", ":fill"])
def test_a_function_that_is_none_is_told(name: str) -> None:
    with pytest.raises(TrialError, match=r"^fill: "):
        Trial(adapter="twin", fill=name).harness(Registry({"twin": TwinAdapter}))


@pytest.mark.parametrize(("content", "told"), [(b"a = ", "not TOML"), (b"\xff", "not UTF-8"), (b"x = 1", "known keys")])
def test_a_file_that_is_no_trial_is_told(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "own.conformance.toml"
    path.write_bytes(content)
    with pytest.raises(TrialError, match=told):
        read_trial(path)


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="No such file"):
        read_trial(tmp_path / "none.toml")


# -- offices that nobody filled ----------------------------------------------------------------------------------


class Unprepared(TwinOffice):
    """Cannot do with an empty list."""

    async def accounts(self, call: Call, keys: Sequence[str]) -> list[Hit[Account]]:
        if not keys:
            raise LookupError("no keys")
        return await super().accounts(call, keys)


@pytest.mark.anyio
async def test_an_office_that_nobody_filled_is_asked_what_holds_of_any(tmp_path: Path) -> None:
    async with open_bench(Harness(adapter=TwinAdapter()), tmp_path, filled=False) as bench:
        outcomes = {verdict.promise.name: verdict.outcome for verdict in await judge(bench)}
    assert {outcomes[name] for name in SETTLED} == {Outcome.PASSED}
    assert outcomes["balances_add_up"] is Outcome.NOT_APPLICABLE
    assert Outcome.FAILED not in outcomes.values()


@pytest.mark.anyio
async def test_what_an_office_raises_is_told_with_its_place(tmp_path: Path) -> None:
    async with open_bench(Harness(adapter=TwinAdapter(Unprepared)), tmp_path, filled=False) as bench:
        verdicts = {verdict.promise.name: verdict for verdict in await judge(bench)}
    verdict = verdicts["nothing_asked_is_nothing_answered"]
    assert verdict.outcome is Outcome.FAILED
    assert "Promised: An empty sequence answers an empty list." in verdict.reason
    assert "LookupError: no keys (raised at test_conformance_plugin.py:" in verdict.reason
