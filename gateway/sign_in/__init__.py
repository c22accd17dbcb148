"""Signing in at an identity provider: the addresses at each portal that lead there and back."""
