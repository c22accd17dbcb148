"""The office that lives in our own process, on a database of its own: the demo's, and the default."""

from ventanilla.backoffice_adapters.embedded.office import adapter

__all__ = ["adapter"]
