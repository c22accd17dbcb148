"""The fixtures of this folder."""

from tests.store.fresh import migrated_postgres, migrated_sqlite, store, store_url, url

__all__ = ["migrated_postgres", "migrated_sqlite", "store", "store_url", "url"]
