"""Wiring of evaluation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    """The enterprise's word: ratings, bad marks, callbacks, and signs that they are pressed."""

    name = "bihuan.mechanisms.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        """Register facts, heads, clocks' subjects, the rulebook section, the panel and the reactions."""
        from bihuan.casework.deadlines import services as deadlines
        from bihuan.foundation.ledger import facts, heads
        from bihuan.foundation.rulebooks import registry
        from bihuan.foundation.ui import navigation

        from . import events, panels, permissions, rulebook, subscriptions, wording
        from .models import Callback, Draw, Invitation, Mark, Question

        facts.register(events.WORDINGS, words=wording.IN_FACTS)
        for model in (Invitation, Mark, Draw, Callback, Question):
            heads.register_model(model)
        for model in (Mark, Callback):
            deadlines.guard_subjects(model=model)
        rulebook.register()
        registry.register_labels(wording.RULEBOOK)
        subscriptions.register()
        panels.register()
        queue = (*permissions.HEARERS, *permissions.UNITS)
        navigation.register("oversight", _("Bad marks"), "mood-sad", "evaluation:marks", queue, order=20)
        desk = permissions.HEARERS
        navigation.register("oversight", _("Callbacks"), "phone", "evaluation:calls", desk, order=21)
        watch = permissions.WATCHERS
        navigation.register("oversight", _("Questions"), "help-circle", "evaluation:questions", watch, order=22)
