"""Promises about what is wanted of records: who asks for less gets the same of it."""

from __future__ import annotations

from typing import Any, cast

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.promises import BrokenPromiseError, expect, promise, same
from ventanilla.backoffice_adapters.conformance.questions import Question
from ventanilla.backoffice_adapters.records import Changes, Origin, Record, Rows, Slice, UnreadError


@promise()
async def what_is_wanted_is_answered(bench: Bench) -> None:
    """An attribute is the same whether or not others are wanted beside it; key, origin and owner are always told."""
    for question in [*await bench.mine.questions(), *bench.mine.journals()]:
        whole = _records(await bench.mine.ask(question.method, question.subjects, *question.args))
        for name in _attributes(whole):
            await _asked_alone(bench, question, whole, name)


@promise()
async def what_nobody_knows_wants_all(bench: Bench) -> None:
    """A name that the office does not know leaves nothing out: a newer gateway may ask for it."""
    for question in [*await bench.mine.questions(), *bench.mine.journals()]:
        whole = await bench.mine.ask(question.method, question.subjects, *question.args)
        found = await bench.mine.ask(
            question.method, question.subjects, *question.args, wanted=frozenset({"unheard_of"})
        )
        same(f"{question.method}, wanting what nobody knows", found, whole)


async def _asked_alone(bench: Bench, question: Question, whole: list[Any], name: str) -> None:
    wanted = frozenset({name})
    found = _records(await bench.mine.ask(question.method, question.subjects, *question.args, wanted=wanted))
    what = f"{question.method}, wanting {name} alone"
    expect(len(found) == len(whole), f"{what}: {len(found)} records, otherwise {len(whole)}")
    for one, other in zip(found, whole, strict=True):
        for each in (name, *_always(other)):
            same(f"{what}: {each}", _told(one, each, what), _told(other, each, what))


def _told(record: Any, name: str, what: str) -> Any:
    """What a record says; of where it comes from only the office, for its age may be that of the asking."""
    try:
        found = getattr(record, name)
    except UnreadError:
        raise BrokenPromiseError(f"{what}: {name} is made of what was left out") from None
    return found.source if isinstance(found, Origin) else found


def _records(value: Any) -> list[Any]:
    """Every record of an answer: those of its lists, or itself."""
    if isinstance(value, list | tuple | Rows):
        return [record for item in value for record in _records(item)]  # pyright: ignore[reportUnknownVariableType]  items of any kind
    if isinstance(value, Slice | Changes):
        return _records(value.items)  # pyright: ignore[reportUnknownMemberType]  items of any kind
    return [value] if isinstance(value, Record) else []


def _attributes(records: list[Any]) -> list[str]:
    """The fields of the records, and what they know by themselves."""
    if not records:
        return []
    kind = cast("Any", type(records[0]))
    derived = [name for name in dir(kind) if isinstance(getattr(kind, name), property) and not name.startswith("_")]
    return [*kind.__struct_fields__, *derived]


def _always(record: Any) -> list[str]:
    """What is told whether or not it is wanted."""
    told = ("key", "origin", "account_key", "plan_key", "meter_key", "community_key", "supplier_key")
    return [name for name in told if name in record.__struct_fields__]
