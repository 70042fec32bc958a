import io
import zipfile

import pytest

from bihuan.foundation.directory import reading
from bihuan.foundation.kernel import errors


def read(content, filename="a.csv"):
    return list(reading.rows(io.BytesIO(content), filename=filename))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_usual_encodings_and_delimiters(encoding, delimiter):
    text = f"名称{delimiter}地址\r\n甲公司{delimiter}一路\r\n\r\n乙公司\r\n"
    assert read(text.encode(encoding)) == [
        (2, {"名称": "甲公司", "地址": "一路"}),
        (4, {"名称": "乙公司", "地址": ""}),
    ]


def test_quoted_lines_count_as_one():
    assert read(b'a,b\n"1\n2",3\n')[0] == (2, {"a": "1\n2", "b": "3"})


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04broken", b"\x80\x81\xff\xff"])
def test_what_cannot_be_read(content):
    with pytest.raises(errors.Invalid) as raised:
        read(content)
    assert raised.value.code == "file_invalid"


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        chunk = b"0" * (1 << 20)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry:
            for _ in range(10 * (reading.MAX_BYTES >> 20) + 1):
                entry.write(chunk)
    with pytest.raises(errors.TooLarge):
        read(content.getvalue(), "a.xlsx")


def test_a_file_that_is_too_long(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(errors.TooLarge):
        read(b"a,b\n1,2\n3,4\n")
