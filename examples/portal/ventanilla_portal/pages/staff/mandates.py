"""What one person acts as: on boards, for suppliers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Visit

PAGE: Final = Page(__file__, "/staff/people/{person}/mandates", For.STAFF_ADMIN)


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """Whose."""
    return {"id": visit.path["person"]}


@PAGE.views
def view(_visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The offices that a mandate may be of, as pairs for a choice."""
    return {"offices": [(name, name) for name in sorted({each["source"] for each in data["desk"]["licences"]})]}


@PAGE.does("grant")
async def grant(visit: Visit) -> Outcome:
    """Let them act for a community, or a supplier."""
    given = visit.form.given("office", "subjectKey", "subjectName", "startsOn", "endsOn")
    role = "SUPPLIER" if visit.form["role"] == "SUPPLIER" else "BOARD_MEMBER"
    values = {**given, "personId": visit.path["person"], "role": role, "subjectKey": given["subjectKey"] or ""}
    return await visit.do("GrantMandate", {"input": values}, said="granted")


@PAGE.does("end")
async def end(visit: Visit) -> Outcome:
    """End a mandate today."""
    return await visit.do("EndMandate", {"input": {"id": visit.form["mandate"]}}, said="ended")
