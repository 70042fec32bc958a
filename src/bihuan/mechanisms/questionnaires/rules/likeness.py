"""Texts that say the same are put together, so that a person decides once. Plain values only.

Each text joins the earlier one (its leader) that it is most alike to, if it is alike enough, so that nothing is alike
over three corners. It is compared only with the few that share most of its rare pairs of signs: the cost grows with the
number of texts, not with its square.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

RARE, COMPARED = 12, 40
"""So many of the rarest pairs of a text are looked up; so many leaders that share most of them are compared."""
_NOISE = re.compile(r"[\W_]+")


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring signs of a text, without spaces and marks."""
    plain = _NOISE.sub("", text.casefold())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1)) or frozenset(plain)


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two sets of pairs are: the share that both have of all that either has (0–1)."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def groups(texts: Mapping[str, str], *, least: float) -> list[list[str]]:
    """Return the keys of texts in groups of the same meaning, each led by its first; large groups first.

    texts: key → text, in the order in which they came. least: how alike two texts are at least.
    """
    known = {key: pairs(text) for key, text in texts.items()}
    often = Counter(pair for found in known.values() for pair in found)
    leaders: dict[str, list[str]] = {}
    by_pair: dict[str, list[str]] = defaultdict(list)
    for key, found in known.items():
        rare = sorted(found, key=lambda pair: (often[pair], pair))[:RARE]
        leader = _leader(found, rare, known, by_pair, least)
        if leader is not None:
            leaders[leader].append(key)
            continue
        leaders[key] = [key]
        for pair in rare:
            by_pair[pair].append(key)
    order = list(texts)
    place = {key: number for number, key in enumerate(order)}
    return sorted(leaders.values(), key=lambda group: (-len(group), place[group[0]]))


def _leader(
    found: frozenset[str],
    rare: Sequence[str],
    known: Mapping[str, frozenset[str]],
    by_pair: Mapping[str, Sequence[str]],
    least: float,
) -> str | None:
    best, best_score = None, 0.0
    shared = Counter(key for pair in rare for key in by_pair.get(pair, ()))
    for candidate, _count in shared.most_common(COMPARED):
        score = alike(found, known[candidate])
        if score >= least and score > best_score:
            best, best_score = candidate, score
    return best
