"""What visitors write down: kept once however often it is sent, with photos freed of all but their pixels."""

import datetime as dt
import hashlib
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.events.between import VisitFound
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rules import files
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors, events
from bihuan.foundation.kernel.text import clean_line, clean_text, needed_text

from .. import notices
from ..models import Photo, PhotoPlace, Report, Visit
from ..rulebook import Photos
from ..rules import visits
from ..states import VisitState
from .recording import commit, rule
from .visiting import locked

PIXELS = 60_000_000
PICTURES = frozenset({"jpg", "png", "webp"})
_GPS = 0x8825
WIDE = 2560


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A photo as it came: its name and content."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, kw_only=True)
class Written:
    """A visitor's form. key: of the form, the same when it is sent again; taken_at: by the device's clock.

    department: code of whom the finding is about. stated_title, stated: what the enterprise stated, in its own words.
    """

    key: str
    text: str
    taken_at: dt.datetime | None = None
    finding: str = ""
    department: str = ""
    stated_title: str = ""
    stated: str = ""
    photos: Sequence[Picture] = ()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What became of a form: its report, and the number and follow-up code of the matter (the code this once only)."""

    report: Report
    number: str = ""
    follow_up_code: str = ""


@dataclass(frozen=True, kw_only=True)
class _Clean:
    content: bytes
    place: tuple[float, float] | None


def report(*, visit_id: uuid.UUID, written: Written, actor: Actor, now: dt.datetime) -> Kept:
    """Keep what a visitor wrote down; the visit is done with the first report, others may add theirs.

    The same form sent twice (same person, key and words) is one report and one matter. A device's clock that is ahead
    is noted and not believed; nothing is refused for it. What the enterprise states becomes a case of channel `visit`.
    Raises NotFound, Forbidden, Conflict `state_forbids`, Invalid (text, department, photo), TooLarge, and what
    `cases.services.raise_case` raises. Leaves one fact; publishes VisitChanged, and VisitFound for a finding.
    """
    book = rule_of(visit_id, now)
    clean = [_cleaned(one, book) for one in _few(written.photos, book)]
    with database.writing():
        visit = locked(visit_id, "report", actor, now)
        text = needed_text({"text": written.text})
        digest = _digest(visit, written, actor, text, clean)
        known = Report.objects.filter(visit=visit, digest=digest).select_related("case").first()
        if known is not None:
            return Kept(report=known, number=known.case.number if known.case else "")
        return _keep(visit, written, text, digest, clean, actor, now)


def rule_of(visit_id: uuid.UUID, now: dt.datetime) -> Photos:
    """Return what the rulebook says about photos where a visit belongs; the default for one that is not there."""
    with database.writing():
        region = Visit.objects.filter(pk=visit_id).values_list("region", flat=True).first()
        return rule(region, now).visits.photos if region else Photos()


def _digest(visit: Visit, written: Written, actor: Actor, text: str, clean: Sequence[_Clean]) -> str:
    # Of the visit too: two visits may hear the same words under the same key.
    said = [
        str(visit.id),
        str(actor.person_id),
        written.key,
        text,
        written.finding,
        written.department,
        written.stated_title,
    ]
    said += [written.stated, *(hashlib.sha256(one.content).hexdigest() for one in clean)]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def _keep(
    visit: Visit, written: Written, text: str, digest: str, clean: Sequence[_Clean], actor: Actor, now: dt.datetime
) -> Kept:
    at, wrong = visits.written_at(written.taken_at, now, registered=visit.registered_at)
    body = None
    if written.department:
        body = directory.department_in_force(visit.region, written.department, answers.local_date(now))
    receipt = _raise(visit, written, digest, actor, now)
    made = Report.objects.create(
        visit=visit,
        region=visit.region,
        by=actor.person_id,
        digest=digest,
        taken_at=at,
        received_at=now,
        clock_off=wrong,
        text=text,
        finding=clean_text(written.finding)[:4_000],
        department_id=body.id if body else None,
        case_id=receipt.case_id if receipt else None,
    )
    for one in clean:
        _store(made, one)
    came_from = visit.state
    visit.state, visit.done_at = VisitState.DONE.value, visit.done_at or now
    said: dict[str, Any] = {"text": text, "finding": made.finding, "photos": len(clean), "clock_off": wrong}
    said["case"] = receipt.number if receipt else ""
    if came_from == VisitState.PLANNED and not visit.rated:
        notices.announce("visit_done", visit=visit, now=now)
    commit(visit, "report", now=now, said=said, actor=actor, came_from=came_from, changed=["state", "done_at"])
    if made.finding:
        events.publish(
            VisitFound(
                report_id=made.id,
                visit_id=visit.id,
                region=visit.region,
                department_id=made.department_id,
                text=made.finding,
                actor_id=actor.person_id,
                at=now,
            )
        )
    if receipt is None:
        return Kept(report=made)
    return Kept(report=made, number=receipt.number, follow_up_code=receipt.follow_up_code)


def _raise(visit: Visit, written: Written, digest: str, actor: Actor, now: dt.datetime) -> cases.Receipt | None:
    """Enter what the enterprise stated as its matter, in its name; its words are not rewritten."""
    if not clean_text(written.stated):
        return None
    matter = cases.Matter(
        title=clean_line(written.stated_title) or clean_line(written.stated)[:60],
        description=written.stated,
        channel="visit",
        region=visit.region,
        enterprise=visit.enterprise.uscc,
        source="outreach.visit",
        source_id=digest,
    )
    # A visitor may hold an office that enters nothing, such as an expert's: the product enters it in the firm's name.
    return cases.raise_case(matter=matter, actor=Actor(system=True, on_behalf_of=str(visit.enterprise_id)), now=now)


def _few(photos: Sequence[Picture], book: Photos) -> Sequence[Picture]:
    if len(photos) > book.max_count:
        said = _("At most %(most)d photos at once.") % {"most": book.max_count}
        raise errors.Invalid(said, code="too_many_files", field="photos")
    return photos


def _cleaned(photo: Picture, book: Photos) -> _Clean:
    """Return a photo drawn anew from its pixels, and where it was taken. Raises TooLarge, Invalid."""
    content = photo.content.read((book.max_mb << 20) + 1)
    if len(content) > book.max_mb << 20:
        said = _("A photo may have %(most)s MB at most.") % {"most": book.max_mb}
        raise errors.TooLarge(said, code="file_too_large", field="photos")
    name = files.safe_name(photo.name)
    try:
        if files.type_of(name) not in PICTURES:
            raise files.FileRefused("type_unknown")
        files.media_type(name=name, head=content[: 1 << 20], size=len(content))
        return _redrawn(content)
    except files.FileRefused as refusal:
        said = _("“%(name)s” is no photo (JPEG, PNG or WebP), or it is damaged.") % {"name": name}
        raise errors.Invalid(said, code=f"file_{refusal.code}", field="photos") from refusal


def _redrawn(content: bytes) -> _Clean:
    """Draw the pixels anew: a second file behind the picture, its notes, its device and its place stay behind."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > PIXELS:
                raise files.FileRefused("type_differs")
            gps = image.getexif().get_ifd(_GPS)
            drawn = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise files.FileRefused("type_differs") from error
    drawn.thumbnail((WIDE, WIDE))
    packed = io.BytesIO()
    drawn.save(packed, "JPEG", quality=85)
    return _Clean(content=packed.getvalue(), place=_place(gps))


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    latitude = visits.degrees(gps.get(2, ()), str(gps.get(1, "")))
    longitude = visits.degrees(gps.get(4, ()), str(gps.get(3, "")))
    return None if latitude is None or longitude is None else (latitude, longitude)


def _store(made: Report, one: _Clean) -> None:
    sha256, size, _head = cases.store(io.BytesIO(one.content), most=len(one.content))
    photo, fresh = Photo.objects.get_or_create(
        report=made, sha256=sha256, defaults={"region": made.region, "size": size}
    )
    if fresh and one.place is not None:
        PhotoPlace.objects.create(photo=photo, region=made.region, latitude=one.place[0], longitude=one.place[1])
