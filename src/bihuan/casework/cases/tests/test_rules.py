"""Pure rules of a case: the table, numbers and codes, search terms, files, bodies, facts."""

import datetime as dt
import io
import uuid
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.casework.cases.events import EVENT_OF_FACT, FACT_OF_ACTION, WORDINGS
from bihuan.casework.cases.rules import facts, files, numbers
from bihuan.casework.cases.rules.bodies import BODIES, plain
from bihuan.casework.cases.states import MACHINE, OPEN, CaseState

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30)


def test_the_lifecycle_table_has_no_flaw():
    assert MACHINE.flaws(CaseState) == []


def test_every_action_has_a_body_a_fact_and_an_event():
    actions = {row.action for row in MACHINE.transitions}
    assert actions == set(BODIES) == set(FACT_OF_ACTION)
    assert set(FACT_OF_ACTION.values()) <= set(EVENT_OF_FACT) == set(WORDINGS)


def test_no_handler_may_verify_or_close():
    handlers = {
        "liaison",
        "department_head",
        "lead:liaison",
        "lead:department_head",
        "co:liaison",
        "co:department_head",
    }
    for row in MACHINE.transitions:
        if row.action.startswith("verify_") or row.action == "archive":
            assert not row.roles & handlers


def test_only_the_raiser_speaks_for_the_enterprise():
    for action in ("confirm", "deny", "rate", "rate_plan", "withdraw"):
        assert MACHINE.find(action).roles == {"raiser"}


def test_every_open_state_can_be_withdrawn_by_the_raiser():
    assert MACHINE.find("withdraw").sources == OPEN


def test_number_carries_region_and_month():
    number = numbers.format_number(pattern="BH-{region}-{yymm}-{seq:05}", region="330114", period="2611", sequence=42)
    assert number == "BH-330114-2611-00042"


def test_codes_are_unguessable_and_readable():
    codes = {numbers.new_follow_up_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 14 and not set("01ILOUV") & set(code) for code in codes)


@pytest.mark.parametrize("typed", ["K7TM-2QXA-9HRD", "k7tm2qxa9hrd", " K7TM 2QXA 9HRD ", "K7TM–2QXA–9HRD"])
def test_a_code_may_be_typed_in_many_ways(typed):
    digest = numbers.code_digest(code="K7TM-2QXA-9HRD", number="BH-1", pepper="p")
    assert numbers.code_matches(code=typed, number="BH-1", pepper="p", digest=digest)
    assert not numbers.code_matches(code=typed, number="BH-2", pepper="p", digest=digest)
    assert not numbers.code_matches(code="K7TM-2QXA-9HRE", number="BH-1", pepper="p", digest=digest)


@given(HAN, HAN, HAN)
def test_whatever_stands_in_a_text_is_found_by_its_pairs(before, wanted, after):
    terms = set(numbers.search_terms([before + wanted + after]))
    for part in numbers.search_query(wanted).split(" & "):
        word = part.strip("':*")
        assert any(term.startswith(word) for term in terms) if part.endswith(":*") else word in terms


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("消防验收", "'消防' & '防验' & '验收'"),
        ("水", "'水':*"),
        ("BH-0042 消防", "'bh':* & '0042':* & '消防'"),
        ("'; drop table", "'drop':* & 'table':*"),
        ("！？", ""),
    ],
)
def test_queries(typed, query):
    assert numbers.search_query(typed) == query


def _zip(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "<x/>")
    return buffer.getvalue()


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
MEDIA = "application/vnd.openxmlformats-officedocument."
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + b"0" * 64


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("照片.png", PNG, "image/png"),
        ("a.PDF", PDF, "application/pdf"),
        ("note.txt", "现场情况".encode(), "text/plain"),
        ("旧表.csv", "企业,金额".encode("gb18030"), "text/csv"),
        ("动图.gif", b"GIF89a\1\0\1\0\0\0\0;", "image/gif"),
        ("说明.wps", OLE, "application/wps-office.wps"),
        ("台账.et", OLE, "application/wps-office.et"),
        ("汇报.ppt", OLE, "application/vnd.ms-powerpoint"),
        ("汇报.pptx", _zip("ppt/presentation.xml"), MEDIA + "presentationml.presentation"),
        ("合同.docx", _zip("word/document.xml"), MEDIA + "wordprocessingml.document"),
        ("批复.ofd", _zip("OFD.xml"), "application/ofd"),
    ],
)
def test_files_that_are_what_they_say(name, content, expected):
    assert files.media_type(name=name, head=content, size=len(content)) == expected


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.png", b"", "empty"),
        ("a.exe", b"MZ" + b"\0" * 90, "type_unknown"),
        ("a.html", b"<html>", "type_unknown"),
        ("a.svg", b"<svg onload=alert(1)>", "type_unknown"),
        ("a.png", b"<html><script>alert(1)</script>", "type_differs"),
        ("a.txt", b"<html><script>alert(1)</script>", "type_differs"),
        ("a.pdf", b"MZ" + b"\0" * 90, "type_differs"),
        ("a.jpg", _zip("x"), "type_differs"),
        ("a.docx", _zip("x"), "type_differs"),
        ("a.pptx", _zip("word/document.xml"), "type_differs"),
        ("a.ofd", b"<OFD.xml>", "type_differs"),
        ("a.wps", _zip("word/document.xml"), "type_differs"),
        ("a.gif", PNG, "type_differs"),
        ("a.txt", b"\0\1\2", "type_differs"),
        ("noending", PNG, "type_unknown"),
    ],
)
def test_files_that_are_refused(name, content, code):
    with pytest.raises(files.FileRefused) as refused:
        files.media_type(name=name, head=content, size=len(content))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\照片.png", "照片.png"), ("a\u202egnp.exe", "agnp.exe"), ("..", "file")],
)
def test_file_names_are_made_harmless(given, kept):
    assert files.safe_name(given) == kept


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("accept", {"tier": "huge", "board": "policy"}),
        ("accept", {"tier": "ordinary"}),
        ("accept", {"tier": "ordinary", "board": "policy", "surprise": 1}),
        ("decline", {"reason": "because", "basis": "x"}),
        ("decline", {"reason": "not_in_scope"}),
        ("rule_objection", {"upheld": True}),
        ("rate", {"process": 6, "result": 1}),
        ("rate", {"process": 0, "result": 1}),
        ("reply", {"text": "  \u200b ", "kind": "resolved"}),
        ("reply", {"text": "x", "kind": "withdrawn"}),
        ("suspend", {"reason": "x", "until": "2026-11-30T10:00:00"}),
        ("request_extension", {"reason": "x", "days": 0}),
        ("submit_plan", {"measures": []}),
        ("dispatch", {"lead": "x", "co": ["y"] * 21}),
    ],
)
def test_wrong_bodies_are_refused(action, body):
    with pytest.raises(ValidationError):
        BODIES[action].model_validate(body)


def test_bodies_become_plain_words_without_empty_members():
    body = BODIES["suspend"].model_validate({"reason": " 等\u202e批复 ", "until": "2026-12-01T17:30:00+08:00"})
    assert plain(body) == {"reason": "等批复", "until": "2026-12-01T17:30:00+08:00"}


@given(st.lists(st.dictionaries(st.sampled_from(["state", "title", "reworks"]), st.integers()), max_size=8))
def test_replay_is_the_last_value_of_each_field(sets):
    expected = {}
    for change in sets:
        expected |= change
    assert facts.replay([{"data": {"set": change}} for change in sets]) == expected


def test_plain_values_are_canonical():
    instant = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    some = uuid.UUID(int=7)
    assert facts.to_plain([instant, some, None, {"a": (1, True)}]) == [
        "2026-11-22T01:00:00.000000Z",
        str(some),
        None,
        {"a": [1, True]},
    ]
