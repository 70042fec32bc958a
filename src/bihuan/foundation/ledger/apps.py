"""Wiring of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Nothing to wire: other contexts register wordings (`facts`) and chain heads (`heads`) here."""

    name = "bihuan.foundation.ledger"
    label = "ledger"
