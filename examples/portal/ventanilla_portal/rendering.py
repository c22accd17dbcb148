"""From an answer to a page: templates, and what every template can use."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from ventanilla_portal import menu, theme, words
from ventanilla_portal.formats import Formats
from ventanilla_portal.problems import Problems, Unread
from ventanilla_portal.visit import SCHEME, Shown, Visit
from ventanilla_portal.words import Words

HERE: Final = Path(__file__).parent


def _written(name: str) -> Any:
    """A filter that writes a value as the visitor reads it: the method of that name of their `Formats`."""

    @pass_context
    def written(context: Context, value: Any, *more: Any) -> Any:
        return getattr(context["formats"], name)(value, *more)

    return written


def _assets() -> dict[str, str]:
    files = [file for file in (HERE / "static").rglob("*") if file.is_file()]
    return {file.relative_to(HERE / "static").as_posix(): _digest(file) for file in files}


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12]


_ASSETS: Final = _assets()


def _asset(name: str) -> str:
    """The address of a file of ours, another one once its content changes, so that browsers may keep it for ever."""
    return f"/static/{name}?v={_ASSETS.get(name, '')}"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader([HERE / "pages", HERE / "frame"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cast("dict[str, Any]", made.globals).update(asset=_asset, theme_digest=theme.digest)
    for name in (
        "money",
        "number",
        "percent",
        "day",
        "day_in_words",
        "month",
        "moment",
        "day_of",
        "clock",
        "ago",
        "days_until",
    ):
        made.filters[name] = _written(name)
    return made


_TEMPLATES: Final = _environment()


def rendered(visit: Visit, data: Mapping[str, Any], unread: Unread, shown: Shown, said: str | None = None) -> str:
    """The page, or the one block of it that is asked for."""
    portal = data["portal"]
    told = words_of(visit, portal["language"])
    formats = Formats(portal["language"], portal["country"], portal["timeZone"])
    context: dict[str, Any] = {
        **data,
        "visit": visit,
        "page": visit.page,
        "form": visit.form,
        "query": visit.query,
        "t": told,
        "formats": formats,
        "unread": unread,
        "problems": Problems(shown.problems, told),
        "found": shown.found,
        "said": said,
        "scheme": visit.request.cookies.get(SCHEME),
        "menu": menu.of(data, visit),
        "account_in_use": menu.account_in_use(data),
    }
    template = _TEMPLATES.get_template(f"{visit.page.name}.html")
    context.update(visit.page.view(visit, data))
    # Not imported by templates: a block that is rendered by itself would not have it.
    context["kit"] = _TEMPLATES.get_template("kit.html").make_module(context)
    if visit.block and visit.block in template.blocks:
        return "".join(template.blocks[visit.block](template.new_context(context)))
    return template.render(context)


def plain(name: str, language: str, **values: Any) -> str:
    """A page that needs no answer of the gateway, for when there is none."""
    return _TEMPLATES.get_template(name).render(t=Words(language, *words.shared()), **values)


def words_of(visit: Visit, language: str) -> Words:
    """The words of the visit's page."""
    return Words(language, words.table(visit.page.words_file), *words.shared())
