"""Reports, hand-over, dialogue, stages, dual control, recusal, rotation: what is allowed, and what each leaves."""

import base64
import os
import stat

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.services import Contact
from bihuan.foundation.kernel import database, errors, sealing
from bihuan.foundation.ledger.models import Fact
from bihuan.foundation.notifications.models import Notice
from bihuan.mechanisms.vault import selectors, services
from bihuan.mechanisms.vault.models import Clue, Informant, Message
from bihuan.mechanisms.vault.services import Report, recording
from bihuan.mechanisms.vault.tests.conftest import HOUR, NAME, PHONE, SECRET, SENDER

KEY_A = "a:" + base64.b64encode(b"A" * 32).decode()
KEY_B = "b:" + base64.b64encode(b"B" * 32).decode()


def told(actor) -> list[str]:
    with database.writing():
        return sorted(Notice.objects.filter(person_id=actor.person_id).values_list("key", flat=True))


def test_a_report_is_sealed_and_read_by_officers_with_an_entry_for_each_look(house):
    received = house.report()
    clue = house.clue(received)
    assert clue.receipt == received.seal
    assert SECRET not in clue.sealed_content
    rows, following = services.open_desk(actor=house.officer, now=NOW)
    assert [row.clue.number for row in rows] == [received.number]
    assert following is None
    found = services.open_clue(clue_id=clue.id, actor=house.officer, now=NOW)
    assert found.content["text"] == SECRET
    assert found.about["unit_name"] == house.department("housing").name
    assert found.named
    assert house.entries() == ["received", "listed", "opened"]
    assert told(house.officer) == told(house.second) == ["vault.received"]
    assert services.verify().ok


def test_times_of_the_public_are_full_hours_and_nobody_is_noted(house):
    received = house.report(now=NOW + HOUR / 3)
    assert received.received_at == house.clue(received).received_at == NOW
    services.say(code=received.code, text="还有照片", sender=SENDER, now=NOW + HOUR * 1.5)
    with recording.inside():
        assert [(one.at, one.by) for one in Message.objects.all()] == [(NOW + HOUR, None)]


def test_a_form_that_is_sent_twice_is_one_report(house):
    house.report(once="abc")
    with pytest.raises(errors.Conflict) as problem:
        house.report(once="abc")
    assert problem.value.code == "already_received"
    assert house.counts()["Clue"] == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"kind": "nonsense"}, "kind"),
        ({"unit": "nowhere"}, "unit"),
        ({"region": "1"}, "region"),
    ],
)
def test_what_is_wrong_in_a_report_is_named(house, given, field):
    with pytest.raises(errors.Invalid) as problem:
        house.report(**given)
    assert problem.value.field == field
    assert house.counts()["Clue"] == 0


def test_the_dialogue_goes_both_ways_by_the_code_alone(house):
    received = house.report()
    clue = house.clue(received)
    house.take(clue, "answer", text="请说明是哪一天")
    house.take(clue, "note", text="调监控")
    seen = services.thread(code=received.code.lower(), sender=SENDER, now=NOW)
    assert [(word.side, word.text, word.by) for word in seen.words] == [("officer", "请说明是哪一天", None)]
    said = services.say(code=received.code, text="上周三上午", sender=SENDER, now=NOW)
    assert [word.side for word in said.words] == ["officer", "informant"]
    assert told(house.officer).count("vault.word") == 1
    assert house.clue(received).news
    services.open_clue(clue_id=clue.id, actor=house.officer, now=NOW)
    assert not house.clue(received).news
    house.take(clue, "settle_clue")
    ended = services.thread(code=received.code, sender=SENDER, now=NOW)
    assert (ended.standing, ended.may_write) == ("ended", False)
    with pytest.raises(errors.Conflict):
        services.say(code=received.code, text="再说一句", sender=SENDER, now=NOW)


def test_a_wrong_code_opens_nothing_and_many_are_stopped(house):
    house.report()
    for _try in range(60):
        with pytest.raises(errors.NotFound):
            services.thread(code="AAAA-BBBB-CCCC-DDDD", sender="one", now=NOW)
    with pytest.raises(errors.TooMany):
        services.thread(code="AAAA-BBBB-CCCC-DDDD", sender="one", now=NOW)
    with pytest.raises(errors.NotFound):
        services.say(code="AAAA-BBBB-CCCC-DDDD", text="x", sender="two", now=NOW)


def test_stages_go_the_legal_ways_and_a_form_needs_a_conclusion(house):
    clue = house.clue(house.report())
    with pytest.raises(errors.Conflict) as problem:
        house.take(clue, "file")
    assert problem.value.code == "state_forbids"
    assert house.take(clue, "inquire").stage == "inquiry"
    assert house.take(clue, "verify_clue").stage == "verification"
    assert house.take(clue, "file").stage == "filed"
    with pytest.raises(errors.Invalid):
        house.take(clue, "conclude", form="fifth")
    done = house.take(clue, "conclude", form="second")
    assert (done.stage, done.form, done.ended_at) == ("concluded", "second", NOW + HOUR)
    with pytest.raises(errors.Conflict):
        house.take(clue, "settle_clue")
    with pytest.raises(errors.NotFound):
        house.take(clue, "nonsense")
    with recording.inside(), pytest.raises(IntegrityError), transaction.atomic():
        Clue.objects.filter(pk=clue.id).update(form="")
    counted = selectors.counted(regions=[DISTRICT], since=NOW, until=NOW + HOUR)
    assert (counted.received, counted.stages, counted.forms) == (1, {"concluded": 1}, {"second": 1})


def test_what_staff_hand_over_leaves_nothing_outside_but_a_receipt(house):
    number = house.case("accept", "dispatch", contact=Contact(name=NAME, phone=PHONE)).number
    giver = house.staff("supervision_office")
    with database.writing():
        facts = Fact.objects.count()
    given = services.transfer_case(
        number=number, kind="obstruct", text="答复与事实不符，疑有人授意", unit="housing", actor=giver, now=NOW
    )
    clue = house.clue()
    assert (given.number, given.seal, given.code) == (clue.number, clue.receipt, "")
    with database.writing():
        assert Fact.objects.count() == facts
    with recording.inside():
        assert Informant.objects.get(clue=clue).get("identity")["phone"] == PHONE
    found = services.open_clue(clue_id=clue.id, actor=house.officer, now=NOW)
    assert found.content["reference"] == number
    assert "answer" not in found.available_actions
    with pytest.raises(errors.Forbidden):
        services.open_clue(clue_id=clue.id, actor=giver, now=NOW)


@pytest.mark.parametrize("who", ["liaison", "department_head", "seat", "leader", "deputy", "observer", "system_admin"])
def test_others_hand_nothing_over(house, who):
    number = house.case("accept", "dispatch").number
    actor = house.liaison(role=who) if who in ("liaison", "department_head") else house.staff(who)
    with pytest.raises(errors.Problem):
        services.transfer_case(number=number, kind="other", text="x", actor=actor, now=NOW)
    with pytest.raises(errors.Forbidden):
        services.transfer(region=DISTRICT, kind="other", text="x", actor=actor, now=NOW)
    assert house.counts()["Clue"] == 0


def test_whoever_it_concerns_is_kept_out_and_not_told(house):
    named = house.clue(house.report(text="officer-one 泄露了举报内容", unit=""))
    own = house.person("officer-three", "discipline")
    assert own
    both = Actor(reader=_with_department(house))
    of_unit = house.clue(house.report(unit="tax", person=""))
    for actor, clue in ((house.officer, named), (both, of_unit)):
        assert clue.number not in {row.clue.number for row in services.open_desk(actor=actor, now=NOW)[0]}
        with pytest.raises(errors.NotFound):
            services.open_clue(clue_id=clue.id, actor=actor, now=NOW)
        with pytest.raises(errors.NotFound):
            house.take(clue, "note", actor=actor)
    assert house.entries().count("kept_out") == 2 * 2
    assert told(house.officer) == ["vault.received"]
    assert services.open_clue(clue_id=named.id, actor=house.second, now=NOW).clue == named


def _with_department(house):
    from bihuan.foundation.accounts import selectors as accounts
    from bihuan.foundation.accounts import services as account_services
    from bihuan.foundation.directory.permissions import OPERATOR

    person = house.person("officer-tax", "discipline").person_id
    account_services.appoint(
        person_id=person, role="liaison", region=DISTRICT, department_id=house.department("tax").id,
        actor_id=OPERATOR, now=NOW, since=NOW - HOUR,
    )  # fmt: skip
    accounts.forget()
    return accounts.reader_of(person)


def test_a_clue_about_discipline_inspection_goes_to_the_level_above(house):
    clue = house.clue(house.report(unit="discipline"))
    assert clue.region != DISTRICT
    assert DISTRICT.startswith(clue.region[:4])
    with pytest.raises(errors.NotFound):
        services.open_clue(clue_id=clue.id, actor=house.officer, now=NOW)
    assert services.open_desk(actor=house.officer, now=NOW)[0] == []
    assert told(house.officer) == []


def test_an_identity_takes_two_officers_and_is_shown_once(house):
    clue = house.clue(house.report())
    house.take(clue, "ask_identity", text="需要当面核实")
    assert told(house.second).count("vault.identity_asked") == 1
    assert "vault.identity_asked" not in told(house.officer)
    with pytest.raises(errors.Conflict):
        house.take(clue, "ask_identity", actor=house.second)
    for action in ("confirm_identity", "refuse_identity"):
        with pytest.raises(errors.Forbidden) as problem:
            house.decide(clue, action, actor=house.officer)
        assert problem.value.code == "takes_two"
    with pytest.raises(errors.Conflict):
        house.decide(clue, "show_identity", actor=house.officer)
    assert house.decide(clue, "confirm_identity") is None
    with pytest.raises(errors.Forbidden):
        house.decide(clue, "show_identity", actor=house.second)
    shown = house.decide(clue, "show_identity", actor=house.officer)
    assert (shown["name"], shown["phone"]) == (NAME, PHONE)
    with pytest.raises(errors.Conflict):
        house.decide(clue, "show_identity", actor=house.officer)
    assert house.entries() == ["received", "ask_identity", "confirm_identity", "show_identity"]


def test_a_request_lapses_before_and_after_it_was_confirmed(house):
    clue = house.clue(house.report())
    house.take(clue, "ask_identity")
    late = NOW + HOUR + 24 * HOUR
    with pytest.raises(errors.Conflict) as problem:
        house.decide(clue, "confirm_identity", now=late)
    assert problem.value.code == "request_lapsed"
    house.take(clue, "ask_identity", now=late)
    house.decide(clue, "confirm_identity", now=late + HOUR)
    with pytest.raises(errors.Conflict):
        house.decide(clue, "show_identity", actor=house.officer, now=late + 30 * HOUR)
    house.take(clue, "ask_identity", now=late + 40 * HOUR)
    house.decide(clue, "refuse_identity", now=late + 41 * HOUR)
    with pytest.raises(errors.Conflict):
        house.decide(clue, "show_identity", actor=house.officer, now=late + 42 * HOUR)
    assert house.entries().count("expire_identity") == 2


def test_without_a_name_there_is_no_identity_to_ask_for(house):
    clue = house.clue(house.report(named=False))
    with pytest.raises(errors.Conflict):
        house.take(clue, "ask_identity")


def test_the_database_lets_nobody_confirm_for_themselves(house):
    clue = house.clue(house.report())
    house.take(clue, "ask_identity")
    request = house.request(clue)
    request.decided_by = request.asked_by
    with recording.inside(), pytest.raises(IntegrityError), transaction.atomic():
        request.save()


def test_the_ledger_of_views_only_grows_and_shows_what_was_changed(house):
    house.report()
    with recording.inside(), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("update vault_entry set kind = 'opened'")
    with recording.inside(), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("delete from vault_entry")
    assert services.verify().ok
    with transaction.atomic(), connection.cursor() as cursor:
        # What only the owner of the table can do, and leaves behind.
        cursor.execute("alter table vault_entry disable trigger append_only")
        cursor.execute("alter table vault_entry no force row level security")
        cursor.execute("update vault_entry set kind = 'opened'")
        cursor.execute("alter table vault_entry force row level security")
        cursor.execute("alter table vault_entry enable always trigger append_only")
    assert {flaw.what for flaw in services.verify().flaws} == {"columns"}


def test_the_views_are_read_by_officers_and_the_audit_administrator_and_that_is_seen_too(house):
    house.report()
    auditor = house.staff("audit_admin")
    for actor in (house.officer, auditor):
        rows, _next, region, known = services.open_views(actor=actor, now=NOW)
        assert (region, known) == (DISTRICT, (DISTRICT,))
        assert rows[0][0].kind == "views_read"
        assert rows[0][0].actor_id == actor.person_id
    with pytest.raises(errors.Forbidden):
        services.open_desk(actor=auditor, now=NOW)
    with pytest.raises(errors.Forbidden):
        services.open_views(actor=house.staff("leader"), now=NOW)


class TestKeys:
    def test_a_missing_key_is_said_and_nothing_else_stops(self, house, monkeypatch):
        monkeypatch.setenv(sealing.KEY_FILE, "/nowhere/key")
        with pytest.raises(errors.Unavailable) as problem:
            house.report()
        assert problem.value.code == "vault_key_missing"
        assert house.case("accept").state == "accepted"
        assert services.why_locked().code == "vault_key_missing"

    def test_a_key_file_has_to_be_private_and_elsewhere(self, house, monkeypatch, tmp_path, settings):
        file = tmp_path / "keys"
        file.write_text(KEY_A + "\n")
        file.chmod(0o644)
        monkeypatch.setenv(sealing.KEY_FILE, str(file))
        with pytest.raises(errors.Unavailable) as problem:
            house.report()
        assert problem.value.code == "vault_key_unsafe"
        file.chmod(stat.S_IRUSR)
        assert house.clue(house.report()).key == "a"
        settings.DATA_DIR = tmp_path
        with pytest.raises(errors.Unavailable) as problem:
            house.report()
        assert problem.value.code == "vault_key_unsafe"

    def test_a_key_written_wrongly_is_never_shown(self, monkeypatch):
        monkeypatch.setenv(sealing.KEYS, "a:nonsense-secret")
        with pytest.raises(errors.Unavailable) as problem:
            sealing.keyring()
        assert "nonsense" not in str(problem.value.document())

    def test_rotation_seals_everything_anew_in_batches_and_goes_on_after_a_stop(self, house, monkeypatch):
        from bihuan.mechanisms.vault.services import keeping

        monkeypatch.setenv(sealing.KEYS, KEY_A)
        clues = [house.clue(house.report()) for _one in range(5)]
        house.take(clues[0], "ask_identity")
        house.take(clues[0], "answer", text="请说明")
        monkeypatch.setenv(sealing.KEYS, f"{KEY_B},{KEY_A}")
        monkeypatch.setattr(keeping, "BATCH", 2)

        def stop(done, _total):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            services.rotate(now=NOW, progress=stop)
        assert services.keys_in_use() == {"a": 10, "b": 2}
        assert services.rotate(now=NOW) == 10
        assert services.keys_in_use() == {"b": 12}
        assert services.rotate(now=NOW) == 0
        monkeypatch.setenv(sealing.KEYS, KEY_B)
        assert services.open_clue(clue_id=clues[0].id, actor=house.officer, now=NOW).content["text"] == SECRET
        assert services.verify().ok
        monkeypatch.setenv(sealing.KEYS, KEY_A)
        with pytest.raises(errors.Unavailable) as problem:
            services.open_clue(clue_id=clues[0].id, actor=house.officer, now=NOW)
        assert problem.value.code == services.why_locked().code == "vault_key_unknown"

    def test_what_is_sealed_opens_in_its_own_place_only(self, house):
        first, other = house.clue(house.report()), house.clue(house.report(text="另一件事"))
        with recording.inside():
            Clue.objects.filter(pk=first.id).update(sealed_content=other.sealed_content)
        with pytest.raises(errors.Unavailable) as problem:
            services.open_clue(clue_id=first.id, actor=house.officer, now=NOW)
        assert problem.value.code == "vault_seal_broken"


def test_no_environment_of_this_machine_decides_these_tests():
    assert sealing.KEYS not in os.environ
    assert Report(region=DISTRICT, kind="other", text="x").identity.plain() == {}
