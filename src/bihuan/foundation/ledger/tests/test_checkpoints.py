import datetime as dt
import json
import stat
import threading

import pytest
from django.db import connection, transaction

from bihuan.foundation.kernel import clock, database, ids
from bihuan.foundation.ledger import checkpoints, keys, rules, selectors, services, tasks
from bihuan.foundation.ledger.models import Checkpoint, Fact

from .conftest import NOW, begin, happen, in_parallel

LATER = NOW + dt.timedelta(minutes=10)


def sealed() -> dict[str, int]:
    """Stream → highest number that any checkpoint covers."""
    found: dict[str, int] = {}
    with database.reading(database.SERVICE):
        for row in Checkpoint.objects.order_by("seq"):
            for stream, seq, _hash in json.loads(row.document)["heads"]:
                found[stream] = max(seq, found.get(stream, 0))
    return found


def written() -> dict[str, int]:
    with database.reading(database.SERVICE):
        found: dict[str, int] = {}
        for stream, seq in Fact.objects.values_list("stream", "seq"):
            found[str(stream)] = max(seq, found.get(str(stream), 0))
        return found


def test_a_checkpoint_seals_what_moved_and_only_that(subjects, files_at_once):
    one, two, three = begin(), begin(), begin()
    happen(one, 3)
    happen(two)
    (first,) = services.checkpoint(now=NOW)
    happen(two)
    happen(three, 2)
    (second,) = services.checkpoint(now=LATER)
    heads = [[h[0], h[1]] for h in json.loads(second.document)["heads"]]
    assert heads == sorted([[str(two.pk), 2], [str(three.pk), 1], [str(three.pk), 2]])
    assert (first.seq, first.heads, first.previous) == (1, 3, "")
    assert (second.seq, second.heads) == (2, 3)
    assert rules.matches(second.previous, json.loads(first.document)["statement"].encode())
    assert sealed() == written()


def test_nothing_new_makes_no_checkpoint(subjects, files_at_once):
    assert services.checkpoint(now=NOW) == []
    happen(begin())
    assert len(services.checkpoint(now=NOW)) == 1
    assert services.checkpoint(now=LATER) == []
    assert sorted(checkpoints.laid_down()) == [1]


def test_the_file_stands_outside_the_database_and_can_be_checked_alone(subjects, files_at_once):
    happen(begin(), 2)
    (row,) = services.checkpoint(now=NOW)
    path = checkpoints.directory() / row.file_name
    document = json.loads(path.read_text())
    statement = json.loads(document["statement"])
    assert path.read_text() == row.document
    assert stat.S_IMODE(path.stat().st_mode) & 0o222 == 0
    assert statement == {
        "format": "bihuan-checkpoint-1", "seq": 1, "made_at": rules.instant(NOW), "previous": None, "heads": 2,
        "root": row.merkle_root, "key": keys.public_key(),
    }  # fmt: skip
    assert checkpoints.flaws(document, trusted={keys.public_key()}) == []
    assert checkpoints.flaws(document, trusted={"ed25519:" + "0" * 64}) == ["untrusted_key"]
    assert (checkpoints.directory() / "public-key.pem").read_bytes() == keys.public_pem()


@pytest.mark.parametrize(
    ("change", "flaws"),
    [
        (lambda d: d.update(signature="00" * 64), ["signature"]),
        (lambda d: d.update(signature="x"), ["signature"]),
        (lambda d: d.update(statement=d["statement"].replace('"seq":1', '"seq":2')), ["signature"]),
        (lambda d: d["heads"].pop(), ["root"]),
        (lambda d: d["heads"][0].__setitem__(1, 9), ["root"]),
        (lambda d: d["heads"].reverse(), ["root"]),
        (lambda d: d.pop("heads"), ["unreadable"]),
        (lambda d: d.pop("statement"), ["unreadable"]),
        (lambda d: d.update(statement=3), ["unreadable"]),
        (lambda d: d.update(heads=[1]), ["unreadable"]),
    ],
)  # fmt: skip
def test_a_changed_document_is_found_out(subjects, files_at_once, change, flaws):
    happen(begin())
    happen(begin())
    (row,) = services.checkpoint(now=NOW)
    document = json.loads(row.document)
    change(document)
    assert checkpoints.flaws(document, trusted={keys.public_key()}) == flaws


def test_a_big_import_gets_several_checkpoints(subjects, files_at_once, monkeypatch):
    monkeypatch.setattr(services, "FACTS_PER_CHECKPOINT", 10)
    for _ in range(5):
        happen(begin(), 7)
    rows = services.checkpoint(now=NOW)
    assert len(rows) == 4
    assert all(row.heads <= 10 for row in rows)
    assert sealed() == written()
    assert services.checkpoint(now=LATER) == []


@pytest.mark.django_db(transaction=True)
def test_the_file_that_a_crash_prevented_is_written_by_the_next_run(transactional_db, subjects, monkeypatch):
    happen(begin())
    with monkeypatch.context() as crash:
        crash.setattr(services, "_lay_down_missing", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.checkpoint(now=NOW)
    assert list(checkpoints.laid_down()) == []
    assert services.checkpoint(now=LATER) == []
    assert list(checkpoints.laid_down()) == [1]


def test_a_missing_file_further_back_is_left_as_evidence(subjects, files_at_once):
    for _ in range(3):
        happen(begin())
        services.checkpoint(now=NOW)
    (checkpoints.directory() / checkpoints.file_name(2)).unlink()
    happen(begin())
    services.checkpoint(now=NOW)
    assert sorted(checkpoints.laid_down()) == [1, 3, 4]


def test_no_file_is_ever_overwritten(subjects, files_at_once):
    checkpoints.lay_down(1, "one")
    checkpoints.lay_down(1, "one")
    with pytest.raises(checkpoints.CheckpointExists):
        checkpoints.lay_down(1, "another")
    happen(begin())
    (row,) = services.checkpoint(now=NOW)  # as after a database was set back: numbers go on, nothing is hidden
    assert row.seq == 2
    assert (checkpoints.directory() / checkpoints.file_name(1)).read_text() == "one"


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_checkpoint_leaves_nothing(transactional_db, subjects):
    happen(begin())
    with transaction.atomic():
        assert len(services.checkpoint(now=NOW)) == 1
        transaction.set_rollback(True)
    assert list(checkpoints.laid_down()) == []
    assert len(services.checkpoint(now=NOW)) == 1


def test_the_key_is_private_and_made_once(settings):
    made = []
    in_parallel(8, lambda: made.append(keys.public_key()))
    path = settings.DATA_DIR / "ledger-key"
    assert len(set(made)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in settings.DATA_DIR.iterdir()] == ["ledger-key"]


def test_keys_that_were_replaced_can_still_be_trusted(settings, monkeypatch):
    assert keys.trusted() == frozenset()
    old = keys.public_key()
    (settings.DATA_DIR / "ledger-key").unlink()
    monkeypatch.setenv("BIHUAN_LEDGER_TRUSTED_KEYS", f" {old} ,")
    assert keys.trusted() == {old}
    assert keys.trusted() | {keys.public_key()} == keys.trusted()


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_commits_late_is_not_forgotten_and_holds_up_nobody(transactional_db, subjects, monkeypatch):
    monkeypatch.setattr(services, "PATIENCE", 0.05)
    slow, quick = begin(), begin()
    inserted, finish = threading.Event(), threading.Event()

    def late():
        with database.writing():
            services.record(subject=slow, stream=slow.pk, kind="thing.done", actor_id=None, now=NOW, data={})
            slow.save()
            inserted.set()
            finish.wait(20)

    writer = threading.Thread(target=lambda: in_parallel(1, late))
    writer.start()
    assert inserted.wait(20)
    happen(quick)  # a later position, committed earlier
    (first,) = services.checkpoint(now=NOW)
    assert sealed() == {str(quick.pk): 1}
    assert first.settled == first.since == 0
    assert services.checkpoint(now=NOW) == []  # looked at again, and already covered
    happen(quick)
    services.checkpoint(now=NOW)
    assert sealed() == {str(quick.pk): 2}
    finish.set()
    writer.join(20)
    assert not writer.is_alive()
    (third,) = services.checkpoint(now=LATER)
    assert sealed() == written() == {str(quick.pk): 2, str(slow.pk): 1}
    assert third.settled == third.upto


@pytest.mark.django_db(transaction=True)
def test_the_test_above_would_notice_a_wrong_horizon(transactional_db, subjects, monkeypatch):
    """Trusting the order of positions alone forgets the late writer: this is what `_horizon` is for."""
    monkeypatch.setattr(services, "_writers", set)
    slow, quick = begin(), begin()
    inserted, finish = threading.Event(), threading.Event()

    def late():
        with database.writing():
            services.record(subject=slow, stream=slow.pk, kind="thing.done", actor_id=None, now=NOW, data={})
            inserted.set()
            finish.wait(20)

    writer = threading.Thread(target=lambda: in_parallel(1, late))
    writer.start()
    assert inserted.wait(20)
    happen(quick)
    services.checkpoint(now=NOW)
    finish.set()
    writer.join(20)
    services.checkpoint(now=LATER)
    assert sealed() == {str(quick.pk): 1}


@pytest.mark.django_db(transaction=True)
def test_under_load_no_fact_is_ever_skipped(transactional_db, subjects, monkeypatch):
    """Writers that commit out of order, roll back and dawdle; checkpoints in two processes at once."""
    monkeypatch.setattr(services, "PATIENCE", 0.03)
    monkeypatch.setattr(services, "FACTS_PER_CHECKPOINT", 7)
    subjects_ = [begin() for _ in range(6)]
    mine = iter(subjects_)
    lock, done = threading.Lock(), threading.Event()

    def write():
        with lock:
            subject = next(mine)
        pause = (subject.pk.int % 7) / 300
        for turn in range(25):
            try:
                with database.writing():
                    services.record(
                        subject=subject, stream=subject.pk, kind="thing.done", actor_id=None, now=NOW, data={}
                    )
                    subject.save()
                    with connection.cursor() as cursor:
                        cursor.execute("select pg_sleep(%s)", [pause * (turn % 5)])
                    if turn % 6 == 5:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                subject.refresh_from_db()

    def seal():
        while not done.is_set():
            services.checkpoint(now=NOW)

    sealers = threading.Thread(target=lambda: in_parallel(2, seal))
    sealers.start()
    in_parallel(6, write)
    done.set()
    sealers.join(30)
    services.checkpoint(now=LATER)
    assert sealed() == written()
    assert set(written().values()) == {21}
    with database.reading(database.SERVICE):
        numbers = list(Checkpoint.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1)) == sorted(checkpoints.laid_down())
    assert len(numbers) > 3


def test_a_proof_is_for_the_latest_checkpoint_that_covers_the_stream(subjects, files_at_once):
    subject, others = begin(), [begin() for _ in range(6)]
    assert selectors.proof(subject.pk) is None
    for other in [*others, subject]:
        happen(other, 2)
    with database.writing():
        assert selectors.proof(subject.pk) is None
    services.checkpoint(now=NOW)
    happen(others[0])
    services.checkpoint(now=LATER)
    happen(subject)
    with database.writing():
        proof = selectors.proof(subject.pk)
        full = selectors.proof(subject.pk, with_facts=True)
        history = selectors.history(subject.pk)
        assert selectors.proof(ids.uuid7()) is None
    assert proof["head"] == [str(subject.pk), 2, history[1].hash]
    assert json.loads(proof["statement"])["seq"] == 1
    assert "facts" not in proof
    assert [f["hash"] for f in full["facts"]] == [f.hash for f in history]
    assert checkpoints.proof_flaws(proof, trusted={keys.public_key()}) == []
    for change in ({"index": proof["index"] ^ 1}, {"size": 6}, {"path": []}, {"head": [str(subject.pk), 1, "x"]}):
        assert checkpoints.proof_flaws({**proof, **change}, trusted={keys.public_key()}) == ["root"]
    assert checkpoints.proof_flaws({**proof, "index": "0"}, trusted=()) == ["unreadable"]


def test_a_receipt_says_what_was_recorded(subjects, files_at_once):
    fact = happen(begin())
    receipt = selectors.receipt(fact)
    assert receipt["hash"] == fact.hash
    assert (receipt["stream"], receipt["seq"]) == (str(fact.stream), 1)
    assert rules.matches(receipt["hash"], receipt["canonical"].encode())


def test_the_job_seals_by_the_clock(subjects, files_at_once):
    happen(begin())
    with clock.at(LATER):
        tasks.checkpoint(timestamp=0)
    with database.reading(database.SERVICE):
        assert Checkpoint.objects.get().made_at == LATER


def test_the_first_fact_of_a_stream_has_a_proof_of_its_own(subjects, files_at_once):
    subject, other = begin(), begin()
    happen(subject, 3)
    happen(other)
    services.checkpoint(now=NOW)
    happen(subject, 2)
    services.checkpoint(now=LATER)
    assert [len(json.loads(checkpoints.read(seq))["heads"]) for seq in (1, 2)] == [3, 1]
    with database.writing():
        first = selectors.history(subject.pk)[0]
        proof, head = selectors.proof(subject.pk, seq=1), selectors.proof(subject.pk)
        assert selectors.proof(subject.pk, seq=2) is None
    assert proof["head"] == [str(subject.pk), 1, first.hash]
    assert json.loads(proof["statement"])["seq"] == 1
    assert head["head"][1] == 5
    for one in (proof, head):
        assert checkpoints.proof_flaws(one, trusted={keys.public_key()}) == []
