"""The addresses at each portal by which a browser goes to pay, and comes back."""
