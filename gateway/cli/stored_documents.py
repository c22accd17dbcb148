"""``ventanilla manager documents``: store, list and remove the GraphQL documents that requests may name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventanilla.gateway.mistake import MistakeError

if TYPE_CHECKING:
    from graphql import OperationDefinitionNode

    from ventanilla.execution.documents import Prepared
    from ventanilla.execution.engine import Engine
    from ventanilla.store.stored_documents import StoredDocument

stored_documents = typer.Typer(help="Store the GraphQL documents that requests may name.", no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="The manager's short name.", show_default=False)]


@stored_documents.command()
def add(
    slug: Slug,
    files: Annotated[list[Path], typer.Argument(help="GraphQL documents, one a file.", show_default=False)],
) -> None:
    """Store documents, all or none; prints the documentId of each, which is the hash of its file."""
    from ventanilla.gateway.cli.serving import with_store  # noqa: PLC0415  only when it runs
    from ventanilla.store import stored_documents as stored  # noqa: PLC0415  only when it runs

    documents = _checked(files)
    new = asyncio.run(with_store(lambda store: stored.add(store, slug, documents)))
    _tell(documents)
    typer.echo(f"{slug} has {len(documents)} of these stored, {new} of them new.")


@stored_documents.command("list")
def list_documents(slug: Slug) -> None:
    """List a manager's stored documents: the documentId and the file it came from."""
    from ventanilla.gateway.cli.serving import with_store  # noqa: PLC0415  only when it runs
    from ventanilla.store import stored_documents as stored  # noqa: PLC0415  only when it runs

    found = asyncio.run(with_store(lambda store: stored.listing(store, slug)))
    _tell(found)
    if not found:
        typer.echo(f"{slug} has none. Store some with: ventanilla manager documents add {slug} FILES", err=True)


@stored_documents.command()
def remove(
    slug: Slug,
    ids: Annotated[list[str], typer.Argument(help="What `list` shows in front of a document.", show_default=False)],
) -> None:
    """Remove stored documents; requests that name them are refused from then on."""
    from ventanilla.gateway.cli.serving import with_store  # noqa: PLC0415  only when it runs
    from ventanilla.store import stored_documents as stored  # noqa: PLC0415  only when it runs

    removed = asyncio.run(with_store(lambda store: stored.remove(store, slug, ids)))
    typer.echo(f"{removed} of {len(ids)} removed from {slug}.")


def _tell(documents: list[StoredDocument]) -> None:
    for each in documents:
        typer.echo(f"{each.id} {each.source}")


def _checked(files: list[Path]) -> list[StoredDocument]:
    """The documents of `files`; `MistakeError` with a line for everything that one of them has wrong."""
    from ventanilla.execution.engine import Engine  # noqa: PLC0415  only when it runs
    from ventanilla.gateway.settings import load  # noqa: PLC0415  only when it runs
    from ventanilla.schema.schema import build  # noqa: PLC0415  only when it runs
    from ventanilla.store.stored_documents import StoredDocument  # noqa: PLC0415  only when it runs

    engine = Engine(build(), introspection=load().allows_introspection)
    documents = [StoredDocument.of(_text(file), file.name) for file in files]
    checks = zip(files, documents, strict=True)
    problems = [f"{file}{problem}" for file, each in checks for problem in _problems(engine, each.text)]
    if problems:
        raise MistakeError("\n".join([*problems, "Nothing was stored: mend the above and repeat."]))
    return documents


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except OSError as error:
        raise MistakeError(f"{file}: {error.strerror}. Name files that hold a GraphQL document.") from None
    except UnicodeDecodeError:
        raise MistakeError(f"{file} is not UTF-8 text. Name files that hold a GraphQL document.") from None


def _problems(engine: Engine, text: str) -> Iterator[str]:
    """What a request for `text` would be refused for, as ``:line:column: what``."""
    from ventanilla.execution.engine import Outcome  # noqa: PLC0415  only when it runs

    prepared = engine.prepare(text)
    if not isinstance(prepared, Outcome):
        yield from _costly(engine, prepared)
        return
    for error in prepared.errors:
        place = "".join(f":{at.line}:{at.column}" for at in (error.locations or ())[:1])
        yield f"{place}: {error.message}"


def _costly(engine: Engine, prepared: Prepared) -> Iterator[str]:
    from graphql import OperationDefinitionNode  # noqa: PLC0415  only when it runs

    from ventanilla.gateway.budget import MOST_POINTS_OF_EXPORTS  # noqa: PLC0415  only when it runs

    for node in prepared.document.definitions:
        if isinstance(node, OperationDefinitionNode):
            name = node.name.value if node.name else None
            cost = engine.cost(prepared, name, None)
            most = MOST_POINTS_OF_EXPORTS if "export" in _roots(node) else engine.most_points
            if cost > most:
                shown = name or "The operation"
                yield f": {shown} costs {cost} points; one request may cost {most}. Ask for less at once."


def _roots(operation: OperationDefinitionNode) -> set[str]:
    """The names of the fields with which an operation begins."""
    from graphql import FieldNode  # noqa: PLC0415  only when it runs

    return {node.name.value for node in operation.selection_set.selections if isinstance(node, FieldNode)}
