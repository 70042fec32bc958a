"""What the security record is narrowed to."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors, wording

from . import fields


class RecordFilter(forms.Form):
    """Kind of event, person (by user name), and days. Nonsense in the address narrows nothing."""

    kind = fields.choice(_("Event"), required=False)
    person = fields.line(_("User name"), 64, required=False)
    since = fields.day(_("From"))
    until = fields.day(_("Last day"))

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = [("", _("Everything")), *wording.GROUPS.items(), *wording.KINDS.items()]  # type: ignore[attr-defined]

    def narrowed(self) -> dict[str, Any]:
        """Return what `accounts.selectors.security_events` takes. A user name that nobody has finds nothing."""
        self.is_valid()
        given = self.cleaned_data
        found: dict[str, Any] = {"kind": given.get("kind") or ""}
        if name := given.get("person"):
            person = selectors.person_named(name)
            found["person_id"] = person.pk if person else uuid.UUID(int=1)
        if since := given.get("since"):
            found["since"] = _midnight(since)
        if until := given.get("until"):
            found["until"] = _midnight(until + dt.timedelta(days=1))
        return found


def _midnight(on: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on, dt.time()))
