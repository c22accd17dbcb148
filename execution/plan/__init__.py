"""Plans: an operation compiled once, which then runs level by level with code written for it."""
