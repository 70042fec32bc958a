"""Words of upward escalation for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "sent": _("On its way up"),
    "received": _("With the level above"),
    "asked": _("The level above asks"),
    "open": _("In work here"),
    "answered": _("Answered from above"),
    "declined": _("Not taken above"),
    "withdrawn": _("Taken back"),
}
"""State of an escalation or arrival → name."""
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "answer_above": (_("Answer the level above"), _("What the level above wanted to know")),
    "take_back": (_("Take it back from above"), _("Why it need not be above any more")),
    "list": (_("Put it on the list of major problems"), _("Why it is a major problem")),
}
"""Action → (button, label of its text)."""
IN_FACTS: Mapping[str, Mapping[str, Any]] = {
    "why": {
        "too_large": _("it is too large"),
        "taken_back": _("the matter was taken back"),
        "broken": _("it did not arrive as it was sent"),
        "too_many_files": _("the case has as many files as allowed"),
        "state_forbids": _("the case has ended"),
        "file_type_unknown": _("files of this kind are not taken here"),
    }
}
"""Key of a fact → its codes → the word shown instead."""
RULEBOOK: Mapping[str, Any] = {
    "escalation": _("Upward escalation"),
    "senders": _("Who may send a matter up"),
    "reply_within": _("The level above answers within"),
    "files_mb": _("MiB of files that travel with a matter"),
    "silent_after": _("Told when another installation receives nothing for"),
    "task_force": _("Name of the provincial task force"),
    "major_list": _("Name of the list of major problems"),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""
