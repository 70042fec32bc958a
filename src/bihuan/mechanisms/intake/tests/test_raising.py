"""Raising a matter from the page: named, without a name, logged in; what is wrong comes back whole."""

import datetime as dt
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from bihuan.casework.cases.factories import DISTRICT, NOW, District
from bihuan.casework.cases.models import Attachment, Case, Contact
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.directory import rules, selectors
from bihuan.foundation.directory.models import Region
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import standalone_verify
from bihuan.mechanisms.intake import services
from bihuan.mechanisms.intake.models import SentForm
from bihuan.mechanisms.intake.services import sending

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


def told(**given):
    return {
        "title": "丙类仓库扩建，消防验收退回三次",
        "description": "仓库 9 月完工，验收退了三次，每次理由不一样。",
        "region": DISTRICT,
        "who": "named",
        "enterprise": rules.compose_uscc(region=DISTRICT, serial=1),
        "contact_phone": "13600000917",
    } | given


def stored() -> Case:
    with database.writing():
        return Case.objects.select_related("enterprise").get()


def none_stored() -> bool:
    with database.writing():
        return not Case.objects.exists()


def receipt_of(client, answer) -> tuple[str, str]:
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert answer["Location"] == "/raise/receipt/"
    page = client.get("/raise/receipt/").content.decode()
    case = stored()
    assert case.number in page
    return case.number, page.split("data-code>")[1].split("<")[0]


def test_the_form_opens_for_anybody(visitor):
    page = visitor.get("/raise/").content.decode()
    assert "data-draft" in page
    assert DISTRICT in page


def test_a_matter_is_raised_in_the_name_of_an_enterprise(visitor, district):
    number, code = receipt_of(visitor, visitor.post("/raise/", told()))
    case = stored()
    assert (case.enterprise_id, case.channel, case.anonymous) == (district.firm.id, "web", False)
    assert len(code.replace("-", "")) == 12
    with database.writing():
        assert Contact.objects.get().phone == "13600000917"
    # The one who raised it follows it on this device without typing the code.
    assert visitor.get(f"/track/{number}/").status_code == 200


def test_a_phone_comes_in_through_the_channel_of_phones(visitor):
    visitor.post("/raise/", told(), headers={"User-Agent": "Mozilla/5.0 (Linux; Android 10) Mobile Safari"})
    assert stored().channel == "mobile"


def test_an_enterprise_new_to_the_directory_is_entered_with_its_name(visitor):
    uscc = rules.compose_uscc(region=DISTRICT, serial=77)
    visitor.post("/raise/", told(enterprise=uscc.lower(), enterprise_name="禾原新材料有限公司"))
    assert (stored().enterprise.uscc, stored().enterprise.name) == (uscc, "禾原新材料有限公司")


def test_nobody_is_written_down_who_wants_no_name(browser, district):
    owner = browser(district.owner)
    owner.post("/raise/", told(who="anonymous"))
    case = stored()
    assert (case.anonymous, case.enterprise_id, case.raised_by) == (True, None, None)


def test_an_enterprise_logged_in_chooses_itself(browser, district):
    owner = browser(district.owner)
    assert "id_enterprise" not in owner.get("/raise/").content.decode()
    owner.post("/raise/", told(who=district.firm.uscc))
    assert (stored().enterprise_id, stored().raised_by) == (district.firm.id, district.owner.person_id)
    assert stored().title in owner.get("/my/").content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "id_title"),
        ({"description": "  "}, "id_description"),
        ({"enterprise": "91999901000000012X"}, "id_enterprise"),
        ({"enterprise": ""}, "id_enterprise"),
        ({"region": "110101"}, "id_region"),
        ({"title": "长" * 201}, "id_title"),
        ({"title": "x" * 1_000_000}, "id_title"),
        ({"title": "a\0b"}, "id_title"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_comes_back(visitor, given, field):
    answer = visitor.post("/raise/", told(place="东门三号库", **given))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert "东门三号库" in page
    assert none_stored()


def test_more_than_fits_is_refused_without_breaking(visitor):
    answer = visitor.post("/raise/", told(title="大" * 1_000_000))
    assert answer.status_code in (400, 413)
    assert none_stored()


def test_characters_that_reorder_or_hide_text_are_taken_out(visitor):
    visitor.post("/raise/", told(title="验收\u202e退回\u200b三次\u2066"))
    assert stored().title == "验收退回三次"


def test_a_region_that_has_ended_takes_no_matters(visitor, district):
    directory.make_region("999902", "旧区")
    directory.make_board("old", region="999902")
    Region.objects.filter(code="999902").update(valid_to=NOW.date())
    selectors.forget()
    assert "旧区" not in visitor.get("/raise/").content.decode()
    assert visitor.post("/raise/", told(region="999902")).status_code == 422


def test_files_come_with_the_matter_or_nothing_does(visitor):
    good, bad = SimpleUploadedFile("照片.png", PNG), SimpleUploadedFile("x.png", b"<html><script>alert(1)</script>")
    answer = visitor.post("/raise/", told(uploads=[good, bad]))
    assert answer.status_code == 422
    assert 'id="id_uploads_error"' in answer.content.decode()
    assert none_stored()
    good.seek(0)
    receipt_of(visitor, visitor.post("/raise/", told(uploads=[good])))
    with database.writing():
        assert Attachment.objects.get().name == "照片.png"


def test_the_code_is_shown_on_this_device_only_and_for_minutes(visitor, district, client):
    answer = visitor.post("/raise/", told())
    kept = answer.cookies["bh-receipt"]
    assert (kept["path"], kept["httponly"], kept["max-age"]) == ("/raise/receipt/", True, 600)
    assert client.get("/raise/receipt/")["Location"] == "/track/"
    visitor.cookies["bh-receipt"] = str(kept.value)[:-2] + "xx"
    assert visitor.get("/raise/receipt/").status_code == 302


def test_the_receipt_convinces_the_stand_alone_verifier(visitor, tmp_path):
    number, _code = receipt_of(visitor, visitor.post("/raise/", told()))
    answer = visitor.get(f"/track/{number}/receipt.json")
    assert "attachment" in answer["Content-Disposition"]
    file = tmp_path / "receipt.json"
    file.write_bytes(answer.content)
    run = [sys.executable, Path(standalone_verify.__file__), file]
    assert subprocess.run(run, capture_output=True, check=False).returncode == 0
    changed = json.loads(answer.content)
    changed["receipt"]["canonical"] = changed["receipt"]["canonical"].replace("三次", "两次")
    file.write_text(json.dumps(changed))
    assert subprocess.run(run, capture_output=True, check=False).returncode == 1


def test_one_address_raises_so_many_matters_and_no_more(visitor, settings):
    settings.PUBLIC_INTAKE_PER_HOUR = 1
    visitor.post("/raise/", told())
    answer = visitor.post("/raise/", told(title="第二件"))
    assert answer.status_code == 422
    assert "第二件" in answer.content.decode()


class TestWhileTyping:
    """The credit code is checked on the server while it is typed."""

    def test_a_known_code_brings_the_name(self, visitor, district):
        page = visitor.get("/raise/firm/", {"enterprise": district.firm.uscc}).content.decode()
        assert district.firm.name in page
        assert "enterprise_name" not in page

    def test_an_unknown_code_asks_for_the_name(self, visitor):
        code = rules.compose_uscc(region=DISTRICT, serial=99)
        page = visitor.get("/raise/firm/", {"enterprise": code, "enterprise_name": "禾原"}).content.decode()
        assert 'value="禾原"' in page

    def test_a_wrong_code_says_what_is_wrong(self, visitor, district):
        wrong = district.firm.uscc[:-1] + ("0" if district.firm.uscc[-1] != "0" else "1")
        assert "is-red" in visitor.get("/raise/firm/", {"enterprise": wrong}).content.decode()

    def test_half_a_code_is_not_wrong_yet(self, visitor, district):
        assert "is-red" not in visitor.get("/raise/firm/", {"enterprise": district.firm.uscc[:9]}).content.decode()


def test_the_home_of_a_visitor_shows_the_ways_in(visitor):
    page = visitor.get("/my/").content.decode()
    assert 'href="/raise/"' in page
    assert 'href="/track/"' in page


def test_the_start_leads_an_enterprise_to_its_home(browser, district):
    assert browser(district.owner).get("/")["Location"] == "/my/"
    assert browser(district.staff("coordinator")).get("/")["Location"] == "/queue/"


def test_a_days_old_page_still_knows_nothing_of_the_clock(visitor):
    with clock.at(NOW.replace(year=2031)):
        assert visitor.post("/raise/", told()).status_code == 302


def key_of(client) -> str:
    page = client.get("/raise/").content.decode()
    return page.split('name="once"')[1].split('value="')[1].split('"')[0]


class TestSendingTwice:
    """The answer was lost on the way, and the phone sends the form again."""

    def test_one_matter_and_the_same_receipt(self, visitor, district):
        key = key_of(visitor)
        first = receipt_of(visitor, visitor.post("/raise/", told(once=key)))
        again = receipt_of(visitor, visitor.post("/raise/", told(once=key)))
        assert first == again
        photo = SimpleUploadedFile("a.png", PNG)
        visitor.post("/raise/", told(once=key, uploads=photo))
        with database.writing():
            assert Case.objects.count() == 2

    def test_other_words_or_another_page_are_another_matter(self, visitor, district):
        key = key_of(visitor)
        assert key != key_of(visitor)
        for given in ({"once": key}, {"once": key, "title": "另一件事"}, {"once": key_of(visitor)}, {}, {"once": ""}):
            assert visitor.post("/raise/", told(**given)).status_code == 302
        with database.writing():
            assert Case.objects.count() == 5

    def test_a_refused_form_may_be_mended_and_sent_under_its_key(self, visitor, district):
        key = key_of(visitor)
        refused = visitor.post("/raise/", told(once=key, title=""))
        assert refused.status_code == 422
        assert f'value="{key}"' in refused.content.decode()
        receipt_of(visitor, visitor.post("/raise/", told(once=key)))

    def test_the_database_alone_opens_nothing(self, visitor, district):
        key = key_of(visitor)
        number, code = receipt_of(visitor, visitor.post("/raise/", told(once=key)))
        with database.writing():
            kept = SentForm.objects.get()
        assert key not in kept.mark
        for secret in (key, number, code, code.replace("-", "")):
            assert secret.encode() not in bytes(kept.sealed)
        assert sending.forget(now=NOW + sending.KEPT) == 0
        assert sending.forget(now=clock.now() + sending.KEPT + dt.timedelta(days=1)) == 1

    def test_the_desk_too(self, district, browser):
        from bihuan.mechanisms.intake.tests.test_desk import dictated

        seat = browser(district.staff("seat"))
        page = seat.get("/desk/").content.decode()
        key = page.split('name="once"')[1].split('value="')[1].split('"')[0]
        for _ in range(2):
            assert seat.post("/desk/", dictated(district, once=key)).status_code == 302
        stored()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_raise_one(settings):
    with clock.at(NOW):
        district = District()
        results: list[sending.Sent] = []
        barrier = threading.Barrier(2)

        def send() -> None:
            with clock.at(NOW):
                barrier.wait()
                results.append(
                    services.submit(matter=district.matter(), files=[], actor=Actor(), now=NOW, key="the same key")
                )
            connection.close()

        senders = [threading.Thread(target=send) for _ in range(2)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert len(results) == 2
    assert results[0] == results[1]
    stored()
