"""Stars and goals of a campaign (星级动态监督、挂图作战). Stars are for matters, never for persons. Plain values."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FIGURES = ("visits", "firms", "findings", "raised", "solved", "done")
"""走访次数, 走访企业数, 发现问题, 企业反映立案, 企业认可办成, 攻坚事项销号."""
CRITERIA = ("lively", "unblocked", "on_time", "accepted", "done")
"""有进展, 无梗阻, 不超期, 没被退回, 已销号: one star each."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one matter stands. since: when it was put on the chart; progress_on: the day of the last word."""

    since: dt.date
    due_on: dt.date
    progress_on: dt.date | None
    done_on: dt.date | None
    blocked: bool
    sent_back: int


def stars(one: Standing, criteria: Iterable[str], *, today: dt.date, lively: int) -> tuple[str, ...]:
    """Return which of the stated criteria a matter meets today; as many stars. lively: days without a word at most."""
    last = max(one.progress_on or one.since, one.since)
    met = {
        "lively": one.done_on is not None or (today - last).days <= lively,
        "unblocked": not one.blocked,
        "on_time": (one.done_on or today) <= one.due_on,
        "accepted": one.sent_back == 0,
        "done": one.done_on is not None,
    }
    return tuple(name for name in criteria if met[name])


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One goal: how far it is, and where it would be if every day brought the same."""

    figure: str
    target: int
    reached: int
    expected: int

    @property
    def share(self) -> float:
        """How much of the goal is reached, 1 at most."""
        return min(1.0, self.reached / self.target)


def goals(
    wanted: Sequence[Mapping[str, object]],
    totals: Mapping[str, int],
    *,
    since: dt.date,
    until: dt.date,
    today: dt.date,
) -> list[Goal]:
    """Return the goals with what is reached and what would be expected by today."""
    length = (until - since).days + 1
    gone = min(max((today - since).days + 1, 0), length)
    return [
        Goal(
            figure=str(one["figure"]),
            target=int(str(one["target"])),
            reached=totals.get(str(one["figure"]), 0),
            expected=int(str(one["target"])) * gone // length,
        )
        for one in wanted
    ]
