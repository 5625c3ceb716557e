"""Writes a small PDF whose text can be selected, without a font file: a reader needs only codes and their Unicode."""

_HEAD = "%PDF-1.4\n"


def pdf_of(pages: list[list[tuple[float, float, str]]], rules: list[tuple[float, float, float, float]] = ()) -> bytes:
    """A PDF; each page is a list of (x, y from the top, text), `rules` are lines drawn on every page."""
    letters = sorted({char for page in pages for _x, _y, text in page for char in text})
    codes = {char: number for number, char in enumerate(letters, 1)}
    objects = ["", "", _font(), _descendant(letters), _descriptor(), _stream(_to_unicode(codes))]
    kids = []
    for page in pages:
        drawn = "".join(_text(x, 842 - y, text, codes) for x, y, text in page)
        drawn += "".join(f"{x0} {842 - y0} m {x1} {842 - y1} l S\n" for x0, y0, x1, y1 in rules)
        objects.append(_stream(drawn))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _assembled(objects)


def _text(x: float, y: float, text: str, codes: dict[str, int]) -> str:
    return f"BT /F1 12 Tf {x} {y} Td <{''.join(f'{codes[char]:04X}' for char in text)}> Tj ET\n"


def _font() -> str:
    return (
        "<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [4 0 R] "
        "/ToUnicode 6 0 R >>"
    )


def _descendant(letters: list[str]) -> str:
    widths = " ".join(
        "0" if char == "\u0e31" or "\u0e34" <= char <= "\u0e3a" or "\u0e47" <= char <= "\u0e4e" else "500"
        for char in letters
    )
    return (
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        f"/Supplement 0 >> /FontDescriptor 5 0 R /DW 500 /W [1 [{widths}]] >>"
    )


def _descriptor() -> str:
    return (
        "<< /Type /FontDescriptor /FontName /Made /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 "
        "/Descent -200 /CapHeight 700 /StemV 80 >>"
    )


def _to_unicode(codes: dict[str, int]) -> str:
    rows = [f"<{code:04X}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items()]
    blocks = "".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n"
        for block in (rows[start : start + 100] for start in range(0, len(rows), 100))
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Made def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{blocks}endcmap end end"
    )


def _stream(content: str) -> str:
    return f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream"


def _assembled(objects: list[str]) -> bytes:
    body, places = _HEAD, []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{place:010d} 00000 n \n" for place in places
    )
    body += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return body.encode("latin-1")
