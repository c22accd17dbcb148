"""The look of one portal: its theme's tokens as the properties that the style sheet is written with."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

_COLOURS: Final = {
    "primary": "--primary",
    "onPrimary": "--on-primary",
    "background": "--background",
    "text": "--text",
    "accent": "--accent",
}
_ALL: Final = ":root, :root[data-scheme=dark], :root:not([data-scheme=light])"
"""Every state of the page, so that paper is light whatever the screen is."""
_TYPEFACES: Final = {
    "SANS": '"Figtree Variable", "Figtree", system-ui, sans-serif',
    "SERIF": '"Source Serif 4 Variable", "Source Serif 4", Georgia, serif',
    "ROUNDED": '"Nunito Variable", "Nunito", system-ui, sans-serif',
}
_CORNERS: Final = {"SHARP": ("0.125rem", "0.125rem"), "SOFT": ("0.5rem", "0.75rem"), "ROUND": ("1.5rem", "1.25rem")}


def style_sheet(theme: Mapping[str, Any]) -> str:
    """The style sheet of a theme: light, and dark for who prefers it or has chosen it."""
    control, card = _CORNERS[theme["corners"]]
    light, dark = _colours(theme), _colours(theme["dark"])
    return "\n".join((
        f":root {{ {light} --type: {_TYPEFACES[theme['typeface']]}; --corner: {control}; --corner-card: {card}; }}",
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-scheme=light]) {{ {dark} color-scheme: dark; }} }}",
        f":root[data-scheme=dark] {{ {dark} color-scheme: dark; }}",
        f"@media print {{ {_ALL} {{ {light} color-scheme: light; }} }}",
        "",
    ))  # fmt: skip


def digest(theme: Mapping[str, Any]) -> str:
    """A short name of these tokens: another one once any of them changes."""
    return sha256(style_sheet(theme).encode()).hexdigest()[:12]


def _colours(theme: Mapping[str, Any]) -> str:
    return " ".join(f"{name}: {theme[token]};" for token, name in _COLOURS.items())
