"""The `files` adapter keeps the contract's promises, with the mapping of a real export."""

import pytest
from msgspec.structs import replace

from tests.backoffice_adapters.osiedle import MAPPING
from ventanilla.backoffice_adapters.book import Book
from ventanilla.backoffice_adapters.conformance.suite import Conformance, Harness
from ventanilla.backoffice_adapters.files import adapter


def exported(book: Book) -> Book:
    """What a rent program keeps of the reference book: it knows nothing of communities, owners and notices.

    The cells of an export are trimmed, so a channel's spaces at either end are lost.
    """
    buildings = tuple(replace(building, community=None) for building in book.buildings)
    standings = tuple(entry for entry in book.standings if entry.community is None)
    enrolments = tuple(replace(entry, channel=entry.channel and entry.channel.strip()) for entry in book.enrolments)
    return replace(
        book,
        communities=(),
        buildings=buildings,
        enrolments=enrolments,
        ownership_shares=(),
        notices=(),
        standings=standings,
        supplier_invoices=tuple(replace(entry, community=None) for entry in book.supplier_invoices),
    )


class TestFiles(Conformance):
    @pytest.fixture(scope="class")
    @classmethod
    def harness(cls) -> Harness:
        # The reference book is written in the letters of three countries, which no one-byte encoding holds.
        configuration = MAPPING["offices"]["czynsze"]["configuration"] | {"encoding": "utf-8", "expected_letters": ""}
        return Harness(
            adapter=adapter,
            configuration=configuration,
            adapt=exported,
            broken=configuration | {"folder": __file__},
        )
