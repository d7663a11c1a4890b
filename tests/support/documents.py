"""Small documents made by hand for tests: PDF files byte by byte, office files with the libraries that write them."""

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence

LineSpec = tuple[str, float, float, float]
"""Text, left, bottom and font size, in points."""


def pdf(
    pages: Sequence[Sequence[LineSpec]],
    outline: Sequence[tuple[str, int]] = (),
    info: Mapping[str, str] | None = None,
) -> bytes:
    """A PDF with lines set in Helvetica at given places; ``outline`` holds titles and page indexes from 0."""
    objects: dict[int, bytes] = {
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    }
    kids = []
    for index, lines in enumerate(pages):
        page, content = 10 + 2 * index, 11 + 2 * index
        kids.append(b"%d 0 R" % page)
        stream = b"\n".join(
            b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET" % (size, left, bottom, _escaped(text))
            for text, left, bottom, size in lines
        )
        objects[page] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % content
        )
        objects[content] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
    catalog = b"<< /Type /Catalog /Pages 2 0 R"
    if outline:
        catalog += b" /Outlines 4 0 R"
        first = 10 + 2 * len(pages)
        last = first + len(outline) - 1
        objects[4] = b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (first, last, len(outline))
        for i, (title, target) in enumerate(outline):
            links = b" /Next %d 0 R" % (first + i + 1) if i + 1 < len(outline) else b""
            links += b" /Prev %d 0 R" % (first + i - 1) if i else b""
            objects[first + i] = b"<< /Title (%s) /Parent 4 0 R /Dest [%s /Fit]%s >>" % (
                _escaped(title),
                kids[target],
                links,
            )
    objects[1] = catalog + b" >>"
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects[5] = b"<< %s >>" % b" ".join(b"/%s (%s)" % (k.encode(), _escaped(v)) for k, v in (info or {}).items())
    return assemble_pdf(objects)


def assemble_pdf(objects: Mapping[int, bytes]) -> bytes:
    """Objects by number as a file; 1 is the catalogue, 5 (if any) the information about the document."""
    out = bytearray(b"%PDF-1.4\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    trailer = b" /Info 5 0 R" if 5 in objects else b""
    out += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, trailer, start)
    return bytes(out)


def paragraph(
    text: str, bottom: float = 700.0, left: float = 72.0, size: float = 11.0, gap: float = 1.25
) -> list[LineSpec]:
    """The lines of ``text``, one under the other from ``bottom`` down."""
    return [(line, left, bottom - i * size * gap, size) for i, line in enumerate(text.split("\n"))]


def with_part(office_file: bytes, name: str, content: bytes) -> bytes:
    """An office file with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office_file)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content)
    return out.getvalue()


def with_false_size(office_file: bytes, name: str, size: int) -> bytes:
    """An office file whose directory and local header say that a part unpacks to ``size`` bytes."""
    with zipfile.ZipFile(io.BytesIO(office_file)) as archive:
        true = archive.getinfo(name).file_size.to_bytes(4, "little")
        crc = archive.getinfo(name).CRC.to_bytes(4, "little")
    data = bytearray(office_file)
    at = data.find(crc)
    while at >= 0:
        if data[at + 8 : at + 12] == true:
            data[at + 8 : at + 12] = size.to_bytes(4, "little")
        at = data.find(crc, at + 4)
    return bytes(data)


def bomb_stream(size: int) -> bytes:
    """``size`` spaces, deflated, as a PDF content stream."""
    packed = zlib.compress(b" " * size, 9)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def small_docx(*lines: str) -> bytes:
    """A Word document: its first line is a heading, the others are paragraphs."""
    import docx

    document = docx.Document()
    document.add_heading(lines[0], 1)
    for line in lines[1:]:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def small_xlsx(rows: Sequence[Sequence[object]], title: str = "Sheet") -> bytes:
    """A workbook of one sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def small_pptx(*slides: str) -> bytes:
    """A presentation with one text on each slide."""
    import pptx

    deck = pptx.Presentation()
    for text in slides:
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = text
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()
