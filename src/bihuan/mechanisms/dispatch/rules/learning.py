"""The text model: learns from decided matters, answers with a confidence and the pieces of text that speak for it.

Everything that has been learnt is one matrix for each question, so answering needs numpy alone; scikit-learn is loaded
only while learning. The same rows give the same model, bit for bit.

Three linear learners vote: a linear support vector machine, ridge regression that weighs rare classes up, and
complement naive Bayes, which is steadier on rare classes (Rennie et al. 2003). Their scores are put on one scale, and
turned into confidences, by what they said about rows held back from them.
"""

import functools
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from . import matrices, scoring, texts

FORMAT = "bihuan-text-model-1"
FOLDS = 5
LEARNERS = 3
MOST_HELD_BACK = 5_000
"""Of more rows than this, an even sample is used for the figures."""
MOST_FOR_MARGINS = 20_000
"""The support vector machine and the ridge learn from at most so many rows, the newest; naive Bayes from all."""
MOST_PIECES = 60_000
"""So many pieces of text are kept, those that most texts have: what bounds the file, and the memory of who answers."""
FEWEST, FEWEST_OF_CLASS = 10, 2
LARGE = 20_000
"""From so many rows on, bodies are cut into shorter pieces."""

Array = np.ndarray[Any, np.dtype[Any]]
Row = tuple[str, str]
"""(title, body)"""


class TooLittle(ValueError):
    """There is not enough to learn from: fewer than ten rows, or fewer than two classes with two rows each."""


class Broken(ValueError):
    """The file is no model of this format, or was damaged."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the model says: the label, how sure it is (0 to 1), and the pieces that speak for it, strongest first."""

    label: str
    confidence: float
    reasons: tuple[str, ...]


@dataclass(kw_only=True)
class Head:
    """What was learnt about one question. weights: one row a label. sharpness turns scores into confidences."""

    labels: list[str]
    weights: Array
    bias: Array
    sharpness: float
    rows: int
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class TextModel:
    """A vocabulary with inverse document frequencies, and a head for each question."""

    vocabulary: dict[str, int]
    idf: Array
    sizes: tuple[int, ...]
    heads: dict[str, Head]

    def answer(self, title: str, body: str) -> dict[str, Answer]:
        """Answer every question about one text."""
        places, values = self._vector(title, body)
        return {name: self._answer(head, places, values) for name, head in self.heads.items()}

    def _vector(self, title: str, body: str) -> tuple[Array, Array]:
        places: list[int] = []
        values: list[float] = []
        for block, found in texts.pieces(title, body, sizes=self.sizes).items():
            known = [
                (place, value)
                for piece, value in found.items()
                if (place := self.vocabulary.get(matrices.key(block, piece))) is not None
            ]
            if known:
                at = [place for place, _value in known]
                raw = np.array([value for _place, value in known]) * self.idf[at]
                places += at
                values += list(raw * (texts.BLOCKS[block] / np.linalg.norm(raw)))
        return np.array(places, dtype=np.intp), np.array(values)

    def _answer(self, head: Head, places: Array, values: Array) -> Answer:
        parts = head.weights[:, places] * values
        scores = parts.sum(axis=1) + head.bias
        chances = matrices.softmax(scores[None, :] * head.sharpness)[0]
        best = int(chances.argmax())
        # What sets the best label apart from the mean of all.
        apart = parts[best] - parts.mean(axis=0)
        return Answer(label=head.labels[best], confidence=float(chances[best]), reasons=self._reasons(places, apart))

    def _reasons(self, places: Array, apart: Array, most: int = 5) -> tuple[str, ...]:
        names = self._names
        strength: Counter[str] = Counter()
        for place, value in zip(places.tolist(), apart.tolist(), strict=True):
            block, piece = names[place]
            if value > 0 and len(piece) > 1 and not block.endswith("s"):
                strength[piece] += value
        chosen: list[str] = []
        for piece, _value in sorted(strength.items(), key=lambda item: (-item[1] * len(item[0]), item[0])):
            if not any(piece in other or other in piece for other in chosen):
                chosen.append(piece)
            if len(chosen) == most:
                break
        return tuple(chosen)

    @functools.cached_property
    def _names(self) -> list[tuple[str, str]]:
        return [matrices.unkey(name) for name in self.vocabulary]


def train(rows: Sequence[Row], answers: Mapping[str, Sequence[str]]) -> TextModel:
    """Learn from rows, oldest first, with the right answers to each question ("" where it is not known).

    A question with too little to learn from is left out. Raises TooLittle when none is left.
    """
    sizes = texts.LARGE_BODY_SIZES if len(rows) >= LARGE else texts.BODY_SIZES
    usable = {name: given for name, given in answers.items() if _enough(given)}
    if not usable:
        raise TooLittle
    counted = matrices.count((texts.pieces(*row, sizes=sizes) for row in rows), len(rows))
    idf = matrices.idf(counted, np.arange(len(rows)))
    kept = matrices.commonest(counted, idf, MOST_PIECES)
    whole = matrices.weigh(counted, idf, np.arange(len(rows)), kept)
    heads = {name: _head(counted, whole, kept, list(given)) for name, given in usable.items()}
    names = list(counted.vocabulary)
    vocabulary = {names[place]: number for number, place in enumerate(kept.tolist())}
    return TextModel(vocabulary=vocabulary, idf=idf[kept], sizes=sizes, heads=heads)


def _enough(given: Sequence[str]) -> bool:
    counts = Counter(label for label in given if label)
    return counts.total() >= FEWEST and sum(count >= FEWEST_OF_CLASS for count in counts.values()) >= 2


def _head(counted: "matrices.Counted", whole: Any, kept: Array, given: list[str]) -> Head:
    known = np.array([place for place, label in enumerate(given) if label])
    labels = sorted({given[place] for place in known})
    codes = {label: code for code, label in enumerate(labels)}
    truth = np.array([codes[given[place]] for place in known])
    held, votes = _held_back(counted, known, truth, len(labels))
    scales = [float(vote.std()) or 1.0 for vote in votes]
    scores = matrices.together(votes, scales)
    sharpness = matrices.sharpness(scores, held)
    said = scoring.score([labels[code] for code in held], [labels[code] for code in scores.argmax(axis=1)])
    learnt = _learners(whole[known], truth, len(labels))
    return Head(
        labels=labels,
        weights=matrices.together([weights for weights, _bias in learnt], scales).astype(np.float32),
        bias=matrices.together([bias for _weights, bias in learnt], scales),
        sharpness=sharpness,
        rows=len(known),
        figures={
            "folds": FOLDS,
            "rows": said.rows,
            "accuracy": said.accuracy,
            "macro_f1": said.macro_f1,
            "classes": [asdict(row) for row in said.classes],
        },
    )


def _held_back(counted: "matrices.Counted", known: Array, truth: Array, classes: int) -> tuple[Array, list[Array]]:
    """Return (truth, the scores of each learner) of rows, each judged by learners that had not seen it."""
    step = max(len(known) // MOST_HELD_BACK, 1)
    known, truth = known[::step], truth[::step]
    fold = matrices.folds(truth, FOLDS)
    votes = [np.zeros((len(known), classes)) for _learner in range(LEARNERS)]
    for number in range(FOLDS):
        out, rest = fold == number, fold != number
        if not out.any() or len(set(truth[rest].tolist())) < 2:
            continue
        idf = matrices.idf(counted, known[rest])
        judged = matrices.weigh(counted, idf, known[out])
        learnt = _learners(matrices.weigh(counted, idf, known[rest]), truth[rest], classes)
        for vote, (weights, bias) in zip(votes, learnt, strict=True):
            vote[out] = judged @ weights.T + bias
    return truth, votes


def _learners(x: Any, truth: Array, classes: int) -> list[tuple[Array, Array]]:
    """Return (weights, bias) of each learner, a row for every class.

    On one thread: the vectors are short, and threads that wait for each other cost five times what they calculate.
    """
    from sklearn.linear_model import RidgeClassifier
    from sklearn.naive_bayes import ComplementNB
    from sklearn.svm import LinearSVC
    from threadpoolctl import threadpool_limits

    newest = slice(-MOST_FOR_MARGINS, None)
    few = truth[newest] if len(set(truth[newest].tolist())) > 1 else truth
    found = []
    # Only now, for it reaches only libraries that are loaded.
    with threadpool_limits(limits=1):
        for learner in (
            LinearSVC(C=1.0, random_state=0, max_iter=2_000),
            RidgeClassifier(alpha=1.0, class_weight="balanced", solver="sparse_cg"),
        ):
            learner.fit(x[-len(few) :], few)
            weights, bias = learner.coef_, learner.intercept_
            if len(learner.classes_) == 2:
                weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
            found.append(matrices.spread(weights, bias, learner.classes_, classes))
        bayes = ComplementNB(alpha=0.03).fit(x, truth)
    logs = bayes.feature_log_prob_ - bayes.feature_log_prob_.mean(axis=0)
    return [*found, matrices.spread(logs, np.zeros(len(logs)), bayes.classes_, classes)]


def save(model: TextModel) -> bytes:
    """Return the model as bytes that carry no code: arrays, words and figures."""
    heads = {
        name: {"labels": head.labels, "sharpness": head.sharpness, "rows": head.rows, "figures": head.figures}
        for name, head in model.heads.items()
    }
    about = {"format": FORMAT, "sizes": model.sizes, "heads": heads}
    arrays = {
        "about": _bytes(json.dumps(about, ensure_ascii=False, sort_keys=True)),
        "vocabulary": _bytes("\n".join(model.vocabulary)),
        "idf": model.idf,
    }
    # In the order in which the questions stand in the sorted text above.
    for place, (_name, head) in enumerate(sorted(model.heads.items())):
        arrays |= {f"weights{place}": head.weights, f"bias{place}": head.bias}
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def _bytes(text: str) -> Array:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def load(content: bytes, *, digest: str) -> TextModel:
    """Return the model in `content`. Raises Broken unless it has this digest (`digest_of`) and this format."""
    if digest_of(content) != digest:
        raise Broken("the digest differs")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes())
            if about["format"] != FORMAT:
                raise Broken("another format")
            words = arrays["vocabulary"].tobytes().decode().split("\n")
            heads = {
                name: Head(weights=arrays[f"weights{place}"], bias=arrays[f"bias{place}"], **known)
                for place, (name, known) in enumerate(about["heads"].items())
            }
            vocabulary = {word: place for place, word in enumerate(words)}
            return TextModel(vocabulary=vocabulary, idf=arrays["idf"], sizes=tuple(about["sizes"]), heads=heads)
    except (KeyError, ValueError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise Broken(str(error)) from error


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a model's bytes as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
