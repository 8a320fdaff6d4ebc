"""What a crash leaves behind: a report in the data folder, for its owner to read, to shorten and to send by hand. Nobody else gets it."""

import contextlib
import faulthandler
import hashlib
import os
import platform
import re
import secrets
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

import netdesk
from netdesk.installed import form
from netdesk.paths import make_private, private_file

FOLDER: Final = "reports"
_RUNNING: Final = "crash.txt"  # written by the interpreter itself when it dies
_KEPT: Final = 5
_LONGEST: Final = 60_000
# A local part may hold all but these (RFC 7622 §3.3.1); a link has %40 for the @; behind the domain a resource to the end of its quotes or line.
_ADDRESS: Final = re.compile(r"(?<![^\s\"'<>@/:&=])([^\s\"'<>@/:&=%]{0,200})(?:@|%40)([^\s\"'<>@(),;/?&]{1,300})(/[^\"'<>\n]{0,1100})?")


class Watch:
    """From `begin` to `end` a death of the interpreter writes its stack into the data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: TextIO | None = None
        self._ours = False

    def begin(self) -> bool:
        """Turn what an earlier run left into a report, and watch this one; whether an earlier run had died. Where the folder cannot be
        written nothing is watched."""
        died = False
        with contextlib.suppress(OSError):
            path = make_private(self._folder) / _RUNNING
            left = path.read_text("utf-8", "replace") if path.exists() else ""
            if left.strip():
                write(self._folder, left)
                died = True
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8")
            if not faulthandler.is_enabled():  # whoever has it on already sees more on their own screen
                faulthandler.enable(self._file)
                self._ours = True
        return died

    def end(self) -> None:
        """All went well."""
        if self._file is not None:
            if self._ours:
                faulthandler.disable()
            self._file.close()
            self._file = None
            with contextlib.suppress(OSError):
                (self._folder / _RUNNING).unlink()


def words_of(error: BaseException) -> str:
    """What is reported of an exception that nobody expected."""
    return "".join(traceback.format_exception(error))


def write(folder: Path, text: str) -> Path:
    """Keep a report: what it ran on, and the text without addresses and the owner's folders. The five latest are kept.

    Raises OSError where it cannot be written.
    """
    reports = make_private(folder / FOLDER)
    now = datetime.now(UTC)
    path = reports / f"{now:%Y%m%d-%H%M%S-%f}.txt"
    head = (
        f"NetDesk {netdesk.__version__} ({form()}), Python {platform.python_version()}, {platform.system()} {platform.release()} {platform.machine()}\n"
        f"Written {now:%Y-%m-%d %H:%M} UTC\n\n"
    )
    with private_file(path) as file:
        file.write(head + redacted(text, (Path.home(), folder)))
    for old in kept(folder)[_KEPT:]:
        old.unlink(missing_ok=True)
    return path


def kept(folder: Path) -> list[Path]:
    """The reports that lie there, the latest first."""
    return sorted((folder / FOLDER).glob("*.txt"), reverse=True)


def redacted(text: str, folders: Iterable[Path]) -> str:
    """The text with each address as a number that means nothing outside this text, and with ~ for the owner's folders."""
    if len(text) > _LONGEST:  # what happened stands at the end of a traceback
        text = f"{text[: _LONGEST // 4]}\n…\n{text[-_LONGEST * 3 // 4 :]}"
    salt = secrets.token_bytes(16)
    names = {form for one in folders for form in (str(one), repr(str(one))[1:-1], ascii(str(one))[1:-1])}
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, "~")

    def hidden(found: "re.Match[str]") -> str:
        number = hashlib.blake2s(f"{found[1]}@{found[2]}".lower().encode(), key=salt, digest_size=3).hexdigest()
        return f"<address {number}>"

    return _ADDRESS.sub(hidden, text)
