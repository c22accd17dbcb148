"""As what the viewer acts."""

from __future__ import annotations

from datetime import date

import strawberry

from ventanilla.resolvers import viewer_mandates
from ventanilla.schema.community import Community
from ventanilla.schema.enums import MandateRole
from ventanilla.schema.fields import batch, prop


@strawberry.type(description="As what the viewer acts today, and for whom. Both days are among its own.")
class ViewerMandate:
    """A mandate of the viewer's."""

    role: MandateRole = prop("As what.")
    subject_name: str = prop("The community, of a board member; the supplier, of who acts for one.")
    starts_on: date = prop("The first day.")
    ends_on: date | None = prop("The last day; null while no end is known.")
    community: Community | None = batch(viewer_mandates.communities, "The community; null for a supplier.")
