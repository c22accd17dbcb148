"""The other side of the window: the contract of a back office, and the offices we ship."""
