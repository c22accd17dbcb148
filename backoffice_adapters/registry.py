"""Finding the adapters that are installed, and fitting an office's settings to one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import msgspec
import msgspec.inspect as types

from ventanilla.backoffice_adapters.contract import CONTRACT, GROUP, Adapter, Configuration, Manifest
from ventanilla.backoffice_adapters.records import Record
from ventanilla.backoffice_adapters.secrets import refuse_literals, resolve

_AT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?", re.DOTALL)
_GOT = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<found>[^`]+)`")
_FIELD = re.compile(r"Object (?P<how>contains unknown|missing required) field `(?P<name>[^`]+)`")


class RegistryError(Exception):
    """An adapter cannot be had, or not with these settings; the message says what to do about it."""


class UnknownAdapterError(RegistryError):
    """No installed package offers an adapter of that name."""


class AdapterNotAllowedError(RegistryError):
    """The adapter is installed, and the operator's allow-list does not name it."""


class AmbiguousAdapterError(RegistryError):
    """Two installed packages offer different adapters of one name."""


class AdapterImportError(RegistryError):
    """What the entry point names cannot be imported, or is no adapter."""


class ContractMismatchError(RegistryError):
    """The adapter was written for a contract that this gateway does not speak."""


class ConfigurationError(RegistryError):
    """Settings do not fit the adapter's configuration; `field` is the dotted path, empty for the whole."""

    def __init__(self, adapter: str, field: str, problem: str) -> None:
        where = f"setting {field!r}" if field else "settings"
        super().__init__(f"adapter {adapter!r}, {where}: {problem}")
        self.field = field


class Listing(Record):
    """One adapter as it is shown to an operator: its manifest, or why it cannot be used."""

    name: str
    manifest: Manifest | None = None
    reason: str = ""


class Registry:
    """The adapters of this installation by name. Each is imported when it is first asked for."""

    def __init__(self, offers: Mapping[str, Callable[[], Any]], allow: Collection[str] | None = None) -> None:
        """Take a loader for each name; `allow` are the names that may be used, None for all."""
        self._offers = offers
        self._allow = allow
        self._loaded: dict[str, Adapter] = {}

    @classmethod
    def discover(cls, allow: Collection[str] | None = None) -> Registry:
        """Find what installed packages offer in the entry-point group; nothing is imported yet."""
        points: dict[str, set[EntryPoint]] = {}
        for point in entry_points(group=GROUP):
            points.setdefault(point.name, set()).add(point)
        return cls({name: _loader(name, found) for name, found in points.items()}, allow)

    def adapters(self) -> list[Listing]:
        """List every adapter that is installed or allowed, by name; imports the allowed ones."""
        return [self._listing(name) for name in sorted({*self._offers, *(self._allow or ())})]

    def get(self, name: str) -> Adapter:
        """Give the adapter called `name`, or raise the `RegistryError` that tells why not."""
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def configure(self, name: str, settings: Mapping[str, Any]) -> Configuration:
        """Read secrets and give the adapter's configuration; raise `ConfigurationError` or `SecretError`."""
        kind = self.get(name).manifest.configuration
        refuse_literals(settings, kind)
        return _fit(name, resolve(settings), kind)

    def check(self, name: str, settings: Mapping[str, Any]) -> None:
        """Raise what `configure` would raise, without reading any secret: references count as text."""
        kind = self.get(name).manifest.configuration
        refuse_literals(settings, kind)
        _fit(name, settings, kind)

    def _listing(self, name: str) -> Listing:
        try:
            return Listing(name=name, manifest=self.get(name).manifest)
        except RegistryError as error:
            return Listing(name=name, reason=str(error))

    def _load(self, name: str) -> Adapter:
        if self._allow is not None and name not in self._allow:
            msg = f"adapter {name!r} is not allowed here; add it to the allow-list ({_names(self._allow)})"
            raise AdapterNotAllowedError(msg)
        if name not in self._offers:
            msg = f"no adapter is called {name!r}; install its package or choose one of: {_names(self._offers)}"
            raise UnknownAdapterError(msg)
        try:
            found = self._offers[name]()
        except RegistryError:
            raise
        except Exception as error:
            msg = f"adapter {name!r} cannot be imported ({type(error).__name__}: {error}); mend its package"
            raise AdapterImportError(msg) from error
        return _checked(name, found)


def _loader(name: str, found: set[EntryPoint]) -> Callable[[], Any]:
    values = sorted({point.value for point in found})

    def load() -> Any:
        if len(values) > 1:
            msg = f"adapter {name!r} is offered twice, as {' and '.join(values)}; uninstall one of the two packages"
            raise AmbiguousAdapterError(msg)
        return next(iter(found)).load()

    return load


def _checked(name: str, found: Any) -> Adapter:
    manifest = getattr(found, "manifest", None)
    if not isinstance(manifest, Manifest) or not callable(getattr(found, "office", None)):
        msg = f"adapter {name!r} is a {type(found).__name__}; it must have `manifest` and `office(setting)`"
        raise AdapterImportError(msg)
    major, minor = manifest.contract
    if major != CONTRACT[0] or minor > CONTRACT[1]:
        side = "the gateway" if (major, minor) > CONTRACT else f"adapter {name!r}"
        msg = (
            f"adapter {name!r} speaks contract {major}.{minor}, the gateway {CONTRACT[0]}.{CONTRACT[1]}; update {side}"
        )
        raise ContractMismatchError(msg)
    return found


def _names(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _fit(adapter: str, settings: Mapping[str, Any], kind: type[Configuration]) -> Configuration:
    try:
        return msgspec.convert(dict(settings), kind)
    except msgspec.ValidationError as error:
        raise _misfit(adapter, str(error), kind) from None


def _misfit(adapter: str, text: str, kind: type[Configuration]) -> ConfigurationError:
    """Say msgspec's finding as a path, what was found and what is expected."""
    parts = _AT.fullmatch(text)
    what, path = (parts["what"], parts["path"] or "") if parts else (text, "")
    if got := _GOT.search(what):
        return ConfigurationError(adapter, path, f"found {got['found']}, expected {got['wanted']}")
    if field := _FIELD.search(what):
        whole = f"{path}.{field['name']}" if path else field["name"]
        return ConfigurationError(adapter, whole, _about_field(field["how"], field["name"], _fields(kind, path)))
    return ConfigurationError(adapter, path, what)


def _about_field(how: str, name: str, known: list[str]) -> str:
    if how.startswith("missing"):
        return "is missing; it has no default"
    near = get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"is not a setting of this adapter; {hint}known here: {_names(known)}"


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
