import datetime as dt
import itertools
import uuid

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import get_language, override

from bihuan.foundation.kernel import database, events, ids
from bihuan.foundation.ledger import facts, heads, rules, selectors, services
from bihuan.foundation.ledger.models import Fact

from .conftest import NOW, Subject, begin, happen, in_parallel


def test_a_fact_is_written_as_it_was_sealed(subjects):
    subject, actor = begin(), ids.uuid7()
    with database.writing():
        fact = services.record(
            subject=subject, stream=subject.pk, kind="thing.done", actor_id=actor, on_behalf_of="330106-012", now=NOW,
            data={"what": "办理", "n": 3}, from_state="a", to_state="b", reason="因为", rulebook=uuid.UUID(int=5),
        )  # fmt: skip
        stored = Fact.objects.get(pk=fact.position)
    assert (subject.last_seq, subject.last_hash) == (1, fact.hash)
    assert {f.name: getattr(stored, f.attname) for f in Fact._meta.fields} == {
        f.name: getattr(fact, f.attname) for f in Fact._meta.fields
    }
    assert rules.matches(stored.hash, stored.canonical.encode())
    assert selectors.content(stored) == {
        "v": 1, "stream": str(subject.pk), "seq": 1, "region": "330106", "kind": "thing.done",
        "at": "2026-11-20T09:00:00.000000Z", "actor": str(actor), "on_behalf_of": "330106-012", "from": "a", "to": "b",
        "reason": "因为", "rulebook": str(uuid.UUID(int=5)), "data": {"what": "办理", "n": 3}, "prev": None,
    }  # fmt: skip


def test_facts_of_one_thing_are_chained(subjects):
    subject = begin()
    happen(subject, 3)
    with database.writing():
        first, second, third = selectors.history(subject.pk)
        assert [f.seq for f in selectors.history(subject.pk, after=1, limit=1)] == [2]
        assert Subject.objects.get(pk=subject.pk).last_hash == third.hash
    assert [selectors.content(f)["prev"] for f in (first, second, third)] == [None, first.hash, second.hash]


def test_recording_takes_one_statement(subjects, django_assert_num_queries):
    subject = begin()
    with database.writing(), django_assert_num_queries(1):
        services.record(subject=subject, stream=subject.pk, kind="thing.done", actor_id=None, now=NOW, data={})


def test_a_row_is_saved_with_its_fact_in_one_statement(subjects, django_assert_num_queries):
    subject = begin()
    subject.region = "330106-1"
    with database.writing(), django_assert_num_queries(1):
        fact = services.record_and_save(
            subject, kind="thing.done", actor_id=None, now=NOW, said={"what": "x", "reason": "因为"},
            came_from="a", changed=["region", "region", "last_seq"],
        )  # fmt: skip
    stored = Subject.objects.get(pk=subject.pk)
    assert (stored.region, stored.last_seq, stored.last_hash) == ("330106-1", 1, fact.hash)
    assert fact.stream == subject.pk
    content = selectors.content(fact)
    assert (content["from"], content["to"], content["reason"]) == ("a", None, "因为")


def test_a_row_just_made_is_inserted_whole_and_comes_from_nowhere(subjects):
    subject = Subject(region="330106")
    subject.state, subject.rulebook_version = "open", 7
    with database.writing():
        fact = services.record_and_save(subject, kind="thing.done", actor_id=None, now=NOW, said={}, made=True)
        subject.state = "done"
        later = services.record_and_save(subject, kind="thing.done", actor_id=None, now=NOW, said={}, came_from="open")
    stored = Subject.objects.get(pk=subject.pk)
    assert (stored.region, stored.last_seq, stored.last_hash) == ("330106", 2, later.hash)
    first, second = selectors.content(fact), selectors.content(later)
    assert (first["from"], first["to"], first["rulebook"]) == (None, "open", "7")
    assert (second["from"], second["to"]) == ("open", "done")


def test_a_row_that_is_not_there_is_not_passed_over(subjects):
    with pytest.raises(DatabaseError, match="is not there"), database.writing():
        services.record_and_save(Subject(region="330106"), kind="thing.done", actor_id=None, now=NOW, said={})


def test_many_are_the_same_as_one_after_the_other(subjects, django_assert_num_queries):
    one, other = begin(), begin()

    def entries(subject):
        for n in range(5):
            at = NOW + dt.timedelta(microseconds=n)
            yield {"kind": "thing.done", "actor_id": ids.uuid7() if n % 2 else None, "now": at,
                   "data": {"what": '"\\办{}理\t', "n": n}, "reason": "x" * n or None}  # fmt: skip

    given = list(entries(one))
    with database.writing():
        for entry in given:
            services.record(subject=one, stream=one.pk, **entry)
        with django_assert_num_queries(1):
            written = services.record_many(services.Entry(subject=other, stream=other.pk, **e) for e in given)
        assert written == 5
        singly = [selectors.content(f) for f in selectors.history(one.pk)]
        together = [selectors.content(f) for f in selectors.history(other.pk)]
        whole = rules.verify_chain(
            rules.Sealed(str(f.stream), f.seq, f.region, f.kind, rules.instant(f.at), f.actor_id and str(f.actor_id),
                         f.hash, f.canonical)
            for f in selectors.history(other.pk)
        )  # fmt: skip
        assert (other.last_seq, other.last_hash) == (5, selectors.history(other.pk)[-1].hash)
    assert whole.ok
    assert [{**c, "stream": 0, "prev": 0} for c in singly] == [{**c, "stream": 0, "prev": 0} for c in together]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"kind": "thing.unheard_of"}, facts.UnknownKind),
        ({"data": {"share": 0.5}}, rules.NotCanonical),
        ({"now": dt.datetime(2026, 1, 1)}, rules.NotCanonical),
    ],
)
def test_what_could_not_be_read_later_is_not_written(subjects, change, error):
    subject = begin()
    with pytest.raises(error), database.writing():
        happen(subject, **change)
    with database.writing():
        assert selectors.history(subject.pk) == []


@pytest.mark.django_db(transaction=True)
def test_a_fact_needs_the_transaction_of_its_cause():
    subject = Subject(region="330106")
    with pytest.raises(events.OutsideTransaction):
        services.record(subject=subject, stream=subject.pk, kind="thing.done", actor_id=None, now=NOW, data={})
    with pytest.raises(events.OutsideTransaction):
        services.record_many([])


def test_whoever_did_not_look_again_cannot_fork_the_chain(subjects):
    subject = begin()
    stale = Subject.objects.get(pk=subject.pk)
    happen(subject)
    with pytest.raises(IntegrityError), database.writing():
        services.record(subject=stale, stream=stale.pk, kind="thing.done", actor_id=None, now=NOW, data={})


@pytest.mark.parametrize("algorithm", rules.ALGORITHMS)
def test_the_algorithm_can_be_chosen_and_changed(subjects, monkeypatch, algorithm):
    subject = begin()
    happen(subject)
    monkeypatch.setenv("BIHUAN_LEDGER_HASH", algorithm)
    assert happen(subject).hash.startswith(f"{algorithm}:")


def test_the_algorithm_falls_back_but_never_silently_against_a_wish(monkeypatch):
    monkeypatch.delenv("BIHUAN_LEDGER_HASH", raising=False)
    assert services.algorithm() == "sm3"
    monkeypatch.setattr(rules, "available", lambda name: name == "sha256")
    assert services.algorithm() == "sha256"
    monkeypatch.setenv("BIHUAN_LEDGER_HASH", "sm3")
    with pytest.raises(ImproperlyConfigured):
        services.algorithm()


REFUSED = [
    "update ledger_fact set kind = 'x'",
    "update ledger_fact set kind = 'x' where false",
    "delete from ledger_fact",
    "truncate ledger_fact",
    "update ledger_checkpoint set made_at = now()",
    "delete from ledger_checkpoint",
    "truncate ledger_checkpoint",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_nobody_rewrites_the_ledger_not_even_its_owner(subjects, statement):
    happen(begin())
    with pytest.raises(DatabaseError, match="the ledger is append-only"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("statement", REFUSED)
def test_the_role_that_works_may_not_even_try(subjects, statement):
    happen(begin())
    with pytest.raises(DatabaseError, match="permission denied"), database.writing():
        connection.cursor().execute(statement)


def test_without_a_scope_nothing_is_seen_and_nothing_written(subjects):
    subject = begin()
    happen(subject)
    assert Fact.objects.count() == 0
    with database.reading(database.NOBODY):
        assert Fact.objects.count() == 0
    with database.reading(database.Scope(kind="reader")):
        assert Fact.objects.count() == 1
    for scope in (None, database.NOBODY, database.Scope(kind="reader")):
        around = database.reading(scope) if scope else transaction.atomic()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), around:
            services.record(subject=subject, stream=ids.uuid7(), kind="thing.done", actor_id=None, now=NOW, data={})


@pytest.mark.django_db(transaction=True)
def test_many_writers_of_one_stream_make_one_chain(transactional_db, subjects):
    subject = begin()
    in_parallel(8, lambda: happen(subject, 10))
    with database.writing():
        history = selectors.history(subject.pk)
        assert [f.seq for f in history] == list(range(1, 81))
        assert Subject.objects.get(pk=subject.pk).last_hash == history[-1].hash
        assert all(selectors.content(b)["prev"] == a.hash for a, b in itertools.pairwise(history))


def test_wordings():
    content = {"kind": "thing.done", "actor": "p1", "reason": None, "seq": 1,
               "data": {"what": ["d1", 3, True], "more": {"d1": None}}}  # fmt: skip
    with override("en"):
        assert facts.wording(content, {"p1": "张三", "d1": "发改局"}) == "张三 did 发改局, 3, yes"
    facts.register({"thing.said": "{on_behalf_of}/{reason}/{nothing}/{more}"})
    assert facts.wording({**content, "kind": "thing.said"}, {}) == "—/—/—/d1 —"
    assert facts.wording({"kind": "thing.ended", "actor": None}, {}).endswith(" ended it")
    facts.register({"thing.late": "{clock} {day}"}, words={"clock": {"order_sign": "signing"}})
    late = {"kind": "thing.late", "data": {"clock": "order_sign", "day": "2026-11-20"}}
    with override("en"):
        assert facts.wording(late, {"order_sign": "something else"}) == "signing 20 Nov 2026"
        assert facts.wording({**late, "data": {"clock": "else", "day": "2026-99-20"}}, {}) == "else 2026-99-20"
    with pytest.raises(facts.UnknownKind):
        facts.wording({"kind": "thing.else"}, {})
    with pytest.raises(ValueError, match="twice"):
        facts.register({"thing.done": "{actor} did it otherwise"})


def test_braces_in_what_people_write_stay_what_they_are():
    content = {"kind": "thing.done", "actor": "{what}", "data": {"what": "{actor.__class__}"}}
    assert facts.wording(content, {}) == "{what} did {actor.__class__}"


def test_kinds_without_a_sentence_are_known():
    class Kept:
        def __str__(self):
            return "kept" if get_language() == "en" else "留着"

    facts.register({"thing.lost": " ", "thing.kept": Kept()})
    assert facts.unworded_kinds() == {"zh-hans": ["thing.done", "thing.ended", "thing.lost"], "en": ["thing.lost"]}
    assert facts.kinds() == ("thing.done", "thing.ended", "thing.kept", "thing.lost")


def test_models_without_a_head_provider_are_known(monkeypatch):
    monkeypatch.setattr(apps, "get_models", lambda: [Fact, Subject])
    assert heads.unregistered() == ["ledger_tests.Subject"]
    heads.register_model(Subject)
    assert heads.unregistered() == []
