"""Wiring of the accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Persons, appointments, tokens and the record of who logged in."""

    name = "bihuan.foundation.accounts"
    label = "accounts"
