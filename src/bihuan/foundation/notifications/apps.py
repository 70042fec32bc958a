"""Wiring of the notices."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Inbox, deliveries to the outside, and webhooks."""

    name = "bihuan.foundation.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Register the notices that this context sends itself."""
        from bihuan.foundation.notifications import registry

        registry.register(registry.WEBHOOK_STOPPED)
