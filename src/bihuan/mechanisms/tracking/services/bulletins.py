"""通报: every month the product writes down what happened, and sends it to the enterprise until the matter is done."""

import datetime as dt
import uuid

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case, Plan
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.workcalendar import selectors as workcalendar

from ..models import Bulletin, Track
from ..states import TrackState
from .recording import commit, rule
from .rhythm import NODE

BATCH = 500
_DUE = "select id from tracking_track where state = %s and bulletin_at <= %s order by bulletin_at limit %s"


def publish_bulletins(*, now: dt.datetime) -> int:
    """Publish the bulletins that are due, each in a transaction of its own, and return their number."""
    published = 0
    with database.writing():
        due = database.fetch(_DUE, [TrackState.TRACKED.value, now, BATCH])
    for (track_id,) in due:
        published += publish_bulletin(track_id=track_id, now=now) is not None
    return published


def publish_bulletin(*, track_id: uuid.UUID, now: dt.datetime) -> Bulletin | None:
    """Write the bulletin of a track that is due, tell the enterprise, and set when the next one is due.

    None when it is not due, or when another worker is at it. Its text is in the product's own language.
    """
    with database.writing():
        chosen = Track.objects.select_for_update(of=("self",), skip_locked=True)
        track = chosen.filter(pk=track_id, state=TrackState.TRACKED, bulletin_at__lte=now).first()
        if track is None or track.bulletin_from is None:
            return None
        case = Case.objects.defer("search").get(pk=track.case_id)
        with translation.override(settings.LANGUAGE_CODE):
            text = written(track, case, since=track.bulletin_from, until=now)
        track.bulletins += 1
        bulletin = Bulletin.objects.create(
            track=track, region=track.region, number=track.bulletins, since=track.bulletin_from, until=now, text=text
        )
        calendar = workcalendar.calendar_for(track.region)
        track.bulletin_from, track.bulletin_at = now, calendar.add(now, rule(track).bulletin_every).at
        changed = ["bulletins", "bulletin_from", "bulletin_at"]
        said = {"bulletin": bulletin.number, "text": text}
        commit(track, case, "bulletin_published", now=now, changed=changed, said=said)
    return bulletin


def written(track: Track, case: Case, *, since: dt.datetime, until: dt.datetime) -> str:
    """Return the text of a bulletin in the active language: what was told in the period, and where each step stands."""
    facts = {"number": track.bulletins + 1, "case": case.number, "title": case.title}
    lines = [
        _("Bulletin %(number)d on %(case)s: %(title)s") % facts,
        _("From %(since)s to %(until)s") % {"since": _day(since), "until": _day(until)},
        "",
        _("What was done:"),
    ]
    told = _progress(track, case, since=since, until=until)
    lines += [f"- {_day(at)} {text}" for at, text in told] or [_("- no news was given in this period")]
    plan = Plan.objects.filter(case=case, version=track.plan_version).first()
    if plan is not None:
        lines += ["", _("Steps of the plan:"), *_steps(track, plan, until)]
    if track.late_since is not None:
        lines += ["", _("An update has been missing since %(day)s.") % {"day": _day(track.late_since)}]
    if track.progress_due_at is not None:
        lines += ["", _("The next update is due by %(day)s.") % {"day": _day(track.progress_due_at)}]
    return "\n".join(lines)


def _progress(track: Track, case: Case, *, since: dt.datetime, until: dt.datetime) -> list[tuple[dt.datetime, str]]:
    """Return the updates the enterprise may read, oldest first: those of the case, and those of the track."""
    found = []
    for stream in (case.id, track.id):
        for fact in ledger.history(stream):
            if fact.kind in ("case.progress_reported", "tracking.progress_reported") and since < fact.at <= until:
                data = ledger.content(fact)["data"]
                if data.get("visible_to_enterprise") is not False:
                    found.append((fact.at, str(data["text"])))
    return sorted(found)


def _steps(track: Track, plan: Plan, now: dt.datetime) -> list[str]:
    rows = Clock.objects.filter(subject=track.id, kind=NODE, cycle=plan.version)
    clock_of = {clock.part: clock for clock in rows}
    lines = []
    for place, measure in enumerate(plan.measures, start=1):
        facts = {**measure, "place": place, "standing": standing(clock_of.get(str(place)), now)}
        lines.append(_("%(place)d. %(what)s — %(unit)s, due %(due)s: %(standing)s") % facts)
    return lines


def standing(clock: Clock | None, now: dt.datetime) -> str:
    """Return where a step stands, in a word of the active language."""
    if clock is None:
        return _("not followed")
    if clock.stopped_at is not None:
        return _("reached on %(day)s") % {"day": _day(clock.stopped_at)}
    if clock.due_at <= now:
        return _("overdue")
    return _("on hold") if clock.paused_at else _("under way")


def _day(instant: dt.datetime) -> str:
    return formats.date_format(timezone.localtime(instant), "DATE_FORMAT")
