"""Papers of simulated accountability: application, finding report, letter. One function makes the file."""

import datetime as dt
import uuid

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.documents import papers
from bihuan.foundation.kernel import errors

from . import selectors, wording
from .models import Duty
from .selectors import Dossier

MEDIA_TYPES = papers.MEDIA_TYPES


def file(paper: papers.Paper, form: str) -> bytes:
    """Return a paper as `docx` or `pdf`. Raises NotFound for another form."""
    if form not in MEDIA_TYPES:
        raise errors.NotFound(code="form_unknown")
    return papers.draw(paper, form)


def paper_of(*, inquiry_id: uuid.UUID, kind: str, actor: Actor, now: dt.datetime) -> papers.Paper:
    """Return the `application`, `finding` or `rectification` of an inquiry. Raises NotFound for what is not there."""
    found = selectors.dossier(inquiry_id=inquiry_id, actor=actor, now=now)
    made = {"application": _application, "finding": _finding, "rectification": _rectification}.get(kind)
    paper = made(found) if made else None
    if paper is None:
        raise errors.NotFound(code="paper_unknown")
    return paper


def _day(instant: dt.datetime | None) -> str:
    return formats.date_format(timezone.localtime(instant), "DATE_FORMAT") if instant else ""


def _about(found: Dossier, at: dt.datetime | None) -> str:
    return f"{found.seen.inquiry.number} · {_day(at)}"


def _heading(text: str) -> papers.Block:
    return papers.Block(kind="heading", text=text)


def _application(found: Dossier) -> papers.Paper | None:
    one = found.seen.inquiry
    if not found.seen.inside:
        return None
    lines = [_("Matter: %(title)s") % {"title": one.title}, _("Unit: %(name)s") % {"name": one.unit.name}]
    blocks = (*papers.texts(lines), *papers.texts(one.application.splitlines()))
    return papers.Paper(
        title=_("Application for a simulated accountability"), under=_about(found, one.applied_at), blocks=blocks
    )


def _finding(found: Dossier) -> papers.Paper | None:
    one = found.seen.inquiry
    if one.found_at is None:
        return None
    blocks = [
        papers.Block(text=_("This is a simulation and a warning. It establishes nothing about any person.")),
        _heading(_("What was found")),
        *papers.texts([str(wording.OUTCOMES[one.outcome]), *one.finding.splitlines()]),
    ]
    if found.duties:
        head = (_("Unit, section, post"), _("Failing"), _("Would apply if established"), _("Provision"))
        rows = [head, *(_row(found, duty) for duty in found.duties)]
        blocks += [_heading(_("Responsibility list")), papers.Block(kind="table", rows=tuple(rows))]
    return papers.Paper(
        title=_("Finding report of a simulated accountability"), under=_about(found, one.found_at), blocks=tuple(blocks)
    )


def words_of(found: Dossier, duty: Duty) -> tuple[str, str, str]:
    """Return the names of kind, treatment and post of a responsibility, as the rulebook of its inquiry names them."""
    language, book = get_language() or "zh-hans", found.book
    named = (book.kind(duty.kind), book.treatment(duty.treatment), book.post(duty.post))
    kind, treatment, post = (one.name.in_language(language) if one else "" for one in named)
    return kind, treatment, post


def _row(found: Dossier, duty: Duty) -> tuple[str, str, str, str]:
    kind, treatment, post = words_of(found, duty)
    unit = duty.department.name
    if duty.bearer_id != duty.department_id:
        unit = _("%(unit)s (carried by %(bearer)s)") % {"unit": unit, "bearer": duty.bearer.name}
    return f"{unit} {duty.section} {post}", f"{kind}: {duty.text}", treatment, duty.provision


def _rectification(found: Dossier) -> papers.Paper | None:
    one = found.seen.inquiry
    if not one.rectification:
        return None
    lines = [_("Unit: %(name)s") % {"name": one.unit.name}, *one.rectification.splitlines()]
    return papers.Paper(
        title=_("Rectification report"), under=_about(found, one.rectified_at), blocks=papers.texts(lines)
    )


def letter(*, relief_id: uuid.UUID, actor: Actor) -> papers.Paper:
    """Return the paper of a granted tolerance finding or letter; the name is left blank, to be written by hand.

    Raises NotFound where it is not granted, or not for these eyes.
    """
    found = selectors.relief(relief_id=relief_id, actor=actor)
    if found.state != "granted":
        raise selectors.not_found()
    post = selectors.rule(found.inquiry.rulebook_version).post(found.post)
    named = post.name.in_language(get_language() or "zh-hans") if post else ""
    meant = {
        "tolerance": _("The failing is tolerated: it was an honest attempt, it is put right, and it is learnt from."),
        "no_effect": _("The matter named above should not affect use, assessment or promotion of the holder."),
    }[found.kind]
    lines = [
        _("Unit: %(name)s") % {"name": found.department.name},
        _("Section and post: %(section)s %(post)s") % {"section": found.section, "post": named},
        _("Name (by hand): ____________"),
        _("Matter: %(title)s") % {"title": found.inquiry.title},
        *found.text.splitlines(),
        *found.answer.splitlines(),
        meant,
    ]
    title = str(wording.RELIEFS[found.kind])
    return papers.Paper(title=title, under=f"{found.number} · {_day(found.ended_at)}", blocks=papers.texts(lines))
