"""Rows of the ledger as records: for each noun the columns that are read, and the records they make.

The first column of every row says what was asked for; the record begins at the second.
"""
