"""Pictures: only PNG and JPEG, their size read before decoding."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netdesk.domain.errors import Unreadable
from netdesk.domain.pictures import BYTES_LIMIT, check_picture, fit_to_decode, picture_size


def png(width: int, height: int, size: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + b"\0" * size


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\x00\x11\x08\x00\x40\x00\x30\x03" + b"\0" * 20


@pytest.mark.parametrize(
    ("content", "found"),
    [(png(64, 48), ("png", 64, 48)), (JPEG, ("jpeg", 48, 64)), (b"GIF89a" + b"\0" * 50, None), (b"<svg/>", None), (b"", None),
     (b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 40, None), (b"\xff\xd8" + b"\xff" * 40, None), (b"\x89PNG\r\n\x1a\n", None)],
)  # fmt: skip
def test_the_header_tells_kind_and_size(content: bytes, found: tuple[str, int, int] | None) -> None:
    assert picture_size(content) == found


@pytest.mark.parametrize(
    "content", [png(30_000, 30_000), png(0, 0), png(2_049, 10), png(10, 10, BYTES_LIMIT), b"<svg>", b"\xff\xd8\xff\xc0\0"]
)
def test_what_would_harm_is_not_decoded(content: bytes) -> None:
    assert fit_to_decode(content) == ""


@pytest.mark.parametrize(("content", "reason"), [(b"GIF89a" + b"\0" * 60, "picture kind"), (png(9_000, 10), "picture too large"),
                                                 (png(1, 1, BYTES_LIMIT), "picture too large")])  # fmt: skip
def test_the_owner_is_told_why(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        check_picture(content)


@given(st.binary(max_size=300))
def test_no_bytes_break_it(content: bytes) -> None:
    assert fit_to_decode(content) in {"", "png", "jpeg"}
    assert fit_to_decode(b"\xff\xd8" + content) in {"", "jpeg"}
    assert fit_to_decode(b"\x89PNG\r\n\x1a\n" + content) in {"", "png"}
