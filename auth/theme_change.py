"""Another theme: how the staff's admins let the portal look. What people could not read is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from ventanilla.auth.audit import AuditKind, note_own
from ventanilla.auth.caller import Caller
from ventanilla.auth.told_changes import told_changes
from ventanilla.backoffice_adapters.records import Record
from ventanilla.store import managers
from ventanilla.store.colours import is_colour
from ventanilla.store.manager import Presentation
from ventanilla.store.store import Store
from ventanilla.store.theme import COLOURS, Contrast, Corners, DarkColours, Theme, Typeface, contrasts
from ventanilla.store.theme_rules import is_logo_url

_Colour = str | None | UnsetType
_DARK: Final = "dark."
_OTHERS: Final = ("logo_url", "typeface", "corners")


class ColoursChange(Record):
    """What colours are to be; UNSET stays as it is. None of a colour on dark derives it from the light one."""

    primary: _Colour = UNSET
    on_primary: _Colour = UNSET
    background: _Colour = UNSET
    text: _Colour = UNSET
    accent: _Colour = UNSET


class ThemeChange(Record):
    """How the portal is to look; UNSET stays as it is. None of `logo_url` is no logo, and of `dark` derives all of it;
    of all else it is a mistake."""

    light: ColoursChange = ColoursChange()
    logo_url: str | UnsetType | None = UNSET
    typeface: Typeface | UnsetType | None = UNSET
    corners: Corners | UnsetType | None = UNSET
    dark: ColoursChange | UnsetType | None = UNSET


_DERIVED: Final = ColoursChange(primary=None, on_primary=None, background=None, text=None, accent=None)


class ThemeFlaw(StrEnum):
    """What is wrong with a change."""

    FIELD_REQUIRED = "FIELD_REQUIRED"
    COLOUR_MALFORMED = "COLOUR_MALFORMED"
    LOGO_URL_NOT_ALLOWED = "LOGO_URL_NOT_ALLOWED"
    CONTRAST_TOO_LOW = "CONTRAST_TOO_LOW"


class ThemeProblem(Record):
    """One thing that is wrong with a change."""

    flaw: ThemeFlaw
    name: str
    """Of which field: ``dark.on_primary``. Of a contrast, which of the two is better changed."""
    contrast: Contrast | None = None
    """The contrast that is too low."""


class ThemeDraft(Record):
    """What a change would come to."""

    theme: Theme
    """Without the fields that are wrong by themselves: they are as they were."""
    contrasts: tuple[Contrast, ...]
    """Everything that is drawn with it."""
    problems: tuple[ThemeProblem, ...]
    """Why it cannot be saved. Contrasts are among them once every field is right by itself."""


async def update(
    store: Store, manager: str, change: ThemeChange, *, person_id: str, caller: Caller, now: datetime
) -> Theme | tuple[ThemeProblem, ...]:
    """Change a manager's theme and tell what it is now; what is wrong, and then nothing is changed.

    Of changes at once each is made whole, one after the other, of what the last one left.
    """
    drafts: list[ThemeDraft] = []

    def presented(shown: Presentation) -> Presentation:
        drafts.append(drafted(shown.theme, change))
        return shown if drafts[-1].problems else replace(shown, theme=drafts[-1].theme)

    async with store.work(manager) as work:
        before, after = await managers.present(work, presented)
        if told := told_changes(_flat(before.theme), _flat(after.theme)):
            await note_own(work, AuditKind.THEME_CHANGED, person_id, now, caller=caller, **told)
    return drafts[-1].problems or after.theme


def drafted(theme: Theme, change: ThemeChange) -> ThemeDraft:
    """What `theme` would be with `change`, and what is wrong with that."""
    values = dict(_values(change))
    problems = [*_problems(values)]
    wrong = {problem.name for problem in problems}
    changed = _changed(theme, {name: value for name, value in values.items() if name not in wrong})
    found = tuple(contrasts(changed))
    if not problems:
        problems += (
            ThemeProblem(flaw=ThemeFlaw.CONTRAST_TOO_LOW, name=each.mends, contrast=each)
            for each in found
            if not each.passes
        )
    return ThemeDraft(theme=changed, contrasts=found, problems=tuple(problems))


def _values(change: ThemeChange) -> Iterator[tuple[str, Any]]:
    """What is to change, by name: ``dark.text``."""
    dark = _DERIVED if change.dark is None else change.dark or ColoursChange()
    for prefix, colours in (("", change.light), (_DARK, dark)):
        yield from ((prefix + name, getattr(colours, name)) for name in COLOURS if getattr(colours, name) is not UNSET)
    yield from ((name, getattr(change, name)) for name in _OTHERS if getattr(change, name) is not UNSET)


def _problems(values: dict[str, Any]) -> Iterator[ThemeProblem]:
    for name, value in values.items():
        if flaw := _flaw(name, value):
            yield ThemeProblem(flaw=flaw, name=name)


def _flaw(name: str, value: Any) -> ThemeFlaw | None:
    if value is None:
        return None if name == "logo_url" or name.startswith(_DARK) else ThemeFlaw.FIELD_REQUIRED
    if name == "logo_url":
        return None if is_logo_url(value) else ThemeFlaw.LOGO_URL_NOT_ALLOWED
    return None if name in _OTHERS or is_colour(value) else ThemeFlaw.COLOUR_MALFORMED


def _changed(theme: Theme, values: dict[str, Any]) -> Theme:
    # A colour has one spelling, so that the same one is no change.
    plain = {name: value if name in _OTHERS or value is None else value.lower() for name, value in values.items()}
    dark = {name.removeprefix(_DARK): value for name, value in plain.items() if name.startswith(_DARK)}
    light = {name: value for name, value in plain.items() if not name.startswith(_DARK)}
    return replace(theme, **light, dark=replace(theme.dark, **dark))


def _flat(theme: Theme) -> dict[str, Any]:
    """Every value of a theme, by name: ``dark.text``."""
    dark: DarkColours = theme.dark
    own = {name: value for name, value in asdict(theme).items() if name != "dark"}
    return own | {_DARK + name: value for name, value in asdict(dark).items()}
