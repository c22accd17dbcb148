"""Promises about enrolments."""

from __future__ import annotations

from ventanilla.backoffice_adapters.conformance.bench import Bench
from ventanilla.backoffice_adapters.conformance.promises import expect, promise
from ventanilla.backoffice_adapters.records import EnrolmentKind


@promise("enrolments.read")
async def enrolments_are_complete_and_in_order(bench: Bench) -> None:
    """Every account has one enrolment of each kind, active or not, in the order of the kinds."""
    refs = await bench.mine.refs()
    for ref, found in zip(refs, await bench.mine.ask("enrolments", refs), strict=True):
        kinds = [one.kind for one in found or ()]
        expect(kinds == [*EnrolmentKind], f"the enrolments of account {ref.key} are {kinds}")


@promise("enrolments.read")
async def enrolments_say_since_when(bench: Bench) -> None:
    """`since` is there exactly when an enrolment is active; one that began again also knows when it was ended."""
    refs = await bench.mine.refs()
    for ref, found in zip(refs, await bench.mine.ask("enrolments", refs), strict=True):
        for one in found or ():
            sound = one.active == (one.since is not None)
            expect(sound, f"{one.kind} of account {ref.key}: active is {one.active}, since {one.since}")
