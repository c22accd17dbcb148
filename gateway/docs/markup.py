"""Markdown and code as HTML. No page holds HTML of its own: what a text says of tags is shown, not obeyed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, cast
from urllib.parse import quote

import orjson
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType]  Pygments declares no options

from ventanilla.gateway.docs.ready import Ready

LANGUAGES: Final = {"sh": "curl", "js": "JavaScript", "python": "Python"}
"""The languages of examples, by the word after the fence, as readers call them."""
_ALIASES: Final = {"sh": "bash"}
_NAMES: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FORMATTER: Final = cast("Any", HtmlFormatter)(nowrap=True)
_INLINE: Final = MarkdownIt("commonmark", {"html": False})
_BLOCKS: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=4_096)
def prose(text: str) -> Markup:
    """A description: paragraphs of plain sentences, names in backticks."""
    return Markup(_INLINE.render(text))  # noqa: S704  markdown-it escapes what it does not write itself


@lru_cache(maxsize=4_096)
def phrase(text: str) -> Markup:
    """One sentence, to stand inside of another element."""
    return Markup(_INLINE.renderInline(text))  # noqa: S704  markdown-it escapes what it does not write itself


def coloured(code: str, language: str) -> Markup:
    """Code with a class around each of its words, for the style sheet to colour."""
    lexer: Any = cast("Any", get_lexer_by_name)(_ALIASES.get(language, language), stripnl=False)
    return Markup(cast("Any", highlight)(code, lexer, _FORMATTER))  # noqa: S704  Pygments escapes the code


def linked(kind: object) -> Markup:
    """A type as the schema writes it, ``[Invoice!]!``, its name leading to its page."""
    written = str(kind)
    found = _NAMES.search(written)
    name = found[0] if found else written
    before, _, after = written.partition(name)
    return Markup('{}<a href="/docs/types/{}">{}</a>{}').format(before, name, name, after)


def coordinate_link(coordinate: str) -> Markup:
    """A coordinate, ``Account.invoices(filter:)``, leading to its place."""
    kind, _, rest = coordinate.partition(".")
    anchor = rest.partition("(")[0]
    return Markup('<a href="/docs/types/{}#{}">{}</a>').format(kind, anchor, coordinate)


def console_link(ready: Ready) -> str:
    """The address of the console with a document in it. What stands behind the hash is not sent to anybody."""
    said = f"query={quote(ready.query, safe='')}"
    return (
        f"/graphiql#{said}&variables={quote(json_of(ready.variables), safe='')}"
        if ready.variables
        else f"/graphiql#{said}"
    )


def json_of(value: object) -> str:
    """`value` as JSON for people to read."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


class Heading:
    """A heading of a text: where it is, and what it says."""

    def __init__(self, anchor: str, words: str, level: int) -> None:
        self.anchor = anchor
        self.words = words
        self.level = level


def anchor_of(words: str) -> str:
    """The anchor of a heading."""
    return "-".join(re.findall(r"[a-z0-9]+", words.lower()))


def headings(text: str) -> list[Heading]:
    """The headings of a text in Markdown, without its title."""
    tokens = _BLOCKS.parse(text)
    found = [(int(token.tag[1]), after.content) for token, after in pairwise(tokens) if token.type == "heading_open"]
    return [Heading(anchor_of(words), words.replace("`", ""), level) for level, words in found if level > 1]


def page_of(text: str, shown: Callable[[Sequence[Token]], str]) -> Markup:
    """A text in Markdown as HTML: headings with anchors, and each run of fenced examples as `shown` writes it."""
    parts: list[str] = []
    tokens = _BLOCKS.parse(text)
    at = 0
    while at < len(tokens):
        end = _run_end(tokens, at)
        chosen = tokens[at:end]
        parts.append(shown(chosen) if chosen[0].type == "fence" else _written(chosen))
        at = end
    return Markup("".join(parts))  # noqa: S704  both write escaped text


def _run_end(tokens: Sequence[Token], start: int) -> int:
    """Where a run of fences of one name ends, or what is no fence before the next one."""
    first = tokens[start]
    end = start + 1
    while end < len(tokens) and _belongs(first, tokens[end]):
        end += 1
    return end


def _belongs(first: Token, other: Token) -> bool:
    if first.type != "fence" or other.type != "fence" or first.level or other.level:
        return first.type != "fence" and (other.type != "fence" or bool(other.level))
    name = name_of(first)
    return bool(name) and name == name_of(other)


def name_of(fence: Token) -> str:
    """The name of a fenced example, ``name=…`` behind its language; empty for one that is not to be run."""
    found = re.search(r"\bname=(\S+)", fence.info)
    return found[1] if found else ""


def _written(tokens: Sequence[Token]) -> str:
    for token, after in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor_of(after.content))
        if token.type == "table_open":
            token.attrSet("tabindex", "0")
    return cast("Any", _BLOCKS.renderer).render(tokens, _BLOCKS.options, {})
