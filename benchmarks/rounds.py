"""Shuffled rounds of bursts: what a request costs each side, and the ratios of one run.

In each round every side is put under load once with every document that it knows, a second or two, in an order of its
own. A ratio is the median of the rounds' ratios, since what disturbs a machine disturbs neighbours alike.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random

from benchmarks import cpu
from benchmarks.data import Tokens
from benchmarks.load import Load, Order
from benchmarks.questions import Question
from benchmarks.sides import Side
from ventanilla.backoffice_adapters.records import Record

_LEAST = 3
"""Fewer answers than these in a burst would be no figure."""


class WrongAnswerError(Exception):
    """A side answered wrongly under load; what was measured until then says nothing."""


class Burst(Record):
    """One side under load with one document."""

    cpu_us: float
    """CPU time of the server's processes for each request, in microseconds."""
    wall_us: float
    """From a request to its answer, the median, in microseconds."""


Figures = Mapping[tuple[str, str], Sequence[Burst]]
"""Document and side → a burst a round."""


class _Case(Record):
    """A side with a document."""

    side: Side
    question: Question
    pid: int
    requests: tuple[bytes, ...]


def measured(
    sides: Sequence[Side],
    pids: Mapping[str, int],
    questions: Iterable[Question],
    tokens: Tokens,
    *,
    load: Load,
    rounds: int,
    seconds: float,
    report: Callable[[str], None],
) -> Figures:
    """Measure sides that run as the processes `pids`; a first round warms them up and does not count."""
    cases = [_case(side, question, pids, tokens) for question in questions for side in sides if _knows(side, question)]
    figures: dict[tuple[str, str], list[Burst]] = {(case.question.name, case.side.name): [] for case in cases}
    luck = Random(0)  # noqa: S311  an order that is the same each time
    for turn in range(rounds + 1):
        for place, case in enumerate(luck.sample(cases, len(cases)), 1):
            doing = f"round {turn} of {rounds}" if turn else "warming up"
            report(f"{doing}: {place} of {len(cases)}, {case.question.name} by {case.side.name}")
            burst = _burst(case, load, seconds)
            if turn:
                figures[case.question.name, case.side.name].append(burst)
    return figures


def ratio(figures: Figures, document: str, side: str, against: str) -> tuple[float, float, float]:
    """CPU time of `side` over that of `against`: the median of the rounds' ratios, the lowest and the highest."""
    pairs = zip(figures[document, side], figures[document, against], strict=True)
    found = [one.cpu_us / other.cpu_us for one, other in pairs]
    return statistics.median(found), min(found), max(found)


def _knows(side: Side, question: Question) -> bool:
    return question.name in side.documents


def _case(side: Side, question: Question, pids: Mapping[str, int], tokens: Tokens) -> _Case:
    requests = tuple(side.ask(question, token, {}) for token in question.tokens(tokens))
    return _Case(side=side, question=question, pid=pids[side.name], requests=requests)


def _burst(case: _Case, load: Load, seconds: float) -> Burst:
    before = cpu.reading(case.pid)
    outcome = load.run(Order(port=case.side.port, requests=case.requests, sign=case.question.sign, seconds=seconds))
    after = cpu.reading(case.pid)
    why = outcome.wrong or (f"only {outcome.answers} answers in a burst" if outcome.answers < _LEAST else None)
    if why:
        msg = f"{case.side.name}, asked for {case.question.name}: {why}"
        raise WrongAnswerError(msg)
    spent = cpu.nanoseconds(before, after) / 1_000
    return Burst(cpu_us=spent / outcome.answers, wall_us=outcome.wall_us)
