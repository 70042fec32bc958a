"""A paper comes out as a file that word processors and PDF readers open, with its words and nothing else."""

import io
import zipfile

import docx
import pytest

from bihuan.foundation.documents import papers

PAPER = papers.Paper(
    title="第 2 次联席会议纪要",
    under="HY-1",
    blocks=(
        papers.Block(kind="heading", text="一、议定事项"),
        *papers.texts(["区住建局牵头 < 5 个工作日 & 一次告知\x00"]),
        papers.Block(kind="table", rows=(("谁", "做什么"), ("区住建局", "出清单"))),
        papers.Block(kind="page"),
        papers.Block(kind="plain", text="尾"),
    ),
)


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_same_paper_is_the_same_file(form):
    assert papers.draw(PAPER, form) == papers.draw(PAPER, form)


def test_the_words_come_through_and_only_what_cannot_be_printed_is_left_out():
    content = papers.as_docx(PAPER)
    made = docx.Document(io.BytesIO(content))
    told = [one.text for one in made.paragraphs]
    assert told[:4] == ["第 2 次联席会议纪要", "HY-1", "一、议定事项", "区住建局牵头 < 5 个工作日 & 一次告知"]
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [
        ["谁", "做什么"],
        ["区住建局", "出清单"],
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert b"python-docx" not in archive.read("docProps/core.xml")


def test_the_pdf_has_two_pages_of_a4():
    content = papers.as_pdf(PAPER)
    assert content.startswith(b"%PDF-1.")
    assert content.count(b"/Type /Page\n") == 2
    assert b"595.27" in content
