"""How the tables came to be: one revision after another, the same for SQLite and PostgreSQL."""

HEAD = "0008"
"""The newest revision: what the database must be at. Known here, so that a current database needs no alembic."""

VERSION_TABLE = "store_version"
"""Where a database says which revision it is at. Named, so that an office may live in the same database."""
