"""Prints what a command says: lines for people, or one JSON document."""

import json
from collections.abc import Callable

from netdesk.cli import plain
from netdesk.cli.plain import Plain


class Printer:
    """Prints rows as lines, or as one JSON document."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def rows(self, rows: list[Plain], line: Callable[[Plain], str] = plain.as_line) -> None:
        """Print a list."""
        if self.as_json:
            self.document(rows)
        else:
            print("\n".join(line(row) for row in rows) if rows else "nothing")

    def document(self, value: object) -> None:
        """Print one JSON document."""
        print(json.dumps(value, ensure_ascii=False, indent=1))

    def said(self, text: str, **facts: object) -> None:
        """Print what was done."""
        if self.as_json:
            self.document({"done": text, **facts})
        else:
            print(text)
