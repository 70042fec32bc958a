"""What dispatch does: it keeps count of returns, and scores the text model on files."""

from .evaluating import Evaluation, evaluate
from .returning import note_objection, note_ruling

__all__ = ["Evaluation", "evaluate", "note_objection", "note_ruling"]
