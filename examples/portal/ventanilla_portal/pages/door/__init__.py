"""Pages by which people come in: signing in, registering, forgotten passwords, linking an account."""
