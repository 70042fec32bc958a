"""The district's meetings: consultations, three joint conferences and one to come, and the talks of every week.

Played beside the cases: at the end of a window, by the same services, with whatever matters then stand where they fit.
Each beat is one transaction and leaves facts of persons at its instant; an interrupted run finds them and goes on.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.states import TIERS
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.kernel.workdays import WorkCalendar
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.conference import selectors, services

from . import rhythm
from .place import DEPARTMENTS, DISTRICT
from .words import phrases

GROUP = (
    ("leader1", "chair", ""),
    ("leader2", "first_deputy", ""),
    ("head-development", "member", "development"),
    ("head-housing", "member", "housing"),
    ("head-planning", "member", "planning"),
    ("head-power", "member", "power"),
)
SESSIONS = (95, 60, 25)
"""How many working days ago the joint conferences were held."""
CONSULTED = (80, 42, 18, 6)
STANDING = ("dispatched", "signed", "handling", "suspended")
"""In which states a matter is with its department, so that a meeting has something to say about it."""
BEAT, TALK = rhythm.CLOSE, rhythm.NOON
"""At the end of which windows the meetings, and the talks, have their turn."""
FRESH = dt.timedelta(days=9)
"""What is raised at a talk becomes a case only in the last days: older ones would have to be handled as well."""

Beat = Callable[["Diary", dt.datetime], None]


class Diary:
    """What happens on which day, counted back in working days from the end of the demonstration."""

    def __init__(self, *, now: dt.datetime, calendar: WorkCalendar) -> None:
        self._now, self._calendar = now, calendar
        self._actors: dict[str, Actor] = {}
        self._beats: dict[dt.date, list[Beat]] = defaultdict(list)
        self._day(110, Diary.appoint)
        for place, held in enumerate(SESSIONS):
            self._day(held + 3, Diary.gather)
            self._day(held + 3, _with(Diary.call, held))
            self._day(held + 2, Diary.prepare)
            self._day(held, _with(Diary.hold, place))
            self._day(held - 1, Diary.minute)
            self._day(held - 4, Diary.report)
            self._day(held - 6, Diary.verify)
            self._day(held - 9, _with(Diary.mend, place))
        self._day(50, _with(Diary.call, 44))
        self._day(47, Diary.move)
        self._day(46, Diary.cancel)
        self._day(7, Diary.gather)
        self._day(5, _with(Diary.call, -4))
        self._day(4, Diary.prepare)
        for held in CONSULTED:
            self._day(held + 2, _with(Diary.consult, held))
            self._day(held, Diary.confer)
        self._day(1, _with(Diary.consult, -1))

    def _day(self, back: int, beat: Beat) -> None:
        self._beats[self.date(back)].append(beat)

    def date(self, back: int) -> dt.date:
        """Return the working day so many working days before the last one (after it, for negative ones)."""
        date, step = self._now.astimezone(rhythm.ZONE).date(), 1 if back < 0 else -1
        for _day in range(abs(back)):
            date += dt.timedelta(days=step)
            while not self._calendar.is_workday(date):
                date += dt.timedelta(days=step)
        return date

    def keep(self, end: dt.datetime) -> None:
        """Let happen what belongs to the end of this window, unless it happened before an interruption."""
        here = end.astimezone(rhythm.ZONE)
        turns: list[Beat] = []
        if here.time() == BEAT:
            turns = self._beats.get(here.date(), [])
        elif here.time() == TALK:
            turns = [Diary.talk]
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

    def take(
        self, kind: str, thing: Any, action: str, now: dt.datetime, who: str = "coordinator1", **body: Any
    ) -> None:
        """Take an action on a meeting, an item or a decision."""
        services.take(kind=kind, thing_id=thing.id, action=action, actor=self.actor(who), now=now, body=body)

    def items(self, state: str, now: dt.datetime) -> list[Any]:
        """Return the items of conferences in a state, oldest first."""
        rows, _more = selectors.items(actor=self.actor("coordinator1"), now=now, state=state, limit=60)
        return [row.thing for row in reversed(rows) if row.thing.forum == "conference"]

    def meetings(self, kind: str, state: str, now: dt.datetime) -> list[Any]:
        """Return the meetings of a kind in a state, oldest first."""
        rows, _more = selectors.meetings(actor=self.actor("coordinator1"), now=now, kind=kind, state=state)
        return [row.thing for row in reversed(rows)]

    def at(self, back: int, hour: int = 14, minute: int = 30) -> str:
        """Return an instant of the working day so many days back, as an action takes it."""
        return dt.datetime.combine(self.date(back), dt.time(hour, minute), rhythm.ZONE).isoformat()

    def appoint(self, now: dt.datetime) -> None:
        """领导小组: appointed once, one seat given to another person at once."""
        for username, role, department in GROUP:
            body = {"person": username, "role": role, **({"department": department} if department else {})}
            made = services.appoint(actor=self.actor("coordinator1"), now=now, body=body)
        services.release(member_id=made.id, actor=self.actor("coordinator1"), now=now)
        body = {"person": "head-industry", "role": "member", "department": "industry"}
        services.appoint(actor=self.actor("coordinator1"), now=now, body=body)

    def gather(self, now: dt.datetime) -> None:
        """Four matters go up, the hardest first; then all candidates are screened, the third of them not taken."""
        rows = Case.objects.filter(region=DISTRICT, state__in=STANDING, escalated_to="").defer("search")
        waiting = {item.case_id for state in ("candidate", "screened") for item in self.items(state, now)}
        fit = sorted(
            (one for one in rows if one.id not in waiting), key=lambda one: (-TIERS.index(one.tier), one.number)
        )
        for case in fit[:4]:
            said = {"reason": _say("escalations", case)}
            if case.tier != "hard":
                who = self.actor("coordinator1")
                cases.take(number=case.number, action="move_tier", actor=who, now=now, body={"tier": "hard"} | said)
            who = self.actor("catchall1")
            cases.take(number=case.number, action="escalate", actor=who, now=now, body={"to": "conference"} | said)
        for place, item in enumerate(self.items("candidate", now)):
            if place == 2:
                self.take("item", item, "turn_down", now, reason="一个部门就能办，请主办部门直接答复企业。")
            else:
                self.take("item", item, "screen", now, text="涉及两个以上部门，协商未果，提请会议研究。")

    def call(self, now: dt.datetime, back: int) -> None:
        """召集."""
        body = {"starts_at": self.at(back), "place": "区政府 302 会议室"}
        services.call(actor=self.actor("coordinator1"), now=now, body=body)

    def prepare(self, now: dt.datetime) -> None:
        """一题一页、列入议程、列席、传达和通报; the last item is off again until its papers are there."""
        (meeting, *_later) = self.meetings("conference", "called", now)
        chosen = self.items("screened", now)[:4]
        for item in chosen:
            options = ["三部门联合到场，一次告知，本月可行", "委托第三方出统一清单，明年一季度"]
            self.take("item", item, "prepare", now, brief=item.case.description[:300], options=options)
            self.take("item", item, "put_on", now, meeting=str(meeting.id), minutes=20)
        for item in chosen[-1:]:
            self.take("item", item, "take_off", now, reason="材料还没补齐。")
            if len(chosen) < 4:
                self.take("item", item, "put_on", now, meeting=str(meeting.id), minutes=10)
        self.take("meeting", meeting, "invite", now, departments=["justice"], people=["supervision1", "discipline1"])
        briefing = "传达省市优化营商环境会议精神。"
        self.take("meeting", meeting, "brief", now, briefing=briefing, report="上次会议以来办理情况见附表。")

    def hold(self, now: dt.datetime, session: int) -> None:
        """开会: one member is missing; items are decided, reviewed, and the last of the second session is put off."""
        (meeting, *_later) = self.meetings("conference", "called", now)
        found = selectors.meeting(meeting_id=meeting.id, actor=self.actor("leader1"), now=now)
        self.take("meeting", meeting, "hold", now, who="leader1", present=[str(one.id) for one in found.seats[:-1]])
        waiting = [row for row in found.items if row.thing.state == "on_agenda"]
        fresh = [row.thing for row in waiting if row.thing.follows_id is None]
        for row in waiting:
            if row.thing.follows_id is not None:
                self.take("item", row.thing, "review", now, text="还有一个环节没有打通，继续跟。")
        for place, item in enumerate(fresh):
            if session == 1 and place == len(fresh) - 1:
                self.take("item", item, "put_off", now, who="leader1", reason="两家意见还不一致，先协商。")
                continue
            lead = item.case.lead_department
            self.take("item", item, "decide", now, who="leader1", **_decision(lead.code, place))
            if place == 0:
                self.take("item", item, "decide", now, who="leader1", **_decision("treasury", 3))
        if fresh:
            body = {"title": "涉企审批联合到场一次告知办法（试行）", "text": "同类问题由牵头部门约齐，一张清单讲清。"}
            self.take("meeting", meeting, "propose_institution", now, **body)

    def minute(self, now: dt.datetime) -> None:
        """印发纪要."""
        for meeting in self.meetings("conference", "held", now):
            self.take("meeting", meeting, "minute", now, text="各责任单位按期落实，督查室跟进。")

    def _owned(self, state: str, now: dt.datetime) -> list[tuple[Any, str]]:
        rows, _more = selectors.page_of_decisions(actor=self.actor("leader1"), now=now, state=state, limit=60)
        return [(row.thing, f"head-{row.thing.owner_department.code}") for row in reversed(rows)]

    def report(self, now: dt.datetime) -> None:
        """Owners report, but for the second of them."""
        for place, (decision, head) in enumerate(self._owned("assigned", now)):
            if place % 4 != 1:
                self.take("decision", decision, "report", now, who=head, text="已按会议要求办理，清单和现场照片随附。")

    def verify(self, now: dt.datetime) -> None:
        """核实: the first goes back once, the others are written off."""
        for place, (decision, _head) in enumerate(self._owned("reported", now)):
            action, text = ("send_back", "现场还有一处没改。") if place == 0 else ("write_off", "现场看过，企业认可。")
            self.take("decision", decision, action, now, who="supervision1", text=text)

    def mend(self, now: dt.datetime, place: int) -> None:
        """What came back is reported again, or gets another owner and more time."""
        for number, (decision, head) in enumerate(self._owned("assigned", now)):
            if number == 0 and place == 1:
                self.take("decision", decision, "hand_over", now, who="leader1", owner="centre", reason="机构调整")
                self.take("decision", decision, "give_time", now, who="leader1", days=8, reason="新接手，要时间")
            elif number == 0:
                self.take("decision", decision, "report", now, who=head, text="退回的一处已改。")
                self.take("decision", decision, "write_off", now, who="supervision2", text="复看过，改好了。")

    def move(self, now: dt.datetime) -> None:
        """改期."""
        for meeting in self.meetings("conference", "called", now)[:1]:
            self.take("meeting", meeting, "postpone", now, starts_at=self.at(43), reason="主持人另有会议")

    def cancel(self, now: dt.datetime) -> None:
        """取消."""
        for meeting in self.meetings("conference", "called", now)[:1]:
            self.take("meeting", meeting, "cancel", now, reason="台风来袭，各部门防汛")

    def consult(self, now: dt.datetime, back: int) -> None:
        """召集协商 on the oldest complex matter that none was called for yet; its board's lead and two helpers come."""
        rows = selectors.complex_matters(actor=self.actor("coordinator1"), now=now)
        for case, item in rows:
            lead = case.lead_department
            if item is None and case.state in STANDING and lead is not None:
                others = [code for code in ("treasury", "justice", "market") if code != lead.code]
                body = {
                    "number": case.number,
                    "reason": _say("escalations", case),
                    "starts_at": self.at(back),
                    "place": "企服中心 2 楼",
                    "boards": [case.board],
                    "departments": [lead.code, *others[:2]],
                }
                services.consult(actor=self.actor("coordinator1"), now=now, body=body)
                return

    def confer(self, now: dt.datetime) -> None:
        """协商: who comes commits to something, and the minutes are issued at once."""
        for meeting in self.meetings("consultation", "called", now):
            if meeting.starts_at > now:
                continue
            found = selectors.meeting(meeting_id=meeting.id, actor=self.actor("coordinator1"), now=now)
            self.take("meeting", meeting, "hold", now, present=[str(seat.id) for seat in found.seats])
            for row in [one for one in found.items if one.thing.state == "on_agenda"]:
                owner = row.thing.case.lead_department.code
                self.take(
                    "item",
                    row.thing,
                    "decide",
                    now,
                    what="牵头部门约齐各家到现场，当场定口径",
                    owner=owner,
                    within="5wd",
                )
            self.take("meeting", meeting, "minute", now, text="会后各自认领，下周一通气。")

    def talk(self, now: dt.datetime) -> None:
        """恳谈: planned ahead every day; held in the afternoon, lately with what enterprises raised there."""
        services.plan_dialogues(now=now)
        for meeting in self.meetings("dialogue", "called", now):
            if meeting.starts_at > now:
                continue
            found = selectors.meeting(meeting_id=meeting.id, actor=self.actor("coordinator1"), now=now)
            here = [str(seat.id) for place, seat in enumerate(found.seats) if place % 5 != 4]
            self.take("meeting", meeting, "hold", now, present=here)
            firm = found.seats[0].enterprise if found.seats else None
            if meeting.starts_at > self._now - FRESH and firm is not None:
                self._raised(meeting, firm.uscc, now)
            self.take("meeting", meeting, "minute", now, text="企业提出的问题当场登记，按件办理。")

    def _raised(self, meeting: Any, uscc: str, now: dt.datetime) -> None:
        title, text = "园区夜班公交停了，工人回不去", "末班车提前到 19 点，夜班 22 点下班，班车要自己租。"
        self.take(
            "meeting", meeting, "collect", now, enterprise=uscc, title=title, text=text, category="infrastructure"
        )
        found = selectors.meeting(meeting_id=meeting.id, actor=self.actor("coordinator1"), now=now)
        number = found.issues[0].case.number
        steps: Sequence[tuple[str, str, dict[str, Any]]] = (
            ("seat1", "accept", {"tier": "ordinary", "board": "facilities"}),
            ("coordinator1", "dispatch", {"lead": "transport", "co": []}),
            ("liaison-transport", "sign", {}),
        )
        for who, action, body in steps:
            cases.take(number=number, action=action, actor=self.actor(who), now=now, body=body)
        issue = str(found.issues[0].id)
        body = {
            "issue": issue,
            "question": "园区夜班公交什么时候恢复？",
            "answer": "下周一起末班车延到 22:30，试行三个月。",
        }
        self.take("meeting", meeting, "publish_answer", now, **body)


def _with(beat: Callable[["Diary", dt.datetime, int], None], number: int) -> Beat:
    """Return the beat with its number."""
    return lambda diary, now: beat(diary, now, number)


def _happened(end: dt.datetime) -> bool:
    """Tell whether persons have acted on meetings at this instant already."""
    with database.writing():
        return Fact.objects.filter(at=end, kind__startswith="conference.", actor_id__isnull=False).exists()


def _say(kind: str, case: Case) -> str:
    """Return one of the sentences of a kind, the same for the same matter."""
    said: Sequence[str] = phrases()[kind]
    return said[int(case.number[-4:]) % len(said)]


def _decision(owner: str, place: int) -> dict[str, Any]:
    """Return what is decided on an item."""
    what = (
        "三部门联合到场，一次告知还差什么",
        "临时调配间隔，错峰供电，两周内通电",
        "调整右转限行时段，避开上下学",
        "从预备费里安排专项，按进度拨付",
    )
    measures = ["出一张清单", f"{DEPARTMENTS[owner].short}派人驻点"]
    return {"what": what[place % len(what)], "owner": owner, "within": f"{8 + 4 * (place % 3)}wd", "measures": measures}
