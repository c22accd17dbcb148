"""Payment platforms: what they are told, and what they tell."""
