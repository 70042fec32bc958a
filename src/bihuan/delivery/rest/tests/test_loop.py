"""One case round the whole loop, over REST alone."""

import pytest

pytestmark = pytest.mark.django_db


def test_round_the_loop(api, matter, district):
    raised = api("owner").post("/cases", matter)
    assert raised.status_code == 201, raised.content
    number = raised.json()["number"]
    assert raised["Location"] == f"/api/v1/cases/{number}"
    steps = [
        ("seat", "accept", {"tier": "ordinary", "board": "projects"}, "accepted"),
        ("coordinator", "dispatch", {"lead": "housing", "co": ["water"]}, "dispatched"),
        ("liaison", "sign", {}, "signed"),
        ("liaison", "report_progress", {"text": "on it"}, "handling"),
        ("liaison:water", "co_reply", {"text": "water is fine"}, "handling"),
        ("liaison", "reply", {"text": "done", "kind": "resolved"}, "replied"),
        ("coordinator", "verify_close", {}, "closed"),
        ("owner", "confirm", {}, "closed"),
        ("owner", "rate", {"process": 5, "result": 4}, "closed"),
    ]
    for who, action, body, state in steps:
        answer = api(who).post(f"/cases/{number}/actions/{action}", body)
        assert answer.status_code == 200, (action, answer.content)
        assert answer.json()["state"] == state
    final = api("coordinator").get(f"/cases/{number}").json()
    assert final["closed_kind"] == "resolved"
    assert final["achieved"] is True
    assert final["ratings"] == {"plan": None, "process": 5, "result": 4}
    assert final["lead_department"] == "housing"
    assert final["co_departments"] == ["water"]
    assert final["due_at"].endswith("+08:00")
