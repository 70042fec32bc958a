"""Shapes of figures and of files of records."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from ninja import Schema

from ..models import Batch
from ..rules.anomalies import Anomaly, Counted
from ..selectors.figures import Whole


class CheckFiguresOut(Schema):
    """Checks of a year: in all, the year before, by body; anomalies: what a supervisor should look at."""

    year: int
    whole: dict[str, Any]
    before: dict[str, Any]
    bodies: list[dict[str, Any]]
    anomalies: list[dict[str, Any]]


class RecordBatchOut(Schema):
    """What became of a file. problems: [{row, field, problem}], the first thousand."""

    id: uuid.UUID
    name: str
    kept: int
    known: int
    problems: list[dict[str, Any]]


def check_figures(
    year: int, whole: Whole, before: Whole, bodies: Mapping[str, Counted], found: Sequence[Anomaly]
) -> dict[str, Any]:
    """Return figures as the API shows them."""
    return {
        "year": year,
        "whole": dataclasses.asdict(whole) | {"per_firm": whole.per_firm, "share_merged": whole.share},
        "before": dataclasses.asdict(before) | {"per_firm": before.per_firm, "share_merged": before.share},
        "bodies": [{"body": name} | dataclasses.asdict(one) for name, one in bodies.items()],
        "anomalies": [dataclasses.asdict(one) for one in found],
    }


def batch(one: Batch) -> dict[str, Any]:
    """Return what became of a file as the API shows it."""
    return {name: getattr(one, name) for name in "id name kept known problems".split()}
