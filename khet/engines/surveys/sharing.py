"""How a survey reaches people: its address, QR codes, sheets of codes."""

import io
from dataclasses import dataclass

import segno
from django.urls import reverse

from khet.kit.csv_files import csv_text


@dataclass(frozen=True)
class Slip:
    """A code to cut out."""

    code: str
    qr: str


def address(request, round) -> str:
    return request.build_absolute_uri(reverse("answer:form", args=[round.token]))


def qr(text: str, *, scale: int = 8) -> str:
    """A QR code as an SVG element in the colours of the page, quiet zone included."""
    drawing = segno.make(text, error="m", micro=False)
    return drawing.svg_inline(
        scale=scale, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )


def qr_png(text: str) -> bytes:
    """The QR code for a poster or a message."""
    content = io.BytesIO()
    segno.make(text, error="m", micro=False).save(content, kind="png", scale=16, border=4)
    return content.getvalue()


def slips(url: str, codes: list[str]) -> list[Slip]:
    """Codes with their QR. The code stands behind '#', which a browser keeps to itself: no log can hold it."""
    return [Slip(code, qr(f"{url}#{code}", scale=4)) for code in codes]


def codes_csv(url: str, codes: list[str]) -> str:
    return csv_text([["code", "link"], *([code, f"{url}#{code}"] for code in codes)])
