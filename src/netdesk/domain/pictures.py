"""Pictures: PNG and JPEG only, their size read from the file's own header before anything is decoded."""

import struct
from typing import Final

from netdesk.domain.errors import Unreadable

BYTES_LIMIT: Final = 512 * 1024
SIDE_LIMIT: Final = 2_048
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        length = struct.unpack(">H", content[at + 2 : at + 4])[0]
        if length < 2:
            return None
        at += 2 + length
    return None


def picture_size(content: bytes) -> tuple[str, int, int] | None:
    """The kind (png, jpeg), width and height in pixels that the header tells; None when it is neither or cannot be read.

    Source: PNG (ISO/IEC 15948) §11.2.2 IHDR; JPEG (ITU-T T.81) §B.2.2 frame header.
    """
    if content.startswith(_PNG):
        if len(content) < 33 or content[12:16] != b"IHDR":
            return None
        width, height = struct.unpack(">II", content[16:24])
        return "png", width, height
    if content.startswith(b"\xff\xd8"):
        found = _jpeg_size(content)
        return ("jpeg", *found) if found else None
    return None


def fit_to_decode(content: bytes) -> str:
    """The kind of a picture that may be decoded (png, jpeg); empty for one that is too large, of another kind, or broken."""
    if not content or len(content) > BYTES_LIMIT:
        return ""
    found = picture_size(content)
    if found is None or not (0 < found[1] <= SIDE_LIMIT and 0 < found[2] <= SIDE_LIMIT):
        return ""
    return found[0]


def check_picture(content: bytes) -> None:
    """Raise Unreadable with the reason when a picture cannot be used."""
    if len(content) > BYTES_LIMIT:
        raise Unreadable("picture too large")
    found = picture_size(content)
    if found is None:
        raise Unreadable("picture kind")
    if not fit_to_decode(content):
        raise Unreadable("picture too large")
