"""The parts that NetDesk is made of, each with its licence: for the About window, read when somebody looks."""

import json
import platform
import sqlite3
import sys
from dataclasses import dataclass
from typing import Final

import netdesk
from netdesk.paths import resource

_WINDOWS_ONLY: Final = ("pywin32-ctypes",)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its version (empty where it has none of its own), its licence by SPDX's name, its page, and the licence's text."""

    name: str
    version: str
    licence: str
    page: str
    text: str


def parts(qt: str) -> list[Part]:
    """All parts, in the order of their names. `qt` is the version of Qt that runs; those of Python and SQLite are asked here."""
    found = json.loads(resource("licences/parts.json").read_text("utf-8"))
    running = {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version, "Qt": qt, "NetDesk": netdesk.__version__}
    texts = found["texts"]
    return [
        Part(one["name"], one["version"] or running.get(one["name"], ""), one["licence"], one["page"], texts.get(one["text"], ""))
        for one in found["parts"]
        if sys.platform == "win32" or one["name"] not in _WINDOWS_ONLY
    ]
