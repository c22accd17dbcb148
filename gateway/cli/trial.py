"""``ventanilla adapter check``: the conformance kit's promises, asked of one office and told as a table."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from msgspec.structs import replace

from ventanilla.backoffice_adapters.conformance.bench import Bench, FillError, Harness, open_bench
from ventanilla.backoffice_adapters.conformance.trial import Trial, TrialError, read_trial
from ventanilla.backoffice_adapters.conformance.verdict import Outcome, Verdict, judge
from ventanilla.backoffice_adapters.contract import Manifest, OfficeError
from ventanilla.backoffice_adapters.registry import Registry
from ventanilla.gateway.mistake import MistakeError
from ventanilla.gateway.settings import load

_FIRST = len(Outcome.NOT_APPLICABLE) + 2


def try_adapter(name: str, config: Path | None, fill: str, *, scratch: bool) -> bool:
    """Tell what becomes of each promise; whether none is broken. Only `scratch` lets anything be overwritten."""
    try:
        trial = _trial(name, config, fill)
        harness = trial.harness(Registry.discover(load().adapters))
    except TrialError as error:
        raise MistakeError(str(error)) from None
    _tell_adapter(harness.adapter.manifest)
    with TemporaryDirectory() as folder:
        verdicts, next_step = asyncio.run(_tried(harness, Path(folder), scratch=scratch))
    return _tell(verdicts, next_step)


def _trial(name: str, config: Path | None, fill: str) -> Trial:
    trial = read_trial(config) if config else Trial()
    if trial.adapter not in {"", name}:
        raise TrialError(f"{config} is a trial of adapter {trial.adapter!r}, not of {name!r}; name that one")
    return replace(trial, adapter=name, fill=fill or trial.fill)


async def _tried(harness: Harness, folder: Path, *, scratch: bool) -> tuple[list[Verdict], str]:
    """The verdicts, and what to do to ask for more; empty if all there is was asked."""
    try:
        async with open_bench(harness, folder, filled=False) as bench:
            if scratch and bench.can_fill:
                await _fill(bench)
            await _tell_health(bench)
            return await judge(bench), _next_step(bench)
    except OfficeError as error:
        problem = f"the office cannot be opened: {error}. Mend what it names in the trial file, or in the adapter"
        raise MistakeError(problem) from None


async def _fill(bench: Bench) -> None:
    try:
        await bench.fill()
    except FillError as error:
        raise MistakeError(str(error)) from None
    except Exception as error:
        problem = (
            f"the office could not be filled ({type(error).__name__}: {error}); mend its fill, or leave out --scratch"
        )
        raise MistakeError(problem) from error


def _next_step(bench: Bench) -> str:
    if bench.filled:
        return ""
    if bench.can_fill:
        return "If this office may be overwritten, ask for the rest with --scratch; never do that to a manager's own."
    return "To ask for the rest, name what puts a book into a scratch office: --fill module:function --scratch"


def _tell_adapter(manifest: Manifest) -> None:
    licences = ", ".join(sorted(manifest.licences))
    typer.echo(f"{manifest.name} {manifest.version}: {manifest.title} ({licences})")


async def _tell_health(bench: Bench) -> None:
    health = await bench.mine.guard.health()
    typer.echo(f"Its office is {'well' if health.ok else 'not well'}{f': {health.detail}' if health.detail else ''}\n")


def _tell(verdicts: list[Verdict], next_step: str) -> bool:
    width = max(len(verdict.promise.name) for verdict in verdicts)
    for verdict in verdicts:
        _tell_one(verdict, width)
    counts = Counter(verdict.outcome for verdict in verdicts)
    typer.echo("\n" + ", ".join(f"{counts[outcome]} {outcome.lower()}" for outcome in Outcome))
    broken = next((verdict.promise for verdict in verdicts if verdict.outcome is Outcome.FAILED), None)
    if broken:
        typer.echo(f"Begin with the first that failed, {broken.name}: others may follow from it.")
    elif next_step:
        typer.echo(next_step)
    return broken is None


def _tell_one(verdict: Verdict, width: int) -> None:
    head = f"{verdict.outcome:<{_FIRST}}{verdict.promise.name:<{width}}"
    if verdict.outcome is Outcome.FAILED:
        typer.echo(head.rstrip())
        for line in verdict.reason.splitlines():
            typer.echo(f"{'':{_FIRST}}{line}")
        return
    typer.echo(f"{head}  {verdict.reason}".rstrip())
