"""Drawing a long list as PDF: what a page of HTML would take seconds for is laid out directly, in the same look.

No text is markup here: a cell is drawn as it is, and what has to wrap is escaped.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any, Final

from markupsafe import escape
from reportlab import platypus
from reportlab.lib import styles, utils
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen import canvas

from ventanilla.pdf.drawing import FONTS
from ventanilla.pdf.history import HistoryPage
from ventanilla.pdf.printable import colour, printed
from ventanilla.pdf.sheet import Fact

_FLOW: Final[Any] = platypus  # the library is untyped
_METRICS: Final[Any] = pdfmetrics
_STYLES: Final[Any] = styles
_UTILS: Final[Any] = utils
_PLAIN: Final = "Sheet"
_BOLD: Final = "Sheet-Bold"
_TEXT: Final = "#1b1b1b"
_GREY: Final = "#444444"
_PALE: Final = "#555555"
_RULE: Final = "#d5d8da"
_SIDE: Final = 15 * mm
_TOP: Final = 14 * mm
_BOTTOM: Final = 30 * mm
_FOOT_TOP: Final = 27 * mm
"""How high above the edge the foot begins."""
_SEAL: Final = 13 * mm
_MARK: Final = 17 * mm
_BLOCK: Final = 74 * mm
"""How wide the block at the right is: at the top what it is, at the end what it comes to."""
_NAME: Final = 28 * mm
_SIZE: Final = 9
"""Points of the letters in the list."""
_PADDING: Final = 4
"""Points at each side of a cell."""


def list_pdf(page: HistoryPage) -> bytes:
    """Draw the list, as many pages as it takes: each with the headings, its number, and how many there are."""
    _register()
    width, height = LETTER if page.size == "letter" else A4
    frame = _FLOW.Frame(_SIDE, _BOTTOM, width - 2 * _SIDE, height - _TOP - _BOTTOM, 0, 0, 0, 0)
    drawn = io.BytesIO()
    document = _FLOW.BaseDocTemplate(
        drawn,
        pagesize=(width, height),
        title=printed(f"{page.name} · {page.head.name}"),
        lang=page.head.language,
        pageTemplates=[_FLOW.PageTemplate(frames=[frame])],
    )
    document.build(list(_story(page, frame.width)), canvasmaker=partial(_Footed, partial(_foot, page, frame.width)))
    return drawn.getvalue()


class _Footed(canvas.Canvas):
    """Pages that get their feet once it is known how many there are, so that nothing is laid out twice."""

    def __init__(self, foot: Callable[[Any, int, int], None], *args: Any, **options: Any) -> None:
        whole: Any = super()
        whole.__init__(*args, **options)
        self._foot = foot
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  the library's name
        drawing: Any = self
        self._pages.append(dict(vars(self)))
        drawing._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            vars(self).update(page)
            self._foot(self, number, len(self._pages))
            super().showPage()
        super().save()


@cache
def _register() -> None:
    for name, file in ((_PLAIN, "Lato-Regular.ttf"), (_BOLD, "Lato-Bold.ttf")):
        _METRICS.registerFont(ttfonts.TTFont(name, str(FONTS / file)))


# -- what stands on it -------------------------------------------------------------------------------------------


def _story(page: HistoryPage, width: float) -> Iterator[Any]:
    """What the pages show, from the top to the end."""
    yield _head(page, width)
    yield _FLOW.Spacer(0, 10)
    yield _parties(page, width)
    yield _FLOW.Spacer(0, 10)
    if page.state:
        yield _state(page, width)
        yield _FLOW.Spacer(0, 10)
    yield _list(page, width) if page.rows else _text(page.words["rows_none"])
    yield _FLOW.Spacer(0, 10)
    yield _end(page, width)


def _head(page: HistoryPage, width: float) -> Any:
    primary = colour(page.head.primary)
    seal = _table(
        [[printed(page.initials)]], [_SEAL], ("BACKGROUND", HexColor(primary)), ("ALIGN", "CENTER"),
        ("TEXTCOLOR", HexColor(colour(page.head.on_primary))), ("FONT", _BOLD, 17), ("TOPPADDING", 9), heights=[_SEAL],
    )  # fmt: skip
    issuer = [_text(page.head.name, 12, bold=True), *(_text(line, 8, _GREY) for line in page.issuer)]
    marks = [_text(mark.value, 8, _GREY, TA_RIGHT, before=f"{mark.name}: ") for mark in page.marks]
    told = [_text(page.kind, 15, primary, TA_RIGHT, bold=True), *marks]
    columns = [_MARK, width - _MARK - _BLOCK, _BLOCK]
    return _table([[seal, issuer, told]], columns, ("LINEBELOW", 2, HexColor(primary)), ("BOTTOMPADDING", 8))


def _parties(page: HistoryPage, width: float) -> Any:
    half = width / 2
    who, *identity = page.holder or [""]
    holder = [
        _text(page.words["holder"], 9, colour(page.head.primary), bold=True),
        _text(who, 11, bold=True),
        *map(_text, identity),
    ]
    facts = [[_text(fact.name, 9, _PALE), _text(fact.value, bold=not place)] for place, fact in enumerate(page.account)]
    return _table([[holder, _table(facts, [_NAME, half - _NAME])]], [half, half])


def _state(page: HistoryPage, width: float) -> Any:
    primary = colour(page.head.primary)
    told = _text(page.state, 11, primary, TA_CENTER, bold=True)
    return _table([[told]], [width], ("BOX", 1.2, HexColor(primary)), ("TOPPADDING", 4), ("BOTTOMPADDING", 5))


def _list(page: HistoryPage, width: float) -> Any:
    rest = width - sum(column.width for column in page.columns) * mm
    widths = [column.width * mm or rest for column in page.columns]
    paint = colour(page.head.on_primary)
    headings = [
        _text(page.words[column.word], 8, paint, TA_RIGHT if column.figure else TA_LEFT) for column in page.columns
    ]
    figures = [place for place, column in enumerate(page.columns) if column.figure]
    return _FLOW.LongTable(
        [headings, *_cells(widths, page.rows)],
        widths,
        repeatRows=1,
        style=[
            ("FONT", (0, 0), (-1, -1), _PLAIN, _SIZE, _SIZE * 1.35),
            ("TEXTCOLOR", (0, 0), (-1, -1), HexColor(_TEXT)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
            ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(colour(page.head.primary))),
            ("LINEBELOW", (0, 1), (-1, -1), 0.5, HexColor(_RULE)),
            *(("ALIGN", (place, 1), (place, -1), "RIGHT") for place in figures),
        ],
    )


def _cells(widths: Sequence[float], rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """The rows as they are drawn, wrapped: as plain text, which takes a tenth of what paragraphs take."""
    room = [width - 2 * _PADDING for width in widths]
    for row in rows:
        yield [_wrapped(printed(text), most) for text, most in zip(row, room, strict=True)]


def _wrapped(text: str, most: float) -> str:
    """Lines of at most `most` points; a longer word is broken."""
    if _METRICS.stringWidth(text, _PLAIN, _SIZE) <= most:
        return text
    words = " ".join(" ".join(_parts(word, most)) for word in text.split())
    return "\n".join(_UTILS.simpleSplit(words, _PLAIN, _SIZE, most))


def _parts(word: str, most: float) -> Iterator[str]:
    while _METRICS.stringWidth(word, _PLAIN, _SIZE) > most:
        end = next(at for at in range(len(word), 0, -1) if _METRICS.stringWidth(word[:at], _PLAIN, _SIZE) <= most)
        yield word[:end]
        word = word[end:]
    yield word


def _end(page: HistoryPage, width: float) -> Any:
    remark = [_text(page.remark, 8, _GREY)] if page.remark else []
    note = _text(page.figures_on, 7.5, _PALE, TA_RIGHT)
    sums = [_sums(page), _FLOW.Spacer(0, 3), note]
    return _table([[remark, sums]], [width - _BLOCK, _BLOCK], ("RIGHTPADDING", 0))


def _sums(page: HistoryPage) -> Any:
    """Each sum in a row, the last of them where the eye falls on it."""
    *others, last = page.sums
    plain = [_sum(fact, 9, _PALE, _TEXT) for fact in others]
    primary, on_primary = (HexColor(colour(each)) for each in (page.head.primary, page.head.on_primary))
    loud = _sum(last, 13, on_primary, on_primary, bold=True)
    made = _table(
        [*plain, loud], [_BLOCK * 0.45, _BLOCK * 0.55], ("LEFTPADDING", 5), ("RIGHTPADDING", 5), ("TOPPADDING", 3),
        ("BOTTOMPADDING", 4), ("VALIGN", "MIDDLE"),
    )  # fmt: skip
    made.setStyle([("BACKGROUND", (0, -1), (-1, -1), primary), ("BOTTOMPADDING", (0, -1), (-1, -1), 7)])
    return made


def _sum(fact: Fact, size: float, name: Any, value: Any, *, bold: bool = False) -> list[Any]:
    return [_text(fact.name, size, name, bold=bold), _text(fact.value, size, value, TA_RIGHT, bold=bold)]


def _foot(page: HistoryPage, width: float, drawn: Any, number: int, count: int) -> None:
    """What stands at the end of each page."""
    numbered = f"{page.words['page']} {number} {page.words['of']} {count}"
    lines = [page.head.footer, " · ".join([page.head.name, *page.contact, numbered])]
    top = _FOOT_TOP
    for line in filter(None, lines):
        told = _text(line, 7, _PALE, TA_CENTER)
        _, height = told.wrap(width, top)
        top -= height
        told.drawOn(drawn, _SIDE, top)


# -- what it is made of ------------------------------------------------------------------------------------------


def _text(
    text: str, size: float = _SIZE, paint: Any = _TEXT, align: int = TA_LEFT, *, bold: bool = False, before: str = ""
) -> Any:
    """A text that wraps where it has to, in words or within one; what stands `before` it, it makes bold by contrast."""
    told = f'{escape(printed(before))}<font name="{_BOLD}">{escape(printed(text))}</font>' if before else None
    style = _STYLES.ParagraphStyle(
        "text", fontName=_BOLD if bold else _PLAIN, fontSize=size, leading=size * 1.35, textColor=paint, alignment=align
    )
    return _FLOW.Paragraph(told or str(escape(printed(text))), style)


def _table(
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    *commands: tuple[Any, ...],
    heights: Sequence[float] | None = None,
) -> Any:
    """A table without padding, read from the top; each of `commands` is for all of its cells."""
    paddings = [(f"{side}PADDING", 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    everywhere = [("VALIGN", "TOP"), *paddings, *commands]
    style = [(name, (0, 0), (-1, -1), *values) for name, *values in everywhere]
    return _FLOW.Table(rows, widths, heights, splitInRow=1, style=style)  # whatever is in them, it is drawn
