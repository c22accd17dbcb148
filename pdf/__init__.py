"""Papers: invoices, receipts and lists as PDF, and as the same pages for a browser."""
