"""A bulletin as a document: a word-processing file (ISO/IEC 29500) laid out like an official paper (GB/T 9704)."""

import io
import zipfile
from xml.sax.saxutils import escape

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_TYPES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MEDIA_TYPE}.main+xml"/></Types>'
)
_RELATIONS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>'
)
# A4; top 37 mm, left 28 mm, text 156 × 225 mm (GB/T 9704-2012 §5.2), in twentieths of a point.
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1587" w:header="851" w:footer="992" w:gutter="0"/>'
    "</w:sectPr>"
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def document(*, text: str) -> bytes:
    """Return `text` as a document: its first line as the title, the others as body; the same bytes each time.

    Title 二号 (22 pt) centred, body 三号仿宋 (16 pt), 28 pt from line to line.
    """
    title, _newline, rest = text.partition("\n")
    lines = [_paragraph(title, font="SimSun", half_points=44, centred=True)]
    lines += [_paragraph(line, font="FangSong", half_points=32) for line in rest.splitlines()]
    body = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_MAIN}"><w:body>'
        f"{''.join(lines)}{_PAGE}</w:body></w:document>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", body),
        ):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content.encode())
    return packed.getvalue()


def _paragraph(text: str, *, font: str, half_points: int, centred: bool = False) -> str:
    # What XML cannot hold was never meant to be printed.
    clean = "".join(sign for sign in text if sign == "\t" or sign >= " ")
    place = '<w:jc w:val="center"/>' if centred else '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    fonts = f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}"/>'
    size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    return (
        f'<w:p><w:pPr><w:spacing w:line="560" w:lineRule="exact"/>{place}</w:pPr>'
        f"<w:r><w:rPr>{fonts}{'<w:b/>' if centred else ''}{size}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(clean)}</w:t></w:r></w:p>'
    )
