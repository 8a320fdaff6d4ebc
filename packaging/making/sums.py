"""Checksums of what was built."""

import hashlib
from pathlib import Path

from making.places import OUT, version

FILE = "SHA256SUMS"


def sum_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums() -> Path:
    """Write dist/SHA256SUMS, as `sha256sum -c` reads it, of all files of this version that are there."""
    target = OUT / FILE
    there = sorted(one for one in OUT.iterdir() if version() in one.name and one.suffix != ".minisig")
    target.write_text("".join(f"{sum_of(one)}  {one.name}\n" for one in there), "utf-8")
    return target
