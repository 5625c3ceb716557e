"""What bytes are, judged by themselves and never by their name; photos without the place they were taken at."""

import io
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 2560  # pixels: enough to read a form on a photo, small enough for a slow line
MOST_PIXELS = 60_000_000  # a bigger one is no photo of a telephone
IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_OOXML = "application/vnd.openxmlformats-officedocument."
OFFICE = {
    "word/": _OOXML + "wordprocessingml.document",
    "xl/": _OOXML + "spreadsheetml.sheet",
    "ppt/": _OOXML + "presentationml.presentation",
}
ODF = {
    b"application/vnd.oasis.opendocument.text": "application/vnd.oasis.opendocument.text",
    b"application/vnd.oasis.opendocument.spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
    b"application/vnd.oasis.opendocument.presentation": "application/vnd.oasis.opendocument.presentation",
}
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    OFFICE["word/"]: ".docx",
    OFFICE["xl/"]: ".xlsx",
    OFFICE["ppt/"]: ".pptx",
    ODF[b"application/vnd.oasis.opendocument.text"]: ".odt",
    ODF[b"application/vnd.oasis.opendocument.spreadsheet"]: ".ods",
    ODF[b"application/vnd.oasis.opendocument.presentation"]: ".odp",
    "text/plain": ".txt",
}


@dataclass(frozen=True)
class Content:
    """What is to be kept: the bytes, their type, and the size of a picture."""

    data: bytes
    media_type: str
    width: int | None = None
    height: int | None = None

    @property
    def kind(self) -> str:
        """image | document"""
        return "image" if self.media_type.startswith("image/") else "document"


def recognise(data: bytes) -> Content | None:
    """The content to keep, or None when it is nothing an office attaches (programs, archives, pages, macros)."""
    if data.startswith(b"%PDF-"):
        return Content(data, "application/pdf")
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if (picture := _picture(data)) is not None:
        return picture
    return Content(data, "text/plain") if _is_text(data) else None


def _picture(data: bytes) -> Content | None:
    """The picture written anew: upright, not larger than needed, and without what the camera added (place, device)."""
    try:
        with Image.open(io.BytesIO(data), formats=list(IMAGES)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            kind, profile = opened.format, opened.info.get("icc_profile")
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            if kind == "JPEG" and upright.mode not in ("RGB", "L"):
                upright = upright.convert("RGB")
            # A new picture holds the pixels alone: no EXIF, no XMP, no comment, no embedded preview.
            bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
            if upright.mode == "P":
                bare.putpalette(upright.getpalette())
            out = io.BytesIO()
            bare.save(out, kind, **({"icc_profile": profile} if profile else {}), **_quality(kind))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return Content(out.getvalue(), IMAGES[kind], *bare.size)


def _quality(kind: str) -> dict:
    return {"optimize": True} if kind == "PNG" else {"quality": 85}


def _office(data: bytes) -> Content | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if any(name.endswith("vbaProject.bin") for name in names):
                return None  # macros
            if "[Content_Types].xml" in names:
                found = next((OFFICE[top] for top in OFFICE if any(n.startswith(top) for n in names)), None)
            elif "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                found = ODF.get(archive.read("mimetype").strip())
            else:
                found = None
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return None
    return Content(data, found) if found else None


def _is_text(data: bytes) -> bool:
    """Plain text: UTF-8 without control characters, and no page that a browser might run."""
    if not data or b"\x00" in data:
        return False
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    start = text[:1000].lstrip().lower()
    return not start.startswith(("<", "#!", "mz")) and all(
        c.isprintable() or c in "\r\n\t\f\u200b" for c in text[:5000]
    )
