"""``ventanilla platform check``: the conformance kit's promises, asked of one platform and told as a table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import typer

from ventanilla.backoffice_adapters.conformance.trial import TrialError
from ventanilla.gateway.mistake import MistakeError
from ventanilla.payments.conformance.trial import read_platform_trial
from ventanilla.payments.conformance.verdict import Outcome, Verdict, judge
from ventanilla.payments.registry import PlatformRegistry

_FIRST = len(Outcome.NOT_APPLICABLE) + 2


def try_platform(name: str, config: Path) -> bool:
    """Tell what becomes of each promise; whether none is broken."""
    try:
        verdicts = judge(read_platform_trial(config).harness(name, PlatformRegistry.discover()))
    except TrialError as error:
        raise MistakeError(str(error)) from None
    for verdict in verdicts:
        _tell_one(verdict)
    counts = Counter(verdict.outcome for verdict in verdicts)
    typer.echo("\n" + ", ".join(f"{counts[outcome]} {outcome.lower()}" for outcome in Outcome))
    return not counts[Outcome.FAILED]


def _tell_one(verdict: Verdict) -> None:
    head = f"{verdict.outcome:<{_FIRST}}{verdict.promise.name}"
    if verdict.outcome is Outcome.FAILED:
        typer.echo(head)
        for line in verdict.reason.splitlines():
            typer.echo(f"{'':{_FIRST}}{line}")
        return
    typer.echo(f"{head}  {verdict.reason}".rstrip())
