"""What dispatch does: it proposes, keeps catalogue and count, learns, and scores its text model on files."""

from .cataloguing import Reading, put_in_force, read_catalogue
from .deciding import Decision, decide, take_proposal
from .evaluating import Evaluation, evaluate
from .judging import note_acceptance, note_dispatch, propose_new
from .judging import note_ruling as correct_lead
from .returning import note_objection, note_ruling
from .training import train, train_all

__all__ = [
    "Decision",
    "Evaluation",
    "Reading",
    "correct_lead",
    "decide",
    "evaluate",
    "note_acceptance",
    "note_dispatch",
    "note_objection",
    "note_ruling",
    "propose_new",
    "put_in_force",
    "read_catalogue",
    "take_proposal",
    "train",
    "train_all",
]
