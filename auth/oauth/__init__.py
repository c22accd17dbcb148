"""OAuth 2: how programs get tokens at one manager."""
