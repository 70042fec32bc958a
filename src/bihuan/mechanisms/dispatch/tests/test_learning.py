"""The text model: what it learns, that it is the same twice, and that nothing but its own file is loaded."""

import io
import random
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.dispatch.rules import learning, matrices, scoring, texts

from .samples import TOPICS, rows_of


def model_of(count: int = 90) -> learning.TextModel:
    rows, labels = rows_of(count)
    return learning.train(rows, {"label": labels, "nothing": [""] * count})


MODEL = model_of()


def test_learns_and_says_why():
    assert list(MODEL.heads) == ["label"]
    title, body = "反映公司拖欠工资", "三个月没有发工资，也没有签劳动合同"
    answer = MODEL.answer(title, body)["label"]
    assert (answer.label, answer.confidence > 0.8) == ("labour", True)
    assert "工资" in "".join(answer.reasons)
    assert all(piece in title or piece in body for piece in answer.reasons)


def test_figures_come_from_rows_held_back():
    chance = random.Random(3)
    rows, labels = rows_of(120)
    noise = [chance.choice(list(TOPICS)) for _ in labels]
    honest = learning.train(rows, {"label": labels}).heads["label"].figures
    blind = learning.train(rows, {"label": noise}).heads["label"].figures
    assert honest["macro_f1"] > 0.95
    # Labels by chance cannot be told for rows that were not learnt from; on learnt ones they could.
    assert blind["accuracy"] < 0.6
    assert honest["rows"] == 120


def test_same_rows_give_the_same_model_bit_for_bit():
    assert learning.save(model_of()) == learning.save(MODEL)


def test_saved_and_loaded_model_answers_alike():
    content = learning.save(MODEL)
    again = learning.load(content, digest=learning.digest_of(content))
    assert again.answer("司机拒载", "打不到车") == MODEL.answer("司机拒载", "打不到车")


def test_each_question_keeps_its_own_answers_in_a_saved_model():
    rows, labels = rows_of(60)
    two = ["work" if label == "labour" else "other" for label in labels]
    model = learning.train(rows, {"z": labels, "a": two})
    content = learning.save(model)
    again = learning.load(content, digest=learning.digest_of(content))
    assert {name: said.label for name, said in again.answer("拖欠工资", "").items()} == {"a": "work", "z": "labour"}


def _other_format() -> bytes:
    out = io.BytesIO()
    np.savez(out, about=np.frombuffer(b'{"format": "x"}', dtype=np.uint8))
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"\x80\x04N.", _other_format()], ids=range(4))
def test_what_is_no_model_is_refused(content):
    with pytest.raises(learning.Broken):
        learning.load(content, digest=learning.digest_of(content))


def test_a_changed_model_is_refused():
    content = learning.save(MODEL)
    assert zipfile.is_zipfile(io.BytesIO(content))
    with pytest.raises(learning.Broken):
        learning.load(content + b" ", digest=learning.digest_of(content))


@pytest.mark.parametrize(
    "labels",
    [[], ["a"] * 30, ["a"] * 7 + ["b"] * 2, [""] * 40, ["a"] * 29 + ["b"]],
    ids=["none", "one class", "too few", "unlabelled", "a class of one"],
)
def test_too_little_is_said(labels):
    with pytest.raises(learning.TooLittle):
        learning.train([("公交", "线路")] * len(labels), {"label": labels})


def test_two_classes_and_a_class_of_one_row_are_learnt():
    rows, labels = rows_of(60)
    two = ["labour" if label == "labour" else "other" for label in labels]
    assert learning.train(rows, {"q": two}).answer("拖欠工资", "")["q"].label == "labour"
    assert learning.train(rows, {"q": ["rare", *labels[1:]]}).answer("司机拒载", "")["q"].label == "transport"


def test_a_text_with_nothing_known_has_no_reasons():
    answer = MODEL.answer("", "")["label"]
    assert answer.reasons == ()
    assert 0 < answer.confidence < 1


@given(title=st.text(max_size=60), body=st.text(max_size=200))
def test_any_text_gets_chances(title, body):
    answer = MODEL.answer(title, body)["label"]
    assert answer.label in TOPICS
    assert 0.0 <= answer.confidence <= 1.0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), min_size=1, max_size=40))
def test_score_agrees_with_counting(pairs):
    score = scoring.score([true for true, _said in pairs], [said for _true, said in pairs])
    assert score.accuracy == sum(true == said for true, said in pairs) / len(pairs)
    for row in score.classes:
        hit = sum(true == said == row.label for true, said in pairs)
        said_so, truly = sum(said == row.label for _t, said in pairs), sum(true == row.label for true, _s in pairs)
        assert row.rows == truly
        assert row.f1 == pytest.approx(2 * hit / (said_so + truly))
    assert score.macro_f1 == pytest.approx(sum(row.f1 for row in score.classes) / len(score.classes))


def test_rows_weighed_some_at_a_time_are_the_same(monkeypatch):
    rows, _labels = rows_of(30)
    counted = matrices.count((texts.pieces(*row) for row in rows), len(rows))
    places = np.arange(len(rows))
    weights = matrices.idf(counted, places)
    kept = matrices.commonest(counted, weights, 40)
    whole = matrices.weigh(counted, weights, places)[:, kept]
    monkeypatch.setattr(matrices, "AT_A_TIME", 7)
    assert (matrices.weigh(counted, weights, places, kept) != whole).nnz == 0


def test_folds_give_every_class_its_share():
    truth = np.array([0] * 50 + [1] * 10 + [2] * 5)
    fold = matrices.folds(truth, 5)
    for code, count in enumerate((10, 2, 1)):
        assert [int(((fold == number) & (truth == code)).sum()) for number in range(5)] == [count] * 5


def test_terms_point_to_subjects():
    found = texts.pieces("公交", "")
    assert "公交" in found["tt"]
    assert "buses" in found["ts"]
    assert found["bt"] == {}
