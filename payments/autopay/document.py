"""Autopay's XML as a tree: small documents without a type, and nothing in them that leads elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat  # a type declaration is refused, and with it every entity

from ventanilla.payments.wire import UnlikelyError

_MOST_NODES: Final = 2_000
_DEEPEST: Final = 8


@dataclass(slots=True)
class Node:
    """An element."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Node] = field(default_factory=list["Node"])

    def the(self, name: str) -> Node:
        """The one child of that name; `UnlikelyError` if there is none, or are more."""
        found = [child for child in self.children if child.name == name]
        if len(found) != 1:
            raise UnlikelyError(f"{self.name} has {len(found)} elements {name}")
        return found[0]

    def value(self, name: str) -> str:
        """The text of the one child of that name, without white space around it; empty if there is none."""
        return self.the(name).text.strip() if any(child.name == name for child in self.children) else ""


def read_document(data: bytes) -> Node:
    """The root of an XML document in UTF-8; `UnlikelyError` for what is none, has a type, or is too large."""
    builder = _Builder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnlikelyError(f"it is no XML: {expat.ErrorString(error.code)}") from None
    return builder.root()


class _Builder:
    """Puts the tree together as expat tells it."""

    def __init__(self) -> None:
        self._open: list[Node] = [Node("", {})]
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._count += 1
        if self._count > _MOST_NODES or len(self._open) > _DEEPEST:
            raise UnlikelyError("it has too many elements")
        node = Node(name, attributes)
        self._open[-1].children.append(node)
        self._open.append(node)

    def end(self, _name: str) -> None:
        """The innermost element ends. Beside other elements there is no text."""
        node = self._open.pop()
        if node.children and node.text.strip():
            raise UnlikelyError(f"{node.name} has text beside elements")

    def text(self, data: str) -> None:
        """Text of the innermost element."""
        self._open[-1].text += data

    def doctype(self, *_: object) -> None:
        """A type declaration: where entities come from."""
        raise UnlikelyError("it declares a type")

    def root(self) -> Node:
        """The document's one element."""
        return self._open[0].children[0]
