"""Exports of a Ventanilla portal: files, and a database that is kept up to date."""
