"""Casework: the case with its one lifecycle, and the clocks that run on it."""
