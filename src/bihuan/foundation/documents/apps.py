"""Wiring of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Papers, and letters with a number."""

    name = "bihuan.foundation.documents"
    label = "documents"

    def ready(self) -> None:
        """Register facts and heads of letters."""
        from bihuan.foundation.ledger import facts as readings
        from bihuan.foundation.ledger import heads

        from . import facts, models

        readings.register(facts.WORDINGS)
        heads.register_model(models.Letter)
