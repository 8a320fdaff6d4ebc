"""Writes resources/unicode/confusables.json from the Unicode data inside ICU (UTS #39, skeleton of each single character).

Needs libicui18n (Debian: libicu72). Run it when a newer Unicode version is wanted: python3 scripts/make_confusables.py 72
"""

import ctypes
import json
import sys
from pathlib import Path


def main(icu: str) -> None:
    """Ask ICU for the skeleton of every assigned character and keep those that differ from the character itself."""
    library = ctypes.CDLL(f"libicui18n.so.{icu}")
    uc = ctypes.CDLL(f"libicuuc.so.{icu}")
    status = ctypes.c_int(0)
    opener = getattr(library, f"uspoof_open_{icu}")
    opener.restype = ctypes.c_void_p
    checker = ctypes.c_void_p(opener(ctypes.byref(status)))
    skeleton = getattr(library, f"uspoof_getSkeletonUTF8_{icu}")
    version = (ctypes.c_uint8 * 4)()
    getattr(uc, f"u_getUnicodeVersion_{icu}")(version)
    table: dict[str, str] = {}
    buffer = ctypes.create_string_buffer(256)
    for code in range(0x21, 0x110000):
        if 0xD800 <= code <= 0xDFFF or 0xE000 <= code <= 0xF8FF or code >= 0xF0000 or 0xAC00 <= code <= 0xD7A3:
            continue
        raw = chr(code).encode()
        status.value = 0
        size = skeleton(checker, 0, raw, len(raw), buffer, 256, ctypes.byref(status))
        if status.value > 0:
            continue
        result = buffer.raw[:size].decode()
        if result != chr(code):
            table[chr(code)] = result
    target = Path(__file__).resolve().parent.parent / "resources" / "unicode" / "confusables.json"
    document = {"unicode": ".".join(str(part) for part in version[:2]), "source": "Unicode UTS #39 confusables, by ICU", "map": table}
    target.write_text(json.dumps(document, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(table)} characters, Unicode {document['unicode']}, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "72")
