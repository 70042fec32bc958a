"""Dates and times in the form of each language where it differs from Django's own."""
