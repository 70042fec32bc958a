"""Wiring of the working calendar."""

from django.apps import AppConfig


class WorkcalendarConfig(AppConfig):
    """Holds the official days and the office hours of each region."""

    name = "bihuan.foundation.workcalendar"
    label = "workcalendar"
