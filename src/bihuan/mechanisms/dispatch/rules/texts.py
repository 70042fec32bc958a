"""What a text is made of, for learning: pieces of its title and body, and the subjects its words speak for."""

import functools
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_SPACE = re.compile(r"\s+")
LONGEST_BODY = 2_000
"""Characters of a body that are read; what matters stands at the beginning."""
TITLE_SIZES, BODY_SIZES, LARGE_BODY_SIZES = (1, 2), (1, 2, 3), (1, 2)
"""Lengths of the pieces of characters; of very many texts the long pieces of bodies would only fill the memory."""
LONGEST_TERM = 6
BLOCKS: Mapping[str, float] = {"tc": 1.4, "bc": 1.0, "tt": 1.2, "bt": 0.9, "ts": 0.8, "bs": 0.6}
"""Parts of a text and their weight: characters, terms and subjects of title and body. The title is the raiser's own
summary, so it weighs more; found by cross-validation on messages that are no part of the product."""

Pieces = dict[str, dict[str, float]]


@functools.cache
def _terms() -> Mapping[str, tuple[str, ...]]:
    """Return term → subjects it speaks for, from the list that the product ships."""
    found: dict[str, tuple[str, ...]] = {}
    for subject, words in tomllib.loads((Path(__file__).parent / "subjects.toml").read_text("utf-8")).items():
        for word in dict.fromkeys(words.split()):
            found[word] = (*found.get(word, ()), subject)
    return found


def tidy(text: str) -> str:
    """Return the text in lower case and without white space, which says nothing in Chinese."""
    return _SPACE.sub("", text).lower()


def pieces(title: str, body: str, *, sizes: tuple[int, ...] = BODY_SIZES) -> Pieces:
    """Return block → piece → how strongly the text has it (1 + ln of how often; subjects by the length of their words).

    sizes: the lengths of the pieces of the body.
    """
    title, body = tidy(title), tidy(body)[:LONGEST_BODY]
    found: Pieces = {}
    for side, text, lengths in (("t", title, TITLE_SIZES), ("b", body, sizes)):
        terms = Counter(_found_terms(text))
        found[f"{side}c"] = _damped(_grams(text, lengths))
        found[f"{side}t"] = _damped(terms)
        found[f"{side}s"] = _subjects(terms)
    return found


def _grams(text: str, lengths: Iterable[int]) -> Counter[str]:
    return Counter(text[start : start + length] for length in lengths for start in range(len(text) - length + 1))


def _found_terms(text: str) -> Iterator[str]:
    known = _terms()
    for length in range(1, LONGEST_TERM + 1):
        for start in range(len(text) - length + 1):
            if (term := text[start : start + length]) in known:
                yield term


def _damped(counts: Mapping[str, int]) -> dict[str, float]:
    return {piece: 1.0 + math.log(count) for piece, count in counts.items()}


def _subjects(terms: Mapping[str, int]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for term, count in terms.items():
        for subject in _terms()[term]:
            sums[subject] = sums.get(subject, 0.0) + len(term) * math.sqrt(count)
    return {subject: math.log1p(value) for subject, value in sums.items()}
