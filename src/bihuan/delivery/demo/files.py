"""Small valid files made in code: a photo (PNG), a letter (PDF), a list (text). Different for each number."""

import io
import struct
import zlib

NAMES = {"photo": "现场照片.png", "letter": "情况说明.pdf", "list": "明细.txt"}


def make(kind: str, number: int) -> tuple[str, io.BytesIO]:
    """Return (file name, content) of a photo, letter or list."""
    content = {"photo": _photo, "letter": _letter, "list": _list}[kind](number)
    return NAMES[kind], io.BytesIO(content)


def _photo(number: int) -> bytes:
    """A picture of 240 × 160: sky, a wall, a lamp post that stands somewhere else each time."""
    width, height, post = 240, 160, 30 + number * 37 % 180
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            if (abs(x - post) < 3 and y > 40) or (x - post) ** 2 + (y - 38) ** 2 < 60:
                rows += b"\x33\x38\x3d"
            elif y > 110:
                rows += bytes((140 - y // 4, 132 - y // 4, 120 - y // 4))
            else:
                rows += bytes((150 + y // 3, 175 + y // 4, 205))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _letter(number: int) -> bytes:
    """One page with a line of text in a font that every reader has."""
    line = f"Statement No. {number:04d} (demonstration)"
    stream = f"BT /F1 14 Tf 72 770 Td ({line}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    )
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for place, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (place, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _list(number: int) -> bytes:
    rows = [f"{place}\t{(number * 131 + place * 977) % 9000 + 1000}.00 元" for place in range(1, 9)]
    return ("\n".join(["序号\t金额", *rows]) + "\n").encode()
