"""A district that asks its enterprises."""

import datetime as dt

import pytest
from django.conf import settings

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.questionnaires import selectors, services
from bihuan.mechanisms.questionnaires.models import Questionnaire, Recipient, Statement
from bihuan.mechanisms.questionnaires.rules import humans
from bihuan.mechanisms.questionnaires.services.answering import Sent

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LATER = NOW + 2 * HOUR
QUESTIONS = [
    {"key": "happy", "kind": "scale", "text": "对住建局的服务满意吗？", "needed": True},
    {
        "key": "why",
        "kind": "many",
        "text": "哪里不满意？",
        "options": [{"id": "slow", "text": "办得慢"}, {"id": "far", "text": "跑得多"}],
        "when": [{"question": "happy", "options": ["1", "2"]}],
        "needed": True,
    },
    {"key": "staff", "kind": "number", "text": "有多少职工？", "fact": "employees"},
    {"key": "trouble", "kind": "problem", "text": "有什么要政府解决的？"},
]


class Office(factories.District):
    """The district, with what tests of questionnaires ask again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.centre = self.staff("coordinator")
        self.discipline = self.staff("discipline")

    def rule(self, text: str) -> None:
        """Put sections of a rulebook in force."""
        body = f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n'
        rulebooks.apply(region=DISTRICT, name="trial", text=body, actor_id=OPERATOR, now=NOW - HOUR)

    def firms(self, count: int, first: int = 100) -> list:
        """Make enterprises: in two towns, of two trades."""
        towns = [directory.make_region(f"{DISTRICT}00{n}", f"{n} 镇").code for n in (1, 2)]
        return [
            directory.make_enterprise(first + n, town=towns[n % 2], industry=("C26", "F51")[n // 2 % 2], size="small")
            for n in range(count)
        ]

    def draft(self, questions=None, *, about=("housing",), actor=None, now=NOW) -> Questionnaire:
        """Write a questionnaire."""
        who = actor or self.centre
        given = {"region": DISTRICT, "title": "助企解难题问卷", "purpose": "把问题找出来，一件件办。"}
        made = services.draft(**given, about=about, actor=who, now=now)
        wanted = QUESTIONS if questions is None else questions
        return services.put_questions(questionnaire_id=made.id, questions=wanted, actor=who, now=now)

    def take(self, found: Questionnaire, action: str, *, actor=None, now=NOW, **body) -> Questionnaire:
        """Take an action on a questionnaire."""
        who = actor or self.centre
        return services.take(questionnaire_id=found.id, action=action, actor=who, now=now, body=body)

    def sent(self, questions=None, *, now=NOW, about=("housing",), **body) -> Questionnaire:
        """Write one and send it."""
        return self.take(self.draft(questions, about=about, now=now), "send", now=now, **body)

    def recipients(self, found: Questionnaire) -> list[Recipient]:
        """Return whom it was sent to."""
        with database.writing():
            rows = Recipient.objects.filter(questionnaire=found).select_related("enterprise", "questionnaire")
            return list(rows.order_by("id"))

    def answer(self, to: Recipient, *, now=LATER, seen=None, filled="", address="192.0.2.1", **given) -> Recipient:
        """Answer as somebody who looked at the page a minute before."""
        drawn = seen or now - dt.timedelta(minutes=1)
        stamp = humans.stamp(key=settings.SECRET_KEY, ident=to.ident, now=drawn)
        raw = {key: value if isinstance(value, list) else [value] for key, value in given.items()}
        sent = Sent(raw={name.replace("__", "-"): value for name, value in raw.items()}, stamp=stamp, filled=filled)
        return services.answer(token=selectors.asking.token_of(to), sent=sent, address=address, now=now)

    def statements(self, found: Questionnaire) -> list[Statement]:
        """Return what was stated."""
        with database.writing():
            return list(Statement.objects.filter(questionnaire=found).select_related("case").order_by("id"))

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of a thing."""
        with database.writing():
            return [fact.kind.removeprefix("questionnaires.") for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return sum(Notice.objects.filter(person_id=actor.person_id, key=key).values_list("count", flat=True))


@pytest.fixture
def office(db):
    with clock.at(NOW):
        made = Office()
        made.liaison()
        assert made.owner
        yield made
