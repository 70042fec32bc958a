"""Words of the vault for pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

STAGES: Mapping[str, Any] = {
    "received": _("Received, to be decided"),
    "inquiry": _("Talk or letter of inquiry"),
    "verification": _("Preliminary verification"),
    "shelved": _("Kept for later"),
    "filed": _("Case filed"),
    "concluded": _("Dealt with by the four forms"),
    "settled": _("Settled"),
}
FORMS: Mapping[str, Any] = {
    "first": _("First form: talk and criticism"),
    "second": _("Second form: light sanction"),
    "third": _("Third form: heavy sanction"),
    "fourth": _("Fourth form: crime, handed to justice"),
}
STANDINGS: Mapping[str, Any] = {
    "waiting": _("It was received; somebody will look into it."),
    "at_work": _("It is being looked into."),
    "ended": _("It was looked into and is closed."),
}
ORIGINS: Mapping[str, Any] = {"public": _("Reported by the public"), "transferred": _("Handed over by staff")}
SIDES: Mapping[str, Any] = {
    "informant": _("Whoever reported it"),
    "officer": _("Discipline inspection"),
    "note": _("Note, for officers only"),
}
ACTIONS: Mapping[str, tuple[Any, Any]] = {
    "inquire": (_("Ask by talk or letter"), _("Why this way")),
    "verify_clue": (_("Verify it"), _("Why, and by whom")),
    "shelve": (_("Keep it for later"), _("Why nothing can be done now")),
    "file": (_("File a case"), _("On what ground")),
    "conclude": (_("Deal with it by a form"), _("What was found and decided")),
    "settle_clue": (_("Settle it"), _("Why it is settled; was it untrue, whose name was cleared")),
    "answer": (_("Write to whoever reported it"), _("Your words; they see them with their code")),
    "note": (_("Note"), _("For officers only")),
    "ask_identity": (_("Ask to see who reported it"), _("Why it is needed; a second officer has to agree")),
}
"""Action → (button, label of its text)."""
REQUEST_STATES: Mapping[str, Any] = {
    "asked": _("Waits for a second officer"),
    "confirmed": _("Agreed, not seen yet"),
    "shown": _("Seen, once"),
    "refused": _("Request refused"),
    "expired": _("Lapsed"),
}
REQUEST_ACTIONS: Mapping[str, Any] = {
    "confirm_identity": _("Agree"),
    "refuse_identity": _("Refuse"),
    "show_identity": _("Show it to me, once"),
}
ENTRIES: Mapping[str, Any] = {
    "received": _("A report came in"),
    "transferred": _("handed a clue over"),
    "word": _("Something more was written with the code"),
    "listed": _("looked at the list"),
    "opened": _("opened it"),
    "kept_out": _("tried to open it and was kept out: it concerns them"),
    "views_read": _("looked at this ledger"),
    "rotated": _("Everything was sealed under a new key"),
    "inquire": _("asked by talk or letter"),
    "verify_clue": _("began to verify"),
    "shelve": _("kept it for later"),
    "file": _("filed a case"),
    "conclude": _("dealt with it by a form"),
    "settle_clue": _("settled it"),
    "answer": _("wrote to whoever reported it"),
    "note": _("wrote a note"),
    "ask_identity": _("asked to see who reported it"),
    "confirm_identity": _("agreed that the other officer sees it"),
    "refuse_identity": _("refused that the other officer sees it"),
    "show_identity": _("saw who reported it"),
    "expire_identity": _("A request to see it lapsed"),
}
"""Kind of an entry → what the ledger of views says."""
RULEBOOK: Mapping[str, Any] = {
    "vault": _("Reports on staff, clues"),
    "reports": _("The public may report"),
    "vault.kinds": _("What a report may be about"),
    "confirm_hours": _("A second officer decides within (hours)"),
    "decide_days": _("A clue is decided on within (days)"),
    "?vault": _("Reports go to discipline inspection alone; nobody else in this product can read them."),
}
"""Names of the fields of the rulebook section, as `rulebooks.registry.register_labels` takes them."""
