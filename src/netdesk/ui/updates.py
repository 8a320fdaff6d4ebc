"""Whether there is a newer NetDesk: asked when the owner presses the button, and at no other time. Loaded when it is needed."""

from functools import partial

from PySide6.QtCore import QMargins, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QWidget

import netdesk
from netdesk.domain.errors import NetDeskError
from netdesk.installed import form
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import SHEET, PlainLabel, Sheet, button, column, row
from netdesk.ui.texts.errors import sentence
from netdesk.ui.texts.program import UPDATED
from netdesk.updates import Offer, Place, look, shipped_place

SETTING = "updates"


class UpdatesDialog(Sheet):
    """Says where it would ask, asks, and says what came of it."""

    def __init__(self, parent: QWidget, bridge: Bridge) -> None:
        super().__init__(parent, "Updates", 540)
        self._bridge = bridge
        self._address = QLineEdit()
        self._address.setPlaceholderText("https://")
        self._address.setAccessibleName("Address to ask at")
        self._key = QLineEdit()
        self._key.setAccessibleName("Public key of who signs there")
        self._key.setPlaceholderText("RW…, as minisign writes it")
        self._said = PlainLabel("", wraps=True, selectable=True)
        self._notes = PlainLabel("", "dim", wraps=True)
        self._go = button("Open the page", self._open_page)
        self._page = ""
        self._ask = button("Check now", self._check, "main")
        self._ask.setDefault(True)
        self._where = QWidget()
        self._where.setLayout(
            column(
                PlainLabel("Address", "small"), self._address, PlainLabel("Public key of who signs there", "small"), self._key,
                gap=8, margins=QMargins(),
            )
        )  # fmt: skip
        self._elsewhere = button("Ask somewhere else…", self._show_where, "link")
        for one in (self._where, self._said, self._notes, self._go):
            one.hide()
        self._address.textChanged.connect(self._look_at_fields)
        self._key.textChanged.connect(self._look_at_fields)
        self._look_at_fields()
        self.setLayout(
            column(
                PlainLabel("Updates", "title"),
                PlainLabel(
                    f"This is NetDesk {netdesk.__version__}. It never looks for a newer one by itself. When you press the button, it asks at the "
                    "address that you can see and change, tells nothing about you, and believes only what is signed.",
                    wraps=True,
                ),
                self._said,
                self._where,
                self._notes,
                row(self._elsewhere, self._go, None, button("Close", self.reject), self._ask),
                gap=8,
                margins=SHEET,
            )
        )
        bridge.run(partial(bridge.do.accounts.setting, SETTING, None), self._show_place)

    def _show_place(self, kept: object) -> None:
        shipped = shipped_place()
        place = Place(str(kept.get("address", "")), str(kept.get("key", ""))) if isinstance(kept, dict) else shipped
        self._address.setText(place.address)
        self._key.setText(place.key)
        self._look_at_fields()
        if not place.address:
            self._say("This NetDesk knows no place to ask. Look where you got it from for a newer one now and then.")
        else:
            self._show_where()

    def _show_where(self) -> None:
        self._elsewhere.hide()
        self._where.show()
        self.fit()
        self._address.setFocus()

    def _look_at_fields(self) -> None:
        self._ask.setEnabled(bool(self._address.text().strip() and self._key.text().strip()))

    def _check(self) -> None:
        place = Place(self._address.text().strip(), self._key.text().strip())
        do = self._bridge.do
        kept = {} if place == shipped_place() else {"address": place.address, "key": place.key}
        self._bridge.run(partial(do.accounts.remember, SETTING, kept or None))
        self._ask.setEnabled(False)
        self._notes.hide()
        self._go.hide()
        self._say("Asking…")
        self._bridge.run_apart(partial(look, place, netdesk.__version__), self._show, self._failed)

    def _show(self, offer: Offer | None) -> None:
        self._look_at_fields()
        if offer is None:
            self._say("This is the newest version.")
            return
        self._page = offer.page
        self._notes.setText("\n".join(f"• {one}" for one in offer.notes))
        self._notes.setVisible(bool(offer.notes))
        self._go.show()
        self._say(f"There is NetDesk {offer.version}, of {offer.released}. {UPDATED[form()]}")

    def _failed(self, error: NetDeskError) -> None:
        self._look_at_fields()
        self._say(sentence(error, self._bridge.desk.clock()))

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.show()
        self.fit()

    def _open_page(self) -> None:
        QDesktopServices.openUrl(QUrl(self._page))
