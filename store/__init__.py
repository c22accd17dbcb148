"""Our own drawer: what the gateway itself must remember, every query bound to one manager."""
