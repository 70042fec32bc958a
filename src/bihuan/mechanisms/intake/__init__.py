"""Intake (受理入口): every way into the one register."""
