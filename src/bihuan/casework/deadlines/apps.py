"""Wiring of the clocks."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Holds clocks and timers; knows nothing about what they are for."""

    name = "bihuan.casework.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        """Follow changes of the working calendar, and make the alarm known."""
        from bihuan.foundation.kernel import events
        from bihuan.foundation.workcalendar.events import CalendarChanged

        from . import notices, subscriptions

        notices.register()
        events.subscribe(CalendarChanged, subscriptions.on_calendar_changed)
