"""Words of findings for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: Mapping[str, Any] = {
    "planned": _("To be checked"),
    "nothing": _("Nothing found"),
    "found": _("To be sorted"),
    "handed_over": _("Handed over"),
    "lettered": _("Letter under way"),
    "coordinating": _("Responsibility being settled"),
    "asked": _("To be put right"),
    "answered": _("To be verified"),
    "written_off": _("Written off"),
    "dismissed": _("No problem"),
}
LISTS: Mapping[str, Any] = {
    "supervision_items": _("Supervision items"),
    "found_problems": _("Problems"),
    "rectifications": _("Rectifications"),
    "written_off": _("Written off"),
}
"""List → name, in their order."""
NATURES: Mapping[str, Any] = {
    "": _("Not sorted yet"),
    "clue": _("Clue"),
    "common": _("Common problem"),
    "unclear": _("Unclear duty"),
    "single": _("Single problem"),
}
SOURCES: Mapping[str, Any] = {
    "plan": _("Planned supervision"),
    "hand": _("Entered by hand"),
    "visit": _("Found on a visit"),
}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "find": (_("A problem was found"), _("What was found, when and where")),
    "find_nothing": (_("Nothing was found"), _("What was checked")),
    "ask": (_("Single problem: ask the department"), _("What has to be put right")),
    "suggest": (_("Common problem: draft a letter"), _("What is suggested")),
    "coordinate": (_("Unclear duty: let it be settled"), _("Between whom it is unclear, and what is wanted")),
    "hand_over": (_("Can be checked and concerns persons: hand over"), _("What can be checked, and how")),
    "dismiss": (_("No problem after all"), _("Why it is none")),
    "answer": (_("Answer"), _("What was put right, and how it can be seen")),
    "send_back": (_("Send it back"), _("What is missing")),
    "write_off": (_("Write it off"), _("How it was verified")),
    "look_back": (_("Looked again: it holds"), _("What was seen")),
    "relapse": (_("Looked again: it came back"), _("What came back")),
}
"""Action → (button, label of its text)."""
ASKS_DEPARTMENT = frozenset({"find", "ask", "suggest"})
"""Actions that take a department too, as long as none is named."""
CLOCKS: Mapping[str, Any] = {
    "finding_check": _("checking the item"),
    "finding_sort": _("sorting the problem"),
    "finding_rectify": _("putting it right"),
    "finding_verify": _("verifying the answer"),
    "finding_look_back": _("looking at it again"),
}
LOOKS: Mapping[str, Any] = {
    "": "",
    "drawn": _("To be looked at again"),
    "holds": _("Holds"),
    "relapsed": _("Came back"),
}
FIGURES: Mapping[str, Any] = {
    "planned": _("To be checked"),
    "found": _("Problems found"),
    "clue": _("Handed over as clues"),
    "common": _("Common problems"),
    "unclear": _("Unclear duty"),
    "single": _("Single problems"),
    "written_off": _("Written off"),
    "late": _("Late now"),
    "relapsed": _("Came back"),
}
"""Figure of the lists → name."""
