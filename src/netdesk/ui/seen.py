"""The owner's profile as somebody else sees it, from the rules that are enforced."""

from functools import partial

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QDialog, QWidget

from netdesk.domain.cards import SeenAs
from netdesk.domain.people import Account, Relation
from netdesk.ui import sections
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import Card, PlainLabel, Scroll, button, clear, column, row
from netdesk.ui.texts.choices import RELATIONS, seen
from netdesk.ui.theme import Theme


class SeenDialog(QDialog):
    """Shows the profile as a stranger, a pending person, a connection, somebody blocked."""

    def __init__(self, parent: QWidget, bridge: Bridge, theme: Theme, account: Account, relation: Relation) -> None:
        super().__init__(parent.window())
        self._theme = theme
        self._address = account.address
        self.setWindowTitle("Your profile as others see it")
        self.resize(560, 520)
        self._card = Card(margin=22, gap=14)
        self._body = column(gap=14)
        self._card.body.addLayout(self._body)
        self._card.body.addStretch(1)
        choices = row(PlainLabel("Seen by", "small"), gap=6)
        for one in (Relation.STRANGER, Relation.PENDING_IN, Relation.FOLLOWER, Relation.CONNECTION, Relation.BLOCKED):
            made = button(RELATIONS[one], partial(bridge.run, partial(bridge.do.privacy.see_as, account.id, one), self._show))
            made.setProperty("chip", "plain")
            made.setCheckable(True)
            made.setAutoExclusive(True)
            made.setChecked(one is relation)
            choices.addWidget(made)
        choices.addStretch(1)
        close = button("Close", self.accept)
        close.setDefault(True)
        self.setLayout(column(choices, Scroll(self._card), row(None, close), gap=12, margins=QMargins(14, 14, 14, 14)))
        bridge.run(partial(bridge.do.privacy.see_as, account.id, relation), self._show)

    def _show(self, found: SeenAs) -> None:
        clear(self._body)
        profile = found.profile
        who = RELATIONS[found.relation]
        if not found.topics:
            self._body.addWidget(PlainLabel("Nothing", "name"))
            said = (
                "sees nothing of you: no name, no picture, no posts"
                if found.relation is Relation.BLOCKED
                else "sees nothing but your address"
            )
            self._body.addWidget(PlainLabel(f"{who} {said}.", "dim", wraps=True))
            return
        name = profile.name or "No name"
        self._body.addLayout(sections.head(self._theme, (name, self._address, profile.picture), profile.headline, [], None, ring=False))
        if profile.interests:
            self._body.addLayout(sections.interests(profile.interests, (), "Interests"))
        more = sections.about(profile)
        if more is not None:
            self._body.addLayout(more)
        others = seen(found.topics)
        self._body.addWidget(PlainLabel(others or "They see nothing else.", "dim", wraps=True))
