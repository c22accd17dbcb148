"""How the portal looks: colours, letters and corners, tried out before they are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ventanilla_portal.page import For, Page, Variables
from ventanilla_portal.visit import Outcome, Shown, Visit

PAGE: Final = Page(__file__, "/staff/theme", For.STAFF_ADMIN)
COLOURS: Final = ("primary", "onPrimary", "background", "text", "accent")
TYPEFACES: Final = ("SANS", "SERIF", "ROUNDED")
CORNERS: Final = ("SHARP", "SOFT", "ROUND")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


@PAGE.asks
def variables(visit: Visit) -> Variables:
    """What is in the form, to be tried out; what the portal has, where nothing is."""
    return {"input": _input(visit)}


@PAGE.views
def view(visit: Visit, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the fields hold, and the colours that the preview is drawn in."""
    theme = data["portal"]["theme"]
    staff = data["staff"] or {}
    shown = staff.get("themePreview") or {"dark": theme["dark"], "contrasts": ()}
    derived = staff.get("derived") or theme
    light = {**{name: theme[name] for name in COLOURS}, **_colours(visit, "")}
    dark = shown["dark"]
    return {
        "light": light,
        "dark": dark,
        "own_dark": "own_dark" in visit.form if visit.form["do"] else theme["dark"] != derived["dark"],
        "schemes": (("LIGHT", light), ("DARK", dark)),
        "colours": COLOURS,
        "typeface": visit.form["typeface"] or theme["typeface"],
        "corner": visit.form["corners"] or theme["corners"],
        "failing": [each for each in shown["contrasts"] if not each["passes"]],
        "contrasts": shown["contrasts"],
    }


@PAGE.does("try")
async def try_out(_visit: Visit) -> Outcome:
    """Show how it would look."""
    return Shown()


@PAGE.does("take")
async def take(visit: Visit) -> Outcome:
    """Put the suggested colours into the form: whoever takes all has colours that can be read."""
    reply = await visit.ask("Theme", {"input": _input(visit)})
    for contrast in reply.data["staff"]["themePreview"]["contrasts"]:
        if contrast["suggestion"]:
            visit.form[".".join(contrast["path"])] = contrast["suggestion"]
            if contrast["path"][0] == "dark":
                visit.form["own_dark"] = "yes"
    return Shown()


@PAGE.does("save")
async def save(visit: Visit) -> Outcome:
    """Let the portal look so from now on."""
    return await visit.do("UpdateTheme", {"input": _input(visit)}, said="saved")


def _input(visit: Visit) -> dict[str, Any]:
    """What the form says, as the gateway takes it; empty where there is none."""
    if not visit.form["do"]:
        return {}
    given: dict[str, Any] = dict(_colours(visit, ""))
    given["dark"] = _colours(visit, "dark.") if "own_dark" in visit.form else None
    if visit.form["typeface"] in TYPEFACES:
        given["typeface"] = visit.form["typeface"]
    if visit.form["corners"] in CORNERS:
        given["corners"] = visit.form["corners"]
    return {**given, "logoUrl": visit.form["logoUrl"].strip() or None}


def _colours(visit: Visit, prefix: str) -> dict[str, str]:
    """The form's colours that are some."""
    values = {name: visit.form[f"{prefix}{name}"] for name in COLOURS}
    return {name: value.lower() for name, value in values.items() if _COLOUR.fullmatch(value)}
