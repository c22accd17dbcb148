"""A white-label portal: pages over the public GraphQL schema of a Ventanilla gateway, and nothing else."""
