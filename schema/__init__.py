"""What can be asked: the GraphQL types, one noun a file."""
