"""Keeping count of objections, in the transaction that made or ruled them."""

from bihuan.casework.cases import events as told
from bihuan.foundation.kernel import database

from ..models import Return


def note_objection(*, event: told.CaseObjected) -> Return:
    """Note that the lead department returned a matter, with its reason and basis. The case is locked by the teller."""
    assert event.parties.lead_department_id is not None, "whoever objects leads"
    with database.writing():
        return Return.objects.create(
            region=event.region,
            case_id=event.case_id,
            number=Return.objects.filter(case_id=event.case_id).count() + 1,
            came_from_id=event.parties.lead_department_id,
            reason=event.data["reason"],
            basis=event.data["basis"],
            objected_at=event.at,
        )


def note_ruling(*, event: told.ObjectionRuled) -> None:
    """Note how the open objection of the case was ruled; one from before this was counted is not known."""
    upheld = bool(event.data["upheld"])
    with database.writing():
        found = (
            Return.objects.select_for_update().filter(case_id=event.case_id, upheld=None).order_by("-number").first()
        )
        if found is None:
            return
        found.upheld, found.ruled_at = upheld, event.at
        found.went_to_id = event.parties.lead_department_id if upheld else None
        found.save(update_fields=["upheld", "ruled_at", "went_to"])
