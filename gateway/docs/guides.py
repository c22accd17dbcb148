"""The guides: Markdown files, with examples that the tests run as they stand; placeholders become the reader's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from markdown_it.token import Token
from markupsafe import Markup

from ventanilla.backoffice_adapters.records import Record
from ventanilla.gateway.docs.markup import LANGUAGES, Heading, coloured, headings, name_of, page_of

FOLDER: Final = Path(__file__).parent / "guides"
ORIGIN: Final = "http://127.0.0.1:8001"
EMAIL: Final = "marta@vecinos.example"
PASSWORD: Final = "Ventanilla-demo-2026"  # noqa: S105  what the demo prints on its start page
STAFF: Final = "gustavo@aguasdelceibo.example"
"""What the files write in place of the host that is looked at, and of somebody who may sign in there."""
_ORDER: Final = (
    "start", "sign-in", "programs", "paging", "errors", "money-and-dates", "paying", "live-news", "exporting",
)  # fmt: skip
_TITLE: Final = re.compile(r"# (.+)\n+(.+)\n")


class Placeholders(Record):
    """What stands in the examples for one reader: the host that is looked at, and somebody who may sign in there."""

    origin: str
    email: str = "you@example.com"
    password: str = "your password"  # noqa: S105  words for one, not a secret
    staff: str = "staff@example.com"

    def put(self, text: str) -> str:
        """`text` with all of them in their places."""
        for before, after in (
            (ORIGIN, self.origin),
            (EMAIL, self.email),
            (PASSWORD, self.password),
            (STAFF, self.staff),
        ):
            text = text.replace(before, after)
        return text.replace(ORIGIN.replace("http", "ws", 1), self.origin.replace("http", "ws", 1))


class Guide(Record):
    """One guide."""

    name: str
    title: str
    lead: str
    """Its first sentence, for lists."""
    text: str
    """All below its title, in Markdown."""

    @property
    def headings(self) -> list[Heading]:
        """What stands in its table of contents."""
        return [each for each in headings(self.text) if each.level == 2]

    def html(self, placeholders: Placeholders) -> Markup:
        """The guide for one reader."""
        return page_of(placeholders.put(self.text), _example)


@cache
def guides() -> dict[str, Guide]:
    """Every guide by its name, in the order in which they are read."""
    return {name: _read(FOLDER / f"{name}.md") for name in _ORDER}


def _read(path: Path) -> Guide:
    written = path.read_text("utf-8")
    found = _TITLE.match(written)
    if found is None:
        msg = f"{path.name} has to begin with a title, an empty line and a sentence"
        raise ValueError(msg)
    return Guide(name=path.stem, title=found[1], lead=found[2], text=written[written.index("\n") :])


def _example(fences: Sequence[Token]) -> str:
    """One example in each language that it has; the page's script shows one of them, and without it all."""
    panes = "".join(_pane(fence) for fence in fences)
    return f'<div class="example" data-name="{name_of(fences[0])}">{panes}</div>\n'


def _pane(fence: Token) -> str:
    language = fence.info.split()[0] if fence.info else "text"
    label = LANGUAGES.get(language, language) if name_of(fence) else ""
    title = Markup("<figcaption>{}</figcaption>").format(label) if label else ""
    code = coloured(fence.content, language)
    return (
        f'<figure class="code" data-language="{language}">{title}<pre tabindex="0"><code>{code}</code></pre></figure>'
    )
