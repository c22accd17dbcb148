"""Other GraphQL gateways over the same data."""
