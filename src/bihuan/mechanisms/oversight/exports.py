"""The order as a letter (信函格式): always in Chinese, whatever language the person who issues it reads."""

from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.foundation.accounts.roles import REGION_WIDE
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.documents import letters
from bihuan.foundation.documents import selectors as documents
from bihuan.foundation.documents.models import Letter
from bihuan.foundation.documents.services import Draft
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import wording as durations

from . import wording
from .models import Order
from .rulebook import Orders, Oversight

MEDIA_TYPES = letters.MEDIA_TYPES
KIND = "supervision_order"


def draft(order: Order, case: Case, *, word: str) -> Draft:
    """Return the letter that an order becomes when it is issued; word: what the owner adds for the department."""
    rule: Orders = rulebooks.version(order.rulebook_version).section(Oversight).orders
    place = directory.region(order.region)
    with translation.override("zh-hans"):
        head, mark = wording.LETTERS[order.owner]
        return Draft(
            kind=KIND,
            region=order.region,
            issuer=order.owner,
            head=rule.letter_head or str(head) % {"place": place.name if place else ""},
            mark=rule.letter_mark or str(mark),
            title=(_("Supervision order on “%(title)s”") % {"title": case.title})[:300],
            text="\n".join(_text(order, case, word, rule)),
            offices=tuple(f"{role}:{order.region}" for role in sorted(REGION_WIDE)),
            addressee=case.lead_department,
            about=order.id,
        )


def _text(order: Order, case: Case, word: str, rule: Orders) -> list[str]:
    facts = {"title": case.title, "number": case.number, "light": order.light_name}
    times = {"sign": durations.duration(rule.sign_within), "report": durations.duration(rule.report_within)}
    return [
        _(
            "The matter “%(title)s” (number %(number)s), raised by an enterprise and led by you, stands at “%(light)s”."
            " It is now put under supervision."
        )
        % facts,
        _("1. What is demanded"),
        *order.demand.splitlines(),
        *word.splitlines(),
        _("2. When to report"),
        _(
            "Please sign for this letter within %(sign)s, and report in writing within %(report)s of signing what was"
            " done and when the matter will be done."
        )
        % times,
    ]


def file(letter: Letter, form: str) -> bytes:
    """Return the letter of an order as `docx` or `pdf`."""
    return documents.file(letter, form)
