"""The query console: GraphiQL, served by ourselves, with sign-in above it."""
