"""Wiring of the accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Persons, appointments, tokens and the record of who logged in."""

    name = "bihuan.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the directory who people are, and keep its changes in the security record."""
        from bihuan.foundation.accounts import selectors, subscriptions
        from bihuan.foundation.directory import permissions

        permissions.connect(selectors.reader_of)
        subscriptions.connect()
