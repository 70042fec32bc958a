"""Openness: what anybody may know of how matters are handled, without a login and without personal data."""
