"""A text as a QR code (ISO/IEC 18004), drawn as the path of an SVG picture: bytes, error correction of level L."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, product
from typing import Final

QUIET: Final = 4
"""Light modules that a reader wants around the code."""
_CORRECTING: Final = (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22)
"""Bytes of error correction in each block, by version from 1 on."""
_BLOCKS: Final = (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6)
"""Into how many blocks the bytes of a version are dealt."""
_PADDING: Final = (0xEC, 0x11)
_MASKS: Final[Sequence[Callable[[int, int], bool]]] = (
    lambda x, y: (x + y) % 2 == 0,
    lambda _x, y: y % 2 == 0,
    lambda x, _y: x % 3 == 0,
    lambda x, y: (x + y) % 3 == 0,
    lambda x, y: (x // 3 + y // 2) % 2 == 0,
    lambda x, y: x * y % 2 + x * y % 3 == 0,
    lambda x, y: (x * y % 2 + x * y % 3) % 2 == 0,
    lambda x, y: ((x + y) % 2 + x * y % 3) % 2 == 0,
)

Modules = dict[tuple[int, int], bool]
"""What is dark, by column and row."""


class TooLongError(ValueError):
    """The text has more than the 520 bytes that a code of ours holds."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of `size` units a side, quiet zone and all: what `path` encloses is dark."""

    size: int
    path: str


@lru_cache(maxsize=8)
def drawn(text: str) -> Drawing:
    """The code of `text`; raises `TooLongError`."""
    data = text.encode()
    version = _version(len(data))
    side = version * 4 + 17
    masked = (code(data, version, mask) for mask in range(len(_MASKS)))
    modules = min(masked, key=lambda each: _blurred(each, side))
    dark = sorted((y, x) for (x, y), on in modules.items() if on)
    path = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, x in dark)
    return Drawing(size=side + 2 * QUIET, path=path)


def code(data: bytes, version: int, mask: int) -> Modules:
    """All modules of a code of that version under one of the eight masks."""
    side = version * 4 + 17
    fixed = _fixed(version, side) | _told(version, side, mask)
    whole = _whole(data, version)
    bits = (byte >> shift & 1 for byte in whole for shift in range(7, -1, -1))
    covered = _MASKS[mask]
    free = {at: bool(next(bits, 0)) != covered(*at) for at in _way(side) if at not in fixed}
    return fixed | free


def _room(version: int) -> int:
    """How many bytes a version holds, those of error correction among them."""
    modules = (16 * version + 128) * version + 64
    if version > 1:
        patterns = version // 7 + 2
        modules -= (25 * patterns - 10) * patterns - 55
    return (modules - (36 if version > 6 else 0)) // 8


def _data_room(version: int) -> int:
    return _room(version) - _CORRECTING[version - 1] * _BLOCKS[version - 1]


def _counted(version: int) -> int:
    """In how many bits the length is told."""
    return 8 if version < 10 else 16


def _version(length: int) -> int:
    """The least version that holds so many bytes."""
    for version in range(1, len(_BLOCKS) + 1):
        if 4 + _counted(version) + 8 * length <= 8 * _data_room(version):
            return version
    raise TooLongError


def _worded(data: bytes, version: int) -> bytes:
    """Mode, length, the bytes themselves, an end, and what fills the rest."""
    counted = _counted(version)
    bits = f"0100{len(data):0{counted}b}" + "".join(f"{byte:08b}" for byte in data) + "0000"
    room = _data_room(version)
    bits = bits[: 8 * room].ljust(-(-min(len(bits), 8 * room) // 8) * 8, "0")
    given = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    return given + bytes(_PADDING[each % 2] for each in range(room - len(given)))


@lru_cache(maxsize=1)
def _whole(data: bytes, version: int) -> bytes:
    """All bytes of the code."""
    return bytes(_dealt(data, version))


def _dealt(data: bytes, version: int) -> Iterator[int]:
    """The bytes in their order on the code: of every block the first, then of every block the second, and so on."""
    blocks, correcting = _BLOCKS[version - 1], _CORRECTING[version - 1]
    whole, long = divmod(_data_room(version), blocks)
    rest, words, found = _worded(data, version), [], []
    for block in range(blocks):
        length = whole + (block >= blocks - long)
        words.append(rest[:length])
        found.append(_corrected(rest[:length], correcting))
        rest = rest[length:]
    for parts in (words, found):
        for at in range(max(map(len, parts))):
            yield from (part[at] for part in parts if at < len(part))


def _times(one: int, other: int) -> int:
    """The product in the field of 256 elements."""
    product_ = 0
    for shift in range(7, -1, -1):
        product_ = product_ << 1 ^ (product_ >> 7) * 0x11D
        product_ ^= (other >> shift & 1) * one
    return product_


def _corrected(data: bytes, length: int) -> list[int]:
    """The Reed-Solomon remainder of one block."""
    divisor, root = [0] * (length - 1) + [1], 1
    for _ in range(length):
        divisor = [_times(each, root) ^ (divisor[at + 1] if at + 1 < length else 0) for at, each in enumerate(divisor)]
        root = _times(root, 2)
    rest = [0] * length
    for byte in data:
        factor = byte ^ rest[0]
        rest = [each ^ _times(of, factor) for each, of in zip([*rest[1:], 0], divisor, strict=True)]
    return rest


@lru_cache(maxsize=1)
def _fixed(version: int, side: int) -> Modules:
    """What looks the same whatever is told: the three eyes, the small ones, the rulers."""
    found: Modules = {(6, at): at % 2 == 0 for at in range(side)} | {(at, 6): at % 2 == 0 for at in range(side)}
    steps = _places(version, side)
    last = len(steps) - 1
    for (one, x), (other, y) in product(enumerate(steps), repeat=2):
        if (one, other) not in {(0, 0), (0, last), (last, 0)}:
            found |= {(x + dx, y + dy): max(abs(dx), abs(dy)) != 1 for dx, dy in product(range(-2, 3), repeat=2)}
    for x, y in ((3, 3), (side - 4, 3), (3, side - 4)):
        for dx, dy in product(range(-4, 5), repeat=2):
            if 0 <= x + dx < side and 0 <= y + dy < side:
                found[x + dx, y + dy] = max(abs(dx), abs(dy)) not in {2, 4}
    return found


def _places(version: int, side: int) -> list[int]:
    """Where the small eyes stand, along either side."""
    if version == 1:
        return []
    count = version // 7 + 2
    step = (version * 4 + count * 2 + 1) // (count * 2 - 2) * 2
    return [6, *(side - 7 - each * step for each in range(count - 2, -1, -1))]


def _told(version: int, side: int, mask: int) -> Modules:
    """What tells a reader the level, the mask, and from version 7 on the version."""
    form = _kept(1 << 3 | mask, 10, 0x537) ^ 0x5412
    one = [(8, at) for at in (0, 1, 2, 3, 4, 5, 7, 8)] + [(at, 8) for at in (7, 5, 4, 3, 2, 1, 0)]
    other = [(side - 1 - at, 8) for at in range(8)] + [(8, side - 15 + at) for at in range(8, 15)]
    found = {at: bool(form >> bit & 1) for way in (one, other) for bit, at in enumerate(way)} | {(8, side - 8): True}
    if version > 6:
        bits = _kept(version, 12, 0x1F25)
        for bit in range(18):
            far, near = side - 11 + bit % 3, bit // 3
            found[far, near] = found[near, far] = bool(bits >> bit & 1)
    return found


def _kept(value: int, length: int, divisor: int) -> int:
    """`value` with so many bits behind it by which it is known again."""
    rest = value
    for _ in range(length):
        rest = rest << 1 ^ (rest >> (length - 1)) * divisor
    return value << length | rest


def _way(side: int) -> Iterator[tuple[int, int]]:
    """The order in which modules are filled: up and down in pairs of columns, from the right."""
    for turn, right in enumerate(x - (x <= 6) for x in range(side - 1, 0, -2)):
        rows = range(side) if turn % 2 else range(side - 1, -1, -1)
        for y in rows:
            yield from ((right, y), (right - 1, y))


def _blurred(modules: Modules, side: int) -> int:
    """How hard the code is to read: long runs, squares of one shade, more of one shade than of the other."""
    rows = [[modules[x, y] for x in range(side)] for y in range(side)]
    runs = (len([*run]) for line in (*rows, *zip(*rows, strict=True)) for _, run in groupby(line))
    squares = sum(
        len({rows[y][x], rows[y][x + 1], rows[y + 1][x], rows[y + 1][x + 1]}) == 1
        for x, y in product(range(side - 1), repeat=2)
    )
    uneven = abs(2 * sum(map(sum, rows)) - side * side) * 10 // (side * side)
    return sum(run - 2 for run in runs if run > 4) + 3 * squares + 10 * uneven
