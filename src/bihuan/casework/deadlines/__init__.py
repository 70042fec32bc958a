"""Clocks, lights and timers of anything that has to be done in time."""
