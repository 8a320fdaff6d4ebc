"""Where an archive's files come from: a zip, a tar.gz, a folder, single files. Nothing is extracted, no link and no archive inside is followed.

Sizes that a directory claims are not believed: bytes are counted as they are read. Limits are far beyond any real export.
"""

import gzip
import io
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from netdesk.domain.errors import Unreadable

ENTRIES: Final = 200_000
FILE_LIMIT: Final = 200_000_000  # bytes of one list
TOTAL_LIMIT: Final = 500_000_000  # bytes read of all
RATIO: Final = 200  # unpacked to packed, of what is larger than
RATIO_ABOVE: Final = 10_000_000
CHUNK: Final = 1 << 18
_KEPT_OF_TAR: Final = 64_000_000
_NAME_LIMIT: Final = 1_000
_EXTENSIONS: Final = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
_READ: Final = (".json", ".js", ".csv", ".html", ".htm", ".car", ".txt")
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_GZIP: Final = b"\x1f\x8b"


class Budget:
    """What may still be read, and whether the owner has stopped it: `check` raises Cancelled then."""

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        self.check = check
        self.left = TOTAL_LIMIT

    def take(self, count: int, name: str) -> None:
        """So many bytes were read. Raises Unreadable when it is too much, Cancelled when it is to stop."""
        self.check()
        self.left -= count
        if self.left < 0:
            raise Unreadable("archive too large", detail=name)


@dataclass(frozen=True)
class Entry:
    """One file of an archive. `name` is its path in it, with `/`; `packed` the bytes it takes there, 0 when it is not packed."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]
    packed: int = 0
    given: bool = False  # the owner chose this very file

    @property
    def base(self) -> str:
        """The last part of the path."""
        return self.name.rpartition("/")[2]

    @property
    def folders(self) -> tuple[str, ...]:
        """The parts before it, in lower case."""
        return tuple(self.name.lower().split("/")[:-1])

    def chunks(self, budget: Budget) -> Iterator[bytes]:
        """The content. Raises Unreadable when it is damaged or too large."""
        if self.size > FILE_LIMIT or (self.packed and self.size > RATIO_ABOVE and self.size > RATIO * self.packed):
            raise Unreadable("archive too large", detail=self.base)
        read = 0
        with damage(self.base), self.open() as source:
            while chunk := source.read(CHUNK):
                read += len(chunk)
                budget.take(len(chunk), self.base)
                if read > FILE_LIMIT or (self.packed and read > RATIO_ABOVE and read > RATIO * self.packed):
                    raise Unreadable("archive too large", detail=self.base)
                yield chunk

    def whole(self, budget: Budget, most: int) -> bytes:
        """All of a small file; raises Unreadable when it is larger."""
        kept = bytearray()
        for chunk in self.chunks(budget):
            kept += chunk
            if len(kept) > most:
                raise Unreadable("archive too large", detail=self.base)
        return bytes(kept)


@contextmanager
def damage(name: str) -> Iterator[None]:
    """What zipfile and its like raise for what is broken, in one sentence."""
    try:
        yield
    except NotImplementedError as error:
        raise Unreadable("archive packed unknown", detail=name) from error
    except RuntimeError as error:  # zipfile says so of a password, and of nothing else
        raise Unreadable("archive password", detail=name) from error
    except (zipfile.BadZipFile, zlib.error, tarfile.TarError, gzip.BadGzipFile, EOFError, UnicodeError, ValueError, OverflowError) as error:
        raise Unreadable("archive damaged", detail=name) from error
    except OSError as error:
        raise Unreadable("file unreadable", detail=name) from error


class Container:
    """The files of some paths, given together. Use it as a context: it holds archives open."""

    def __init__(self, paths: Sequence[Path], budget: Budget) -> None:
        self._paths = paths
        self._budget = budget
        self._stack = ExitStack()
        self.entries: list[Entry] = []
        self.zips_inside = 0

    def __enter__(self) -> "Container":
        try:
            for path in self._paths:
                with damage(path.name):
                    self._add(path)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_found: object) -> None:
        self._stack.close()

    def _add(self, path: Path) -> None:
        if path.is_dir():
            self._add_folder(path)
            return
        if not path.is_file():
            raise Unreadable("no such file", detail=path.name)
        size = path.stat().st_size
        if size == 0:
            raise Unreadable("file empty", detail=path.name)
        with path.open("rb") as source:
            head = source.read(4)
        if head in (_ZIP, _EMPTY_ZIP):
            self._add_zip(path)
        elif head[:2] == _GZIP:
            self._add_tar(path)
        elif path.suffix.lower() == ".zip":
            raise Unreadable("archive damaged", detail=path.name)
        else:
            self._keep(Entry(path.name, size, lambda: path.open("rb"), given=True))

    def _keep(self, entry: Entry) -> None:
        self._budget.check()
        if len(self.entries) >= ENTRIES:
            raise Unreadable("archive too large", detail=entry.base)
        if entry.base.lower().endswith(".zip"):
            self.zips_inside += 1
        if entry.base.lower().endswith(_READ) or "." not in entry.base:
            self.entries.append(entry)

    def _add_folder(self, root: Path) -> None:
        for folder, folders, files in os.walk(root, followlinks=False):
            folders[:] = sorted(one for one in folders if not (Path(folder) / one).is_symlink())
            for one in sorted(files):
                path = Path(folder) / one
                name = cleaned(str(path.relative_to(root)).replace(os.sep, "/"))
                if not name or path.is_symlink() or not path.is_file():
                    continue
                if Path(folder) == root and path.name.lower().endswith((".zip", ".tar.gz", ".tgz")) and path.stat().st_size:
                    with damage(path.name):
                        self._add(path)  # several parts in one folder
                else:
                    self._keep(Entry(name, path.stat().st_size, lambda path=path: path.open("rb")))  # type: ignore[misc]

    def _add_zip(self, path: Path) -> None:
        archive = self._stack.enter_context(zipfile.ZipFile(path))
        infos = archive.infolist()
        if len(infos) > ENTRIES:
            raise Unreadable("archive too large", detail=path.name)
        if not infos:
            raise Unreadable("file empty", detail=path.name)
        latest: dict[str, Entry] = {}  # of entries with one name the last counts, as for programs that unpack
        for info in infos:
            self._budget.check()
            name = cleaned(info.filename)
            if name and not info.is_dir() and not _is_link(info):
                latest.pop(name.casefold(), None)
                latest[name.casefold()] = Entry(name, info.file_size, lambda info=info: archive.open(info), max(info.compress_size, 1))  # type: ignore[misc]
        for entry in latest.values():
            self._keep(entry)

    def _add_tar(self, path: Path) -> None:
        """Read once from end to end, as a stream; small files of the kinds that lists come in are kept."""
        kept = 0
        with path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as unpacked:
            counted = _Counted(unpacked, path.stat().st_size, self._budget.check, path.name)
            with tarfile.open(fileobj=counted, mode="r|", tarinfo=_Member) as archive:
                for number, member in enumerate(archive):
                    archive.members = []  # type: ignore[attr-defined] # tarfile would keep all of them; typeshed does not know it
                    if number >= ENTRIES:
                        raise Unreadable("archive too large", detail=path.name)
                    name = cleaned(member.name)
                    if not name or not member.isfile() or not name.lower().endswith(_READ) or member.size > _KEPT_OF_TAR:
                        continue
                    source = archive.extractfile(member)
                    content = source.read() if source is not None else b""
                    kept += len(content)
                    if kept > _KEPT_OF_TAR:
                        raise Unreadable("archive too large", detail=path.name)
                    self._keep(Entry(name, len(content), lambda content=content: io.BytesIO(content)))  # type: ignore[misc]


class _Member(tarfile.TarInfo):
    """A member whose name or attributes, which tarfile reads whole, are no longer than any real one."""

    def _proc_member(self, archive: tarfile.TarFile) -> Any:
        if self.type in _EXTENSIONS and self.size > _NAME_LIMIT * 64:
            raise tarfile.ReadError("a name that is too long")
        return super()._proc_member(archive)  # type: ignore[misc] # in typeshed it is not


class _Counted(io.RawIOBase):
    """A stream that ends with an error when it unpacks to far more than it was."""

    def __init__(self, source: gzip.GzipFile, packed: int, check: Callable[[], None], name: str) -> None:
        super().__init__()
        self._source, self._packed, self._check, self._name = source, packed, check, name
        self._count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self._check()
        data = self._source.read(size)
        self._count += len(data)
        if self._count > RATIO_ABOVE and self._count > RATIO * self._packed:
            raise Unreadable("archive too large", detail=self._name)
        return data


def _is_link(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 16) & 0o170000 == 0o120000


def cleaned(name: str) -> str:
    """The path of an entry with `/`; empty for what is no part of an export: a path that leads out, and what systems leave behind."""
    parts = [part for part in name.replace("\\", "/").split("/") if part != "."]
    if not parts or len(name) > _NAME_LIMIT or any(part in ("", "..") or ":" in part for part in parts):
        return ""
    if parts[0] == "__MACOSX" or parts[-1].startswith("._") or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini"):
        return ""
    return "/".join(parts)
