"""Day by day on a small district while workers are killed at random: the right people are told once, lights are right.

The clock moves from morning to morning; each day two processes sweep, one of them is killed somewhere in its work. Two
days nobody sweeps at all. What must have happened is computed from the clocks themselves, not from the sweep.
"""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import translation

from bihuan.casework.cases import factories, presenters, selectors
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.rulebook import Lights
from bihuan.casework.cases.selectors.limits import MAIN
from bihuan.casework.deadlines.models import Clock, Timer
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import selectors as books
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.oversight.models import Entry, Order
from e2e import browsing

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SILENT = {4, 6}
"""Days on which no worker runs."""
LAST = 10
CHILD = """
import datetime as dt, sys
import django; django.setup()
from bihuan.casework.cases import services
from bihuan.foundation.kernel import clock
print("ready", flush=True)
for line in sys.stdin:
    now = dt.datetime.fromisoformat(line.strip())
    with clock.at(now):
        services.sweep(now=now)
    print("done", flush=True)
"""
RECEIVERS = {
    "remind": "liaison",
    "list": "coordinator",
    "supervision_order": "catch_all",
    "escalate": "department_head",
}
"""Consequence → somebody of this district who must be told of it, once for each matter."""

pytestmark = browsing.MARKS


def worker() -> "subprocess.Popen[str]":
    """Start a process that sweeps at each instant it is given."""
    own = connection.settings_dict
    url = (
        f"postgresql://{quote(own['USER'])}:{quote(own['PASSWORD'])}@/{own['NAME']}"
        f"?host={quote(own['HOST'])}&port={own['PORT']}"
    )
    environment = os.environ | {
        "BIHUAN_DATABASE_URL": url,
        "BIHUAN_MODE": "test",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    pipe = subprocess.PIPE
    made = subprocess.Popen([sys.executable, "-c", CHILD], env=environment, stdin=pipe, stdout=pipe, text=True)
    assert made.stdout.readline() == "ready\n"
    return made


def sweep(now: dt.datetime, dice: random.Random, living: "subprocess.Popen[str]") -> bool:
    """Let two processes sweep at once and kill one of them; the other ends its work. Tells whether one was killed."""
    doomed = worker()
    for one in (doomed, living):
        one.stdin.write(now.isoformat() + "\n")
        one.stdin.flush()
    time.sleep(dice.uniform(0.0, 0.25))
    doomed.send_signal(signal.SIGKILL)
    killed = "done" not in doomed.stdout.read()
    doomed.wait()
    assert living.stdout.readline() == "done\n"
    return killed


@pytest.fixture(scope="module")
def lived(address) -> Iterator[factories.District]:
    """A district that lived through ten days, with the server's clock on the last evening."""
    with clock.at(NOW):
        district = factories.District()
        rulebooks.apply(region=DISTRICT, name="qiantang", actor_id=OPERATOR, now=NOW - DAY)
        for role in ("coordinator", "catch_all", "supervision_office", "leader"):
            district.staff(role)
        district.liaison(role="department_head")
        for number in range(4):
            district.case("accept", "dispatch", "sign", "report_progress", title=f"办理中的第 {number} 件")
        district.case("accept", "dispatch", title="没有签收的")
        district.case("accept", "dispatch", "sign", "report_progress", "reply", title="及时答复的")
        district.case("accept", "dispatch", "sign", "withdraw", title="撤回的")
        stays = district.case("accept", title="留下来的").number
        merged = district.case("accept", title="并走的")
        district.act(merged.number, "merge", now=NOW + HOUR, into=stays)
        extended = district.case("accept", "dispatch", "sign", "request_extension", title="延期的")
        district.act(extended.number, "decide_extension", now=NOW + HOUR)
        stopped = district.case("accept", "dispatch", "sign", "report_progress", title="挂账的")
        district.act(stopped.number, "suspend", now=NOW + HOUR, until=(NOW + 60 * DAY).isoformat())
    dice, living = random.Random(20261116), worker()
    working = [day for day in range(1, LAST + 1) if day not in SILENT]
    killed = [sweep(NOW + day * DAY, dice, living) for day in working]
    living.stdin.close()
    assert living.wait() == 0
    assert any(killed), "no worker was killed in its work"
    with browsing.server_time(NOW + LAST * DAY):
        yield district


def cases() -> list[Case]:
    with database.writing():
        return list(Case.objects.order_by("number"))


def lights_that_came_on(case: Case) -> list[str]:
    """What the clocks say: the lights of each main clock that was not void, in order, without the first."""
    until = NOW + LAST * DAY
    with database.writing():
        clocks = Clock.objects.filter(subject=case.id, kind__in=["acceptance", "handling"]).order_by("started_at", "id")
        rows = [clock for clock in clocks if not clock.void]
    found = []
    for one in rows:
        pairs = zip(one.light_ids, one.light_at, strict=True)
        found += [light for light, at in list(pairs)[1:] if at is not None and at <= until]
    return found


def recorded(case: Case, kind: str) -> list[dict]:
    with database.writing():
        return [ledger.content(fact)["data"] for fact in ledger.history(case.id) if fact.kind == kind]


def test_every_light_is_on_record_once_and_in_order(lived):
    seen = {case.title: [said["light"] for said in recorded(case, "case.light_changed")] for case in cases()}
    assert seen == {case.title: lights_that_came_on(case) for case in cases()}
    assert seen["办理中的第 0 件"] == ["yellow", "orange", "red"]
    assert seen["撤回的"] == seen["并走的"] == seen["挂账的"] == []


def test_nothing_that_is_due_is_left(lived):
    with database.writing():
        due = Timer.objects.filter(fired_at=None, fire_at__lte=NOW + LAST * DAY, clock__state="running")
        assert not due.filter(clock__alarms=True).exists()


def test_the_right_people_are_told_once(lived):
    """A light whose next one came in the same sweep is on record, but its notice is left to the later one."""
    people = {"liaison": lived.liaison(), "department_head": lived.liaison(role="department_head")}
    people |= {role: lived.staff(role) for role in ("coordinator", "catch_all")}
    lights = {light.id: light for light in books.in_force(DISTRICT, NOW).section(Lights).root}
    for case in cases():
        owed = Counter(name for light in lights_that_came_on(case) for name in lights[light].consequences)
        for consequence, role in RECEIVERS.items():
            if case.lead_department_id is None and role in ("liaison", "department_head"):
                continue
            with database.writing():
                told = Notice.objects.filter(
                    person_id=people[role].person_id, key=f"case.follows.{consequence}", subject=case.number
                ).exclude(dedupe__startswith="digest:")
                number = told.count()
            assert number <= owed[consequence] <= 1, (case.title, consequence)
            if consequence in ("supervision_order", "escalate"):
                assert number == owed[consequence], (case.title, consequence)


def test_each_red_light_set_going_one_order_and_orange_one_warning(lived):
    for case in cases():
        came_on = lights_that_came_on(case)
        with database.writing():
            assert Order.objects.filter(case=case).count() == came_on.count("red"), case.title
            assert Entry.objects.filter(case=case, kind="warning").count() == came_on.count("orange"), case.title


def test_lights_on_screen_agree_with_the_explanation(lived, opened, address):
    who = lived.staff("coordinator")
    page = opened(who).new_page()
    now = NOW + LAST * DAY
    for case in cases():
        page.goto(f"{address}/cases/{case.number}/")
        shown = page.locator(".bh-case .bh-count b").inner_text()
        with translation.override("zh-hans"):
            known = presenters.faces(DISTRICT, now, "zh-hans")
            face = presenters.face_of(case, selectors.light_of(case, now), known)
            main = next(one for one in selectors.limits(case=case, actor=who, now=now) if one.kind in MAIN)
            word = str(face.word)
        assert shown == word, case.title
        if face.tone in ("done", "pause"):
            continue
        assert main.light == selectors.light_of(case, now), case.title
        page.locator(".bh-case .r .bh-alt summary").click()
        told = page.locator(".bh-case .r .bh-alt li").last.inner_text()
        assert f"{main.due_at.astimezone(NOW.tzinfo):%H:%M}" in told, case.title
        assert main.overdue is (face.tone == "red"), case.title
