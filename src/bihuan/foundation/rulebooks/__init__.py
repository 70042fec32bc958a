"""Rulebooks: what a place has decided (limits, lights, thresholds, people), as data with versions."""
