"""Documents."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.schema.fields import prop
from ventanilla.schema.scalars import Url


@strawberry.type(description="A paper to be downloaded. It is made when its address is followed, not before.")
class Document:
    """Where a paper is."""

    url: Url = prop(
        "A path of this portal. Only the person that asked gets the paper, signed in as now; no header is needed"
        " beside the session."
    )
    expires_at: datetime = prop("Until when the address serves; ask for a new one then. Ten minutes.")
    media_type: str = prop("What will be sent: `application/pdf` or `text/html`.")
    file_name: str = prop("What the file is called once it is saved.")
