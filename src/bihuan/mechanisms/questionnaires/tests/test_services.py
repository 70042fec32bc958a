"""Questionnaires: written, sent once, answered once by each, sorted by persons, and urgent matters with task forces."""

import datetime as dt

import pytest

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts import services as account_services
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database, errors
from bihuan.foundation.ledger.models import Fact
from bihuan.mechanisms.questionnaires import selectors, services
from bihuan.mechanisms.questionnaires.models import Known, Questionnaire, Recipient
from bihuan.mechanisms.questionnaires.services import Decision
from bihuan.mechanisms.questionnaires.tests.conftest import DAY, HOUR, LATER, QUESTIONS


def refused(code: str, act, *args, **given) -> errors.Problem:
    with pytest.raises(errors.Problem) as problem:
        act(*args, **given)
    assert problem.value.code == code
    return problem.value


def read(found: Questionnaire) -> Questionnaire:
    with database.writing():
        return Questionnaire.objects.get(pk=found.pk)


def decide(office, found, statements, *, title="招工难", urgent=True, actor=None, now=LATER):
    decision = Decision(statements=[one.id for one in statements], title=title, urgent=urgent)
    return services.decide(questionnaire_id=found.id, decision=decision, actor=actor or office.centre, now=now)


def act(office, problem, action, *, actor=None, now=LATER, **body):
    given = {"action": action, "actor": actor or office.centre, "now": now, "body": body}
    return services.take_problem(problem_id=problem.id, **given)


class TestWriting:
    def test_questions_one_by_one_and_options_keep_their_ids(self, office):
        made = office.draft([])
        given = {"questionnaire_id": made.id, "actor": office.centre, "now": NOW}
        first = {"kind": "one", "text": "多大？", "options": ["大", "小"]}
        services.write_question(step="put", key="", body=first, **given)
        condition = [{"question": "q1", "options": ["o2"]}]
        services.write_question(
            step="put", key="", body={"kind": "words", "text": "为何？", "when": condition}, **given
        )
        changed = first | {"options": ["中", "小"]}
        found = services.write_question(step="put", key="q1", body=changed, **given)
        one, two = selectors.questions_of(found)
        assert one.options == (("o3", "中"), ("o2", "小"))
        assert two.when[0].options == ("o2",)
        found = services.write_question(step="up", key="q2", body={}, **given)
        assert [question.key for question in selectors.questions_of(found)] == ["q2", "q1"]
        problem = refused("questionnaire_flawed", office.take, made, "send")
        assert problem.extra["flaws"] == [{"question": "q2", "code": "later"}]
        services.write_question(step="take_out", key="q2", body={}, **given)
        refused("question_not_found", services.write_question, step="up", key="q2", body={}, **given)
        refused("unknown_action", services.write_question, step="fly", key="q1", body={}, **given)
        assert office.facts(made) == ["drafted", *["edited"] * 6]

    def test_only_those_who_ask_write_and_nobody_who_is_rated(self, office):
        given = {"region": DISTRICT, "title": "t", "purpose": "p", "now": NOW}
        for who in (office.liaison(), office.owner, office.staff("seat"), office.staff("system_admin")):
            refused("questionnaire_region", services.draft, **given, about=[], actor=who)
        refused("department_unknown", services.draft, **given, about=["none"], actor=office.centre)
        made = office.draft()
        for who in (office.liaison(), office.staff("leader"), office.staff("seat")):
            with pytest.raises(errors.Problem):
                office.take(made, "send", actor=who)

    def test_what_is_no_question_is_refused(self, office):
        made = office.draft()
        given = {"questionnaire_id": made.id, "actor": office.centre, "now": NOW}
        for wrong in (
            [{}],
            [{"key": "a b", "kind": "one", "text": ""}],
            ["x"],
            [{"key": "a", "kind": "one", "text": "t", "options": [1]}],
        ):
            refused("invalid_body", services.put_questions, questions=wrong, **given)
        many = [QUESTIONS[0] | {"key": f"k{n}"} for n in range(61)]
        refused("questions_many", services.put_questions, questions=many, **given)


class TestSending:
    def test_each_is_asked_once_and_told_once(self, office):
        office.firms(3)
        found = office.sent()
        assert (found.asked, found.skipped, found.state) == (5, 0, "open")
        assert found.until > NOW + 14 * DAY
        assert services.invite_waiting(now=NOW) == 5
        assert services.invite_waiting(now=NOW) == 0
        assert office.told(office.owner, "questionnaires.asked") == 1
        told = {one.enterprise_id: one.told for one in office.recipients(found)}
        assert told[office.firm.id] == 1
        assert sum(told.values()) == 1
        refused("state_forbids", office.take, found, "send")
        assert office.facts(found) == ["drafted", "edited", "sent"]

    def test_some_of_the_region_or_those_listed(self, office):
        firms = office.firms(4)
        found = office.sent(towns=[firms[0].town], trades=["C"], sizes="small")
        assert {one.enterprise_id for one in office.recipients(found)} == {firms[0].id}
        listed = office.sent(enterprises=[firms[1].uscc, firms[2].uscc])
        assert listed.asked == 2
        elsewhere = "91110000000000000A"
        with pytest.raises(errors.Invalid):
            office.sent(enterprises=[elsewhere])
        refused("nobody_to_ask", office.sent, towns=["999901999"])

    def test_nobody_is_asked_too_often_by_all_together(self, office):
        office.sent(enterprises=[office.firm.uscc])
        office.sent(enterprises=[office.firm.uscc])
        third = office.sent()
        assert (third.asked, third.skipped) == (1, 1)
        later = office.sent(now=NOW + 91 * DAY)
        assert (later.asked, later.skipped) == (2, 0)

    def test_a_reminder_goes_to_those_who_have_not_answered(self, office):
        found = office.sent()
        services.invite_waiting(now=NOW)
        (mine, _other) = office.recipients(found)
        office.take(found, "remind", now=NOW + DAY)
        assert services.invite_waiting(now=NOW + DAY) == 1
        assert office.told(office.owner, "questionnaires.asked_again") == 1
        office.answer(mine, happy="5", now=NOW + DAY)
        office.take(found, "remind", now=NOW + 2 * DAY)
        assert services.invite_waiting(now=NOW + 2 * DAY) == 0

    def test_it_closes_by_itself_and_whoever_wrote_it_is_told(self, office):
        found = office.sent(until="2026-11-20")
        assert services.close_due(now=NOW + DAY) == 0
        office.take(found, "extend", until="2026-11-22", text="企业忙", now=NOW + DAY)
        assert services.close_due(now=NOW + 5 * DAY) == 0
        assert services.close_due(now=NOW + 7 * DAY) == 1
        assert read(found).state == "closed"
        assert office.told(office.centre, "questionnaires.ended") == 1
        with clock.at(NOW + 7 * DAY):
            refused("link_closed", office.answer, office.recipients(found)[0], happy="5", now=NOW + 7 * DAY)
        for until in ("2026-11-15", "2028-01-01", "x", ""):
            if until:
                refused("invalid_body", office.sent, until=until)


class TestAnswering:
    def test_the_last_version_counts_and_one_fact_says_no_answer(self, office):
        found = office.sent()
        to = office.recipients(found)[0]
        refused("answers_wrong", office.answer, to)
        wrong = refused("answers_wrong", office.answer, to, happy="1").extra["wrong"]
        assert set(wrong) == {"why"}
        office.answer(to, happy="1", why=["slow", "far"], trouble="路不好走")
        again = office.answer(to, happy="5", trouble="路不好走", now=LATER + HOUR)
        assert (again.version, again.given) == (2, {"happy": "5", "trouble": "路不好走"})
        assert [one.text for one in office.statements(found)] == ["路不好走"]
        assert office.facts(to) == ["answered", "answered"]
        with database.writing():
            texts = " ".join(
                Fact.objects.filter(kind__startswith="questionnaires.").values_list("canonical", flat=True)
            )
        assert "路不好走" not in texts
        office.answer(to, happy="5", now=LATER + 2 * HOUR)
        assert office.statements(found) == []

    def test_what_is_known_is_never_asked_again(self, office):
        found = office.sent(enterprises=[office.firm.uscc])
        (to,) = office.recipients(found)
        office.answer(to, happy="5", staff="86")
        second = office.sent([*QUESTIONS, {"key": "town", "kind": "words", "text": "在哪个镇？", "fact": "town"}])
        to = next(one for one in office.recipients(second) if one.enterprise_id == office.firm.id)
        page = selectors.page_of(to, LATER)
        assert page.known["employees"] == "86"
        assert page.asked_facts == ("employees",)
        kept = office.answer(to, happy="4", staff="1", known__employees="90")
        assert ("staff" in kept.given, kept.known) == (False, {"employees": "86"})
        with database.writing():
            assert Known.objects.get(fact="employees").value == "90"
        later = LATER + 400 * DAY
        assert "employees" not in selectors.known_of(office.firm, selectors.section(second), later)

    def test_robots_are_refused_and_nothing_is_kept(self, office):
        found = office.sent()
        to = office.recipients(found)[0]
        refused("robot", office.answer, to, happy="5", filled="http://buy")
        refused("quick", office.answer, to, happy="5", seen=LATER - dt.timedelta(seconds=1))
        refused("stale", office.answer, to, happy="5", seen=LATER - 2 * DAY)
        other = office.recipients(found)[1]
        other.ident = to.ident
        for number in range(20):
            office.answer(to, happy="5", now=LATER + dt.timedelta(minutes=number), address=f"192.0.2.{number}")
        refused("too_many_requests", office.answer, to, happy="5", now=LATER + dt.timedelta(minutes=21))

    def test_a_forged_link_says_so_and_is_counted(self, office):
        found = office.sent()
        token = selectors.asking.token_of(office.recipients(found)[0])
        forged = token[:-1] + ("a" if token[-1] != "a" else "b")
        for _one in range(30):
            refused("link_forged", services.open_link, token=forged, address="192.0.2.9", now=LATER)
        refused("too_many_requests", services.open_link, token=forged, address="192.0.2.9", now=LATER)
        assert services.open_link(token=token, address="192.0.2.8", now=LATER).questionnaire_id == found.id


class TestSorting:
    FORCES = f"""
channels:
  - {{id: web, name: 网页, public: true}}
  - {{id: questionnaire, name: 问卷, public: true}}
questionnaires:
  task_forces:
    - {{id: chemistry, name: 化工专班, trades: [C26], board: projects}}
    - {{id: second, name: 二镇专班, towns: ["{DISTRICT}002"], board: gone}}
"""

    def stated(self, office, texts, *, name=True, **kwargs):
        firms = office.firms(len(texts))
        found = office.sent(enterprises=[one.uscc for one in firms], **kwargs)
        for to, text in zip(office.recipients(found), texts, strict=True):
            given = {"trouble__name": "on"} if name else {}
            office.answer(to, happy="5", trouble=text, address=f"192.0.2.{firms.index(to.enterprise)}", **given)
        return found

    def test_alike_ones_are_proposed_and_a_person_decides_once(self, office):
        found = self.stated(office, ["招不到焊工", "路坏了没人修", "焊工招不到", "招不到焊工！", "都好，谢谢"])
        office.take(found, "sort", now=LATER)
        groups, waiting = selectors.groups_to_sort(questionnaire=found, actor=office.centre)
        assert (waiting, [len(group) for group in groups]) == (5, [3, 1, 1])
        welders = [one.statement for one in groups[0]]
        problem = decide(office, found, welders)
        refused("statements_decided", decide, office, found, welders[:1])
        refused("invalid_body", decide, office, found, [])
        thanks = office.statements(found)[4]
        given = {"questionnaire_id": found.id, "actor": office.centre, "now": LATER}
        assert services.set_aside(statements=[thanks.id], text="不是问题", **given) == 1
        refused("statements_decided", decide, office, found, [thanks])
        assert [one.statement.text for one in selectors.statements_of(problem=problem, actor=office.discipline)] == [
            "招不到焊工",
            "焊工招不到",
            "招不到焊工！",
        ]
        figures = selectors.figures(questionnaire=found, actor=office.centre)
        assert (figures.statements, figures.set_aside, figures.to_sort, figures.problems, figures.urgent) == (
            5,
            1,
            1,
            1,
            1,
        )

    def test_what_was_decided_on_cannot_be_changed_by_answering_again(self, office):
        found = self.stated(office, ["招不到焊工"])
        decide(office, found, office.statements(found))
        (to,) = office.recipients(found)
        refused("statement_taken", office.answer, to, happy="5", trouble="别的", now=LATER + HOUR)
        assert office.answer(to, happy="3", trouble="招不到焊工", trouble__name="on", now=LATER + HOUR).version == 2

    def test_split_by_trade_and_territory_and_each_is_answered(self, office):
        office.rule(self.FORCES)
        found = self.stated(office, ["招不到焊工"] * 4 + ["招焊工难"])
        problem = decide(office, found, office.statements(found))
        raised = act(office, problem, "hand_on")
        assert raised.state == "raised"
        with database.writing():
            cases = list(Case.objects.filter(source="questionnaires").order_by("number"))
        main = [one for one in cases if one.merged_into_id is None]
        assert len(cases) == 5
        assert {(one.board, one.channel, one.urgent) for one in main} == {
            ("projects", "questionnaire", True),
            ("", "questionnaire", True),
        }
        forces = {one.force: set() for one in office.statements(found)}
        for one in office.statements(found):
            forces[one.force].add(one.case.merged_into_id or one.case_id)
        assert {force: len(ids) for force, ids in forces.items()} == {"chemistry": 1, "second": 1, "": 1}
        assert len({one.enterprise_id for one in cases}) == 5
        figures = selectors.figures(questionnaire=found, actor=office.centre)
        assert (figures.raised, figures.cases) == (1, 5)
        refused("state_forbids", act, office, problem, "hand_on")

    def test_who_does_not_want_its_name_in_it_is_counted_and_not_named(self, office):
        office.rule(self.FORCES)
        found = self.stated(office, ["我们厂在河边，污水管没接"], name=False)
        problem = decide(office, found, office.statements(found), title="污水管网没接通")
        act(office, problem, "hand_on")
        with database.writing():
            case = Case.objects.get(source="questionnaires")
        assert (case.enterprise_id, case.anonymous) == (None, True)
        assert "河边" not in case.description + case.title
        (fate,) = selectors.statements_of(problem=problem, actor=office.centre)
        assert fate.firm == ""

    def test_only_the_centre_gives_matters_to_task_forces(self, office):
        found = self.stated(office, ["招不到焊工"])
        problem = decide(office, found, office.statements(found), actor=office.discipline)
        refused("forbidden", act, office, problem, "hand_on", actor=office.discipline)
        settled = act(office, problem, "settle", actor=office.discipline, text="已当面说清")
        assert (settled.state, settled.outcome) == ("settled", "已当面说清")
        assert office.facts(problem) == ["problem_found", "problem_settle"]


class TestFigures:
    def test_counts_have_their_base_and_small_groups_stay_hidden(self, office):
        firms = office.firms(14)
        found = office.sent(enterprises=[one.uscc for one in firms])
        to = office.recipients(found)
        for number, one in enumerate(to[:4]):
            office.answer(one, happy="5", address=f"192.0.2.{number}")
        assert selectors.results(questionnaire=found, actor=office.centre) == (4, [])
        for number, one in enumerate(to[4:13], start=4):
            level = "1" if number >= 7 else "5"
            why = ["slow"] if level == "1" else []
            office.answer(one, happy=level, why=why, address=f"192.0.2.{number}")
        answered, rows = selectors.results(questionnaire=found, actor=office.centre)
        assert answered == 13
        by_key = {tally.question.key: (tally, shown) for tally, shown in rows}
        assert by_key["happy"][1] == {"5": 7, "4": 0, "3": 0, "2": 0, "1": 6}
        assert (by_key["why"][0].asked, by_key["why"][1]) == (6, {"slow": 6, "far": 0})
        parts = selectors.breakdown(questionnaire=found, actor=office.centre, key="happy", by="town")
        cells = [n for row in parts.rows.values() for n in row.values()]
        assert {one for one in cells if one} <= {None}
        whole = selectors.breakdown(questionnaire=found, actor=office.centre, key="happy", by="size")
        assert whole.rows == {"small": {"5": 7, "4": 0, "3": 0, "2": 0, "1": 6}}
        refused("question_not_found", selectors.breakdown, questionnaire=found, actor=office.centre, key="x", by="town")

    def test_nobody_of_a_rated_department_reads_anything_in_any_office(self, office):
        hats = office.person("hats", "coordinator")
        found = office.sent()
        assert selectors.find(found.id, hats).id == found.id
        account_services.appoint(
            person_id=hats.person_id, role="liaison", region=DISTRICT, department_id=office.department("housing").id,
            actor_id=OPERATOR, now=NOW, since=NOW - DAY,
        )  # fmt: skip
        accounts.forget()
        hats = Actor(reader=accounts.reader_of(hats.person_id))
        refused("questionnaire_not_found", selectors.find, found.id, hats)
        closed = office.take(found, "close", now=LATER)
        for read_it in (selectors.figures, selectors.results, selectors.groups_to_sort, selectors.problems):
            refused("answers_apart", read_it, questionnaire=closed, actor=hats)
        with database.reading(hats.scope()):
            assert Recipient.objects.count() == 0
