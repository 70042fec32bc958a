"""Papers of simulated accountability: application, finding report, letter. One function makes the file."""

import datetime as dt
import uuid

from django.utils import formats, timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.documents import papers
from bihuan.foundation.documents import selectors as documents
from bihuan.foundation.documents.models import Letter
from bihuan.foundation.documents.services import Draft
from bihuan.foundation.kernel import errors
from bihuan.foundation.workcalendar import wording as durations

from . import permissions, selectors, wording
from .models import Duty, Inquiry
from .selectors import Dossier

MEDIA_TYPES = papers.MEDIA_TYPES
REQUEST, NOTICE = "inquiry_request", "inquiry_notice"
"""Kinds of letters: the application of the centre, and the notice of the office."""


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


def request(inquiry: Inquiry) -> Draft:
    """Return the letter in which the centre applies; it goes to the office, and the unit does not see it."""
    with translation.override("zh-hans"):
        facts = {"unit": inquiry.unit.name, "title": inquiry.title, "number": inquiry.case.number}
        lines = [
            _("On the matter “%(title)s” (number %(number)s) we apply for a simulated accountability of %(unit)s.")
            % facts,
            *inquiry.application.splitlines(),
        ]
        title = _("Application for a simulated accountability on “%(title)s”") % facts
        return _draft(inquiry, REQUEST, title, lines, to=_head(inquiry, NOTICE))


def notice(inquiry: Inquiry) -> Draft:
    """Return the notice of what was found, to all units concerned; it names neither persons nor posts.

    Whose responsibility is what stands in the finding report, which each unit is shown as far as it concerns it.
    """
    rules = selectors.rule(inquiry.rulebook_version)
    with translation.override("zh-hans"):
        lines = [
            _("1. What was found"),
            *inquiry.finding.splitlines(),
            _("2. Outcome"),
            str(wording.OUTCOMES[inquiry.outcome]),
        ]
        if inquiry.outcome != "cleared":
            time = {"time": durations.duration(rules.limits.rectify_within)}
            lines += [
                _("3. What to put right"),
                _("Please report in writing within %(time)s of this notice what was put right.") % time,
            ]
        lines.append(_("This notice is a simulation and a warning. It establishes nothing about any person."))
        title = _("Notice of the finding on “%(title)s”") % {"title": inquiry.title}
        return _draft(inquiry, NOTICE, title, lines)


def _draft(inquiry: Inquiry, kind: str, title: str, lines: list[str], *, to: str = "") -> Draft:
    others = [key for key in inquiry.unit_ids if key != inquiry.unit_id] if kind == NOTICE else []
    found = [directory.department_by_id(key) for key in others]
    return Draft(
        kind=kind,
        region=inquiry.region,
        issuer=wording.ISSUERS[kind],
        head=_head(inquiry, kind),
        mark=str(wording.MARKS[kind]),
        title=title[:300],
        text="\n".join(lines),
        offices=tuple(f"{role}:{inquiry.region}" for role in sorted(permissions.WATCHERS)),
        addressee=inquiry.unit if kind == NOTICE else None,
        addressee_name=to,
        also=tuple(one for one in found if one is not None),
        about=inquiry.id,
        reply_due_at=inquiry.rectified_due if kind == NOTICE else None,
    )


def _head(inquiry: Inquiry, kind: str) -> str:
    place = directory.region(inquiry.region)
    return str(wording.HEADS[kind]) % {"place": place.name if place else ""}


def letters_of(found: Dossier, actor: Actor) -> dict[str, Letter]:
    """Return kind → newest letter of an inquiry that was found for the actor, as far as these eyes may see one."""
    there = documents.by_kind(thing=found.seen.inquiry.id, scope=actor.scope())
    return {kind: one for kind, one in there.items() if kind == NOTICE or found.seen.inside}


def letter_file(*, inquiry_id: uuid.UUID, kind: str, form: str, actor: Actor, now: dt.datetime) -> bytes:
    """Return a letter of an inquiry as `docx` or `pdf`. Raises NotFound where none is there for these eyes."""
    found = selectors.dossier(inquiry_id=inquiry_id, actor=actor, now=now)
    letter = letters_of(found, actor).get(kind)
    if letter is None or form not in MEDIA_TYPES:
        raise errors.NotFound(code="paper_unknown")
    return documents.file(letter, form)


def content(*, inquiry_id: uuid.UUID, kind: str, form: str, actor: Actor, now: dt.datetime) -> bytes:
    """Return a paper or a letter of an inquiry as a file. Raises NotFound."""
    if kind in (REQUEST, NOTICE):
        return letter_file(inquiry_id=inquiry_id, kind=kind, form=form, actor=actor, now=now)
    return file(paper_of(inquiry_id=inquiry_id, kind=kind, actor=actor, now=now), form)
