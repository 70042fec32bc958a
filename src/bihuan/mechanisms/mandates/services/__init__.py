"""The only writers of mandates and windows. Order of locks: window, mandates, tasks, clocks."""

from .acting import appoint, cross, take, take_task
from .windows import open_windows, take_window

__all__ = ["appoint", "cross", "open_windows", "take", "take_task", "take_window"]
