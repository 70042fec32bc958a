"""Decisions on inspections, on plain values."""
