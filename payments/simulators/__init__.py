"""The other side of each platform: what the demo and the tests pay by, offline."""
