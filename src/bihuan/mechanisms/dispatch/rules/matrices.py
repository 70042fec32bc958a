"""The arithmetic of learning: counting pieces of texts, weighing them, folds, and scales of scores."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import texts

Array = np.ndarray[Any, np.dtype[Any]]
FEWEST_TEXTS = {"bc": 2}
"""Blocks whose pieces must occur in so many texts; others count from the first."""
_BLOCKS = list(texts.BLOCKS)
AT_A_TIME = 4_000


def key(block: str, piece: str) -> str:
    """Return the name of a piece in the vocabulary."""
    return block + piece


def unkey(name: str) -> tuple[str, str]:
    """Return (block, piece) of a name in the vocabulary."""
    return name[:2], name[2:]


@dataclass(kw_only=True)
class Counted:
    """Texts as rows of numbers. block_of: place in the vocabulary → number of the block."""

    vocabulary: dict[str, int]
    block_of: Array
    matrix: Any


def count(found: Iterable[texts.Pieces], rows: int) -> Counted:
    """Return the pieces of `rows` texts as one sparse matrix."""
    from scipy.sparse import csr_matrix

    vocabulary: dict[str, int] = {}
    places, values, ends = array("i"), array("f"), array("q", [0])
    for one in found:
        for block, pieces in one.items():
            for piece, value in pieces.items():
                places.append(vocabulary.setdefault(key(block, piece), len(vocabulary)))
                values.append(value)
        ends.append(len(places))
    matrix = csr_matrix(
        (np.frombuffer(values, np.float32), np.frombuffer(places, np.int32), np.frombuffer(ends, np.int64)),
        shape=(rows, len(vocabulary)),
    )
    block_of = np.array([_BLOCKS.index(name[:2]) for name in vocabulary], dtype=np.int8)
    return Counted(vocabulary=vocabulary, block_of=block_of, matrix=matrix)


def idf(counted: Counted, rows: Array) -> Array:
    """Return ln((1 + n) / (1 + texts that have the piece)) + 1 over these rows; 0 for pieces too rare to count."""
    texts_with = np.bincount(counted.matrix[rows].indices, minlength=len(counted.vocabulary))
    fewest = np.array([FEWEST_TEXTS.get(block, 1) for block in _BLOCKS])[counted.block_of]
    weights = np.log((1 + len(rows)) / (1 + texts_with)) + 1
    # Subjects are few and each is told by many words; how common one is says nothing about it.
    weights[counted.block_of >= _BLOCKS.index("ts")] = 1.0
    weights[texts_with < fewest] = 0.0
    return weights


def commonest(counted: Counted, weights: Array, most: int) -> Array:
    """Return the places of at most so many pieces that have a weight, those of most texts, in their order."""
    kept = np.flatnonzero(weights)
    if len(kept) > most:
        texts_with = np.bincount(counted.matrix.indices, minlength=len(counted.vocabulary))[kept]
        kept = np.sort(kept[np.argsort(-texts_with, kind="stable")[:most]])
    return kept


def weigh(counted: Counted, weights: Array, rows: Array, kept: Array | None = None) -> Any:
    """Return these rows weighted; each block of a text has the length that its weight says.

    kept: the places that are wanted; lengths are those of the whole text all the same. Some rows at a time, for what is
    made on the way is several times as large as what is returned.
    """
    from scipy.sparse import vstack

    parts = []
    for start in range(0, max(len(rows), 1), AT_A_TIME):
        part = _weighed(counted, weights, rows[start : start + AT_A_TIME])
        parts.append(part if kept is None else part[:, kept])
    return parts[0] if len(parts) == 1 else vstack(parts, format="csr")


def _weighed(counted: Counted, weights: Array, rows: Array) -> Any:
    from scipy.sparse import csr_matrix

    part = counted.matrix[rows].astype(np.float64)
    data = part.data * weights[part.indices]
    row_of = np.repeat(np.arange(part.shape[0]), np.diff(part.indptr))
    slot = row_of * len(_BLOCKS) + counted.block_of[part.indices]
    lengths = np.sqrt(np.bincount(slot, weights=data * data, minlength=part.shape[0] * len(_BLOCKS)))
    wanted = np.array(list(texts.BLOCKS.values()))[counted.block_of[part.indices]]
    data = np.divide(data * wanted, lengths[slot], out=np.zeros_like(data), where=lengths[slot] > 0)
    weighed = csr_matrix((data, part.indices, part.indptr), shape=part.shape)
    weighed.eliminate_zeros()
    return weighed


def folds(truth: Array, count_: int) -> Array:
    """Return the fold of each row: the rows of a class go round, so that each fold has its share of every class."""
    fold = np.zeros(len(truth), dtype=np.int64)
    for code in np.unique(truth):
        at = np.flatnonzero(truth == code)
        fold[at] = (np.arange(len(at)) + int(code)) % count_
    return fold


def spread(weights: Array, bias: Array, present: Array, classes: int) -> tuple[Array, Array]:
    """Give a row to every class; those that no row taught get a bias below everything."""
    whole, biases = np.zeros((classes, weights.shape[1])), np.full(classes, -50.0)
    whole[present], biases[present] = weights, bias
    return whole, biases


def together(votes: Sequence[Array], scales: Sequence[float]) -> Array:
    """Return the sum of the votes, each divided by its scale."""
    whole: Array = np.sum([vote / scale for vote, scale in zip(votes, scales, strict=True)], axis=0)
    return whole


def softmax(scores: Array) -> Array:
    """Return chances that add up to 1 in each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: Array = powers / powers.sum(axis=1, keepdims=True)
    return chances


def sharpness(scores: Array, truth: Array) -> float:
    """Return the factor on scores under which confidences fit best what turned out to be true (temperature scaling)."""
    at = np.arange(len(truth))

    def surprise(factor: float) -> float:
        return float(-np.log(np.maximum(softmax(scores * factor)[at, truth], 1e-12)).mean())

    return min((float(factor) for factor in np.geomspace(0.1, 10, 60)), key=surprise)
