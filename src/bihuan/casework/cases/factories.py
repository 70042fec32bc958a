"""A small district with people of every role, and cases in it, for tests. Never used by the product itself."""

import copy
import datetime as dt
import functools
from dataclasses import replace
from typing import Any

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts import services as account_services
from bihuan.foundation.accounts.permissions import Reader
from bihuan.foundation.accounts.roles import ADMINISTRATORS, NEEDS_DEPARTMENT, Role
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.directory import selectors as places
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock
from bihuan.foundation.kernel.ids import uuid7

from .models import Case
from .permissions import THE_SYSTEM, Actor
from .services import Matter, Receipt, raise_case, take

DISTRICT = directory.DISTRICT
NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
"""A Monday morning; the fortnight that follows has no holiday."""


class District:
    """Departments `housing`, `water`, `tax`, boards `projects` and `catch`, a firm, and one person for each need."""

    def __init__(self) -> None:
        directory.make_region()
        for code in ("housing", "water", "tax"):
            directory.make_department(code)
        directory.make_board("projects", lead="housing")
        directory.make_board("catch", lead="housing", kind="catch_all")
        self.firm = directory.make_enterprise(1)
        self.other_firm = directory.make_enterprise(2)
        self._people: dict[str, Reader] = {}

    def twin(self) -> "District":
        """Return the same district with a memory of its own: whom a test adds to it is gone after the test."""
        twin = copy.copy(self)
        twin._people = dict(self._people)
        return twin

    def person(self, name: str, role: str, **office: Any) -> Actor:
        """Return an actor called `name` with this role, made on first use."""
        if name not in self._people:
            person = account_services.create_person(
                username=name, display_name=name, actor_id=OPERATOR, now=NOW, must_change_password=False
            )
            account_services.appoint(
                person_id=person.id,
                role=role,
                region=DISTRICT,
                actor_id=OPERATOR,
                now=NOW,
                since=NOW - dt.timedelta(days=400),
                **office,
            )
            with clock.at(NOW):
                self._people[name] = accounts.reader_of(person.id)
        return Actor(reader=self._people[name])

    def department(self, code: str) -> Any:
        """Return a department of the district."""
        return places.department(DISTRICT, code)

    @functools.cached_property
    def owner(self) -> Actor:
        """The enterprise's own login."""
        return self.person("owner", "enterprise", enterprise_id=self.firm.id)

    @functools.cached_property
    def stranger(self) -> Actor:
        """Another enterprise's login."""
        return self.person("stranger", "enterprise", enterprise_id=self.other_firm.id)

    def staff(self, role: str, name: str = "") -> Actor:
        """Somebody with a role that needs the region only."""
        return self.person(name or role, role)

    def liaison(self, department: str = "housing", role: str = "liaison") -> Actor:
        """The liaison officer (or head) of a department."""
        return self.person(f"{role}-{department}", role, department_id=self.department(department).id)

    def matter(self, **given: Any) -> Matter:
        """A matter of the district's firm."""
        values: dict[str, Any] = {
            "title": "丙类仓库扩建，消防验收退回三次",
            "description": "仓库 9 月完工，验收退了三次，每次理由不一样。请一次讲清还差什么。",
            "channel": "web",
            "region": DISTRICT,
            "enterprise": self.firm.uscc,
        }
        return Matter(**values | given)

    def raised(self, *, now: dt.datetime = NOW, actor: Actor | None = None, **given: Any) -> Receipt:
        """Raise a matter and return its receipt."""
        return raise_case(matter=self.matter(**given), actor=actor or self.owner, now=now)

    def case(self, *steps: str, now: dt.datetime = NOW, **given: Any) -> Case:
        """Return a case taken along the usual way through `steps`, one minute each: "accept", "dispatch" …"""
        receipt = self.raised(now=now, **given)
        for minute, action in enumerate(steps, start=1):
            self.act(receipt.number, action, now=now + dt.timedelta(minutes=minute))
        return self.fresh(receipt.number)

    def fresh(self, number: str) -> Case:
        """Return the case as stored, with the product's own eyes."""
        from bihuan.foundation.kernel import database

        with database.writing():
            return Case.objects.get(number=number)

    def act(self, number: str, action: str, *, now: dt.datetime, actor: Actor | None = None, **body: Any) -> Case:
        """Take one action by whoever usually does it, with a plausible body."""
        who, words = self.usual()[action]
        return take(number=number, action=action, actor=actor or who(), now=now, body=words | body)

    def usual(self) -> dict[str, tuple[Any, dict[str, Any]]]:
        """Action → (who usually takes it, a body that goes through)."""
        desk, centre = (lambda: self.staff("seat")), (lambda: self.staff("coordinator"))
        lead, owner, leader = self.liaison, (lambda: self.owner), (lambda: self.staff("leader"))
        until = (NOW + dt.timedelta(days=20)).isoformat()
        return {
            "request_supplement": (desk, {"what": "请补充验收意见书"}),
            "supplement": (owner, {"text": "已补充"}),
            "accept": (desk, {"tier": "ordinary", "board": "projects", "category": "approval"}),
            "decline": (desk, {"reason": "not_in_scope", "basis": "派单目录第 3 条"}),
            "merge": (centre, {"into": "BH-999901-2611-00001"}),
            "co_reply": (lambda: self.liaison("water"), {"text": "协办意见"}),
            "dispatch": (centre, {"lead": "housing", "co": []}),
            "sign": (lead, {}),
            "object": (lead, {"reason": "不归我局", "basis": "三定方案"}),
            "rule_objection": (centre, {"upheld": True, "lead": "water"}),
            "submit_plan": (lead, {"measures": [{"what": "三部门一次到场", "unit": "区住建局", "due": "2026-11-20"}]}),
            "rate_plan": (owner, {"level": 4}),
            "report_progress": (lead, {"text": "已约消防部门"}),
            "ask_enterprise": (lead, {"question": "何时方便现场复验？"}),
            "answer": (owner, {"text": "周四上午"}),
            "suspend": (leader, {"reason": "等待上级政策或批复", "until": until}),
            "decide_suspension": (leader, {"granted": True}),
            "resume": (centre, {}),
            "request_extension": (lead, {"reason": "需要专家论证、检验检测", "days": 5}),
            "decide_extension": (centre, {"granted": True}),
            "reply": (lead, {"text": "复验通过", "kind": "resolved"}),
            "verify_start": (centre, {}),
            "verify_return": (centre, {"reason": "答复没有回应第二个问题"}),
            "verify_close": (centre, {"callback": {"reached": False}}),
            "confirm": (owner, {}),
            "deny": (owner, {"reason": "还没通过"}),
            "rate": (owner, {"process": 5, "result": 4}),
            "no_response": (lambda: THE_SYSTEM, {}),
            "reopen": (owner, {"reason": "又退回了"}),
            "overturn": (lambda: THE_SYSTEM, {"reason": "评议认定能办"}),
            "withdraw": (owner, {}),
            "escalate": (centre, {"to": "conference", "reason": "涉及三个部门"}),
            "move_tier": (centre, {"tier": "complex", "reason": "板块协调不了"}),
            "come_down": (centre, {"reason": "会议已定，按决定办"}),
            "remind": (centre, {"text": "企业等着开机，请今天答复"}),
            "urge": (owner, {}),
            "archive": (centre, {}),
        }


EVERYBODY: list[str] = [
    *sorted(set(Role) - ADMINISTRATORS),
    "another unit",
    "centre and unit",
    "another place",
    "nobody",
]
"""For tests of both walls: every role, and those whose offices make it hard."""


def everybody(district: District, role: str) -> Actor:
    """Return somebody with a role in the district; or with offices that meet, in another place, or with none."""
    if role == "another unit":
        return district.liaison("water")
    if role in NEEDS_DEPARTMENT:
        return district.liaison(role=role)
    if role in ("centre and unit", "another place", "nobody"):
        centre, unit = district.staff("coordinator").reader, district.liaison().reader
        assert centre is not None
        assert unit is not None
        elsewhere = tuple(replace(one, regions=("330399",)) for one in centre.grants)
        grants = {"centre and unit": (*centre.grants, *unit.grants), "another place": elsewhere}.get(role, ())
        return Actor(reader=Reader(person_id=uuid7(), display_name=role, language="zh-hans", grants=grants))
    if role == "board_head":
        return district.person("board", "board_head", board="projects")
    return district.owner if role == "enterprise" else district.staff(role)
