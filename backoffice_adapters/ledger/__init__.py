"""A whole office in SQL: what adapters that keep or copy their data stand on. Start at `office.Ledger`."""
