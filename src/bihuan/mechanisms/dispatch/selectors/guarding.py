"""The veto of the catalogue: a matter is not given to a unit that may not have it (派单目录; 国办函〔2025〕66号)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department, DepartmentKind
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..models import Proposal
from ..rulebook import Routing
from ..rules import routing
from . import catalogue, proposing


def why_not_given(case: Case, body: Any, now: dt.datetime) -> str | None:
    """Return why the unit that a dispatch or a ruling names may not lead the matter, with what would go; or None.

    The matter is the one a person chose for the case, else the one that its words are recognized by.
    """
    code = getattr(body, "lead", None)
    unit = directory.department(case.region, code) if code else None
    settled = rulebooks.version(case.rulebook_version).section(Routing)
    if unit is None or not settled.catalogue_guards or catalogue.current(case.region).edition is None:
        return None
    chosen = Proposal.objects.filter(case_id=case.id, chosen_by__isnull=False).values_list("key", flat=True).first()
    matter, _words = proposing.recognized(case=case, chosen=chosen)
    if matter is None:
        return None
    why = routing.why_not(_belongs(matter), unit=unit.id, kind=unit.kind, never_down_to=settled.never_down_to)
    return _sentence(why, matter, unit) if why else None


def _belongs(matter: catalogue.Matter) -> routing.Belongs:
    return routing.Belongs(
        lead=matter.lead.id,
        lead_kind=matter.lead.kind,
        co={one.id for one in matter.co},
        barred={one.id for one in matter.barred},
        level=matter.entry.level,
    )


def _sentence(why: routing.Why, matter: catalogue.Matter, unit: Department) -> str:
    facts = {
        "unit": unit.name,
        "matter": matter.entry.matter,
        "lead": matter.lead.name,
        "basis": matter.entry.basis,
        "kind": str(DepartmentKind(unit.kind).label),
    }
    if why == "named":
        sentence = _(
            "%(unit)s may not be given “%(matter)s”: the dispatch catalogue says so (%(basis)s). "
            "It goes to %(lead)s; if the matter is another one, choose that at the triage desk."
        )
    else:
        sentence = _(
            "“%(matter)s” belongs to %(lead)s (%(basis)s) and is not pushed down: %(unit)s is of the kind “%(kind)s”. "
            "It goes to %(lead)s; if the matter is another one, choose that at the triage desk."
        )
    return sentence % facts
