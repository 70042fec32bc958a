"""Decisions on policies, on plain values: conditions, what is unknown, amounts, and matching in bulk."""
