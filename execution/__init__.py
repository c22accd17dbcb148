"""The engine: runs a GraphQL document as a few batched calls; knows nothing of invoices, imports no other room."""
