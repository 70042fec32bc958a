"""GeoReport v2's words for a case, and the two formats it is told in."""

import datetime as dt
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.rulebook import Category
from bihuan.casework.cases.states import OPEN
from bihuan.foundation.kernel import answers

OTHER = "other"
"""The service of a case without a category."""
LONGEST = 4_000
"""Longest description that the schema allows."""

ATTRIBUTES = ("enterprise", "title", "place")
"""What may be said beside the standard's own fields, as `attribute[enterprise]=…`."""


def service(category: Category) -> dict[str, Any]:
    """Return a category as a service."""
    return {
        "service_code": category.id,
        "service_name": category.name.in_language(get_language() or "zh-hans"),
        "description": None,
        "metadata": True,
        "type": "realtime",
        "keywords": category.name.zh,
        "group": None,
    }


def definition(category: Category) -> dict[str, Any]:
    """Return what may be told about a service besides the standard fields."""
    texts = {
        "enterprise": _("The unified social credit code of the enterprise; leave it out to stay anonymous"),
        "title": _("What it is about, in one line"),
        "place": _("Where it is, in your words"),
    }
    attributes = [
        {
            "variable": True,
            "code": code,
            "datatype": "string",
            "required": False,
            "datatype_description": None,
            "order": order,
            "description": texts[code],
        }
        for order, code in enumerate(ATTRIBUTES, start=1)
    ]
    return {"service_code": category.id, "attributes": attributes}


def request(case: Case, names: dict[str, str]) -> dict[str, Any]:
    """Return a case as a service request. names: category id → name in the reader's language."""
    code = case.category or OTHER
    lead = case.lead_department
    changed = [case.raised_at, case.accepted_at, case.dispatched_at, case.replied_at, case.closed_at, case.archived_at]
    return {
        "service_request_id": case.number,
        "status": "open" if case.state in OPEN else "closed",
        "status_notes": case.reply_text or None,
        "service_name": names.get(code),
        "service_code": code,
        "description": f"{case.title}\n{case.description}"[:LONGEST],
        "agency_responsible": lead.name if lead else None,
        "service_notice": None,
        "requested_datetime": answers.local(case.raised_at),
        "updated_datetime": answers.local(max(instant for instant in changed if instant)),
        "expected_datetime": answers.local(case.due_at),
        "address": case.place or None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def told(data: Any, *, form: str, names: tuple[str, str], status: int = 200) -> HttpResponse:
    """Return `data` as JSON or XML. names: of the whole and of one item, for XML."""
    if form == "json":
        return answers.json(data, status=status)
    root = _element(*names, data)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, status=status, content_type="text/xml; charset=utf-8")


def _element(name: str, item: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, list):
        element.extend(_element(item, item, one) for one in value)
    elif isinstance(value, dict):
        element.extend(_element(key, key.removesuffix("s"), one) for key, one in value.items())
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif isinstance(value, dt.datetime):
        element.text = value.isoformat()
    elif value is not None:
        element.text = str(value)
    return element
