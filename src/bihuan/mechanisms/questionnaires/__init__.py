"""Questionnaires (问卷): asked once, never what is known, answered without login, and what becomes of the answers."""
