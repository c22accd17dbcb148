"""OAuth 2 over HTTP: how programs of a manager ask for tokens, and people consent."""
