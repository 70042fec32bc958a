"""Questions, the way through them, and what is wrong with a questionnaire. Plain values only.

A question is shown when all its conditions hold; each names an earlier question and the options that open it. What is
known of whoever answers is not asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

KINDS = ("one", "many", "scale", "number", "words", "problem")
"""单选, 多选, 五级, 数字, 一段话, 一段话（请求解决的问题）."""
CHOOSING = ("one", "many")
SCALE = ("5", "4", "3", "2", "1")
TEXT_MAX = {"words": 1_000, "problem": 4_000}
NUMBER_MAX = 10**12
BETWEEN = "、"
"""Between several answers that are kept as one text."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Shown only if the question was answered with one of these options."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. options: (id, text); fact: what of the enterprise it asks for, so that it is asked once only."""

    key: str
    kind: str
    text: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    when: tuple[Condition, ...] = ()
    fact: str = ""

    def plain(self) -> dict[str, Any]:
        """Return the question as it is stored."""
        return {
            "key": self.key,
            "kind": self.kind,
            "text": self.text,
            "hint": self.hint,
            "options": [{"id": one, "text": text} for one, text in self.options],
            "needed": self.needed,
            "when": [{"question": one.question, "options": list(one.options)} for one in self.when],
            "fact": self.fact,
        }


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Return questions from what is stored. Raises KeyError, TypeError, AttributeError for what is no question."""
    return tuple(
        Question(
            key=str(one["key"]),
            kind=str(one["kind"]),
            text=str(one["text"]),
            hint=str(one.get("hint", "")),
            options=tuple((str(option["id"]), str(option["text"])) for option in one.get("options", ())),
            needed=bool(one.get("needed", False)),
            when=tuple(
                Condition(question=str(each["question"]), options=tuple(map(str, each["options"])))
                for each in one.get("when", ())
            ),
            fact=str(one.get("fact", "")),
        )
        for one in stored
    )


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """What is wrong with a question: `empty`, `kind`, `text`, `options`, `twice`, `unknown`, `option`, `loop`, `later`,
    `dead`, `fact`.
    """

    question: str
    code: str


def flaws(questions: Sequence[Question], *, facts: Sequence[str] = ()) -> list[Flaw]:
    """Return all that keeps a questionnaire from being sent; facts: those a place may ask for."""
    if not questions:
        return [Flaw(question="", code="empty")]
    found = []
    place = {one.key: number for number, one in enumerate(questions)}
    for number, one in enumerate(questions):
        codes = [code for code, wrong in _own(one, facts) if wrong]
        if place[one.key] != number:
            codes.append("twice")
        codes += _conditions(one, questions, place)
        found += [Flaw(question=one.key, code=code) for code in dict.fromkeys(codes)]
    return found


def _own(one: Question, facts: Sequence[str]) -> list[tuple[str, bool]]:
    ids = [option for option, _text in one.options]
    few = one.kind in CHOOSING and (len(ids) < 2 or len(set(ids)) != len(ids) or not all(t for _i, t in one.options))
    return [
        ("kind", one.kind not in KINDS),
        ("text", not one.text),
        ("options", few),
        ("fact", bool(one.fact) and (one.fact not in facts or one.kind == "problem")),
    ]


def _conditions(one: Question, questions: Sequence[Question], place: Mapping[str, int]) -> list[str]:
    known = {each.key: each for each in questions}
    codes = []
    for each in one.when:
        other = known.get(each.question)
        if other is None:
            codes.append("unknown")
        elif not each.options or set(each.options) - set(choices(other)):
            codes.append("option")
        elif one.key in _leads_to(other, known):
            codes.append("loop")
        elif place[other.key] >= place[one.key]:
            codes.append("later")
    if not codes and _dead(one, known):
        codes.append("dead")
    return codes


def choices(question: Question) -> tuple[str, ...]:
    """Return the answers on which another question may depend; none for what is written or counted."""
    return SCALE if question.kind == "scale" else tuple(one for one, _text in question.options)


def _leads_to(question: Question, known: Mapping[str, Question]) -> set[str]:
    """Return the keys of the question and of all on which it depends, near and far."""
    found, open_ = set(), [question.key]
    while open_:
        key = open_.pop()
        if key not in found:
            found.add(key)
            open_ += [each.question for each in known[key].when] if key in known else []
    return found


def _dead(one: Question, known: Mapping[str, Question]) -> bool:
    """Tell whether no answers lead to the question: its conditions and those behind them exclude each other.

    Of a question with several answers at once, any options may be chosen together.
    """
    left: dict[str, set[str]] = {}
    for key in _leads_to(one, known):
        for each in known[key].when:
            other = known.get(each.question)
            if other is not None and other.kind != "many":
                left.setdefault(each.question, set(each.options)).intersection_update(each.options)
    return any(not options for options in left.values())


def path(questions: Sequence[Question], given: Mapping[str, Any], *, known: Mapping[str, str]) -> list[Question]:
    """Return the questions that these answers lead through. known: fact → value; such questions are passed over.

    A condition on a question that was passed over holds if what is known is one of its options, or the text of one.
    """
    shown: list[Question] = []
    answered: dict[str, set[str]] = {}
    for one in questions:
        if not all(answered.get(each.question, set()) & set(each.options) for each in one.when):
            continue
        if one.fact in known:
            texts = set(known[one.fact].split(BETWEEN))
            answered[one.key] = texts | {option for option, text in one.options if text in texts}
            continue
        shown.append(one)
        value = given.get(one.key)
        answered[one.key] = (
            set(value) if isinstance(value, list) else {str(value)} if value not in (None, "") else set()
        )
    return shown


@dataclass(kw_only=True)
class Checked:
    """Answers that are in order, and what is wrong with the others: key → `needed`, `choice`, `number`, `long`."""

    given: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def check(questions: Sequence[Question], raw: Mapping[str, Sequence[str]], *, known: Mapping[str, str]) -> Checked:
    """Check what came in, along the way it leads; what belongs to questions that are not on it is left out."""
    found = Checked()
    values: dict[str, Any] = {}
    for one in questions:
        value, flaw = _value(one, [text.strip() for text in raw.get(one.key, ()) if text.strip()])
        values[one.key] = value
        if flaw:
            found.wrong[one.key] = flaw
    on_way = {one.key for one in path(questions, values, known=known)}
    for one in questions:
        if one.key not in on_way:
            found.wrong.pop(one.key, None)
        elif values[one.key] not in (None, [], ""):
            found.given[one.key] = values[one.key]
        elif one.needed and one.key not in found.wrong:
            found.wrong[one.key] = "needed"
    return found


def _value(one: Question, given: list[str]) -> tuple[Any, str]:
    if not given:
        return None, ""
    if one.kind == "many":
        chosen = [option for option in choices(one) if option in given]
        return chosen, "choice" if set(given) - set(chosen) else ""
    (first, *more) = given
    if one.kind in ("one", "scale"):
        return (first, "") if first in choices(one) and not more else (None, "choice")
    if one.kind == "number":
        digits = first.isascii() and first.isdecimal() and int(first[:20]) <= NUMBER_MAX and len(first) <= 20
        return (int(first), "") if digits else (None, "number")
    return (first, "") if len(first) <= TEXT_MAX[one.kind] else (None, "long")
