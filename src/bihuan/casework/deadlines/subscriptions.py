"""Reactions to other contexts' facts."""

from bihuan.foundation.workcalendar.events import CalendarChanged

from . import services


def on_calendar_changed(event: CalendarChanged) -> None:
    """Working time changed: have the open clocks it touches recalculated by a worker."""
    services.schedule_recalculation(first_day=event.first_day, regions=event.regions)
