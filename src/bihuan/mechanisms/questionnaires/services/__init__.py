"""The only writers of questionnaires.

Order of locks: questionnaire, recipient, problem, statements. Answering locks the recipient alone.
"""

from .answering import answer, open_link
from .sending import close_due, invite_waiting, take
from .sorting import Decision, decide, set_aside, take_problem
from .writing import draft, put_questions, write_question

__all__ = [
    "Decision",
    "answer",
    "close_due",
    "decide",
    "draft",
    "invite_waiting",
    "open_link",
    "put_questions",
    "set_aside",
    "take",
    "take_problem",
    "write_question",
]
