"""Views of lists that people keep: the only writer and the only reader of `SavedView`."""

import datetime as dt
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.text import clean_line

from .models import SavedView

PAGES = {"queue": "cases:queue", "register": "cases:register"}
"""Page → name of its address."""
NAME, QUERY = 20, 1000
"""Characters that the columns hold."""
MOST = 30
"""Views of one person on one page: more would be no help to find one."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One view as a menu shows it."""

    id: uuid.UUID
    name: str
    url: str


def address(page: str, query: str = "") -> str:
    """Return the address of a page with a filter. Raises NotFound for a page that keeps no views."""
    if page not in PAGES:
        raise errors.NotFound
    return reverse(PAGES[page]) + (f"?{query}" if query else "")


def of(*, person_id: uuid.UUID, page: str) -> list[View]:
    """Return the views that somebody keeps of a page, by name; one query."""
    rows = SavedView.objects.filter(person_id=person_id, page=page).order_by("name")
    return [View(id=row.id, name=row.name, url=address(page, row.query)) for row in rows]


def keep(*, person_id: uuid.UUID, page: str, name: str, query: str, now: dt.datetime) -> SavedView:
    """Keep a filter under a name; one of the same name is replaced. Where in the list somebody stood is left out.

    Raises NotFound for an unknown page, Invalid for a name or a filter that cannot be kept, or when there are too many.
    """
    address(page)
    name = clean_line(name)
    if not 0 < len(name) <= NAME:
        raise errors.Invalid(_("Give the view a name of 1 to 20 characters."), code="view_name", field="name")
    pairs = [(key, value) for key, value in parse_qsl(query.lstrip("?")) if key != "cursor" and "\0" not in key + value]
    kept = urlencode(pairs)
    if len(kept) > QUERY:
        raise errors.Invalid(_("This filter is too long to be kept."), code="view_long", field="query")
    others = SavedView.objects.filter(person_id=person_id, page=page).exclude(name=name)
    if others.count() >= MOST:
        raise errors.Invalid(
            _("You keep %(most)s views here already; remove one first.") % {"most": MOST},
            code="views_many",
            field="name",
        )
    row, _new = SavedView.objects.update_or_create(
        person_id=person_id,
        page=page,
        name=name,
        defaults={"query": kept},
        create_defaults={"query": kept, "created_at": now},
    )
    return row


def drop(*, person_id: uuid.UUID, view_id: uuid.UUID) -> str:
    """Remove a view of one's own and return its page. Raises NotFound when there is none."""
    row = SavedView.objects.filter(person_id=person_id, id=view_id).first()
    if row is None:
        raise errors.NotFound
    row.delete()
    return row.page
