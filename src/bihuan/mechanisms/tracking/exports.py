"""A bulletin as a document to file or to send."""

from bihuan.foundation.documents import papers

MEDIA_TYPE = papers.DOCX


def document(*, text: str) -> bytes:
    """Return `text` as a word-processing file: its first line as the title, the others as body."""
    title, _newline, rest = text.partition("\n")
    return papers.as_docx(papers.Paper(title=title, blocks=papers.texts(rest.splitlines())))
