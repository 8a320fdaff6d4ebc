"""Exports of tests, packed in the fewest words."""

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from netdesk.archives.read import read_archives
from netdesk.domain.archive import Archive


def zipped(path: Path, **files: Any) -> Path:
    """A zip with these files, by their paths; what is no text or bytes becomes JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, written(content))
    return path


def tarred(path: Path, **files: Any) -> Path:
    """The same as a tar.gz."""
    with tarfile.open(path, "w:gz") as made:
        for name, content in files.items():
            data = written(content)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return path


def written(content: Any) -> bytes:
    """Bytes of a file."""
    if isinstance(content, bytes):
        return content
    return content.encode("utf-8") if isinstance(content, str) else json.dumps(content).encode("utf-8")


def mojibake(text: str) -> str:
    """Text as Meta writes it."""
    return text.encode("utf-8").decode("latin-1")


def only(*paths: Path) -> Archive:
    """The one archive in these."""
    (found,) = read_archives(paths)
    return found
