"""Finding the plug-ins that installed packages offer, and fitting settings to one of them.

Adapters and payment platforms are found, checked and configured alike; each kind has a registry of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, Protocol, Self, TypeVar

import msgspec
import msgspec.inspect as types

from ventanilla.backoffice_adapters.manifest import Configuration
from ventanilla.backoffice_adapters.records import Record
from ventanilla.backoffice_adapters.secrets import refuse_literals, resolve

_AT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?", re.DOTALL)
_GOT = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<found>[^`]+)`")
_FIELD = re.compile(r"Object (?P<how>contains unknown|missing required) field `(?P<name>[^`]+)`")


class RegistryError(Exception):
    """A plug-in cannot be had, or not with these settings; the message says what to do about it."""


class UnknownPluginError(RegistryError):
    """No installed package offers a plug-in of that name."""


class PluginNotAllowedError(RegistryError):
    """The plug-in is installed, and the operator's allow-list does not name it."""


class AmbiguousPluginError(RegistryError):
    """Two installed packages offer different plug-ins of one name."""


class PluginImportError(RegistryError):
    """What the entry point names cannot be imported, or is no such plug-in."""


class ContractMismatchError(RegistryError):
    """The plug-in was written for a contract that this gateway does not speak."""


class ConfigurationError(RegistryError):
    """Settings do not fit the plug-in's configuration; `field` is the dotted path, empty for the whole."""

    def __init__(self, plugin: str, field: str, problem: str) -> None:
        where = f"setting {field!r}" if field else "settings"
        super().__init__(f"{plugin}, {where}: {problem}")
        self.field = field


class PluginManifest(Protocol):
    """What the manifest of any plug-in says."""

    @property
    def contract(self) -> tuple[int, int]:
        """(major, minor) of the contract that it was written for."""
        ...

    @property
    def configuration(self) -> type[Configuration]:
        """What its settings must fit."""
        ...


P = TypeVar("P")
M = TypeVar("M", bound=PluginManifest)


@dataclass(frozen=True, slots=True)
class PluginKind(Generic[M]):
    """What all plug-ins of one kind have in common."""

    noun: str
    """What people call one: ``adapter``."""
    group: str
    """The entry-point group that they are found in."""
    contract: tuple[int, int]
    manifest: type[M]
    makes: str
    """The method that makes what it is for, called with a `setting`."""


class Listing(Record, Generic[M]):
    """One plug-in as it is shown to an operator: its manifest, or why it cannot be used."""

    name: str
    manifest: M | None = None
    reason: str = ""


class Plugins(Generic[P, M]):
    """The plug-ins of one kind in this installation, by name. Each is imported when it is first asked for."""

    kind: PluginKind[M]

    def __init__(self, offers: Mapping[str, Callable[[], Any]], allow: Collection[str] | None = None) -> None:
        """Take a loader for each name; `allow` are the names that may be used, None for all."""
        self._offers = offers
        self._allow = allow
        self._loaded: dict[str, tuple[P, M]] = {}

    @classmethod
    def discover(cls, allow: Collection[str] | None = None) -> Self:
        """Find what installed packages offer in the entry-point group; nothing is imported yet."""
        points: dict[str, set[EntryPoint]] = {}
        for point in entry_points(group=cls.kind.group):
            points.setdefault(point.name, set()).add(point)
        return cls({name: _loader(f"{cls.kind.noun} {name!r}", found) for name, found in points.items()}, allow)

    def listings(self) -> list[Listing[M]]:
        """List every plug-in that is installed or allowed, by name; imports the allowed ones."""
        return [self._listing(name) for name in sorted({*self._offers, *(self._allow or ())})]

    def get(self, name: str) -> P:
        """Give the plug-in called `name`, or raise the `RegistryError` that tells why not."""
        return self._known(name)[0]

    def manifest(self, name: str) -> M:
        """What the plug-in called `name` says of itself; raises as `get` does."""
        return self._known(name)[1]

    def configure(self, name: str, settings: Mapping[str, Any]) -> Configuration:
        """Read secrets and give the plug-in's configuration; raise `ConfigurationError` or `SecretError`."""
        wanted = self.manifest(name).configuration
        refuse_literals(settings, wanted)
        return _fit(self._called(name), resolve(settings), wanted)

    def check(self, name: str, settings: Mapping[str, Any]) -> None:
        """Raise what `configure` would raise, without reading any secret: references count as text."""
        wanted = self.manifest(name).configuration
        refuse_literals(settings, wanted)
        _fit(self._called(name), settings, wanted)

    def _called(self, name: str) -> str:
        return f"{self.kind.noun} {name!r}"

    def _known(self, name: str) -> tuple[P, M]:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _listing(self, name: str) -> Listing[M]:
        try:
            return Listing(name=name, manifest=self.manifest(name))
        except RegistryError as error:
            return Listing(name=name, reason=str(error))

    def _load(self, name: str) -> tuple[P, M]:
        if self._allow is not None and name not in self._allow:
            msg = f"{self._called(name)} is not allowed here; add it to the allow-list ({_names(self._allow)})"
            raise PluginNotAllowedError(msg)
        if name not in self._offers:
            known = _names(self._offers)
            msg = f"no {self.kind.noun} is called {name!r}; install its package or choose one of: {known}"
            raise UnknownPluginError(msg)
        try:
            found = self._offers[name]()
        except RegistryError:
            raise
        except Exception as error:
            msg = f"{self._called(name)} cannot be imported ({type(error).__name__}: {error}); mend its package"
            raise PluginImportError(msg) from error
        return found, _manifest_of(found, self._called(name), self.kind)


def _loader(called: str, found: set[EntryPoint]) -> Callable[[], Any]:
    values = sorted({point.value for point in found})

    def load() -> Any:
        if len(values) > 1:
            msg = f"{called} is offered twice, as {' and '.join(values)}; uninstall one of the two packages"
            raise AmbiguousPluginError(msg)
        return next(iter(found)).load()

    return load


def _manifest_of(found: Any, called: str, kind: PluginKind[M]) -> M:
    """The manifest of what an entry point named, once it is certain that it is such a plug-in."""
    manifest = getattr(found, "manifest", None)
    if not isinstance(manifest, kind.manifest) or not callable(getattr(found, kind.makes, None)):
        msg = f"{called} is a {type(found).__name__}; it must have `manifest` and `{kind.makes}(setting)`"
        raise PluginImportError(msg)
    (major, minor), ours = manifest.contract, kind.contract
    if major != ours[0] or minor > ours[1]:
        side = "the gateway" if (major, minor) > ours else called
        msg = f"{called} speaks contract {major}.{minor}, the gateway {ours[0]}.{ours[1]}; update {side}"
        raise ContractMismatchError(msg)
    return manifest


def _names(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _fit(plugin: str, settings: Mapping[str, Any], kind: type[Configuration]) -> Configuration:
    try:
        return msgspec.convert(dict(settings), kind)
    except msgspec.ValidationError as error:
        raise _misfit(plugin, str(error), kind) from None


def _misfit(plugin: str, text: str, kind: type[Configuration]) -> ConfigurationError:
    """Say msgspec's finding as a path, what was found and what is expected."""
    parts = _AT.fullmatch(text)
    what, path = (parts["what"], parts["path"] or "") if parts else (text, "")
    if got := _GOT.search(what):
        return ConfigurationError(plugin, path, f"found {got['found']}, expected {got['wanted']}")
    if field := _FIELD.search(what):
        whole = f"{path}.{field['name']}" if path else field["name"]
        return ConfigurationError(plugin, whole, _about_field(field["how"], field["name"], _fields(kind, path)))
    return ConfigurationError(plugin, path, what)


def _about_field(how: str, name: str, known: list[str]) -> str:
    if how.startswith("missing"):
        return "is missing; it has no default"
    near = get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"is no setting here; {hint}known are: {_names(known)}"


def _fields(kind: type, path: str) -> list[str]:
    """Name the fields of the struct that stands at `path` inside `kind`."""
    node: types.Type | None = types.type_info(kind)
    for step in re.findall(r"\[[^\]]*\]|[^.\[]+", path):
        node = _inside(node, step)
    node = _plain(node)
    return [field.encode_name for field in node.fields] if isinstance(node, types.StructType) else []


def _inside(node: types.Type | None, step: str) -> types.Type | None:
    node = _plain(node)
    if isinstance(node, types.StructType):
        return next((field.type for field in node.fields if field.encode_name == step), None)
    if isinstance(node, types.DictType):
        return node.value_type
    return node.item_type if isinstance(node, types.ListType | types.VarTupleType) else None


def _plain(node: types.Type | None) -> types.Type | None:
    """Look through annotations and "or nothing"."""
    if isinstance(node, types.Metadata):
        return _plain(node.type)
    if isinstance(node, types.UnionType):
        return _plain(next((member for member in node.types if not isinstance(member, types.NoneType)), None))
    return node
