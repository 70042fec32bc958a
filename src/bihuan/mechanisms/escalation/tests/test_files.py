"""Files go up with their matter: whole above or not there, once, whatever is repeated, broken or too large."""

import base64
import hashlib
import io

import pytest

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Attachment
from bihuan.casework.cases.services.attaching import path_of
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.escalation import rules, services
from bihuan.mechanisms.escalation.models import Arrival, Escalation, Message, Part
from bihuan.mechanisms.escalation.services import carrying, effects
from bihuan.mechanisms.escalation.tests.conftest import CITY, DAY, HOUR
from bihuan.mechanisms.escalation.tests.test_exchange import Other, other  # noqa: F401 -- a fixture

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
SMALL, LARGE = HEAD + b"0" * 64, HEAD + bytes(range(256)) * 2_000


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def sent(levels, *contents: bytes, deliver: bool = True):
    """Return a case with files that was sent up, and what is above."""
    case = levels.case("accept", "dispatch", "sign")
    for place, content in enumerate(contents):
        name, actor = f"材料{place}.pdf", levels.staff("coordinator")
        cases.attach(number=case.number, actor=actor, now=NOW, name=name, content=io.BytesIO(content))
    body = {"to": CITY, "reason": "市级事权"}
    one = services.send_up(number=case.number, actor=levels.staff("coordinator"), now=NOW + HOUR, body=body)
    if deliver:
        services.deliver_due(now=NOW + HOUR)
    with database.writing():
        return Escalation.objects.select_related("case").get(pk=one.pk)


def above(levels, one) -> list[tuple[str, bytes]]:
    """Return the files of the case above: name and bytes."""
    with database.writing():
        found = Attachment.objects.filter(case=levels.arrival(one).case).order_by("name")
        assert not Part.objects.exists()
        return [(file.name, path_of(file.sha256).read_bytes()) for file in found]


def parts(thread) -> list[Message]:
    with database.writing():
        return list(Message.objects.filter(thread=thread, kind="file").order_by("seq"))


def test_files_are_above_to_the_byte_and_once(levels):
    one = sent(levels, SMALL, LARGE)
    assert above(levels, one) == [("材料0.pdf", SMALL), ("材料1.pdf", LARGE)]
    messages = parts(one.id)
    assert len(messages) == 1 + rules.parts_of(len(LARGE)) == 5
    assert all(len(carrying.text_of(message).encode()) < rules.BODY_MAX for message in messages)
    # Their bytes lie in the data folder, not a second time in the messages.
    assert all("content" not in message.text for message in messages)
    with database.writing():
        Message.objects.filter(thread=one.id).update(delivered_at=None, next_at=NOW)
    services.deliver_due(now=NOW + DAY)
    assert len(above(levels, one)) == 2
    assert levels.waiting() == 0


def test_a_delivery_that_breaks_off_goes_on_where_it_was(levels, monkeypatch):
    taken, calls = carrying.take_part, []

    def broken(one, case, words, now):
        calls.append(words["part"])
        taken(one, case, words, now)
        if len(calls) == 2:
            raise ZeroDivisionError

    monkeypatch.setitem(effects.OF, (rules.UP, "file"), broken)
    one = sent(levels, LARGE, deliver=False)
    with pytest.raises(ZeroDivisionError):
        services.deliver_due(now=NOW + HOUR)
    services.deliver_due(now=NOW + 2 * HOUR)
    assert calls == [1, 2, 2, 3, 4]
    assert above(levels, one) == [("材料0.pdf", LARGE)]


def test_what_does_not_fit_stays_below_and_is_named(levels):
    text = f'name: {{zh: 试验, en: Trial}}\nregion: "{DISTRICT}"\nescalation: {{files_mb: 0}}\n'
    rulebooks.apply(region=DISTRICT, name="trial", text=text, actor_id=OPERATOR, now=NOW - HOUR)
    one = sent(levels, SMALL)
    assert (parts(one.id), above(levels, one)) == ([], [])
    with database.writing():
        (kept,) = [ledger.content(fact) for fact in ledger.history(one.id) if fact.kind == "escalation.files_kept"]
    assert kept["data"]["names"] == ["材料0.pdf"]


def attach(number, actor, name, content, *, now, shown=True):
    given = {"name": name, "content": io.BytesIO(content), "visible_to_enterprise": shown}
    cases.attach(number=number, actor=actor, now=now, **given)
    services.deliver_due(now=now)


def files(case) -> dict[str, bool]:
    """Return the files of a case: name → whether the enterprise sees it."""
    with database.writing():
        return dict(Attachment.objects.filter(case=case).values_list("name", "visible_to_enterprise"))


def test_what_is_added_below_while_the_matter_is_above_follows_it_once(levels):
    one = sent(levels, SMALL)
    attach(one.case.number, levels.staff("coordinator"), "后补.pdf", LARGE, now=NOW + 2 * HOUR, shown=False)
    attach(one.case.number, levels.staff("coordinator"), "后补.pdf", LARGE, now=NOW + 3 * HOUR, shown=False)
    assert above(levels, one) == [("后补.pdf", LARGE), ("材料0.pdf", SMALL)]
    assert len(parts(one.id)) == 5
    # A file that came up is not sent down again, and one that ended is not followed.
    levels.answered(one, now=NOW + DAY)
    assert files(one.case) == {"材料0.pdf": True, "后补.pdf": False}
    attach(one.case.number, levels.staff("coordinator"), "再补.pdf", SMALL + b"1", now=NOW + 2 * DAY)
    assert len(above(levels, one)) == 2


def test_what_is_shown_above_comes_down_after_the_answer_for_the_staff_below(levels):
    one = sent(levels, SMALL)
    number, bureau = levels.arrival(one).case.number, levels.city("coordinator")
    attach(number, bureau, "批复.pdf", LARGE, now=NOW + 2 * HOUR)
    attach(number, bureau, "内部.pdf", SMALL + b"2", now=NOW + 2 * HOUR, shown=False)
    assert files(one.case) == {"材料0.pdf": True}  # nothing before there is an answer
    levels.answered(one, now=NOW + DAY)
    assert files(one.case) == {"材料0.pdf": True, "批复.pdf": False}
    with database.writing():
        kinds = list(
            Message.objects.filter(thread=one.id, direction="down").order_by("seq").values_list("kind", flat=True)
        )
        assert path_of(Attachment.objects.get(case=one.case, name="批复.pdf").sha256).read_bytes() == LARGE
    assert kinds[-5:] == ["answered"] + ["file"] * 4
    attach(number, bureau, "盖章件.pdf", SMALL + b"3", now=NOW + DAY + HOUR)
    assert files(one.case) == {"材料0.pdf": True, "批复.pdf": False, "盖章件.pdf": False}
    assert len(files(levels.arrival(one).case)) == 4
    # Whoever handles it below decides what the enterprise sees: the same file, given for it.
    attach(one.case.number, levels.staff("coordinator"), "批复.pdf", LARGE, now=NOW + 2 * DAY)
    assert files(one.case)["批复.pdf"]
    assert levels.waiting() == 0


def test_the_files_of_an_answer_pass_down_through_a_level_that_does_not_show_them(levels):
    one = sent(levels)
    arrival = levels.arrival(one)
    with database.writing():
        higher = Escalation.objects.create(
            case=arrival.case, region=CITY, to_region="990000", reason="r", sent_at=NOW, state="answered", ended_at=NOW,
            rulebook_version=arrival.rulebook_version, files_taken=[hashlib.sha256(SMALL).hexdigest()],
        )  # fmt: skip
    attach(arrival.case.number, levels.city("coordinator"), "省批复.pdf", SMALL, now=NOW + 2 * HOUR, shown=False)
    attach(arrival.case.number, levels.city("coordinator"), "市内部.pdf", LARGE, now=NOW + 2 * HOUR, shown=False)
    assert levels.stored(higher).files_sent == []
    levels.answered(one, now=NOW + DAY)
    assert files(one.case) == {"省批复.pdf": False}


def test_files_are_caught_up_when_the_level_above_takes_the_matter_up_again(levels):
    one = sent(levels)
    levels.answered(one, now=NOW + DAY)
    attach(one.case.number, levels.staff("coordinator"), "补.pdf", SMALL, now=NOW + DAY + HOUR)
    assert above(levels, one) == []
    number = levels.arrival(one).case.number
    cases.take(
        number=number,
        action="reopen",
        actor=levels.city("supervision_office"),
        now=NOW + 2 * DAY,
        body={"reason": "未落实"},
    )
    services.deliver_due(now=NOW + 2 * DAY)
    assert above(levels, one) == [("补.pdf", SMALL)]


def test_a_file_for_a_matter_that_was_taken_back_is_refused_on_record(levels, monkeypatch):
    one = sent(levels)
    attach(levels.arrival(one).case.number, levels.city("coordinator"), "批复.pdf", SMALL, now=NOW + 2 * HOUR)
    levels.above(one, "decline", now=NOW + DAY, deliver=False, reason="not_in_scope", basis="属区级事权")
    body = {"text": "区里已协调"}
    services.take(thing_id=one.id, action="take_back", actor=levels.staff("coordinator"), now=NOW + DAY, body=body)
    services.deliver_due(now=NOW + DAY)
    assert files(one.case) == {}
    with database.writing():
        (kept,) = [ledger.content(f) for f in ledger.history(one.id) if f.kind == "escalation.file_refused"]
    assert kept["data"]["why"] == "taken_back"


def test_up_and_down_share_one_room(levels):
    text = f'name: {{zh: 试验, en: Trial}}\nregion: "{CITY}"\nescalation: {{files_mb: 1}}\n'
    rulebooks.apply(region=CITY, name="trial", text=text, actor_id=OPERATOR, now=NOW - HOUR)
    one = sent(levels, LARGE)
    number = levels.arrival(one).case.number
    attach(number, levels.city("coordinator"), "批复.pdf", LARGE + b"0" * 40_000, now=NOW + 2 * HOUR)
    levels.answered(one, now=NOW + DAY)
    assert files(one.case) == {"材料0.pdf": True}
    with database.writing():
        found = [ledger.content(fact) for fact in ledger.history(levels.arrival(one).id)]
    assert [fact["data"]["names"] for fact in found if fact["kind"] == "arrival.files_kept"] == [["批复.pdf"]]


class Carried:
    """A matter of another installation, whose files come up."""

    def __init__(self, other: Other) -> None:  # noqa: F811
        self.other = other
        assert other.post(other.message()).status_code == 200
        with database.writing():
            self.arrival = Arrival.objects.get(thread=other.thread)

    def part(self, whole: bytes = LARGE, part: int = 1, **given):
        """Post a part of a file and return the status."""
        piece = whole[(part - 1) * rules.PART : part * rules.PART]
        words = {
            "name": "图.pdf", "sha256": hashlib.sha256(whole).hexdigest(), "size": len(whole), "part": part,
            "parts": rules.parts_of(len(whole)), "shown": True, "content": base64.b64encode(piece).decode(),
        } | given  # fmt: skip
        text = self.other.message(kind="file", words=words)
        answer = self.other.post(text)
        assert self.other.post(text).json() == answer.json()  # repeated, it is the same
        return answer

    def refused(self) -> list[str]:
        with database.writing():
            return [
                ledger.content(fact)["data"]["why"]
                for fact in ledger.history(self.arrival.id)
                if fact.kind == "arrival.file_refused"
            ]

    def files(self) -> list[str]:
        with database.writing():
            assert not Part.objects.exists()
            return list(Attachment.objects.filter(case_id=self.arrival.case_id).values_list("sha256", flat=True))


@pytest.fixture
def carried(other):  # noqa: F811
    return Carried(other)


def test_repeated_parts_make_one_file(carried):
    for part in range(1, 5):
        assert carried.part(part=part).status_code == 200
    assert carried.files() == [hashlib.sha256(LARGE).hexdigest()]
    assert carried.refused() == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"content": base64.b64encode(b"other bytes").decode()}, "broken"),
        ({"name": "程序.exe"}, "file_type_unknown"),
    ],
)
def test_what_is_broken_or_not_allowed_is_named_and_the_matter_goes_on(carried, given, why):
    assert carried.part(SMALL, **given).status_code == 200
    assert (carried.files(), carried.refused()) == ([], [why])
    assert carried.part(SMALL).status_code == 200
    assert len(carried.files()) == 1


def test_a_file_that_is_too_large_is_refused_with_its_first_part(carried):
    size = 21 << 20
    for part in (1, 2):
        assert carried.part(part=part, size=size, parts=rules.parts_of(size)).status_code == 200
    assert (carried.files(), carried.refused()) == ([], ["too_large"])


@pytest.mark.parametrize(
    "given",
    [{"part": 0}, {"part": 9}, {"parts": 3}, {"size": "1"}, {"sha256": "x"}, {"content": "§"}, {"shown": 1}],
)
def test_what_is_no_part_of_a_file_is_refused(carried, given):
    answer = carried.part(**given)
    assert (answer.status_code, answer.json()["code"]) == (422, "message_invalid")
    assert carried.files() == []
