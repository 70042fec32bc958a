"""Pages of tracking: what each reader finds there, and that the forms go where they say."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import translation

from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.wording import LEVELS
from bihuan.foundation.accounts.models import Person
from bihuan.mechanisms.tracking import panels, services


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_store_track_wall_and_bulletin_are_there(store):
    case, track = store.tracked()
    services.publish_bulletins(now=NOW + dt.timedelta(days=31))
    coordinator = browser(store.staff("coordinator"))
    for path in ("", "?state=late", "?state=candidate", "?state=all&before=nonsense", "wall/"):
        assert coordinator.get(f"/tracking/{path}").status_code == 200
    for path in (f"{track.id}/", f"{track.id}/bulletins/1/"):
        answer = coordinator.get(f"/tracking/{path}")
        assert answer.status_code == 200
        assert case.number in answer.content.decode()


def test_the_enterprise_reads_its_matter_and_nobody_elses(store):
    _case, track = store.tracked()
    assert browser(store.owner).get(f"/tracking/{track.id}/").status_code == 200
    assert browser(store.stranger).get(f"/tracking/{track.id}/").status_code == 404
    assert browser(store.owner).get("/tracking/wall/").status_code == 403


def test_forms_do_what_they_say(store):
    case = store.case("accept", "dispatch", "sign", "submit_plan")
    opened = browser(store.staff("coordinator")).post(f"/tracking/open/{case.number}/", {"reason": "涉及多部门"})
    track = store.of(case)
    assert (opened.status_code, opened.headers["Location"]) == (302, f"/tracking/{track.id}/")
    told = browser(store.liaison()).post(f"/tracking/{track.id}/do/report/", {"text": "已开会"})
    assert told.status_code == 302
    refused = browser(store.liaison()).post(f"/tracking/{track.id}/do/leave/", {"reason": "太久"})
    assert refused.status_code == 403


@pytest.mark.parametrize(("who", "offered"), [("coordinator", True), ("supervision_office", False)])
def test_the_panel_offers_tracking_to_those_who_decide(store, who, offered):
    case = store.case("accept", "dispatch", "sign")
    context = panels.fill(case, store.staff(who), NOW)
    assert (context is not None) is offered


def test_the_case_page_shows_the_panel(store):
    case, track = store.tracked()
    page = browser(store.staff("coordinator")).get(f"/cases/{case.number}/")
    assert f"/tracking/{track.id}/" in page.content.decode()


def test_every_version_of_the_plan_is_there_and_its_mark_only_for_those_who_may_see_it(store):
    case, track = store.tracked()
    now = NOW + dt.timedelta(hours=4)
    store.act(case.number, "rate_plan", now=now, level=1)
    better = [{"what": "改后的举措", "unit": "住建局", "due": "2026-12-20"}]
    store.act(case.number, "submit_plan", now=now + dt.timedelta(minutes=5), measures=better)
    with translation.override("en"):
        mark = str(LEVELS["1"])
    page = browser(store.staff("coordinator")).get(f"/tracking/{track.id}/").content.decode()
    assert "改后的举措" in page
    assert "三部门一次到场" in page
    assert mark in page
    assert mark not in browser(store.liaison()).get(f"/tracking/{track.id}/").content.decode()
