import json
import uuid
from pathlib import Path

import pytest
from django.db import connection

from bihuan.foundation.kernel import database, ids
from bihuan.foundation.ledger import checkpoints, heads, rules, services, verification

from .conftest import NOW, Subject, begin, happen, in_parallel, tampering


@pytest.fixture
def ledger(subjects, files_at_once):
    """Three streams, two checkpoints; the last fact of the first stream is not yet covered."""
    with connection.cursor() as cursor:
        cursor.execute("create policy all_of_it on ledger_tests_subject using (true)")
    streams = [begin() for _ in range(3)]
    for stream in streams:
        happen(stream, 4, actor_id=stream.pk, reason="因为")
    services.checkpoint(now=NOW)
    happen(streams[1], 2)
    services.checkpoint(now=NOW)
    happen(streams[0])
    return [stream.pk for stream in streams]


def found(stream=None) -> list[tuple[str, int | None]]:
    return [(flaw.what, flaw.seq) for flaw in verification.verify(stream=stream).flaws]


def test_a_whole_ledger(ledger):
    seen = []
    report = verification.verify(progress=lambda done, total: seen.append((done, total)))
    assert (report.facts, report.streams, report.checkpoints, report.pending, report.flaws) == (15, 3, 2, 1, [])
    assert seen[-1] == (15, 15)
    assert report.ok


@pytest.mark.parametrize(("place", "facts", "points", "pending"), [(0, 5, 1, 1), (1, 6, 2, 0), (2, 4, 1, 0)])
def test_one_stream(ledger, place, facts, points, pending):
    report = verification.verify(stream=ledger[place])
    assert (report.facts, report.streams, report.checkpoints, report.pending) == (facts, 1, points, pending)
    assert report.ok


def test_an_empty_ledger_and_an_unknown_stream(subjects):
    assert verification.verify().ok
    assert verification.verify(stream=ids.uuid7()).ok


A = "(select stream from ledger_fact order by stream limit 1)"
DAMAGE = [
    (f"update ledger_fact set canonical = replace(canonical, '因为', '因而') where stream = {A} and seq = 2",
     [("altered", 2)]),
    (f"update ledger_fact set kind = 'thing.ended' where stream = {A} and seq = 2", [("columns", 2)]),
    (f"update ledger_fact set at = at + '1 microsecond' where stream = {A} and seq = 2", [("columns", 2)]),
    (f"update ledger_fact set actor_id = null where stream = {A} and seq = 2", [("columns", 2)]),
    (f"update ledger_fact set region = '330102' where stream = {A} and seq = 2", [("columns", 2)]),
    (f"update ledger_fact set hash = 'sm3:' || repeat('0', 64) where stream = {A} and seq = 2",
     [("altered", 2), ("unlinked", 3)]),
    (f"delete from ledger_fact where stream = {A} and seq = 3", [("gap", 4)]),
    (f"delete from ledger_fact where stream = {A} and seq = 1", [("gap", 2), ("sealed_missing", 1)]),
    (f"delete from ledger_fact where stream = {A} and seq = 5", [("truncated", 5)]),
    (f"delete from ledger_fact where stream = {A} and seq >= 4", [("truncated", 5), ("sealed_missing", 4)]),
    (f"delete from ledger_fact where stream = {A}",
     [("truncated", 5), ("sealed_missing", 1), ("sealed_missing", 4)]),
    (f"update ledger_fact f set seq = 100 * g.seq from ledger_fact g where f.stream = {A} and g.stream = {A} and"
     f" f.seq in (2, 3) and g.seq = 5 - f.seq; update ledger_fact set seq = seq / 100 where stream = {A} and seq > 99",
     [("columns", 2), ("unlinked", 2), ("columns", 3), ("unlinked", 3), ("unlinked", 4)]),
    (f"update ledger_tests_subject set last_hash = 'sm3:0' where id = {A}", [("head_differs", 5)]),
    (f"update ledger_tests_subject s set last_seq = 4, last_hash = f.hash from ledger_fact f where s.id = {A}"
     " and f.stream = s.id and f.seq = 4", [("head_behind", 4)]),
    (f"delete from ledger_tests_subject where id = {A}", [("headless", None)]),
    (f"delete from ledger_tests_subject where id = {A}; delete from ledger_fact where stream = {A}",
     [("sealed_missing", 1), ("sealed_missing", 4)]),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "flaws"), DAMAGE)
def test_what_the_database_s_keeper_changes_is_found(ledger, statement, flaws):
    victim = min(ledger, key=str)
    with tampering() as cursor:
        cursor.execute(statement)
    assert sorted(found()) == sorted(found(victim)) == sorted(flaws)
    assert found(ledger[1]) == []


def test_a_whole_chain_written_anew_contradicts_the_checkpoint(ledger):
    """The strongest change: every hash, link and the head are right again. Only the checkpoint tells."""
    stream, previous = ledger[0], ""
    with tampering() as cursor:
        cursor.execute("select seq, canonical from ledger_fact where stream = %s order by seq", [stream])
        for seq, text in cursor.fetchall():
            content = {**json.loads(text), "reason": "从来如此"}
            text, previous = rules.seal(previous, content, "sm3")
            cursor.execute(
                "update ledger_fact set canonical = %s, hash = %s where stream = %s and seq = %s",
                [text, previous, stream, seq],
            )
        cursor.execute("update ledger_tests_subject set last_hash = %s where id = %s", [previous, stream])
    assert found() == found(stream) == [("sealed_differs", 1), ("sealed_differs", 4)]


def _file(seq):
    return checkpoints.directory() / checkpoints.file_name(seq)


def _rewrite(seq, change):
    path = _file(seq)
    path.chmod(0o644)
    path.write_text(change(path.read_text()))


def test_a_missing_file(ledger):
    _file(1).unlink()
    assert found() == [("checkpoint_file_missing", 1)]


def test_a_changed_file(ledger):
    _rewrite(2, lambda text: text.replace('"signature":"', '"signature":"0'))
    assert found() == [("checkpoint_file_differs", 2), ("checkpoint_signature", 2)]


def test_an_unreadable_file(ledger):
    _file(2).unlink()
    _file(2).write_bytes(b"\xff\x00")
    assert found() == [("checkpoint_file_differs", 2), ("checkpoint_unreadable", 2)]


def test_a_row_that_is_gone_while_its_file_is_there(ledger):
    with tampering() as cursor:
        cursor.execute("delete from ledger_checkpoint where seq = 2")
    assert found() == [("checkpoint_row_missing", 2)]


def test_the_first_checkpoint_gone_from_both_places(ledger):
    _file(1).unlink()
    with tampering() as cursor:
        cursor.execute("delete from ledger_checkpoint where seq = 1")
    assert found() == [("checkpoint_unlinked", 2)]


@pytest.mark.parametrize(
    "column", ["made_at = now()", "merkle_root = 'x'", "previous = 'x'", "heads = 7", "signature = 'x'"]
)
def test_a_row_that_says_something_else_than_its_document(ledger, column):
    with tampering() as cursor:
        cursor.execute(f"update ledger_checkpoint set {column} where seq = 2")
    assert found() == [("checkpoint_columns", 2)]


def test_a_set_back_database_is_still_contradicted_by_the_files(ledger):
    with tampering() as cursor:
        cursor.execute("delete from ledger_checkpoint")
        cursor.execute("delete from ledger_fact")
        cursor.execute("delete from ledger_tests_subject")
    assert sorted(found()) == sorted(
        [("checkpoint_row_missing", 1), ("checkpoint_row_missing", 2)]
        + [("sealed_missing", 1), ("sealed_missing", 4)] * 3 + [("sealed_missing", 6)]
    )  # fmt: skip


def test_a_forged_checkpoint_needs_our_key(ledger, settings, tmp_path):
    """Whoever writes database and files, but has not the key, can only sign with another one."""
    data = settings.DATA_DIR
    settings.DATA_DIR = tmp_path
    document = json.loads((data / "checkpoints" / "000000002.json").read_text())
    forged = checkpoints.compose(
        seq=2, made_at=NOW, previous=json.loads(document["statement"])["previous"],
        heads=[tuple(head) for head in document["heads"]], algorithm="sm3",
    )  # fmt: skip
    settings.DATA_DIR = data
    _rewrite(2, lambda _text: json.dumps(forged))
    assert found() == [("checkpoint_file_differs", 2), ("checkpoint_untrusted_key", 2)]


def test_a_lost_key_is_said_so(ledger, settings):
    (settings.DATA_DIR / "ledger-key").unlink()
    assert found() == [("checkpoint_untrusted_key", 1), ("checkpoint_untrusted_key", 2)]


def test_every_flaw_has_a_sentence(ledger):
    report = rules.Report()
    for what in ["altered", "truncated", "checkpoint_root"]:
        report.add(what)
    assert all(verification.sentence(flaw) for flaw in report.flaws)
    names = {f"checkpoint_{flaw}" for flaw in ("unreadable", "signature", "untrusted_key", "root", "unlinked")}
    assert names <= set(verification.WORDINGS)


def test_providers_may_be_anything_that_yields_heads(ledger):
    stranger = uuid.UUID(int=7)
    heads.register(lambda stream: [(stranger, 3, "sm3:x")] if stream in (None, stranger) else [], name="odd")
    assert ("truncated", 3) in found()
    assert found(ledger[0]) == []


@pytest.mark.django_db(transaction=True)
def test_verification_sees_one_instant(transactional_db, subjects, monkeypatch):
    """What is written while it runs is not half seen (a head without its fact would look like a missing tail)."""
    subject = begin()
    happen(subject, 3)
    original = verification._check_heads

    def meanwhile(report, stream):
        in_parallel(1, lambda: happen(subject, 2))
        original(report, stream)

    monkeypatch.setattr(verification, "_check_heads", meanwhile)
    report = verification.verify()
    assert (report.facts, report.flaws) == (3, [])


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux for the memory in use")
def test_a_hundred_thousand_facts_in_constant_memory(subjects):
    owners = [Subject(region="330106") for _ in range(10_000)]
    said = {"what": "企业反映用电增容办理慢，多次联系未果，请两日内联系企业"}
    with database.writing():
        for start in range(0, 10_000, 1000):
            services.record_many(
                services.Entry(subject=owner, stream=owner.pk, kind="thing.done", actor_id=owner.pk, now=NOW, data=said)
                for _ in range(10)
                for owner in owners[start : start + 1000]
            )
        Subject.objects.bulk_create(owners)
    before, seen = _resident(), []
    report = verification.verify(progress=lambda done, total: seen.append(_resident()))
    assert (report.facts, report.streams, report.pending, report.ok) == (100_000, 10_000, 100_000, True)
    assert max(seen) - before < 40e6  # the texts alone are 50 million bytes
