"""Decisions of simulated accountability on plain values."""
