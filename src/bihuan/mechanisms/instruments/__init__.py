"""Instruments of oversight: reminders, recommendations, interviews, circulars, each followed to its end."""
