"""The owner's profile as somebody else sees it, from the rules that are enforced, and checked with what the server really holds."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from netdesk.domain.cards import SeenAs
from netdesk.domain.errors import NetDeskError
from netdesk.domain.people import FIELDS, Account, Profile, Relation
from netdesk.ui import sections
from netdesk.ui.bridge import Bridge
from netdesk.ui.parts import Card, PlainLabel, Scroll, button, clear, column, row
from netdesk.ui.texts.choices import FIELDS as FIELD_NAMES
from netdesk.ui.texts.choices import RELATIONS, seen
from netdesk.ui.texts.errors import sentence
from netdesk.ui.texts.evidence import Line
from netdesk.ui.texts.times import joined
from netdesk.ui.theme import Theme

Now = Callable[[], datetime]


class SeenDialog(QDialog):
    """Shows the profile as a stranger, a pending person, a connection, somebody blocked."""

    def __init__(self, parent: QWidget, bridge: Bridge, theme: Theme, now: Now, account: Account, relation: Relation) -> None:
        super().__init__(parent.window())
        self._bridge = bridge
        self._theme = theme
        self._now = now
        self._account = account
        self._address = account.address
        self._shown: SeenAs | None = None
        self._check = QWidget()
        self._check.setLayout(column(gap=4))
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
        self.setLayout(column(choices, Scroll(self._card), self._check, row(None, close), gap=12, margins=QMargins(14, 14, 14, 14)))
        bridge.run(partial(bridge.do.privacy.see_as, account.id, relation), self._show)

    def _show(self, found: SeenAs) -> None:
        clear(self._body)
        self._ask_server(found)
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

    # what the server holds

    def _ask_server(self, found: SeenAs) -> None:
        """Read back from the server what it holds for them: what is chosen here counts only when it is so there."""
        self._shown = found
        if found.relation is Relation.BLOCKED:
            self._say()
        elif not found.told:
            self._say(Line("•", "Your server does not know of this yet; it is told as soon as it can be."))
        else:
            self._say(Line("•", "Asking your server what it holds…"))
            job = partial(self._bridge.desk.servers.seen_by, self._account.id, found.relation)
            self._bridge.run_apart(job, partial(self._compare, found), self._not_asked)

    def _compare(self, found: SeenAs, held: Profile) -> None:
        if found is not self._shown:
            return
        other = [FIELD_NAMES[name] for name in FIELDS if getattr(held, name) != getattr(found.profile, name)]
        if not other:
            self._say(Line("✓", "Read back from your server just now: it holds exactly this for them."))
            return
        self._say(Line("!", f"Your server holds something else for them: {joined(other, 4).lower()}."))
        publish = partial(self._bridge.do.profile.publish_again, self._account.id)
        again = button(
            "Publish it again", lambda: self._bridge.run(publish, lambda _: self._say(Line("•", "It is being published."))), "link"
        )
        self._lines().addLayout(row(22, again, None))

    def _not_asked(self, error: NetDeskError) -> None:
        self._say(Line("•", f"Your server could not be asked. {sentence(error, self._now())}"))

    def _lines(self) -> QVBoxLayout:
        layout = self._check.layout()
        assert isinstance(layout, QVBoxLayout)
        return layout

    def _say(self, *lines: Line) -> None:
        clear(self._lines())
        for one in lines:
            self._lines().addLayout(sections.marked(one))
