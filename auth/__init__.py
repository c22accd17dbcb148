"""Who is asking: credentials in, an actor and their reach out."""
