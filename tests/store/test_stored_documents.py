"""Documents that a manager has stored: added, listed, found, removed."""

from hashlib import sha256

import pytest

from ventanilla.store import managers, stored_documents
from ventanilla.store.managers import UnknownManagerError
from ventanilla.store.store import Store
from ventanilla.store.stored_documents import StoredDocument

pytestmark = pytest.mark.anyio

ONE, TWO = (StoredDocument.of(f"{{ {name} }} # ñ", f"{name}.graphql") for name in ("one", "two"))


async def version(store: Store, slug: str) -> int:
    found = await managers.get(store, slug)
    assert found
    return found.version


def test_a_document_is_named_by_its_bytes() -> None:
    assert ONE.id == "sha256:" + sha256("{ one } # ñ".encode()).hexdigest()
    assert StoredDocument.of(ONE.text + " ", "").id != ONE.id


async def test_what_was_added_is_found_at_its_manager_only(store: Store) -> None:
    assert await stored_documents.add(store, "sur", [TWO, ONE, ONE]) == 2

    assert await stored_documents.listing(store, "sur") == [ONE, TWO]
    assert await stored_documents.text_of(store, "sur", ONE.id) == ONE.text
    assert await stored_documents.listing(store, "norte") == []
    assert await stored_documents.text_of(store, "norte", ONE.id) is None


async def test_each_manager_may_store_the_same(store: Store) -> None:
    for slug in ("sur", "norte"):
        assert await stored_documents.add(store, slug, [ONE]) == 1
    assert await stored_documents.remove(store, "sur", [ONE.id]) == 1
    assert await stored_documents.text_of(store, "norte", ONE.id) == ONE.text


async def test_a_change_gives_the_manager_another_version(store: Store) -> None:
    first, other = await version(store, "sur"), await version(store, "norte")
    await stored_documents.add(store, "sur", [ONE])
    added = await version(store, "sur")
    assert await stored_documents.add(store, "sur", [ONE]) == 0
    assert await stored_documents.remove(store, "sur", [TWO.id]) == 0
    assert await version(store, "sur") == added
    await stored_documents.remove(store, "sur", [ONE.id, TWO.id])

    assert len({first, added, await version(store, "sur")}) == 3
    assert await version(store, "norte") == other


async def test_an_unknown_manager_is_told(store: Store) -> None:
    with pytest.raises(UnknownManagerError, match="manager list"):
        await stored_documents.add(store, "nobody", [ONE])
    with pytest.raises(UnknownManagerError):
        await stored_documents.remove(store, "nobody", [ONE.id])
    with pytest.raises(UnknownManagerError):
        await stored_documents.listing(store, "nobody")


async def test_documents_leave_with_their_manager(store: Store) -> None:
    await stored_documents.add(store, "sur", [ONE])
    await managers.remove(store, "sur")
    assert await store.rows("SELECT id FROM stored_document") == []
