"""Words of dispatch for pages and answers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

FIELDS: Mapping[str, Any] = {
    "category": _("Category"),
    "tier": _("Tier"),
    "board": _("Board"),
    "lead": _("Lead department"),
    "co": _("Co-departments"),
}
"""Part of a proposal → name."""
SOURCES: Mapping[str, Any] = {"catalogue": _("Catalogue"), "model": _("Model")}
LEVELS: Mapping[str, Any] = {
    "": "",
    "province": _("Province"),
    "city": _("City"),
    "county": _("County or district"),
    "town": _("Town or street"),
}
NO_MODEL: Mapping[str, Any] = {
    "missing": _("No text model has been trained for this place yet: only the catalogue proposes."),
    "broken": _("The file of the text model is damaged: only the catalogue proposes. Train it again."),
}
"""Why there is no model → what is said about it."""
LIMITS = (
    _("It learns from what people here decided, mistakes included; it does not know the law."),
    _("It reads title and description only: no pictures, no voice, nothing of the enterprise."),
    _("What has hardly come before it cannot know; below the rulebook's confidence it proposes nothing."),
    _("A person decides each time; no matter is accepted, dispatched or declined by the model."),
)
"""What everybody should know about the model."""
COLUMNS: Mapping[str, Any] = {
    "matter": _("Matter"),
    "words": _("Words"),
    "category": _("Category"),
    "board": _("Board"),
    "tier": _("Tier"),
    "level": _("Level"),
    "lead": _("Lead department"),
    "co": _("Co-departments"),
    "barred": _("Not to be given to"),
    "basis": _("Legal basis"),
}
"""Column of the catalogue → name."""
ROW_FLAWS: Mapping[str, Any] = {
    "required": _("This is missing."),
    "too_long": _("This is too long."),
    "tier_unknown": _("“%(value)s” is no tier; write ordinary, complex or hard."),
    "level_unknown": _("“%(value)s” is no level; write province, city, county or town."),
    "category_unknown": _("“%(value)s” is no category of this place."),
    "board_unknown": _("“%(value)s” is no board of this place."),
    "department_unknown": _("“%(value)s” is no department of this place."),
    "department_gone": _("“%(value)s” is closed; write who has taken over."),
    "matter_twice": _("This matter is there already, in row %(value)s."),
    "lead_barred": _("The lead department is also among those that may not be given it."),
    "lead_is_co": _("The lead department is also among the co-departments."),
    "pushed_down": _("A town or street office leads a matter whose level is not “town”."),
}
"""Flaw of a row → sentence."""
RULEBOOK: Mapping[str, Any] = {
    "routing": _("Proposals and dispatching"),
    "routing.sure_from": _("Proposed from this confidence on"),
    "routing.category": _("Category"),
    "routing.tier": _("Tier"),
    "routing.lead": _("Lead department"),
    "routing.co": _("Co-departments"),
    "routing.never_down_to": _("Kinds of units that nothing is pushed down to"),
    "routing.catalogue_guards": _("The catalogue refuses wrong dispatches"),
    "routing.learn": _("A text model learns from decisions"),
    "routing.urgent_words": _("Signs of an urgent and worrying matter"),
    "routing.sure_from.board": _("Board"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""


def reason(said: Mapping[str, Any]) -> str:
    """Return one reason of a proposal as a sentence in the reader's language."""
    words = "、".join(said.get("words", ()))
    if said["code"] == "catalogue":
        facts = {"matter": said["matter"], "basis": said["basis"], "words": words}
        if not words:
            return gettext("Dispatch catalogue: %(matter)s, chosen by a person (%(basis)s)") % facts
        return gettext("Dispatch catalogue: %(matter)s (%(basis)s), because of: %(words)s") % facts
    if said["code"] == "heir":
        return gettext("%(gone)s is closed; %(heir)s has taken over.") % said
    if said["code"] == "board_lead":
        return gettext("%(gone)s is closed and nobody has taken over; %(heir)s leads the board %(board)s.") % said
    if said["code"] == "urgent":
        return gettext("Perhaps urgent and worrying: %(words)s") % {"words": words}
    return gettext("Past decisions on texts with: %(words)s") % {"words": words}
