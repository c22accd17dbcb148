"""Pages for who works for the manager."""
