"""What the district learns: institutions with owners, competitions for model cases, warnings, and a case library.

Played beside the cases, on days counted back in working days from the end. Each beat is one transaction and leaves
facts of persons at its instant; an interrupted run finds them and goes on.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.registers import selectors, services
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.kernel.workdays import WorkCalendar
from bihuan.foundation.ledger.models import Fact

from . import rhythm
from .place import DISTRICT
from .words import phrases

KEEPER = "supervision1"
BEAT = rhythm.NOON
"""At the end of which window the registers have their turn."""

Beat = Callable[["Shelf", dt.datetime], None]


class Shelf:
    """Who learns what on which day, counted back in working days from the end of the demonstration."""

    def __init__(self, *, now: dt.datetime, calendar: WorkCalendar) -> None:
        self._now, self._calendar = now, calendar
        self._actors: dict[str, Actor] = {}
        self._beats: dict[dt.date, list[Beat]] = defaultdict(list)
        for back, beat in (
            (75, Shelf.draft),
            (72, Shelf.put_in_force),
            (70, Shelf.call),
            (62, Shelf.nominate),
            (60, Shelf.vote),
            (50, Shelf.adopt),
            (35, Shelf.warn),
            (34, Shelf.circulate),
            (33, Shelf.read),
            (30, Shelf.review),
            (28, Shelf.write),
            (20, Shelf.amend),
            (10, Shelf.call_again),
            (6, Shelf.nominate_again),
            (5, Shelf.warn_again),
            (4, Shelf.draft_again),
        ):
            self._beats[self._date(back)].append(beat)

    def _date(self, back: int) -> dt.date:
        date = self._now.astimezone(rhythm.ZONE).date()
        for _day in range(back):
            date -= dt.timedelta(days=1)
            while not self._calendar.is_workday(date):
                date -= dt.timedelta(days=1)
        return date

    def keep(self, end: dt.datetime) -> None:
        """Let happen what belongs to the end of this window, unless it happened before an interruption."""
        here = end.astimezone(rhythm.ZONE)
        turns = self._beats.get(here.date(), []) if here.time() == BEAT else []
        if not turns or _happened(end):
            return
        with clock.at(end), database.writing():
            for turn in turns:
                turn(self, end)

    def actor(self, username: str) -> Actor:
        """Return somebody by user name."""
        if username not in self._actors:
            person = Person.objects.get(username=username)
            self._actors[username] = Actor(reader=accounts.reader_of(person.id))
        return self._actors[username]

    def take(self, shelf: str, thing: Any, action: str, now: dt.datetime, who: str = KEEPER, **body: Any) -> None:
        """Take an action on an entry of the registers."""
        services.take(kind=shelf, thing_id=thing.id, action=action, actor=self.actor(who), now=now, body=body)

    def draft(self, now: dt.datetime) -> None:
        """Drafts come from cases of their category."""
        for said in _said()["institutions"]:
            body = {"title": said["title"], "text": said["text"], "cases": _cases(said["category"], 4)}
            services.draft(actor=self.actor(KEEPER), now=now, body=body)

    def put_in_force(self, now: dt.datetime) -> None:
        """They come into force, each with an owner, and one of them finds a better one at once."""
        drafts, _more = selectors.institutions(actor=self.actor(KEEPER), state="drafted")
        wanted = {said["title"]: said for said in _said()["institutions"]}
        for thing in drafts:
            if thing.title in wanted:
                said = wanted[thing.title]
                body = {name: said[name] for name in ("kind", "owner", "category")}
                self.take("institution", thing, "put_in_force", now, text=said["issued"], **body)
        moved = _said()["moved"]
        thing = next(one for one in drafts if one.title == moved["title"])
        self.take("institution", thing, "change_owner", now, owner=moved["owner"], reason=moved["reason"])

    def review(self, now: dt.datetime) -> None:
        """One is reviewed, one withdrawn."""
        kept, _more = selectors.institutions(actor=self.actor(KEEPER), state="kept")
        said = {one.title: one for one in kept}
        first, *_others, last = _said()["institutions"]
        self.take("institution", said[first["title"]], "review", now, text=_said()["review"])
        self.take("institution", said[last["title"]], "withdraw", now, reason=_said()["withdrawn"])

    def amend(self, now: dt.datetime) -> None:
        """One says better what it means; more cases turn out to belong to each, and one that does not."""
        kept, _more = selectors.institutions(actor=self.actor(KEEPER), state="kept")
        for thing in kept:
            found = selectors.institution(institution_id=thing.id, actor=self.actor(KEEPER), now=now)
            linked = {case.number for case in found.cases}
            if new := [one for one in _cases(thing.category, 9) if one not in linked]:
                self.take("institution", thing, "link", now, cases=new[:3])
        found = selectors.institution(institution_id=kept[0].id, actor=self.actor(KEEPER), now=now)
        if len(found.cases) > 1:
            wrong = min(case.number for case in found.cases)
            self.take("institution", kept[0], "unlink", now, cases=[wrong], reason=_said()["unlinked_why"])
        self.take("institution", kept[0], "amend", now, text=_said()["amended"], reason=_said()["amended_why"])

    def draft_again(self, now: dt.datetime) -> None:
        """A draft waits for whoever decides."""
        said = _said()["waiting"]
        body = {"title": said["title"], "text": said["text"], "cases": _cases(said["category"], 2)}
        services.draft(actor=self.actor("coordinator1"), now=now, body=body)

    def call(self, now: dt.datetime) -> None:
        """揭榜挂帅: the call goes out; one was called by mistake and is cancelled."""
        mistaken, call = _said()["mistaken"], _said()["calls"][0]
        made = services.call_competition(actor=self.actor(KEEPER), now=now, body=mistaken)
        self.take("competition", made, "cancel", now, reason=_said()["cancelled"])
        services.call_competition(actor=self.actor(KEEPER), now=now, body=call)

    def nominate(self, now: dt.datetime) -> None:
        """Departments nominate; one takes its nomination back, and the vote begins."""
        for said in _said()["exemplars"]:
            body = {"title": said["title"], "text": said["text"]}
            made = services.propose_exemplar(actor=self.actor(said["who"]), now=now, body=body)
        self.take("exemplar", made, "withdraw", now, who=said["who"])
        self.take("competition", self._competition(), "open_vote", now)

    def vote(self, now: dt.datetime) -> None:
        """Deputies and leaders vote, each for what they like best; the clock counts."""
        contest = self._competition()
        for place, who in enumerate(_said()["voters"]):
            found = selectors.competition(competition_id=contest.id, actor=self.actor(who))
            self.take("competition", contest, "vote", now, who=who, exemplar=str(found.choice[place % 3 % 2].id))

    def adopt(self, now: dt.datetime) -> None:
        """Departments adopt what was promoted."""
        promoted, _more = selectors.exemplars(actor=self.actor(KEEPER), state="promoted")
        for (thing, _taken, _may), said in zip(promoted, _said()["adoptions"], strict=False):
            self.take("exemplar", thing, "adopt", now, who=said["who"], text=said["text"])

    def call_again(self, now: dt.datetime) -> None:
        """The second call, whose nominations are open at the end."""
        services.call_competition(actor=self.actor("leader1"), now=now, body=_said()["calls"][1])

    def nominate_again(self, now: dt.datetime) -> None:
        """Two departments have nominated already."""
        for said in _said()["later_exemplars"]:
            body = {"title": said["title"], "text": said["text"]}
            services.propose_exemplar(actor=self.actor(said["who"]), now=now, body=body)

    def warn(self, now: dt.datetime) -> None:
        """Negative cases are written down without names; one was written down wrongly."""
        for said in _said()["warnings"]:
            services.draft_warning(actor=self.actor("discipline1"), now=now, body=said)

    def circulate(self, now: dt.datetime) -> None:
        """They go round, one in better words; what was wrong is taken back."""
        drafts, _more = selectors.warnings(actor=self.actor(KEEPER), state="drafted")
        words = {name: getattr(drafts[0], name) for name in ("title", "text")}
        self.take("warning", drafts[0], "amend", now, lesson=f"{drafts[0].lesson}{_said()['added']}", **words)
        for thing in drafts:
            self.take("warning", thing, "circulate", now)
        self.take("warning", drafts[0], "take_back", now, reason=_said()["taken_back"])

    def read(self, now: dt.datetime) -> None:
        """Some departments open them on the next day."""
        going, _more = selectors.warnings(actor=self.actor(KEEPER), state="circulated")
        for thing in going:
            for who in _said()["readers"]:
                services.note_reading(warning_id=thing.id, actor=self.actor(who), now=now)

    def warn_again(self, now: dt.datetime) -> None:
        """A draft waits to be checked."""
        services.draft_warning(actor=self.actor("discipline1"), now=now, body=_said()["later_warning"])

    def write(self, now: dt.datetime) -> None:
        """What closed cases taught, one of each category; one entry is taken out again."""
        kept, _more = selectors.institutions(actor=self.actor(KEEPER), state="kept")
        rules = {one.category: str(one.id) for one in kept}
        written = []
        for category, said in _said()["lessons"].items():
            for number in _cases(category, 2, over=True):
                body = {"case": number, **said}
                body |= {"institution": rules[category]} if category in rules else {}
                written.append(services.write_lesson(actor=self.actor("coordinator1"), now=now, body=body))
        if len(written) > 1:
            self.take("lesson", written[-1], "take_back", now, who="coordinator1", reason=_said()["taken_out"])

    def _competition(self) -> Any:
        rows, _more = selectors.competitions(actor=self.actor(KEEPER))
        return rows[0]


def _said() -> dict[str, Any]:
    found: dict[str, Any] = phrases()["learning"]
    return found


def _cases(category: str, most: int, *, over: bool = False) -> Sequence[str]:
    """Return the numbers of cases of a category, the oldest first; `over`: of closed ones that were solved."""
    rows = Case.objects.filter(region=DISTRICT, category=category).exclude(state="merged")
    if over:
        rows = rows.filter(state__in=("closed", "archived"), closed_kind="resolved")
    return list(rows.order_by("raised_at", "number").values_list("number", flat=True)[:most])


def _happened(end: dt.datetime) -> bool:
    """Tell whether persons have acted on the registers at this instant already."""
    with database.writing():
        return Fact.objects.filter(at=end, kind__startswith="registers.", actor_id__isnull=False).exists()
