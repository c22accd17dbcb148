"""Papers: an invoice as PDF, and as the same page for a browser."""
