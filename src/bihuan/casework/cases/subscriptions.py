"""Reactions of casework to clocks."""


def register() -> None:
    """Subscribe."""
