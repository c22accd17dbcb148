"""Notices."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ventanilla.schema.enums import NoticeScope
from ventanilla.schema.fields import prop
from ventanilla.schema.node import Node, Sourced


@strawberry.type(description="Something that people are told. Only what the viewer may see now is ever shown.")
class Notice(Node, Sourced):
    """A notice."""

    title: str = prop("Its title, in the manager's language.")
    body: str = prop("Plain text; paragraphs are parted by an empty line.")
    scope: NoticeScope = prop("Who speaks.")
    community_name: str | None = prop("The community that speaks; null when it is the manager.")
    published_from: datetime = prop("From when it is seen.")
    visible_until: datetime | None = prop("From when it is seen no more; null for good.")
