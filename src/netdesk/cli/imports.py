"""netdesk import: look at archives of other networks, bring them onto the desk, take an import back."""

import json
from pathlib import Path

from netdesk.cli.parser import Request
from netdesk.cli.printer import Printer
from netdesk.desk import Desk
from netdesk.domain.archive import Archive
from netdesk.domain.errors import Gone
from netdesk.ui.texts import archives


def import_archives(desk: Desk, request: Request, out: Printer) -> int:
    """Read what was given, and keep it unless it is a dry run; or take the latest import back."""
    if request.words["undo"]:
        latest = next(iter(desk.call(desk.do.imports.imports)), None)
        if latest is None:
            raise Gone("import")
        desk.call(desk.do.imports.take_back, latest.id)
        out.said(f"taken back: {latest.files}", files=latest.files)
        return 0
    paths: list[Path] = [one.expanduser() for one in request.words["paths"]]
    found = desk.read_archives(paths).result()
    for archive in found:
        if request.words["dry_run"]:
            _show(archive, out)
        else:
            _bring(desk, archive, paths, request, out)
    return 0


def _show(archive: Archive, out: Printer) -> None:
    """One object for each account, on a line of its own."""
    if out.as_json:
        print(json.dumps(archives.as_plain(archive), ensure_ascii=False))
    else:
        print("\n".join(archives.as_lines(archive)))


def _bring(desk: Desk, archive: Archive, paths: list[Path], request: Request, out: Printer) -> None:
    made, changed = desk.call(desk.do.imports.bring, archive, ", ".join(one.name for one in paths), older=request.words["older"])
    told = archives.changes(made.told) if changed else []
    said = "; ".join(told) or ("nothing that was not here" if not changed else "nothing new")
    out.said(f"{archives.title(archive)}: {said}", network=archive.network, told=dict(made.told) if changed else {},
             warnings=[archives.odd(one) for one in archive.oddities])  # fmt: skip
