"""What happens to policies: facts with their wordings, and the event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Event):
    """A fact of a policy or of one of its clauses was recorded (`policies.…`), and where it then stands."""

    policy_id: uuid.UUID
    clause_id: uuid.UUID | None
    region: str
    department_id: uuid.UUID
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "policies.drafted": _("{actor} began the policy {code}"),
    "policies.write_clause": _("{actor} wrote the clause “{clause}”"),
    "policies.write_guide": _("{actor} wrote the guide"),
    "policies.publish": _("{actor} published it; it is in force from {since}"),
    "policies.drop": _("{actor} dropped it: {text}"),
    "policies.end": _("{actor} ended it: {text}"),
    "policies.clause_written": _("{actor} wrote it, version {version}"),
    "policies.open_clause": _("It is open to enterprises"),
    "policies.amend": _("{actor} changed it: version {version}, from {since}"),
    "policies.close_clause": _("It was closed"),
    "policies.profile_changed": _("{actor} filled in: {fields}"),
    "policies.profile_followed": _("The directory changed: {fields}"),
    "policies.imported": _("{actor} took in the file {name}: {taken} rows, {refused} refused"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
