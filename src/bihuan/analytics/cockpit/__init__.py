"""Figures of the register (J8): each says what it counts and as of when, and opens the very cases behind it."""
