"""Pages to start from: the home of an account, the viewer's accounts, notices, help."""
