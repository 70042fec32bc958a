"""Ledger: every fact, chained and sealed, in one append-only table. Knows nothing about cases."""
