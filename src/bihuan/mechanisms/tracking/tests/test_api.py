"""The REST API of tracking says and does what the pages do."""

import datetime as dt

from django.test import Client

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.kernel import clock


def test_list_detail_and_actions(store):
    _case, track = store.tracked()

    def call(actor, method, path, body=None):
        token = accounts.issue_token(person_id=actor.person_id, name="t", now=NOW)
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return Client().generic(
            method, f"/api/v1/tracking{path}", body or "", content_type="application/json", headers=headers
        )

    with clock.at(NOW + dt.timedelta(hours=5)):
        centre = store.staff("coordinator")
        listed = call(centre, "GET", "?state=tracked").json()
        assert [one["id"] for one in listed["items"]] == [str(track.id)]
        assert call(store.stranger, "GET", f"/{track.id}").status_code == 404
        told = call(store.liaison(), "POST", f"/{track.id}/actions/report", '{"text": "ok"}')
        assert (told.status_code, told.json()["available_actions"]) == (200, ["report", "meet_node"])
        assert call(centre, "POST", f"/{track.id}/actions/leave", '{"reason": "x"}').status_code == 403
