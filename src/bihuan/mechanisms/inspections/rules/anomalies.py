"""What in the checks of a body a supervisor of law enforcement should look at. Plain values only.

Source: anomaly rules of the visit protocol (国办发〔2024〕54号; 龙华 warns on frequency): numbers that stand out are
looked at by a person, and prove nothing by themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What a body's checks of a year come to. free: of clues and emergencies; penalties: checks with one."""

    made: int = 0
    merged: int = 0
    free: int = 0
    penalties: int = 0
    unscanned: int = 0
    late: int = 0
    unjustified: int = 0
    refused: int = 0
    after_refusal: int = 0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """From how many checks on shares are looked at; the share of clues and emergencies; how many times the mean share
    of penalties of all bodies.
    """

    least: int
    free_share: float
    penalty_ratio: float


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """One thing to look at. rule: one of `RULES`; count: how many; of: out of how many (0: no share)."""

    body: str
    rule: str
    count: int
    of: int = 0


RULES = ("unscanned", "late", "unjustified", "after_refusal", "free_share", "penalty_ratio", "bad_ratings")


def found(
    counts: Mapping[str, Counted], limits: Limits, *, means: Mapping[str, float], bad: float
) -> tuple[Anomaly, ...]:
    """Return what stands out, body by body in the order of `RULES`.

    means: body → mean of its ratings, of settled months and large enough groups only; bad: from this mean down.
    """
    made = sum(one.made for one in counts.values())
    share = sum(one.penalties for one in counts.values()) / made if made else 0.0
    rows: list[Anomaly] = []
    for body, one in counts.items():
        plain = ((rule, getattr(one, rule)) for rule in ("unscanned", "late", "unjustified", "after_refusal"))
        rows += [Anomaly(body=body, rule=rule, count=count) for rule, count in plain if count]
        if one.made >= limits.least and one.free / one.made > limits.free_share:
            rows.append(Anomaly(body=body, rule="free_share", count=one.free, of=one.made))
        if one.made >= limits.least and share and one.penalties / one.made > limits.penalty_ratio * share:
            rows.append(Anomaly(body=body, rule="penalty_ratio", count=one.penalties, of=one.made))
        if body in means and means[body] <= bad:
            rows.append(Anomaly(body=body, rule="bad_ratings", count=0))
    return tuple(sorted(rows, key=lambda row: (row.body, RULES.index(row.rule))))
