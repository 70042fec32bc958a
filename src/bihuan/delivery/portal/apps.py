"""Wiring of the portal: who sits before a page, and where the frame's places lie."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages for people."""

    name = "bihuan.delivery.portal"
    label = "portal"

    def ready(self) -> None:
        """Tell the frame who reads, what waits for them, and its places."""
        from bihuan.foundation.ui import navigation

        from . import visitors

        navigation.register_visitor(visitors.visitor)
        navigation.register_unread(visitors.unread)
        for place, url_name in visitors.PLACES.items():
            navigation.register_place(place, url_name)
        for who, url_name in visitors.SEARCHES:
            navigation.register_place("search", url_name, [role.value for role in who])
