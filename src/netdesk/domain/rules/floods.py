"""Floods: when strangers come by the dozen, those who say what the others say are taken together (threats: flood)."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from netdesk.domain.events import ArrivedRequest
from netdesk.domain.people import AccountId, Address
from netdesk.domain.rules import notes
from netdesk.domain.rules.numbers import FLOOD_ALIKE, FLOOD_COUNT, FLOOD_HEAVY, FLOOD_WINDOW


@dataclass(slots=True)
class _Flood:
    last: datetime
    count: int = 0
    prints: Counter[int] = field(default_factory=Counter)
    leader: int | None = None
    earlier: dict[Address, tuple[int, ...]] = field(default_factory=dict)


class Floods:
    """What came lately, by account. A flood begins with more than FLOOD_COUNT strangers, each within a minute of the one before, and ends when
    none came for a minute.

    Taken together are those without a note or with a stock phrase, as long as they arrive live (at a login old requests wait that came over
    years), and those whose note shares words with FLOOD_ALIKE others. A note of one's own is looked at by itself, but not when more than
    FLOOD_HEAVY have come live: notes can be varied, and thousands of rows would be read by nobody.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._of: dict[AccountId, _Flood] = {}

    def sort(
        self, account: AccountId, requests: Sequence[ArrivedRequest], strangers: set[Address], *, snapshot: bool
    ) -> tuple[list[ArrivedRequest], list[ArrivedRequest]]:
        """Which requests are looked at one by one, and which are taken together."""
        now = self._clock()
        flood = self._of.get(account)
        if flood is None or now - flood.last > FLOOD_WINDOW:
            flood = self._of[account] = _Flood(now)
        single: list[ArrivedRequest] = []
        alike: list[ArrivedRequest] = []
        seen: set[Address] = set()
        for request in requests:
            if request.address not in strangers or request.address in seen:
                single.append(request)
                continue
            seen.add(request.address)
            flood.count += 1
            flood.last = now
            prints = notes.fingerprints(request.note)
            flood.prints.update(prints)
            empty = not snapshot and (not prints or notes.is_generic(request.note))
            heavy = not snapshot and flood.count > FLOOD_HEAVY
            if flood.count > FLOOD_COUNT and (heavy or empty or _known(flood, prints)):
                alike.append(request)
            else:
                single.append(request)
                flood.earlier[request.address] = () if empty else prints or _NO_NOTE
        return single, alike

    def begun_with(self, account: AccountId) -> list[Address]:
        """Those of this flood who came before it was known to be one, and are like the others."""
        flood = self._of[account]
        return [one for one, prints in flood.earlier.items() if not prints or _known(flood, prints)]

    def leader(self, account: AccountId) -> int | None:
        """The id of the request under which the flood of this account stands."""
        flood = self._of.get(account)
        return flood.leader if flood is not None else None

    def led_by(self, account: AccountId, number: int) -> None:
        """The flood of this account stands under this request."""
        self._of[account].leader = number


_NO_NOTE: Final = (-1,)  # no fingerprint is negative


def _known(flood: _Flood, prints: tuple[int, ...]) -> bool:
    return any(flood.prints[one] > FLOOD_ALIKE for one in prints)
