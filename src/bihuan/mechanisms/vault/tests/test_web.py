"""Pages and REST: reports and dialogues of nobody in particular, the desk, and attempts from every other role."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, sealing
from bihuan.mechanisms.vault.models import Entry
from bihuan.mechanisms.vault.services import recording
from bihuan.mechanisms.vault.tests.conftest import HOUR, NAME, PHONE, SECRET
from bihuan.mechanisms.vault.tests.test_reach import NEVER, OTHERS, actor_of, everything, filled

ADDRESS, AGENT = "203.0.113.77", "Telltale/9.1 (one phone of its kind)"
FORM = {
    "kind": "favours",
    "unit": "housing",
    "person": "张某",
    "text": SECRET,
    "name": NAME,
    "phone": PHONE,
    "once": "k",
}


def browser(actor=None, **more) -> Client:
    client = Client(raise_request_exception=False, **more)
    if actor is not None:
        person = Person.objects.get(pk=actor.reader.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def anybody() -> Client:
    return browser(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT, HTTP_X_FORWARDED_FOR=ADDRESS)


def text_of(answer) -> str:
    return answer.content.decode()


def reported(client) -> str:
    """Report by the page, and return the code."""
    page = client.post(f"/report/{DISTRICT}/", FORM)
    assert page.status_code == 200
    return text_of(page).split("data-code>")[1].split("<")[0]


def test_report_and_dialogue_by_page_keep_neither_address_nor_device_nor_cookie(house):
    with clock.at(NOW):
        client = anybody()
        assert client.get("/report/").status_code == 302
        assert client.get(f"/report/{DISTRICT}/").status_code == 200
        code = reported(client)
        house.take(house.clue(), "answer", text="请问是哪一天")
        opened = client.post("/report/dialogue/", {"code": code})
        assert "请问是哪一天" in text_of(opened)
        said = client.post("/report/dialogue/", {"code": code, "text": "还有第二次"})
        assert "还有第二次" in text_of(said)
        assert text_of(client.post("/report/dialogue/", {"code": code, "text": "还有第二次"})).count("还有第二次") == 1
        assert client.post("/report/dialogue/", {"code": code, "text": ""}).status_code == 422
        assert client.post("/report/dialogue/", {"code": "AAAA"}).status_code == 422
    assert opened["Cache-Control"] == said["Cache-Control"] == "private, no-store"
    assert set(client.cookies) <= {"csrftoken"}
    assert code not in str(client.cookies)
    dump = everything()
    for telltale in (ADDRESS, "Telltale", code, code.replace("-", ""), *NEVER):
        assert telltale not in dump, telltale


def test_a_logged_in_reporter_is_nobody_either(house):
    with clock.at(NOW):
        reported(browser(house.owner))
    with recording.inside():
        assert [entry.actor_id for entry in Entry.objects.all()] == [None]


def test_what_is_wrong_comes_back_and_twice_is_once(house):
    with clock.at(NOW):
        client = anybody()
        answer = client.post(f"/report/{DISTRICT}/", FORM | {"text": ""})
        assert answer.status_code == 422
        reported(client)
        assert client.post(f"/report/{DISTRICT}/", FORM).status_code == 422
        assert client.get("/report/000000/").status_code == 404
    assert house.counts()["Clue"] == 1


def test_desk_clue_identity_and_views_by_page(house):
    _received, clue = filled(house)
    with clock.at(NOW + 2 * HOUR):
        one, two = browser(house.officer), browser(house.second)
        assert clue.number in text_of(one.get("/vault/"))
        assert SECRET not in text_of(one.get("/vault/?stage=all"))
        page = one.get(f"/vault/clues/{clue.id}/")
        assert page["Cache-Control"] == "private, no-store"
        assert all(word in text_of(page) for word in (SECRET, "还有第二次", "内部研判意见"))
        assert NAME not in text_of(page)
        assert PHONE not in text_of(page)
        where = f"/vault/identities/{house.request(clue).id}/do"
        assert one.post(f"{where}/confirm_identity/").status_code == 403
        assert two.post(f"{where}/show_identity/").status_code == 409
        assert two.post(f"{where}/confirm_identity/").status_code == 302
        shown = one.post(f"{where}/show_identity/")
        assert NAME in text_of(shown)
        assert PHONE in text_of(shown)
        assert one.post(f"{where}/show_identity/").status_code == 409
        assert one.post(f"/vault/clues/{clue.id}/do/settle_clue/", {"text": "了结"}).status_code == 302
        views = text_of(one.get("/vault/views/"))
        assert "officer-two" in views
        assert SECRET not in views
        assert "officer-one" in text_of(browser(house.staff("audit_admin")).get("/vault/views/"))


def test_a_case_is_handed_over_by_page_and_shows_nothing_of_it_afterwards(house):
    number = house.case("accept", "dispatch").number
    giver = house.staff("supervision_office")
    with clock.at(NOW + HOUR):
        client = browser(giver)
        assert f"/vault/transfer/{number}/" in text_of(client.get(f"/cases/{number}/"))
        assert client.get(f"/vault/transfer/{number}/").status_code == 200
        assert client.post(f"/vault/transfer/{number}/", {"kind": "", "text": ""}).status_code == 422
        body = {"kind": "obstruct", "unit": "housing", "person": "张某", "text": SECRET}
        receipt = text_of(client.post(f"/vault/transfer/{number}/", body))
        clue = house.clue()
        assert clue.number in receipt
        for who in (giver, house.liaison(), house.owner, house.staff("leader")):
            page = text_of(browser(who).get(f"/cases/{number}/"))
            assert clue.number not in page
            assert SECRET not in page
        for who in (house.liaison(), house.owner, house.staff("leader")):
            assert browser(who).get(f"/vault/transfer/{number}/").status_code in (403, 404)
            assert f"/vault/transfer/{number}/" not in text_of(browser(who).get(f"/cases/{number}/"))


def _addresses() -> list[str]:
    """Every address of the product without parts, exports and documents among them."""

    def walk(patterns, before=""):
        for one in patterns:
            if isinstance(one, URLPattern):
                yield before + str(one.pattern)
            else:
                yield from walk(one.url_patterns, before + str(one.pattern))

    found = {f"/{path}" for path in walk(get_resolver().url_patterns) if "<" not in path and "^" not in path}
    return sorted(one for one in found if not one.startswith(("/accounts/", "/vault/")))


@pytest.mark.parametrize("role", [*OTHERS, Role.DISCIPLINE])
def test_no_page_export_search_or_list_of_the_product_says_anything_of_a_clue(house, role):
    received, clue = filled(house)
    paths = [
        *_addresses(), f"/open/{DISTRICT}/", f"/open/{DISTRICT}/figures.json", f"/open/{DISTRICT}/clues/",
        f"/cases/?q={clue.number}", f"/cases/?q={SECRET[2:6]}", f"/api/v1/cases?q={SECRET[2:6]}",
    ]  # fmt: skip
    actor = house.officer if role == Role.DISCIPLINE else actor_of(house, role)
    with clock.at(NOW + HOUR):
        client = browser(actor)
        for path in paths:
            answer = client.get(path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            said = content.decode(errors="replace").replace(f"q={clue.number}", "").replace(clue.number, "", 0)
            for secret in (*NEVER, received.code):
                assert secret not in said or f"q={SECRET[2:6]}" in path, (path, secret)


@pytest.mark.parametrize("role", [None, *OTHERS])
def test_no_other_role_opens_a_page_of_the_vault(house, role):
    _received, clue = filled(house)
    request = house.request(clue)
    client = browser(None if role is None else actor_of(house, role))
    gets = ["/vault/", f"/vault/clues/{clue.id}/", *([] if role == Role.AUDIT_ADMIN else ["/vault/views/"])]
    posts = [
        f"/vault/clues/{clue.id}/do/note/",
        *(f"/vault/identities/{request.id}/do/{one}_identity/" for one in ("confirm", "refuse", "show")),
    ]
    with clock.at(NOW + HOUR):
        answers = [client.get(path) for path in gets] + [client.post(path, {"text": "x"}) for path in posts]
    assert {answer.status_code for answer in answers} == {302 if role is None else 403}
    said = "".join(text_of(answer) for answer in answers)
    assert not [secret for secret in (*NEVER, clue.number) if secret in said]


def test_whoever_it_concerns_does_not_learn_that_it_is_there(house):
    clue = house.clue(house.report(person="officer-one"))
    with clock.at(NOW):
        client = browser(house.officer)
        assert clue.number not in text_of(client.get("/vault/?stage=all"))
        refused = client.get(f"/vault/clues/{clue.id}/")
        unknown = client.get("/vault/clues/00000000-0000-4000-8000-000000000000/")
        assert refused.status_code == unknown.status_code == 404
        assert SECRET not in text_of(refused)
        assert client.post(f"/vault/clues/{clue.id}/do/note/", {"text": "x"}).status_code == 404


def test_an_error_page_and_the_log_say_nothing(house, monkeypatch, capsys, caplog):
    from bihuan.mechanisms.vault.services import giving

    def breaks(**_given):
        raise RuntimeError("something nobody foresaw")

    monkeypatch.setattr(giving.recording, "enter", breaks)
    with clock.at(NOW):
        page = anybody().post(f"/report/{DISTRICT}/", FORM)
        rest = anybody().post("/api/v1/vault/reports", FORM | {"region": DISTRICT}, content_type="application/json")
    assert (page.status_code, rest.status_code) == (500, 500)
    shown = text_of(page) + text_of(rest) + caplog.text + "".join(capsys.readouterr())
    assert not [secret for secret in (*NEVER, ADDRESS, "Telltale") if secret in shown]
    assert house.counts()["Clue"] == 0


def test_without_a_key_the_page_says_so_and_the_rest_runs(house, monkeypatch):
    monkeypatch.setenv(sealing.KEY_FILE, "/nowhere/key")
    with clock.at(NOW):
        refused = anybody().post(f"/report/{DISTRICT}/", FORM)
        assert refused.status_code == 422
        assert "key is not on this machine" in text_of(refused)
        assert anybody().get("/").status_code in (200, 302)
        assert browser(house.staff("coordinator")).get("/queue/").status_code == 200


def test_rest_takes_reports_and_dialogues_and_keeps_no_answer(house):
    with clock.at(NOW):
        client = anybody()
        body = FORM | {"region": DISTRICT}
        headers = {"Idempotency-Key": "one-key"}
        made = client.post("/api/v1/vault/reports", body, content_type="application/json", headers=headers)
        assert made.status_code == 201, text_of(made)
        code = made.json()["code"]
        again = client.post("/api/v1/vault/reports", body, content_type="application/json", headers=headers)
        assert again.status_code == 409
        assert again.json()["code"] == "already_received"
        house.take(house.clue(), "answer", text="请问是哪一天")
        opened = client.post("/api/v1/vault/dialogue", {"code": code}, content_type="application/json").json()
        assert [word["side"] for word in opened["words"]] == ["officer"]
        body = {"code": code, "text": "还有第二次"}
        said = client.post("/api/v1/vault/dialogue/words", body, content_type="application/json").json()
        assert [word["text"] for word in said["words"]] == ["请问是哪一天", "还有第二次"]
        wrong = client.post("/api/v1/vault/dialogue", {"code": "x"}, content_type="application/json")
        assert (wrong.status_code, wrong.json()["code"]) == (404, "code_wrong")
    dump = everything()
    assert not [secret for secret in (code, ADDRESS, *NEVER) if secret in dump]


def test_the_desk_costs_the_same_for_few_and_many(house, django_assert_max_num_queries):
    for _one in range(4):
        house.report()
    client = browser(house.officer)
    with clock.at(NOW + HOUR):
        client.get("/vault/")
        with django_assert_max_num_queries(40):
            client.get("/vault/")
    assert reverse("vault:desk") == "/vault/"
