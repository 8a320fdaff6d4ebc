"""Asks somebody who removes the one-file form whether the data goes too."""

from pathlib import Path

from netdesk.ui.parts import SHEET, PlainLabel, Sheet, button, column, row


class RemovalDialog(Sheet):
    """`answer` is `program`, `all`, or empty when nothing is to be removed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(None, "Remove NetDesk", 660)
        self.answer = ""
        keep = button("Remove the program", lambda: self._say("program"), "main")
        keep.setDefault(True)
        self.setLayout(
            column(
                PlainLabel("Remove NetDesk from this computer?", "title"),
                PlainLabel(
                    f"Your desk, its backups and the sample lie in {folder} and beside it. They stay, unless you remove them too.",
                    wraps=True,
                ),
                PlainLabel("What was removed with the data cannot be brought back.", "dim", wraps=True),
                row(
                    button("Cancel", self.reject), None, button("Remove the program and my data", lambda: self._say("all"), "danger"), keep
                ),
                gap=12,
                margins=SHEET,
            )
        )

    def _say(self, word: str) -> None:
        self.answer = word
        self.accept()
