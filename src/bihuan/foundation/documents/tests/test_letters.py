"""A rendered letter is measured against GB/T 9704-2012: 10.1 (信函格式), 5.2, 7.2 and 7.3."""

import datetime as dt
import io
import zipfile

import docx
import pdfplumber
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.documents import letters, typesetting
from bihuan.foundation.documents.letter_pdf import _width as width_of

MM = 72 / 25.4
LONG = "请三日内办结，并将结果告知企业。" * 12


def sheet(paragraphs=("请三日内办结。",), **given):
    words = {
        "issuer": "澜川区人民政府督查室",
        "number": letters.number("澜督办", 2026, 8),
        "title": "关于限期办理丙类仓库扩建消防验收事项的督办通知",
        "addressee": "区住房和城乡建设局",
        "paragraphs": tuple(paragraphs),
        "date": dt.date(2026, 11, 6),
    }
    return letters.Sheet(**words | given)


def pages(one):
    with pdfplumber.open(io.BytesIO(letters.draw(one, "pdf"))) as opened:
        return [
            (page.extract_text_lines(return_chars=True), page.rects, page.width, page.height) for page in opened.pages
        ]


def mm(points):
    return round(points / MM, 1)


def line(lines, text):
    """The line that holds `text`, however far apart its signs stand."""
    return next(one for one in lines if text in one["text"].replace(" ", ""))


def signs(found):
    return [one for one in found["chars"] if one["text"].strip()]


class TestFirstPage:
    def test_the_sheet_is_a4_and_the_head_begins_30_mm_below_its_edge(self):
        ((lines, _rects, width, height),) = pages(sheet())
        assert (mm(width), mm(height)) == (210.0, 297.0)
        head = signs(lines[0])
        assert "".join(one["text"] for one in head) == "澜川区人民政府督查室"
        assert mm(min(one["top"] for one in head)) == pytest.approx(30, abs=0.1)
        assert {one["fontname"] for one in head} == {"FZXiaoBiaoSong-B05S"}
        assert {tuple(one["non_stroking_color"]) for one in head} == {(1, 0, 0)}
        assert mm((head[0]["x0"] + head[-1]["x1"]) / 2) == pytest.approx(105, abs=0.1)

    def test_a_red_double_line_lies_4_mm_below_the_head_and_another_20_mm_above_the_lower_edge(self):
        ((lines, rects, _width, height),) = pages(sheet())
        assert {tuple(one["non_stroking_color"]) for one in rects} == {(1, 0, 0)}
        upper = sorted((one for one in rects if one["top"] < height / 2), key=lambda one: one["top"])
        lower = sorted((one for one in rects if one["top"] > height / 2), key=lambda one: one["top"])
        head = max(one["bottom"] for one in signs(lines[0]))
        assert mm(upper[0]["top"] - head) == pytest.approx(4, abs=0.1)
        assert mm(height - lower[-1]["bottom"]) == pytest.approx(20, abs=0.1)
        assert [one["height"] > 1 for one in upper] == [True, False]
        assert [one["height"] > 1 for one in lower] == [False, True]
        for one in rects:
            assert mm(one["width"]) == 170.0
            assert mm((one["x0"] + one["x1"]) / 2) == 105.0

    def test_the_number_ends_at_the_right_edge_seven_eighths_of_a_sign_below_the_line(self):
        ((lines, rects, width, _height),) = pages(sheet())
        number = line(lines, "澜督办〔2026〕8号")
        assert mm(width - signs(number)[-1]["x1"]) == pytest.approx(26, abs=0.2)
        rule = max(one["bottom"] for one in rects if one["top"] < 200)
        assert number["top"] - rule == pytest.approx(16 * 7 / 8, abs=0.3)

    def test_title_and_addressee_stand_where_they_should(self):
        ((lines, *_rest),) = pages(sheet())
        number, title, to = (line(lines, words) for words in ("澜督办", "关于限期", "区住房和城乡建设局："))
        assert {(one["size"], one["fontname"]) for one in signs(title)} == {(22, "FZXiaoBiaoSong-B05S")}
        assert mm((title["x0"] + title["x1"]) / 2) == pytest.approx(105, abs=0.2)
        assert title["top"] - number["top"] == pytest.approx(3 * typesetting.PITCH, abs=0.5)
        assert mm(to["x0"]) == pytest.approx(28, abs=0.1)
        assert {(one["size"], one["fontname"]) for one in signs(to)} == {(16, "FangSong")}

    def test_it_has_no_page_number(self):
        ((lines, _rects, _width, height),) = pages(sheet())
        assert max(one["bottom"] for one in lines) < height - 35 * MM + 0.5


class TestText:
    def test_a_full_page_has_22_lines_of_28_signs_that_fill_the_area(self):
        _first, (lines, rects, width, height), *_rest = pages(sheet(["国" * 28 * 60]))
        text = [one for one in lines if "国" in one["text"]]
        assert len(text) == 22
        assert {len(signs(one)) for one in text} == {28}
        assert mm(text[0]["top"]) == pytest.approx(37, abs=0.1)
        assert mm(height - text[-1]["bottom"]) == pytest.approx(35, abs=0.1)
        assert mm(text[5]["x0"]) == pytest.approx(28, abs=0.1)
        assert mm(width - text[5]["x1"]) == pytest.approx(26, abs=0.2)
        between = text[1]["top"] - text[0]["bottom"]
        assert between == pytest.approx(16 * 7 / 8, abs=0.5)
        assert rects == []

    def test_paragraphs_are_set_in_two_signs_and_headings_have_their_faces(self):
        ((lines, *_rest),) = pages(sheet(["一、督办要求", "（一）时限", "请办结。一次讲清。"]))
        for words, face in (("一、督办要求", "SimHei"), ("（一）时限", "KaiTi"), ("请办结。", "FangSong")):
            found = line(lines, words)
            assert {one["fontname"] for one in signs(found)} == {face}
            assert found["x0"] / MM == pytest.approx(28 + 2 * 156 / 28, abs=0.2)

    def test_later_pages_are_numbered_7_mm_below_the_text_even_ones_left_odd_ones_right(self):
        found = pages(sheet([LONG] * 8))
        assert len(found) >= 3
        for place, (lines, _rects, width, height) in enumerate(found[1:3], start=2):
            number = line(lines, f"—{place}—")
            assert {round(one["size"], 6) for one in signs(number)} == {14}
            dash = signs(number)[0]
            middle = (dash["top"] + dash["bottom"]) / 2
            assert mm(middle - (height - 35 * MM)) == pytest.approx(7, abs=0.2)
            if place % 2:
                assert width - number["x1"] == pytest.approx(26 * MM + 14, abs=0.5)
            else:
                assert number["x0"] == pytest.approx(28 * MM + 14, abs=0.5)


class TestEnd:
    def test_the_date_keeps_four_signs_at_the_right_and_the_signature_is_centred_over_it(self):
        ((lines, _rects, width, _height),) = pages(sheet(["请办结。"], issuer="澜川区督查室"))
        date, text = line(lines, "2026年11月6日"), line(lines, "请办结。")
        signature = next(one for one in lines if one["text"] == "澜川区督查室" and one["top"] > text["top"])
        assert mm(width - date["x1"]) == pytest.approx(26 + 4 * 156 / 28, abs=0.2)
        assert (signature["x0"] + signature["x1"]) / 2 == pytest.approx((date["x0"] + date["x1"]) / 2, abs=0.5)
        seal_top = (signature["bottom"] + date["top"]) / 2 - 21 * MM
        assert 0 <= seal_top - text["bottom"] <= typesetting.PITCH

    @pytest.mark.parametrize("lines", range(1, 26))
    def test_the_signature_is_never_alone_on_its_page(self, lines):
        found = pages(sheet(["国" * 27] + ["国" * 26] * (lines - 1), copies="区司法局"))
        last = "".join(one["text"] for one in found[-1][0])
        assert "2026" in last
        assert last.count("国") >= min(lines, 2) * 26
        assert sum(text["text"].count("国") for page in found for text in page[0]) == 27 + 26 * (lines - 1)

    def test_copies_stand_in_the_last_line_of_the_area_one_sign_in(self):
        ((lines, _rects, _width, height),) = pages(sheet(copies="区纪委监委，区司法局"))
        copies = line(lines, "抄送：")
        assert {round(one["size"], 6) for one in signs(copies)} == {14}
        assert mm(height - copies["bottom"]) == pytest.approx(35, abs=0.1)
        assert copies["x0"] == pytest.approx(28 * MM + 14, abs=0.2)
        assert copies["text"].replace(" ", "").endswith("区司法局。")

    def test_many_copies_go_on_under_the_first_sign_after_the_colon_and_stay_inside_the_area(self):
        ((lines, _rects, width, height),) = pages(sheet(copies="，".join(f"区第{n}办公室" for n in "一二三四五六七八")))
        foot = [one for one in lines if one["top"] > height - 35 * MM - 60 and "办公室" in one["text"]]
        assert len(foot) == 2
        first, second = foot
        assert second["x0"] == pytest.approx(28 * MM + 4 * 14, abs=0.2)
        assert all(one["x1"] <= width - 26 * MM - 14 + 0.5 for one in foot)
        assert second["bottom"] > first["bottom"]

    def test_several_addressees_stand_in_one_line_above_the_text(self):
        together = letters.together(["区住房和城乡建设局", "区水利局"])
        ((lines, *_rest),) = pages(sheet(addressee=together))
        assert line(lines, "区住房和城乡建设局、区水利局：")["x0"] == pytest.approx(28 * MM, abs=0.2)

    @pytest.mark.parametrize("form", ["pdf", "docx"])
    def test_so_many_that_no_text_fits_stand_at_the_foot_above_the_copies(self, form):
        many = letters.together(f"区第{n}工作局及其下属各单位" for n in range(1, 50))
        one = sheet(["请办结。"] * 3, addressee=many, copies="区司法局")
        if form == "docx":
            told = [row.text for row in docx.Document(io.BytesIO(letters.draw(one, form))).paragraphs if row.text]
            assert [row[:3] for row in told[-2:]] == ["主送：", "抄送："]
            assert told[2] == "请办结。"
            return
        found = pages(one)
        first = "".join(row["text"] for row in found[0][0]).replace(" ", "")
        assert "请办结。" in first
        last = found[-1][0]
        to, copies = line(last, "主送："), line(last, "抄送：")
        assert to["top"] < copies["top"]
        assert to["x0"] == copies["x0"] == pytest.approx(28 * MM + 14, abs=0.2)


class TestWordFile:
    def made(self, **given):
        content = letters.draw(sheet(copies="区司法局", **given), "docx")
        return content, docx.Document(io.BytesIO(content))

    def test_it_has_the_margins_the_grid_and_the_words(self):
        _content, made = self.made()
        page = made.sections[0]
        assert [round(one.mm) for one in (page.page_width, page.page_height)] == [210, 297]
        sides = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
        assert [round(one.mm) for one in sides] == [37, 35, 28, 26]
        grid = page._sectPr.find(qn("w:docGrid"))
        lines = 225 * MM / (int(grid.get(qn("w:linePitch"))) / 20)
        cell = 16 + int(grid.get(qn("w:charSpace"))) / 4096
        assert (int(lines), int(156 * MM / cell + 0.01)) == (22, 28)
        told = [one.text for one in made.paragraphs if one.text]
        assert told[:3] == [
            "澜督办〔2026〕8号",
            "关于限期办理丙类仓库扩建消防验收事项的督办通知",
            "区住房和城乡建设局：",
        ]
        assert told[-3:] == ["澜川区人民政府督查室", "2026年11月6日", "抄送：区司法局。"]

    def test_head_and_lines_are_in_the_header_of_the_first_page_only(self):
        _content, made = self.made()
        page = made.sections[0]
        assert page.different_first_page_header_footer
        assert round(page.header_distance.mm) == 30
        header = page.first_page_header
        assert header.paragraphs[0].text == "澜川区人民政府督查室"
        anchors = header._element.findall(".//" + qn("wp:anchor"))
        widths = {round(int(one.find(qn("wp:extent")).get("cx")) / 36_000) for one in anchors}
        tops = [int(one.find(f"{qn('wp:positionV')}/{qn('wp:posOffset')}").text) / 36_000 for one in anchors]
        assert (len(anchors), widths) == (4, {170})
        assert tops[0] == pytest.approx(30 + 4 + typesetting.head_size("澜川区人民政府督查室") / MM, abs=0.1)
        bottom = tops[-1] + int(anchors[-1].find(qn("wp:extent")).get("cy")) / 36_000
        assert 297 - bottom == pytest.approx(20, abs=0.1)
        assert "PAGE" not in page.first_page_footer._element.xml
        assert "PAGE" in page.footer._element.xml
        assert "PAGE" in page.even_page_footer._element.xml


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_same_letter_is_the_same_file_and_holds_nothing_else(form):
    content = letters.draw(sheet(["a\x00b < & >"]), form)
    assert content == letters.draw(sheet(["a\x00b < & >"]), form)
    assert content != letters.draw(sheet(["b"]), form)
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert b"python-docx" not in archive.read("docProps/core.xml")


def test_a_number_is_written_as_the_standard_asks():
    assert letters.number("澜督办", 2026, 12) == "澜督办〔2026〕12号"


@given(st.text("国办（）“”，。、Ab1 -", min_size=0, max_size=120), st.integers(6, 28))
def test_lines_keep_all_signs_fit_and_never_begin_with_a_closing_mark(text, cells):
    room = cells * typesetting.CELL
    lines = typesetting.broken(text, room=room, first=room, width=width_of)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(one) <= room + 0.01 for one in lines)
