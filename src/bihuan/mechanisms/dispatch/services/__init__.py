"""What dispatch does: so far, scoring the text model on files."""

from .evaluating import Evaluation, evaluate

__all__ = ["Evaluation", "evaluate"]
