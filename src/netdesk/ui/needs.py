"""What sessions need of their owner: a password, a word about a new key; said once for each account and trouble."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from netdesk.domain.cards import AccountCard
from netdesk.domain.errors import Offline
from netdesk.domain.people import Account, domain_of
from netdesk.ui.notices import NoticeBand
from netdesk.ui.texts.errors import NEEDS_OWNER, sentence

_ACTS: Final = {"no password": "password", "wrong password": "password", "certificate changed": "trust"}


class Needs:
    """Says them on the band; `act` is what the owner may do about one, by the account."""

    def __init__(self, band: NoticeBand, now: Callable[[], datetime], act: Callable[[str, Account], object]) -> None:
        self._band = band
        self._now = now
        self._act = act
        self._said: set[tuple[int, str]] = set()

    def say(self, cards: Sequence[AccountCard]) -> None:
        """Say what is new."""
        waiting = {(int(one.account.id), one.trouble) for one in cards if not one.online and one.trouble in NEEDS_OWNER}
        for card in cards:
            if (int(card.account.id), card.trouble) in waiting - self._said:
                detail = card.account.address if card.trouble == "no password" else domain_of(card.account.address)
                act = _ACTS.get(card.trouble)
                look = partial(self._act, act, card.account) if act else None
                self._band.say(sentence(Offline(card.trouble, detail=detail), self._now()), look=look)
        self._said = waiting
