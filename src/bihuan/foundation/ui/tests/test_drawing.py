import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.ui import charts, drawing

shares = st.floats(-1, 50, allow_nan=False)
texts = st.text(max_size=20)


def drawn(markup: str) -> ET.Element:
    assert "style=" not in markup
    assert "data:" not in markup
    return ET.fromstring(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", markup))


@given(share=shares, marks=st.lists(st.floats(0.05, 3), max_size=8), full=st.booleans())
def test_bars_stay_inside_their_box(share, marks, full):
    root = drawn(drawing.bar(share, tone="red", marks=marks, full=full))
    width = float(root.get("viewBox").split()[2])
    for rect in root.iter("rect"):
        assert float(rect.get("x", 0)) + float(rect.get("width")) <= width + 0.01


def test_a_bar_has_a_notch_at_every_threshold():
    root = drawn(drawing.bar(0.7, tone="yellow", marks=(0.5, 0.75, 1, 1.5)))
    assert root.find("path[@class='nt']").get("d") == "M50 0V10M75 0V10M150 0V10"
    assert float(root.get("viewBox").split()[2]) == 160


def test_only_the_part_over_the_limit_is_hatched():
    classes = [rect.get("class") for rect in drawn(drawing.bar(1.12, tone="red")).iter("rect")]
    assert classes[:4] == ["trk", "val", "edge", "ov"]
    assert "ov" not in [rect.get("class") for rect in drawn(drawing.bar(1.0, tone="red")).iter("rect")]


def test_all_bars_of_a_list_share_one_scale():
    boxes = {drawn(drawing.bar(share, tone="green", marks=(0.6, 0.8))).get("viewBox") for share in (0, 0.4, 1, 9)}
    assert len(boxes) == 1


@given(done=st.integers(-2, 20), total=st.integers(1, 12), text=texts)
def test_rings_have_one_arc_a_step(done, total, text):
    root = drawn(drawing.ring(done, total=total, text=text))
    classes = [path.get("class") for path in root.iter("path")]
    assert len(classes) == total
    assert classes.count("d") == max(0, min(done, total))
    assert classes.count("c") == (0 <= done < total)


@given(parts=st.lists(st.tuples(st.floats(0, 1e6), st.sampled_from(["is-red", "is-blue", "k1"])), max_size=8))
def test_stacks_fill_exactly_the_width(parts):
    root = drawn(drawing.stack(parts))
    assert all(float(rect.get("x")) + float(rect.get("width")) <= 100.5 for rect in root.iter("rect"))


@given(values=st.lists(st.floats(-1e6, 1e6), max_size=24), target=st.none() | st.floats(-1e6, 1e6))
def test_sparklines_take_any_numbers(values, target):
    markup = drawing.sparkline(values, target=target)
    assert markup == "" if len(values) < 2 else drawn(markup) is not None


@given(words=texts)
def test_texts_are_escaped(words):
    drawn(drawing.watermark(words))
    drawn(drawing.bar(0.5, tone="red", label=words or "x"))
    drawn(drawing.scale([(0.6, words, words)], start=words))


def test_no_markup_from_texts():
    hostile = '"><script>alert(1)</script>'
    bones = [charts.Bone(name=hostile, causes=[charts.Cause(name=hostile, count=1)])]
    for markup in (
        drawing.ring(1, text=hostile, label=hostile),
        drawing.watermark(hostile),
        charts.fishbone(bones, head=(hostile,), label=hostile),
        charts.trend((hostile,), [charts.Series(name=hostile, values=(1,))], label=hostile),
    ):
        assert "<script" not in drawn(markup).tag + markup


@given(
    values=st.lists(st.integers(0, 10**7), min_size=1, max_size=40),
    columns=st.none() | st.lists(st.integers(0, 500), min_size=40, max_size=40),
)
def test_time_series_have_round_grid_lines(values, columns):
    series = charts.Series(name="n", values=columns[: len(values)]) if columns else None
    root = drawn(
        charts.trend([str(i) for i in range(len(values))], [charts.Series(name="a", values=values)], columns=series)
    )
    labels = [text.text for text in root.iter("text") if text.get("text-anchor") == "end"]
    assert 2 <= len(labels) <= 5
    assert int(labels[-1]) >= max(values)
    # Never more labels below than can be read.
    assert len([t for t in root.iter("text") if t.get("y") in {"272", "282"}]) <= 12


@pytest.mark.parametrize("count", [1, 2, 5, 6, 9])
def test_fishbones_take_any_number_of_bones(count):
    causes = [charts.Cause(name="一个相当长的原因名字写不下" * 3, count=40, stressed=True)] * 7
    root = drawn(charts.fishbone([charts.Bone(name="流程", causes=causes)] * count, head=("64",), label="x"))
    assert len(root.findall("rect")) == count
    width, height = (float(n) for n in root.get("viewBox").split()[2:])
    assert all(0 < float(t.get("x")) < width and 0 < float(t.get("y")) < height for t in root.iter("text"))
