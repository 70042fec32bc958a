"""Changing a rulebook through the pages: form and text follow one another, and nobody overwrites anybody."""

import datetime as dt
import hashlib

import pytest
from django.utils.translation import override

from bihuan.casework.cases import services as services_of_cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts.models import SecurityEvent
from bihuan.foundation.rulebooks import outline, selectors, services

PLACE = f"/administration/rulebooks/{DISTRICT}/"
TEXT = "# Ours\ntiers:\n  ordinary: {due: 7wd}  # longer\n"


@pytest.fixture
def first(district):
    return services.apply(region=DISTRICT, text=TEXT, name="ours", actor_id=None, now=NOW)


def post(client, page="edit", **given):
    """Send the form; what is put into force was looked at before, unless `seen` says otherwise."""
    if given.get("do") == "apply":
        given = {"seen": hashlib.sha256(given.get("text", TEXT).encode()).hexdigest()} | given
    return client.post(f"{PLACE}{page}/", {"text": TEXT, "name": "ours", "note": "试行", "expected": "1"} | given)


def test_the_form_changes_the_text_and_keeps_the_comments(first, system):
    page = post(system, "check", side="form", **{"v:tiers.ordinary.due": "6wd", "v:acceptance.within": "2wd"})
    text = page.context["draft"].text
    assert text == "# Ours\ntiers:\n  ordinary: {due: 6wd}  # longer\nacceptance:\n  within: 2wd\n"
    assert {one.path for one in page.context["draft"].differences} == {"tiers.ordinary.due", "acceptance.within"}
    assert b'id="rb-text"' in page.content
    assert b'id="rb-form"' not in page.content


def test_the_text_changes_the_form(first, system):
    page = post(system, "check", side="text", text=TEXT.replace("7wd", "9wd"))
    assert b'id="rb-form"' in page.content
    assert b'value="9wd"' in page.content
    assert b'id="rb-text"' not in page.content


def test_flaws_name_line_and_field(first, system):
    page = post(system, "check", side="text", text=TEXT.replace("7wd", "五天") + "lihgts: []\n")
    assert [(flaw.line, flaw.field) for flaw in page.context["draft"].flaws] == [
        (3, "tiers.ordinary.due"),
        (4, "lihgts"),
    ]
    assert b'data-line="3"' in page.content


@pytest.mark.parametrize("text", ["a: [", "- 1", "\x00", "a: &x 1\nb: *x\n", "!!python/object:x {}", "x" * 300_000])
def test_what_cannot_be_read_is_said_not_broken(first, system, text):
    for given in ({"side": "text"}, {"side": "form", "v:tiers.ordinary.due": "6wd"}, {"do": "add:lights"}):
        page = post(system, "check", text=text, **given)
        assert page.status_code == 200
        assert page.context["draft"].flaws
        assert page.context["draft"].text == text
    page = post(system, do="apply", text=text)
    assert page.status_code == 422
    assert selectors.history(DISTRICT).count() == 1


def test_rows_come_and_go(first, system):
    text = post(system, "check", do="add:lights").context["draft"].text
    assert "id: red_2" in text
    assert "id: green" in text
    text = post(system, "check", do="drop:lights.1", text=text).context["draft"].text
    assert "id: yellow" not in text
    assert post(system, "check", do="forget:lights", text=text).context["draft"].text == TEXT
    assert post(system, "check", do="add:tiers").status_code == 422
    assert post(system, "check", do="drop:lights.99").context["draft"].text.startswith("# Ours")


def test_applying_wants_a_reason_and_nothing_wrong(first, system):
    changed = TEXT.replace("7wd", "8wd")
    page = post(system, do="apply", text=changed, note="")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["note"])
    assert page.context["draft"].text == changed
    page = post(system, do="apply", text=changed, effective_from="2020-01-01T00:00")
    assert list(page.context["form"].errors) == ["effective_from"]
    page = post(system, do="apply", text=changed, effective_from="never")
    assert list(page.context["form"].errors) == ["effective_from"]
    assert selectors.history(DISTRICT).count() == 1


def test_it_is_put_into_force_only_after_its_effect_was_seen(first, district, system):
    case = district.case("accept", "dispatch", "sign")
    changed = TEXT.replace("7wd", "1wd")
    page = post(system, do="rehearse", text=changed)
    assert page.context["effect"].found.seen == 1
    assert case.number not in page.content.decode()  # its light stays what it is today
    assert b'value="apply"' in page.content
    assert b'value="apply"' not in post(system, do="form", text=changed).content
    # The text changed after it was looked at: it is shown anew, and nothing is in force.
    again = post(system, do="apply", text=changed, seen=hashlib.sha256(TEXT.encode()).hexdigest())
    assert again.context["effect"].found.earlier == 1
    assert selectors.history(DISTRICT).count() == 1
    assert post(system, do="apply", text=changed, move_open="on").status_code == 302
    said = SecurityEvent.objects.filter(kind="rulebook.applied").latest("id").data
    assert (said["moves_open"], said["open"], said["due_earlier"]) == (True, 1, 1)
    assert ["tiers.ordinary.due", "7wd", "1wd"] in said["values"]


def test_of_many_open_matters_the_page_looks_at_those_due_first_and_says_so(first, district, system, monkeypatch):
    monkeypatch.setattr(services_of_cases, "AT_ONCE", 2)
    later, *soon = [district.case("accept", now=NOW + dt.timedelta(days=days)) for days in (2, 0, 1)]
    changed = TEXT.replace("7wd", "1wd")
    page = post(system, do="rehearse", text=changed)
    found = page.context["effect"].found
    assert (found.seen, found.left_out, found.earlier) == (2, 1, 2)
    assert "bihuan rulebook rehearse" in page.content.decode()
    assert post(system, do="apply", text=changed).status_code == 302
    said = SecurityEvent.objects.filter(kind="rulebook.applied").latest("id").data
    assert (said["open"], said["left_out"]) == (2, 1)
    whole = services_of_cases.rehearse(region=DISTRICT, text=changed, now=NOW)
    assert (whole.seen, whole.left_out) == (len(soon) + 1, 0)
    assert later.due_at > max(case.due_at for case in soon)


def test_a_later_version_holds_from_its_time(first, district, system):
    changed = TEXT.replace("7wd", "8wd")
    done = post(system, do="apply", text=changed, effective_from="2026-12-01T00:00", note="放宽")
    assert done.status_code == 302
    newest = selectors.history(DISTRICT).first()
    assert (newest.number, newest.note, newest.applied_by_id) == (
        2,
        "放宽",
        district.staff("system_admin").reader.person_id,
    )
    assert selectors.in_force(DISTRICT, NOW).number == 1
    assert selectors.in_force(DISTRICT, NOW + dt.timedelta(days=20)).number == 2
    said = SecurityEvent.objects.filter(kind="rulebook.applied").latest("id")
    assert (said.data["version"], said.data["reason"], said.region) == (2, "放宽", DISTRICT)
    states = [one.state for one in system.get(PLACE).context["versions"]]
    assert states == ["later", "now"]
    page = system.get(f"/administration/rulebooks/versions/{newest.pk}/")
    assert [(one.before, one.after) for one in page.context["differences"]] == [("7wd", "8wd")]
    page = system.get(f"/administration/rulebooks/versions/{newest.pk}/", {"against": "nowhere"})
    assert page.context["differences"] is None


def test_nobody_overwrites_a_version_they_have_not_seen(first, system):
    services.apply(region=DISTRICT, text=TEXT.replace("7wd", "6wd"), actor_id=None, now=NOW)
    page = post(system, do="apply", text=TEXT.replace("7wd", "8wd"))
    assert page.status_code == 422
    assert page.context["form"].non_field_errors()
    assert selectors.history(DISTRICT).count() == 2


def test_comparing_with_another_place(first, system):
    page = post(system, "check", against="weidong")
    assert page.context["against"] == "weidong"
    assert any(one.path == "tiers.ordinary.due" for one in page.context["draft"].differences)
    assert post(system, "check", against="no-such").context["against"] == ""


def test_a_place_of_others_is_closed(first, system):
    for page in ("edit", "check"):
        assert system.post(f"/administration/rulebooks/330106/{page}/", {"text": TEXT}).status_code == 403
    assert system.get("/administration/rulebooks/330106/edit/").status_code == 403


def test_a_field_of_every_kind_round_trips(first, system):
    """What a browser sends back untouched changes nothing."""
    page = system.get(f"{PLACE}edit/")
    from bihuan.foundation.rulebooks import outline

    sent = {}
    for field in outline.fields(page.context["draft"].parts):
        sent[f"v:{field.path}"] = field.value
    boxes = [one.path for one in outline.fields(page.context["draft"].parts) if one.kind == "choices"]
    page = post(system, "check", side="form", boxes=boxes, **sent)
    assert page.context["draft"].text == TEXT


def test_every_field_has_a_name_in_plain_words_and_every_section_that_needs_it_a_sentence():
    with override("zh-hans"):
        parts = outline.of("")
        nameless = [one.path for one in _all(parts) if one.label.isascii() and not one.path.split(".")[-1].isdigit()]
        helped = {part.path for part in parts if part.help}
    assert nameless == []
    assert {"lights", "tiers", "extension", "suspension", "verification", "oversight", "publication"} <= helped


def _all(parts):
    for part in parts:
        yield part
        yield from _all(getattr(part, "parts", ()))
