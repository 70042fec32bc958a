"""Decisions on plain values: which cases are looked back at, where the time went, what a dissection needs."""
