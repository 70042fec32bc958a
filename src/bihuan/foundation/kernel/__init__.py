"""Kernel: the few ideas everything stands on. Knows nobody."""
